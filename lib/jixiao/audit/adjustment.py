"""Checks of the budget itself (B-06、B-07 预算调整与超预算)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from jixiao.audit.budget import sentence_with
from jixiao.audit.desk import Case, Desk, Outcome, arithmetic, places_of
from jixiao.datum import Constant, Datum, percent, subtract
from jixiao.model import Evaluation


def check_adjustment_rate(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """B-06: a budget that was changed much says why."""
    budget = evaluation.budget
    if budget is None or not budget.original_budget.value or budget.final_budget.value is None:
        yield _without_rate(desk, case, evaluation)
        return
    change = subtract("预算调整数", budget.final_budget, budget.original_budget)
    rate = percent("预算调整率", change, budget.original_budget)
    limit = _highest_exceeded(desk, rate)
    if limit is None:
        yield desk.holds(*arithmetic(change), "；", *arithmetic(rate))
        return
    if reason := sentence_with(
        case, evaluation, desk.entry.words("about"), desk.entry.words("because")
    ):
        yield desk.holds("预算调整率 ", rate, "，正文已说明：“", reason, "”")
        return
    yield desk.found(
        "全年预算数 ",
        budget.final_budget,
        " 比年初预算数 ",
        budget.original_budget,
        " 调整 ",
        change,
        "，预算调整率 ",
        rate,
        "，超过 ",
        limit,
        "，没有说明原因",
        where=places_of(budget.original_budget, budget.final_budget),
        observed=("预算调整率 ", rate),
        expected=("说明调整的原因与批准文件",),
        formula=(*arithmetic(change), "；", *arithmetic(rate)),
    )


def _without_rate(desk: Desk, case: Case, evaluation: Evaluation) -> Outcome:
    """Report a blank original budget beside a final one; a filed 0 is an amount."""
    budget = evaluation.budget
    is_blank = budget is not None and budget.original_budget.value is None
    if budget is None or not is_blank or not budget.final_budget.value:
        return desk.skips("没有年初预算数或全年预算数，算不出调整率")
    if not case.is_printed(evaluation, "年初预算"):
        return desk.skips("表中没有年初预算数一栏，算不出调整率")
    return desk.found(
        "年初预算数空白，预算调整率无从计算；全年预算数 ",
        budget.final_budget,
        where=places_of(budget.original_budget, budget.final_budget),
        observed=("年初预算数空白",),
        expected=("填报年初预算数；年中追加、年初没有预算的填 0 并说明",),
    )


def _highest_exceeded(desk: Desk, rate: Datum) -> Datum | None:
    """Give the highest of the lines that the rate, up or down, goes beyond."""
    lines = [Decimal(line) for line in desk.entry.words("rates")]
    beyond = [line for line in lines if abs(rate.require()) > line]
    if not beyond:
        return None
    return Datum("预算调整率线", max(beyond), "%", Constant(desk.entry.reference))


def check_over_budget(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """B-07: no more was spent than the final budget."""
    budget = evaluation.budget
    if budget is None or budget.final_budget.value is None:
        yield desk.skips("没有填报全年预算数")
        return
    final, spent = budget.final_budget, budget.actual_expenditure
    if spent.value is None:
        yield desk.skips("没有填报全年执行数")
        return
    if not final.value:
        yield desk.skips("全年预算数为 0，由 B-01 核查")
        return
    over = subtract("超出预算", spent, final)
    if over.require() <= desk.entry.number("tolerance"):
        yield desk.holds("执行 ", spent, " 不超过全年预算 ", final)
        return
    yield desk.found(
        "全年执行数 ",
        spent,
        " 超过全年预算数 ",
        final,
        "，超出 ",
        over,
        where=places_of(final, spent),
        observed=("执行 ", spent),
        expected=("不超过全年预算 ", final),
        formula=arithmetic(over),
    )
