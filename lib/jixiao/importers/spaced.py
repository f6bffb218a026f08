"""Rows of a table that kept only its words (散词表的行): levels by their words, values by place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from jixiao.datum import Reading, read_quantity
from jixiao.importers.cells import clean, squeeze
from jixiao.importers.forms import words_of_categories
from jixiao.importers.place import Placing, fits_budget, fits_indicator, place
from jixiao.importers.raw import RawCell, Rows

_POINTS = re.compile(r"[（(]([0-9.]+)分?[)）]$")
#: What the rules give to budget execution, which the indicators do not hold.
_POINTS_OF_EXECUTION = (Decimal(0), Decimal(10), Decimal(20))
_NUMBERED = re.compile(r"指标\s*[0-9一二三四五六七八九十]{1,2}\s*[:：]|[…·]{2,}")


@dataclass(slots=True)
class _Line:
    """One indicator with its values in the order of the text."""

    category: RawCell | None
    subcategory: RawCell | None
    name: RawCell | None
    values: list[RawCell] = field(default_factory=list)


def budget_rows(body: Sequence[RawCell], meanings: Sequence[str | None]) -> Rows:
    """Cut the budget block: labels, each with its amounts; what the text does not decide is lost."""
    columns = meanings[1:]
    rows: list[tuple[RawCell, ...]] = []
    for label, values in labelled(body):
        if len(values) > len(columns):
            rows.append((label, *values))
            continue
        placing = place(values, columns, fits_budget)
        rows.append((label, *_filled(placing, label)))
    return tuple(rows)


def labelled(body: Sequence[RawCell]) -> list[tuple[RawCell, list[RawCell]]]:
    """Give each word with the numbers and dashes that follow it."""
    found: list[tuple[RawCell, list[RawCell]]] = []
    for cell in body:
        quantity = read_quantity(clean(cell.text))
        if found and (quantity.is_number or quantity.is_absent):
            found[-1][1].append(cell)
        else:
            found.append((cell, []))
    return found


def _filled(placing: Placing, near: RawCell) -> list[RawCell]:
    blank = RawCell(near.line, "", after_break=False)
    lost = replace(blank, lost=True)
    return [
        cell or (lost if index in placing.lost else blank)
        for index, cell in enumerate(placing.cells)
    ]


def indicator_rows(
    body: Sequence[RawCell], meanings: Sequence[str | None], total: Decimal | None
) -> Rows:
    """Cut the indicator block by the words of its levels, and put the values under their columns.

    Two numbers behind a name are points and score only if the points add up to what the
    categories state (50分), or to the total.
    """
    lead = meanings.index("indicator") + 1
    columns = meanings[lead:]
    lines = _lines(body)
    placings = [place(line.values, columns, fits_indicator) for line in lines]
    if not _adds_up(lines, placings, columns, total):
        placings = [
            Placing((None,) * len(columns), frozenset(range(len(columns))))
            if line.values and len(line.values) < len(columns) - 1
            else placing
            for line, placing in zip(lines, placings, strict=True)
        ]
    return tuple(
        _row(line, placing, meanings[:lead]) for line, placing in zip(lines, placings, strict=True)
    )


def _row(line: _Line, placing: Placing, lead: Sequence[str | None]) -> tuple[RawCell, ...]:
    near = next(cell for cell in (line.category, line.subcategory, line.name) if cell)
    blank = RawCell(near.line, "", after_break=False)
    levels = {"category": line.category, "subcategory": line.subcategory, "indicator": line.name}
    head = tuple(levels.get(meaning or "") or blank for meaning in lead)
    return (*head, *_filled(placing, line.name or near))


def _lines(body: Sequence[RawCell]) -> list[_Line]:
    """Group the words: a level's word begins a row, then a name, then values."""
    lines: list[_Line] = []
    category: RawCell | None = None
    subcategory: RawCell | None = None
    seen: tuple[str, str] = ("", "")
    numbered = any(_NUMBERED.match(cell.text) for cell in body)
    for cell in body:
        level, word = _level(cell, seen)
        if level == "category":
            category, subcategory, seen = cell, None, (word, "")
        elif level == "subcategory":
            subcategory, seen = cell, (seen[0], word)
        elif category or subcategory or not lines or _begins(cell, numbered=numbered):
            lines.append(_Line(category, subcategory, cell))
            category = subcategory = None
        else:
            lines[-1].values.append(cell)
    return lines


def _begins(cell: RawCell, *, numbered: bool) -> bool:
    if numbered:
        return _NUMBERED.match(cell.text) is not None
    return cell.after_break and read_quantity(clean(cell.text)).reading is Reading.WORD


def _level(cell: RawCell, seen: tuple[str, str]) -> tuple[str, str]:
    """Tell a category from a subcategory by the word, its points, and what stood above."""
    text = squeeze(cell.text)
    word = _POINTS.sub("", text)
    categories, subcategories = words_of_categories()
    if not word or (word in categories and word != text):
        return "category", word
    if word in subcategories and (word not in categories or any(seen)):
        return "subcategory", word
    return ("category" if word in categories else ""), word


def _adds_up(
    lines: Sequence[_Line],
    placings: Sequence[Placing],
    columns: Sequence[str | None],
    total: Decimal | None,
) -> bool:
    """Whether the points add up to those of each category, else to the total."""
    stated: list[Decimal] = []
    sums: list[Decimal] = []
    everything = Decimal(0)
    for line, placing in zip(lines, placings, strict=True):
        if line.category is not None:
            points = _POINTS.search(squeeze(line.category.text))
            stated.append(Decimal(points[1]) if points else Decimal(-1))
            sums.append(Decimal(0))
        cell = placing.cells[columns.index("points")] if "points" in columns else None
        value = read_quantity(cell.text).value if cell else None
        everything += value or 0
        if sums:
            sums[-1] += value or 0
    if stated and min(stated) >= 0:
        return stated == sums
    return total is not None and total - everything in _POINTS_OF_EXECUTION
