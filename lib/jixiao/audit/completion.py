"""Checks of results far from their targets (D-06、D-07 完成情况)."""

from __future__ import annotations

from collections.abc import Iterator

from jixiao.audit.budget import reason_in
from jixiao.audit.desk import Case, Desk, Outcome, arithmetic, listed, places_of
from jixiao.audit.indicators import both_values
from jixiao.datum import Datum, divide, multiply
from jixiao.datum.quantity import AT_MOST, LESS_THAN
from jixiao.model import Evaluation, Indicator, Phrase, ScoreLine
from jixiao.rubric import Band, Rubric
from jixiao.scoring.indicators import bare_word, is_ratio_doubtful, pair_of


def check_over_completion(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """D-06: a result far above its target says why."""
    limit = desk.entry.threshold("ratio", "超额完成线", "")
    ratios = [
        (i, ratio) for i in evaluation.indicators if (ratio := _ratio(desk, case, i)) is not None
    ]
    if not ratios:
        yield desk.skips("没有可以比较的正向指标")
        return
    far = [(i, r) for i, r in ratios if r.require() > limit.require() and not reason_in(i)]
    if not far:
        most = max(ratios, key=lambda entry: entry[1].require())
        yield desk.holds("“", most[0].indicator, "”完成值是指标值的 ", most[1], " 倍")
        return
    yield desk.found(
        "完成值远高于指标值，没有说明原因，疑指标值定得偏低：",
        *both_values([i for i, _ in far]),
        where=tuple(s for i, _ in far for s in (i.target.source, i.achieved.source)),
        observed=listed(tuple(r for _, r in far)),
        expected=("完成值不超过指标值的 ", limit, " 倍，或说明原因"),
        formula=arithmetic(far[0][1]),
    )


def _ratio(desk: Desk, case: Case, indicator: Indicator) -> Datum | None:
    """Give achieved over target where more is better and both are exact; else None."""
    target, achieved = indicator.target.quantity, indicator.achieved.quantity
    if not target.is_number or not achieved.is_number or achieved.is_bound:
        return None
    if target.operator in (AT_MOST, LESS_THAN) or not target.value or target.value < 0:
        return None
    where = indicator.subcategory + indicator.category + indicator.name
    if any(word in where for word in desk.entry.words("less_is_better")):
        return None
    if is_ratio_doubtful(indicator) or case.is_misread(indicator):
        return None
    goal, result = pair_of(indicator)
    return divide("完成值 ÷ 指标值", result, goal) if goal.unit == result.unit else None


def check_band(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """D-07: a score for a result in words lies in the band the words name."""
    rubric = case.rubrics[evaluation.key]
    compared = False
    for line in case.cards[evaluation.key].lines:
        band = _band_of(line, rubric)
        if band is None or line.claimed_score.value is None or not line.points.value:
            continue
        compared = True
        achieved = line.members[0].achieved
        low = multiply("档内最低分", line.points, band.at_least)
        high = multiply("档内最高分", line.points, band.at_most)
        top = _highest(rubric)
        inside = low.require() <= line.claimed_score.require() and (
            line.claimed_score.require() < high.require()
            or (band == top and line.claimed_score.require() <= high.require())
        )
        if inside:
            yield desk.holds("“", achieved, "”得 ", line.claimed_score, "，", *_span(low, high))
            continue
        yield desk.found(
            line.members[0].indicator,
            "完成情况填“",
            achieved,
            f"”，属于“{band.name}”，得分应在 ",
            *_span(low, high),
            " 之间，自评 ",
            line.claimed_score,
            where=(achieved.source, *places_of(line.claimed_score, line.points)),
            observed=("得分 ", line.claimed_score),
            expected=_span(low, high),
            formula=(*arithmetic(low), "；", *arithmetic(high)),
        )
    if not compared:
        yield desk.skips("没有写明达成程度的定性指标")


def _span(low: Datum, high: Datum) -> Phrase:
    return (low, " 至 ", high)


def _highest(rubric: Rubric) -> Band:
    return max(rubric.bands, key=lambda band: band.at_most.require())


def _band_of(line: ScoreLine, rubric: Rubric) -> Band | None:
    """Give the band that a single indicator's result in words names."""
    if len(line.members) != 1 or line.members[0].target.quantity.is_number:
        return None
    word = bare_word(line.members[0].achieved.text)
    return next((band for band in rubric.bands if word in band.words), None)
