"""Chart: the parts of the three public expenses (三公经费), budget against outturn."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.axes import Axes

from jixiao.charts.amounts import Amount, amount_of, plot_amounts
from jixiao.charts.labels import clean, number, spaced
from jixiao.charts.picture import Omission, Picture, omission_of, parts_of, picture_of
from jixiao.datum import Datum
from jixiao.model import BaseData, ExpenditureRow, Scorecard
from jixiao.scoring.base_data import THREE_PUBLIC, children_of, three_public_total
from jixiao.scoring.units import base_data_in_one_unit

CAPTION = "“三公”经费各项的预算与决算"
_RATE = "三公经费控制率"


@dataclass(frozen=True, slots=True)
class ThreePublicExpensesNumbers:
    """What the chart draws: the parts as filed, the totals, and the rate `scoring` computed."""

    amounts: tuple[Amount, ...]
    budget: Datum
    outturn: Datum
    rate: Datum | None
    unit: str
    source: str

    @property
    def title(self) -> str:
        """The total against its budget, with the rate where there is one."""
        spent, planned = spaced(self.outturn), spaced(self.budget)
        if self.rate is None:
            return f"“三公”经费决算 {spent}，预算 {planned}"
        return f"“三公”经费决算 {spent}，为预算 {planned}的 {self.rate.text}"


def three_public_expenses_numbers(
    base_data: BaseData | None, scorecard: Scorecard
) -> ThreePublicExpensesNumbers | str:
    """Pick the parts of the three public expenses, or say why there is nothing to draw.

    A part that was left blank while its own parts were filled is replaced by them.
    """
    if base_data is None:
        return "没有填报基础数据表，“三公”经费图从略。"
    base_data = base_data_in_one_unit(base_data)
    budget, outturn = (three_public_total(base_data, name) for name in ("budget", "outturn"))
    if budget is None or outturn is None:
        return "基础数据表没有“三公”经费，“三公”经费图从略。"
    if budget.value is None and outturn.value is None:
        return "“三公”经费没有填报预算数和决算数，“三公”经费图从略。"
    rows = tuple(
        part for row in children_of(base_data, THREE_PUBLIC) for part in _filled(base_data, row)
    ) or tuple(row for row in (base_data.row(*THREE_PUBLIC),) if row)
    rates = {each.name: each.value for each in scorecard.indicators_of_base_data}
    rate = rates.get(_RATE)
    return ThreePublicExpensesNumbers(
        tuple(amount_of(row, clean(row.name)) for row in rows),
        budget,
        outturn,
        None if rate is None or rate.value is None else rate,
        budget.unit,
        parts_of(row.source for row in rows),
    )


def describe_three_public_expenses(numbers: ThreePublicExpensesNumbers) -> str:
    """Say the chart of the three public expenses in words (替代文字)."""
    rows = "；".join(f"{a.label} {a.text}" for a in numbers.amounts)
    rate = f"，控制率 {numbers.rate.text}" if numbers.rate else ""
    total = f"合计决算 {number(numbers.outturn)}，预算 {number(numbers.budget)}{rate}"
    return f"条形图，{CAPTION}，单位{numbers.unit}。决算数：{rows}；{total}。"


def plot_three_public_expenses(numbers: ThreePublicExpensesNumbers, ax: Axes | None = None) -> Axes:
    """Draw each part's budget as a frame, its outturn inside, what exceeds it hatched."""
    return plot_amounts(numbers.amounts, numbers.title, numbers.unit, ax)


def chart_three_public_expenses(
    base_data: BaseData | None, scorecard: Scorecard
) -> Picture | Omission:
    """Picture the three public expenses (“三公”经费图), budget against outturn."""
    numbers = three_public_expenses_numbers(base_data, scorecard)
    if isinstance(numbers, str):
        return omission_of("three-public-expenses", numbers)
    return picture_of(
        plot_three_public_expenses(numbers),
        "three-public-expenses",
        numbers.title,
        describe_three_public_expenses(numbers),
        (CAPTION, numbers.source),
    )


def _filled(base_data: BaseData, row: ExpenditureRow) -> tuple[ExpenditureRow, ...]:
    if row.budget.value is not None or row.outturn.value is not None:
        return (row,)
    parts = children_of(base_data, (row.label,))
    filled = tuple(p for p in parts if p.budget.value is not None or p.outturn.value is not None)
    return filled or (row,)
