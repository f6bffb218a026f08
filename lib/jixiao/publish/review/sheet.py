"""The list of findings as an Excel workbook (问题清单): one row a finding, decisions to be filled in.

It is read back by `importers.finding_list`, which knows the columns by their names.
"""

from __future__ import annotations

import io
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from jixiao.audit import first_place
from jixiao.errors import BadFile
from jixiao.importers import finding_list as named
from jixiao.model import SEVERITY_WORDS, VERDICT_WORDS, Severity, mask_private, words
from jixiao.publish.forms.package import settle
from jixiao.publish.forms.sheet import lines_in, set_text
from jixiao.publish.review.examined import ListedFinding
from jixiao.tables.runs import place_runs

# Any: openpyxl has no types of its own.
Sheet = Any

#: Each column with its width in characters; what reviewers fill in stands last.
_COLUMNS: Mapping[str, float] = MappingProxyType(
    {
        named.UNIT: 16, "单位": 20, named.YEAR: 7, named.EVALUATION: 18, "自评名称": 14,
        named.CHECK: 7, "严重程度": 9, "核查内容": 22, "问题": 46, "所填": 24, "应为": 24,
        "算式": 30, "起因": 24, "出处": 32, "依据": 26, "报告": 8, named.VERDICT: 10, named.REASON: 30,
        named.BY: 10, named.ON: 12, "提示": 20, named.PLACE: 26, named.CELLS: 15,
    }
)  # fmt: skip
_FILLED_IN = (named.VERDICT, named.REASON, named.BY, named.ON)
_MOST_ROWS = 1_048_575
_THIN = Side(style="thin", color="FFD0D5DB")
_BORDER = Border(top=_THIN, bottom=_THIN, left=_THIN, right=_THIN)
_HEAD = PatternFill("solid", fgColor="FF22405F")
_TO_FILL = PatternFill("solid", fgColor="FFFFF8E1")
_FILLS: Mapping[Severity, PatternFill] = MappingProxyType(
    {
        "high": PatternFill("solid", fgColor="FFF8D9D6"),
        "medium": PatternFill("solid", fgColor="FFFBEBCB"),
        "low": PatternFill("solid", fgColor="FFE6ECF2"),
    }
)
_FONT = "宋体"
#: Points of a line, and of the tallest row a sheet can have.
_LINE, _TALLEST_ROW = 13.5, 409.0


def write_finding_list(listed: Sequence[ListedFinding], outputs: Path, target: Path) -> bytes:
    """Write findings as .xlsx with filter, frozen heading, links and a choice of decisions.

    Parameters
    ----------
    outputs : the folder of the reports the links lead to, where there is a report
    target : where the workbook will lie; links are relative to it

    Raises
    ------
    BadFile : more findings than a sheet has rows.
    """
    if len(listed) > _MOST_ROWS:
        raise BadFile(
            "finding-list-size",
            f"有 {len(listed)} 项发现",
            where=str(target.name),
            expected=f"不超过一张工作表的 {_MOST_ROWS} 行",
            action="请分几个计划导出",
        )
    book = Workbook()
    sheet = book.active
    sheet.title = "问题清单"
    _write_heading(sheet)
    for row, entry in enumerate(listed, start=2):
        _write_row(sheet, row, entry, _link(entry, outputs, target))
    last = len(listed) + 1
    sheet.freeze_panes = "C2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(_COLUMNS))}{last}"
    _offer_decisions(sheet, last)
    _set_up_print(sheet)
    stream = io.BytesIO()
    book.properties.creator = ""
    book.save(stream)
    return settle(stream.getvalue())


def _write_heading(sheet: Sheet) -> None:
    for place, (name, width) in enumerate(_COLUMNS.items(), start=1):
        cell = sheet.cell(1, place, name)
        cell.font = Font(name=_FONT, bold=True, color="FFFFFFFF", size=10.5)
        cell.fill, cell.border = _HEAD, _BORDER
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.row_dimensions[1].height = 24


