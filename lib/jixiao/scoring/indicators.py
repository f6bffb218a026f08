"""Score one indicator (指标评分): what the numbers and the rule decide, and what they leave open.

Returns an `Assessment`: ``recomputed`` where numbers and a rule decide, else ``accepted`` with
the range of scores the rules allow.
"""

from __future__ import annotations

from jixiao.datum import Constant, Datum, Reading, grant, multiply, percent
from jixiao.datum.quantity import AT_LEAST, AT_MOST, LESS_THAN, MORE_THAN
from jixiao.model import Indicator, Phrase
from jixiao.rubric import Rubric
from jixiao.scoring.assessment import Assessment, decided
from jixiao.scoring.by_book import assess_by_book
from jixiao.scoring.by_system import Measured
from jixiao.scoring.compared import bare_word, is_exact, is_ratio_doubtful, pair_of, unit_mismatch
from jixiao.scoring.direct import score_above
from jixiao.scoring.methods import (
    NOTHING,
    score_full,
    score_inverse,
    score_proportional,
)

__all__ = ["Assessment", "assess", "bare_word", "is_ratio_doubtful", "pair_of"]

_UPWARD, _DOWNWARD = (AT_LEAST, MORE_THAN), (AT_MOST, LESS_THAN)


def assess(
    indicator: Indicator, points: Datum, rubric: Rubric, measured: Measured | None = None
) -> Assessment:
    """Assess one indicator against `points` of its own or its share of a group's.

    Parameters
    ----------
    points : in 分, present
    measured : what was computed from the base data, for indicators of the book's own system
    """
    if found := assess_by_book(indicator, points, rubric, measured or {}):
        return found
    target, achieved = indicator.target.quantity, indicator.achieved.quantity
    if achieved.is_absent:
        return _open(points, rubric, ("未填实际完成值",))
    if Reading.WORD in (target.reading, achieved.reading):
        return _assess_word(indicator, points, rubric)
    if target.is_absent:
        return _open(points, rubric, ("未填年度指标值",))
    if not is_exact(achieved):
        return _open(points, rubric, ("实际完成值“", indicator.achieved, "”不是一个确定的数"))
    if not is_exact(target):
        return _open(points, rubric, ("年度指标值“", indicator.target, "”不是一个确定的数"))
    if mismatch := unit_mismatch(indicator):
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
    if method == "proportional":
        return _assess_upward(indicator, points, rubric, at_value)
    return decided(method, at_value, _over_completion(indicator, rubric))


def _assess_upward(
    indicator: Indicator, points: Datum, rubric: Rubric, scored: Datum
) -> Assessment:
    """Give nothing below the ratio that counts at all, in every reading the rule leaves open."""
    rule = rubric.reference("quantitative.at_least")
    goal, result = pair_of(indicator)
    scores: list[Datum] = []
    for reading in rubric.method("quantitative.at_least").readings():
        lowest = reading.number("nothing_below")
        if not lowest or not goal.value:
            scores.append(scored)
            continue
        ratio = percent("完成比例", result, goal, reference=rule)
        least = Datum("计分的最低比例", lowest, "%", Constant(rule))
        scores.append(score_above(points, ratio, least, scored, rule))
    low, high = min(scores, key=Datum.require), max(scores, key=Datum.require)
    if low.value == high.value:
        return decided("proportional", scores[0], _over_completion(indicator, rubric))
    reason: Phrase = ("完成比例过低是否不得分，规则没有写明：不得分为 ", low, "，按比例为 ", high)
    return Assessment("accepted", "proportional", low, high, reason)


def _over_completion(indicator: Indicator, rubric: Rubric) -> Phrase:
    """Say of a result far above its target that it needs a reason; nothing is deducted."""
    rule = rubric.find("over_completion.review_at")
    goal, result = pair_of(indicator)
    if rule is None or indicator.target.quantity.operator in _DOWNWARD or not goal.value:
        return ()
    ratio = percent("完成比例", result, goal)
    limit = rubric.number_of(rule.key, "超额提请说明的比例")
    if ratio.require() - 100 <= limit.require():
        return ()
    return ("完成值为指标值的 ", ratio, "，超过 ", limit, "，请说明指标值是否定得过低；不自动扣分")


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


def _open(points: Datum, rubric: Rubric, reason: Phrase, method: str = "judgement") -> Assessment:
    rule = rubric.reference("qualitative.bands")
    highest = score_full(points, rule, "最好的情形")
    return Assessment("accepted", method, NOTHING, highest, reason)
