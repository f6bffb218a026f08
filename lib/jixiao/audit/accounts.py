"""Checks of the accounts (B-10 至 B-20 收支、三公、人员、楼堂馆所)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from jixiao.audit.budget import amounts_of, doubt_of_rate, is_rate_as_shown
from jixiao.audit.desk import Case, Desk, Outcome, arithmetic, is_close, places_of
from jixiao.datum import Datum, Source, add, percent, sum_filed
from jixiao.model import BaseData, Evaluation, ExpenditureRow, Phrase, Piece
from jixiao.scoring import children_of, three_public_total
from jixiao.scoring.base_data import (
    BASIC,
    OPERATING,
    PERSONNEL,
    PROCUREMENT,
    PROJECTS,
    THREE_PUBLIC,
    TOTAL,
)

COLUMNS = ("prior_outturn", "budget", "outturn")
_NO_BASE = "没有附部门整体支出绩效评价基础数据表"


@dataclass(frozen=True, slots=True)
class Tie:
    """A total and the sum it should equal (勾稽关系)."""

    total: Datum
    summed: Datum


def compare_ties(desk: Desk, ties: list[Tie], nothing: str) -> Iterator[Outcome]:
    """Report each tie that holds or does not; `nothing` says why there is none."""
    complete = [t for t in ties if t.total.value is not None and t.summed.value is not None]
    if not complete:
        yield desk.skips(nothing)
    for tie in complete:
        if is_close(tie.total, tie.summed, desk.entry.number("tolerance")):
            yield desk.holds(
                *arithmetic(tie.summed), "，与", f"{tie.total.label} ", tie.total, " 一致"
            )
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
    if evaluation.kind != "department":
        return
    if base is None:
        yield desk.skips(_NO_BASE)
        return
    total, basic, projects = base.row(*TOTAL), base.row(*BASIC), base.row(*PROJECTS)
    ties: list[Tie] = []
    for column in COLUMNS:
        if total and basic and projects:
            parts = (_cell(basic, column), _cell(projects, column))
            ties.append(Tie(_cell(total, column), add("基本支出 + 项目支出", *parts)))
        if projects and (lines := children_of(base, PROJECTS)):
            cells = tuple(_cell(line, column) for line in lines)
            ties.append(Tie(_cell(projects, column), sum_filed("各项目之和", *cells)))
    if basic and (personnel := _personnel(case, base)) and (running := base.row(*OPERATING)):
        summed = add("人员经费 + 公用经费", personnel, running.outturn)
        from_table = base.row(*PERSONNEL) is not None
        if from_table or summed.value == basic.outturn.value:  # else E-01 says it of the narrative
            ties.append(Tie(basic.outturn, summed))
    yield from compare_ties(desk, ties, "基础数据表中没有可以相加核对的行")


def _personnel(case: Case, base: BaseData) -> Datum | None:
    """Give 人员经费 of the year: from the table, else from the narrative."""
    if row := base.row(*PERSONNEL):
        return row.outturn
    for statement in case.filing.statements:
        fits = statement.evaluation == "department" and statement.datum.unit == "万元"
        if fits and statement.label.startswith(PERSONNEL) and statement.datum.value is not None:
            return statement.datum
    return None


def check_income_nature(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """B-11: by income and by nature the lines add to the actual expenditure."""
    budget = evaluation.budget
    if evaluation.kind != "department":
        return
    if budget is None or budget.actual_expenditure.value is None:
        yield desk.skips("没有填报全年执行数")
        return
    ties = [
        Tie(budget.actual_expenditure, sum_filed(f"{title}合计", *amounts))
        for group, title in (("income", "按收入性质分"), ("nature", "按支出性质分"))
        if (amounts := amounts_of(budget.lines, group))
    ]
    yield from compare_ties(desk, ties, "没有填报按收入性质、按支出性质的金额")


def check_spending_without_budget(
    desk: Desk, case: Case, evaluation: Evaluation
) -> Iterator[Outcome]:
    """B-12: what was spent had a budget."""
    rows = _detail_rows(desk, case, evaluation)
    if rows is None:
        return
    if not rows:
        yield desk.skips(_NO_BASE)
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
    if evaluation.kind != "department":
        return None
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


def check_three_public_total(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """B-14: the total of 三公经费 is filed and is the sum of its parts."""
    base = case.filing.base_data
    if evaluation.kind != "department":
        return
    row = base.row(*THREE_PUBLIC) if base else None
    if base is None or row is None:
        yield desk.skips("没有填报三公经费")
        return
    parts = children_of(base, THREE_PUBLIC)
    sums = (
        {
            c: sum_filed(
                f"三公经费分项之和（{_cell(row, c).label}）", *(_cell(p, c) for p in parts)
            )
            for c in COLUMNS
        }
        if parts
        else {}
    )
    filed = {column: total for column, total in sums.items() if total.value is not None}
    if not filed:
        yield desk.skips("三公经费各分项都是空白")
        return
    blank = [column for column in filed if _cell(row, column).value is None]
    if blank:
        message: list[Piece] = []
        for column in blank:
            message += [
                f"{'；' if message else ''}{_cell(row, column).label}空白，分项之和为 ",
                filed[column],
            ]
        formula: list[Piece] = []
        for column in blank:
            formula += (*(("；",) if formula else ()), *arithmetic(filed[column]))
        yield desk.found(
            *message,
            where=tuple(s for c in blank for s in places_of(_cell(row, c), filed[c])),
            observed=("三公经费总额空白",),
            expected=tuple(message),
            formula=tuple(formula),
        )
    rest = [Tie(_cell(row, column), filed[column]) for column in filed if column not in blank]
    rest += [tie for part in parts for tie in _inner_ties(base, part)]
    if rest:
        yield from compare_ties(desk, rest, "")


def _inner_ties(base: BaseData, part: ExpenditureRow) -> Iterator[Tie]:
    """Tie a part of 三公经费 to its own parts, where both were filed."""
    inner = children_of(base, (part.name,))
    for column in COLUMNS if inner else ():
        summed = sum_filed(f"{part.name}分项之和", *(_cell(row, column) for row in inner))
        if summed.value is not None and _cell(part, column).value is not None:
            yield Tie(_cell(part, column), summed)


def check_three_public_control(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """B-15: 三公 and 公用 stay within budget, and last year's figure is there."""
    base = case.filing.base_data
    if evaluation.kind != "department":
        return
    if base is None:
        yield desk.skips(_NO_BASE)
        return
    pairs = []
    if operating := base.row(*OPERATING):
        pairs.append(("公用经费", operating.outturn, operating.budget))
    spent, planned = three_public_total(base, "outturn"), three_public_total(base, "budget")
    if spent and planned:
        pairs.append(("三公经费", spent, planned))
    for name, outturn, budget in pairs:
        if outturn.value is None or budget.value is None:
            yield desk.skips(f"{name}没有同时填报预算与决算")
        elif outturn.value > budget.value:
            yield desk.found(
                f"{name}决算 ",
                outturn,
                " 超过预算 ",
                budget,
                where=places_of(outturn, budget),
                observed=(outturn,),
                expected=("不超过 ", budget),
            )
        else:
            yield desk.holds(f"{name}决算 ", outturn, " 不超过预算 ", budget)
    prior = three_public_total(base, "prior_outturn")
    if prior is not None and prior.value is None and spent and spent.value is not None:
        yield desk.found(
            f"{prior.label or '三公经费上年决算数'}空白，变动率无从计算；本年决算 ",
            spent,
            where=places_of(_total_cell(base, "prior_outturn"), prior, spent),
            observed=("上年三公经费空白",),
            expected=("填报上年数",),
        )


