"""Workbooks: merged, hidden, computed, broken cells; values as Excel displays them (A17, A21–A23)."""

import io
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from tests import build
from tests.formats import codes, read_bytes, sample_bytes, values

from jixiao.errors import BadFile
from jixiao.model import Filing


def changed(change: Callable[[Worksheet], None]) -> bytes:
    """The sample's workbook with its sheet changed."""
    book = openpyxl.load_workbook(io.BytesIO(sample_bytes("xlsx")))
    change(book.active)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def find(sheet: Worksheet, value: object) -> tuple[int, int]:
    return next((c.row, c.column) for row in sheet.iter_rows() for c in row if c.value == value)


def read(folder: Path, content: bytes) -> Filing:
    return read_bytes(folder, content, "a.xlsx")


def test_an_address_is_that_of_the_sheet(tmp_path: Path) -> None:
    found = read(tmp_path, sample_bytes("xlsx"))
    budget = found.evaluations[0].budget
    assert budget is not None
    source = budget.actual_expenditure.origin
    sheet = openpyxl.load_workbook(io.BytesIO(sample_bytes("xlsx"))).active
    assert (source.part, source.line) == ("Sheet", None)
    assert sheet.cell(source.row, source.column).value == 1008.22
    title = found.evaluations[0].title.source
    assert sheet.cell(title.row, title.column).value == "2022年度部门整体支出绩效自评表"
    assert title.address == f"Sheet 第{title.row}行第1列"


def test_tables_on_sheets_of_their_own(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(sample_bytes("xlsx")))
    first = book.active
    start = next(r for r in range(1, 400) if str(first.cell(r, 1).value or "").startswith("附件1"))
    second = book.copy_worksheet(first)
    second.title = "附表"
    for merged in list(first.merged_cells.ranges):
        if merged.min_row >= start:
            first.unmerge_cells(str(merged))
    first.delete_rows(start, 400)
    for row in second.iter_rows(max_row=start - 1):
        for cell in row:
            cell.value = None
    stream = io.BytesIO()
    book.save(stream)
    found = read(tmp_path, stream.getvalue())
    assert values(found) == values(read(tmp_path, sample_bytes("xlsx")))
    assert {grid.part for grid in found.grids} == {"附表"}
    assert {section.heading.source.part for section in found.sections} >= {"Sheet"}


@pytest.mark.parametrize(
    ("value", "number_format", "expected"),
    [
        (0.98, "0.00%", "98.00%"),
        (1, "0%", "100%"),
        (0.5163157894736842, "0.00%", "51.63%"),
        (1008.2199999999999, "General", "1008.22"),
        (0.1 + 0.2, "0.0", "0.3"),
        (969.65, "#,##0.0", "969.65"),
        (38, "#,##0.00_ ", "38.00"),
        (0, "0.00", "0.00"),
        (38.5, "0.0#", "38.5"),
        (1500, "0.00E+00", "1500"),
        (10, '0"分"', "10分"),
        (50, '"≥"0"件"', "≥50件"),
        (12, "0_ ;[Red]\\-0\\ ", "12"),
        (True, "General", "TRUE"),
        ("_x000D_\n甲", "General", "\n甲"),
        (1e21, "General", "1000000000000000000000"),
    ],
)
def test_a_value_is_read_as_it_is_displayed(
    tmp_path: Path, value: object, number_format: str, expected: str
) -> None:
    def change(sheet: Worksheet) -> None:
        cell = sheet.cell(*find(sheet, 1008.22))
        cell.value, cell.number_format = value, number_format

    found = read(tmp_path, changed(change))
    assert expected in [c.text for g in found.grids for r in g.rows for c in r.cells]


@pytest.mark.parametrize(
    ("number_format", "expected"),
    [
        ("yyyy-m-d", "2023-4-25"), ("yyyy/m/d", "2023/4/25"), ("yyyy.m.d", "2023.4.25"),
        ('yyyy"年"m"月"d"日"', "2023年4月25日"), ('yyyy"年"m"月"', "2023年4月"),
    ],
)  # fmt: skip
def test_a_date_is_written_in_its_format(tmp_path: Path, number_format: str, expected: str) -> None:
    def change(sheet: Worksheet) -> None:
        cell = sheet.cell(*find(sheet, 1008.22))
        cell.value, cell.number_format = 45041, number_format

    found = read(tmp_path, changed(change))
    assert expected in [c.text for g in found.grids for r in g.rows for c in r.cells]


def raw(old: str, new: str) -> bytes:
    return build.with_part(sample_bytes("xlsx"), "xl/worksheets/sheet1.xml", new, old)


