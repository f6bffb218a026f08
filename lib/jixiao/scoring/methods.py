"""How points become a score (计分方法): small pure functions, each of which writes its working.

A rubric names a method; `METHODS` is the list of names that ``score --json`` may print.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from jixiao.datum import (
    Constant,
    Datum,
    Reference,
    cap,
    floor,
    grant,
    multiply,
    percent,
    share,
    sum_filed,
)

#: Our own conventions, as numbers of a rule that says so.
FULL = Datum(
    "满分比例",
    Decimal(100),
    "%",
    Constant(Reference("本工作台约定：达到即得全部分值", "house.full", verified=True)),
)
NOTHING = Datum(
    "零分",
    Decimal(0),
    "分",
    Constant(Reference("本工作台约定：得分不低于 0", "house.nothing", verified=True)),
)

#: Method names with what they do, for people.
METHODS: Mapping[str, str] = MappingProxyType(
    {
        "execution_rate": "分值 × 预算执行率，不超过分值",
        "proportional": "正向指标：达到得满分，未达到按 实际完成值 ÷ 指标值",
        "inverse": "反向指标：未超过得满分，超过按 指标值 ÷ 实际完成值",
        "exact": "等值指标：达到得满分，未达到按 实际完成值 ÷ 指标值，超额不加分",
        "graded": "定性指标：按所填档次的上下限",
        "range": "范围指标：在范围内得满分，范围外不得分或按距离",
        "deadline": "时限指标：按期得满分，逾期不得分或按天扣分",
        "yes_no": "是否指标：符合得满分，不符合不得分",
        "steps": "分档：达到某档下限得该档分",
        "intervals": "区间：落在某区间得该区间分，端点写明归属",
        "deduction": "扣分：每超过或不足一个单位扣若干，扣完为止",
        "parts": "要点：每有一项不符扣若干，扣完为止",
        "coefficient": "系数 × 分值",
        "money_weighted_mean": "分值 × 按资金加权的平均比率",
        "none_gives_full": "没有该事项，得满分",
        "drop_and_rescale": "不适用，剔除后折算",
        "merged_group": "合并分值：各项均分后加总",
        "judgement": "无法由数字与规则确定，保留自评得分",
    }
)


def score_execution(
    points: Datum, actual_expenditure: Datum, final_budget: Datum, rate: Reference, rule: Reference
) -> Datum:
    """Score budget execution (预算执行得分) = points × rate, capped at the points.

    Parameters
    ----------
    points : in 分
    actual_expenditure, final_budget : one money unit, >= 0

    Returns
    -------
    Datum in 分, unrounded.

    Raises
    ------
    Undefined : final_budget is 0.

    Source: rubric keys ``budget_execution.rate`` and ``budget_execution.score``.

    >>> law = Reference("规则", verified=True)
    >>> score = score_execution(Datum.of(10, "分"), Datum.of("19.62", "万元"),
    ...     Datum.of(38, "万元"), law, law)
    >>> score.text
    '5.16分'
    """
    executed = percent("预算执行率", actual_expenditure, final_budget, reference=rate)
    raw = multiply("按执行率计分", points, executed, reference=rule)
    return floor("预算执行得分", cap("不超过分值", raw, points, reference=rule), NOTHING)


def score_proportional(points: Datum, target: Datum, achieved: Datum, rule: Reference) -> Datum:
    """Score a positive indicator (正向): achieved ÷ target of the points, from 0 to the points.

    A target that is met gives all points, and the working says by which cells.

    >>> law = Reference("规则", verified=True)
    >>> score_proportional(Datum.of(10, "分"), Datum.of(50, "件"), Datum.of(40, "件"), law).text
    '8分'
    """
    if achieved.require() >= target.require():
        return grant("得分", points, achieved, "≥", target, reference=rule)
    ratio = percent("完成比例", achieved, target, reference=rule)
    raw = multiply("按比例计分", points, ratio, reference=rule)
    return floor("得分", cap("不超过分值", raw, points), NOTHING)


def score_inverse(points: Datum, target: Datum, achieved: Datum, rule: Reference) -> Datum:
    """Score a negative indicator (反向): target ÷ achieved of the points, from 0 to the points.

    A target of 0 gives all points for 0 and none for more, so that nothing is divided by 0.

    >>> law = Reference("规则", verified=True)
    >>> score_inverse(Datum.of(10, "分"), Datum.of(2, "%"), Datum.of(4, "%"), law).text
    '5分'
    """
    if achieved.require() <= target.require() or target.value == 0:
        return grant("得分", points, achieved, "≤", target, reference=rule)
    ratio = percent("控制比例", target, achieved, reference=rule)
    raw = multiply("按比例计分", points, ratio, reference=rule)
    return floor("得分", cap("不超过分值", raw, points), NOTHING)


def score_full(points: Datum, rule: Reference, why: str = "达到指标值") -> Datum:
    """Give all points (满分), with the reason in the label.

    >>> score_full(Datum.of(10, "分"), Reference("规则", verified=True)).label
    '得分（达到指标值，满分）'
    """
    return multiply(f"得分（{why}，满分）", points, FULL, reference=rule)


def split_points(label: str, points: Datum, count: Datum, rule: Reference) -> Datum:
    """Split a merged cell's points equally over the indicators counted (合并分值均分)."""
    return points if count.value == 1 else share(label, points, count, reference=rule)


def add_group(label: str, members: tuple[Datum, ...], rule: Reference) -> Datum:
    """Add the scores of a merged group's members (组内加总)."""
    return members[0] if len(members) == 1 else sum_filed(label, *members, reference=rule)
