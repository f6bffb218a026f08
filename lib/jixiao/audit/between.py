"""The same amount in two annexes (附件之间的同一金额): base data, department, projects."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from jixiao.audit.desk import Case, Desk, Outcome, arithmetic, places_of
from jixiao.datum import Datum, convert, subtract, sum_filed
from jixiao.model import Evaluation
from jixiao.scoring.base_data import BASIC, PROJECTS, TOTAL

#: A label, the amount in 附件1, the amount in 附件2.
_Pair = tuple[str, Datum, Datum]
#: A table, the word for a figure there, and the figure.
Told = tuple[str, str, Datum]


def compare_annexes(
    desk: Desk, case: Case, evaluation: Evaluation, tolerance: Decimal
) -> Iterator[Outcome]:
    """Compare totals of the base data with those of the department's form (B-11)."""
    for name, base, form in _pairs(case, evaluation):
        if base.unit != form.unit:
            continue
        if abs(base.require() - form.require()) <= tolerance:
            yield desk.holds(f"{name}：基础数据表 ", base, "，自评表 ", form)
            continue
        yield told_apart(
            desk,
            f"{name}在两处不同",
            (("基础数据表", "决算", base), ("自评表", "执行数", form)),
            subtract("两处相差", base, form),
        )


def told_apart(desk: Desk, head: str, pair: tuple[Told, Told], gap: Datum) -> Outcome:
    """Find one figure told differently in two places.

    Parameters
    ----------
    head : what differs
    pair : of each place its table, the word for the figure there, and the figure
    """
    (table, word, one), (other_table, other_word, other) = pair
    return desk.found(
        f"{head}：{table}{word} ",
        one,
        f"，{other_table}{other_word} ",
        other,
        "，相差 ",
        gap,
        where=places_of(one, other),
        observed=(f"{table} ", one, f"，{other_table} ", other),
        expected=("两处一致",),
        formula=arithmetic(gap),
    )


def _pairs(case: Case, evaluation: Evaluation) -> Iterator[_Pair]:
    """Give the amounts that stand in both annexes."""
    base, budget = case.filing.base_data, evaluation.budget
    if base is None or budget is None:
        return
    nature = {ln.label: ln.actual_expenditure for ln in budget.lines if ln.group == "nature"}
    for names, other in (
        (TOTAL, budget.actual_expenditure),
        (BASIC, nature.get("基本支出")),
        (PROJECTS, nature.get("项目支出")),
    ):
        row = base.row(*names)
        if row is None or other is None or other.value is None or row.outturn.value is None:
            continue
        yield names[0], row.outturn, other


def more_than_department(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """Projects that spent more than all the department's 项目支出 (B-08)."""
    whole = _project_spending(case, evaluation)
    parts = [
        convert(project.budget.actual_expenditure, whole.unit if whole else "")
        for project in case.projects
        if project.budget and project.budget.actual_expenditure.value is not None
    ]
    if whole is None or not parts or any(part.unit != whole.unit for part in parts):
        return
    total = sum_filed("所附项目执行数合计", *parts) if len(parts) > 1 else parts[0]
    over = subtract("多出", total, whole)
    if over.require() <= desk.entry.number("tolerance"):
        yield desk.holds("所附项目执行数 ", total, " 不超过部门项目支出 ", whole)
        return
    yield desk.found(
        "所附项目执行数合计 ",
        total,
        "，超过部门项目支出 ",
        whole,
        "，多出 ",
        over,
        where=(*places_of(*parts), *places_of(whole)),
        observed=("所附项目执行数 ", total),
        expected=("不超过部门项目支出 ", whole),
        formula=arithmetic(over),
    )


def _project_spending(case: Case, evaluation: Evaluation) -> Datum | None:
    """Give the department's 项目支出: of the base data, else of its form."""
    row = case.filing.base_data.row(*PROJECTS) if case.filing.base_data else None
    if row is not None and row.outturn.value is not None:
        return row.outturn
    for line in evaluation.budget.lines if evaluation.budget else ():
        if line.group == "nature" and line.label == "项目支出":
            amount = line.actual_expenditure
            return amount if amount is not None and amount.value is not None else None
    return None
