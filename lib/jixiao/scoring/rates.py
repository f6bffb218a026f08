"""A rate out of two filed numbers (比率与变动率), or what is missing for it."""

from __future__ import annotations

from collections.abc import Callable

from jixiao.datum import Datum, Reference, Working, percent, subtract
from jixiao.errors import Undefined, UnitMismatch
from jixiao.model import BaseIndicator

#: The reference framework that names these indicators; it sets no points.
FRAMEWORK = Reference(
    "财预〔2013〕53号 附件2 部门整体支出绩效评价共性指标体系框架",
    key="framework.mof-2013-53",
    href="http://yss.mof.gov.cn/zhuantilanmu/zyysgl/201609/t20160927_2427777.htm",
    note="公式见于公开的地方填报表",
)


def change_rate(
    name: str, now: Datum | None, before: Datum | None, labels: tuple[str, str], note: str
) -> BaseIndicator:
    """Give the change from `before` to `now` as a rate of `before`; from 0 to 0 is no change."""

    def change(current: Datum, earlier: Datum) -> Datum:
        if current.value == earlier.value == 0:
            pattern = "0%（{0}、{1} 都是零，没有变动）"
            return Datum(name, current.value, "%", Working(pattern, (current, earlier), FRAMEWORK))
        difference = subtract(f"{name}：变动额", current, earlier)
        return percent(name, difference, earlier, reference=FRAMEWORK)

    return _compute(name, now, before, labels, note, change)


def rate_of(
    name: str, part: Datum | None, whole: Datum | None, labels: tuple[str, str], note: str = ""
) -> BaseIndicator:
    """Give `part` as a rate of `whole`; `labels` name what is missing."""
    return _compute(
        name, part, whole, labels, note, lambda a, b: percent(name, a, b, reference=FRAMEWORK)
    )


def _compute(
    name: str,
    first: Datum | None,
    second: Datum | None,
    labels: tuple[str, str],
    note: str,
    operation: Callable[[Datum, Datum], Datum],
) -> BaseIndicator:
    pairs = tuple(zip((first, second), labels, strict=True))
    missing = tuple(
        (datum.label or label) if datum else label
        for datum, label in pairs
        if datum is None or datum.value is None
    )
    left = first or Datum.of(None, "", labels[0])
    right = second or Datum.of(None, left.unit, labels[1])
    try:
        value = operation(left, right) if not missing else _nothing(name, left, right)
    except (Undefined, UnitMismatch) as error:
        return BaseIndicator(name, _nothing(name, left, right), "no_data", (), error.what)
    return BaseIndicator(name, value, "no_data" if missing else "computed", missing, note)


def _nothing(name: str, left: Datum, right: Datum) -> Datum:
    """Keep what was there of a rate that cannot be computed, as an absent number."""
    if right.value == 0:
        return Datum(name, None, "%", left.origin)
    same_unit = Datum(left.label, left.value, right.unit, left.origin)
    return percent(name, same_unit, right, reference=FRAMEWORK)
