"""Bring a filing's numbers into one unit each (单位换算), every conversion recorded.

Money into the unit of its table, people into 人, floor area into ㎡. What cannot be converted
stays, and an operation on it raises.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any, TypeVar

from jixiao.datum import Datum, convert
from jixiao.model import BaseData, Budget, Buildings, Evaluation, ExpenditureRow, Filing, Staff

T = TypeVar("T", Budget, Buildings, ExpenditureRow, Staff)
_MONEY, _PEOPLE, _AREA = "万元", "人", "㎡"


def in_one_unit(filing: Filing) -> Filing:
    """Convert the numbers of tables into the units of their tables."""
    evaluations = tuple(_evaluation(evaluation) for evaluation in filing.evaluations)
    base = _base(filing.base_data) if filing.base_data else None
    return replace(filing, evaluations=evaluations, base_data=base)


def _evaluation(evaluation: Evaluation) -> Evaluation:
    if evaluation.budget is None:
        return evaluation
    unit = evaluation.money_unit or _MONEY
    budget = _converted(evaluation.budget, unit)
    lines = tuple(
        replace(
            line,
            original_budget=_optional(line.original_budget, unit),
            final_budget=_optional(line.final_budget, unit),
            actual_expenditure=_optional(line.actual_expenditure, unit),
        )
        for line in budget.lines
    )
    return replace(evaluation, budget=replace(budget, lines=lines))


def _base(base: BaseData) -> BaseData:
    return replace(
        base,
        staff=_converted(base.staff, _PEOPLE) if base.staff else None,
        expenditure=tuple(_converted(row, _money_of(base)) for row in base.expenditure),
        buildings=_converted(base.buildings, _money_of(base), _AREA) if base.buildings else None,
    )


def _money_of(base: BaseData) -> str:
    """Give the unit most of the money columns are in."""
    units = [row.outturn.unit for row in base.expenditure] or [_MONEY]
    return max(sorted(set(units)), key=units.count)


def _converted(owner: T, *units: str) -> T:
    changed: dict[str, Any] = {}  # fields of four types, checked by the dataclasses
    for field in fields(owner):
        value = getattr(owner, field.name)
        if isinstance(value, Datum):
            for unit in units:
                value = convert(value, unit)
            changed[field.name] = value
    return replace(owner, **changed)


def _optional(datum: Datum | None, unit: str) -> Datum | None:
    return None if datum is None else convert(datum, unit)
