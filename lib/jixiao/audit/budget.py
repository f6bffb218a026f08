"""Checks of budget execution (B-01 至 B-09 预算执行)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from jixiao.audit.desk import (
    Case,
    Desk,
    Outcome,
    arithmetic,
    decimals_shown,
    is_score_as_shown,
    places_of,
)
from jixiao.datum import Datum, Source, multiply, percent, round_to, subtract, sum_filed
from jixiao.model import (
    Budget,
    BudgetLine,
    Evaluation,
    Filed,
    Indicator,
    Phrase,
    words,
)

RATE_LABEL = "预算执行率"
_WHOLES_BY_NATURE = ("基本支出", "项目支出")


def rate_of(case: Case, evaluation: Evaluation) -> Datum | None:
    """Compute the execution rate, None where there is none to speak of."""
    budget = evaluation.budget
    if budget is None or not budget.final_budget.value:
        return None
    rule = case.rubrics[evaluation.key].reference("budget_execution.rate")
    rate = percent(RATE_LABEL, budget.actual_expenditure, budget.final_budget, reference=rule)
    return rate if rate.value is not None else None


def rate_of_budget(evaluation: Evaluation) -> Decimal | None:
    """Give the execution rate as a plain number, for a comparison that is not printed."""
    budget = evaluation.budget
    if budget is None or not budget.final_budget.value:
        return None
    actual = budget.actual_expenditure.value
    return None if actual is None else 100 * actual / budget.final_budget.value


def rate_places(evaluation: Evaluation, rate: Datum) -> tuple[Source, ...]:
    """Give the cell of the rate as stated, and the cells the computed rate rests on."""
    budget = evaluation.budget
    stated = (budget.execution_rate.source,) if budget and budget.execution_rate else ()
    return (*stated, *places_of(rate))


NO_RATE = "没有全年预算数或全年执行数，算不出执行率"


def check_execution_rate(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """B-01: the stated rate is actual expenditure over final budget, at the digits shown."""
    budget, rate = evaluation.budget, rate_of(case, evaluation)
    if budget and budget.final_budget.value == 0 and budget.actual_expenditure.value:
        yield desk.found(
            "全年预算数为 ",
            budget.final_budget,
            "，却执行了 ",
            budget.actual_expenditure,
            where=places_of(budget.final_budget, budget.actual_expenditure),
            observed=("执行 ", budget.actual_expenditure),
            expected=("有预算才有执行",),
        )
        return
    if rate is None or budget is None:
        yield desk.skips(NO_RATE)
        return
    stated = budget.execution_rate
    if stated is None or stated.quantity.is_absent:
        yield _blank_rate(desk, case, evaluation, rate)
        return
    if doubt := doubt_of_rate(stated, rate):
        yield desk.skips(doubt)
        return
    filed = stated.datum("所填执行率", "%")
    if is_rate_as_shown(stated, rate, int(desk.entry.number("places"))):
        yield desk.holds(*arithmetic(rate), "，所填 ", filed)
        return
    yield desk.found(
        "执行率填 ",
        filed,
        "，按执行数与全年预算数应为 ",
        rate,
        where=places_of(filed, rate),
        observed=("执行率 ", filed),
        expected=("执行率 ", rate),
        formula=arithmetic(rate),
    )


def _blank_rate(desk: Desk, case: Case, evaluation: Evaluation, rate: Datum) -> Outcome:
    """Report a blank rate among filled neighbours; a form without the column, or a draft, has none."""
    score = evaluation.budget.score if evaluation.budget else None
    filled = score is not None and score.value is not None
    if not filled or not case.is_printed(evaluation, "执行率"):
        return desk.skips("没有填报执行率")
    return desk.found(
        "执行率空白，而预算数、执行数与得分 ",
        *((score,) if score else ()),
        " 都已填报；执行率应为 ",
        rate,
        where=rate_places(evaluation, rate),
        observed=("执行率空白",),
        expected=("执行率 ", rate),
        formula=arithmetic(rate),
        severity=desk.entry.severity_of("blank"),
    )


def doubt_of_rate(stated: Filed, rate: Datum) -> str:
    """Say why a stated rate is no exact percentage, empty where it is one."""
    quantity = stated.quantity
    exact = quantity.is_number and quantity.operator in (None, "=")
    if not exact or quantity.unit not in (None, "%"):
        return f"所填“{stated.text}”不是一个确定的百分数"
    small = quantity.value is not None and abs(quantity.value) <= Decimal(1)
    is_ratio = quantity.unit is None and small and abs(rate.require()) > Decimal(1)
    return f"所填“{stated.text}”是比值还是百分数不清楚" if is_ratio else ""


def is_rate_as_shown(stated: Filed, rate: Datum, places: int) -> bool:
    """Whether a stated rate is the computed one at the digits it shows (at most `places`)."""
    shown = min(decimals_shown(stated.text), places)
    value = stated.quantity.value
    return value is not None and round_to(value, shown) == round_to(rate.require(), shown)


def check_execution_score(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """B-02: the execution score is rate × points."""
    card = case.cards[evaluation.key]
    line = next((line for line in card.lines if line.method == "execution_rate"), None)
    rate = rate_of(case, evaluation)
    if line is None or line.status != "recomputed" or rate is None:
        yield desk.skips(words(line.reason) if line and line.reason else "没有预算执行情况")
        return
    if is_score_as_shown(line.claimed_score, line.score, desk.entry.number("tolerance")):
        yield desk.holds(
            "分值 ",
            line.points,
            " × 执行率 ",
            rate,
            " = ",
            line.score,
            "，自评 ",
            line.claimed_score,
        )
        return
    yield desk.found(
        "预算执行得分自评 ",
        line.claimed_score,
        "，按执行率 ",
        rate,
        " 应为 ",
        line.score,
        "，相差 ",
        subtract("执行得分相差", line.claimed_score, line.score),
        where=places_of(line.claimed_score, line.score),
        observed=("得分 ", line.claimed_score),
        expected=("得分 ", line.score),
        formula=("分值 ", line.points, " × 执行率 ", rate, "，不超过分值，得 ", line.score),
    )


def check_low_execution(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """B-03: low execution with a near-full score, or the red warning of the province's system."""
    rate = rate_of(case, evaluation)
    if rate is None:
        yield desk.skips(NO_RATE)
        return
    ahead = ahead_of_execution(case, evaluation, rate)
    if isinstance(ahead, str):
        yield desk.skips(ahead)
        return
    result, gap, excess = ahead.result, ahead.gap, ahead.excess
    red = desk.entry.threshold("red", "红色预警线", "%")
    total = stated_on_100(case, evaluation)
    near_full = _is_near_full(desk, rate, total)
    comparison: Phrase = (*arithmetic(gap), "；", *arithmetic(excess), "，红色预警线 ", red)
    if excess.require() <= red.require() and not near_full:
        yield desk.holds(*comparison)
        return
    claim: Phrase = ()
    if total is not None:
        claim = ("，自评总分却有 " if near_full else "，自评总分 ", total)
    yield desk.found(
        "预算执行率 ",
        rate,
        *claim,
        "；指标得分率 ",
        result,
        "，结果高于执行的比例 ",
        excess,
        "，红色预警线 ",
        red,
        where=(*rate_places(evaluation, rate), *places_of(total, result)),
        observed=("指标得分率 ", result, "，执行率 ", rate),
        expected=("结果高于执行的比例不超过 ", red),
        formula=comparison,
    )


