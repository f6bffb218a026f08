"""How far an indicator came (完成率): achieved value ÷ target, where both are numbers."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias

from jixiao.charts.labels import clean, number, wrap
from jixiao.datum import Datum, Quantity, Reading, percent
from jixiao.datum.quantity import AT_MOST, LESS_THAN
from jixiao.model import Indicator

Standing: TypeAlias = Literal["met", "unmet", "open"]

_DOWNWARD = (AT_MOST, LESS_THAN)
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Rate:
    """One indicator: its rate in %, how it stands to its target, whether it is only bounded.

    ``open`` is a value below a target that was filed without a direction. ``values`` are the two
    texts as filed, empty where the rate says the same.
    """

    label: str
    rate: Datum
    standing: Standing
    bound: str
    values: str

    @property
    def distance(self) -> Decimal:
        """How far from the target, in percentage points."""
        return abs(self.rate.require() - _HUNDRED)

    @property
    def text(self) -> str:
        """The rate in words: ``≥101.94%（≥1631件／≥1600件）``."""
        filed = f"（{self.values}）" if self.values else ""
        return f"{self.bound}{number(self.rate)}%{filed}"


def rate_of(indicator: Indicator) -> Rate | None:
    """Give the rate of an indicator; None where its values are not numbers of one unit."""
    target, achieved = indicator.target.quantity, indicator.achieved.quantity
    if not _comparable(target, achieved):
        return None
    unit = target.unit or achieved.unit or ""
    rate = percent(
        "完成率",
        indicator.achieved.number("实际完成值", achieved.value, unit),
        indicator.target.number("年度指标值", target.value, unit),
    )
    values = wrap(clean(f"{indicator.achieved.text}／{indicator.target.text}"), 16, 1)
    if unit == "%" and target.value == _HUNDRED:
        values = ""
    bound = (achieved.operator or "") if achieved.is_bound else ""
    return Rate(clean(indicator.name), rate, _standing(target, rate.require()), bound, values)


def _comparable(target: Quantity, achieved: Quantity) -> bool:
    if target.reading is not Reading.NUMBER or achieved.reading is not Reading.NUMBER:
        return False
    goal, result = target.value, achieved.value
    if goal is None or result is None or goal <= 0 or result < 0:
        return False
    if target.unit == achieved.unit:
        return True
    if target.unit and achieved.unit:
        return False
    # A bare 0.98 beside a per cent may be a ratio or 0.98 %.
    bare = goal if target.unit is None else result
    return "%" not in (target.unit, achieved.unit) or bare > 1


def _standing(target: Quantity, rate: Decimal) -> Standing:
    if target.operator in _DOWNWARD:
        return "met" if rate <= _HUNDRED else "unmet"
    if rate >= _HUNDRED:
        return "met"
    return "unmet" if target.operator else "open"
