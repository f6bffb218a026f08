"""Checks of the accounts (B-10 至 B-13、B-20 收支勾稽)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from jixiao.audit.between import compare_annexes
from jixiao.audit.budget import amounts_of
from jixiao.audit.desk import Case, Desk, Outcome, arithmetic, is_close, places_of
from jixiao.datum import Datum, add, convert, percent, sum_filed
from jixiao.model import BaseData, Evaluation, ExpenditureRow, Phrase, Piece
from jixiao.scoring import children_of
from jixiao.scoring.base_data import (
    BASIC,
    OPERATING,
    PERSONNEL,
    PROCUREMENT,
    PROJECTS,
    TOTAL,
)

COLUMNS = ("prior_outturn", "budget", "outturn")
NO_BASE = "没有附部门整体支出绩效评价基础数据表"


@dataclass(frozen=True, slots=True)
class Tie:
    """A total and the sum it should equal (勾稽关系)."""

    total: Datum
    summed: Datum


def complete_ties(ties: list[Tie]) -> list[Tie]:
    """Keep the ties both of whose sides are there."""
    return [t for t in ties if t.total.value is not None and t.summed.value is not None]


def does_hold(desk: Desk, tie: Tie) -> bool:
    """Whether a total is the sum of its parts."""
    return is_close(tie.total, tie.summed, desk.entry.number("tolerance"))


def tie_held(desk: Desk, tie: Tie) -> Outcome:
    """Report a total that is the sum of its parts."""
    return desk.holds(*arithmetic(tie.summed), "，与", f"{tie.total.label} ", tie.total, " 一致")


def compare_ties(desk: Desk, ties: list[Tie], nothing: str) -> Iterator[Outcome]:
    """Report each tie that holds or does not; `nothing` says why there is none."""
    complete = complete_ties(ties)
    if not complete:
        yield desk.skips(nothing)
    for tie in complete:
        if does_hold(desk, tie):
            yield tie_held(desk, tie)
            continue
        yield desk.found(
            f"{tie.total.label}填 ",
            tie.total,
            "，各部分相加为 ",
            tie.summed,
            where=places_of(tie.total, tie.summed),
            observed=(f"{tie.total.label} ", tie.total),
            expected=(tie.summed,),
            formula=arithmetic(tie.summed),
        )


def check_expenditure_tree(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """B-10: totals of expenditure are the sums of their parts, column by column."""
    base = case.filing.base_data
    if base is None:
        yield desk.skips(NO_BASE)
        return
    total, basic, projects = base.row(*TOTAL), base.row(*BASIC), base.row(*PROJECTS)
    ties: list[Tie] = []
    for column in COLUMNS:
        if total and basic and projects:
            parts = (cell_of(basic, column), cell_of(projects, column))
            ties.append(Tie(cell_of(total, column), add("基本支出 + 项目支出", *parts)))
        if projects and (lines := children_of(base, PROJECTS)):
            cells = tuple(cell_of(line, column) for line in lines)
            ties.append(Tie(cell_of(projects, column), sum_filed("各项目之和", *cells)))
    if basic and (personnel := _personnel(case, base)) and (running := base.row(*OPERATING)):
        summed = add("人员经费 + 公用经费", personnel, running.outturn)
        from_table = base.row(*PERSONNEL) is not None
        if from_table or summed.value == basic.outturn.value:  # else E-01 says it of the narrative
            ties.append(Tie(basic.outturn, summed))
    yield from compare_ties(desk, ties, "基础数据表中没有可以相加核对的行")


def _personnel(case: Case, base: BaseData) -> Datum | None:
    """Give 人员经费 of the year: from the table, else from the narrative."""
    unit = next((row.outturn.unit for row in base.expenditure), "")
    if row := base.row(*PERSONNEL):
        return row.outturn
    for statement in case.filing.statements:
        amount = convert(statement.datum, unit)
        fits = statement.evaluation == "department" and unit == amount.unit != ""
        if fits and statement.label.startswith(PERSONNEL) and amount.value is not None:
            return amount
    return None


def check_income_nature(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """B-11: by income, by nature and in the base data it is one actual expenditure."""
    budget = evaluation.budget
    if budget is None or budget.actual_expenditure.value is None:
        yield desk.skips("没有填报全年执行数")
        return
    ties = [
        Tie(budget.actual_expenditure, sum_filed(f"{title}合计", *amounts))
        for group, title in (("income", "按收入性质分"), ("nature", "按支出性质分"))
        if (amounts := amounts_of(budget.lines, group))
    ]
    yield from compare_ties(desk, ties, "没有填报按收入性质、按支出性质的金额")
    yield from compare_annexes(desk, case, evaluation, desk.entry.number("tolerance"))


def check_spending_without_budget(
    desk: Desk, case: Case, evaluation: Evaluation
) -> Iterator[Outcome]:
    """B-12: what was spent had a budget."""
    rows = _detail_rows(desk, case, evaluation)
    if rows is None:
        return
    if not rows:
        yield desk.skips(NO_BASE)
        return
    bare = [row for row in rows if not row.budget.value and (row.outturn.value or 0) > 0]
    base = case.filing.base_data
    projects = children_of(base, PROJECTS) if base else ()
    counted = [row for row in bare if row in projects]
    if not bare:
        yield desk.holds("有支出的行都有预算：", *_cells(rows))
        return
    total = sum_filed("无预算项目支出合计", *(row.outturn for row in counted)) if counted else None
    tail: Phrase = ("；项目支出合计 ", total) if total is not None and len(counted) > 1 else ()
    yield desk.found(
        "没有预算而有支出：",
        *_cells(bare),
        *tail,
        where=tuple(s for row in bare for s in (row.source, *places_of(row.outturn, row.budget))),
        observed=("有支出，预算空白或为零",),
        expected=("支出以批准的预算为依据",),
        formula=arithmetic(total) if total is not None else (),
    )


def check_line_over_budget(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """B-13: no line far over its budget."""
    rows = _detail_rows(desk, case, evaluation)
    if rows is None:
        return
    limit = desk.entry.threshold("rate", "超预算线", "%")
    rates = [
        (row, percent(f"{row.name}决算 ÷ 预算", row.outturn, row.budget))
        for row in rows
        if row.budget.value and row.outturn.value is not None
    ]
    if not rates:
        yield desk.skips("没有同时填报预算与决算的支出行")
        return
    over = [(row, rate) for row, rate in rates if rate.require() > limit.require()]
    for row, rate in over:
        yield desk.found(
            f"{row.name}预算 ",
            row.budget,
            "，决算 ",
            row.outturn,
            "，为预算的 ",
            rate,
            where=places_of(row.budget, row.outturn),
            observed=("决算为预算的 ", rate),
            expected=("不超过 ", limit, "，超过的说明依据"),
            formula=arithmetic(rate),
        )
    if not over:
        pieces: list[Piece] = []
        for row, rate in rates:
            pieces += [f"{'；' if pieces else ''}{row.name} ", rate]
        yield desk.holds(*pieces, "，都不超过 ", limit)


def _detail_rows(
    desk: Desk, case: Case, evaluation: Evaluation
) -> tuple[ExpenditureRow, ...] | None:
    """Give the expenditure rows without children, procurement aside; None for a project."""
    base = case.filing.base_data
    if base is None:
        return ()
    rows = base.expenditure
    return tuple(
        row
        for index, row in enumerate(rows)
        if row.name not in PROCUREMENT
        and not (index + 1 < len(rows) and rows[index + 1].level > row.level)
    )


def cell_of(row: ExpenditureRow, column: str) -> Datum:
    """Give one of a row's three money columns."""
    cell: Datum = getattr(row, column)
    return cell


def _cells(rows: list[ExpenditureRow] | tuple[ExpenditureRow, ...]) -> Phrase:
    pieces: list[Piece] = []
    for row in rows:
        if row.outturn.value is not None:
            pieces += [f"{'、' if pieces else ''}{row.name} ", row.outturn]
    return tuple(pieces)
