"""Chart: the base data's project expenditure, line by line (项目支出明细), against its budget."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.axes import Axes

from jixiao.charts.amounts import Amount, amount_of, plot_amounts
from jixiao.charts.labels import clean, listed, short, spaced, with_remarks
from jixiao.charts.picture import Omission, Picture, omission_of, parts_of, picture_of
from jixiao.model import BaseData
from jixiao.scoring import children_of
from jixiao.scoring.units import base_data_in_one_unit

CAPTION = "项目支出各项的预算与决算"
_PARENT = ("项目支出",)
_MOST = 24


@dataclass(frozen=True, slots=True)
class ProjectLinesNumbers:
    """Rows with a budget or an outturn, at least one; ``left_out`` names those without."""

    amounts: tuple[Amount, ...]
    left_out: tuple[str, ...]
    unit: str
    source: str

    @property
    def drawn(self) -> tuple[Amount, ...]:
        """The rows that are legible at once: those farthest from their budgets."""
        places = range(len(self.amounts))
        far = sorted(places, key=lambda place: -self.amounts[place].distance)[:_MOST]
        return tuple(self.amounts[place] for place in sorted(far))

    @property
    def title(self) -> str:
        """How many lines went over their budget, and how many had none."""
        over = [a for a in self.amounts if a.is_over and not a.has_no_budget]
        without = [a for a in self.amounts if a.has_no_budget]
        parts = []
        if over:
            worst = max(over, key=lambda a: a.difference.require())
            which = "，" if len(over) == 1 else "，最多的是"
            parts.append(
                f"{len(over)} 项超预算{which}{short(worst.label)}超 {spaced(worst.difference)}"
            )
        if without:
            names = listed(f"{short(a.label)} {spaced(a.outturn)}" for a in without)
            parts.append(f"{len(without)} 项没有预算：{names}")
        if not parts:
            return "项目支出各项都没有超过预算"
        return f"项目支出 {len(self.amounts)} 项中，" + "；".join(parts)


def project_lines_numbers(base_data: BaseData | None) -> ProjectLinesNumbers | str:
    """Pick the lines of project expenditure, or say why there is nothing to draw."""
    if base_data is None:
        return "没有填报基础数据表，项目支出明细图从略。"
    rows = children_of(base_data_in_one_unit(base_data), _PARENT)
    if not rows:
        return "基础数据表没有列出项目支出的明细，项目支出明细图从略。"
    amounts = tuple(amount_of(row, clean(row.name)) for row in rows)
    drawn = tuple(a for a in amounts if not a.is_empty)
    if not drawn:
        return "项目支出的明细没有填报预算数和决算数，项目支出明细图从略。"
    return ProjectLinesNumbers(
        drawn,
        tuple(a.label for a in amounts if a.is_empty),
        rows[0].budget.unit,
        parts_of(row.source for row in rows),
    )


def describe_project_lines(numbers: ProjectLinesNumbers) -> str:
    """Say the chart of project lines in words (替代文字)."""
    rows = "；".join(f"{a.label} {a.text}" for a in numbers.drawn)
    return f"条形图，{CAPTION}，单位{numbers.unit}。决算数：{rows}。{_remarks(numbers)}"


def plot_project_lines(numbers: ProjectLinesNumbers, ax: Axes | None = None) -> Axes:
    """Draw each line's budget as a frame, its outturn inside, what exceeds it hatched."""
    return plot_amounts(numbers.drawn, numbers.title, numbers.unit, ax)


def chart_project_lines(base_data: BaseData | None) -> Picture | Omission:
    """Picture the lines of project expenditure (项目支出明细图) against their budgets."""
    numbers = project_lines_numbers(base_data)
    if isinstance(numbers, str):
        return omission_of("project-lines", numbers)
    return picture_of(
        plot_project_lines(numbers),
        "project-lines",
        numbers.title,
        describe_project_lines(numbers),
        (with_remarks(CAPTION, _remarks(numbers)), numbers.source),
    )


def _remarks(numbers: ProjectLinesNumbers) -> str:
    remarks = ""
    if numbers.left_out:
        remarks += f"{listed(map(short, numbers.left_out))}没有填报预算数和决算数，未画。"
    if hidden := len(numbers.amounts) - len(numbers.drawn):
        remarks += f"另有 {hidden} 项更接近预算，未画。"
    return remarks
