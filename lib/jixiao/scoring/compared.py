"""Target and achieved value side by side (指标值与完成值的比较): units, ratios, words."""

from __future__ import annotations

import re
from decimal import Decimal

from jixiao.datum import Datum, Quantity, Reading, convert
from jixiao.model import Indicator, Phrase


def bare_word(text: str) -> str:
    """Take quotation marks and punctuation off a filed word.

    >>> bare_word("“达标”。")
    '达标'
    """
    return re.sub(r"[\s“”\"'。.；;，,！!]", "", text)


def is_exact(quantity: Quantity) -> bool:
    """Whether one number was filed."""
    return quantity.reading is Reading.NUMBER


def unit_mismatch(indicator: Indicator) -> Phrase:
    """Say why two values cannot be compared, empty where they can."""
    target, achieved = indicator.target.quantity, indicator.achieved.quantity
    if target.unit == achieved.unit:
        return ()
    goal, result = pair_of(indicator)
    if target.unit and achieved.unit and goal.unit == result.unit:
        return ()
    if target.unit and achieved.unit:
        return (f"指标值以“{target.unit}”计，实际完成值以“{achieved.unit}”计",)
    if is_ratio_doubtful(indicator):
        bare = indicator.target if achieved.unit == "%" else indicator.achieved
        return ("“", bare, "”是比值还是百分数不清楚")
    return ()


def is_ratio_doubtful(indicator: Indicator) -> bool:
    """Whether one value is in % and the other, without a unit, may be a ratio (0.98 for 98 %)."""
    percents, bare = indicator.target.quantity, indicator.achieved.quantity
    if bare.unit == "%":
        percents, bare = bare, percents
    return (
        percents.unit == "%" and bare.unit is None and _is_ratio(bare) and not _is_ratio(percents)
    )


def _is_ratio(quantity: Quantity) -> bool:
    return quantity.value is not None and abs(quantity.value) <= Decimal(1)


def pair_of(indicator: Indicator) -> tuple[Datum, Datum]:
    """Give target and achieved as numbers of one unit, converted where they can be."""
    target, achieved = indicator.target.quantity, indicator.achieved.quantity
    unit = target.unit or achieved.unit or ""
    goal = indicator.target.number("年度指标值", target.value, unit)
    result = indicator.achieved.number("实际完成值", achieved.value, achieved.unit or unit)
    return goal, convert(result, unit)
