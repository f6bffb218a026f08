"""Checks of how indicators were scored (D 指标评分)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from jixiao.audit.budget import rate_of, reason_in, reason_of
from jixiao.audit.desk import (
    Case,
    Desk,
    Outcome,
    arithmetic,
    is_score_as_shown,
    label_of,
    listed,
    places_of,
)
from jixiao.audit.forms_own import is_by_coefficient, own_standard, reason_below
from jixiao.audit.indicators import both_values
from jixiao.datum import Datum, Reading, multiply, subtract
from jixiao.datum.quantity import AT_MOST, LESS_THAN
from jixiao.model import Evaluation, Indicator, ScoreLine
from jixiao.scoring.indicators import is_ratio_doubtful, pair_of

_ROUNDING = Decimal("0.005")


def check_line_score(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """D-01: every line that can be recomputed was scored so."""
    lines = [line for line in case.cards[evaluation.key].lines if line.status == "recomputed"]
    if not lines:
        yield desk.skips("没有可由数字与规则重算的行")
    for line in lines:
        if is_score_as_shown(line.claimed_score, line.score, desk.entry.number("tolerance")):
            yield desk.holds(f"{label_of(line)}：重算 ", line.score, "，自评 ", line.claimed_score)
            continue
        if other := _scored_otherwise(desk, case, evaluation, line):
            yield desk.skips(f"{label_of(line)}{other}，由人核对")
            continue
        gap = subtract("自评与重算相差", line.claimed_score, line.score)
        yield desk.found(
            f"{label_of(line)}自评 ",
            line.claimed_score,
            "，重算 ",
            line.score,
            "，相差 ",
            gap,
            where=places_of(line.claimed_score, line.score),
            observed=("自评 ", line.claimed_score),
            expected=("得分 ", line.score),
            formula=arithmetic(line.score),
        )


def _scored_otherwise(desk: Desk, case: Case, evaluation: Evaluation, line: ScoreLine) -> str:
    """Say why the rule book's ratio is not the measure of an unmet target, empty where it is."""
    if not line.members or line.score.require() >= line.points.require():
        return ""
    if is_by_coefficient(line):
        return "按表中所填的得分系数计分"
    standard = own_standard(case, evaluation, line, desk.entry.words("standards"))
    ratio = desk.entry.words("ratio")
    by_ratio = standard is None or any(word in standard.text for word in ratio)
    return "" if by_ratio else "在表中另有评分标准"