@dataclass(frozen=True, slots=True)
class Ahead:
    """How far the claimed result is ahead of execution: both rates' gap, and its share of the result."""

    result: Datum
    gap: Datum
    excess: Datum


def ahead_of_execution(case: Case, evaluation: Evaluation, rate: Datum) -> Ahead | str:
    """Compare the claimed result with execution, or say why it cannot be done."""
    claimed = [line for line in case.cards[evaluation.key].lines if line.members]
    if not claimed or any(
        datum.value is None for line in claimed for datum in (line.claimed_score, line.points)
    ):
        return "有的指标没有填报分值或得分，不能比较结果与执行"
    scored = sum_filed("指标自评得分", *(line.claimed_score for line in claimed))
    possible = sum_filed("指标分值", *(line.points for line in claimed))
    if not possible.value or not scored.value:
        return "指标得分合计为 0，不能比较结果与执行"
    result = percent("指标得分率", scored, possible)
    gap = subtract("结果高于执行", result, rate)
    return Ahead(result, gap, percent("结果高于执行的比例", gap, result))


def _is_near_full(desk: Desk, rate: Datum, total: Datum | None) -> bool:
    """Whether execution is low and the stated total nevertheless near the full marks."""
    low, high = desk.entry.number("rate"), desk.entry.number("total")
    return total is not None and rate.require() < low and total.require() >= high


