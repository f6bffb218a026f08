"""The unit a table's money is in (金额单位)."""

from __future__ import annotations

from collections.abc import Sequence

from jixiao.model.filing import BaseData

_MONEY = "万元"


def money_unit_of(base: BaseData) -> str:
    """Give the unit most of the money columns are in."""
    return most_common_unit([row.outturn.unit for row in base.expenditure])


def most_common_unit(units: Sequence[str]) -> str:
    """Give the unit that comes most often; of several, 万元, in which budgets are kept.

    >>> most_common_unit(["元", "元", "万元"]), most_common_unit(["元", "万元"]), most_common_unit([])
    ('元', '万元', '万元')
    """
    known = [unit for unit in units if unit] or [_MONEY]
    return max(sorted(set(known)), key=lambda unit: (known.count(unit), unit == _MONEY))
