"""The last row of a form (总分): what the form gives, what the unit gave itself, and the grade."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from jixiao.datum import Source
from jixiao.importers.cells import squeeze
from jixiao.importers.grid_columns import Column, GridRow, Placed, filled_cells, is_plain_number

#: How a total row of a table that kept its cells is given: its word, points, score, the rest.
TOTAL_ROW = ("label", "points", "score")
_INSIDE = re.compile(r"[^0-9]*?[:：]?(?P<number>[0-9]+(?:\.[0-9]+)?)分?")
_IN_BRACKETS = re.compile(r"[（(](?P<number>[0-9]+(?:\.[0-9]+)?)分?[)）]")
_OF_SCORE = re.compile("得分|自评|评价")


def total_row(
    row: GridRow, columns: Sequence[Column], meanings: Sequence[str | None]
) -> tuple[Source, ...]:
    """Give the word of a total row, its points, its score, and its other cells.

    A number counts for the column it stands under; where the row is merged otherwise, numbers go
    in order, and one alone is what the unit got.
    """
    filled = filled_cells(row)
    numbers = [cell for cell in filled if is_plain_number(cell)]
    word = next((cell for cell in filled if cell not in numbers), filled[0])
    behind = [cell for cell in filled if cell is not word]
    places = {m: c for m, c in zip(meanings, columns, strict=True) if m in ("points", "score")}
    found = {name: _exactly_under(numbers, column) for name, column in places.items()}
    points, score = found.get("points"), found.get("score")
    if len(numbers) > 1 and not (points and score):
        points, score = numbers[0], numbers[1]
    elif len(numbers) == 1 and not (points or score):
        both = "points" in places and "score" not in places
        points, score = (numbers[0], None) if both else (None, numbers[0])
    rest = [cell.source for cell in behind if cell not in (points, score)]
    blank = replace(word.source, text="")
    earned = [points.source if points else blank, score.source if score else blank]
    return (word.source, *_from_word(word.source, earned, numbers), *rest)


def _exactly_under(numbers: Sequence[Placed], column: Column) -> Placed | None:
    """The number whose cell covers no more than a column."""
    return next((c for c in numbers if column.start <= c.start and c.end <= column.end), None)


def _from_word(
    word: Source, earned: Sequence[Source], numbers: Sequence[Placed]
) -> tuple[Source, Source]:
    """Points and score, also where the word holds them: 总分（100分）, 自评总分：95.5."""
    points, score = earned
    text = squeeze(word.text)
    if not points.text and (inside := _IN_BRACKETS.search(text)):
        points = replace(word, text=inside["number"])
    elif not numbers and (inside := _INSIDE.fullmatch(text)):
        found = replace(word, text=inside["number"])
        return (points, found) if _OF_SCORE.search(text) else (found, score)
    return points, score
