"""Rows of a form that no block took (没有读入的行): said with their numbers, never passed over."""

from __future__ import annotations

from collections.abc import Iterator

from jixiao.datum import Source, read_quantity
from jixiao.importers.cells import MONEY_UNITS, POINTS, clean
from jixiao.importers.tables import FormTable
from jixiao.model import Problem

#: So many filled cells, a number among them, are no heading and no running text.
_CELLS_OF_A_ROW = 3
_LONGEST_NUMBER = 40


def unused_rows(table: FormTable) -> Iterator[Problem]:
    """Say which rows with figures of a known form were not read."""
    if not table.blocks or table.borderless:
        return
    used = {cell for block in table.blocks for row in (block.header, *block.rows) for cell in row}
    left: list[Source] = []
    for row in table.grid.rows:
        filled = [cell for cell in row.cells if clean(cell.text)]
        if (
            len(filled) >= _CELLS_OF_A_ROW
            and used.isdisjoint(filled)
            and any(map(_is_number, filled))
        ):
            left.append(filled[0])
    if left:
        yield _not_read(left)


def _is_number(cell: Source) -> bool:
    quantity = read_quantity(clean(cell.text[:_LONGEST_NUMBER]))
    return quantity.is_number and quantity.unit in (None, "%", POINTS, *MONEY_UNITS)


def _not_read(left: list[Source]) -> Problem:
    first = left[0]
    rows = "、".join(f"表中第{cell.row}行" for cell in left)
    return Problem(
        "rows-not-read",
        f"{first.address} “{clean(first.text)[:20]}”：{rows}有数，但认不出是表样的哪一部分，没有读入。"
        "应在表样各部分的表头之下。请对照原件核对这些行；如是新的表样，请在 forms/ 中补上列名"
        "（docs/add-a-form.md）。",
        first,
    )