def _write_row(sheet: Sheet, row: int, entry: ListedFinding, link: str | None) -> None:
    finding, texts = entry.finding, _texts(entry)
    lines = max(lines_in(texts[name], width) for name, width in _COLUMNS.items())
    sheet.row_dimensions[row].height = min(lines * _LINE + 4, _TALLEST_ROW)
    for place, (name, text) in enumerate(texts.items(), start=1):
        cell = sheet.cell(row, place)
        set_text(cell, mask_private(text))
        cell.font, cell.border = Font(name=_FONT, size=10), _BORDER
        cell.alignment = Alignment(vertical="top", wrap_text=True)
        if name == "严重程度":
            cell.fill = _FILLS[finding.severity]
        if name in _FILLED_IN:
            cell.fill = _TO_FILL
        if name == "报告" and link:
            cell.value, cell.hyperlink = "打开", link
            cell.font = Font(name=_FONT, size=10, underline="single", color="FF1F5FA8")


def _texts(entry: ListedFinding) -> dict[str, str]:
    """The texts of a row, column by column."""
    examined, finding = entry.examined, entry.finding
    decision = finding.decision
    again = finding.asked_again
    texts = {
        named.UNIT: examined.unit_year.unit,
        "单位": examined.unit_year.name,
        named.YEAR: str(examined.unit_year.year),
        named.EVALUATION: finding.evaluation or named.WHOLE_FILING,
        "自评名称": examined.name_of(finding.evaluation),
        named.CHECK: finding.id,
        "严重程度": SEVERITY_WORDS[finding.severity],
        "核查内容": examined.checklist.entry(finding.id).title,
        "问题": words(finding.message),
        "所填": words(finding.observed),
        "应为": words(finding.expected),
        "算式": words(finding.formula),
        "起因": _cause(entry),
        "出处": "".join(run.text for run in place_runs(finding.where)).strip(),
        "依据": finding.reference.text,
        "报告": "",
        named.VERDICT: VERDICT_WORDS[decision.verdict] if decision else "",
        named.REASON: decision.reason if decision else "",
        named.BY: decision.by if decision else "",
        named.ON: decision.on if decision else "",
        "提示": f"单元格已变，须重新决定；原为{again.words}" if again else "",
        named.PLACE: first_place(finding) or "",
        named.CELLS: finding.cells,
    }
    return {name: texts[name] for name in _COLUMNS}


def _cause(entry: ListedFinding) -> str:
    """Name the finding this one follows from, as its row has it."""
    cause = entry.finding.cause
    if cause is None:
        return ""
    return f"{cause.id}（{entry.examined.name_of(cause.evaluation)}，指纹 {cause.cells}）"


def _link(entry: ListedFinding, outputs: Path, target: Path) -> str | None:
    """Lead to the finding in its report, relative to the workbook; None where there is none."""
    unit_year = entry.examined.unit_year
    page = outputs / unit_year.unit / str(unit_year.year) / entry.report / "current" / "report.html"
    if not page.is_file():
        return None
    relative = os.path.relpath(page, target.absolute().parent)
    return f"{Path(relative).as_posix()}#{entry.anchor}"


def _offer_decisions(sheet: Sheet, last: int) -> None:
    """Let a decision be chosen, not typed."""
    place = get_column_letter(list(_COLUMNS).index(named.VERDICT) + 1)
    choices = ",".join(VERDICT_WORDS.values())
    offered = DataValidation(type="list", formula1=f'"{choices}"', allow_blank=True)
    offered.errorTitle, offered.error = "决定", f"请从 {choices} 中选择"
    offered.promptTitle, offered.prompt = "决定", "选择后请填写理由、复核人和日期"
    offered.showErrorMessage = offered.showInputMessage = True
    sheet.add_data_validation(offered)
    offered.add(f"{place}2:{place}{max(last, 2)}")


def _set_up_print(sheet: Sheet) -> None:
    setup = sheet.page_setup
    setup.paperSize, setup.orientation = sheet.PAPERSIZE_A3, "landscape"
    setup.fitToWidth, setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"
    sheet.oddFooter.center.text = "第 &P 页，共 &N 页"
