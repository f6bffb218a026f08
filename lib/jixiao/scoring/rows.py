"""Rows of the base data by their names (基础数据表的行), and the total of 三公经费."""

from __future__ import annotations

from jixiao.datum import Datum, sum_filed
from jixiao.model import BaseData, ExpenditureRow

OPERATING = ("公用经费", "日常公用经费")
THREE_PUBLIC = ("三公经费", "“三公经费”", "三公经费支出")
PROCUREMENT = ("政府采购金额", "政府采购")
TOTAL = ("支出总额", "支出合计")
BASIC = ("基本支出",)
PROJECTS = ("项目支出",)
PERSONNEL = ("人员经费",)
ADJUSTMENT = ("部门整体支出预算调整",)


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
