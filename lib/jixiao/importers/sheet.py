"""Excel workbooks (.xlsx): openpyxl gives the values, the XML what it leaves out (Excel 工作簿)."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
import zlib
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError

from lxml import etree

from jixiao.importers.archive import Archive, broken_part, open_archive
from jixiao.importers.content import Content, Remark, Sheet
from jixiao.importers.sheet_places import Place, address_of
from jixiao.importers.sheet_rows import Rows
from jixiao.importers.sheet_scan import Scan, scan_sheet
from jixiao.importers.sheet_value import shown

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_ROOT = re.compile(rb"<(?:[\w.-]+:)?(workbook|worksheet|sst|styleSheet|Relationships|Types)\b")
_KEPT_OF_WORKBOOK = ("workbookPr", "sheets")
#: What openpyxl and its parsers raise where parts contradict each other (FAULTS.md M18).
_ERRORS = (
    ParseError, etree.LxmlError, zipfile.BadZipFile, zlib.error, KeyError,
    ValueError, TypeError, AttributeError, IndexError, ArithmeticError, AssertionError, OSError,
    RecursionError, NotImplementedError,
)  # fmt: skip


def read_sheets(content: bytes, where: str) -> Content:
    """Read the visible cells of all sheets, merged ranges as one cell.

    Raises
    ------
    BadFile : see `open_archive` and `scan_sheet`; also ``broken-archive`` where no workbook can
        be made of the parts.
    """
    archive = open_archive(content, where)
    try:
        scans, stripped = _strip(archive)
        found = _worksheets(stripped)
        return Content(
            "xlsx", tuple(_sheet(sheet, scans[part]) for part, sheet in found if part in scans)
        )
    except _ERRORS as cause:
        raise broken_part(where, "xl/workbook.xml", cause) from cause


def _worksheets(content: bytes) -> list[tuple[str, Worksheet]]:
    """Give the worksheets by the names of their parts."""
    # Here, because loading openpyxl takes longer than reading a filing that is no workbook.
    from openpyxl.reader.excel import ExcelReader

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        reader = ExcelReader(io.BytesIO(content), data_only=True, keep_links=False)
        reader.read()
        there = set(reader.valid_files)
        parts = [r.target for _, r in reader.parser.find_sheets() if r.target in there]
    return list(zip(parts, reader.wb.worksheets, strict=True))


def _strip(archive: Archive) -> tuple[dict[str, Scan], bytes]:
    """Keep the parts that hold cells: no pictures, charts, links, pivots, names, comments."""
    scans: dict[str, Scan] = {}
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as kept:
        for name, data in archive.parts.items():
            root = _ROOT.search(data[:4_000])
            kind = root[1] if root else b""
            if kind == b"worksheet":
                scans[name] = scan_sheet(data, name, archive.where)
                kept.writestr(name, scans[name].xml)
            elif kind == b"workbook":
                kept.writestr(name, _strip_workbook(data))
            elif kind and not (kind == b"Relationships" and "sheets/" in name):
                kept.writestr(name, data)
    return scans, stream.getvalue()


def _strip_workbook(data: bytes) -> bytes:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
    root = etree.fromstring(data, parser)
    for child in list(root):
        if not isinstance(child.tag, str) or child.tag.rpartition("}")[2] not in _KEPT_OF_WORKBOOK:
            root.remove(child)
    stripped: bytes = etree.tostring(root, encoding="utf-8")
    return stripped


def _sheet(sheet: Worksheet, scan: Scan) -> Sheet:
    if sheet.sheet_state != "visible":
        remarks = (_hidden("整张工作表", len(scan.filled)),) if scan.filled else ()
        return Sheet(sheet.title, (), remarks)
    shifted, ranges = scan.visible_ranges()
    texts: dict[Place, str] = {}
    met: dict[Place, tuple[Remark, ...]] = {}
    unseen: list[str] = []
    for place in sorted(scan.filled):
        text, remark = _cell(sheet.cell(*place), place, scan)
        at = shifted.get(place, place)
        if at is None or (at == place and scan.hides(place)):
            unseen += [f"{address_of(place)} “{text[:20]}”"] if text.strip() else []
            continue
        texts[at] = text
        met |= {at: (remark,)} if remark else {}
    hidden = (_hidden("、".join(unseen[:5]), len(unseen)),) if unseen else ()
    rows = Rows(texts, met, ranges, scan.hidden_columns)
    return Sheet(sheet.title, tuple(rows.pieces()), hidden)


def _cell(cell: object, place: Place, scan: Scan) -> tuple[str, Remark | None]:
    value = getattr(cell, "value", None)
    if value is None:
        if place in scan.formulas:
            return "", Remark(
                "formula-without-value",
                "公式没有存下计算结果，按缺失处理。请用 Excel 打开，重新计算并保存后再读。",
            )
        return "", None
    if getattr(cell, "data_type", "") == "e":
        return "", _error(str(value))
    text = shown(value, str(getattr(cell, "number_format", "General")))
    return ("", _error(str(value))) if text is None else (text, None)


def _error(value: str) -> Remark:
    return Remark(
        "cell-error",
        f"单元格的值是 “{value[:20]}”，不是数，按缺失处理。请在原件中改正公式或数值后再读。",
    )


def _hidden(what: str, count: int) -> Remark:
    return Remark(
        "hidden-rows",
        f"有隐藏的内容（{what}，共 {count} 格），看不见，没有读入。"
        "请核对：应读入的，请在 Excel 中取消隐藏后另存，再读。",
    )
