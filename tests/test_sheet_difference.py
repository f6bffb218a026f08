"""Sheets made by chance (FAULTS.md T-DIFF): our reading against openpyxl's, cell by cell.

openpyxl reads the same bytes in its full mode, with all values and merged ranges. What it has, we
must have, once and where it stands; what we leave out must be said: hidden cells, formulas without
a value, errors.
"""

import datetime as dt
import io
import re
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import product
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from tests import build

from jixiao.importers.content import Cell, Text
from jixiao.importers.sheet import read_sheets
from jixiao.importers.sheet_value import shown

ROWS, COLUMNS = 14, 9
FEW = 300
WORDS = [
    "",
    "总分",
    "项目名称",
    "一级指标",
    "得分",
    "附件2",
    "注：无",
    "≥95%",
    "1,008.22",
    "甲\n乙",
    " 前后 ",
    "0",
]
#: A formula as openpyxl writes it has no stored value.
FORMULA, ERRORS = "=SUM(A1:A2)", ["#DIV/0!", "#REF!", "#N/A"]
FORMATS = ["General", "0", "0.00", "#,##0.00", '0"分"', "@"]
DATES = ["yyyy-m-d", 'yyyy"年"m"月"d"日"', "yyyy.m.d"]
Written = tuple[Any, str]
Place = tuple[int, int]

numbers = st.one_of(
    st.integers(-10_000, 10_000_000),
    st.decimals("-10000", "10000000", places=2).map(float),
    st.floats(-1e6, 1e6, allow_nan=False).map(lambda number: round(number, 9)),
)
values = st.one_of(
    st.sampled_from(WORDS).map(lambda text: (text, "General")),
    st.text("绩效自评表甲乙丙0123.%≥ab ", max_size=12).map(lambda text: (text, "General")),
    st.tuples(numbers, st.sampled_from(FORMATS)),
    st.tuples(st.integers(-300, 30_000).map(lambda n: n / 10_000), st.sampled_from(["0%", "0.00%"])),
    st.tuples(st.dates(dt.date(1990, 1, 1), dt.date(2030, 1, 1)), st.sampled_from(DATES)),
    st.tuples(st.booleans(), st.just("General")),
    st.just((FORMULA, "General")),
    st.sampled_from(ERRORS).map(lambda error: (error, "General")),
)  # fmt: skip
places = st.tuples(st.integers(1, ROWS), st.integers(1, COLUMNS))
ranges = st.tuples(places, st.integers(0, 3), st.integers(0, 3))


@dataclass(frozen=True)
class Plan:
    """One sheet: cells, merged ranges, hidden rows and columns, and a dimension that may lie."""

    cells: dict[Place, Written]
    ranges: list[tuple[Place, int, int]]
    hidden_rows: set[int]
    hidden_columns: set[int]
    dimension: str | None

    def content(self) -> bytes:
        book = openpyxl.Workbook()
        sheet = book.active
        for place, (value, number_format) in self.cells.items():
            cell = sheet.cell(*place)
            cell.value, cell.number_format = value, number_format
        taken: set[Place] = set()
        for (row, column), down, right in self.ranges:
            covered = set(product(range(row, row + down + 1), range(column, column + right + 1)))
            if len(covered) > 1 and not covered & taken:
                sheet.merge_cells(None, row, column, row + down, column + right)
                taken |= covered
        for row in self.hidden_rows:
            sheet.row_dimensions[row].hidden = True
        for column in self.hidden_columns:
            sheet.column_dimensions[get_column_letter(column)].hidden = True
        stream = io.BytesIO()
        book.save(stream)
        if not self.dimension:
            return stream.getvalue()
        true, lie = (f'<dimension ref="{ref}"' for ref in (sheet.dimensions, self.dimension))
        return build.with_part(stream.getvalue(), "xl/worksheets/sheet1.xml", lie, true)


plans = st.builds(
    Plan,
    st.dictionaries(places, values, max_size=50),
    st.lists(ranges, max_size=6),
    st.sets(st.integers(1, ROWS), max_size=2),
    st.sets(st.integers(1, COLUMNS), max_size=2),
    st.sampled_from([None, "A1", "A1:B2", "A1:XFD1048576", "C3:D4"]),
)


