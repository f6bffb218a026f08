"""The indicator block of a form (绩效指标), cells merged as the filing shares their values."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from jixiao.datum import Datum, plain
from jixiao.model import Evaluation, Indicator
from jixiao.publish.forms.cells import Cell, Row, goes_on, label, number, value, words
from jixiao.publish.forms.words import name_of, number_of, text_of

POINTS = "分"
#: Stands where nothing was filed and a blank would be read as the value of the row above.
_NOTHING = "—"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the indicator block: what it means, its heading, its width in millimetres."""

    meaning: str
    heading: str
    width: float


_COLUMNS = (
    Column("block", "绩效指标", 18),
    Column("category", "一级指标", 22),
    Column("subcategory", "二级指标", 26),
    Column("indicator", "三级指标", 57),
    Column("target", "年度指标值", 27),
    Column("achieved", "实际完成值", 27),
    Column("coefficient", "得分系数", 18),
    Column("points", "分值", 17),
    Column("score", "得分", 17),
    Column("review_score", "复核得分", 18),
    Column("deviation_reason", "偏差原因分析及改进措施", 46),
)


def columns_of(evaluation: Evaluation) -> tuple[Column, ...]:
    """Give the columns of the official form, and those that only some provinces have."""
    found = evaluation.indicators
    left_out = set()
    if not any(text_of(indicator.coefficient) for indicator in found):
        left_out.add("coefficient")
    if not any(_review(indicator) for indicator in found):
        left_out.add("review_score")
    return tuple(column for column in _COLUMNS if column.meaning not in left_out)


def indicator_rows(evaluation: Evaluation, columns: Sequence[Column]) -> Iterator[Row]:
    """Give the header and one row an indicator."""
    found = evaluation.indicators
    headings = (label(column.heading) for column in columns[1:])
    yield (label(columns[0].heading, rows=len(found) + 1), *headings)
    cells = _cells(found)
    for index in range(len(found)):
        yield tuple(cells[column.meaning][index] for column in columns)


def _cells(found: Sequence[Indicator]) -> dict[str, list[Cell]]:
    """The cells of each column, from top to bottom."""
    categories = _runs([_category(indicator) for indicator in found])
    subcategories = _runs([(_category(i), i.subcategory) for i in found])
    begins = [
        index == 0 or bool((span and _category(i)) or (below and i.subcategory))
        for index, (i, span, below) in enumerate(zip(found, categories, subcategories, strict=True))
    ]
    return {
        "block": [goes_on(is_label=True) for _ in found],
        "category": _merged([_category(i) for i in found], categories),
        "subcategory": _merged([i.subcategory for i in found], subcategories),
        "indicator": [words(name_of(i)) for i in found],
        "target": [value(text_of(i.target)) for i in found],
        "achieved": [value(text_of(i.achieved)) for i in found],
        "coefficient": [number(text_of(i.coefficient)) for i in found],
        "points": _shared(found, begins, lambda i: (i.points, i.points_shared_by)),
        "score": _shared(found, begins, lambda i: (i.score, i.score_shared_by)),
        "review_score": [number(_review(i)) for i in found],
        "deviation_reason": [words(text_of(i.deviation_reason)) for i in found],
    }


def _category(indicator: Indicator) -> str:
    """The category with its points as the form prints them: 产出指标（50分）, on two lines."""
    points = indicator.category_points
    if points is None or points.value is None:
        return indicator.category
    return f"{indicator.category}\n（{plain(points.value)}分）"


def _review(indicator: Indicator) -> str:
    return number_of(indicator.review_score, POINTS, indicator.source)


def _runs(keys: Sequence[Hashable]) -> list[int]:
    """Give for each row how many rows its merged cell covers, 0 where it goes on.

    >>> _runs(["产出", "产出", "效益"])
    [2, 0, 1]
    """
    spans: list[int] = []
    for _, members in groupby(keys):
        size = sum(1 for _ in members)
        spans += [size, *[0] * (size - 1)]
    return spans


def _merged(texts: Sequence[str], spans: Sequence[int]) -> list[Cell]:
    return [
        value(text, rows=span) if span else goes_on()
        for text, span in zip(texts, spans, strict=True)
    ]


def _shared(
    found: Sequence[Indicator],
    begins: Sequence[bool],
    of: Callable[[Indicator], tuple[Datum | None, int]],
) -> list[Cell]:
    """The cells of 分值 or 得分, merged over the indicators that share one value."""
    cells: list[Cell] = []
    while len(cells) < len(found):
        at = len(cells)
        datum, size = of(found[at])
        size = min(max(size, 1), len(found) - at)
        text = number_of(datum, POINTS, found[at].source)
        if not text and not begins[at]:
            text = _NOTHING
        cells += [number(text, rows=size), *[goes_on() for _ in range(size - 1)]]
    return cells
