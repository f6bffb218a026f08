"""The sample filing as a Word document, a workbook and a page, made of the cells of its text.

Cells that the text export shows as empty because they are merged are merged again, so that a
reader that repeats or shifts merged cells does not give the same reading.
"""

import html
import io
import re
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape

import docx
import openpyxl
from docx.oxml import parse_xml
from openpyxl.worksheet.worksheet import Worksheet

from jixiao.model import Filing, Grid

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
SHARED = (1, 2, 6, 7)  # 一级指标, 二级指标, 分值, 得分: columns merged over rows


@dataclass(eq=False)
class Box:
    """One cell: its text, how many columns and rows it covers; `goes_on`: covered from above."""

    text: str
    columns: int = 1
    rows: int = 1
    goes_on: bool = False


Rows = list[list[Box]]


def pieces_of(filing: Filing) -> list[str | Rows]:
    """The document in order: lines of running text, and tables."""
    starts = {grid.rows[0].cells[0].line: grid for grid in filing.grids}
    covered = {
        cell.line + offset
        for grid in filing.grids
        for row in grid.rows
        for cell in row.cells
        for offset in range(cell.text.count("\n") + 1)
    }
    pieces: list[str | Rows] = []
    for line in filing.lines:
        if line.line in starts:
            pieces.append(boxes_of(starts[line.line]))
        elif line.line not in covered:
            pieces.append(line.text)
    return pieces


def boxes_of(grid: Grid) -> Rows:
    width = max(len(row.cells) for row in grid.rows)
    rows: Rows = []
    for row in grid.rows:
        count = len(row.cells)
        spans = [1] * count
        if count > 1:
            each, rest = divmod(width - 1, count - 1)
            spans[1:] = [each + (n < rest) for n in range(count - 1)]
        else:
            spans = [width]
        texts = [cell.text.removeprefix("\t").rstrip("\n") for cell in row.cells]
        boxes = [Box(text, span) for text, span in zip(texts, spans, strict=True)]
        if rows:
            merge(rows, boxes, width)
        rows.append(boxes)
    return rows


def merge(rows: Rows, boxes: list[Box], width: int) -> None:
    """Let an empty box go on with the one above, where the form merges."""
    above = rows[-1]
    for n, box in enumerate(boxes):
        shared = n == 0 or (width == 9 and len(boxes) == len(above) == 9 and n in SHARED)
        if not shared or box.text or n >= len(above) or above[n].columns != box.columns:
            continue
        box.goes_on = True
        for earlier in reversed(rows):
            if not earlier[n].goes_on:
                earlier[n].rows += 1
                break


# --- Word ---


def paragraph(text: str, properties: str = "") -> str:
    """One paragraph; a tab or a line break stays one."""
    run = '<w:rPr><w:rFonts w:ascii="SimSun" w:eastAsia="SimSun"/><w:sz w:val="21"/></w:rPr>'
    inner = escape(text).replace("\t", "</w:t><w:tab/><w:t>")
    body = f'<w:r>{run}<w:t xml:space="preserve">{inner}</w:t></w:r>' if text else ""
    return f"<w:p {W}>{properties}{body}</w:p>"


def word_table(rows: Rows) -> str:
    def cell(box: Box) -> str:
        merged = '<w:vMerge w:val="restart"/>' if box.rows > 1 else ""
        merged = "<w:vMerge/>" if box.goes_on else merged
        span = f'<w:gridSpan w:val="{box.columns}"/>' if box.columns > 1 else ""
        texts = "".join(paragraph(line) for line in box.text.split("\n"))
        return f"<w:tc><w:tcPr>{span}{merged}</w:tcPr>{texts}</w:tc>"

    body = "".join(f"<w:tr>{''.join(map(cell, row))}</w:tr>" for row in rows)
    return f"<w:tbl {W}><w:tblPr/><w:tblGrid/>{body}</w:tbl>"


def build_word(pieces: Iterable[str | Rows]) -> bytes:
    return word_of(
        paragraph(piece) if isinstance(piece, str) else word_table(piece) for piece in pieces
    )