@dataclass
class Reading:
    """Our reading of a sheet: cells of tables by place, running text by row, remarks of both."""

    cells: dict[Place, Cell] = field(default_factory=dict)
    texts: dict[int, str] = field(default_factory=dict)
    remarks: dict[int, list[str]] = field(default_factory=dict)
    hidden: str = ""

    @classmethod
    def of(cls, content: bytes) -> "Reading":
        (sheet,) = read_sheets(content, "a.xlsx").sheets
        found = cls(hidden="".join(remark.words for remark in sheet.remarks))
        for piece in sheet.pieces:
            if isinstance(piece, Text):
                assert piece.row is not None
                assert piece.row not in found.texts
                found.texts[piece.row] = piece.text
                found.remarks.setdefault(piece.row, []).extend(r.code for r in piece.remarks)
                continue
            for cell in (cell for row in piece.rows for cell in row):
                assert (cell.row, cell.column) not in found.cells
                found.cells[cell.row, cell.column] = cell
                found.remarks.setdefault(cell.row, []).extend(r.code for r in cell.remarks)
        return found


def compare(content: bytes) -> None:
    """Every value that openpyxl has stands in our reading, and nothing else does."""
    found = Reading.of(content)
    sheet = openpyxl.load_workbook(io.BytesIO(content), data_only=True).active
    formulas = openpyxl.load_workbook(io.BytesIO(content)).active
    seen = seen_places(sheet)
    lines: dict[int, list[str]] = {}
    said: dict[int, list[str]] = {}
    for cell in (cell for row in sheet.iter_rows() for cell in row):
        at = seen.get((cell.row, cell.column))
        is_formula = formulas.cell(cell.row, cell.column).data_type == "f"
        if cell.value is None and not is_formula:
            continue
        if at is None:
            is_said = is_formula or cell.data_type == "e" or not str(cell.value).strip()
            assert is_said or found.hidden, f"{cell.coordinate} is hidden, and nothing says so"
        elif is_formula or cell.data_type == "e":
            said.setdefault(at[0], []).append(
                "formula-without-value" if is_formula else "cell-error"
            )
            assert at not in found.cells or not found.cells[at].text
        elif at[0] in found.texts:
            lines.setdefault(at[0], []).append(shown(cell.value, cell.number_format) or "")
        else:
            text = found.cells.pop(at).text
            assert shows(text, cell.value, cell.number_format), f"{cell.coordinate}: {text!r}"
    assert {place: cell.text for place, cell in found.cells.items() if cell.text} == {}
    for merged in sheet.merged_cells.ranges:
        at = seen.get((merged.min_row, merged.min_col))
        below = {(row, at[1]) for row in range(at[0] + 1, merged.max_row + 1)} if at else set()
        assert all(found.cells[place].covered for place in below & set(found.cells))
    assert {row: sorted(codes) for row, codes in found.remarks.items() if codes} == {
        row: sorted(codes) for row, codes in said.items()
    }
    assert {row: text for row, text in found.texts.items() if text} == {
        row: text for row, texts in lines.items() if (text := "  ".join(filter(None, texts)))
    }


def seen_places(sheet: Worksheet) -> dict[Place, Place]:
    """Where each cell is seen: a merged range from its first visible cell on, hidden ones nowhere."""
    rows = {n for n, dimension in sheet.row_dimensions.items() if dimension.hidden}
    columns = {
        n
        for dimension in sheet.column_dimensions.values()
        if dimension.hidden
        for n in range(dimension.min, dimension.max + 1)
    }
    reach = range(1, ROWS + 8)
    seen = {(r, c): (r, c) for r in reach for c in reach if r not in rows and c not in columns}
    for merged in sheet.merged_cells.ranges:
        places = list(product(range(merged.min_row, merged.max_row + 1),
                              range(merged.min_col, merged.max_col + 1)))  # fmt: skip
        visible = [place for place in places if place in seen]
        for place in places:
            seen.pop(place, None)
        if visible:
            seen[places[0]] = visible[0]
    return seen


def shows(text: str, value: object, number_format: str) -> bool:
    """Whether a text is what a cell of this value displays, as far as one can tell from outside."""
    match value:
        case bool():
            return text == str(value).upper()
        case str():
            return text == value
        case dt.date():
            return [int(part) for part in re.findall("[0-9]+", text)] == [
                value.year, value.month, value.day,
            ]  # fmt: skip
    assert isinstance(value, int | float)
    number = Decimal(repr(value))
    if number_format.endswith("%"):
        assert text.endswith("%")
        half = Decimal("0.5").scaleb(-number_format.count("0", 1))
        return abs(Decimal(text[:-1]) - number * 100) <= half
    return (
        Decimal(text.replace(",", "").removesuffix("分"))
        == number.quantize(Decimal("1e-9")).normalize()
    )


@given(plans)
@settings(max_examples=FEW)
def test_hundreds_of_sheets_are_read_as_openpyxl_reads_them(plan: Plan) -> None:
    compare(plan.content())


@pytest.mark.fuzz
@given(plans)
def test_thousands_of_sheets_are_read_as_openpyxl_reads_them(plan: Plan) -> None:
    compare(plan.content())
