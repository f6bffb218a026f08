"""Checks of what an indicator's words and numbers say together (C-12、C-14、C-15 指标表述)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from jixiao.audit.desk import Case, Desk, Outcome, listed
from jixiao.audit.indicators import both_values
from jixiao.datum.quantity import AT_LEAST, AT_MOST, LESS_THAN, MORE_THAN
from jixiao.model import Evaluation, Filed, Indicator

_NONE = "没有三级指标"


def check_one_measure(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """C-12: an indicator is one measure, not a sentence."""
    length, least = int(desk.entry.number("length")), int(desk.entry.number("part"))
    many = [i for i in evaluation.indicators if _is_sentence(i.name, length, least)]
    if not evaluation.indicators:
        yield desk.skips(_NONE)
    elif many:
        yield desk.found(
            "三级指标一项写了几件事，或写成了长句：",
            *listed(tuple(i.indicator for i in many), "；"),
            where=tuple(i.indicator.source for i in many),
            observed=listed(tuple(i.indicator for i in many), "；"),
            expected=("一项指标只衡量一件事，名称简短",),
        )


def _is_sentence(name: str, length: int, least: int) -> bool:
    """Whether a name is too long, or has two parts that could each be an indicator."""
    bare = re.sub(r"[（(][^）)]*[）)]|\s", "", name)
    parts = [part for part in re.split(r"[，,；;。]", bare) if len(part) >= least]
    return len(bare) > length or len(parts) > 1


def check_direction(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """C-14: the direction of a target fits what the indicator is about."""
    wrong = [i for i in evaluation.indicators if _is_contrary(desk, i)]
    if not any(i.target.quantity.is_number for i in evaluation.indicators):
        yield desk.skips("没有数值型指标值")
    elif wrong:
        yield desk.found(
            "指标值的方向与含义不符：",
            *both_values(wrong),
            where=tuple(s for i in wrong for s in (i.indicator.source, i.target.source)),
            observed=listed(tuple(i.target for i in wrong)),
            expected=("越少越好的指标写 ≤，越多越好的写 ≥",),
        )


def _is_contrary(desk: Desk, indicator: Indicator) -> bool:
    """Whether more of something bad, or less of something good, is the aim."""
    target, name = indicator.target.quantity, indicator.name
    if not target.is_number or target.unit != "%" or target.value is None:
        return False
    bad = any(word in name for word in desk.entry.words("bad"))
    handled = any(word in name for word in desk.entry.words("handled"))
    if bad and not handled:
        upward = target.operator in (AT_LEAST, MORE_THAN, None, "=")
        return upward and target.value >= desk.entry.number("high")
    good = any(name.endswith(word) for word in desk.entry.words("good"))
    return good and target.operator in (AT_MOST, LESS_THAN) and target.value >= Decimal(50)


def check_rate_above_whole(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """C-15: a rate that is a part of a whole is at most 100 %."""
    names = desk.entry.words("names")
    over = [
        (i, value)
        for i in evaluation.indicators
        if i.name.endswith(names)
        for value in (i.target, i.achieved)
        if _is_above_whole(value)
    ]
    if not evaluation.indicators:
        yield desk.skips(_NONE)
    elif over:
        yield desk.found(
            "这类比率不会超过 100%：",
            *listed(tuple(piece for i, value in over for piece in (i.indicator, value))),
            where=tuple(value.source for _, value in over),
            observed=listed(tuple(value for _, value in over)),
            expected=("不超过 100%",),
        )


def _is_above_whole(value: Filed) -> bool:
    quantity = value.quantity
    high = quantity.value is not None and quantity.value > Decimal(100)
    return quantity.is_number and quantity.unit == "%" and high