def word_of(elements: Iterable[str]) -> bytes:
    """A document whose body is made of these XML elements."""
    document = docx.Document()
    body = document.element.body
    for element in elements:
        body.insert(len(body) - 1, parse_xml(element))
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def with_part(content: bytes, name: str, change: str | bytes, old: str = "") -> bytes:
    """The archive with one part replaced, added, or one string in it replaced."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as before,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for entry in before.namelist():
            data = before.read(entry)
            if entry == name:
                data = data.replace(old.encode(), change.encode()) if old else _bytes(change)
            after.writestr(entry, data)
        if name not in before.namelist():
            after.writestr(name, change)
    return stream.getvalue()


def _bytes(text: str | bytes) -> bytes:
    return text.encode() if isinstance(text, str) else text


# --- Excel ---


def build_sheet(pieces: Iterable[str | Rows]) -> bytes:
    """One sheet: the tables under each other, the lines above them in rows of their own."""
    return build_sheets({"Sheet": pieces})


def build_sheets(sheets: Mapping[str, Iterable[str | Rows]]) -> bytes:
    """A workbook of several sheets by their names."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, pieces in sheets.items():
        write_sheet(book.create_sheet(name), pieces)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def write_sheet(sheet: Worksheet, pieces: Iterable[str | Rows]) -> None:
    at = 1
    for piece in pieces:
        if isinstance(piece, str):
            if piece.strip():
                sheet.cell(at, 1, piece)
            at += 1
            continue
        for row in piece:
            column = 1
            for box in row:
                if not box.goes_on:
                    fill(sheet, at, column, box)
                column += box.columns
            at += 1


def fill(sheet: Worksheet, row: int, column: int, box: Box) -> None:
    """Write plain numbers and percentages as numbers, the rest as text."""
    cell = sheet.cell(row, column)
    text = box.text
    if re.fullmatch(r"\d{1,4}(\.\d{1,2})?", text) and str(float(text)).rstrip("0") in (
        text, f"{text}.",
    ):  # fmt: skip
        cell.value = float(text) if "." in text else int(text)
    elif found := re.fullmatch(r"(\d{1,3})(?:\.(\d{2}))?%", text):
        cell.value = float(text.rstrip("%")) / 100
        cell.number_format = "0.00%" if found[2] else "0%"
    elif text:
        cell.value = text
    if box.columns > 1 or box.rows > 1:
        sheet.merge_cells(
            start_row=row, start_column=column,
            end_row=row + box.rows - 1, end_column=column + box.columns - 1,
        )  # fmt: skip


# --- HTML ---


def build_page(pieces: Iterable[str | Rows], *, around: bool = True) -> bytes:
    """A published page: a menu before, a footer behind, all in tables of layout."""
    body = "\n".join(
        f"<p>{markup(piece)}</p>" if isinstance(piece, str) else page_table(piece)
        for piece in pieces
    )
    if around:
        menu = "".join(f'<li><a href="/{n}">{word}</a></li>' for n, word in enumerate(MENU))
        body = (
            f"<div id='nav'><ul>{menu}</ul></div><script>var a='<table>';</script>"
            f"<table width='100%'><tr><td>{body}</td></tr></table>"
            "<div class='footer'>主办单位：某某区人民政府 <a href='/x'>网站地图</a></div>"
        )
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>公开</title></head>"
        f"<body>{body}</body></html>"
    ).encode()


MENU = ("首页", "政务公开", "办事服务", "互动交流")


def markup(text: str) -> str:
    return html.escape(text).replace("  ", "&nbsp; ").replace("\n", "<br/>")


def page_table(rows: Rows) -> str:
    def cell(box: Box) -> str:
        spans = f' colspan="{box.columns}"' if box.columns > 1 else ""
        spans += f' rowspan="{box.rows}"' if box.rows > 1 else ""
        lines = "".join(f"<p>{markup(line)}</p>" for line in box.text.split("\n"))
        return f"<td{spans}>{lines}</td>"

    body = "".join(
        f"<tr>{''.join(cell(box) for box in row if not box.goes_on)}</tr>\n" for row in rows
    )
    return f"<table border='1'><tbody>{body}</tbody></table>"
