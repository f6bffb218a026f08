"""A small project form whose every cell a test can change, in each format that is read."""

from dataclasses import dataclass, field, replace
from pathlib import Path

from tests import build
from tests.build import Box
from tests.formats import BUILDERS

from jixiao.importers import read_document
from jixiao.model import Filing

WIDTH = 9
FORMATS = ("txt", "docx", "xlsx", "html")
BUDGET_HEADER = (
    "项目资金（万元）", "", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分",
)  # fmt: skip
INDICATOR_HEADER = (
    "绩效指标", "一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分",
    "偏差原因分析及改进措施",
)  # fmt: skip
INDICATORS = (
    ("", "产出指标", "数量指标", "1、培训人次", "≥200人次", "210人次", "30", "30", ""),
    ("", "", "质量指标", "2、培训合格率", "≥95%", "96%", "20", "20", ""),
    ("", "效益指标", "社会效益指标", "3、群众知晓率", "≥90%", "92%", "30", "30", ""),
    ("", "满意度指标", "服务对象满意度指标", "4、学员满意度", "≥90%", "85%", "10", "8", "场地不足"),
)
Row = tuple[str, ...]


@dataclass(frozen=True)
class SmallForm:
    """The rows of the form from top to bottom, and the lines above it."""

    above: Row = ("2022年度项目支出绩效自评表",)
    top: tuple[Row, ...] = ()
    name: str = "培训经费"
    budget_header: Row = BUDGET_HEADER
    budget: tuple[Row, ...] = (
        ("", "年度资金总额", "38", "38", "19.62", "10", "51.63%", "5.16"),
        ("", "其中：当年财政拨款", "38", "38", "19.62", "-", "-", "-"),
    )
    indicator_header: Row = INDICATOR_HEADER
    indicators: tuple[Row, ...] = INDICATORS
    total: tuple[Row, ...] = (("总分", "100", "93.16", ""),)
    below: tuple[Row, ...] = ()
    after: Row = ("填表人：张某某  填报日期：2023.4.25",)

    def rows(self) -> list[Row]:
        return [
            *self.top,
            ("项目名称", self.name),
            ("主管部门", "某某局", "实施单位", "某某中心"),
            self.budget_header,
            *self.budget,
            ("年度总体目标", "预期目标", "实际完成情况"),
            ("", "完成全年培训任务。", "完成培训任务。"),
            self.indicator_header,
            *self.indicators,
            *self.total,
            *self.below,
        ]

    def with_budget(self, *total: str) -> "SmallForm":
        """The form with other cells in its budget's total row, and no lines by source."""
        return replace(self, budget=(("", "年度资金总额", *total),))

    def with_indicator(self, number: int, **cells: str) -> "SmallForm":
        """The form with cells of one indicator changed: target, achieved, points, score, …"""
        at = {"category": 1, "kind": 2, "name": 3, "target": 4, "achieved": 5, "points": 6,
              "score": 7, "reason": 8}  # fmt: skip
        row = list(self.indicators[number])
        for name, text in cells.items():
            row[at[name]] = text
        changed = (*self.indicators[:number], tuple(row), *self.indicators[number + 1 :])
        return replace(self, indicators=changed)


@dataclass(frozen=True)
class Written:
    """One or more forms as a file of each format."""

    forms: tuple[SmallForm, ...] = field(default_factory=lambda: (SmallForm(),))

    def content(self, ending: str) -> bytes:
        if ending == "txt":
            return "\n".join(map(as_text, self.forms)).encode()
        pieces: list[str | build.Rows] = []
        for form in self.forms:
            pieces += [*form.above, [boxes(row) for row in form.rows()], *form.after]
        return BUILDERS[ending](pieces)


def as_text(form: SmallForm) -> str:
    """One cell a line behind a tab, a blank line between rows, as Word exports it."""
    rows = ["\n".join("\t" + cell for cell in row) + "\n" for row in form.rows()]
    return "\n".join([*form.above, *rows, *form.after])


def boxes(row: Row | tuple[Box, ...]) -> list[Box]:
    """The cells of a row spread over the width of the table, unless they say how far they reach."""
    if any(isinstance(cell, Box) for cell in row):
        return [cell if isinstance(cell, Box) else Box(cell) for cell in row]
    if len(row) == 1:
        return [Box(row[0], WIDTH)]
    each, rest = divmod(WIDTH - 1, len(row) - 1)
    spans = [1, *(each + (n < rest) for n in range(len(row) - 1))]
    return [Box(text, span) for text, span in zip(row, spans, strict=True)]


def read_form(folder: Path, *forms: SmallForm, ending: str = "txt") -> Filing:
    """Write the forms as one file and read it."""
    path = folder / f"form.{ending}"
    path.write_bytes(Written(forms or (SmallForm(),)).content(ending))
    return read_document(path)
