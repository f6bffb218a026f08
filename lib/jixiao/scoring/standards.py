"""How a rate becomes points by a standard (评分标准): steps, intervals, deductions, bands.

Each function gives what is earned of the standard's own points, with its working, or None where
the standard says nothing of such a value: that is left to people.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from types import MappingProxyType

from jixiao.datum import (
    Constant,
    Datum,
    Reference,
    Working,
    cap,
    divide,
    floor,
    grant,
    multiply,
    plain,
    subtract,
)
from jixiao.rubric import Method, interval_text
from jixiao.scoring.methods import NOTHING

#: method, points of the standard, value, reference → earned
Standard = Callable[[Method, Datum, Datum, Reference], Datum | None]
_ROUNDINGS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "floor": (ROUND_FLOOR, "只计满的个数（{0}）"),
        "ceil": (ROUND_CEILING, "不足一个按一个计（{0}）"),
    }
)
_WHOLE = Decimal(1)


def score_steps(method: Method, points: Datum, value: Datum, reference: Reference) -> Datum | None:
    """Score by steps (分档): the first whose lower end, included, the value reaches.

    ``project: finished`` gives all points up to ``at_most``, whatever the step.

    >>> law = Reference("规则", verified=True)
    >>> steps = [{"at_least": 90, "points": 10}, {"at_least": 80, "points": 8}]
    >>> of = Method("steps", {"steps": steps})
    >>> [score_steps(of, Datum.of(10, "分"), Datum.of(v, "%"), law) for v in ("79.9",)]
    [None]
    >>> score_steps(of, Datum.of(10, "分"), Datum.of("89.9", "%"), law).text
    '8分'
    """
    number, highest = value.require(), method.number("at_most")
    if highest is not None and number > highest:
        return None
    if method.word("project") == "finished":
        return _award(points, "项目已完成", value, reference, points)
    for step in method.entries("steps"):
        least = Decimal(str(step["at_least"]))
        if number >= least:
            earned = _constant(step["points"], reference)
            return _award(earned, f"不低于 {plain(least)}{value.unit}", value, reference, points)
    return None


def score_intervals(
    method: Method, points: Datum, value: Datum, reference: Reference
) -> Datum | None:
    """Score by an interval table (区间): each interval says which of its ends belong to it.

    >>> law = Reference("规则", verified=True)
    >>> table = [{"from": None, "to": 0, "ends": "(]", "points": 5},
    ...     {"from": 0, "to": 10, "ends": "(]", "points": 4}]
    >>> of = Method("intervals", {"intervals": table})
    >>> [score_intervals(of, Datum.of(5, "分"), Datum.of(v, "%"), law).text for v in (0, 10)]
    ['5分', '4分']
    """
    measured = value
    if method.word("of") == "size":
        size = None if value.value is None else abs(value.value)
        measured = Datum(f"{value.label}的大小", size, value.unit, Working("|{0}|", (value,)))
    for interval in method.entries("intervals"):
        if holds(interval, measured.require()):
            earned = _constant(interval["points"], reference)
            return _award(earned, f"在 {interval_text(interval)} 内", measured, reference, points)
    return None


def holds(interval: Mapping[str, object], value: Decimal) -> bool:
    """Whether a value lies in an interval, by its ends.

    >>> ten = {"from": 0, "to": 10, "ends": "(]"}
    >>> [holds(ten, Decimal(text)) for text in ("0", "0.01", "10", "10.01")]
    [False, True, True, False]
    """
    low, high, ends = interval["from"], interval["to"], str(interval["ends"])
    if low is not None:
        least = Decimal(str(low))
        if value < least or (value == least and ends[0] == "("):
            return False
    if high is not None:
        most = Decimal(str(high))
        if value > most or (value == most and ends[1] == ")"):
            return False
    return True


def score_deduction(method: Method, points: Datum, value: Datum, reference: Reference) -> Datum:
    """Deduct for each unit on the wrong side of a mark (每超过……扣……，扣完为止).

    ``count`` says what an unfinished unit counts: ``floor`` nothing, ``linear`` its part,
    ``ceil`` as much as a whole one.

    >>> law = Reference("规则", verified=True)
    >>> of = {"full_at": 100, "worse": "above", "each": 1, "deduct": "0.5"}
    >>> [score_deduction(Method("deduction", of | {"count": count}), Datum.of(5, "分"),
    ...     Datum.of("108.7", "%"), law).text for count in ("floor", "linear", "ceil")]
    ['1分', '0.65分', '0.50分']
    """
    mark = _figure(method, "full_at", "满分线", value.unit, reference)
    worse = method.word("worse")
    off = value.require() - mark.require()
    if off == 0 or (worse == "above" and off < 0) or (worse == "below" and off > 0):
        sign = {"above": "不超过", "below": "不低于"}.get(worse, "正好等于")
        return _award(points, f"{sign} {mark.digits}{value.unit}", value, reference, points)
    ends = (value, mark) if off > 0 else (mark, value)
    excess = subtract("超出部分" if off > 0 else "不足部分", *ends)
    each = _figure(method, "each", "每一单位", value.unit, reference)
    count = _counted(divide("单位数", excess, each), method.word("count"))
    lost = multiply("扣分", count, _constant(method.parameters["deduct"], reference), unit="分")
    return floor("得分", subtract("扣后得分", points, lost, reference=reference), NOTHING)


def _counted(units: Datum, how: str) -> Datum:
    if how not in _ROUNDINGS:
        return units
    rounding, pattern = _ROUNDINGS[how]
    whole = units.require().quantize(_WHOLE, rounding=rounding)
    return Datum("计扣个数", whole, "", Working(pattern, (units,)))


def score_parts(method: Method, points: Datum, value: Datum, reference: Reference) -> Datum:
    """Deduct for each condition not met (每有一项不符扣……), down to 0; `value` counts them.

    >>> law = Reference("规则", verified=True)
    >>> of = Method("parts", {"deduct": 2})
    >>> score_parts(of, Datum.of(8, "分"), Datum.of(1, "项"), law).text
    '6分'
    """
    deduct = _constant(method.parameters["deduct"], reference)
    lost = multiply("扣分", value, deduct, unit="分")
    return floor("得分", subtract("扣后得分", points, lost, reference=reference), NOTHING)


def score_share(method: Method, points: Datum, value: Datum, reference: Reference) -> Datum:
    """Give the value's share of the points (系数 × 分值), from 0 to the points.

    >>> law = Reference("规则", verified=True)
    >>> score_share(Method("coefficient"), Datum.of(8, "分"), Datum.of("96", "%"), law).text
    '7.68分'
    """
    lowest = method.number("nothing_below")
    if lowest is not None and value.require() < lowest:
        least = Datum("计分的最低比例", lowest, value.unit, Constant(reference))
        return grant("得分", points, value, "≥", least, reference=reference)
    raw = multiply("系数 × 分值", points, value, unit="分", reference=reference)
    return floor("得分", cap("不超过分值", raw, points), NOTHING)


def _award(earned: Datum, why: str, value: Datum, reference: Reference, points: Datum) -> Datum:
    """Give what a standard awards, saying for which value."""
    pattern = f"{{0}}（因 {{1}} {why}）"
    return Datum(
        "得分", earned.require(), points.unit, Working(pattern, (earned, value), reference)
    )


def _figure(method: Method, name: str, label: str, unit: str, reference: Reference) -> Datum:
    return Datum(label, method.number(name), unit, Constant(reference))


def _constant(value: object, reference: Reference) -> Datum:
    return Datum("规定得分", Decimal(str(value)), "分", Constant(reference))


#: Standards by the name of the method.
STANDARDS: Mapping[str, Standard] = MappingProxyType(
    {
        "steps": score_steps,
        "intervals": score_intervals,
        "deduction": score_deduction,
        "parts": score_parts,
        "proportional": score_share,
        "coefficient": score_share,
    }
)
