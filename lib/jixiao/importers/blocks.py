"""Finding a form's blocks among the cells of a table (表块)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from jixiao.datum import read_quantity
from jixiao.importers.align import align_rows
from jixiao.importers.forms import BlockForm, Form, known_forms, openings
from jixiao.importers.headers import column_meanings, header_rows
from jixiao.importers.partition import cut_into_rows
from jixiao.importers.raw import Layout, RawCell, RawTable
from jixiao.importers.spaced import budget_rows, indicator_rows

#: Header columns we have no word for: at most so many stand behind the last known one.
_MOST_UNKNOWN_COLUMNS = 3
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


@dataclass(frozen=True, slots=True)
class _Opening:
    start: int
    form: Form
    block: BlockForm


def find_blocks(table: RawTable) -> tuple[RawBlock, ...]:
    """Cut a table's cells into the blocks of the forms we know.

    Cells before the first opening word belong to no block and are left out. A table of which
    no word is known has no blocks.
    """
    cells = _with_breaks(table.cells)
    found = _find_openings(cells)
    blocks = []
    for index, opening in enumerate(found):
        is_last = index == len(found) - 1
        end = len(cells) if is_last else found[index + 1].start
        open_end = is_last and table.ends_document
        cells_of_block = cells[opening.start : end]
        if table.layout in ("tabbed", "joined"):
            blocks.append(_block(opening, cells_of_block, open_end=open_end))
        else:
            total = _total_behind(cells[end:])
            cut = _Body(table.layout, open_end=open_end, total=total)
            blocks.append(_recovered(opening, cells_of_block, cut))
    return tuple(blocks)


def _with_breaks(cells: Sequence[RawCell]) -> Sequence[RawCell]:
    """Where an editor took the blank lines out, every cell may begin a row."""
    if sum(cell.after_break for cell in cells) * _CELLS_OF_LONGEST_ROW >= len(cells):
        return cells
    return [replace(cell, after_break=True) for cell in cells]


def _find_openings(cells: Sequence[RawCell]) -> list[_Opening]:
    found: list[_Opening] = []
    header_end = 0
    for index, cell in enumerate(cells):
        candidates = openings().get(cell.label, ()) if index >= header_end else ()
        for form, block in candidates:
            if not _may_open(cells, index, block, found):
                continue
            behind_spacer = cell.label in block.spaced and _is_spacer(cells, index - 1)
            found.append(_Opening(index - behind_spacer, form, block))
            header_end = _end_of_header(cells, index, block)
            break
    return found


def _may_open(
    cells: Sequence[RawCell], index: int, block: BlockForm, found: Sequence[_Opening]
) -> bool:
    names = {opening.block.name for opening in found}
    if block.after and block.after not in names:
        return False
    if block.name == "identity" and found and found[-1].block.name == "indicators":
        total = known_forms()[0].block("total").opens
        return cells[index].after_break and cells[index].label not in total
    if not block.columns or block.name == "identity":
        return cells[index].after_break
    followed = any(block.column(cell.text) for cell in cells[index : index + 3])
    if found and found[-1].block.name in (block.name, "total") and not followed:
        return False
    return followed or cells[index].after_break


def _is_spacer(cells: Sequence[RawCell], index: int) -> bool:
    return index >= 0 and cells[index].is_blank and cells[index].after_break


def _end_of_header(cells: Sequence[RawCell], opening: int, block: BlockForm) -> int:
    """Give the index behind the last cell of the header that begins at an opening word."""
    if not block.columns or block.name == "identity":
        return opening + 1
    seen = {cells[opening].label}
    index = opening + 1
    while index < len(cells):
        ahead = index + 1 if cells[index].is_blank and index + 1 < len(cells) else index
        label = cells[ahead].label
        if label not in seen and block.column(cells[ahead].text):
            seen.add(label)
            index = ahead + 1
        elif rest := _unknown_columns(cells, index):
            index += rest
        else:
            break
    return index


def _unknown_columns(cells: Sequence[RawCell], index: int) -> int:
    """Count the cells from here to the end of the row, 0 where they are too many for a header."""
    for count in range(_MOST_UNKNOWN_COLUMNS + 1):
        if index + count >= len(cells) or cells[index + count].after_break:
            return count
    return 0


def _recovered(opening: _Opening, cells: Sequence[RawCell], how: _Body) -> RawBlock:
    """One block of a table whose merged cells or borders are gone."""
    form, block = opening.form, opening.block
    if not block.columns or block.name == "identity":
        return _block(opening, cells, open_end=how.open_end)
    end = _end_of_header(cells, int(cells[0].label not in block.opens), block)
    headers = header_rows(cells[:end], block)
    meanings = column_meanings([cell.text for cell in headers[-1]], block)
    if how.layout == "spaced" and block.name == "budget":
        rows = budget_rows(cells[end:], meanings)
    elif how.layout == "spaced" and "indicator" in meanings:
        rows = indicator_rows(cells[end:], meanings, how.total)
    else:
        rows = align_rows(cells[end:], meanings, open_end=how.open_end)
    return RawBlock(form, block, len(headers), (*headers, *rows))


def _total_behind(cells: Sequence[RawCell]) -> Decimal | None:
    """The points of the total row behind a block, None where there is none."""
    opens = known_forms()[0].block("total").opens
    for cell, following in pairwise(cells):
        if cell.label in opens:
            return read_quantity(following.text).value
    return None


def _block(opening: _Opening, cells: Sequence[RawCell], *, open_end: bool) -> RawBlock:
    form, block = opening.form, opening.block
    if block.name == "identity":
        return RawBlock(form, block, 0, _pairs(cells, block))
    if not block.columns:
        return RawBlock(form, block, 0, _one_row(cells, block))
    spaced = cells[0].label not in block.opens
    end = _end_of_header(cells, int(spaced), block)
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
    rows: list[list[RawCell]] = [[cells[0]]]
    for cell in cells[1:]:
        filled = sum(not other.is_blank for other in rows[0][1:])
        full = filled >= wanted or (len(rows[0]) > wanted and not cell.is_blank)
        if cell.after_break and not cell.is_blank and (full or len(rows) > 1):
            rows.append([])
        rows[-1].append(cell)
    return tuple(tuple(row) for row in rows)
