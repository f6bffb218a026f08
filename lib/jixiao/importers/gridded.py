"""Blocks of a table whose grid is known (网格表): each cell stands under the header it covers.

Word, Excel and HTML say which columns of the grid a cell covers, so a row that merges two columns
or divides one is put under the right words. A row whose grid contradicts the header's (pages leave
merged cells out) goes by the number of its cells, and then by what they look like.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from jixiao.datum import read_quantity
from jixiao.importers.align import align_rows
from jixiao.importers.forms import BlockForm
from jixiao.importers.headers import column_meanings
from jixiao.importers.raw import RawCell, Rows

Row = tuple[RawCell, ...]
#: A second row of the header names at least so many columns.
_WORDS_OF_A_HEADER = 2


def rows_at_breaks(cells: Sequence[RawCell]) -> tuple[Row, ...]:
    """Give the rows as the document has them."""
    starts = [index for index, cell in enumerate(cells) if cell.after_break or not index]
    return tuple(tuple(cells[a:b]) for a, b in pairwise([*starts, len(cells)]))


def grid_rows(cells: Sequence[RawCell], form: BlockForm) -> tuple[int, Rows]:
    """Cut a block into its rows, one cell for each column of its header.

    Returns
    -------
    How many of the rows are the header, the last of them naming the columns; and the rows.
    """
    rows = rows_at_breaks(cells)
    count = 1
    while count < len(rows) and _is_header(rows[count], form):
        count += 1
    columns = _columns(rows[:count])
    meanings = column_meanings([cell.text for cell in columns], form)
    words = [cell.label for cell in columns if cell.label]
    body = (row for row in rows[count:] if [cell.label for cell in row if cell.label] != words)
    aligned = tuple(under(columns, row, meanings) for row in body)
    return count, (*rows[: count - 1], columns, *aligned)


def total_row(columns: Row, row: Row, meanings: Sequence[str | None]) -> Row:
    """Put a total row under the columns of the indicators, where its numbers then stand right."""
    found = _by_grid(columns, row)
    numbers = {
        meaning
        for cell, meaning in zip(found or (), meanings, strict=False)
        if read_quantity(cell.text).is_number
    }
    return found if found and numbers and numbers <= {"points", "score"} else row


def _is_header(row: Row, form: BlockForm) -> bool:
    """Whether a row below the header's first still names columns, and nothing else."""
    filled = [cell for cell in row if not cell.is_blank]
    return len(filled) >= _WORDS_OF_A_HEADER and all(
        form.column(cell.text) and cell.label in form.columns for cell in filled
    )


def _columns(header: Sequence[Row]) -> Row:
    """One cell for each column: the lowest word that stands over it."""
    columns = header[0]
    for row in header[1:]:
        below = [cell for cell in row if not cell.is_blank]
        under = {at for cell in below for at in range(cell.at, cell.at + cell.width)}
        kept = [c for c in columns if under.isdisjoint(range(c.at, c.at + c.width))]
        columns = tuple(sorted((*kept, *below), key=lambda cell: cell.at))
    return columns


def under(columns: Row, row: Row, meanings: Sequence[str | None]) -> Row:
    """Put the cells of a row under the columns they cover; the row as it is where that fails."""
    if (found := _by_grid(columns, row)) is not None:
        return found
    if len(row) == len(columns):
        return row
    aligned = align_rows([replace(cell, after_break=not n) for n, cell in enumerate(row)], meanings,
                         open_end=False)  # fmt: skip
    whole = [each for each in aligned if len(each) == len(columns)]
    if len(whole) == len(aligned) == 1:
        found_cells = {cell.line for cell in row}
        return tuple(_as_filler(cell, row, found_cells) for cell in whole[0])
    return row


def _as_filler(cell: RawCell, row: Row, lines: set[int]) -> RawCell:
    own = next((c for c in row if c.line == cell.line and c.text == cell.text), None)
    return own or replace(cell, filler=True)


def _by_grid(columns: Row, row: Row) -> Row | None:
    """The cells under the columns they cover most of, None where two would stand under one."""
    if _end(row) != _end(columns):
        return None
    starts = [column.at for column in columns]
    placed: dict[int, RawCell] = {}
    for cell in row:
        index = _most_covered(columns, starts, cell)
        if index is None:
            if not cell.is_blank:
                return None
            continue
        other = placed.get(index)
        if other is None or other.is_blank:
            placed[index] = cell
        elif not cell.is_blank:
            return None
    return tuple(_complete(placed, len(columns), row[0]))


def _complete(placed: dict[int, RawCell], count: int, first: RawCell) -> Iterator[RawCell]:
    before = first
    for index in range(count):
        before = placed.get(index) or RawCell(before.line, "", after_break=False, filler=True)
        yield before


def _most_covered(columns: Row, starts: Sequence[int], cell: RawCell) -> int | None:
    """The column a cell stands under: the first it covers whole, else that it covers most of."""
    best: tuple[int, int] | None = None
    for index in range(max(0, bisect_right(starts, cell.at) - 1), len(columns)):
        if columns[index].at >= cell.at + cell.width:
            break
        share = _overlap(cell, columns[index])
        if share == columns[index].width:
            return index
        if share and (best is None or share > best[0]):
            best = share, index
    return best[1] if best else None


def _overlap(one: RawCell, other: RawCell) -> int:
    return max(0, min(one.at + one.width, other.at + other.width) - max(one.at, other.at))


def _end(row: Row) -> int:
    return row[-1].at + row[-1].width
