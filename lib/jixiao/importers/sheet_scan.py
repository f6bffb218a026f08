"""Looking through a sheet before openpyxl reads it (工作表预检): how far it reaches, what it hides.

A 5 KB workbook with one cell at XFD1048576 makes readers ask for terabytes (FAULTS.md M7), and
formulas without a stored value come back as nothing (M17); so the XML is asked first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from jixiao.errors import BadFile
from jixiao.importers.sheet_places import Place, address_of, place_of

#: A filing has some 200 rows of 12 columns.
MOST_ROWS, MOST_COLUMNS, MOST_MERGED = 20_000, 400, 500_000
_NUMBER = re.compile(
    r"[-+]?(?:[0-9]{1,400}(?:\.[0-9]{0,400})?|\.[0-9]{1,400})(?:[eE][-+]?[0-9]{1,4})?"
)
_KEPT = ("sheetData", "sheetPr", "sheetFormatPr")


@dataclass(frozen=True, slots=True)
class Scan:
    """What the XML of one sheet says: places as row and column, merges as two corners.

    ``xml`` is the sheet with its cells and nothing else.
    """

    xml: bytes
    filled: frozenset[Place]
    formulas: frozenset[Place]
    merges: tuple[tuple[Place, Place], ...]
    hidden_rows: frozenset[int]
    hidden_columns: frozenset[int]

    def hides(self, place: Place) -> bool:
        """Whether a cell stands in a hidden row or column."""
        return place[0] in self.hidden_rows or place[1] in self.hidden_columns

    def visible_ranges(self) -> tuple[dict[Place, Place | None], dict[Place, Place]]:
        """Give the merged ranges as they are seen, from their first visible cell on.

        Returns
        -------
        For each cell of a range where its text is seen, None where nowhere: under a range, or in
        hidden rows or columns; and for the first visible cell of each range its last.
        """
        shifted: dict[Place, Place | None] = {}
        ranges: dict[Place, Place] = {}
        for start, end in self.merges:
            rows = [r for r in range(start[0], end[0] + 1) if r not in self.hidden_rows]
            columns = [c for c in range(start[1], end[1] + 1) if c not in self.hidden_columns]
            for row in range(start[0], end[0] + 1):
                shifted |= dict.fromkeys((row, c) for c in range(start[1], end[1] + 1))
            if rows and columns:
                shifted[start] = rows[0], columns[0]
                ranges[rows[0], columns[0]] = rows[-1], columns[-1]
        return shifted, ranges


@dataclass(frozen=True, slots=True)
class _Part:
    """A sheet's part and its file, as errors name them."""

    part: str
    where: str


def scan_sheet(data: bytes, part: str, where: str) -> Scan:
    """Scan one sheet.

    Raises
    ------
    BadFile : ``sheet-too-large``, naming the cell that lies too far out.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
    root = etree.fromstring(data, parser)
    filled: set[Place] = set()
    formulas: set[Place] = set()
    for cell, place in _cells(root):
        if _has_content(cell):
            _check_reach(place, part, where)
            filled.add(place)
            _mend(cell)
            if _named(cell, "f") is not None and not (_text(_named(cell, "v"))):
                formulas.add(place)
    most = max((row for row, _ in filled), default=0), max((c for _, c in filled), default=0)
    hidden_rows, hidden_columns = _hidden_rows(root), _hidden_columns(root)
    merges = tuple(_merges(root, most, hidden_rows, _Part(part, where)))
    for child in list(root):
        if _name(child) not in _KEPT:
            root.remove(child)
    return Scan(
        etree.tostring(root, encoding="utf-8"),
        frozenset(filled),
        frozenset(formulas),
        merges,
        hidden_rows,
        hidden_columns,
    )


def _cells(root: etree._Element) -> Iterator[tuple[etree._Element, Place]]:
    """Each cell with its place; one without an address follows the one before it."""
    data = _named(root, "sheetData")
    row_number = 0
    for row in data if data is not None else ():
        written = row.get("r") or ""
        row_number = int(written) if written.isdigit() and len(written) < 9 else row_number + 1
        column = 0
        for cell in row:
            if _name(cell) == "c":
                found = place_of(cell.get("r") or "")
                column = found[1] if found else column + 1
                yield cell, (found[0] if found else row_number, column)


def _has_content(cell: etree._Element) -> bool:
    return any(_name(child) in ("v", "is", "f") for child in cell)


def _mend(cell: etree._Element) -> None:
    """Make a number cell that holds no number an error cell, instead of losing the workbook."""
    written = _text(_named(cell, "v"))
    if written and cell.get("t", "n") == "n" and not _NUMBER.fullmatch(written):
        cell.set("t", "e")


def _check_reach(place: Place, part: str, where: str) -> None:
    if place[0] > MOST_ROWS or place[1] > MOST_COLUMNS:
        raise _too_large(where, part, f"单元格 {address_of(place)} 离得太远")


def _merges(
    root: etree._Element, most: Place, hidden: frozenset[int], sheet: _Part
) -> Iterator[tuple[Place, Place]]:
    """The merged ranges, cut off where the sheet's content ends, at a row that is seen."""
    area = 0
    merged = _named(root, "mergeCells")
    for merge in merged if merged is not None else ():
        first, _, last = (merge.get("ref") or "").partition(":")
        start, end = place_of(first), place_of(last)
        if start is None or end is None or start[0] > most[0] or start[1] > most[1]:
            continue
        bottom = min(end[0], most[0])
        while bottom < end[0] and bottom in hidden:
            bottom += 1
        end = bottom, end[1] if start[1] == end[1] else min(end[1], MOST_COLUMNS)
        area += (end[0] - start[0] + 1) * (end[1] - start[1] + 1)
        if area > MOST_MERGED:
            raise _too_large(sheet.where, sheet.part, "合并单元格太多")
        yield start, end


def _hidden_rows(root: etree._Element) -> frozenset[int]:
    data = _named(root, "sheetData")
    rows = data if data is not None else ()
    return frozenset(
        int(row.get("r"))
        for row in rows
        if row.get("hidden") in ("1", "true") and (row.get("r") or "").isdigit()
    )


def _hidden_columns(root: etree._Element) -> frozenset[int]:
    hidden: set[int] = set()
    columns = _named(root, "cols")
    for column in columns if columns is not None else ():
        first, last = column.get("min") or "", column.get("max") or ""
        if column.get("hidden") in ("1", "true") and first.isdigit() and last.isdigit():
            hidden |= set(range(int(first[:6]), min(int(last[:6]), MOST_COLUMNS) + 1))
    return frozenset(hidden)


def _named(element: etree._Element, name: str) -> etree._Element | None:
    return next((child for child in element if _name(child) == name), None)


def _name(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _text(element: etree._Element | None) -> str:
    return (element.text or "") if element is not None else ""


def _too_large(where: str, part: str, why: str) -> BadFile:
    return BadFile(
        "sheet-too-large",
        f"部件 {part}：{why}",
        where=where,
        expected=f"{MOST_ROWS} 行、{MOST_COLUMNS} 列以内的工作表",
        action="请在 Excel 中删去表格之外的单元格后另存，再读",
    )