def _total_cell(base: BaseData, column: str) -> Datum | None:
    row = base.row(*THREE_PUBLIC)
    return _cell(row, column) if row else None


def check_procurement(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """B-16: procurement has a budget and stays within what can be procured."""
    base = case.filing.base_data
    if evaluation.kind != "department":
        return
    row = base.row(*PROCUREMENT) if base else None
    if base is None or row is None or row.outturn.value is None:
        yield desk.skips("没有填报政府采购金额")
        return
    operating, projects = base.row(*OPERATING), base.row(*PROJECTS)
    possible = (
        add("公用经费 + 项目支出", operating.outturn, projects.outturn)
        if operating and projects
        else None
    )
    if not row.budget.value:
        yield desk.found(
            "政府采购 ",
            row.outturn,
            "，没有采购预算，执行率无从计算",
            where=places_of(row.outturn, row.budget),
            observed=("没有采购预算",),
            expected=("填报政府采购预算",),
        )
    if possible is None or possible.value is None:
        yield desk.skips("没有公用经费与项目支出，不能核对采购规模")
    elif row.outturn.value > possible.value:
        yield desk.found(
            "政府采购 ",
            row.outturn,
            " 超过公用经费与项目支出之和 ",
            possible,
            where=places_of(row.outturn, possible),
            observed=(row.outturn,),
            expected=("不超过 ", possible),
            formula=arithmetic(possible),
        )
    else:
        yield desk.holds(*arithmetic(possible), "，政府采购 ", row.outturn, " 不超过此数")


def check_staffing_rate(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """B-17: the staffing control rate is computed right."""
    base = case.filing.base_data
    if evaluation.kind != "department":
        return
    staff = base.staff if base else None
    if staff is None or not staff.authorized_posts.value or staff.staff_in_post.value is None:
        yield desk.skips("没有填报编制数或实际在职人数")
        return
    rate = percent("在职人员控制率", staff.staff_in_post, staff.authorized_posts)
    stated = staff.staffing_control_rate
    if stated is None or stated.quantity.is_absent:
        yield desk.skips("没有填报控制率")
        return
    if doubt := doubt_of_rate(stated, rate):
        yield desk.skips(doubt)
        return
    filed = stated.datum("所填控制率", "%")
    if is_rate_as_shown(stated, rate, int(desk.entry.number("places"))):
        yield desk.holds(*arithmetic(rate), "，所填 ", filed)
        return
    yield desk.found(
        "控制率填 ",
        filed,
        "，在职 ",
        staff.staff_in_post,
        "、编制 ",
        staff.authorized_posts,
        " 应为 ",
        rate,
        where=places_of(filed, rate),
        observed=("控制率 ", filed),
        expected=("控制率 ", rate),
        formula=arithmetic(rate),
    )


def check_buildings_year(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """B-19: the buildings block is of the report's year and within what was approved."""
    base = case.filing.base_data
    if evaluation.kind != "department":
        return
    buildings = base.buildings if base else None
    if buildings is None:
        yield desk.skips("没有楼堂馆所控制情况")
        return
    if buildings.year.value is None or case.filing.year is None:
        yield desk.skips("楼堂馆所的表头没有年度，或报告年度不明")
    elif buildings.year.value != case.filing.year:
        yield desk.found(
            "楼堂馆所表头写 ",
            buildings.year,
            " 完工项目，报告年度为 ",
            _report_year(case),
            where=(*places_of(buildings.year), *_year_places(case)),
            observed=(buildings.year,),
            expected=(_report_year(case),),
        )
    else:
        yield desk.holds(
            "楼堂馆所表头 ", buildings.year, " 与报告年度 ", _report_year(case), " 一致"
        )
    yield from _over_approved(desk, buildings.actual_floor_area, buildings.approved_floor_area)
    yield from _over_approved(desk, buildings.actual_investment, buildings.approved_investment)


def _over_approved(desk: Desk, actual: Datum, approved: Datum) -> Iterator[Outcome]:
    if actual.value is None or approved.value is None:
        return
    if actual.value <= approved.value:
        yield desk.holds(f"{actual.label} ", actual, f" 不超过{approved.label} ", approved)
        return
    yield desk.found(
        f"{actual.label} ",
        actual,
        f" 超过{approved.label} ",
        approved,
        where=places_of(actual, approved),
        observed=(actual,),
        expected=("不超过 ", approved),
    )


def _report_year(case: Case) -> Datum:
    """Give the report's year as a number read from its title."""
    year, source = case.filing.year, case.filing.unit_source
    if year is None or source is None:
        return Datum.of(year, "年", "报告年度")
    return Datum("报告年度", Datum.of(year).value, "年", source)


def _year_places(case: Case) -> tuple[Source, ...]:
    return (case.filing.unit_source,) if case.filing.unit_source else ()


def check_project_funds(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """B-20: a project's funds are the sum of their sources, column by column."""
    if evaluation.kind != "project":
        return
    budget = evaluation.budget
    lines = [line for line in budget.lines if line.group == "source"] if budget else []
    if budget is None or not lines:
        yield desk.skips("没有填报资金来源")
        return
    ties = []
    for column in ("original_budget", "final_budget", "actual_expenditure"):
        parts = tuple(d for line in lines if isinstance(d := getattr(line, column), Datum))
        if parts:
            ties.append(Tie(getattr(budget, column), sum_filed("各来源之和", *parts)))
    yield from compare_ties(desk, ties, "资金来源各行都是空白")


def _cell(row: ExpenditureRow, column: str) -> Datum:
    cell: Datum = getattr(row, column)
    return cell


def _cells(rows: list[ExpenditureRow] | tuple[ExpenditureRow, ...]) -> Phrase:
    pieces: list[Piece] = []
    for row in rows:
        if row.outturn.value is not None:
            pieces += [f"{'、' if pieces else ''}{row.name} ", row.outturn]
    return tuple(pieces)
