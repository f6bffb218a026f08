"""Rows of money (金额条): what was budgeted as a frame, what was spent solid inside it.

Shared by the charts of budget, project lines and three public expenses, so that a frame, a
solid bar and red hatching mean the same in all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from matplotlib.axes import Axes

from jixiao.charts.labels import number, wrap
from jixiao.charts.shapes import Paint, bar, key, length, note, room_for, row_label
from jixiao.charts.style import LABEL_EMS, dress, house_style, new_axes
from jixiao.datum import Datum, subtract
from jixiao.model import ExpenditureRow

_ROW = 0.3


@dataclass(frozen=True, slots=True)
class Amount:
    """One row: budgeted, spent, and spent minus budgeted, in one money unit."""

    label: str
    budget: Datum
    outturn: Datum
    difference: Datum

    @property
    def is_over(self) -> bool:
        """Whether more was spent than a filed budget allows."""
        return (self.difference.value or 0) > 0

    @property
    def has_no_budget(self) -> bool:
        """Whether money was spent where no budget, or a budget of 0, was filed."""
        return not self.budget.value and (self.outturn.value or 0) > 0

    @property
    def is_empty(self) -> bool:
        """Whether neither budget nor outturn was filed."""
        return self.budget.value is None and self.outturn.value is None

    @property
    def distance(self) -> Decimal:
        """How far the outturn is from the budget; all of the one where the other is absent."""
        parts = (self.difference, self.outturn, self.budget)
        return abs(next((d.value for d in parts if d.value is not None), Decimal(0)))

    @property
    def text(self) -> str:
        """The row in words: ``44.16（预算 10，超 34.16）``."""
        if self.is_empty:
            return "未填报"
        if self.has_no_budget:
            return f"{number(self.outturn)}（无预算）"
        if self.outturn.value is None:
            return f"决算缺（预算 {number(self.budget)}）"
        apart = f"，超 {number(self.difference)}" if self.is_over else ""
        return f"{number(self.outturn)}（预算 {number(self.budget)}{apart}）"


def amount_of(row: ExpenditureRow, label: str) -> Amount:
    """Take budget and outturn of a row of the base data."""
    apart = subtract(f"{row.label}决算减预算", row.outturn, row.budget)
    return Amount(label, row.budget, row.outturn, apart)


def plot_amounts(amounts: tuple[Amount, ...], title: str, unit: str, ax: Axes | None) -> Axes:
    """Draw one bar for each row: the budget a frame, the outturn solid, the excess hatched."""
    with house_style():
        labels = [wrap(amount.label, LABEL_EMS) for amount in amounts]
        if ax is None:
            ax = new_axes(title, labels, _ROW * len(amounts))
        high = room_for(ax, [(_far(amount), amount.text) for amount in amounts])
        dress(ax, title, unit, (0.0, max(map(_far, amounts)), high))
        ax.set_ylim(-0.6, len(amounts) - 0.4)
        for place, (label, amount) in enumerate(zip(labels, amounts, strict=True)):
            y = len(amounts) - 1.0 - place
            row_label(ax, y, label)
            draw_amount(ax, amount, y)
            bad = amount.is_over or amount.has_no_budget
            note(ax, (_far(amount), y), amount.text, bad=bad)
        over = any(amount.is_over or amount.has_no_budget for amount in amounts)
        key(ax, _KEY if over else _KEY[:2])
    return ax


_KEY: tuple[tuple[Paint, str], ...] = (
    ("frame", "预算"),
    ("recomputed", "决算"),
    ("bad", "超过预算或没有预算的部分"),
)


def draw_amount(ax: Axes, amount: Amount, y: float) -> None:
    """Draw one row around `y`."""
    planned, spent = length(amount.budget), length(amount.outturn)
    if planned:
        bar(ax, "frame", y, (0.0, planned), 0.72)
    if within := min(planned, spent):
        bar(ax, "recomputed", y, (0.0, within), 0.44)
    if spent > planned:
        bar(ax, "bad", y, (planned, spent - planned), 0.44)


def _far(amount: Amount) -> float:
    return max(length(amount.budget), length(amount.outturn))
