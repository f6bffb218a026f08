"""Official forms as a Word document (Word 表样): A4, one form a section, merged cells as merged."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import docx
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from lxml.builder import ElementMaker

from jixiao.publish.forms.cells import Cell, Page, Row, Table, printable
from jixiao.publish.forms.narrative import Paragraph
from jixiao.publish.forms.package import settle

# Any: elements of lxml, which has no types of its own.
Element = Any

_NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_MAKER = ElementMaker(namespace=_NAMESPACE, nsmap={"w": _NAMESPACE})
#: Twentieths of a point in a millimetre.
_TWIPS = 56.6929
_SHORT_SIDE, _LONG_SIDE = 210.0, 297.0
_MARGINS = {"top": 20.0, "bottom": 18.0, "left": 18.0, "right": 18.0}
#: Of a page of running text (GB/T 9704), and from line to line in twentieths of a point.
_REPORT = {"top": 37.0, "bottom": 35.0, "left": 28.0, "right": 26.0}
_PITCH = 579
_LATIN, _SONG, _HEI, _KAI, _FANG = "Times New Roman", "宋体", "黑体", "楷体", "仿宋"
_SHADE = "EDEDED"
#: The least height of a row, and the room beside a text, in millimetres.
_ROW, _PADDING = 6.5, 1.4


def write_word(pages: Sequence[Page], title: str) -> bytes:
    """Write forms as .docx; the same forms give the same bytes."""
    document = docx.Document()
    properties = document.core_properties
    properties.title, properties.author, properties.comments = title, "", ""
    _set_default_font(document.styles.element)
    _drop_thumbnail(document.part.package.rels)
    body = document.element.body
    for child in list(body):
        body.remove(child)
    for index, page in enumerate(pages):
        is_last = index == len(pages) - 1
        body.extend(_page(page, is_last=is_last))
    stream = io.BytesIO()
    document.save(stream)
    return settle(stream.getvalue())


def _page(page: Page, *, is_last: bool) -> Iterator[Element]:
    """The report, if any, then the paragraphs and the table of one form, each a section."""
    if page.narrative:
        yield from map(_prose, page.narrative)
        yield _paragraph("", size=2, section=_section_of(_REPORT))
    yield _paragraph(page.annex, size=32, font=_HEI)
    yield _paragraph(page.title, size=36, font=_HEI, align="center", space=120)
    for line in page.above:
        yield _paragraph(line, size=21, align="center" if line.startswith("（") else "left")
    yield _table(page.table, _usable(page))
    for line in page.below:
        yield _paragraph(line, size=21, space=60)
    section = _section(page)
    if is_last:
        yield _paragraph("", size=2)
        yield section
    else:
        yield _paragraph("", size=2, section=section)


def _usable(page: Page) -> float:
    """The width between the margins in millimetres."""
    width = _LONG_SIDE if page.is_landscape else _SHORT_SIDE
    return width - _MARGINS["left"] - _MARGINS["right"]


def _prose(paragraph: Paragraph) -> Element:
    """A line of running text on the page of GB/T 9704: 28 characters of size 3, 22 lines."""
    if paragraph.style == "title":
        return _paragraph(paragraph.text, size=44, font=_HEI, align="center", space=240)
    font = {"first": _HEI, "second": _KAI, "third": _FANG}.get(paragraph.style, _FANG)
    return _paragraph(paragraph.text, size=32, font=font, pitch=_PITCH, indent=2 * 320)


def _section(page: Page) -> Element:
    return _section_of(_MARGINS, is_landscape=page.is_landscape)


def _section_of(sizes: Mapping[str, float], *, is_landscape: bool = False) -> Element:
    sides = (_LONG_SIDE, _SHORT_SIDE) if is_landscape else (_SHORT_SIDE, _LONG_SIDE)
    size = {"w": _twips(sides[0]), "h": _twips(sides[1])}
    if is_landscape:
        size["orient"] = "landscape"
    margins = {side: _twips(width) for side, width in sizes.items()}
    margins |= {"header": _twips(12), "footer": _twips(10), "gutter": "0"}
    return _tag(
        "sectPr", _tag("type", val="nextPage"), _tag("pgSz", **size), _tag("pgMar", **margins)
    )


def _table(table: Table, usable: float) -> Element:
    scale = usable / sum(table.widths)
    widths = [round(width * scale * _TWIPS) for width in table.widths]
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    borders = (_tag(side, val="single", sz="4", space="0", color="000000") for side in sides)
    margins = (_tag(side, w=_twips(_PADDING), type="dxa") for side in ("left", "right"))
    properties = _tag(
        "tblPr",
        _tag("tblW", w=str(sum(widths)), type="dxa"),
        _tag("jc", val="center"),
        _tag("tblBorders", *borders),
        _tag("tblLayout", type="fixed"),
        _tag("tblCellMar", *margins),
    )
    grid = _tag("tblGrid", *(_tag("gridCol", w=str(width)) for width in widths))
    rows = (
        _row(row, widths, is_repeated=index < table.identity_rows)
        for index, row in enumerate(table.rows)
    )
    return _tag("tbl", properties, grid, *rows)


def _row(row: Row, widths: Sequence[int], *, is_repeated: bool) -> Element:
    properties = [_tag("cantSplit"), _tag("trHeight", val=_twips(_ROW), hRule="atLeast")]
    if is_repeated:
        properties.append(_tag("tblHeader"))
    cells = []
    at = 0
    for cell in row:
        cells.append(_cell(cell, sum(widths[at : at + cell.columns])))
        at += cell.columns
    return _tag("tr", _tag("trPr", *properties), *cells)


def _cell(cell: Cell, width: int) -> Element:
    properties = [_tag("tcW", w=str(width), type="dxa")]
    if cell.columns > 1:
        properties.append(_tag("gridSpan", val=str(cell.columns)))
    if cell.rows > 1:
        properties.append(_tag("vMerge", val="restart"))
    elif cell.rows == 0:
        properties.append(_tag("vMerge"))
    if cell.is_label:
        properties.append(_tag("shd", val="clear", color="auto", fill=_SHADE))
    properties.append(_tag("vAlign", val="center"))
    font = _HEI if cell.is_label else _SONG
    lines = (
        _paragraph(line, size=20, font=font, align=cell.align) for line in cell.text.split("\n")
    )
    return _tag("tc", _tag("tcPr", *properties), *lines)


def _paragraph(
    text: str,
    *,
    size: int,
    font: str = _SONG,
    align: str = "left",
    space: int = 0,
    pitch: int = 0,
    indent: int = 0,
    section: Element = None,
) -> Element:
    """One paragraph; `size` in half points, `space` behind it in twentieths of a point.

    Parameters
    ----------
    pitch : from line to line, in twentieths of a point; 0 for that of the font
    indent : of the first line, in twentieths of a point
    """
    lines = {"line": str(pitch or 240), "lineRule": "exact" if pitch else "auto"}
    properties = [
        _tag("spacing", before="0", after=str(space), **lines),
        *([_tag("ind", firstLine=str(indent))] if indent else []),
        _tag("jc", val=align),
        _ink(size, font),
    ]
    if section is not None:
        properties.append(section)
    runs = [_tag("r", _ink(size, font), *_characters(printable(text)))] if text else []
    return _tag("p", _tag("pPr", *properties), *runs)


def _ink(size: int, font: str) -> Element:
    """Font and size of a run; Chinese quotation marks take the Chinese font."""
    return _tag(
        "rPr",
        _tag("rFonts", hint="eastAsia", ascii=_LATIN, hAnsi=_LATIN, eastAsia=font),
        _tag("sz", val=str(size)),
        _tag("szCs", val=str(size)),
    )


def _characters(text: str) -> Iterator[Element]:
    """A text as Word holds it: a tab is an element of its own."""
    for index, part in enumerate(text.split("\t")):
        if index:
            yield _tag("tab")
        if part:
            element = _MAKER("t", part)
            element.set(_SPACE, "preserve")
            yield element


def _set_default_font(styles: Element) -> None:
    """Make the fonts of the document those of its cells, and its language Chinese."""
    for fonts in styles.iter(f"{{{_NAMESPACE}}}rPrDefault"):
        for element in list(fonts):
            fonts.remove(element)
        fonts.append(
            _tag(
                "rPr",
                _tag("rFonts", ascii=_LATIN, hAnsi=_LATIN, eastAsia=_SONG, cs=_LATIN),
                _tag("sz", val="21"),
                _tag("lang", val="en-US", eastAsia="zh-CN", bidi="ar-SA"),
            )
        )


def _drop_thumbnail(relations: dict[str, Any]) -> None:
    """Take out the picture of the empty document that the library begins with."""
    for identifier in [key for key, one in relations.items() if one.reltype == RT.THUMBNAIL]:
        del relations[identifier]


def _twips(millimetres: float) -> str:
    return str(round(millimetres * _TWIPS))


def _tag(name: str, *children: Element, **attributes: str) -> Element:
    qualified = {f"{{{_NAMESPACE}}}{key}": value for key, value in attributes.items()}
    return _MAKER(name, qualified, *children)
