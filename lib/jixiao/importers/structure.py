"""From a document's content to the lines and tables all importers work on (结构).

Every line of text gets a number, those in cells too, so that places can be compared. A cell's
address is its place in the table, never that number.

>>> structure = Structure()
>>> content = Content("docx", (Sheet("", (Text("一"), Text("二"))),))
>>> structure.add_content(Document("a.docx", "", "docx"), content)
>>> [(line.number, line.text) for line in structure.lines]
[(1, '一'), (2, '二')]
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from jixiao.importers.cells import is_blank, label_of
from jixiao.importers.content import Cell, CellTable, Content, Piece, Remark, Sheet, Text
from jixiao.importers.continued import join_tables
from jixiao.importers.layout import RawCell, RawTable, Stretch, split_tables
from jixiao.importers.lines import Line, split_lines
from jixiao.importers.raw import tell_apart
from jixiao.importers.running_rows import is_word_of_form, rows_of_text
from jixiao.model import Document


@dataclass(slots=True)
class Structure:
    """One filing's documents as lines and tables (结构), built up document by document.

    Lines are numbered through all documents; ``documents`` gives the first of each.
    ``coordinates`` gives for the number of a cell's first line its row and column, also for
    text that stands in a sheet; ``remarks`` what a reader met, with the
    number of the line where; negative for what concerns the sheet or document that begins there.
    """

    lines: list[Line] = field(default_factory=list)
    stretches: list[list[Stretch]] = field(default_factory=list)
    sheets: list[tuple[int, str]] = field(default_factory=list)
    documents: list[tuple[int, Document]] = field(default_factory=list)
    coordinates: dict[int, tuple[int, int]] = field(default_factory=dict)
    in_cells: set[int] = field(default_factory=set)
    remarks: list[tuple[int, str, Remark]] = field(default_factory=list)

    def add_content(self, document: Document, content: Content) -> None:
        """Add a document of sheets, paragraphs and tables."""
        self._begin(document)
        first = len(self.lines) + 1
        for sheet in content.sheets:
            self._add_sheet(sheet)
        self.remarks += [(-first, "", remark) for remark in content.remarks]
        if len(self.lines) < first:
            self._lines("")

    def add_text(self, document: Document, text: str) -> None:
        """Add a text export: its lines, and the tables that its words tell."""
        self._begin(document)
        first = len(self.lines) + 1
        lines = split_lines(text, first) or (Line(first, ""),)
        self.lines += lines
        self.sheets.append((first, ""))
        self.stretches.append(
            [tell_apart(s) if isinstance(s, RawTable) else s for s in split_tables(lines)]
        )

    def _begin(self, document: Document) -> None:
        self.documents.append((len(self.lines) + 1, document))

    def _add_sheet(self, sheet: Sheet) -> None:
        """Add one sheet; a document that has none is one without a name."""
        first = len(self.lines) + 1
        self.sheets.append((first, sheet.name))
        self.stretches.append(join_tables(self._stretches(sheet.pieces), self._number_behind))
        self.remarks += [(-first, sheet.name, remark) for remark in sheet.remarks]

    def _stretches(self, pieces: Sequence[Piece]) -> Iterator[Stretch]:
        running: list[Line] = []
        for piece in pieces:
            for part in _apart(piece) if isinstance(piece, CellTable) else (piece,):
                if isinstance(part, Text):
                    running += self._text(part)
                    continue
                if running:
                    yield tuple(running)
                    running = []
                yield self._table(part)
        if running:
            yield tuple(running)

    def _number_behind(self, before: RawTable, table: RawTable) -> None:
        """Let the rows of a table count on from those of the table it is put behind."""
        last = self.coordinates[before.cells[-1].line][0]
        if self.coordinates[table.cells[0].line][0] > last:
            return
        for cell in table.cells:
            row, column = self.coordinates[cell.line]
            self.coordinates[cell.line] = row + last, column

    def _text(self, piece: Text) -> tuple[Line, ...]:
        lines = self._lines(piece.text)
        if piece.row is not None and piece.column is not None:
            self.coordinates |= {line.number: (piece.row, piece.column) for line in lines}
        self.remarks += [(lines[0].number, "", remark) for remark in piece.remarks]
        return lines

    def _table(self, table: CellTable) -> RawTable:
        cells: list[RawCell] = []
        for row in table.rows:
            at = 1
            for index, cell in enumerate(row):
                text = cell.text.rstrip("\n")
                lines = self._lines(text)
                self.coordinates[lines[0].number] = (cell.row, cell.column)
                self.in_cells |= {line.number for line in lines}
                cells.append(
                    RawCell(
                        lines[0].number, text, index == 0, label_of(text),
                        at=at, width=cell.columns, covered=cell.covered,
                    )
                )  # fmt: skip
                at += cell.columns
                self.remarks += [(lines[0].number, "", remark) for remark in cell.remarks]
        return RawTable(tuple(cells), ends_document=False, layout="gridded")

    def _lines(self, text: str) -> tuple[Line, ...]:
        first = len(self.lines) + 1
        parts = text.split("\n") if "\r" not in text else [p.text for p in split_lines(text)]
        lines = tuple(Line(first + offset, part) for offset, part in enumerate(parts or [""]))
        self.lines.extend(lines)
        return lines


def _apart(table: CellTable) -> Iterator[Piece]:
    """Give a table and, before, between and behind its rows, those that are running text."""
    texts = [[cell.text for cell in row] for row in table.rows]
    if not any(is_word_of_form(text) for row in texts for text in row):
        yield table
        return
    covered = [any(cell.covered for cell in row) for row in table.rows]
    rows: list[tuple[Cell, ...]] = []
    for row, is_text in zip(table.rows, rows_of_text(texts, covered), strict=True):
        if not is_text:
            # A blank row that nothing crosses only keeps others apart; sheets have none either.
            rows += [row] if any(map(_holds, row)) else []
            continue
        if rows:
            yield CellTable(tuple(rows))
            rows = []
        yield from (
            Text(cell.text, cell.row, cell.column, cell.remarks)
            for cell in row
            if not is_blank(cell.text) or cell.remarks
        )
    if rows:
        yield CellTable(tuple(rows))


def _holds(cell: Cell) -> bool:
    return cell.covered or bool(cell.remarks) or not is_blank(cell.text)
