"""Score an indicator that a book's indicator system names (按指标体系评分), from base data or as filed."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from jixiao.datum import Constant, Datum, Reading, Working, multiply, percent
from jixiao.model import BaseIndicator, Indicator
from jixiao.rubric import IndicatorRule, Rubric
from jixiao.scoring.assessment import Assessment, decided, marked
from jixiao.scoring.compared import bare_word
from jixiao.scoring.marks import mark
from jixiao.scoring.methods import score_full

#: What was computed from the base data, by the indicator's name in the book.
Measured = Mapping[str, BaseIndicator]


def assess_by_system(
    indicator: Indicator, points: Datum, rubric: Rubric, measured: Measured
) -> Assessment | None:
    """Score an indicator that the book's indicator system names (指标体系中的指标).

    The rate is the one computed from the base data; where there is none, the one filed.
    """
    rule = rubric.indicator_named(indicator.name, indicator.subcategory)
    if rule is None or rule.method is None or rule.points is None:
        return None
    achieved = indicator.achieved.quantity
    if rule.none_gives_full and achieved.reading is Reading.NOT_APPLICABLE:
        full = score_full(points, rule.reference, "没有该事项")
        return decided("none_gives_full", full)
    if rule.method.name == "graded":
        return _graded(indicator, points, rule, rule.points)
    value = _value(indicator, rule, measured)
    if value is None or rule.method.name == "parts":
        return None
    marks = mark(rule.method, points, value, rule.reference, rule.points)
    if marks is None:
        return None
    found = marked(rule.method.name, marks)
    if isinstance(value.origin, Working) and _is_other(value, indicator):
        said = "；" if found.reason else ""
        reason = (f"按基础数据算得{rule.name} ", value, "，所填为“", indicator.achieved, f"”{said}")
        return Assessment(found.status, found.method, found.low, found.high, reason + found.reason)
    return found


def _value(indicator: Indicator, rule: IndicatorRule, measured: Measured) -> Datum | None:
    computed = measured.get(rule.name)
    if rule.measure and computed and computed.status == "computed":
        return computed.value
    achieved = indicator.achieved.quantity
    if achieved.reading is not Reading.NUMBER or achieved.is_bound or achieved.unit != "%":
        return None
    return indicator.achieved.number(rule.name, achieved.value, "%")


def _is_other(value: Datum, indicator: Indicator) -> bool:
    """Whether the filed rate is another than the computed one, as both are printed."""
    filed = indicator.achieved.quantity
    if filed.value is None or filed.unit != "%" or value.value is None:
        return False
    exponent = filed.value.as_tuple().exponent
    step = Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)
    return abs(filed.value - value.value) > step / 2


def _graded(
    indicator: Indicator, points: Datum, rule: IndicatorRule, out_of: Datum
) -> Assessment | None:
    word = bare_word(indicator.achieved.text)
    for band in rule.method.entries("bands") if rule.method else ():
        words = band["words"]
        if isinstance(words, list) and word in words:
            given = Datum("规定得分", Decimal(str(band["points"])), "分", Constant(rule.reference))
            if points.value == out_of.value:
                return decided("graded", given)
            rate = percent("规则得分率", given, out_of, reference=rule.reference)
            return decided("graded", multiply("按填报分值折算", points, rate))
    return None
