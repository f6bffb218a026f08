"""The parts of a document (篇章): narratives and annexes, each with its lines and tables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from jixiao.importers.cells import clean, squeeze
from jixiao.importers.layout import Stretch
from jixiao.importers.lines import Line, annex_mark, is_report_title, ordinal_of, table_title
from jixiao.importers.raw import RawTable

_PROJECT_WORDS = re.compile("项目|专项|资金")
_DEPARTMENT_WORDS = re.compile("整体支出|部门")
_DEPARTMENT_LABELS = {"预算部门", "部门名称", "单位名称", "部门单位名称", "按收入性质分"}
_PROJECT_NAME = re.compile(
    r"(?:.*?[0-9]{4}年?度?)?(?P<name>.+?)(?:项目)?(?:支出|专项)?(?:资金)?(?:支出)?"
    r"(?:预算)?(?:绩效)?(?:自评|评价)(?:工作|情况|结果)?(?:的)?报告"
)
_NO_NAMES = {"绩效", "项目", "支出", "单位", "年度"}
_UNIT_NAME = re.compile(r"[\u4e00-\u9fff（）()·]{3,30}")


@dataclass(slots=True)
class Part:
    """One part of the document (部分), built up while the lines are walked.

    ``mark`` is the annex as printed, "" for a narrative and for what stands before any title.
    """

    kind: Literal["department", "project", "annex", "front"]
    mark: str
    title: Line | None
    unit: Line | None = None
    lines: list[Line] = field(default_factory=list)
    tables: list[RawTable] = field(default_factory=list)
    first_line: int = 1

    @property
    def is_narrative(self) -> bool:
        """Whether it is a report in running text."""
        return self.kind in ("department", "project")

    @property
    def project_name(self) -> str:
        """The project's name as the title words it, "" where it does not.

        >>> Part("project", "", Line(1, "2022年度社区矫正项目资金绩效自评报告")).project_name
        '社区矫正'
        """
        match = _PROJECT_NAME.fullmatch(squeeze(self.title.text)) if self.title else None
        named = match is not None and match["name"] not in _NO_NAMES
        return match["name"] if match and named and self.kind == "project" else ""

    def filed_projects(self) -> list[str]:
        """The project names that stand in the part's tables, behind 项目名称."""
        return [
            clean(value.text)
            for table in self.tables
            for label, value in pairwise(table.cells)
            if label.label == "项目名称" and not value.is_blank
        ]


def outline(stretches: Sequence[Stretch]) -> tuple[Part, ...]:
    """Divide a document into parts, in order; blank parts are left out."""
    parts = [Part("front", "", None)]
    for stretch in stretches:
        if isinstance(stretch, RawTable):
            parts[-1].tables.append(stretch)
            continue
        for index, line in enumerate(stretch):
            part = _part_begun_by(line, stretch, index, parts[-1])
            if part:
                _begin(parts, part)
            parts[-1].lines.append(line)
    parts = [part for part in parts if part.lines or part.tables]
    _settle_kinds(parts)
    return tuple(parts)


def _settle_kinds(parts: Sequence[Part]) -> None:
    """A report whose title does not say whose it is goes with the only kind of table there is."""
    labels = {cell.label for part in parts for table in part.tables for cell in table.cells}
    if "项目名称" not in labels or labels & _DEPARTMENT_LABELS:
        return
    for part in parts:
        if part.kind == "department" and part.title is not None:
            titled = _DEPARTMENT_WORDS.search(squeeze(part.title.text))
            part.kind = part.kind if titled else "project"


def _part_begun_by(line: Line, lines: Sequence[Line], index: int, open_part: Part) -> Part | None:
    if is_report_title(line.text):
        whole = _title_over_lines(line, lines, index)
        return Part(_kind_of_report(squeeze(whole.text)), "", whole, first_line=line.number)
    mark = annex_mark(line.text)
    if mark:
        title = line if table_title(line.text) else None
        return Part("annex", mark, title, first_line=line.number)
    if table_title(line.text):
        if open_part.kind == "annex" and open_part.title is None and not open_part.tables:
            open_part.title = line
            return None
        return Part("annex", "", line, first_line=line.number)
    return None


def _title_over_lines(line: Line, lines: Sequence[Line], index: int) -> Line:
    """Join a title that the line before it begins: 2022年度整体支出 / 绩效自评报告."""
    if re.search("[0-9]{4}", squeeze(line.text)) or index == 0:
        return line
    before = squeeze(lines[index - 1].text)
    if re.search(r"[0-9]{4}年", before) and len(before) <= 30 and not before.endswith("。"):
        return Line(line.number, before + squeeze(line.text))
    return line


def _kind_of_report(title: str) -> Literal["department", "project"]:
    if _DEPARTMENT_WORDS.search(title) or not _PROJECT_WORDS.search(title):
        return "department"
    return "project"


def _begin(parts: list[Part], part: Part) -> None:
    """Open a part; the unit's name in the line before a title goes with the title."""
    before = parts[-1]
    if part.title is not None and part.is_narrative:
        moved = _take_unit(before, squeeze(part.title.text))
        part.lines.extend(moved)
        part.unit = next((line for line in moved if _names_unit(line.text)), None)
        part.first_line = moved[0].number if moved else part.first_line
    parts.append(part)


def _take_unit(part: Part, title: str) -> list[Line]:
    """Take the last lines of a part that are the head of the title that follows."""
    count = 0
    for line in reversed(part.lines):
        squeezed = squeeze(line.text)
        if squeezed and not _names_unit(line.text) and not title.startswith(squeezed):
            break
        if count and not squeezed:
            break
        count += 1
        if _names_unit(line.text):
            break
    taken = part.lines[len(part.lines) - count :] if count else []
    if not any(_names_unit(line.text) for line in taken):
        return []
    del part.lines[len(part.lines) - count :]
    return taken


def _names_unit(text: str) -> bool:
    squeezed = squeeze(text)
    return (
        _UNIT_NAME.fullmatch(squeezed) is not None
        and not squeezed.startswith("附")
        and ordinal_of(squeezed) is None
    )
