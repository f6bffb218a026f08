"""Rates computed from the base data and the budget (可计算的指标): a number, or what is missing.

A rate needs both its numbers as filed; where one is missing there is no rate, never 0.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from jixiao.datum import Datum
from jixiao.model import BaseData, BaseIndicator, Evaluation
from jixiao.scoring.rates import change_rate, rate_of
from jixiao.scoring.rows import (
    ADJUSTMENT,
    OPERATING,
    PROCUREMENT,
    TOTAL,
    three_public_total,
)

#: base data, department's form, name to give it → the rate
Measure = Callable[[BaseData | None, Evaluation | None, str], BaseIndicator]


def _staffing(base: BaseData | None, department: Evaluation | None, name: str) -> BaseIndicator:
    staff = base.staff if base else None
    people = staff.staff_in_post if staff else None
    posts = staff.authorized_posts if staff else None
    return rate_of(name, people, posts, ("实际在职人数", "编制数"))


def _operating(base: BaseData | None, department: Evaluation | None, name: str) -> BaseIndicator:
    row = base.row(*OPERATING) if base else None
    return rate_of(
        name,
        row.outturn if row else None,
        row.budget if row else None,
        ("公用经费决算数", "公用经费预算数"),
    )


def _three_public(base: BaseData | None, department: Evaluation | None, name: str) -> BaseIndicator:
    spent = three_public_total(base, "outturn") if base else None
    planned = three_public_total(base, "budget") if base else None
    return rate_of(name, spent, planned, ("三公经费决算数", "三公经费预算数"))


def _change_by_budget(
    base: BaseData | None, department: Evaluation | None, name: str
) -> BaseIndicator:
    planned = three_public_total(base, "budget") if base else None
    labels = ("三公经费本年预算数", "三公经费上年预算数")
    return change_rate(name, planned, None, labels, "按预算口径；本表没有上年预算数")


def _change_by_outturn(
    base: BaseData | None, department: Evaluation | None, name: str
) -> BaseIndicator:
    return change_rate(
        name,
        three_public_total(base, "outturn") if base else None,
        three_public_total(base, "prior_outturn") if base else None,
        ("三公经费本年决算数", "三公经费上年决算数"),
        "按决算口径；53号文用预算口径，本表没有上年预算数",
    )


def _completion(base: BaseData | None, department: Evaluation | None, name: str) -> BaseIndicator:
    outturn, _, final = _execution(base, department)
    labels = ("支出总额决算数", "全年预算数")
    return rate_of(name, outturn, final, labels, "决算数 ÷ 全年预算数")


def completion_of_original(
    base: BaseData | None, department: Evaluation | None, name: str
) -> BaseIndicator:
    """Give what was spent of the original budget (对年初预算)."""
    outturn, original, _ = _execution(base, department)
    labels = ("支出总额决算数", "年初预算数")
    return rate_of(name, outturn, original, labels, "决算数 ÷ 年初预算数")


def _completion_with_carry_over(
    base: BaseData | None, department: Evaluation | None, name: str
) -> BaseIndicator:
    """Need what no base-data table asks for: the money carried over, in and out."""
    absent = Datum.of(None, "%", name)
    return BaseIndicator(name, absent, "no_data", ("上年结转", "年末结余"))


def _adjustment(base: BaseData | None, department: Evaluation | None, name: str) -> BaseIndicator:
    _, original, final = _execution(base, department)
    note = "（全年预算数 − 年初预算数）÷ 年初预算数；未剔除政策性等因素"
    row = base.row(*ADJUSTMENT) if base else None
    if row and _absent(final) and not (_absent(row.budget) or _absent(row.outturn)):
        original, final = row.budget, row.outturn
        note = f"按“{row.name}”行：预算栏为年初预算，决算栏为调整后预算"
    return change_rate(name, final, original, ("全年预算数", "年初预算数"), note)


def _procurement(base: BaseData | None, department: Evaluation | None, name: str) -> BaseIndicator:
    row = base.row(*PROCUREMENT) if base else None
    return rate_of(
        name,
        row.outturn if row else None,
        row.budget if row else None,
        ("政府采购金额决算数", "政府采购金额预算数"),
    )


def _floor_area(base: BaseData | None, department: Evaluation | None, name: str) -> BaseIndicator:
    buildings = base.buildings if base else None
    return rate_of(
        name,
        buildings.actual_floor_area if buildings else None,
        buildings.approved_floor_area if buildings else None,
        ("实际规模", "批复规模"),
    )


def _investment(base: BaseData | None, department: Evaluation | None, name: str) -> BaseIndicator:
    buildings = base.buildings if base else None
    return rate_of(
        name,
        buildings.actual_investment if buildings else None,
        buildings.approved_investment if buildings else None,
        ("实际投资", "预算投资"),
    )


def _execution(
    base: BaseData | None, department: Evaluation | None
) -> tuple[Datum | None, Datum | None, Datum | None]:
    """Give outturn, original and final budget of the whole department."""
    total = base.row(*TOTAL) if base else None
    budget = department.budget if department else None
    outturn = total.outturn if total else (budget.actual_expenditure if budget else None)
    original = total.budget if total else None
    if _absent(original) and budget:
        original = budget.original_budget
    return outturn, original, budget.final_budget if budget else None


def _absent(datum: Datum | None) -> bool:
    return datum is None or datum.value is None


#: Measures by the name a rule book gives them.
MEASURES: Mapping[str, Measure] = MappingProxyType(
    {
        "staffing_control_rate": _staffing,
        "three_public_change_rate": _change_by_budget,
        "three_public_change_rate_by_outturn": _change_by_outturn,
        "three_public_control_rate": _three_public,
        "operating_control_rate": _operating,
        "budget_completion_rate": _completion,
        "budget_completion_rate_with_carry_over": _completion_with_carry_over,
        "budget_adjustment_rate": _adjustment,
        "procurement_execution_rate": _procurement,
        "floor_area_control_rate": _floor_area,
        "investment_control_rate": _investment,
    }
)
