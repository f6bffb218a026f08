"""Checks of procurement, staff and buildings (B-16 至 B-19)."""

from __future__ import annotations

from collections.abc import Iterator

from jixiao.audit.budget import doubt_of_rate, is_rate_as_shown
from jixiao.audit.desk import Case, Desk, Outcome, arithmetic, places_of
from jixiao.datum import Datum, Source, add, percent, subtract
from jixiao.model import Evaluation
from jixiao.scoring.base_data import (
    OPERATING,
    PROCUREMENT,
    PROJECTS,
)


def check_procurement(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """B-16: procurement has a budget and stays within what can be procured."""
    base = case.filing.base_data
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


def check_staff_quota(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """B-18: no more staff than authorized posts."""
    staff = case.filing.base_data.staff if case.filing.base_data else None
    if staff is None or not staff.authorized_posts.value or staff.staff_in_post.value is None:
        yield desk.skips("没有填报编制数或实际在职人数")
        return
    rate = percent("在职人员控制率", staff.staff_in_post, staff.authorized_posts)
    limit = desk.entry.threshold("rate", "在职人员控制率线", "%")
    if rate.require() <= limit.require():
        yield desk.holds(*arithmetic(rate), "，不超过 ", limit)
        return
    over = subtract("超编人数", staff.staff_in_post, staff.authorized_posts)
    yield desk.found(
        "在职 ",
        staff.staff_in_post,
        "，超过编制 ",
        staff.authorized_posts,
        "，超编 ",
        over,
        "，控制率 ",
        rate,
        where=places_of(staff.authorized_posts, staff.staff_in_post),
        observed=("在职 ", staff.staff_in_post),
        expected=("不超过编制 ", staff.authorized_posts, "，或说明超编原因"),
        formula=(*arithmetic(over), "；", *arithmetic(rate)),
    )


def check_buildings_year(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """B-19: the buildings block is of the report's year and within what was approved."""
    base = case.filing.base_data
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
