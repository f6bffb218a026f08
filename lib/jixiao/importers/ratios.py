"""Rates filed as a ratio where per cent is meant (比值与百分数): 0.98 for 98 %, or 0.98 % for 98 %.

A rate is always kept as filed. Where the amounts say what it should be, or its neighbour bears %,
the cell is named with the likely reading; a person decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from jixiao.datum import Datum, Quantity, convert, display
from jixiao.model import BaseData, Evaluation, Filed, Filing, Indicator, Problem

_HUNDRED = Decimal(100)
_RATE = re.compile("率|比例|比重|满意度")
#: How far a filed rate may lie from the computed one and still be meant by it: units round to
#: whole per cent, and some cut off instead of rounding.
_SLACK = Decimal(1)


def doubtful_ratios(filing: Filing) -> Iterator[Problem]:
    """Say which rates may be ratios: of execution, of control, of indicators."""
    for evaluation in filing.evaluations:
        yield from _of_execution(evaluation)
        for indicator in evaluation.indicators:
            yield from _of_indicator(indicator, evaluation.key)
    if filing.base_data:
        yield from _of_base_data(filing.base_data)


def _of_execution(evaluation: Evaluation) -> Iterator[Problem]:
    budget = evaluation.budget
    if budget and budget.execution_rate:
        computed = _percent(budget.actual_expenditure, budget.final_budget)
        yield from _question(budget.execution_rate, computed, "执行率", evaluation.key)


def _of_base_data(base: BaseData) -> Iterator[Problem]:
    if (staff := base.staff) and staff.staffing_control_rate:
        computed = _percent(staff.staff_in_post, staff.authorized_posts)
        yield from _question(staff.staffing_control_rate, computed, "人员控制率", "department")
    if buildings := base.buildings:
        for rate, part, whole, name in (
            (buildings.floor_area_control_rate, buildings.actual_floor_area,
             buildings.approved_floor_area, "规模控制率"),
            (buildings.investment_control_rate, buildings.actual_investment,
             buildings.approved_investment, "投资概算控制率"),
        ):  # fmt: skip
            if rate:
                yield from _question(rate, _percent(part, whole), name, "department")


def _percent(part: Datum, whole: Datum) -> Decimal | None:
    part = convert(part, whole.unit)
    if part.value is None or not whole.value or part.unit != whole.unit:
        return None
    return part.value * _HUNDRED / whole.value


def _question(
    rate: Filed, computed: Decimal | None, name: str, evaluation: str
) -> Iterator[Problem]:
    """Question a rate that the amounts contradict by a factor of 100, or that nothing supports."""
    quantity = rate.quantity
    value = quantity.value
    if not quantity.is_number or value is None or quantity.unit not in (None, "%"):
        return
    if computed is None:
        if quantity.unit is None and 0 < abs(value) < 1:
            reading = f"若是比值，应写作“{display(value * _HUNDRED)}%”"
            yield _problem(rate, f"{name}没有百分号，是比值还是百分数不清楚，{reading}", evaluation)
        return
    if abs(value - computed) <= _SLACK:
        return
    for factor in (_HUNDRED, 1 / _HUNDRED):
        if abs(value * factor - computed) <= _slack_of(value, computed):
            found = f"按表中数计算应为 {display(computed)}%，相差 100 倍"
            yield _problem(rate, f"{name}{found}，很可能是“{display(value * factor)}%”", evaluation)
            return


def _slack_of(value: Decimal, computed: Decimal) -> Decimal:
    """How far a ratio may lie from the rate it stands for: 0.5 for 51.63 % shows one digit."""
    exponent = value.as_tuple().exponent
    last_digit = _HUNDRED.scaleb(exponent) if isinstance(exponent, int) else _SLACK
    return max(_SLACK, min(last_digit, abs(computed) / 10))


def _of_indicator(indicator: Indicator, evaluation: str) -> Iterator[Problem]:
    """Question a bare number up to 1 beside a percentage: 0.99 achieved of a target of ≥98 %."""
    target, achieved = indicator.target, indicator.achieved
    for against, bare, words in (
        (target, achieved, ("实际完成值", "指标值")),
        (achieved, target, ("指标值", "实际完成值")),
    ):
        whole, ratio = against.quantity, bare.quantity
        if ratio.unit is not None or not ratio.is_number or not _is_ratio(ratio.value):
            continue
        if whole.value is None or abs(whole.value) <= 1:
            continue
        if whole.unit == "%" or (whole.unit is None and _is_rate(indicator.name, whole, ratio)):
            likely = f"{ratio.operator or ''}{display((ratio.value or _HUNDRED) * _HUNDRED)}%"
            judged = f"{words[0]}没有百分号，而{words[1]}是“{against.text}”，很可能是“{likely}”"
            yield _problem(bare, judged, evaluation)


def _is_ratio(value: Decimal | None) -> bool:
    return value is not None and 0 < abs(value) <= 1


def _is_rate(name: str, whole: Quantity, ratio: Quantity) -> bool:
    """Whether two bare numbers of an indicator called a rate are about a hundred times apart."""
    if not _RATE.search(name) or not whole.value or not ratio.value:
        return False
    return Decimal("0.5") <= ratio.value * _HUNDRED / whole.value <= 2


def _problem(cell: Filed, judged: str, evaluation: str) -> Problem:
    return Problem(
        "percent-or-ratio",
        f"{cell.source.address} “{cell.text}”：{judged}。读入时保持原样，没有改动。"
        "应写明百分号，例如 “98%”。请核对原件，更正这一格。",
        cell.source,
        evaluation,
    )
