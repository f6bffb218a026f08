"""Indicators of the base data (基础数据指标): computed, scored where the rule book gives points.

What cannot be computed says what is missing; it is never 0.
"""

from __future__ import annotations

from dataclasses import replace

from jixiao.datum import Datum, Reading, Source, read_quantity, round_half_up
from jixiao.model import BaseData, BaseIndicator, Evaluation, Filing
from jixiao.rubric import IndicatorRule, Rubric, bare_name
from jixiao.scoring.marks import mark
from jixiao.scoring.measures import MEASURES, Measure, completion_of_original
from jixiao.scoring.methods import score_full
from jixiao.scoring.rates import FRAMEWORK
from jixiao.scoring.rows import (
    BASIC,
    OPERATING,
    PERSONNEL,
    PROCUREMENT,
    PROJECTS,
    THREE_PUBLIC,
    TOTAL,
    children_of,
    three_public_total,
)

__all__ = [
    "BASIC",
    "FRAMEWORK",
    "OPERATING",
    "PERSONNEL",
    "PROCUREMENT",
    "PROJECTS",
    "THREE_PUBLIC",
    "TOTAL",
    "children_of",
    "control_indicators",
    "three_public_total",
]

#: The indicators shown whatever the rule book: name, measure.
_ALWAYS: tuple[tuple[str, Measure], ...] = (
    ("在职人员控制率", MEASURES["staffing_control_rate"]),
    ("公用经费控制率", MEASURES["operating_control_rate"]),
    ("三公经费控制率", MEASURES["three_public_control_rate"]),
    ("预算完成率", MEASURES["budget_completion_rate"]),
    ("预算完成率（对年初预算）", completion_of_original),
    ("预算调整率", MEASURES["budget_adjustment_rate"]),
    ("政府采购执行率", MEASURES["procurement_execution_rate"]),
    ("三公经费变动率", MEASURES["three_public_change_rate_by_outturn"]),
    ("楼堂馆所规模控制率", MEASURES["floor_area_control_rate"]),
    ("楼堂馆所投资概算控制率", MEASURES["investment_control_rate"]),
)
_RELATED = {
    MEASURES["three_public_change_rate_by_outturn"]: "三公经费变动率（按决算）",
    MEASURES["budget_completion_rate"]: "预算完成率（对全年预算）",
}


def control_indicators(filing: Filing, rubric: Rubric | None = None) -> tuple[BaseIndicator, ...]:
    """Compute the indicators a department's filing allows (控制指标), by its rule book.

    A book with an indicator system gives its indicators in its order, scored where it sets
    points; rates that it does not use follow without points.

    Returns
    -------
    tuple of BaseIndicator ; empty where neither base data nor a department form was filed.
    """
    base, department = filing.base_data, filing.evaluation("department")
    if base is None and department is None:
        return ()
    rules = rubric.indicators if rubric else ()
    places = rubric.places if rubric else 2
    scored = tuple(_by_rule(rule, base, department, places) for rule in rules)
    used = {MEASURES[rule.measure] for rule in rules if rule.measure}
    names = {bare_name(each.name) for each in scored}
    more = (
        measure(base, department, _RELATED.get(measure, name) if name in names else name)
        for name, measure in _ALWAYS
        if measure not in used
    )
    return (*scored, *more)


def _by_rule(
    rule: IndicatorRule, base: BaseData | None, department: Evaluation | None, places: int
) -> BaseIndicator:
    """Compute one indicator of the book, and score it where points and method are set."""
    if rule.measure is None:
        missing = rule.needs or (f"{rule.name}的评定结果",)
        value = Datum.of(None, "%", rule.name)
        return BaseIndicator(rule.name, value, "no_data", missing, points=rule.points)
    found = MEASURES[rule.measure](base, department, rule.name)
    found = replace(found, points=rule.points)
    if rule.points is None or rule.method is None:
        return found
    if found.status == "no_data":
        return _none(found, rule, places)
    marks = mark(rule.method, rule.points, found.value, rule.reference)
    if marks is None:
        return found
    score, low, high = (
        round_half_up(f"{rule.name}{label}", each, places)
        for label, each in (("得分", marks.score), ("最低", marks.low), ("最高", marks.high))
    )
    return replace(
        found, score=score, low=low, high=high, method=rule.method.name, drivers=marks.drivers
    )


def _none(found: BaseIndicator, rule: IndicatorRule, places: int) -> BaseIndicator:
    """Give all points where there was nothing to control and the rule says so (没有的得满分)."""
    operands = getattr(found.value.origin, "operands", ())
    if not rule.none_gives_full or rule.points is None or not operands:
        return found
    if not all(_is_none(operand) for operand in operands):
        return found
    full = round_half_up(
        f"{rule.name}得分", score_full(rule.points, rule.reference, "没有该事项"), places
    )
    return replace(
        found, missing=(), note="没有该事项，按规则得满分", score=full, low=full, high=full,
        method="none_gives_full",
    )  # fmt: skip


def _is_none(datum: Datum) -> bool:
    if not isinstance(datum.origin, Source):
        return False
    return read_quantity(datum.origin.text).reading is Reading.NOT_APPLICABLE
