"""The text and the tables of a page in the order they are printed (网页内容)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from jixiao.errors import BadFile
from jixiao.importers.content import Cell, Piece, Remark, Text
from jixiao.importers.nesting import text_of, unnest
from jixiao.importers.page_main import BLOCKS, UNPRINTED, is_hidden, is_menu, tag_of

_WRAPPED = re.compile(r"(?<=[\u2e80-\uffef])[ \t]*[\r\n]\s*(?=[\u2e80-\uffef])")
_SPACE = re.compile(r"[ \t\r\n\f]+")
#: A filing has some 2,000 cells.
_MOST_CELLS, _MOST_COLUMNS, _MOST_ROWS = 50_000, 1_000, 65_534


class Flow:
    """Gathers the pieces of a page; a line ends where a browser ends it."""

    def __init__(self, where: str) -> None:
        self.where = where
        self.pieces: list[Piece] = []
        self.cells = 0
        self._items: dict[etree._Element, int] = {}
        self._line: list[str] = []
        self._remarks: list[Remark] = []

    def read(self, element: etree._Element) -> None:
        """Read an element with all it holds."""
        self._element(element)
        self._end()

    def _element(self, element: etree._Element) -> None:
        tag = tag_of(element)
        if tag in UNPRINTED or is_menu(element):
            return
        if is_hidden(element):
            self._hide(element)
        elif tag == "table":
            self._end()
            self.pieces += self._table(element)
        elif tag == "br":
            self._end()
        elif tag in BLOCKS:
            self._end()
            before = len(self.pieces)
            self._inside(element)
            self._end()
            if tag == "p" and len(self.pieces) == before:
                self.pieces.append(Text(""))
        else:
            self._inside(element)

    def _inside(self, element: etree._Element) -> None:
        if tag_of(element) == "li":
            self._line.append(self._number_of(element))
        self._line.append(element.text or "")
        for part in element:
            self._element(part)
            self._line.append(part.tail or "")

    def _number_of(self, item: etree._Element) -> str:
        """The number a list gives an item; "" in a list without numbers."""
        above = item.getparent()
        if above is None or tag_of(above) != "ol":
            return ""
        self._items[above] = self._items.get(above, 0) + 1
        return f"{self._items[above]}."

    def _hide(self, element: etree._Element) -> None:
        """Say that something inside a table is not shown; elsewhere a page hides its menus."""
        text = _printed("".join(element.itertext()))
        if text and next(element.iterancestors("table"), None) is not None:
            self._remarks.append(
                Remark(
                    "hidden-text",
                    f"有隐藏内容 “{text[:20]}”，网页上看不见，没有读入。请核对原件。",
                )
            )

    def _end(self) -> None:
        text = _printed("".join(self._line))
        self._line.clear()
        if text or self._remarks:
            self.pieces.append(Text(text, remarks=tuple(self._remarks)))
            self._remarks.clear()

    def _table(self, table: etree._Element) -> Iterator[Piece]:
        rows: list[tuple[Cell, ...]] = []
        inner: list[list[Piece]] = []
        reaching: dict[int, tuple[int, int]] = {}
        for index, row in enumerate(_rows(table), start=1):
            if is_hidden(row):
                self._hide(row)
                continue
            cells = tuple(self._row(row, index, reaching, inner))
            rows += [cells] if cells else []
        yield from unnest(rows, inner)

    def _row(
        self,
        row: etree._Element,
        index: int,
        reaching: dict[int, tuple[int, int]],
        inner: list[list[Piece]],
    ) -> Iterator[Cell]:
        """Give a row's cells, an empty one for each that reaches into it from above.

        Parameters
        ----------
        reaching : for the first column of a cell its width and the rows it still covers.
        """
        at, number = 1, 1
        waiting = [part for part in row if tag_of(part) in ("td", "th")]
        while waiting or any(column >= at for column in reaching):
            self._count()
            if at in reaching:
                width, rows = reaching.pop(at)
                if rows > 1:
                    reaching[-at] = (width, rows - 1)
                yield Cell("", index, number, width, covered=True)
            elif waiting:
                cell = waiting.pop(0)
                width = _span(cell, "colspan", _MOST_COLUMNS)
                if (rows := _span(cell, "rowspan", _MOST_ROWS)) > 1:
                    reaching[-at] = (width, rows - 1)
                pieces = self._held(cell)
                inner.append(pieces)
                text, remarks = text_of(pieces)
                yield Cell(text, index, number, width, remarks)
            else:
                at = min(column for column in reaching if column >= at)
                continue
            at, number = at + width, number + 1
        covering = {abs(column): left for column, left in reaching.items() if column < 0}
        reaching.clear()
        reaching.update(covering)

    def _held(self, cell: etree._Element) -> list[Piece]:
        """What a cell holds, read apart from what is around it."""
        inner = Flow(self.where)
        inner.cells = self.cells
        inner._inside(cell)
        inner._end()
        self.cells = inner.cells
        return inner.pieces

    def _count(self) -> None:
        self.cells += 1
        if self.cells > _MOST_CELLS:
            raise BadFile(
                "page-too-large",
                f"网页中的表格超过 {_MOST_CELLS} 格",
                where=self.where,
                expected="一份自评材料",
                action="请检查文件来源；自评材料不会这样大",
            )


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    """The rows of a table, not those of tables inside it."""
    for part in table:
        if tag_of(part) == "tr":
            yield part
        elif tag_of(part) in ("thead", "tbody", "tfoot", "form"):
            yield from _rows(part)


def _span(cell: etree._Element, name: str, most: int) -> int:
    written = re.match(r"\s*([0-9]{1,6})", cell.get(name) or "")
    return max(1, min(int(written[1]), most)) if written else 1


def _printed(text: str) -> str:
    """Fold white space as a browser does; a no-break space is printed as a space."""
    return _SPACE.sub(" ", _WRAPPED.sub("", text)).strip(" ").replace("\xa0", " ")