def stated_on_100(case: Case, evaluation: Evaluation) -> Datum | None:
    """Give the stated total on 100 points, rescaled where the stated points are others."""
    claimed = evaluation.claimed_total
    if claimed is None or claimed.score.value is None:
        return None
    total = case.rubrics[evaluation.key].number_of("total_points", "百分制")
    points = claimed.points
    if not points.value or points.value == total.value:
        return claimed.score
    return multiply("自评总分折百", total, percent("自评得分率", claimed.score, points))


def reason_in(indicator: Indicator) -> Filed | None:
    """Give the deviation reason of an indicator; “无”, a dash and a slash are none."""
    reason = indicator.deviation_reason
    return None if reason is None or reason.quantity.is_absent else reason


def reason_of(case: Case, evaluation: Evaluation) -> Filed | None:
    """Find a reason for low execution: in the table's deviation column, or in the narrative.

    In the narrative a sentence counts that speaks of the money and says why.
    """
    for indicator in evaluation.indicators:
        if (reason := reason_in(indicator)) is not None:
            return reason
    entry = case.checklist.entry("B-04")
    return sentence_with(case, evaluation, entry.words("about"), entry.words("because"))


def sentence_with(
    case: Case, evaluation: Evaluation, about: tuple[str, ...], because: tuple[str, ...]
) -> Filed | None:
    """Find the first sentence of an evaluation's narrative with a word of each list."""
    for section in case.filing.sections:
        if section.evaluation != evaluation.key:
            continue
        for paragraph in section.paragraphs:
            for sentence in re.split(r"[。；;\n]", paragraph.text):
                if any(w in sentence for w in about) and any(w in sentence for w in because):
                    return Filed(sentence.strip(), paragraph.source)
    return None


def check_low_execution_reason(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """B-04: low execution has a reason in the table or the narrative."""
    rate = rate_of(case, evaluation)
    if rate is None:
        yield desk.skips(NO_RATE)
        return
    line = desk.entry.threshold("rate", "须说明原因的执行率线", "%")
    if rate.require() >= line.require():
        yield desk.holds("执行率 ", rate, " 不低于 ", line)
        return
    reason = reason_of(case, evaluation)
    if reason is not None:
        yield desk.holds("执行率 ", rate, " 低于 ", line, "，已说明：“", reason, "”")
        return
    yield desk.found(
        "执行率 ",
        rate,
        " 低于 ",
        line,
        "，表中与正文都没有说明原因",
        where=rate_places(evaluation, rate),
        observed=("没有原因",),
        expected=("说明原因与改进措施",),
        formula=arithmetic(rate),
    )


def check_budget_equals_actual(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """B-05: the final budget is not simply what was spent."""
    budget = evaluation.budget
    three = (
        (budget.original_budget, budget.final_budget, budget.actual_expenditure) if budget else ()
    )
    if not three or any(datum.value is None for datum in three):
        yield desk.skips("年初预算数、全年预算数、全年执行数没有填全")
        return
    original, final, actual = three
    if final.value != actual.value or final.value == original.value:
        yield desk.holds("年初 ", original, "，全年 ", final, "，执行 ", actual)
        return
    change = subtract("预算调整数", final, original)
    if budget is not None and (carried := _carried_over(budget, change)) is not None:
        yield desk.holds("全年预算数多出的 ", change, " 是", f"{carried.label} ", carried)
        return
    rate = percent("对年初预算的执行率", actual, original)
    yield desk.found(
        "全年预算数 ",
        final,
        " 与执行数 ",
        actual,
        " 完全相等，而年初预算数为 ",
        original,
        "；分母等于分子，执行率必然是满的，对年初预算则为 ",
        rate,
        where=places_of(original, final, actual),
        observed=("全年预算数 ", final),
        expected=("经批准的调整后预算数，并说明调整 ", change, " 的依据"),
        formula=(*arithmetic(change), "；", *arithmetic(rate)),
    )


def _carried_over(budget: Budget, change: Datum) -> Datum | None:
    """Give what was carried over from last year, where that alone made the budget another one."""
    for line in budget.lines:
        final, original = line.final_budget, line.original_budget
        if line.group == "source" and "结转" in line.label and final is not None:
            before = original.value if original is not None and original.value is not None else 0
            if final.value is not None and final.value - before == change.value:
                return final
    return None


def amounts_of(lines: tuple[BudgetLine, ...], group: str) -> tuple[Datum, ...]:
    """Give what was spent on the lines of one group; parts of 基本支出, 项目支出 count within them."""
    listed = [line for line in lines if line.group == group]
    whole = [line for line in listed if line.label in _WHOLES_BY_NATURE]
    return tuple(
        line.actual_expenditure for line in whole or listed if line.actual_expenditure is not None
    )
