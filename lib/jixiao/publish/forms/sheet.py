"""Official forms as an Excel workbook (Excel 表样): one form a sheet, ready to print on A4.

A text of a unit's is never a formula: every text is stored as text, and one that begins like a
formula is marked as quoted. Numbers are numbers where reading them back gives the same digits.
"""

from __future__ import annotations

import io
import math
import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from jixiao.importers.sheet_value import shown
from jixiao.publish.forms.cells import Cell, Page, Table, printable
from jixiao.publish.forms.package import settle

# Any: openpyxl has no types of its own.
Sheet = Any

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,14})(?:\.(?P<decimals>[0-9]{1,14}))?(?P<percent>%?)")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_NOT_IN_NAMES = re.compile(r"[\\/*?:\[\]']")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t")
_LONGEST_NAME = 31
#: Millimetres of one character of a column's width; points of one line.
_CHARACTER, _LINE = 1.9, 14.0
_TALLEST_ROW = 409.0
#: Points between the margins of an A4 page that title and footer leave to the table; a table that
#: is at most so much longer is set smaller, on one page.
_PORTRAIT, _LANDSCAPE, _MOST_SHRUNK = 620.0, 420.0, 1.3
#: A merged cell of so few rows is seldom cut by the end of a page.
_FEW_ROWS = 3
_THIN = Side(style="thin", color="FF000000")
_BORDER = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_SHADE = PatternFill("solid", fgColor="FFEDEDED")
_SONG, _HEI = "宋体", "黑体"


def write_sheets(pages: Sequence[Page], title: str) -> bytes:
    """Write forms as .xlsx; the same forms give the same bytes."""
    book = Workbook()
    book.remove(book.active)
    book.properties.title, book.properties.creator = title, ""
    for page in pages:
        _write_page(book.create_sheet(_sheet_name(page)), page)
    stream = io.BytesIO()
    book.save(stream)
    return settle(stream.getvalue())


def _sheet_name(page: Page) -> str:
    return _NOT_IN_NAMES.sub("", printable(page.name))[:_LONGEST_NAME].strip()


def _write_page(sheet: Sheet, page: Page) -> None:
    table = page.table
    for index, width in enumerate(table.widths, start=1):
        sheet.column_dimensions[get_column_letter(index)].width = round(width / _CHARACTER, 2)
    at = 1
    at = _write_line(sheet, at, page.annex, table, Font(name=_HEI, size=16))
    at = _write_line(sheet, at, page.title, table, Font(name=_HEI, size=18), align="center")
    for line in page.above:
        align = "center" if line.startswith("（") else "left"
        at = _write_line(sheet, at, line, table, Font(name=_SONG, size=10.5), align=align)
    heading = at + table.heading if table.heading is not None else None
    heights = _heights(table)
    room = _LANDSCAPE if page.is_landscape else _PORTRAIT
    pages = 1 if sum(heights) <= room * _MOST_SHRUNK else 0
    at = _write_table(sheet, at, table, "center" if pages else "top")
    for offset, height in enumerate(heights, start=at - len(heights)):
        sheet.row_dimensions[offset].height = height
    for line in page.below:
        at = _write_line(sheet, at, line, table, Font(name=_SONG, size=10.5))
    sheet.print_area = f"A1:{get_column_letter(len(table.widths))}{at - 1}"
    _set_up_print(sheet, heading, is_landscape=page.is_landscape, pages=pages)


def _write_line(
    sheet: Sheet, row: int, text: str, table: Table, font: Font, *, align: str = "left"
) -> int:
    """Write a line across the table; give the next row."""
    width = len(table.widths)
    set_text(sheet.cell(row, 1), text)
    sheet.cell(row, 1).font = font
    sheet.cell(row, 1).alignment = Alignment(horizontal=align, vertical="center", wrap_text=True)
    sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=width)
    lines = _lines(text, sum(table.widths) * 10.5 / font.size)
    sheet.row_dimensions[row].height = round(lines * font.size * 1.45 + 4, 1)
    return row + 1


def _write_table(sheet: Sheet, top: int, table: Table, merged: str) -> int:
    """Write the rows from `top` on; give the next row.

    Parameters
    ----------
    merged : where a text stands in a cell of many rows; "top" where a page may end within it.
    """
    for offset, row in enumerate(table.rows):
        column = 1
        for cell in row:
            vertical = merged if cell.rows > _FEW_ROWS else "center"
            _write_cell(sheet.cell(top + offset, column), cell, vertical)
            column += cell.columns
    return top + len(table.rows)


def _write_cell(first: Any, cell: Cell, vertical: str) -> None:
    sheet, row, column = first.parent, first.row, first.column
    if cell.rows:
        if not (cell.is_number and _set_number(first, cell.text)):
            set_text(first, cell.text)
        first.font = Font(name=_HEI if cell.is_label else _SONG, size=10.5)
        first.alignment = Alignment(horizontal=cell.align, vertical=vertical, wrap_text=True)
    last_row, last_column = row + max(cell.rows, 1) - 1, column + cell.columns - 1
    for below in range(row, last_row + 1):
        for beside in range(column, last_column + 1):
            part = sheet.cell(below, beside)
            part.border = _BORDER
            if cell.is_label:
                part.fill = _SHADE
    if (last_row, last_column) != (row, column) and cell.rows:
        sheet.merge_cells(
            start_row=row, start_column=column, end_row=last_row, end_column=last_column
        )


def set_text(cell: Any, text: str) -> None:
    """Store a text as text, whatever it begins with; a blank cell stays blank."""
    if not text:
        return
    cell.value = _ESCAPED.sub(r"_x005F_x\1_", printable(text))
    cell.data_type = "s"
    cell.quotePrefix = text.startswith(_FORMULA_STARTS)


def _set_number(cell: Any, text: str) -> bool:
    """Store a number as a number if it reads back digit by digit; tell whether it does."""
    match = _NUMBER.fullmatch(text)
    if match is None:
        return False
    decimals = len(match["decimals"] or "")
    number_format = ("0." + "0" * decimals if decimals else "0") + match["percent"]
    exact = Decimal(text.removesuffix("%"))
    number: float = float(exact / 100) if match["percent"] else float(exact)
    number = int(number) if number.is_integer() else number
    if shown(number, number_format) != text:
        return False
    cell.value, cell.number_format = number, number_format
    return True


def _heights(table: Table) -> list[float]:
    """The height of each row, so that wrapped texts are seen; a merged cell may need more."""
    heights = [18.0] * len(table.rows)
    tall: list[tuple[int, Cell, float]] = []
    for index, row in enumerate(table.rows):
        column = 0
        for cell in row:
            width = sum(table.widths[column : column + cell.columns])
            needed = _lines(cell.text, width) * _LINE + 4
            column += cell.columns
            if cell.rows == 1:
                heights[index] = max(heights[index], needed)
            elif cell.rows:
                tall.append((index, cell, needed))
    for index, cell, needed in tall:
        missing = needed - sum(heights[index : index + cell.rows])
        if missing > 0:
            for row_index in range(index, index + cell.rows):
                heights[row_index] += missing / cell.rows
    return [round(min(height, _TALLEST_ROW), 1) for height in heights]


def _lines(text: str, millimetres: float) -> int:
    return lines_in(text, millimetres / _CHARACTER)


def lines_in(text: str, characters: float) -> int:
    r"""How many lines a text takes in a column so wide; a Chinese character is two wide.

    >>> lines_in("执行率偏低", 7.5), lines_in("a\nb", 20)
    (2, 2)
    """
    room = max(characters - 1.5, 2)
    return sum(max(1, math.ceil(_width(line) / room)) for line in text.split("\n"))


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)


def _set_up_print(sheet: Sheet, heading: int | None, *, is_landscape: bool, pages: int) -> None:
    """Print on A4 as wide as the page, on `pages` pages, 0 for as many as it takes."""
    setup = sheet.page_setup
    setup.paperSize = sheet.PAPERSIZE_A4
    setup.orientation = "landscape" if is_landscape else "portrait"
    setup.fitToWidth, setup.fitToHeight = 1, pages
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_options.horizontalCentered = True
    margins = sheet.page_margins
    margins.left = margins.right = 0.6
    margins.top, margins.bottom = 0.7, 0.7
    sheet.oddFooter.center.text = "第 &P 页，共 &N 页"
    if heading is not None:
        sheet.print_title_rows = f"{heading}:{heading}"
    sheet.sheet_view.showGridLines = False
