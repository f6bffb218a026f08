"""Walking the body of a Word document (Word 正文): paragraphs and tables, in order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from lxml import etree

from jixiao.importers.content import Cell, Piece, Remark, Text
from jixiao.importers.nesting import text_of, unnest
from jixiao.importers.word_names import child, name_of, number, value
from jixiao.importers.word_styles import Styles
from jixiao.importers.word_text import hidden_text, pending_revisions, read_ink

_PROPERTIES = ("sectPr", "tblPr", "tblGrid", "trPr", "tcPr", "sdtPr", "sdtEndPr", "tblPrEx")


@dataclass(slots=True)
class Body:
    """Reads the pieces of a body; ``read`` counts the characters met on the way."""

    styles: Styles
    read: int = 0
    remarks: list[Remark] = field(default_factory=list)

    def pieces(self, container: etree._Element, *, deleted: bool = False) -> Iterator[Piece]:
        """Give paragraphs and tables, also of content controls and text boxes, in order."""
        for element in container:
            name = name_of(element)
            if name == "p":
                yield from self._paragraph(element, deleted=deleted)
            elif name == "tbl":
                yield from self._table(element, deleted=deleted)
            elif name == "altChunk":
                self.remarks.append(
                    Remark(
                        "text-not-read", "文中嵌有另一个文档，没有读入。请在 Word 中另存后再读。"
                    )
                )
            elif name and name not in _PROPERTIES:
                gone = deleted or name in ("del", "moveFrom")
                yield from self.pieces(element, deleted=gone)

    def _paragraph(self, paragraph: etree._Element, *, deleted: bool) -> Iterator[Piece]:
        label = self.styles.label(child(paragraph, "pPr"))
        ink = read_ink(paragraph, self.styles, deleted=deleted)
        self.read += ink.read
        text = "".join(ink.printed)
        gone = deleted or ((ink.hidden or ink.deleted) and not text)
        if not gone or ink.remarks():
            yield Text("" if gone else label + text, remarks=ink.remarks())
        for box in ink.boxes:
            yield from self.pieces(box, deleted=deleted)

    def _table(self, table: etree._Element, *, deleted: bool) -> Iterator[Piece]:
        rows: list[tuple[Cell, ...]] = []
        inner: list[list[Piece]] = []
        merged: dict[int, bool] = {}
        lost: list[str] = []
        for index, row in enumerate(_inside(table, "tr"), start=1):
            gone = deleted or child(row, "trPr", "del") is not None
            cells, found = self._row(row, index, merged, deleted=gone)
            if gone:
                lost.append("（整行）")
                continue
            rows += [cells] if cells else []
            inner += found
        yield from unnest(rows, inner)
        if lost and not deleted:
            yield Text("", remarks=(pending_revisions("", "".join(lost)),))

    def _row(
        self, row: etree._Element, index: int, merged: dict[int, bool], *, deleted: bool
    ) -> tuple[tuple[Cell, ...], list[list[Piece]]]:
        cells: list[Cell] = []
        inner: list[list[Piece]] = []
        at = number(child(row, "trPr", "gridBefore"), 0)
        if at:  # the row begins further right; what it leaves free is a blank cell
            cells.append(Cell("", index, 1, at))
            inner.append([])
        changed = any(child(row, "trPr", name) is not None for name in ("ins", "del"))
        for number_in_row, cell in enumerate(_inside(row, "tc")):
            properties = child(cell, "tcPr")
            width = max(1, number(child(properties, "gridSpan"), 1))
            pieces = list(self.pieces(cell, deleted=deleted))
            text, remarks = text_of(pieces)
            if _merges_on(properties, "hMerge") and number_in_row:
                cells[-1] = _widened(cells[-1], width, text)
                at += width
                continue
            goes_on = _merges_on(properties, "vMerge") and merged.get(at, False)
            merged[at] = child(properties, "vMerge") is not None
            if goes_on:
                remarks += (hidden_text(text.strip()),) if text.strip() else ()
                text = ""
            remarks += (pending_revisions("", ""),) if changed and not number_in_row else ()
            remarks = tuple(dict.fromkeys(remarks))
            cells.append(Cell(text, index, len(cells) + 1, width, remarks, covered=goes_on))
            inner.append([] if goes_on else pieces)
            at += width
        return tuple(cells), inner


def _widened(cell: Cell, width: int, text: str) -> Cell:
    """A cell merged with the one to its right, in the old way that keeps both; one is not seen."""
    unseen = (hidden_text(text.strip()),) if text.strip() else ()
    return replace(cell, columns=cell.columns + width, remarks=(*cell.remarks, *unseen))


def _inside(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """Rows of a table or cells of a row, also inside content controls."""
    for part in element:
        found = name_of(part)
        if found == name:
            yield part
        elif found and found not in _PROPERTIES:
            yield from _inside(part, name)


def _merges_on(properties: etree._Element | None, kind: str) -> bool:
    merge = child(properties, kind)
    return merge is not None and value(merge) in (None, "continue")
