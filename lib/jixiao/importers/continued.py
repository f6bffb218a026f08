"""One form over several tables (续表): a table that only goes on with the one before it.

Word breaks a form where a page ends or where its author drew a new table, and forms print a
heading (二、项目资金) above each block.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from jixiao.importers.grid_tables import names_of_blocks
from jixiao.importers.layout import Stretch
from jixiao.importers.raw import RawTable
from jixiao.importers.running_rows import opens_part

#: Headings between two tables of one form; more, or longer ones, are a text of their own.
_MOST_LINES, _LONGEST_LINE = 3, 40
#: A form has some 500 cells; each table put behind it is looked through with all before it.
_MOST_CELLS = 3_000
#: Blocks of many rows, which begin anew on the next page with their header.
_LONG = ("indicators", "expenditure")
#: Blocks that begin a form, and the block that ends one.
_FIRST, _LAST = ("identity", "staff"), ("total", "austerity")


def join_tables(
    stretches: Iterable[Stretch], behind: Callable[[RawTable, RawTable], None]
) -> list[Stretch]:
    """Put tables that go on with an earlier one behind it.

    Parameters
    ----------
    behind : is told of each table that is put behind another, before it is.
    """
    found: list[Stretch] = []
    last: int | None = None
    for stretch in stretches:
        if not isinstance(stretch, RawTable):
            lines = [line for line in stretch if not line.is_blank]
            is_heading = len(lines) <= _MOST_LINES and not any(
                len(line.text) > _LONGEST_LINE or opens_part(line.text) for line in lines
            )
            last = last if is_heading else None
            found.append(stretch)
            continue
        before = found[last] if last is not None else None
        if last is not None and isinstance(before, RawTable) and _goes_on(before, stretch):
            behind(before, stretch)
            found[last] = replace(before, cells=(*before.cells, *stretch.cells))
        else:
            last = len(found)
            found.append(stretch)
    return found


def _goes_on(before: RawTable, table: RawTable) -> bool:
    """Whether a table holds only blocks that the form before it still lacks, or more rows."""
    if len(before.cells) > _MOST_CELLS:
        return False
    there = names_of_blocks(before.cells)
    if not there or there[-1] in _LAST:
        return False
    both = names_of_blocks((*before.cells, *table.cells))
    more = both[len(there) :]
    if both[: len(there)] != there:
        return False
    if not more:
        return _width(table) == _width(before)
    again = set(more) & set(there)
    return more[0] not in _FIRST and (not again or (again == {there[-1]} and more[0] in _LONG))


def _width(table: RawTable) -> int:
    return max(cell.at + cell.width for cell in table.cells)
