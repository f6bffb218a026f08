"""Bring a filing's numbers into one unit each (单位换算), every conversion recorded.

Money into one unit for all tables, people into 人, floor area into ㎡. What cannot be converted
stays, and an operation on it raises.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any, TypeVar

from jixiao.datum import Datum, convert
from jixiao.model import (
    BaseData,
    Budget,
    Buildings,
    Evaluation,
    ExpenditureRow,
    Filing,
    Staff,
    money_unit_of,
    most_common_unit,
)

T = TypeVar("T", Budget, Buildings, ExpenditureRow, Staff)
_MONEY, _PEOPLE, _AREA = "万元", "人", "㎡"


def in_one_unit(filing: Filing) -> Filing:
    """Convert the numbers of all tables into one unit of each kind.

    Money goes into the unit most tables are in, so that amounts of different tables compare.
    """
    evaluations, base = filing.evaluations, filing.base_data
    units = [e.money_unit for e in evaluations if e.budget]
    units += [money_unit_of(base)] if base and base.expenditure else []
    unit = most_common_unit(units)
    return replace(
        filing,
        evaluations=tuple(evaluation_in_one_unit(evaluation, unit) for evaluation in evaluations),
        base_data=base_data_in_one_unit(base, unit) if base else None,
    )


def evaluation_in_one_unit(evaluation: Evaluation, unit: str | None = None) -> Evaluation:
    """Convert the money of a score table; without `unit`, into the unit of the table."""
    if evaluation.budget is None:
        return evaluation
    own = evaluation.money_unit or _MONEY
    # What cannot be converted stays in its own unit, and so does the table.
    unit = convert(Datum.of(None, own), unit or own).unit
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
    return replace(evaluation, money_unit=unit, budget=replace(budget, lines=lines))


def base_data_in_one_unit(base: BaseData, unit: str | None = None) -> BaseData:
    """Convert money, without `unit` into the one most of it is in; people into 人, area into ㎡."""
    unit = unit or money_unit_of(base)
    return replace(
        base,
        staff=_converted(base.staff, _PEOPLE) if base.staff else None,
        expenditure=tuple(_converted(row, unit) for row in base.expenditure),
        buildings=_converted(base.buildings, unit, _AREA) if base.buildings else None,
    )


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