@pytest.mark.parametrize(
    ("new", "code"),
    [
        ("<f>SUM(B2:B9)</f></c>", "formula-without-value"),
        ("<f>SUM(B2:B9)</f><v></v></c>", "formula-without-value"),
        ("<v>1e400</v></c>", "cell-error"),
        ("<v>NaN</v></c>", "cell-error"),
    ],
)
def test_what_is_no_number_is_absent_and_said(tmp_path: Path, new: str, code: str) -> None:
    found = read(tmp_path, raw("<v>969.65</v></c>", new))
    assert set(codes(found)) <= {code}
    assert code in codes(found)
    source = found.problems[0].source
    assert source is not None
    assert (source.text, source.part) == ("", "Sheet")
    assert found.evaluations[0].budget is not None
    assert found.evaluations[0].budget.original_budget.value is None


@pytest.mark.parametrize("error", ["#DIV/0!", "#REF!", "#N/A"])
def test_an_error_is_no_value(tmp_path: Path, error: str) -> None:
    def change(sheet: Worksheet) -> None:
        cell = sheet.cell(*find(sheet, 1008.22))
        cell.value = error

    found = read(tmp_path, changed(change))
    assert codes(found)[0] == "cell-error"
    assert error in found.problems[0].message


def test_a_formula_with_its_value_is_read(tmp_path: Path) -> None:
    found = read(tmp_path, raw("<v>969.65</v></c>", "<f>960+9.65</f><v>969.65</v></c>"))
    assert found.evaluations[0].budget is not None
    assert found.evaluations[0].budget.original_budget.value == Decimal("969.65")
    assert found.problems == ()


def test_hidden_rows_columns_and_sheets_are_said_and_left_out(tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        row, _ = find(sheet, "2、普法宣传支出")
        sheet.row_dimensions[row].hidden = True
        sheet.cell(1, 12, "备注：藏着")
        sheet.column_dimensions["L"].hidden = True
        sheet.parent.create_sheet("藏").sheet_state = "hidden"
        sheet.parent["藏"]["A1"] = "藏着"

    found = read(tmp_path, changed(change))
    assert codes(found) == ["hidden-rows", "hidden-rows"]
    assert "普法宣传" in found.problems[0].message
    assert "L1 “备注：藏着”" in found.problems[0].message
    assert found.problems[1].message.startswith("a.xlsx 藏：")
    assert "藏着" not in "".join(line.text for line in found.lines)


def test_a_merged_range_with_a_hidden_first_row_keeps_its_text(tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        sheet.insert_rows(1)
        for merged in list(sheet.merged_cells.ranges):
            merged.shift(row_shift=1)

    assert values(read(tmp_path, changed(change))) == values(read(tmp_path, sample_bytes("xlsx")))


def test_a_wrong_dimension_loses_no_row(tmp_path: Path) -> None:
    xml = openpyxl.load_workbook(io.BytesIO(sample_bytes("xlsx"))).active.dimensions
    content = raw(f'<dimension ref="{xml}"', '<dimension ref="A1:A9"')
    assert values(read(tmp_path, content)) == values(read(tmp_path, sample_bytes("xlsx")))


def test_cells_without_addresses_follow_each_other(tmp_path: Path) -> None:
    rows = "".join(f"<row><c t='inlineStr'><is><t>{w}</t></is></c></row>" for w in ("一", "二"))
    title = "<row><c t='inlineStr'><is><t>某某局2022年度绩效自评报告</t></is></c></row>"
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{title}{rows}</sheetData></worksheet>"
    )
    content = build.with_part(sample_bytes("xlsx"), "xl/worksheets/sheet1.xml", sheet)
    found = read(tmp_path, content)
    assert [(line.row, line.text) for line in found.lines[1:]] == [(2, "一"), (3, "二")]


@pytest.mark.parametrize("place", ["XFD1048576", "A20001", "OK1"])
def test_a_far_cell_is_refused_by_its_name(tmp_path: Path, place: str) -> None:
    far = f'<row r="{place.lstrip("XFDAOK")}"><c r="{place}"><v>1</v></c></row></sheetData>'
    with pytest.raises(BadFile) as caught:
        read(tmp_path, raw("</sheetData>", far))
    assert caught.value.code == "sheet-too-large"
    assert place in str(caught.value)


def test_a_far_blank_cell_does_not_matter(tmp_path: Path) -> None:
    far = '<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>'
    content = raw("</sheetData>", far)
    assert values(read(tmp_path, content)) == values(read(tmp_path, sample_bytes("xlsx")))