def check_unmet_full_score(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """D-02: an unmet target does not get all points."""
    lines = _indicator_lines(case, evaluation)
    if not lines:
        yield desk.skips("没有成对填报的分值与得分")
    yield from _scored_without_values(desk, lines)
    for line in lines:
        unmet = [member for member in line.members if _is_unmet(desk, case, member)]
        if unmet and line.claimed_score.require() >= line.points.require():
            yield desk.found(
                "没有达到指标值却得满分：",
                *both_values(unmet),
                "，得分 ",
                line.claimed_score,
                where=(
                    *(s for i in unmet for s in (i.target.source, i.achieved.source)),
                    *places_of(line.claimed_score),
                ),
                observed=("得分 ", line.claimed_score),
                expected=("低于 ", line.points),
            )


def _scored_without_values(desk: Desk, lines: list[ScoreLine]) -> Iterator[Outcome]:
    """Find lines with all their points and no value at all, in a table that has values."""
    blank = [line for line in lines if _is_blank(line) and _is_full(line)]
    if not blank or not any(_has_both(member) for line in lines for member in line.members):
        return
    names = tuple(line.members[0].indicator for line in blank)
    yield desk.found(
        "指标值与完成值都没有填写却得满分：",
        *listed(names),
        where=tuple(
            s
            for line in blank
            for s in (line.members[0].source, *places_of(line.claimed_score, line.points))
        ),
        observed=listed(tuple(line.claimed_score for line in blank)),
        expected=("填写指标值与完成值后按完成情况评分",),
    )


def _is_blank(line: ScoreLine) -> bool:
    texts = (text for m in line.members for text in (m.target, m.achieved))
    return all(text.quantity.reading is Reading.ABSENT for text in texts)


def _has_both(indicator: Indicator) -> bool:
    return not indicator.target.quantity.is_absent and not indicator.achieved.quantity.is_absent


def _is_full(line: ScoreLine) -> bool:
    return 0 < line.points.require() <= line.claimed_score.require()


def _is_unmet(desk: Desk, case: Case, indicator: Indicator) -> bool:
    """Whether exact numbers show that the target was missed.

    Without a direction the target of a cost or of a control rate is a ceiling.
    """
    target, achieved = indicator.target.quantity, indicator.achieved.quantity
    if not target.is_number or not achieved.is_number or achieved.is_bound:
        return False
    if case.is_misread(indicator):
        return False
    goal, result = pair_of(indicator)
    if goal.unit != result.unit or is_ratio_doubtful(indicator):
        return False
    ceilings = desk.entry.words("ceilings")
    is_ceiling = "成本" in indicator.subcategory + indicator.category or any(
        word in indicator.name for word in ceilings
    )
    if target.operator in (AT_MOST, LESS_THAN) or (target.operator is None and is_ceiling):
        return result.require() > goal.require()
    return result.require() < goal.require()


def check_deduction_reason(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """D-03: points not claimed have a reason."""
    lines = [
        line
        for line in case.cards[evaluation.key].lines
        if line.points.value is not None
        and line.claimed_score.value is not None
        and line.claimed_score.value < line.points.value
    ]
    if lines and not _has_reason_column(desk, case, evaluation):
        yield desk.skips("表中没有填写扣分原因的栏目")
        return
    for line in lines:
        reasons = (reason_in(member) for member in line.members)
        reason = next((found for found in reasons if found), None)
        if reason is None and not line.members:
            reason = reason_of(case, evaluation)
        if reason is None and line.members:
            reason = reason_below(case, evaluation, line, desk.entry.words("rows"))
        lost = subtract("扣分", line.points, line.claimed_score)
        if not line.members and (rate := _rate_it_follows(case, evaluation, line)) is not None:
            yield desk.holds("预算执行扣 ", lost, "，与执行率 ", rate, " 相符")
            continue
        if not line.members and reason is None and line.status == "recomputed":
            yield desk.skips("预算执行得分与执行率不符，由 B-02 提出")
            continue
        if reason is not None:
            yield desk.holds(f"{label_of(line)}扣 ", lost, "，已说明：“", reason, "”")
            continue
        yield desk.found(
            f"{label_of(line)}得分 ",
            line.claimed_score,
            "，低于分值 ",
            line.points,
            "，没有说明原因",
            where=(*places_of(line.claimed_score, line.points), line.source),
            observed=("偏差原因空白",),
            expected=("扣 ", lost, " 的原因与改进措施"),
        )


def _has_reason_column(desk: Desk, case: Case, evaluation: Evaluation) -> bool:
    """Whether the table has a place for reasons: a filled one, or a heading that asks for them."""
    if any(i.deviation_reason is not None for i in evaluation.indicators):
        return True
    words = desk.entry.words("columns")
    return any(
        word in re.sub(r"\s", "", cell.text)
        for grid in case.filing.grids
        if grid.number in evaluation.tables
        for row in grid.rows
        for cell in row.cells
        for word in words
    )


def _rate_it_follows(case: Case, evaluation: Evaluation, line: ScoreLine) -> Datum | None:
    """Give the execution rate, computed or stated, that explains a deduction for execution."""
    budget = evaluation.budget
    stated = budget.execution_rate if budget else None
    filed = stated.datum("所填执行率", "%") if stated else None
    for rate in (rate_of(case, evaluation), filed):
        if rate is not None and rate.value is not None and rate.unit == "%":
            exact = multiply("按执行率计分", line.points, rate)
            if is_score_as_shown(line.claimed_score, exact, _ROUNDING):
                return rate
    return None


def check_all_full_marks(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """D-08: not every line has full marks."""
    card = case.cards[evaluation.key]
    if any(d.value is None for line in card.lines for d in (line.points, line.claimed_score)):
        yield desk.skips("有的行没有填报分值或得分")
    elif not card.lines:
        yield desk.skips("没有分值与得分")
    elif any(line.claimed_score.require() < line.points.require() for line in card.lines):
        yield desk.holds("各项得分之和 ", card.claimed_sum, "，分值之和 ", card.points_total)
    elif lost := case.incomplete(evaluation):
        yield desk.skips(lost)
    else:
        yield desk.found(
            "各项全部满分：得分之和 ",
            card.claimed_sum,
            "，分值之和 ",
            card.points_total,
            where=places_of(card.claimed_sum),
            observed=("得分之和 ", card.claimed_sum),
            expected=("如实反映偏差与不足",),
            formula=arithmetic(card.claimed_sum),
        )


def _indicator_lines(case: Case, evaluation: Evaluation) -> list[ScoreLine]:
    return [
        line
        for line in case.cards[evaluation.key].lines
        if line.members and line.points.value is not None and line.claimed_score.value is not None
    ]
