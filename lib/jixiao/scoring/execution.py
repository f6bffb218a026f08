"""The line of budget execution (预算执行得分行), by the method the rule book names."""

from __future__ import annotations

from jixiao.datum import Datum, Reference, percent, round_half_up
from jixiao.errors import Undefined, UnitMismatch
from jixiao.model import Budget, Evaluation, Phrase, ScoreLine
from jixiao.rubric import Rubric
from jixiao.scoring.assessment import Assessment, decided, marked
from jixiao.scoring.by_book import whole_of
from jixiao.scoring.marks import mark
from jixiao.scoring.methods import NOTHING, score_execution, score_full

EXECUTION_PATH = ("预算执行率",)
_SCORE, _RATE, _REASON = (
    "budget_execution.score",
    "budget_execution.rate",
    "budget_execution.reason_below",
)


def execution_line(evaluation: Evaluation, rubric: Rubric) -> ScoreLine | None:
    """Score budget execution; None where the form has no budget."""
    budget = evaluation.budget
    if budget is None:
        return None
    points, claimed = budget.points, budget.score
    method = rubric.method(_SCORE).name
    if points.value is None or claimed.value is None:
        absent = Datum.of(None, "分", "预算执行得分")
        return ScoreLine(
            EXECUTION_PATH, (), points, claimed, absent, "missing", method, absent, absent,
            what_is_missing(points, claimed), budget.source,
        )  # fmt: skip
    try:
        found = _assess(budget, points, rubric)
    except (Undefined, UnitMismatch) as error:
        found = _open(points, rubric, (error.what,))
    decides = found.status == "recomputed"
    high = _rounded("预算执行得分" if decides else "上限", found.high, rubric)
    low = high if decides else found.low
    if low is not high and low is not NOTHING:
        low = _rounded("下限", low, rubric)
    score = high if decides else claimed
    return ScoreLine(
        EXECUTION_PATH, (), points, claimed, score, found.status, found.method, low, high,
        found.reason, budget.source,
    )  # fmt: skip


def _assess(budget: Budget, points: Datum, rubric: Rubric) -> Assessment:
    rule, rate_rule = rubric.rule(_SCORE), rubric.reference(_RATE)
    spent, planned = budget.actual_expenditure, budget.final_budget
    if spent.value is None or planned.value is None:
        return _open(points, rubric, ("全年预算数或全年执行数没有填报",))
    reason = _reason(spent, planned, rubric)
    if rule.method is None or rule.method.name == "execution_rate":
        score = score_execution(points, spent, planned, rate_rule, rule.reference)
        return decided("execution_rate", score, reason)
    rate = percent("预算执行率", spent, planned, reference=rate_rule)
    marks = mark(rule.method, points, rate, rule.reference, whole_of(rule))
    if marks is None:
        said: Phrase = ("预算执行率 ", rate, "，规则没有写怎样计分")
        return _open(points, rubric, said)
    found = marked(rule.method.name, marks)
    joined = (*found.reason, "；", *reason) if found.reason and reason else found.reason or reason
    return Assessment(found.status, found.method, found.low, found.high, joined)


def _reason(spent: Datum, planned: Datum, rubric: Rubric) -> Phrase:
    """Say of a low rate that the book asks for its reason."""
    if rubric.find(_REASON) is None:
        return ()
    rate = percent("预算执行率", spent, planned, reference=rubric.reference(_RATE))
    lowest = rubric.number_of(_REASON, "须说明原因的执行率")
    if rate.require() >= lowest.require():
        return ()
    return ("预算执行率 ", rate, " 低于 ", lowest, "，须说明原因")


def _open(points: Datum, rubric: Rubric, reason: Phrase) -> Assessment:
    highest = score_full(points, rubric.reference(_SCORE), "最好的情形")
    return Assessment("accepted", rubric.method(_SCORE).name, NOTHING, highest, reason)


def what_is_missing(points: Datum, claimed: Datum) -> Phrase:
    """Say which of points and score were not filed."""
    names = [name for name, datum in (("分值", points), ("得分", claimed)) if datum.value is None]
    return ("没有填报" + "和".join(names),)


def _rounded(label: str, value: Datum, rubric: Rubric) -> Datum:
    rule: Reference = rubric.reference("rounding")
    return round_half_up(label, value, rubric.places, reference=rule)
