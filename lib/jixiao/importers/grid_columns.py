"""Reading the rows of a table that kept its cells (格表): each cell belongs to a header's column.

Word, Excel and HTML say which columns of the grid a cell covers, and which cells are merged with
the row above. So a block is found by the words of its header, whatever else the table holds, and
a value by the column it stands under, wherever a province puts that column.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from jixiao.datum import Source, read_quantity
from jixiao.importers.cells import MONEY_UNITS, POINTS, clean, is_blank

_LONGEST_NUMBER = 40


@dataclass(frozen=True, slots=True)
class Placed:
    """One cell with its address and the columns it covers, from ``start`` to before ``end``."""

    source: Source
    start: int
    end: int
    goes_on: bool
    label: str

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands in it."""
        return is_blank(self.source.text)


GridRow = tuple[Placed, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a header: the cell whose word names it, and its place in the grid."""

    source: Source
    start: int
    end: int


def is_plain_number(cell: Placed) -> bool:
    """Whether a cell holds a number and at most a unit of money, points or per cent."""
    quantity = read_quantity(clean(cell.source.text[:_LONGEST_NUMBER]))
    return quantity.is_number and quantity.unit in (None, "%", POINTS, *MONEY_UNITS)


def filled_cells(row: GridRow) -> list[Placed]:
    """Give the cells of a row that hold something."""
    return [cell for cell in row if not cell.is_blank]


def columns_of(
    rows: Sequence[GridRow],
    known: Sequence[str | None],
    meaning_of: Callable[[str], str | None] = lambda _: None,
) -> tuple[Column, ...]:
    """Give the columns of a header of one or more rows, named by the lowest words.

    Parameters
    ----------
    known : for each cell of the last row the meaning of its own word, None where it has none.
        A column whose word says nothing (总额 under 全年预算数) goes by the word above it, unless
        another under that word already says the same (原因说明 under 偏差原因分析).
    meaning_of : what a word above means.
    """
    columns: list[Column] = []
    uppers = [_above(rows[:-1], cell) for cell in rows[-1]]
    named = {
        above.source
        for above, meaning in zip(uppers, known, strict=True)
        if above and meaning and meaning == meaning_of(above.label)
    }
    for cell, meaning, above in zip(rows[-1], known, uppers, strict=True):
        source = cell.source
        if above and (cell.is_blank or (meaning is None and above.source not in named)):
            source = above.source
        if above:
            named.add(above.source)
        columns.append(Column(source, cell.start, cell.end))
    return tuple(columns)


def _above(rows: Sequence[GridRow], cell: Placed) -> Placed | None:
    """The nearest cell above that holds a word and covers the first column of this one."""
    for row in reversed(rows):
        for other in row:
            if other.start <= cell.start < other.end and not other.is_blank:
                return other
    return None


def align(row: GridRow, columns: Sequence[Column]) -> tuple[Source, ...]:
    """Put the cells of a row under the columns of a header; a blank where none stands.

    A cell goes with the first column it covers. Where several stand under one column, the first
    that holds something is taken. Rows whose cells fit no boundary of the header, as in tables
    drawn by hand, are taken in order if there are as many.
    """
    if len(row) == len(columns) and not _fits(row, columns):
        return tuple(cell.source for cell in row)
    ends = [column.end for column in columns]
    own: dict[int, Placed] = {}
    met: dict[int, Placed] = {}
    for cell in row:
        covered = list(_covered(cell, columns, bisect_right(ends, cell.start)))
        met |= {index: met.get(index, cell) for index in covered}
        if covered:
            mostly = (index for index in covered if _covers_half(cell, columns[index]))
            index = next(mostly, covered[0])
            if index not in own or own[index].is_blank:
                own[index] = cell
    blank = replace(row[0].source, text="")
    return tuple(
        own[index].source
        if index in own
        else replace(met[index].source, text="")
        if index in met
        else blank
        for index in range(len(columns))
    )


def _fits(row: GridRow, columns: Sequence[Column]) -> bool:
    """Whether no cell crosses a boundary between two columns without covering one of them."""
    edges = {column.start for column in columns} | {column.end for column in columns}
    crossing = [c for c in row if not c.is_blank and not {c.start, c.end} & edges]
    return not crossing


def _covered(cell: Placed, columns: Sequence[Column], first: int) -> Iterator[int]:
    """The columns a cell reaches into, from the `first` that ends behind its start on."""
    while first < len(columns) and columns[first].start < cell.end:
        yield first
        first += 1


def _covers_half(cell: Placed, column: Column) -> bool:
    common = min(column.end, cell.end) - max(column.start, cell.start)
    return 2 * common >= column.end - column.start
