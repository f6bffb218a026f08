"""A table that kept its cells as tables of known forms (格表): every cell a `Source`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jixiao.datum import Source
from jixiao.importers.grid_blocks import Found, find_grid_blocks
from jixiao.importers.grid_columns import GridRow, Placed
from jixiao.importers.lines import table_title
from jixiao.importers.raw import RawCell, RawTable, Rows, rows_at_breaks
from jixiao.importers.tables import Address, FormTable, Heading, closes_early
from jixiao.model import Grid
from jixiao.model import GridRow as AddressedRow


def grid_tables(
    table: RawTable, first_number: int, heading: Heading, address: Address
) -> tuple[FormTable, ...]:
    """Give every cell its address; forms that follow without text between become two tables."""
    rows = rows_at_breaks(table.cells)
    placed = _placed(rows, first_number, address)
    found = find_grid_blocks(placed)
    starts = _starts(found)
    if len(starts) == 1:
        return (_table(placed, found, first_number, heading),)
    tables = []
    for index, (first, last) in enumerate(zip(starts, [*starts[1:], len(rows)], strict=True)):
        number = first_number + index
        own = _placed(rows[first:last], number, address)
        tables.append(_table(own, find_grid_blocks(own), number, heading))
    return tuple(tables)


def names_of_blocks(cells: Sequence[RawCell]) -> list[str]:
    """Name the blocks of the known forms that cells hold, in order."""
    found = find_grid_blocks(_placed(rows_at_breaks(cells), 0, _nowhere))
    return [block.block.name for block in found]


def _nowhere(table: int, row: int, column: int, cell: RawCell) -> Source:
    """An address that is not kept: the cells are read once to see what they are."""
    return Source("", "", "", table, row, column, cell.line, cell.text)


def _placed(rows: Rows, number: int, address: Address) -> tuple[GridRow, ...]:
    return tuple(
        tuple(
            Placed(
                address(number, at, column, cell),
                cell.at,
                cell.at + cell.width,
                cell.covered,
                cell.label,
            )
            for column, cell in enumerate(row, start=1)
        )
        for at, row in enumerate(rows, start=1)
    )


def _starts(found: Sequence[Found]) -> list[int]:
    """The rows where a form begins: the first, and where another form begins or one anew."""
    starts = [0]
    names: list[str] = []
    form = found[0].form.name if found else ""
    for block in found:
        name = block.block.name
        anew = name in ("identity", "staff") and bool({"indicators", name} & set(names))
        anew = anew and (name != "identity" or "indicators" in names)
        anew = anew or (name == "budget" and "total" in names)
        if anew or block.form.name != form:
            starts.append(block.first)
            names = []
        names.append(name)
        form = block.form.name
    return starts


def _table(
    rows: Sequence[GridRow], found: Sequence[Found], number: int, heading: Heading
) -> FormTable:
    blocks = tuple(block.finished() for block in found)
    form = found[0].form.name if found else ""
    title = next(_titles(rows), heading.title)
    addressed = tuple(
        AddressedRow(at, tuple(cell.source for cell in row)) for at, row in enumerate(rows, start=1)
    )
    early = closes_early(form, blocks, ends_document=False)
    merged = frozenset(cell.source for row in rows for cell in row if cell.goes_on)
    return FormTable(
        form,
        Grid(number, heading.part, title, addressed, early),
        blocks,
        ends_document=False,
        merged=merged,
    )


def _titles(rows: Sequence[GridRow]) -> Iterator[str]:
    for row in rows[:2]:
        yield from (cell.source.text for cell in row if table_title(cell.source.text))
