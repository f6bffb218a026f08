"""Chart: the budget on its way (预算执行): original, final, actual, and the execution rate."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.axes import Axes

from jixiao.charts.labels import number, spaced
from jixiao.charts.picture import Omission, Picture, omission_of, parts_of, picture_of
from jixiao.charts.shapes import Paint, bar, key, length, note, room_for, row_label
from jixiao.charts.style import dress, house_style, new_axes
from jixiao.datum import Datum, subtract, workings_of
from jixiao.model import Evaluation, Scorecard
from jixiao.scoring.units import evaluation_in_one_unit

CAPTION = "年初预算、全年预算与全年执行"
_LABELS = ("年初预算数", "全年预算数", "全年执行数")


@dataclass(frozen=True, slots=True)
class BudgetNumbers:
    """What the chart of the budget draws: three amounts, what is left, the rate if computed."""

    original: Datum
    final: Datum
    actual: Datum
    left: Datum
    rate: Datum | None
    unit: str
    source: str

    @property
    def title(self) -> str:
        """Spending against the final budget, with the execution rate where there is one."""
        if self.rate is not None:
            return (
                f"全年执行 {spaced(self.actual)}，为全年预算 {spaced(self.final)}的"
                f" {self.rate.text}"
            )
        return f"全年预算 {spaced(self.final)}，全年执行 {spaced(self.actual)}"

    @property
    def notes(self) -> tuple[str, str, str]:
        """The amounts in words, in the order of the rows."""
        remarks = []
        if self.rate is not None:
            remarks.append(f"执行率 {self.rate.text}")
        if (self.left.value or 0) > 0:
            remarks.append(f"未执行 {number(self.left)}")
        if self.is_over:
            over = subtract("超出全年预算", self.actual, self.final)
            remarks.append(f"超出全年预算 {number(over)}")
        remark = f"（{'，'.join(remarks)}）" if remarks else ""
        return number(self.original), number(self.final), number(self.actual) + remark

    @property
    def is_over(self) -> bool:
        """Whether more was spent than the final budget allows."""
        return (self.left.value or 0) < 0


def budget_numbers(evaluation: Evaluation, scorecard: Scorecard) -> BudgetNumbers | str:
    """Pick the budget's three amounts and the rate `scoring` computed, or say why not."""
    budget = evaluation_in_one_unit(evaluation).budget
    if budget is None:
        return "自评表没有预算资金一栏，预算执行图从略。"
    three = (budget.original_budget, budget.final_budget, budget.actual_expenditure)
    if all(datum.value is None for datum in three):
        return "年初预算数、全年预算数和全年执行数都没有填报，预算执行图从略。"
    return BudgetNumbers(
        *three,
        subtract("未执行", budget.final_budget, budget.actual_expenditure),
        execution_rate(scorecard),
        budget.final_budget.unit or evaluation.money_unit,
        parts_of((budget.source,)),
    )


def execution_rate(scorecard: Scorecard) -> Datum | None:
    """Take the execution rate out of the working of the execution score; None without one."""
    for line in scorecard.lines:
        if not line.members:
            for datum in workings_of(line.score):
                if datum.unit == "%" and datum.value is not None:
                    return datum
    return None


def describe_budget(numbers: BudgetNumbers) -> str:
    """Say the chart of the budget in words (替代文字)."""
    rows = "，".join(f"{a} {b}" for a, b in zip(_LABELS, numbers.notes, strict=True))
    return f"条形图，{CAPTION}，单位{numbers.unit}。{rows}。"


def plot_budget(numbers: BudgetNumbers, ax: Axes | None = None) -> Axes:
    """Draw the two budgets as frames and spending solid inside the frame of the final one."""
    with house_style():
        if ax is None:
            ax = new_axes(numbers.title, _LABELS, 1.15)
        original, final, actual = map(length, (numbers.original, numbers.final, numbers.actual))
        ends = (original, final, max(final, actual))
        high = room_for(ax, zip(ends, numbers.notes, strict=True))
        dress(ax, numbers.title, numbers.unit, (0.0, max(ends), high))
        ax.set_ylim(-0.6, 2.6)
        for y, label, end, text in zip((2, 1, 0), _LABELS, ends, numbers.notes, strict=True):
            row_label(ax, y, label)
            note(ax, (end, y), text, bad=y == 0 and numbers.is_over)
        bar(ax, "filed", 2, (0.0, original), 0.6)
        bar(ax, "frame", 1, (0.0, final), 0.6)
        bar(ax, "frame", 0, (0.0, final), 0.6)
        bar(ax, "recomputed", 0, (0.0, min(final, actual)), 0.6)
        if actual > final:
            bar(ax, "bad", 0, (final, actual - final), 0.6)
        key(ax, _KEY)
    return ax


_KEY: tuple[tuple[Paint, str], ...] = (
    ("filed", "年初预算"),
    ("frame", "全年预算"),
    ("recomputed", "全年执行"),
)


def chart_budget(evaluation: Evaluation, scorecard: Scorecard) -> Picture | Omission:
    """Picture the budget (预算执行图): original, final, actual."""
    numbers = budget_numbers(evaluation, scorecard)
    if isinstance(numbers, str):
        return omission_of("budget", numbers)
    return picture_of(
        plot_budget(numbers),
        "budget",
        numbers.title,
        describe_budget(numbers),
        (CAPTION, numbers.source),
    )
