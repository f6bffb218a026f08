"""The running text of a report (正文), as it was filed, line by line: titles, headings, paragraphs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from jixiao.datum import Source, strip_blank
from jixiao.model import Evaluation, Filing
from jixiao.publish.forms.words import text_of

_NARRATIVE = "正文"
Style: TypeAlias = Literal["title", "first", "second", "third", "body"]
_LEVELS: tuple[Style, ...] = ("first", "second", "third")
#: A line above the first heading that is no sentence, and short, is part of the title.
_LONGEST_TITLE = 40


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One line of running text (段落) and how it is set."""

    text: str
    style: Style


def narrative_of(filing: Filing, evaluation: Evaluation) -> tuple[Paragraph, ...]:
    """Give the running text that belongs to an evaluation; none where only its table was filed."""
    headings = {
        section.heading.source.anchor: section.level
        for section in filing.sections
        if section.evaluation == evaluation.key
    }
    return tuple(_paragraphs(_lines(filing, evaluation), headings))


def _lines(filing: Filing, evaluation: Evaluation) -> list[Source]:
    """The lines of the part that the evaluation's report stands in, outside of tables."""
    in_tables = {cell.anchor for grid in filing.grids for row in grid.rows for cell in row.cells}
    part = _part_of(filing, evaluation)
    return [
        line
        for line in filing.lines
        if line.table is None and line.part == part and line.anchor not in in_tables
    ]


def _part_of(filing: Filing, evaluation: Evaluation) -> str:
    own = f"{text_of(evaluation.project)} {_NARRATIVE}".strip()
    parts = {line.part for line in filing.lines if line.part.endswith(_NARRATIVE)}
    if evaluation.kind == "project" and own in parts:
        return own
    # The first report of a filing may go by no project's name.
    is_first = filing.evaluations[0].key == evaluation.key
    return _NARRATIVE if is_first and _NARRATIVE in parts else "—"


def _paragraphs(lines: Sequence[Source], headings: dict[str, int]) -> Iterator[Paragraph]:
    above = True
    for line in lines:
        text = strip_blank(line.text)
        if not text:
            continue
        level = headings.get(line.anchor)
        if level is not None:
            above = False
            yield Paragraph(text, _LEVELS[min(level, len(_LEVELS)) - 1])
        elif above and len(text) <= _LONGEST_TITLE and not text.endswith(("。", "：", ":", "；")):
            yield Paragraph(text, "title")
        else:
            above = False
            yield Paragraph(text, "body")
