"""Tables of which a page lost what is merged over rows (缺格的表): short rows under a full header.

A page copied from one site to another often keeps the cells and loses ``rowspan``: 产出指标 stands
once, and the rows below are shorter by a cell. Read by column such rows would be shifted, so they
are read by what their cells hold, as the rows of a text are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from jixiao.importers.cells import clean
from jixiao.importers.forms import known_forms
from jixiao.importers.raw import RawCell, RawTable, Rows, rows_at_breaks
from jixiao.importers.tables import FormTable
from jixiao.model import Problem

#: Rows of fewer cells are labels with their values, which may be of any width.
_CELLS_OF_A_ROW = 4
#: Rows that are longer by so many columns stand under the lower row of a header in two.
_FAR = 2


def without_shifts(table: RawTable) -> RawTable:
    """Give the table as one to be read by what its cells hold, where merged cells are gone."""
    if table.layout != "gridded" or not is_ragged(table):
        return table
    return replace(table, layout="piped")


def is_ragged(table: RawTable) -> bool:
    """Whether nothing is merged over rows, and rows of indicators are shorter than their header."""
    if any(cell.covered for cell in table.cells):
        return False
    return any(_short_rows(rows_at_breaks(table.cells)))


def rows_put_right(table: FormTable) -> Problem:
    """Say that rows came short, and that their cells were put under the columns they fit."""
    first = table.blocks[0].opening if table.blocks else table.grid.rows[0].cells[0]
    return Problem(
        "merged-cells-lost",
        f"{first.address} “{clean(first.text)[:20]}”：这张表丢失了合并单元格的信息，有些行比表头短。"
        "已按各格的内容对到相应的列；请对照原件核对各行，最好向申报单位索取 Word 或 Excel 原件。",
        first,
    )


def _short_rows(rows: Rows) -> Iterator[Sequence[RawCell]]:
    """The rows below a header of the indicators that lack cells, or whose header does."""
    form = known_forms()[0]
    block, totals = form.block("indicators"), form.block("total").opens
    width = 0
    for row in rows:
        labels = [cell.label for cell in row]
        known = set(block.meanings_of(labels)) & block.key_columns
        if len(known) >= block.fewest and block.required <= known:
            width = _end(row)
        elif width and any(label in totals for label in labels):
            width = 0
        elif width and len(row) >= _CELLS_OF_A_ROW and not 0 <= _end(row) - width < _FAR:
            yield row


def _end(row: Sequence[RawCell]) -> int:
    """Where a row ends, in columns of the grid."""
    return row[-1].at + row[-1].width
