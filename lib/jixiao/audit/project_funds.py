"""Check of a project's funds against their sources (B-20 项目资金)."""

from __future__ import annotations

from collections.abc import Iterator

from jixiao.audit.accounts import Tie, complete_ties, does_hold, tie_held
from jixiao.audit.desk import Case, Desk, Outcome, arithmetic, listed, places_of
from jixiao.datum import Datum, sum_filed
from jixiao.model import Evaluation, Piece

_COLUMNS = ("original_budget", "final_budget", "actual_expenditure")


def check_project_funds(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """B-20: a project's funds are the sum of their sources, column by column."""
    budget = evaluation.budget
    lines = [line for line in budget.lines if line.group == "source"] if budget else []
    if budget is None or not lines:
        yield desk.skips("没有填报资金来源")
        return
    ties = []
    for column in _COLUMNS:
        parts = tuple(d for line in lines if isinstance(d := getattr(line, column), Datum))
        if parts:
            ties.append(Tie(getattr(budget, column), sum_filed("各来源之和", *parts)))
    complete = complete_ties(ties)
    if not complete:
        yield desk.skips("资金来源各行都是空白")
    for tie in complete:
        if does_hold(desk, tie):
            yield tie_held(desk, tie)
    if broken := [tie for tie in complete if not does_hold(desk, tie)]:
        yield _broken(desk, broken)


def _broken(desk: Desk, broken: list[Tie]) -> Outcome:
    """Report the columns of one total row together: the row is what went wrong."""
    message: list[Piece] = []
    formula: list[Piece] = []
    for tie in broken:
        message += ["；"] if message else []
        message += [f"{tie.total.label}填 ", tie.total, "，各部分相加为 ", tie.summed]
        formula += ["；"] if formula else []
        formula += arithmetic(tie.summed)
    return desk.found(
        *message,
        where=tuple(place for tie in broken for place in places_of(tie.total, tie.summed)),
        observed=listed(tuple(tie.total for tie in broken)),
        expected=listed(tuple(tie.summed for tie in broken)),
        formula=tuple(formula),
    )
