"""The indicator block of a score table (绩效指标), merged cells resolved."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from jixiao.datum import Datum, Source, read_quantity
from jixiao.importers.cells import clean, filed_or_none, squeeze, without_ordinal
from jixiao.importers.forms import known_forms
from jixiao.importers.repeated import repeated_indicators
from jixiao.importers.rows import Row, rows_of
from jixiao.importers.tables import FormTable
from jixiao.importers.template import is_empty, is_subtotal
from jixiao.importers.warnings import category_from_kind, empty_rows
from jixiao.model import Filed, Indicator, Problem

_POINTS = re.compile(r"[（(]\s*([0-9０-９]{1,3}(?:[.．][0-9０-９]{1,2})?)\s*[分%％]?\s*[)）]")
_BARE_POINTS = re.compile(r"(?<=[\u4e00-\u9fff])([0-9]{1,3}(?:[.．][0-9]{1,2})?)分$")
_POINTS_BEHIND = re.compile(r"[（(]\s*([0-9]{1,3}(?:[.．][0-9]{1,2})?)\s*分\s*[)）]$")
#: … = 95.10%. and 预算完成率99.27%. are results; … × 100% is a formula.
_RESULT = re.compile(r"[=＝\u4e00-\u9fff]\s*(?P<rate>[0-9]+(?:\.[0-9]+)?[%％])\s*[.。;；]?$")
_EARNED = {"points": "分值", "score": "得分"}
_NO_UNIT = ("其他", "无", "/", "-", "—", "——", "定性", "文字描述")
#: What stands in the column of operators and compares nothing.
_NO_OPERATOR = re.compile("(?:定[性量]|[正反逆负]向?)(?:指标)?|其他|文字描述")


@dataclass(frozen=True, slots=True)
class _Line:
    """A row with the category and subcategory that hold for it, printed there or above."""

    row: Row
    category_name: str
    category_points: Datum | None
    subcategory: Source | None
    begins_group: bool


def read_indicators(table: FormTable, problems: list[Problem]) -> tuple[Indicator, ...]:
    """Read the indicators in order; a row without a name and without values is none.

    A blank 分值 or 得分 under a blank 二级指标 belongs to the row above (a vertical merge); where
    the document says which cells of the column are merged, those and no others do.
    """
    rows = [row for row in rows_of(table, "indicators", problems) if not is_subtotal(row)]
    empty = [row for row in rows if is_empty(row)]
    if unfilled := _unfilled(table, empty):
        problems.append(empty_rows(unfilled))
    lines = _with_categories(rows, problems)
    points = _shared(table, lines, "points", problems)
    scores = _shared(table, lines, "score", problems)
    indicators = tuple(
        _indicator(line, points[index], scores[index], problems) for index, line in enumerate(lines)
    )
    problems.extend(repeated_indicators(indicators))
    return indicators


def _unfilled(table: FormTable, rows: Iterable[Row]) -> list[Source]:
    """The rows that stand there with nothing filled in, not the one the document ends in."""
    return [row.name for row in rows if row.is_filled and not table.is_cut(row.cells)]


def _with_categories(rows: Iterable[Row], problems: list[Problem]) -> list[_Line]:
    lines: list[_Line] = []
    category: Source | None = None
    subcategory: Source | None = None
    name = ""
    points: Datum | None = None
    pending = False
    for row in rows:
        if row.text("category"):
            category, subcategory, pending = row.cell("category"), None, True
            name = _name_of(category, row.text("subcategory"), problems)
            points = _category_points(category) or _points_of_level(row, name, problems)
        if row.text("subcategory"):
            subcategory, pending = row.cell("subcategory"), True
        if not is_empty(row):
            lines.append(_Line(row, name, points, subcategory, pending or not lines))
            pending = False
    return lines


def _name_of(category: Source | None, subcategory: str, problems: list[Problem]) -> str:
    """The category's name; where only its points are left (50分), by what stands under it."""
    name = without_points(squeeze(category.text)) if category else ""
    if name or category is None:
        return name
    kind = squeeze(subcategory)
    found = [
        word for form in known_forms() for word, kinds in form.categories.items() if kind in kinds
    ]
    if len(found) != 1:
        return ""
    problems.append(category_from_kind(category, found[0], kind))
    return found[0]


