"""The narrative of a filing (正文): headings as printed, paragraphs under them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from jixiao.datum import Source
from jixiao.importers.cells import clean, filed
from jixiao.importers.lines import (
    Line,
    Ordinal,
    is_report_title,
    looks_like_heading,
    opens_annex_list,
    ordinal_of,
)
from jixiao.model import Filed, Section

#: The characters behind which a line may end a paragraph; behind any other the next line goes on.
_FULL_STOP = re.compile(r"[。；;：:！？!?…”）)】》]$")
_STYLES = ("hanzi", "hanzi_in_brackets", "digit", "digit_in_brackets")


@dataclass(slots=True)
class _Open:
    """A section while its paragraphs are gathered."""

    heading: Filed
    ordinal: Ordinal
    level: int
    paragraphs: list[Filed] = field(default_factory=list)


def paragraphs_of(lines: Sequence[Line], address: Callable[[Line, str], Source]) -> list[Filed]:
    """Join the lines of each paragraph; the address is the first line's, the text all lines'.

    Titles, the unit's name above them and the list of annexes at the end are left out.
    """
    groups: list[list[Line]] = []
    goes_on = False
    for line in _body(lines):
        if line.is_blank:
            goes_on = False
        elif goes_on and ordinal_of(line.text) is None:
            groups[-1].append(line)
            goes_on = _is_unfinished(line)
        else:
            groups.append([line])
            goes_on = _is_unfinished(line) and not looks_like_heading(line.text)
    return [filed(address(group[0], "\n".join(line.text for line in group))) for group in groups]


def _is_unfinished(line: Line) -> bool:
    return _FULL_STOP.search(clean(line.text)) is None


def _body(lines: Sequence[Line]) -> list[Line]:
    """The lines between the title and the list of annexes."""
    titles = [index for index, line in enumerate(lines) if is_report_title(line.text)]
    body = lines[titles[0] + 1 :] if titles else lines
    end = next((i for i, line in enumerate(body) if opens_annex_list(line.text)), len(body))
    return list(body[:end])


def read_sections(paragraphs: Sequence[Filed], evaluation: str) -> tuple[Section, ...]:
    """Read headings with the paragraphs under them; what stands before the first is left out.

    The level follows from how headings are nested: ``一、`` is 1, ``（一）`` 2, ``1、`` 3,
    ``（1）`` 4, one less for each level in between that is not in use. ``2、`` after ``一、`` is
    level 1 too: an automatic number that lost its style.
    """
    open_sections: list[_Open] = []
    for paragraph in paragraphs:
        ordinal = ordinal_of(paragraph.text)
        if ordinal and looks_like_heading(paragraph.text):
            level = _level(ordinal, open_sections)
            open_sections.append(_Open(paragraph, ordinal, level))
        elif open_sections:
            open_sections[-1].paragraphs.append(paragraph)
    return tuple(
        Section(evaluation, s.heading, s.ordinal.printed, s.level, tuple(s.paragraphs))
        for s in open_sections
    )


def _level(ordinal: Ordinal, above: Sequence[_Open]) -> int:
    """The level of a heading, given those above it."""
    if ordinal.style == "hanzi":
        return 1
    chain = _chain(above)
    if ordinal.style == "digit" and not _follows(ordinal, chain):
        top = [section for section in above if section.level == 1]
        if ordinal.value == (top[-1].ordinal.value + 1 if top else 1):
            return 1
    rank = _STYLES.index(ordinal.style)
    parents = [section for section in chain if _rank(section) < rank]
    return parents[-1].level + 1 if parents else 1


def _rank(section: _Open) -> int:
    """A level-1 heading ranks as 一、 whatever its number looks like."""
    return 0 if section.level == 1 else _STYLES.index(section.ordinal.style)


def _chain(above: Sequence[_Open]) -> list[_Open]:
    """The headings that are open at this place, from the outermost in."""
    chain: list[_Open] = []
    for section in above:
        chain = [outer for outer in chain if outer.level < section.level] + [section]
    return chain


def _follows(ordinal: Ordinal, chain: Sequence[_Open]) -> bool:
    """Whether a number goes on counting the headings of its style that are open here."""
    return any(
        section.ordinal.style == ordinal.style
        and section.level > 1
        and section.ordinal.value + 1 == ordinal.value
        for section in chain
    )
