"""Score one indicator (指标评分): what the numbers and the rule decide, and what they leave open.

Returns an `Assessment`: ``recomputed`` where numbers and a rule decide, else ``accepted`` with
the range of scores the rules allow.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from jixiao.datum import Datum, Quantity, Reading, convert, grant, multiply
from jixiao.datum.quantity import AT_LEAST, AT_MOST, LESS_THAN, MORE_THAN
from jixiao.model import Indicator, Phrase
from jixiao.rubric import Rubric
from jixiao.scoring.methods import (
    NOTHING,
    score_full,
    score_inverse,
    score_proportional,
)

_UPWARD, _DOWNWARD = (AT_LEAST, MORE_THAN), (AT_MOST, LESS_THAN)


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the rules say of one indicator (指标评分结果), in 分 and unrounded."""

    status: Literal["recomputed", "accepted"]
    method: str
    low: Datum
    high: Datum
    reason: Phrase


def assess(indicator: Indicator, points: Datum, rubric: Rubric) -> Assessment:
    """Assess one indicator against `points` of its own or its share of a group's.

    Parameters
    ----------
    points : in 分, present
    """
    target, achieved = indicator.target.quantity, indicator.achieved.quantity
    if achieved.is_absent:
        return _open(points, rubric, ("未填实际完成值",))
    if Reading.WORD in (target.reading, achieved.reading):
        return _assess_word(indicator, points, rubric)
    if target.is_absent:
        return _open(points, rubric, ("未填年度指标值",))
    if not _is_exact(achieved):
        return _open(points, rubric, ("实际完成值“", indicator.achieved, "”不是一个确定的数"))
    if not _is_exact(target):
        return _open(points, rubric, ("年度指标值“", indicator.target, "”不是一个确定的数"))
    if mismatch := _unit_mismatch(indicator):
        return _open(points, rubric, mismatch)
    return _assess_numbers(indicator, points, rubric)


def _assess_numbers(indicator: Indicator, points: Datum, rubric: Rubric) -> Assessment:
    target, achieved = indicator.target.quantity, indicator.achieved.quantity
    if target.value is not None and (target.value < 0 or target.value == 0 > (achieved.value or 0)):
        return _open(points, rubric, ("年度指标值“", indicator.target, "”为负或为零，比例没有意义"))
    if target.operator is None and not _is_met_bare(indicator):
        return _assess_bare(indicator, points, rubric)
    method, at_value = _score_at(indicator, points, rubric)
    if achieved.is_bound:
        return _assess_bound(indicator, points, rubric, method, at_value)
    return Assessment("recomputed", method, at_value, at_value, ())


def _is_met_bare(indicator: Indicator) -> bool:
    """Whether a target without direction is met however it is meant.

    Above is met, except for a cost or a target of 0, where more may be worse.
    """
    goal, result = pair_of(indicator)
    if "成本" in indicator.subcategory + indicator.category or goal.value == 0:
        return goal.value == result.value
    return result.require() >= goal.require()


def _assess_bare(indicator: Indicator, points: Datum, rubric: Rubric) -> Assessment:
    """Bound a target without direction that is not met: scored as ≥ and as ≤."""
    goal, result = pair_of(indicator)
    upward = score_proportional(points, goal, result, rubric.reference("quantitative.at_least"))
    downward = score_inverse(points, goal, result, rubric.reference("quantitative.at_most"))
    low, high = sorted((upward, downward), key=lambda score: score.require())
    reason: Phrase = ("指标值未写方向且未达到：按 ≥ 与按 ≤ 理解得分不同",)
    if indicator.achieved.quantity.is_bound:
        low = NOTHING
        reason = (*reason, "；实际完成值“", indicator.achieved, "”又只是界限")
    return Assessment("accepted", "exact", low, high, reason)


def _score_at(indicator: Indicator, points: Datum, rubric: Rubric) -> tuple[str, Datum]:
    """Score the achieved value as if it were exact."""
    target = indicator.target.quantity
    goal, result = pair_of(indicator)
    if target.operator in _DOWNWARD:
        rule = rubric.reference("quantitative.at_most")
        return "inverse", score_inverse(points, goal, result, rule)
    upward = target.operator in _UPWARD
    rule = rubric.reference("quantitative.at_least" if upward else "quantitative.exact")
    name = "proportional" if upward else "exact"
    if not upward and goal.value == 0:
        return name, grant("得分", points, result, "=", goal, reference=rule)
    return name, score_proportional(points, goal, result, rule)


def _assess_bound(
    indicator: Indicator, points: Datum, rubric: Rubric, method: str, at_bound: Datum
) -> Assessment:
    """Bound a result filed as a bound: scored at the bound and at its best."""
    target, achieved = indicator.target.quantity, indicator.achieved.quantity
    reason: Phrase = ("实际完成值“", indicator.achieved, "”只是界限，不是结果")
    better_up = target.operator not in _DOWNWARD
    if better_up == (achieved.operator in _UPWARD):
        key = "quantitative.at_least" if better_up else "quantitative.at_most"
        best = score_full(points, rubric.reference(key), "取界限内最好的结果")
        return Assessment("accepted", method, at_bound, best, reason)
    return Assessment("accepted", method, NOTHING, at_bound, reason)


def _assess_word(indicator: Indicator, points: Datum, rubric: Rubric) -> Assessment:
    """Bound a word by the band it names, else by 0 and the points."""
    word = bare_word(indicator.achieved.text)
    rule = rubric.reference("qualitative.bands")
    for band in rubric.bands:
        if word in band.words:
            return Assessment(
                "accepted",
                "graded",
                multiply(f"按“{band.name}”下限", points, band.at_least, reference=rule),
                multiply(f"按“{band.name}”上限", points, band.at_most, reference=rule),
                ("“", indicator.achieved, f"”属于“{band.name}”一档，档内得分须由人判断"),
            )
    if indicator.achieved.quantity.reading is Reading.WORD:
        reason: Phrase = ("“", indicator.achieved, "”没有说明属于哪一档，须由人判断")
    else:
        reason = ("年度指标值“", indicator.target, "”是文字，实际完成值无从比较")
    return _open(points, rubric, reason, "graded")


def bare_word(text: str) -> str:
    """Take quotation marks and punctuation off a filed word.

    >>> bare_word("“达标”。")
    '达标'
    """
    return re.sub(r"[\s“”\"'。.；;，,！!]", "", text)


def _open(points: Datum, rubric: Rubric, reason: Phrase, method: str = "judgement") -> Assessment:
    rule = rubric.reference("qualitative.bands")
    highest = score_full(points, rule, "最好的情形")
    return Assessment("accepted", method, NOTHING, highest, reason)


def _is_exact(quantity: Quantity) -> bool:
    return quantity.reading is Reading.NUMBER


def _unit_mismatch(indicator: Indicator) -> Phrase:
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
