"""Finding a form's blocks among the cells of a table (表块)."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from jixiao.datum import read_quantity
from jixiao.importers.align import align_rows
from jixiao.importers.forms import BlockForm, Form, known_forms
from jixiao.importers.headers import column_meanings, header_rows
from jixiao.importers.partition import cut_into_rows
from jixiao.importers.raw import Layout, RawCell, RawTable, rows_at_breaks
from jixiao.importers.running import expenditure_rows, rating_rows
from jixiao.importers.spaced import budget_rows, indicator_rows
from jixiao.importers.starts import Opening, end_of_header, find_openings

_CELLS_OF_LONGEST_ROW = 20


@dataclass(frozen=True, slots=True)
class RawBlock:
    """The cells of one block, cut into rows.

    The first ``headers`` rows are its header; the last of them names the columns.
    """

    form: Form
    block: BlockForm
    headers: int
    rows: tuple[tuple[RawCell, ...], ...]


@dataclass(frozen=True, slots=True)
class _Body:
    """How the rows below a header are found: the layout, and what else is known of the table."""

    layout: Layout
    open_end: bool
    total: Decimal | None


def find_blocks(table: RawTable) -> tuple[RawBlock, ...]:
    """Cut a table's cells into the blocks of the forms we know.

    Cells before the first opening word belong to no block and are left out. A table of which
    no word is known has no blocks.
    """
    cells = _with_breaks(table.cells)
    found = find_openings(cells)
    opens = known_forms()[0].block("total").opens
    totals = [index for index, cell in enumerate(cells[:-1]) if cell.label in opens]
    blocks: list[RawBlock] = []
    for index, opening in enumerate(found):
        is_last = index == len(found) - 1
        end = len(cells) if is_last else found[index + 1].start
        open_end = is_last and table.ends_document
        start = opening.start if blocks else _start_of_row(cells, opening)
        cells_of_block = cells[start:end]
        if table.layout in ("tabbed", "joined") and not _has_two_headers(opening, cells_of_block):
            blocks.append(_block(opening, cells_of_block, open_end=open_end))
        else:
            behind = bisect_left(totals, end)
            total = _points_of_total(cells, totals[behind]) if behind < len(totals) else None
            cut = _Body(table.layout, open_end=open_end, total=total)
            blocks.append(_recovered(opening, cells_of_block, cut))
    return tuple(blocks)


def _with_breaks(cells: Sequence[RawCell]) -> Sequence[RawCell]:
    """Where an editor took the blank lines out, every cell may begin a row."""
    if sum(cell.after_break for cell in cells) * _CELLS_OF_LONGEST_ROW >= len(cells):
        return cells
    return [replace(cell, after_break=True) for cell in cells]


def _start_of_row(cells: Sequence[RawCell], opening: Opening) -> int:
    """Where the table's first block begins: labels and values before its word are its own."""
    start = opening.start
    while opening.block.name == "identity" and start and not cells[start].after_break:
        start -= 1
    return start


def _has_two_headers(opening: Opening, cells: Sequence[RawCell]) -> bool:
    block = opening.block
    if block.name != "indicators":
        return False
    end = end_of_header(cells, int(cells[0].label not in block.opens), block)
    return len(header_rows(cells[:end], block)) > 1


def _recovered(opening: Opening, cells: Sequence[RawCell], how: _Body) -> RawBlock:
    """One block of a table whose merged cells or borders are gone."""
    form, block = opening.form, opening.block
    if not block.columns or block.name == "identity":
        return _block(opening, cells, open_end=how.open_end)
    end = end_of_header(cells, int(cells[0].label not in block.opens), block)
    headers = header_rows(cells[:end], block)
    meanings = column_meanings([cell.text for cell in headers[-1]], block)
    if how.layout == "spaced" and block.name == "budget":
        rows = budget_rows(cells[end:], meanings)
    elif how.layout == "spaced" and block.name == "expenditure":
        rows = expenditure_rows(cells[end:], len(meanings), block)
    elif how.layout == "spaced" and "worked" in meanings:
        rows = rating_rows(cells[end:], meanings, open_end=how.open_end)
    elif how.layout == "spaced" and "indicator" in meanings:
        rows = indicator_rows(cells[end:], meanings, how.total)
    elif all(len(row) == len(meanings) for row in rows_at_breaks(cells[end:])):
        rows = rows_at_breaks(cells[end:])
    else:
        rows = align_rows(cells[end:], meanings, open_end=how.open_end)
    return RawBlock(form, block, len(headers), (*headers, *rows))


def _points_of_total(cells: Sequence[RawCell], index: int) -> Decimal | None:
    """The points that stand behind the word of a total row."""
    return read_quantity(cells[index + 1].text).value


def _block(opening: Opening, cells: Sequence[RawCell], *, open_end: bool) -> RawBlock:
    form, block = opening.form, opening.block
    if block.name == "identity":
        return RawBlock(form, block, 0, _pairs(cells, block))
    if not block.columns:
        return RawBlock(form, block, 0, _one_row(cells, block))
    spaced = cells[0].label not in block.opens
    end = end_of_header(cells, int(spaced), block)
    width, body = end, cells[end:]
    rows = cut_into_rows(body, width, lambda cell: cell.is_blank is block.spacer, open_end=open_end)
    return RawBlock(form, block, 1, (tuple(cells[:end]), *rows))


def _pairs(cells: Sequence[RawCell], block: BlockForm) -> tuple[tuple[RawCell, ...], ...]:
    """Rows of labels and values: a label at a break begins one, the unit's stands in a pair."""
    rows: list[list[RawCell]] = []
    for cell in cells:
        meaning = block.columns.get(cell.label)
        begins = cell.after_break and meaning not in (None, "implementing_unit")
        if begins or not rows:
            rows.append([])
        rows[-1].append(cell)
    return tuple(tuple(row) for row in rows)


def _one_row(cells: Sequence[RawCell], block: BlockForm) -> tuple[tuple[RawCell, ...], ...]:
    """One row of an opening word and what belongs to it; what comes behind stands in rows."""
    wanted = 1 if block.free_text else 3
    word = next((i for i, cell in enumerate(cells) if not cell.is_blank), 0)
    rows: list[list[RawCell]] = [list(cells[: word + 1])]
    for cell in cells[word + 1 :]:
        filled = sum(not other.is_blank for other in rows[0][word + 1 :])
        full = filled >= wanted or (len(rows[0]) > word + wanted and not cell.is_blank)
        if cell.after_break and not cell.is_blank and (full or len(rows) > 1):
            rows.append([])
        rows[-1].append(cell)
    return tuple(tuple(row) for row in rows)