def _shared(
    table: FormTable, lines: Sequence[_Line], meaning: str, problems: list[Problem]
) -> list[tuple[Datum | None, int]]:
    """Give for each row the value that stands on it, and how many rows share it."""
    label = _EARNED[meaning]
    merged = table.merged if _merges(table, meaning) else None
    firsts: list[int] = []
    for index, line in enumerate(lines):
        above = lines[firsts[-1]].row.text(meaning) if firsts else ""
        needs_value = bool(table.merged) and not above
        if not firsts or not _goes_on(line, meaning, merged, needs_value=needs_value):
            firsts.append(index)
    found: list[tuple[Datum | None, int]] = []
    for first, following in pairwise([*firsts, len(lines)]):
        size = following - first
        value = lines[first].row.earned(meaning, label, problems)
        found.append((value, size))
        found.extend([(None, size)] * (size - 1))
    return found


def _goes_on(
    line: _Line, meaning: str, merged: frozenset[Source] | None, *, needs_value: bool
) -> bool:
    """Whether the value of a row is that of the row above.

    A document that kept its cells says which are `merged`. Where it merges none of a column, a
    blank below a value of the same subcategory is shared too; a blank below a blank is missing.
    """
    cell = line.row.cell(meaning)
    if cell is None or clean(cell.text):
        return False
    if merged is not None:
        return cell in merged
    return not line.begins_group and not needs_value


def _merges(table: FormTable, meaning: str) -> bool:
    """Whether any cell of a column of the indicators is merged with the one above it."""
    return any(
        row[at] in table.merged
        for block in table.blocks
        if block.form.name == "indicators" and (at := block.columns().get(meaning)) is not None
        for row in block.rows
        if at < len(row)
    )


def _indicator(
    line: _Line,
    points: tuple[Datum | None, int],
    score: tuple[Datum | None, int],
    problems: list[Problem],
) -> Indicator:
    row = line.row
    source = row.cell("indicator") or row.name
    if row.cell("points") is None:
        points = (_points_of_name(source), 1)
    review = row.cell("review_score")
    return Indicator(
        category=line.category_name,
        category_points=line.category_points,
        subcategory=without_points(squeeze(line.subcategory.text)) if line.subcategory else "",
        indicator=Filed(without_ordinal(row.text("indicator")), source),
        target=_target(row, source),
        achieved=_achieved(row, source),
        points=points[0],
        points_shared_by=points[1],
        score=score[0],
        score_shared_by=score[1],
        coefficient=filed_or_none(row.cell("coefficient")),
        review_score=row.number("review_score", "复核得分", "分", problems) if review else None,
        deviation_reason=filed_or_none(row.cell("deviation_reason")),
        source=source,
    )


def _target(row: Row, source: Source) -> Filed:
    """Join operator, value and unit where they stand in columns of their own."""
    operator, value, unit = (row.text(name) for name in ("operator", "target", "unit"))
    if not value and operator and not read_quantity(f"{operator}1").operator:
        # 有所改善 written over the cells of operator, value and unit.
        value, operator = ("" if _NO_OPERATOR.fullmatch(operator) else operator), ""
    unit = "" if unit in _NO_UNIT else unit
    if _NO_OPERATOR.fullmatch(operator) or not value:
        operator = ""
    if value and not value.endswith(unit) and read_quantity(value).unit is None:
        value += unit
    return Filed(operator + value, row.cell("target") or source)


def _achieved(row: Row, source: Source) -> Filed:
    """The result; in a form with a worked sentence, the rate that the sentence ends with."""
    cell = row.cell("achieved") or row.cell("worked")
    text = row.text("achieved")
    if row.cell("achieved") is None and (result := _RESULT.search(row.text("worked"))):
        text = result["rate"]
    return Filed(text, cell or source)


def _points_of_name(name: Source) -> Datum | None:
    """The points that stand behind an indicator's name, in a form without a column for them."""
    match = _POINTS_BEHIND.search(clean(name.text))
    return Datum("分值", Decimal(match[1].replace("．", ".")), "分", name) if match else None


def _points_of_level(row: Row, name: str, problems: list[Problem]) -> Datum | None:
    """The points that stand in a column of their own behind the category."""
    if row.cell("category_points") is None:
        return None
    return row.number("category_points", f"{name}分值", "分", problems)


def _category_points(category: Source | None) -> Datum | None:
    """Read the points that stand in brackets behind a category: 产出指标(50分)."""
    text = squeeze(category.text) if category else ""
    match = _POINTS.search(text) or _BARE_POINTS.search(text)
    if category is None or match is None:
        return None
    value = Decimal(match[1].replace("．", "."))
    return Datum(f"{without_points(text)}分值", value, "分", category)


def without_points(text: str) -> str:
    """Take the points off a level's name.

    >>> [without_points(name) for name in ("产出指标（50分）", "效益指标30分", "投入", "效能（40%）")]
    ['产出指标', '效益指标', '投入', '效能']
    """
    return _BARE_POINTS.sub("", _POINTS.sub("", text))
