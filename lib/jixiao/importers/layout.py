"""Where tables begin and end in a text export (版面).

A line that starts with a tab begins one cell; lines without a tab continue it, blank ones
too. So only the words tell where a table ends and running text goes on. Pages copied from the
web keep cells apart by ``|`` instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from jixiao.importers.cells import label_of, squeeze
from jixiao.importers.forms import known_forms, openings
from jixiao.importers.joined import joined_table
from jixiao.importers.lines import (
    Line,
    annex_mark,
    begins_footer,
    begins_note,
    is_report_title,
    looks_like_heading,
    ordinal_of,
    table_title,
)
from jixiao.importers.pipes import read_zone, zones_of_pipes
from jixiao.importers.raw import RawCell, RawTable
from jixiao.importers.words import split_words

_NUMBER_LEFT_OVER = re.compile(r"[0-9０-９.．,，]*(?:分|%|％)?")
_NAME_OF_UNIT = re.compile(r"[\u4e00-\u9fff（）()]{4,30}")


__all__ = ["RawCell", "RawTable", "Stretch", "split_tables"]

Stretch = tuple[Line, ...] | RawTable

#: A label is told by the first lines of its cell.
_LABEL_LINES = 50


def split_tables(lines: Sequence[Line]) -> tuple[Stretch, ...]:
    """Cut the document into stretches of running text and tables, in order."""
    stretches: list[Stretch] = []
    done = 0
    for start, end in zones_of_pipes(lines):
        stretches.extend(_tabbed(lines[done:start], ends_document=False))
        stretches.extend(read_zone(lines[start:end], ends_document=end == len(lines)))
        done = end
    stretches.extend(_tabbed(lines[done:], ends_document=True))
    return tuple(stretches)


def _tabbed(lines: Sequence[Line], *, ends_document: bool) -> Iterator[Stretch]:
    goes_on = _tables_that_go_on(lines)
    start = 0
    while start < len(lines):
        in_table = lines[start].starts_cell
        end = _end_of_table(lines, start, goes_on) if in_table else _end_of_text(lines, start)
        part = tuple(lines[start:end])
        ends = ends_document and end == len(lines)
        if in_table:
            yield RawTable(_cells(part), ends)
        else:
            joined = tuple(joined_table(part, ends_document=ends))
            yield from joined or split_words(part, ends_document=ends)
        start = end


def _end_of_text(lines: Sequence[Line], start: int) -> int:
    return next((i for i in range(start, len(lines)) if lines[i].starts_cell), len(lines))


def _end_of_table(lines: Sequence[Line], start: int, goes_on: Sequence[bool]) -> int:
    cells: list[list[str]] = []
    for index in range(start, len(lines)):
        line = lines[index]
        if line.starts_cell:
            cells.append([line.text])
        elif line.is_blank or not _text_goes_on(lines, index, cells, goes_on[index]):
            cells[-1].append(line.text)
        else:
            return index
    return len(lines)


def _text_goes_on(
    lines: Sequence[Line], index: int, cells: list[list[str]], table_goes_on: bool
) -> bool:
    """Whether a line without a tab is running text, not the rest of the cell above it."""
    text = lines[index].text
    if _opens_part(text) or begins_footer(text) or (begins_note(text) and not table_goes_on):
        return True
    if _NAME_OF_UNIT.fullmatch(squeeze(text)) and _title_follows(lines, index):
        return True
    if _is_complete([label_of("\n".join(cell[:_LABEL_LINES])) for cell in cells[-5:]]):
        return not _NUMBER_LEFT_OVER.fullmatch(squeeze(text))
    ordinal = ordinal_of(text)
    if ordinal is None or ordinal.style != "hanzi" or not looks_like_heading(text):
        return False
    return not _in_free_text(cells) and not table_goes_on


def _opens_part(text: str) -> bool:
    return bool(annex_mark(text) or is_report_title(text) or table_title(text))


def _tables_that_go_on(lines: Sequence[Line]) -> list[bool]:
    """Whether, behind each line, more cells of the same table follow before anything else begins.

    Found in one walk from the end, so that a cell of thousands of lines is no burden.
    """
    found = [False] * len(lines)
    follows = False
    for index in range(len(lines) - 1, -1, -1):
        found[index] = follows
        line = lines[index]
        if line.starts_cell:
            follows = label_of(line.text) not in openings()
        elif _opens_part(line.text) or begins_footer(line.text):
            follows = False
    return found


def _title_follows(lines: Sequence[Line], index: int) -> bool:
    following = (line.text for line in lines[index + 1 : index + 4] if not line.is_blank)
    text = next(following, "")
    return is_report_title(text) or table_title(text) is not None


def _is_complete(labels: Sequence[str]) -> bool:
    """Whether the last row is a total row whose last cell is filled."""
    total = known_forms()[0].block("total").opens
    return bool(labels[-1]) and any(label in total for label in labels[:-1])


def _in_free_text(cells: list[list[str]]) -> bool:
    """Whether the last words of a form that were seen open a block of running text."""
    for cell in reversed(cells):
        label = label_of("\n".join(cell))
        if label in openings():
            return any(block.free_text for _, block in openings()[label])
    return False


def _cells(lines: Sequence[Line]) -> tuple[RawCell, ...]:
    cells: list[RawCell] = []
    start, after_break = 0, True
    for index in range(1, len(lines) + 1):
        if index < len(lines) and not lines[index].starts_cell:
            continue
        text = "\n".join(line.text for line in lines[start:index])
        text = text.rstrip("\n")
        cells.append(RawCell(lines[start].number, text, after_break, label_of(text)))
        start, after_break = index, lines[index - 1].is_blank and not lines[index - 1].starts_cell
    return tuple(cells)
