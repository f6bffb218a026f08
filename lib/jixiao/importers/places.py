"""Addresses in the documents of a filing (出处): which part a line belongs to, and the `Source` of a cell."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from jixiao.datum import Source
from jixiao.importers.cells import squeeze
from jixiao.importers.lines import Line
from jixiao.importers.outline import Part
from jixiao.importers.raw import RawCell
from jixiao.importers.structure import Structure
from jixiao.importers.tables import Address
from jixiao.model import Document

_NARRATIVE = "正文"
#: The line that a cell begins on, and which cell of the line it is; 0 where it has its lines to itself.
Spot: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Places:
    """Makes the addresses of one filing's documents.

    ``documents`` gives for each the number of its first line. In a document whose cells have a
    place of their own, ``coordinates`` gives it by the number of the cell's first line, and
    ``made`` keeps the address made for each line of a cell. ``spots`` leads back from an anchor
    to the line that the cell begins on, counted through all documents, and to its place on it.
    """

    documents: tuple[tuple[int, Document], ...]
    starts: tuple[int, ...]
    names: tuple[str, ...]
    coordinates: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    made: dict[int, Source] = field(default_factory=dict)
    spots: dict[str, Spot] = field(default_factory=dict)

    @classmethod
    def of(cls, structure: Structure, parts: Sequence[Part]) -> Places:
        """Name the parts of the documents: 正文, 附件1, 社区矫正 正文; in a workbook by its sheets."""
        starts = tuple(part.first_line for part in parts)
        sheets = structure.sheets
        names = tuple(_sheet_at(part.first_line, sheets) or _name(part, parts) for part in parts)
        return cls(tuple(structure.documents), starts, names, structure.coordinates)

    def document_at(self, line: int) -> Document:
        """Give the document in which a line stands."""
        return self.documents[self._number(line) - 1][1]

    def _number(self, line: int) -> int:
        return max(1, bisect_right(self.documents, line, key=lambda document: document[0]))

    def part_of(self, line: int) -> str:
        """Name the part a line belongs to."""
        return self.names[max(0, bisect_right(self.starts, line) - 1)] if self.names else ""

    def line(self, line: Line, text: str | None = None) -> Source:
        """Give the address of a line; `text` where it begins a paragraph of several lines."""
        if line.number in self.made:
            return self.made[line.number]
        found = line.text if text is None else text
        part = self.part_of(line.number)
        row, column = self.coordinates.get(line.number, (None, None))
        source = self._source(part, None, (row, column), line.number, found)
        self.spots.setdefault(source.anchor, (line.number, 0))
        return source

    def cells(self, part: str) -> Address:
        """Give the maker of the addresses of a table's cells."""

        def address(table: int, row: int, column: int, cell: RawCell) -> Source:
            line, text = cell.line, cell.text
            own = self.coordinates.get(line)
            source = self._source(part, table, own or (row, column), line, text)
            self.spots[source.anchor] = (line, cell.place)
            if own:
                source = replace(source, line=None)
                self.made.update(dict.fromkeys(range(line, line + text.count("\n") + 1), source))
            return source

        return address

    def _source(
        self,
        part: str,
        table: int | None,
        place: tuple[int | None, int | None],
        line: int,
        text: str,
    ) -> Source:
        number = self._number(line)
        first, document = self.documents[number - 1]
        at = line - first + 1
        return Source(document.file, document.sha256, part, table, *place, at, text, number)


def _sheet_at(line: int, sheets: Sequence[tuple[int, str]]) -> str:
    return next((name for first, name in reversed(sheets) if first <= line), "")


def _name(part: Part, parts: Sequence[Part]) -> str:
    if part.kind == "project":
        return f"{_project_of(part, parts)} {_NARRATIVE}".strip()
    if part.is_narrative or part.kind == "front":
        return _NARRATIVE
    mark = part.mark or squeeze(part.title.text if part.title else "表")
    projects = set(part.filed_projects())
    if len(projects) == 1 and not mark[-1:].isdigit():
        return f"{projects.pop()} {mark}"
    return mark


def _project_of(narrative: Part, parts: Sequence[Part]) -> str:
    """The project's name as its table files it, where the title leaves no doubt which it is."""
    named = narrative.project_name
    filed = [name for part in parts for name in part.filed_projects()]
    matching = [name for name in filed if named and (named in name or name in named)]
    return matching[0] if matching else named or (filed[0] if len(filed) == 1 else "")
