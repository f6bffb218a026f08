"""The operations the rules need (运算), each of which computes and records in one call.

An operation with an absent operand gives an absent result; only `sum_filed` adds what is
there and names what is not. Nothing is rounded unless the operation is `round_half_up`.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Literal, TypeAlias

from jixiao.datum.core import ARITHMETIC, Datum, Reference, Source, Working, round_to
from jixiao.errors import Undefined, UnitMismatch

_HUNDRED = Decimal(100)
Relation: TypeAlias = Literal["≥", "≤", "="]
_HOLDS: Mapping[str, Callable[[Decimal, Decimal], bool]] = MappingProxyType(
    {"≥": operator.ge, "≤": operator.le, "=": operator.eq}
)
#: Units of one kind with their size; 名 and 位 count people as 人 does.
_KINDS: tuple[Mapping[str, Decimal], ...] = (
    {"元": Decimal(1), "万元": Decimal(10**4), "万": Decimal(10**4), "亿元": Decimal(10**8)},
    {"人": Decimal(1), "名": Decimal(1), "位": Decimal(1)},
    {"㎡": Decimal(1), "平方米": Decimal(1), "平米": Decimal(1), "m²": Decimal(1)},
)
_PLACES = ("取整", "一位小数", "两位小数", "三位小数", "四位小数")


def add(label: str, *operands: Datum, reference: Reference | None = None) -> Datum:
    """Add amounts of one unit (加); absent if any of them is.

    >>> add("支出总额", Datum.of("827.19", "万元"), Datum.of("181.03", "万元")).text
    '1008.22万元'
    """
    value = None
    if all(operand.value is not None for operand in operands):
        value = _total(operands)
    return _record(label, value, _one_unit(label, operands), " + ", operands, reference)


def sum_filed(
    label: str,
    *operands: Datum,
    reference: Reference | None = None,
    decided_by: tuple[Datum, ...] = (),
) -> Datum:
    """Add the parts that were filed (合计): absent parts stay visible in the working.

    Parameters
    ----------
    decided_by : what decides which parts are added

    Returns
    -------
    Datum ; absent only where all parts are.

    >>> three = [Datum.of(value, "万元") for value in ("2.8", None, "5.5")]
    >>> sum_filed("三公经费", *three).text, sum_filed("三公经费", three[1]).text
    ('8.30万元', '缺')
    """
    filed = [operand for operand in operands if operand.value is not None]
    value = _total(tuple(filed)) if filed else None
    unit = _one_unit(label, operands)
    pattern = " + ".join(f"{{{i}}}" for i in range(len(operands)))
    return Datum(label, value, unit, Working(pattern, operands, reference, decided_by))


def subtract(
    label: str, minuend: Datum, subtrahend: Datum, *, reference: Reference | None = None
) -> Datum:
    """Subtract amounts of one unit (减).

    >>> subtract("结余", Datum.of("38", "万元"), Datum.of("19.62", "万元")).text
    '18.38万元'
    """
    operands = (minuend, subtrahend)
    value = None
    if minuend.value is not None and subtrahend.value is not None:
        value = ARITHMETIC.subtract(minuend.value, subtrahend.value)
    return _record(label, value, _one_unit(label, operands), " − ", operands, reference)


def multiply(
    label: str, *operands: Datum, unit: str | None = None, reference: Reference | None = None
) -> Datum:
    """Multiply (乘); an operand in % counts as its hundredth.

    The result has the unit of the first operand that is not in %, unless `unit` is given.

    >>> multiply("得分", Datum.of(10, "分"), Datum.of("51.63", "%")).value
    Decimal('5.1630')
    """
    value: Decimal | None = Decimal(1)
    for operand in operands:
        if value is None or operand.value is None:
            value = None
            continue
        factor = operand.value
        if operand.unit == "%":
            factor = ARITHMETIC.divide(factor, _HUNDRED)
        value = ARITHMETIC.multiply(value, factor)
    units = [operand.unit for operand in operands if operand.unit != "%"]
    result_unit = unit if unit is not None else (units[0] if units else "%")
    if value is not None and not units:
        value = ARITHMETIC.multiply(value, _HUNDRED)
    return _record(label, value, result_unit, " × ", operands, reference)


def divide(
    label: str,
    dividend: Datum,
    divisor: Datum,
    *,
    unit: str = "",
    reference: Reference | None = None,
) -> Datum:
    """Divide (除); with ``unit="%"`` both must have one unit and the result is a rate.

    Raises
    ------
    UnitMismatch : a rate of amounts in different units, 万元 against 元.
    Undefined : the divisor is 0; there is no rate to speak of.

    >>> divide("预算执行率", Datum.of("19.62", "万元"), Datum.of("38", "万元"), unit="%").text
    '51.63%'
    """
    if unit == "%":
        _one_unit(label, (dividend, divisor))
    if divisor.value == 0:
        raise Undefined("divisor-zero", f"“{label}”无法计算：{divisor.label or '除数'}为 0")
    value = None
    if dividend.value is not None and divisor.value is not None:
        value = ARITHMETIC.divide(dividend.value, divisor.value)
        if unit == "%":
            value = ARITHMETIC.multiply(value, _HUNDRED)
    pattern = "{0} ÷ {1} × 100%" if unit == "%" else "{0} ÷ {1}"
    return Datum(label, value, unit, Working(pattern, (dividend, divisor), reference))


def percent(label: str, part: Datum, whole: Datum, *, reference: Reference | None = None) -> Datum:
    """Give `part` as a rate of `whole` (比率), in %.

    >>> percent("控制率", Datum.of(48, "人"), Datum.of(56, "人")).text
    '85.71%'
    """
    return divide(label, part, whole, unit="%", reference=reference)


def share(label: str, whole: Datum, count: Datum, *, reference: Reference | None = None) -> Datum:
    """Give one of `count` equal shares of `whole` (均分), in the unit of `whole`.

    Raises
    ------
    Undefined : the count is 0.

    >>> share("每项分值", Datum.of(15, "分"), Datum.of(4, "项")).value
    Decimal('3.75')
    """
    return divide(label, whole, count, unit=whole.unit, reference=reference)


def count_cells(
    label: str,
    cells: tuple[tuple[str, Source], ...],
    unit: str = "项",
    decided_by: tuple[Datum, ...] = (),
) -> Datum:
    """Count cells (计数) as a sum of ones, so that the count names every cell it counted.

    Parameters
    ----------
    cells : (name, address) of each cell counted
    decided_by : what makes each of them count, where that is not the cell itself

    >>> cell = Source("f.txt", "", "附件2", 2, 3, 4, 9, "受理案件")
    >>> count_cells("指标数", (("受理案件", cell),)).text
    '1项'
    """
    ones = tuple(Datum(name, Decimal(1), unit, source) for name, source in cells)
    return sum_filed(label, *ones, decided_by=decided_by)


def cap(label: str, value: Datum, highest: Datum, *, reference: Reference | None = None) -> Datum:
    """Hold `value` down to `highest` (上限).

    >>> cap("得分", Datum.of("10.4", "分"), Datum.of(10, "分")).value
    Decimal('10')
    """
    return _extreme(label, "取小（{0}，{1}）", (value, highest), False, reference)


def floor(label: str, value: Datum, lowest: Datum, *, reference: Reference | None = None) -> Datum:
    """Hold `value` up to `lowest` (下限；扣完为止).

    >>> floor("得分", Datum.of("-2", "分"), Datum.of(0, "分")).value
    Decimal('0')
    """
    return _extreme(label, "取大（{0}，{1}）", (value, lowest), True, reference)


def minimum(label: str, *operands: Datum, reference: Reference | None = None) -> Datum:
    """Take the smallest of amounts of one unit (最小值).

    >>> minimum("取小", Datum.of(3, "分"), Datum.of(2, "分")).value
    Decimal('2')
    """
    pattern = "取小（" + "，".join(f"{{{i}}}" for i in range(len(operands))) + "）"
    return _extreme(label, pattern, operands, False, reference)


def round_half_up(
    label: str, value: Datum, places: int = 2, *, reference: Reference | None = None
) -> Datum:
    """Round 四舍五入 to `places` digits after the point, 0 to 4.

    >>> round_half_up("得分", Datum.of("2.675", "分")).value
    Decimal('2.68')
    """
    rounded = None
    if value.value is not None:
        rounded = round_to(value.value, places)
    pattern = f"四舍五入（{{0}}，{_PLACES[places]}）"
    return Datum(label, rounded, value.unit, Working(pattern, (value,), reference))


def weighted_mean(
    label: str, pairs: tuple[tuple[Datum, Datum], ...], *, reference: Reference | None = None
) -> Datum:
    """Average values by weights (加权平均); `pairs` are (value, weight).

    Raises
    ------
    Undefined : the weights add to 0.

    >>> pair = lambda value, weight: (Datum.of(value, "%"), Datum.of(weight, "万元"))
    >>> weighted_mean("满意度", (pair(90, 1), pair(80, 3))).text
    '82.50%'
    """
    values, weights = tuple(v for v, _ in pairs), tuple(w for _, w in pairs)
    unit, _ = _one_unit(label, values), _one_unit(label, weights)
    operands = tuple(datum for pair in pairs for datum in pair)
    value = None
    if all(operand.value is not None for operand in operands):
        total = _total(weights)
        if total == 0:
            raise Undefined("divisor-zero", f"“{label}”无法计算：权数合计为 0")
        products = (ARITHMETIC.multiply(v.require(), w.require()) for v, w in pairs)
        value = ARITHMETIC.divide(_sum(tuple(products)), total)
    count = len(pairs)
    above = " + ".join(f"{{{2 * i}}} × {{{2 * i + 1}}}" for i in range(count))
    below = " + ".join(f"{{{2 * i + 1}}}" for i in range(count))
    return Datum(label, value, unit, Working(f"（{above}） ÷ （{below}）", operands, reference))


def grant(
    label: str,
    points: Datum,
    value: Datum,
    relation: Relation,
    bound: Datum,
    *,
    reference: Reference | None = None,
) -> Datum:
    """Give all points where `value` stands in `relation` to `bound`, else none (达到得满分).

    >>> grant("得分", Datum.of(10, "分"), Datum.of(3, "次"), "≤", Datum.of(5, "次")).text
    '10分'
    """
    granted = None
    _one_unit(label, (value, bound))
    if points.value is not None and value.value is not None and bound.value is not None:
        granted = points.value if _HOLDS[relation](value.value, bound.value) else Decimal(0)
    pattern = f"{{0}}（若 {{1}} {relation} {{2}}，否则零分）"
    return Datum(label, granted, points.unit, Working(pattern, (points, value, bound), reference))


def convert(datum: Datum, unit: str) -> Datum:
    """Express an amount in another unit of its kind (换算), recorded; others stay as they are.

    Known kinds: money (元 万元 亿元, 万 written for 万元), people (人 名 位), floor area (㎡ 平方米).

    >>> convert(Datum.of(196200, "元", "执行数"), "万元").text
    '19.62万元'
    >>> convert(Datum.of(3, "件"), "万元").unit
    '件'
    """
    for kind in _KINDS:
        if datum.unit in kind and unit in kind and datum.unit != unit:
            value = datum.value
            if value is not None:
                value = ARITHMETIC.divide(ARITHMETIC.multiply(value, kind[datum.unit]), kind[unit])
            pattern = f"{{0}}（由{datum.unit}换算为{unit}）"
            return Datum(datum.label, value, unit, Working(pattern, (datum,)))
    return datum


def _extreme(
    label: str,
    pattern: str,
    operands: tuple[Datum, ...],
    largest: bool,
    reference: Reference | None,
) -> Datum:
    unit = _one_unit(label, operands)
    values = [operand.value for operand in operands if operand.value is not None]
    value = None
    if len(values) == len(operands):
        value = max(values) if largest else min(values)
    return Datum(label, value, unit, Working(pattern, operands, reference))


def _record(
    label: str,
    value: Decimal | None,
    unit: str,
    sign: str,
    operands: tuple[Datum, ...],
    reference: Reference | None,
) -> Datum:
    pattern = sign.join(f"{{{i}}}" for i in range(len(operands)))
    return Datum(label, value, unit, Working(pattern, operands, reference))


def _total(operands: tuple[Datum, ...]) -> Decimal:
    return _sum(tuple(operand.require() for operand in operands))


def _sum(values: tuple[Decimal, ...]) -> Decimal:
    total = Decimal(0)
    for value in values:
        total = ARITHMETIC.add(total, value)
    return total


def _one_unit(label: str, operands: tuple[Datum, ...]) -> str:
    units = list(dict.fromkeys(operand.unit for operand in operands))
    if len(units) > 1:
        parts = "，".join(f"{operand.label or '?'} 以“{operand.unit}”计" for operand in operands)
        raise UnitMismatch(
            "unit-mismatch",
            f"“{label}”的各项单位不一致：{parts}",
            expected="同一单位，例如都以“万元”计",
            action="请先换算再计算",
        )
    return units[0] if units else ""
