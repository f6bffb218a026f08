"""Control indicators of the base data (基础数据指标): computed, or no data with what is missing."""

from __future__ import annotations

from collections.abc import Callable

from jixiao.datum import Datum, Reference, percent, subtract, sum_filed
from jixiao.errors import Undefined, UnitMismatch
from jixiao.model import BaseData, BaseIndicator, Evaluation, ExpenditureRow, Filing

#: The reference framework that names these indicators; it sets no points.
FRAMEWORK = Reference(
    "财预〔2013〕53号 附件2 部门整体支出绩效评价共性指标体系框架",
    key="framework.mof-2013-53",
    href="http://yss.mof.gov.cn/zhuantilanmu/zyysgl/201609/t20160927_2427777.htm",
    note="公式见于公开的地方填报表",
)
OPERATING = ("公用经费", "日常公用经费")
THREE_PUBLIC = ("三公经费", "“三公经费”", "三公经费支出")
PROCUREMENT = ("政府采购金额", "政府采购")
TOTAL = ("支出总额", "支出合计")
BASIC = ("基本支出",)
PROJECTS = ("项目支出",)
PERSONNEL = ("人员经费",)


def control_indicators(filing: Filing) -> tuple[BaseIndicator, ...]:
    """Compute the control indicators a department's filing allows (控制指标).

    Returns
    -------
    tuple of BaseIndicator ; empty where neither base data nor a department form was filed.
    """
    base, department = filing.base_data, filing.evaluation("department")
    if base is None and department is None:
        return ()
    return (
        *_staffing(base),
        *_controls(base),
        *_execution(base, department),
        *_procurement(base),
        _three_public_change(base),
        *_buildings(base),
    )


def children_of(base: BaseData, names: tuple[str, ...]) -> tuple[ExpenditureRow, ...]:
    """Give the rows directly under the first row of these names (明细行)."""
    parent = base.row(*names)
    if parent is None:
        return ()
    start = base.expenditure.index(parent) + 1
    rows = []
    for row in base.expenditure[start:]:
        if row.level <= parent.level:
            break
        if row.parent == parent.label:
            rows.append(row)
    return tuple(rows)


def three_public_total(base: BaseData, column: str) -> Datum | None:
    """Give 三公经费 of one column: the total row as filed, else the sum of the filed parts.

    Parameters
    ----------
    column : ``prior_outturn``, ``budget`` or ``outturn``
    """
    row = base.row(*THREE_PUBLIC)
    if row is None:
        return None
    total: Datum = getattr(row, column)
    if total.value is not None:
        return total
    parts = tuple(getattr(child, column) for child in children_of(base, THREE_PUBLIC))
    if not parts or len({part.unit for part in parts}) > 1:
        return total
    return sum_filed(total.label, *parts)


def _staffing(base: BaseData | None) -> tuple[BaseIndicator, ...]:
    staff = base.staff if base else None
    people = staff.staff_in_post if staff else None
    posts = staff.authorized_posts if staff else None
    return (_rate("在职人员控制率", people, posts, ("实际在职人数", "编制数")),)


def _controls(base: BaseData | None) -> tuple[BaseIndicator, ...]:
    operating = base.row(*OPERATING) if base else None
    spent = three_public_total(base, "outturn") if base else None
    planned = three_public_total(base, "budget") if base else None
    return (
        _rate(
            "公用经费控制率",
            operating.outturn if operating else None,
            operating.budget if operating else None,
            ("公用经费决算数", "公用经费预算数"),
        ),
        _rate("三公经费控制率", spent, planned, ("三公经费决算数", "三公经费预算数")),
    )


def _three_public_change(base: BaseData | None) -> BaseIndicator:
    return _change(
        "三公经费变动率",
        three_public_total(base, "outturn") if base else None,
        three_public_total(base, "prior_outturn") if base else None,
        ("三公经费本年决算数", "三公经费上年决算数"),
        "按决算口径；53号文用预算口径，本表没有上年预算数",
    )


def _execution(base: BaseData | None, department: Evaluation | None) -> tuple[BaseIndicator, ...]:
    total = base.row(*TOTAL) if base else None
    budget = department.budget if department else None
    outturn = total.outturn if total else (budget.actual_expenditure if budget else None)
    final = budget.final_budget if budget else None
    original = total.budget if total else None
    if (original is None or original.value is None) and budget:
        original = budget.original_budget
    return (
        _rate(
            "预算完成率", outturn, final, ("支出总额决算数", "全年预算数"), "决算数 ÷ 全年预算数"
        ),
        _rate(
            "预算完成率（对年初预算）",
            outturn,
            original,
            ("支出总额决算数", "年初预算数"),
            "决算数 ÷ 年初预算数",
        ),
        _change(
            "预算调整率",
            final,
            original,
            ("全年预算数", "年初预算数"),
            "（全年预算数 − 年初预算数）÷ 年初预算数；未剔除政策性等因素",
        ),
    )


def _procurement(base: BaseData | None) -> tuple[BaseIndicator, ...]:
    row = base.row(*PROCUREMENT) if base else None
    return (
        _rate(
            "政府采购执行率",
            row.outturn if row else None,
            row.budget if row else None,
            ("政府采购金额决算数", "政府采购金额预算数"),
        ),
    )


def _buildings(base: BaseData | None) -> tuple[BaseIndicator, ...]:
    buildings = base.buildings if base else None
    return (
        _rate(
            "楼堂馆所规模控制率",
            buildings.actual_floor_area if buildings else None,
            buildings.approved_floor_area if buildings else None,
            ("实际规模", "批复规模"),
        ),
        _rate(
            "楼堂馆所投资概算控制率",
            buildings.actual_investment if buildings else None,
            buildings.approved_investment if buildings else None,
            ("实际投资", "预算投资"),
        ),
    )


def _rate(
    name: str, part: Datum | None, whole: Datum | None, labels: tuple[str, str], note: str = ""
) -> BaseIndicator:
    return _compute(
        name, part, whole, labels, note, lambda a, b: percent(name, a, b, reference=FRAMEWORK)
    )


def _change(
    name: str, now: Datum | None, before: Datum | None, labels: tuple[str, str], note: str
) -> BaseIndicator:
    def change(current: Datum, earlier: Datum) -> Datum:
        difference = subtract(f"{name}：变动额", current, earlier)
        return percent(name, difference, earlier, reference=FRAMEWORK)

    return _compute(name, now, before, labels, note, change)


def _compute(
    name: str,
    first: Datum | None,
    second: Datum | None,
    labels: tuple[str, str],
    note: str,
    operation: Callable[[Datum, Datum], Datum],
) -> BaseIndicator:
    pairs = tuple(zip((first, second), labels, strict=True))
    missing = tuple(
        (datum.label or label) if datum else label
        for datum, label in pairs
        if datum is None or datum.value is None
    )
    left = first or Datum.of(None, "", labels[0])
    right = second or Datum.of(None, left.unit, labels[1])
    try:
        value = operation(left, right) if not missing else _nothing(name, left, right)
    except (Undefined, UnitMismatch) as error:
        return BaseIndicator(name, _nothing(name, left, right), "no_data", (), error.what)
    return BaseIndicator(name, value, "no_data" if missing else "computed", missing, note)


def _nothing(name: str, left: Datum, right: Datum) -> Datum:
    """Keep what was there of a rate that cannot be computed, as an absent number."""
    if right.value == 0:
        return Datum(name, None, "%", left.origin)
    same_unit = Datum(left.label, left.value, right.unit, left.origin)
    return percent(name, same_unit, right, reference=FRAMEWORK)
