"""Check of what indicators say of spending against the budget (D-09 进度与执行率)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from jixiao.audit.budget import rate_of, rate_places
from jixiao.audit.desk import Case, Desk, Outcome, arithmetic, places_of
from jixiao.datum import Datum, subtract
from jixiao.model import Evaluation, Indicator, ScoreLine
from jixiao.rubric import CheckEntry
from jixiao.scoring.indicators import bare_word

_WHOLE = Decimal(100)


def check_progress_claimed(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """D-09: spending is not said to be done, or nothing left, while execution is low."""
    progress = [i for i in evaluation.indicators if _is_progress(desk.entry, i)]
    left = [i for i in evaluation.indicators if _is_left_over(desk.entry, i)]
    if not progress and not left:
        yield desk.skips("没有进度类指标")
        return
    rate = rate_of(case, evaluation) or _stated_rate(evaluation)
    if rate is None:
        yield desk.skips("没有全年预算数或全年执行数，算不出执行率")
        return
    limit = desk.entry.threshold("rate", "低执行率线", "%")
    for indicator in progress:
        line = _line_of(case, evaluation, indicator)
        if rate.require() >= limit.require() or not _is_claimed(desk, indicator, line):
            yield desk.holds(
                "“", indicator.indicator, "”填“", indicator.achieved, "”，执行率 ", rate
            )
            continue
        yield _progress(desk, evaluation, indicator, line, rate)
    for indicator in left:
        yield _left_over(desk, evaluation, indicator, rate)


def _is_progress(entry: CheckEntry, indicator: Indicator) -> bool:
    name = indicator.name.replace(" ", "")
    if any(word in name for word in entry.words("not_names")):
        return False
    return any(word in name for word in entry.words("names"))


def _is_left_over(entry: CheckEntry, indicator: Indicator) -> bool:
    achieved = indicator.achieved.quantity
    is_rate = achieved.is_number and achieved.unit in ("%", None)
    return is_rate and indicator.name.replace(" ", "") in entry.words("left_over")


def _stated_rate(evaluation: Evaluation) -> Datum | None:
    """Give the rate as the unit wrote it, where the amounts are lost."""
    stated = evaluation.budget.execution_rate if evaluation.budget else None
    rate = stated.datum("所填执行率", "%") if stated else None
    return rate if rate is not None and rate.value is not None and rate.unit == "%" else None


def _line_of(case: Case, evaluation: Evaluation, indicator: Indicator) -> ScoreLine | None:
    """Give the scored line that is this indicator's own."""
    lines = case.cards[evaluation.key].lines
    return next((line for line in lines if line.members == (indicator,)), None)


def _is_claimed(desk: Desk, indicator: Indicator, line: ScoreLine | None) -> bool:
    """Whether progress is said to be complete, or a low rate has all its points."""
    quantity = indicator.achieved.quantity
    if quantity.unit == "%" and quantity.value is not None:
        return quantity.value >= _WHOLE or _has_all_points(line)
    return bare_word(indicator.achieved.text) in desk.entry.words("words")


def _has_all_points(line: ScoreLine | None) -> bool:
    if line is None or not line.points.value or line.claimed_score.value is None:
        return False
    return line.claimed_score.value >= line.points.value


def _progress(
    desk: Desk, evaluation: Evaluation, indicator: Indicator, line: ScoreLine | None, rate: Datum
) -> Outcome:
    full = line is not None and _has_all_points(line)
    return desk.found(
        "“",
        indicator.indicator,
        "”填“",
        indicator.achieved,
        *(("”并得满分 ", line.claimed_score) if full and line else ("”",)),
        "，预算执行率只有 ",
        rate,
        where=(
            indicator.achieved.source,
            *(places_of(line.claimed_score, line.points) if full and line else ()),
            *rate_places(evaluation, rate),
        ),
        observed=("“", indicator.achieved, "”"),
        expected=("与执行率 ", rate, " 相符的进度"),
        formula=arithmetic(rate),
    )


def _left_over(desk: Desk, evaluation: Evaluation, indicator: Indicator, rate: Datum) -> Outcome:
    """Compare what is said to be left over with what the execution rate leaves."""
    said = indicator.achieved.number(indicator.name, indicator.achieved.quantity.value, "%")
    whole = desk.entry.threshold("whole", "全部", "%")
    unspent = subtract("未执行的比例", whole, rate)
    gap = subtract("两者相差", unspent, said)
    if gap.require() <= desk.entry.number("gap"):
        return desk.holds("“", indicator.indicator, "”", said, "，未执行的比例 ", unspent)
    return desk.found(
        "“",
        indicator.indicator,
        "”填 ",
        said,
        "，而预算执行率为 ",
        rate,
        "，没有执行的有 ",
        unspent,
        where=(indicator.achieved.source, *rate_places(evaluation, rate)),
        observed=("结余 ", said),
        expected=("与未执行的 ", unspent, " 相符，或说明资金已收回"),
        formula=(*arithmetic(unspent), "；", *arithmetic(gap)),
    )
