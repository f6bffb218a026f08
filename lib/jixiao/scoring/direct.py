"""Indicators scored without a ratio (直接赋分): within a range, by a date, yes or no, none at all."""

from __future__ import annotations

from jixiao.datum import (
    Constant,
    Datum,
    Reference,
    Working,
    cap,
    floor,
    grant,
    multiply,
    percent,
    subtract,
    weighted_mean,
)
from jixiao.rubric import Method
from jixiao.scoring.methods import NOTHING


def score_range(
    points: Datum, ends: tuple[Datum, Datum], achieved: Datum, method: Method, rule: Reference
) -> Datum:
    """Score against a range (范围): inside, ends included, all points.

    Outside, ``outside: nothing`` gives none, ``distance`` the ratio to the nearer end.

    >>> law = Reference("规则", verified=True)
    >>> ends = Datum.of(40, "件"), Datum.of(50, "件")
    >>> [score_range(Datum.of(10, "分"), ends, Datum.of(v, "件"),
    ...     Method("range", {"outside": "distance"}), law).text for v in (20, 40, 50, 100)]
    ['5分', '10分', '10分', '5分']
    """
    low, high = ends
    if achieved.require() < low.require():
        part, whole, relation = achieved, low, grant("得分", points, achieved, "≥", low)
    elif achieved.require() > high.require():
        part, whole, relation = high, achieved, grant("得分", points, achieved, "≤", high)
    else:
        return grant("得分", points, achieved, "≤", high, reference=rule)
    if method.word("outside") == "nothing" or not whole.value:
        return relation
    raw = multiply("按距离计分", points, percent("接近程度", part, whole), reference=rule)
    return floor("得分", cap("不超过分值", raw, points), NOTHING)


def score_deadline(points: Datum, late: Datum, method: Method, rule: Reference) -> Datum:
    """Score a deadline (时限): on or before it all points; later none, or less by the day.

    Parameters
    ----------
    late : days after the deadline, 0 or less where it was kept

    >>> law = Reference("规则", verified=True)
    >>> by_day = Method("deadline", {"late": "per_day", "deduct": "0.5"})
    >>> [score_deadline(Datum.of(10, "分"), Datum.of(v, "天"), by_day, law).text for v in (0, 3)]
    ['10分', '8.50分']
    >>> score_deadline(Datum.of(10, "分"), Datum.of(1, "天"), Method("deadline"), law).text
    '0分'
    """
    none = Datum("不逾期", NOTHING.value, late.unit, NOTHING.origin)
    if late.require() <= 0 or method.word("late") != "per_day":
        return grant("得分", points, late, "≤", none, reference=rule)
    each = Datum("每天扣分", method.number("deduct"), points.unit, Constant(rule))
    lost = multiply("逾期扣分", late, each, unit=points.unit)
    return floor("得分", subtract("扣后得分", points, lost, reference=rule), NOTHING)


def score_yes_no(points: Datum, is_met: bool, rule: Reference) -> Datum:
    """Score a yes or a no (是否类): all points or none.

    >>> law = Reference("规则", verified=True)
    >>> score_yes_no(Datum.of(10, "分"), False, law).text
    '0分'
    """
    given = points if is_met else NOTHING
    pattern = "{0}（符合，得满分）" if is_met else "{0}（不符合，不得分）"
    return Datum("得分", given.require(), points.unit, Working(pattern, (given,), rule))


def score_above(
    points: Datum, ratio: Datum, lowest: Datum, scored: Datum, rule: Reference
) -> Datum:
    """Give nothing for a ratio below the lowest that counts (低于……不得分), else `scored`.

    >>> law = Reference("规则", verified=True)
    >>> ten, sixty = Datum.of(10, "分"), Datum.of(60, "%")
    >>> [score_above(ten, Datum.of(v, "%"), sixty, Datum.of(v, "分"), law).text for v in (59, 60)]
    ['0分', '60分']
    """
    if ratio.require() >= lowest.require():
        return scored
    return grant("得分", points, ratio, "≥", lowest, reference=rule)


def score_money_weighted(
    points: Datum, rates: tuple[tuple[Datum, Datum], ...], rule: Reference
) -> Datum:
    """Score rates of several units by their mean, weighted by money (按资金加权平均).

    Parameters
    ----------
    rates : (rate in %, money) of each unit

    >>> law = Reference("规则", verified=True)
    >>> rates = [(Datum.of(90, "%"), Datum.of(1, "万元")), (Datum.of(80, "%"), Datum.of(3, "万元"))]
    >>> score_money_weighted(Datum.of(10, "分"), tuple(rates), law).text
    '8.25分'
    """
    mean = weighted_mean("加权平均", rates, reference=rule)
    raw = multiply("分值 × 加权平均", points, mean, reference=rule)
    return floor("得分", cap("不超过分值", raw, points), NOTHING)


def drop_and_rescale(
    scored: tuple[tuple[Datum, Datum], ...], total: Datum, rule: Reference
) -> Datum:
    """Leave out what does not apply and carry the rest over to the total (剔除后折算).

    Parameters
    ----------
    scored : (score, points) of what does apply
    total : the points to carry over to, usually 100 分

    >>> law = Reference("规则", verified=True)
    >>> rest = (Datum.of(81, "分"), Datum.of(90, "分"))
    >>> drop_and_rescale((rest,), Datum.of(100, "分"), law).text
    '90分'
    """
    earned = _summed("适用指标得分", tuple(score for score, _ in scored))
    points = _summed("适用指标分值", tuple(points for _, points in scored))
    rate = percent("得分率", earned, points, reference=rule)
    return multiply("折算得分", total, rate, reference=rule)


def move_points(taken: Datum, receiving: Datum, rule: Reference) -> Datum:
    """Move the points of what does not apply to another category (分值并入).

    >>> law = Reference("规则", verified=True)
    >>> move_points(Datum.of(10, "分", "满意度"), Datum.of(30, "分", "效益"), law).text
    '40分'
    """
    return _summed(receiving.label, (receiving, taken), rule)


def _summed(label: str, parts: tuple[Datum, ...], rule: Reference | None = None) -> Datum:
    pattern = " + ".join(f"{{{i}}}" for i in range(len(parts)))
    total = sum((part.require() for part in parts), start=NOTHING.require())
    return Datum(label, total, parts[0].unit, Working(pattern, parts, rule))
