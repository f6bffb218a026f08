"""Tables of which a text kept the words but not the cells (散词表).

A page copied without its borders leaves words and numbers with blanks between them. The words of
the forms tell where such a table begins, and which pieces belong to one word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise

from jixiao.importers.cells import label_of
from jixiao.importers.forms import BlockForm, known_forms, openings, words_of_categories
from jixiao.importers.lines import Line, begins_note, is_report_title
from jixiao.importers.raw import RawCell, RawTable

_PIECE = re.compile(r"\S+")
_HALF_NUMBER, _OTHER_HALF = re.compile(r"[0-9]+\."), re.compile(r"[0-9]+%?\.?")
_NUMBER_AND_STOP = re.compile(r"([0-9]+\.[0-9]+)\.")
_BRACKET = re.compile(r"[（(][^（()）]{1,6}[)）]")
_MOST_PIECES = 4
_FEWEST_COLUMNS, _FEWEST_HEADERS = 3, 2
_LINES_OF_IDENTITY = 8


def split_words(
    lines: Sequence[Line], *, ends_document: bool
) -> Iterator[tuple[Line, ...] | RawTable]:
    """Cut running text into text and a table without borders, in order."""
    cells = words_of(lines)
    start = _start_of_table(cells)
    if start is None:
        yield tuple(lines)
        return
    first = cells[start].line
    end = _end_of_table(lines, first)
    above = [line for line in lines if line.number < first]
    above += [Line(cell.line, cell.text) for cell in cells[:start] if cell.line == first]
    below = tuple(line for line in lines if line.number >= end)
    if above:
        yield tuple(above)
    inside = tuple(cell for cell in cells[start:] if cell.line < end)
    yield RawTable(inside, ends_document and not below, "spaced")
    if below:
        yield below


def words_of(lines: Sequence[Line]) -> list[RawCell]:
    r"""Cut lines at white space, and join the pieces of a word of the forms or of a number.

    >>> [cell.label for cell in words_of([Line(1, "经济效益"), Line(2, "指标 95."), Line(3, "10%")])]
    ['经济效益指标', '95.10%']
    """
    pieces = [
        _piece(line.number, match[0], begins=index == 0)
        for line in lines
        for index, match in enumerate(_PIECE.finditer(line.text))
    ]
    found: list[RawCell] = []
    index = 0
    while index < len(pieces):
        count = _pieces_of_word(pieces, index)
        found.append(_join(pieces[index : index + count]))
        index += count
    return found


def _piece(line: int, text: str, *, begins: bool) -> RawCell:
    """One piece; a full stop behind a decimal ends a sentence and is no part of the number."""
    number = _NUMBER_AND_STOP.fullmatch(text)
    filed = number[1] if number else text
    return RawCell(line, filed, begins, label_of(filed))


def _pieces_of_word(pieces: Sequence[RawCell], index: int) -> int:
    if _HALF_NUMBER.fullmatch(pieces[index].text) and index + 1 < len(pieces):
        return 1 + bool(_OTHER_HALF.fullmatch(pieces[index + 1].text))
    label, longest = "", 1
    for count, piece in enumerate(pieces[index : index + _MOST_PIECES], start=1):
        if not pieces[index].label or not label_of(piece.text.strip("0123456789.%")):
            if longest == count - 1 and _belongs_to(pieces[index + longest - 1 : index + count]):
                longest = count
            break
        label += piece.label
        if label in _known_words():
            longest = count
    return longest


def _belongs_to(both: Sequence[RawCell]) -> bool:
    """Whether a bracket goes with the word before it: points with a category only."""
    if len(both) < 2 or not _BRACKET.fullmatch(both[1].text):
        return False
    categories, _ = words_of_categories()
    is_points = "分" in both[1].text
    return both[0].label in (categories if is_points else _known_words())


def _join(pieces: Sequence[RawCell]) -> RawCell:
    text = pieces[0].text
    for before, piece in pairwise(pieces):
        text += (" " if before.line == piece.line else "\n") + piece.text
    return RawCell(pieces[0].line, text, pieces[0].after_break, label_of(text))


@cache
def _known_words() -> frozenset[str]:
    """All words of the forms that may be broken into pieces."""
    found: set[str] = set(openings())
    for form in known_forms():
        found.update(form.categories, *form.categories.values())
        for block in form.blocks:
            found.update(block.columns, *block.labels.values())
    return frozenset(found)


def _start_of_table(cells: Sequence[RawCell]) -> int | None:
    """The cell that opens the table, None where too few headers of the forms stand in a row."""
    headers = [
        index
        for index, cell in enumerate(cells)
        for _, block in openings().get(cell.label, ())
        if block.name != "identity" and _counts_as_header(cells, index, block)
    ]
    if len(headers) < _FEWEST_HEADERS:
        return None
    top = cells[headers[0]].line - _LINES_OF_IDENTITY
    for index, cell in enumerate(cells[: headers[0]]):
        opens = openings().get(cell.label, ())
        if cell.line >= top and cell.after_break and any(b.name == "identity" for _, b in opens):
            return index
    return headers[0]


def _counts_as_header(cells: Sequence[RawCell], index: int, block: BlockForm) -> bool:
    following = cells[index + 1 : index + 1 + _FEWEST_COLUMNS]
    known = sum(block.column(cell.text) is not None for cell in following)
    return known >= min(_FEWEST_COLUMNS, 2 if block.free_text else _FEWEST_COLUMNS)


def _end_of_table(lines: Sequence[Line], first: int) -> int:
    """The line a note or another part begins on, else the one behind the last."""
    for line in lines:
        if line.number > first and (begins_note(line.text) or is_report_title(line.text)):
            return line.number
    return lines[-1].number + 1
