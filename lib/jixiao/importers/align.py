"""Rows of a table that leaves out merged cells (对齐): each cell under its column.

A page copied to text shows a cell merged over several rows once; the rows below are short. The
cheapest cut wins, as in `partition`: a row is paid for each cell that does not look like its
column. Cells that are left out come back as blank ones, so that every row has all columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from jixiao.datum import read_quantity
from jixiao.importers.cells import clean, squeeze
from jixiao.importers.forms import words_of_categories
from jixiao.importers.raw import RawCell, Rows

_MOST_TRAILING = 2
_NUMBERS = frozenset(
    {"original_budget", "final_budget", "actual_expenditure", "points", "score", "review_score"}
    | {"execution_rate", "coefficient", "category_points", "subcategory_points"}
)
_AMOUNTS = frozenset({"original_budget", "final_budget", "actual_expenditure"})
_OPERATORS = frozenset({"", "≥", "≧", "≤", "≦", "=", "＝", "═", ">", "＞", "<", "＜"})
_NATURES = frozenset({"定性", "定量", "其他", "定性指标", "定量指标"})
_POINTS_BEHIND = re.compile(r"[（(][0-9.]+分?[)）]$")
_MISFIT, _SLIGHT = 1.0, 0.5
_MISSING_MERGED, _MISSING_LAST, _STRAY_BLANK, _ODD_ROW = 0.1, 0.3, 0.25, 2.5
_START_WITHOUT_BREAK, _BREAK_INSIDE = 0.3, 0.2


@dataclass(frozen=True, slots=True)
class _Cut:
    """One way to cut a row: from where, and how many cells are left out before and behind."""

    start: int
    missing: int
    last: int
    aligned: bool


def align_rows(cells: Sequence[RawCell], meanings: Sequence[str | None], *, open_end: bool) -> Rows:
    """Cut cells into rows of the columns that the header names, left-out cells put back.

    Parameters
    ----------
    meanings : what each column means, None where the header does not say.
    open_end : the document stops here, so the last row may be incomplete.
    """
    breaks = [cell.after_break for cell in cells if not cell.is_blank]
    told = 0 < sum(breaks) < 0.8 * len(breaks)
    count, width = len(cells), len(meanings)
    cost = [0.0] + [float("inf")] * count
    cuts: list[_Cut | None] = [None] * (count + 1)
    for end in range(1, count + 1):
        for cut in _candidates(cells, end, meanings, open_end=open_end and end == count):
            price = cost[cut.start] + _price(cells[cut.start : end], cut, meanings, width)
            if told and not (end - cut.start == 1 and cells[cut.start].is_blank):
                price += _price_of_breaks(cells[cut.start : end])
            if price < cost[end] - 1e-9:
                cost[end], cuts[end] = price, cut
    return tuple(reversed(tuple(_walk_back(cells, cuts, open_end=open_end))))


def _candidates(
    cells: Sequence[RawCell], end: int, meanings: Sequence[str | None], *, open_end: bool
) -> Iterator[_Cut]:
    width, merged = len(meanings), _mergeable(meanings)
    for missing in range(min(merged, width - 1) + 1):
        for last in range(width - missing if open_end else _MOST_TRAILING + 1):
            size = width - missing - last
            if 0 < size <= end:
                yield _Cut(end - size, missing, last, aligned=True)
    if cells[end - 1].is_blank:
        yield _Cut(end - 1, 0, 0, aligned=False)
    for size in range(1, min(2 * width, end) + 1):
        yield _Cut(end - size, 0, 0, aligned=False)


def _mergeable(meanings: Sequence[str | None]) -> int:
    """How many columns at the left may be merged with the row above."""
    if "indicator" in meanings:
        return meanings.index("indicator")
    amounts = [index for index, meaning in enumerate(meanings) if meaning in _AMOUNTS]
    if amounts:
        return max(amounts[0] - 1, 0)
    return next((index for index, meaning in enumerate(meanings) if meaning), 0)


def _price(row: Sequence[RawCell], cut: _Cut, meanings: Sequence[str | None], width: int) -> float:
    if not cut.aligned:
        blank = all(cell.is_blank for cell in row)
        return _STRAY_BLANK * len(row) if blank else _ODD_ROW + 0.1 * abs(width - len(row))
    price = _MISSING_MERGED * cut.missing + _MISSING_LAST * cut.last
    for cell, meaning in zip(row, meanings[cut.missing :], strict=False):
        price += _misfit(cell, meaning)
    return price


def _price_of_breaks(row: Sequence[RawCell]) -> float:
    inside = sum(cell.after_break for cell in row[1:])
    return _BREAK_INSIDE * inside + (0 if row[0].after_break else _START_WITHOUT_BREAK)


def _misfit(cell: RawCell, meaning: str | None) -> float:
    """How badly a cell fits under a header word."""
    if cell.is_blank:
        return _SLIGHT if meaning == "indicator" else 0
    text = clean(cell.text)
    if meaning in _NUMBERS:
        quantity = read_quantity(text)
        return 0 if quantity.is_number or quantity.is_absent else _MISFIT
    level = _level(text)
    if meaning in ("category", "subcategory"):
        return 0 if meaning in level else _SLIGHT + _SLIGHT * bool(level)
    if meaning == "operator":
        return 0 if squeeze(text) in _OPERATORS | _NATURES else _MISFIT
    if meaning is None:
        return _MISFIT if level else _SLIGHT
    return _MISFIT if level or (meaning == "indicator" and read_quantity(text).is_number) else 0


def _level(text: str) -> set[str]:
    """Whether a text is the word of a category, of a subcategory, or of both."""
    word = _POINTS_BEHIND.sub("", squeeze(text))
    categories, subcategories = words_of_categories()
    found = {"category"} if word in categories else set()
    return found | ({"subcategory"} if word in subcategories or _is_kind(word) else set())


def _is_kind(word: str) -> bool:
    """Whether a word ends as subcategories do (服务对象满意度指标等); an indicator is longer."""
    return len(word) <= 12 and word.removesuffix("等").endswith("指标")


def _walk_back(
    cells: Sequence[RawCell], cuts: Sequence[_Cut | None], *, open_end: bool
) -> Iterator[tuple[RawCell, ...]]:
    end = len(cells)
    while end:
        cut = cuts[end]
        start, missing, last = (cut.start, cut.missing, cut.last) if cut else (end - 1, 0, 0)
        row = cells[start:end]
        if any(not cell.is_blank for cell in row):
            is_cut = open_end and end == len(cells)
            before = [RawCell(row[0].line, "", after_break=False)] * missing
            behind = [] if is_cut else [RawCell(row[-1].line, "", after_break=False)] * last
            yield (*before, *row, *behind)
        end = start
