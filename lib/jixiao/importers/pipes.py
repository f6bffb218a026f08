"""Tables whose cells are kept apart by ``|`` (竖线表), as web pages copied to text have them.

The bars are a stream: a line break between two bars belongs to the cell, and a cell merged with
the one above is simply not there (`align` finds out which). Markdown tables, where each line is
a row between bars, are read line by line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from jixiao.importers.cells import label_of
from jixiao.importers.forms import openings
from jixiao.importers.lines import Line, annex_mark, is_report_title, table_title
from jixiao.importers.raw import RawCell, RawTable

_FEWEST_BARS = 8
_LONGEST_GAP = 8
_RULE_LINE = re.compile(r"\s*\|?[\s:|-]*-{3}[\s:|-]*")
_SOFT_BLANK = " \t\u3000\n"


def zones_of_pipes(lines: Sequence[Line]) -> list[tuple[int, int]]:
    """Find where tables of bars begin and end, as index of the first line and behind the last."""
    zones: list[tuple[int, int]] = []
    for index, line in enumerate(lines):
        if "|" not in line.text or line.starts_cell:
            continue
        if zones and _goes_on(lines, zones[-1][1], index):
            zones[-1] = (zones[-1][0], index + 1)
        else:
            zones.append((index, index + 1))
    return [zone for zone in zones if _bars(lines[slice(*zone)]) >= _FEWEST_BARS]


def _bars(lines: Sequence[Line]) -> int:
    return sum(line.text.count("|") for line in lines)


def _goes_on(lines: Sequence[Line], end: int, index: int) -> bool:
    between = lines[end:index]
    return len(between) <= _LONGEST_GAP and not any(
        line.starts_cell
        or annex_mark(line.text)
        or is_report_title(line.text)
        or table_title(line.text)
        for line in between
    )


def read_zone(
    lines: Sequence[Line], *, ends_document: bool
) -> Iterator[tuple[Line, ...] | RawTable]:
    """Give the lines of the title cells above a table of bars, and the table."""
    cells = list(_rows_of_lines(lines) if _is_markdown(lines) else _cells_of_stream(lines))
    start = next((i for i, cell in enumerate(cells) if cell.label in openings()), 0)
    title = tuple(Line(cell.line, cell.text) for cell in cells[:start] if not cell.is_blank)
    if title:
        yield title
    if cells[start:]:
        yield RawTable(tuple(cells[start:]), ends_document, "piped")


def _is_markdown(lines: Sequence[Line]) -> bool:
    """Whether each line is a row between two bars."""
    filled = [line.text.strip() for line in lines if not line.is_blank]
    whole = [text for text in filled if text.startswith("|") and text.endswith("|")]
    return len(whole) == len(filled) and all(text.count("|") > 1 for text in whole)


def _rows_of_lines(lines: Sequence[Line]) -> Iterator[RawCell]:
    for line in lines:
        if line.is_blank or _RULE_LINE.fullmatch(line.text):
            continue
        for index, text in enumerate(line.text.strip().split("|")[1:-1]):
            yield RawCell(line.number, text.strip(), index == 0, label_of(text))


def _cells_of_stream(lines: Sequence[Line]) -> Iterator[RawCell]:
    pieces = "\n".join(line.text for line in lines).split("|")
    row = 0
    for index, piece in enumerate(pieces):
        text = piece.strip(_SOFT_BLANK)
        lead = piece[: piece.index(text)] if text else ""
        line = lines[row + lead.count("\n")]
        row += piece.count("\n")
        if text or index < len(pieces) - 1:
            begins = bool(text) and ("\n" in lead or index == 0)
            yield RawCell(line.number, text, begins, label_of(text))
