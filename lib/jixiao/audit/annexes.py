"""Checks of the department against its projects (B-08、B-09 附件之间)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from jixiao.audit.between import more_than_department, told_apart
from jixiao.audit.budget import NO_RATE, rate_of, rate_places
from jixiao.audit.desk import (
    Case,
    Desk,
    Outcome,
    arithmetic,
    places_of,
)
from jixiao.datum import convert, fixed, subtract, sum_filed
from jixiao.model import (
    Evaluation,
    ExpenditureRow,
    bare_label,
)
from jixiao.scoring import children_of
from jixiao.scoring.base_data import PROJECTS


def check_department_rate(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """B-08: a department that spent all has no project with unspent money, none spent more."""
    yield from more_than_department(desk, case, evaluation)
    budgets = [
        (project, project.budget)
        for project in case.projects
        if project.budget
        and project.budget.final_budget.value is not None
        and project.budget.actual_expenditure.value is not None
    ]
    rate = rate_of(case, evaluation)
    if rate is None:
        yield desk.skips(NO_RATE)
        return
    if not budgets:
        yield desk.skips("没有附项目自评表，或项目没有填报预算与执行数")
        return
    unspent = [
        subtract(
            f"{project.project.text if project.project else project.key}未支出",
            budget.final_budget,
            budget.actual_expenditure,
        )
        for project, budget in budgets
    ]
    total = sum_filed("项目未支出合计", *unspent) if len(unspent) > 1 else unspent[0]
    full = desk.entry.threshold("rate", "执行完毕", "%")
    if Decimal(fixed(rate.require())) < full.require() or total.require() <= 0:
        yield desk.holds("部门执行率 ", rate, "，项目未支出 ", total)
        return
    yield desk.found(
        "部门执行率 ",
        rate,
        "，而所附项目还有 ",
        total,
        " 没有支出",
        where=(*rate_places(evaluation, rate), *places_of(*unspent)),
        observed=("部门执行率 ", rate),
        expected=("部门结余不少于项目未支出 ", total),
        formula=arithmetic(total),
    )


def bare_name(name: str, suffixes: tuple[str, ...]) -> str:
    """Take numbering, 其中： and a final 支出、经费、项目 off a project's name.

    >>> bare_name("其中：4、社区矫正经费支出", ("支出", "经费"))
    '社区矫正'
    """
    bare = bare_label(name)
    while suffix := next((s for s in suffixes if bare.endswith(s) and bare != s), ""):
        bare = bare.removesuffix(suffix)
    return bare


def check_project_amounts(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """B-09: the same project has the same amount in every annex."""
    for project in case.projects:
        yield from _told_in_indicators(desk, evaluation, project)
    base = case.filing.base_data
    lines = children_of(base, PROJECTS) if base else ()
    if not case.projects or not lines:
        yield desk.skips("没有同时附基础数据表的项目行与项目自评表")
        return
    suffixes = desk.entry.words("suffixes")
    for project in case.projects:
        name = project.project.text if project.project else ""
        line = next(
            (r for r in lines if bare_name(r.label, suffixes) == bare_name(name, suffixes)), None
        )
        if line is None:
            yield desk.skips(f"基础数据表中没有项目“{name}”的行")
        else:
            yield _compare_project(desk, project, line)


def _told_in_indicators(
    desk: Desk, evaluation: Evaluation, project: Evaluation
) -> Iterator[Outcome]:
    """Hold a project's amount among the department's indicators against the project's table."""
    spent = project.budget.actual_expenditure if project.budget else None
    name = project.project.text if project.project else ""
    suffixes = desk.entry.words("suffixes")
    for indicator in evaluation.indicators:
        told = indicator.achieved.datum(indicator.name)
        if spent is None or spent.value is None or told.value is None or not name:
            continue
        if bare_name(indicator.name, suffixes) != bare_name(name, suffixes):
            continue
        told = convert(told, spent.unit)
        if told.unit != spent.unit or indicator.achieved.quantity.is_bound:
            continue
        if told.value == spent.value:
            yield desk.holds(f"项目“{name}”：部门指标 ", told, "，项目自评表 ", spent)
            continue
        yield told_apart(
            desk,
            f"同一项目“{name}”在两处不同",
            (("部门自评表", "指标的完成值", told), ("项目自评表", "执行数", spent)),
            subtract("两处相差", told, spent),
        )


def _compare_project(desk: Desk, project: Evaluation, line: ExpenditureRow) -> Outcome:
    budget = project.budget
    spent, other = line.outturn, budget.actual_expenditure if budget else None
    name = project.project.text if project.project else project.key
    if spent.value is None or other is None or other.value is None:
        return desk.skips(f"项目“{name}”在一处没有填报执行数")
    if spent.unit != other.unit:
        return desk.skips(f"项目“{name}”在两处的单位不同：{spent.unit}、{other.unit}")
    if spent.value == other.value:
        return desk.holds(f"项目“{name}”：基础数据表 ", spent, "，项目自评表 ", other)
    return told_apart(
        desk,
        f"同一项目“{name}”在两处不同",
        (("基础数据表", "决算", spent), ("项目自评表", "执行数", other)),
        subtract("两处相差", other, spent),
    )
