"""Tables turned into running text (20 of the filings): money by its sums, ratings by their rhythm."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import combinations

from jixiao.datum import read_quantity
from jixiao.importers.cells import clean, label_of, squeeze
from jixiao.importers.forms import BlockForm, words_of_categories
from jixiao.importers.hierarchy import Place, place_rows
from jixiao.importers.raw import RawCell, Rows
from jixiao.importers.spaced import labelled

_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_Amounts = tuple[RawCell | None, ...]


def expenditure_rows(body: Sequence[RawCell], width: int, form: BlockForm) -> Rows:
    """Cut the money block: each label with its amounts; too few are placed by the sums, or lost.

    29.46 29.46 under three years stand where they add up with 公车运行维护 to the row above both.
    """
    found = labelled(body)
    places = place_rows([label.text for label, _ in found], form)
    amounts: list[_Amounts] = [_complete(values, width - 1) for _, values in found]
    rows: list[tuple[RawCell, ...]] = []
    for index, (label, values) in enumerate(found):
        blank = RawCell(label.line, "", after_break=False)
        if len(values) > width - 1:
            rows.append((label, *values))
            continue
        chosen = amounts[index]
        if 0 < len(values) < width - 1:
            ways = [
                way for way in _ways(values, width - 1) if _adds_up(index, way, places, amounts)
            ]
            chosen = ways[0] if len(ways) == 1 else ()
            blank = replace(blank, lost=not chosen)
        cells = chosen or (None,) * (width - 1)
        rows.append((label, *(cell or blank for cell in cells)))
    return tuple(rows)


def _complete(values: Sequence[RawCell], width: int) -> _Amounts:
    """The row's amounts where all are there or none is, else nothing."""
    return tuple(values) if len(values) == width else (None,) * width if not values else ()


def _ways(values: Sequence[RawCell], width: int) -> Iterator[_Amounts]:
    for chosen in combinations(range(width), len(values)):
        way = dict(zip(chosen, values, strict=True))
        yield tuple(way.get(index) for index in range(width))


def _adds_up(
    index: int, way: _Amounts, places: Sequence[Place], amounts: Sequence[_Amounts]
) -> bool:
    """Whether the row and its siblings add up to the row they stand under, in each column."""
    parent = places[index].parent
    above = next((i for i in range(index - 1, -1, -1) if places[i].label == parent), None)
    if parent is None or above is None or not any(amounts[above]):
        return False
    family = [i for i, place in enumerate(places) if place.parent == parent and i != index]
    if not all(amounts[i] for i in family):
        return False
    columns = zip(way, amounts[above], *(amounts[i] for i in family), strict=True)
    return all(
        _value(whole) == _value(own) + sum(map(_value, rest), Decimal(0))
        for own, whole, *rest in columns
    )


def _value(cell: RawCell | None) -> Decimal:
    return (read_quantity(cell.text).value if cell else None) or Decimal(0)


@dataclass(slots=True)
class _Rating:
    """One row of a rating table, cell by cell as the words come."""

    cells: dict[str, RawCell] = field(default_factory=dict)

    def put(self, meaning: str, cell: RawCell) -> None:
        """Set a cell, or add to it what belongs to it too."""
        before = self.cells.get(meaning)
        # A name broken by a blank is one name; the sentences of a working stay apart.
        joint = "" if meaning == "indicator" else " "
        text = f"{before.text}{joint}{cell.text}" if before else cell.text
        first = before or cell
        self.cells[meaning] = RawCell(first.line, text, after_break=False, label=label_of(text))


def rating_rows(body: Sequence[RawCell], meanings: Sequence[str | None], *, open_end: bool) -> Rows:
    """Cut a rating table: level and points, name and points, rule, worked sentence, score."""
    rows = list(_ratings(body))
    found: list[tuple[RawCell, ...]] = []
    for index, row in enumerate(rows):
        near = next(iter(row.cells.values()))
        blank = RawCell(near.line, "", after_break=False)
        cells = [row.cells.get(meaning or "", blank) for meaning in meanings]
        is_cut = open_end and index == len(rows) - 1 and "score" not in row.cells
        found.append(tuple(cells[: meanings.index("score")] if is_cut else cells))
    return tuple(found)


def _ratings(body: Sequence[RawCell]) -> Iterator[_Rating]:
    row, state = _Rating(), "indicator"
    for cell in body:
        is_number = _NUMBER.fullmatch(clean(cell.text)) is not None
        if state == "worked" and is_number:
            row.put("score", cell)
            yield row
            row, state = _Rating(), "indicator"
        elif state == "worked":
            row.put("rule" if _is_rule(cell, row) else "worked", cell)
        elif is_number:
            row.put("points" if state == "indicator" else f"{state}_points", cell)
            state = "worked" if state == "indicator" else "indicator"
        else:
            state = _level(cell, row)
            row.put(state, cell)
    if row.cells:
        yield row


def _is_rule(cell: RawCell, row: _Rating) -> bool:
    return "worked" not in row.cells and cell.text.startswith(("(", "（"))


def _level(cell: RawCell, row: _Rating) -> str:
    categories, subcategories = words_of_categories()
    word = squeeze(cell.text)
    if "indicator" in row.cells:
        return "indicator"
    if word in categories and not row.cells:
        return "category"
    return (
        "subcategory" if word in subcategories and "subcategory" not in row.cells else "indicator"
    )
