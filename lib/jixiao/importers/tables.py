"""From raw cells to tables with addresses (表格): every cell a `Source`, every block its form."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from jixiao.datum import Source
from jixiao.importers.blocks import RawBlock, find_blocks
from jixiao.importers.cells import clean
from jixiao.importers.forms import BlockForm
from jixiao.importers.headers import column_meanings
from jixiao.importers.lines import table_title
from jixiao.importers.raw import RawCell, RawTable, Rows, rows_at_breaks
from jixiao.model import Grid, GridRow, bare_label

_CELLS_OF_TOTAL_ROW = 3
#: Makes the address of a cell: table, row, column, and the cell.
Address = Callable[[int, int, int, RawCell], Source]


@dataclass(frozen=True, slots=True)
class Heading:
    """Where a table stands and what stands above it."""

    part: str
    title: str


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a form with its header and its rows (表块).

    ``known`` is what each column means, where more than the words of the last row tell it.
    """

    form: BlockForm
    header: tuple[Source, ...]
    rows: tuple[tuple[Source, ...], ...]
    known: tuple[str | None, ...] | None = None

    @property
    def width(self) -> int:
        """How many cells a full row has."""
        return len(self.header)

    @property
    def opening(self) -> Source:
        """The cell whose word opens the block."""
        cells = self.header or self.rows[0]
        return next((cell for cell in cells if clean(cell.text)), cells[0])

    def meanings(self) -> tuple[str | None, ...]:
        """Tell what each column means, None where the header does not say."""
        if self.known is not None:
            return self.known
        return column_meanings([cell.text for cell in self.header], self.form)

    def columns(self) -> dict[str, int]:
        """Give for each meaning the index of its column, the first where there are several."""
        found: dict[str, int] = {}
        for index, meaning in enumerate(self.meanings()):
            if meaning:
                found.setdefault(meaning, index)
        return found


@dataclass(frozen=True, slots=True)
class FormTable:
    """One table of a known form (表): its grid and its blocks; ``form`` is "" if unknown.

    ``ends_document`` : nothing stands behind it, so its last row may be incomplete.
    ``borderless`` : the text kept its words, not its cells; ``lost`` are the cells of which the
    text does not decide what they hold. ``merged`` : the cells that belong to the one above them.
    """

    form: str
    grid: Grid
    blocks: tuple[Block, ...]
    ends_document: bool
    borderless: bool = False
    lost: tuple[Source, ...] = ()
    merged: frozenset[Source] = frozenset()

    def block(self, name: str) -> Block | None:
        """Find the first block of this name."""
        return next((block for block in self.blocks if block.form.name == name), None)

    def is_cut(self, row: Sequence[Source]) -> bool:
        """Whether the document ends within this row, so that cells to its right are unknown."""
        return self.ends_document and bool(row) and row[-1] == self.grid.rows[-1].cells[-1]


def address_tables(
    table: RawTable, first_number: int, heading: Heading, address: Address
) -> tuple[FormTable, ...]:
    """Give every cell its address; forms that follow without text between become two tables."""
    blocks = find_blocks(table)
    if not blocks:
        rows = rows_at_breaks(table.cells)
        return (_table(table, (), rows, first_number, heading, address),)
    groups = list(_groups(blocks))
    opened_at = blocks[0].rows[0][0].line
    before = rows_at_breaks([cell for cell in table.cells if cell.line < opened_at])
    tables = []
    for index, group in enumerate(groups):
        ends = table.ends_document and index == len(groups) - 1
        rows = before if index == 0 else ()
        of_group = replace(table, ends_document=ends)
        number = first_number + index
        own = next((c.text for c in group[0].rows[0] if table_title(c.text)), heading.title)
        tables.append(_table(of_group, group, rows, number, Heading(heading.part, own), address))
    return tuple(tables)


def _groups(blocks: Sequence[RawBlock]) -> Iterator[tuple[RawBlock, ...]]:
    """Split where another form begins, or where a form begins anew."""
    group: list[RawBlock] = []
    for block in blocks:
        names = [other.block.name for other in group]
        anew = block.block.name in ("identity", "staff") and block.block.name in names
        anew = anew or (block.block.name == "budget" and "total" in names)
        if group and (anew or group[-1].form.name != block.form.name):
            yield tuple(group)
            group = []
        group.append(block)
    yield tuple(group)


def _table(
    table: RawTable,
    raw: Sequence[RawBlock],
    before: Rows,
    number: int,
    heading: Heading,
    address: Address,
) -> FormTable:
    grid_rows: list[GridRow] = []
    lost: list[Source] = []

    def add(cells: Sequence[RawCell]) -> tuple[Source, ...]:
        row = len(grid_rows) + 1
        sources = tuple(
            address(number, row, column, cell) for column, cell in enumerate(cells, start=1)
        )
        grid_rows.append(GridRow(row, sources))
        lost.extend(s for s, cell in zip(sources, cells, strict=True) if cell.lost)
        return sources

    for cells in before:
        add(cells)
    blocks = []
    for block in raw:
        rows = tuple(add(cells) for cells in block.rows)
        header = rows[block.headers - 1] if block.headers else ()
        blocks.append(Block(block.block, header, rows[block.headers :]))
    form = raw[0].form.name if raw else ""
    ends_early = table.is_cut or closes_early(form, blocks, ends_document=table.ends_document)
    grid = Grid(number, heading.part, heading.title, tuple(grid_rows), ends_early)
    borderless = table.layout in ("spaced", "joined")
    return FormTable(form, grid, tuple(blocks), table.ends_document, borderless, tuple(lost))


def closes_early(form: str, blocks: Sequence[Block], *, ends_document: bool) -> bool:
    """Whether the block that closes the form is missing or cut."""
    names = {block.form.name for block in blocks}
    last = blocks[-1].rows[-1] if blocks and blocks[-1].rows else ()
    if form == "score_table":
        if "total" not in names:
            if not ends_document and not _expects_total(blocks):
                return False
            return not _has_total_on_top(blocks) or (ends_document and len(last) < blocks[-1].width)
        is_cut = ends_document and blocks[-1].form.name == "total"
        return is_cut and len(last) < _CELLS_OF_TOTAL_ROW
    if form == "base_data":
        closing = "austerity" in names and len(last) > 1
        open_end = not names & {"buildings", "austerity"} and not _is_closed(blocks[-1])
        return not closing if ends_document else open_end
    return False


def _expects_total(blocks: Sequence[Block]) -> bool:
    """Whether the indicators carry points or scores, which a last row adds up."""
    indicators = [block for block in blocks if block.form.name == "indicators"]
    return not indicators or any({"points", "score"} & set(b.columns()) for b in indicators)


def _is_closed(block: Block) -> bool:
    """Whether the block's last row is one that ends forms without the blocks behind it."""
    labels = block.form.labels.get("closing_labels", ())
    return bool(block.rows) and bare_label(clean(block.rows[-1][0].text)) in labels


def _has_total_on_top(blocks: Sequence[Block]) -> bool:
    return any(
        block.form.name == "identity" and block.form.column(cell.text) == "claimed_score"
        for block in blocks
        for row in block.rows
        for cell in row
    )
