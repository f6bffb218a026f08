"""Rows of a sheet told apart (工作表分行): which are running text, which are rows of a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from jixiao.importers.content import Cell, CellTable, Piece, Remark, Text
from jixiao.importers.running_rows import rows_of_text
from jixiao.importers.sheet_places import Place


@dataclass(slots=True)
class Rows:
    """The visible cells of a sheet, and which merged range lies over which.

    ``ranges`` gives for the first cell of a range the last one; ``crossing`` for each row the
    ranges in it: first column → first cell and width.
    """

    texts: Mapping[Place, str]
    remarks: Mapping[Place, tuple[Remark, ...]]
    ranges: Mapping[Place, Place]
    hidden_columns: frozenset[int]
    crossing: dict[int, dict[int, tuple[Place, int]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Lay the merged ranges over the rows; in each row a range is one cell."""
        for start, end in self.ranges.items():
            width = end[1] - start[1] + 1
            for row in range(start[0], end[0] + 1):
                self.crossing.setdefault(row, {})[start[1]] = (start, width)

    def pieces(self) -> Iterator[Piece]:
        """Give running text and tables from top to bottom."""
        filled = sorted(self._filled().items())
        texts = [
            [self.texts.get((row, column), "") for column in columns] for row, columns in filled
        ]
        covered = [self._goes_on(row) for row, _ in filled]
        table: list[int] = []
        for (row, columns), is_text in zip(filled, rows_of_text(texts, covered), strict=True):
            if not is_text:
                table.append(row)
                continue
            if table:
                yield self._table(table)
                table = []
            yield self._text(row, columns)
        if table:
            yield self._table(table)

    def _filled(self) -> dict[int, list[int]]:
        """The filled columns of each row that prints anything, or that a merged range crosses."""
        filled: dict[int, list[int]] = {}
        for row, column in sorted({*self.texts, *self.remarks}):
            filled.setdefault(row, []).append(column)
        for row in self.crossing:
            if self._goes_on(row):
                filled.setdefault(row, [])
        return filled

    def _goes_on(self, row: int) -> bool:
        """Whether a merged range with a text reaches into this row from above."""
        ranges = self.crossing.get(row, {}).values()
        return any(start[0] < row and start in self.texts for start, _ in ranges)

    def _text(self, row: int, filled: list[int]) -> Text:
        words = [text for column in filled if (text := self.texts.get((row, column), ""))]
        remarks = [r for column in filled for r in self.remarks.get((row, column), ())]
        return Text("  ".join(words), row, filled[0] if filled else 1, tuple(remarks))

    def _table(self, numbers: list[int]) -> CellTable:
        among = set(numbers)
        places = [place for place in self.texts if place[0] in among]
        first = min((column for _, column in places), default=1)
        last = max((self.ranges.get(place, place)[1] for place in places), default=1)
        rows = (tuple(self._row(row, first, last)) for row in numbers)
        return CellTable(tuple(row for row in rows if row))

    def _row(self, row: int, first: int, last: int) -> Iterator[Cell]:
        crossing = self.crossing.get(row, {})
        column = first
        while column <= last:
            start, width = crossing.get(column, ((row, column), 1))
            if width > 1 or column not in self.hidden_columns:
                covered = start[0] != row
                text = "" if covered else self.texts.get((row, column), "")
                remarks = self.remarks.get((row, column), ())
                yield Cell(text, row, column, width, remarks, covered=covered)
            column += width
