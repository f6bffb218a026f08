"""Values whose empty neighbours are lost (补位): the columns they can stand in.

Where a text shows five numbers under six headings, every way to leave one heading empty is tried;
ways that contradict the columns are out. A value counts only where all ways that are left agree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from jixiao.datum import Quantity, read_quantity
from jixiao.importers.cells import clean
from jixiao.importers.raw import RawCell

Placed = tuple[RawCell | None, ...]
_MONEY = ("original_budget", "final_budget", "actual_expenditure")
_MOST_POINTS = Decimal(100)
_RATE_SLACK = Decimal(1)


@dataclass(frozen=True, slots=True)
class Placing:
    """One row of values put under their columns; ``lost`` are those the text does not decide."""

    cells: Placed
    lost: frozenset[int]


def place(
    values: Sequence[RawCell],
    columns: Sequence[str | None],
    fits: Callable[[dict[str, Quantity]], bool],
) -> Placing:
    """Put values under columns in order, by consensus of all ways that fit."""
    ways = [way for way in _ways(values, columns) if fits(_read(way, columns))]
    if not ways:
        return Placing((None,) * len(columns), frozenset(range(len(columns)) if values else ()))
    agreed: list[RawCell | None] = []
    lost: set[int] = set()
    for index, options in enumerate(zip(*ways, strict=True)):
        same = all(_same(options[0], other) for other in options[1:])
        agreed.append(options[0] if same else None)
        lost |= set() if same else {index}
    return Placing(tuple(agreed), frozenset(lost))


def _ways(values: Sequence[RawCell], columns: Sequence[str | None]) -> Iterator[Placed]:
    for chosen in combinations(range(len(columns)), len(values)):
        way: list[RawCell | None] = [None] * len(columns)
        for index, value in zip(chosen, values, strict=True):
            way[index] = value
        yield tuple(way)


def _same(one: RawCell | None, other: RawCell | None) -> bool:
    if one is other:
        return True
    return all(cell is None or read_quantity(cell.text).is_absent for cell in (one, other))


def _read(way: Placed, columns: Sequence[str | None]) -> dict[str, Quantity]:
    return {
        column: read_quantity(clean(cell.text))
        for cell, column in zip(way, columns, strict=True)
        if cell is not None and column is not None
    }


def fits_budget(row: dict[str, Quantity]) -> bool:
    """Whether amounts, points, rate and score can stand so (880 is no 分值, 10 no rate of 100 %)."""
    numbers = [row.get(name) for name in (*_MONEY, "points", "score")]
    if any(q is not None and not (q.is_absent or _is_bare(q)) for q in numbers):
        return False
    points, score = _value(row, "points"), _value(row, "score")
    if points is not None and points > _MOST_POINTS:
        return False
    if score is not None and (points is None or score > points):
        return False
    return _rate_fits(row)


def _rate_fits(row: dict[str, Quantity]) -> bool:
    rate = row.get("execution_rate")
    if rate is None or rate.is_absent:
        return True
    final, actual = _value(row, "final_budget"), _value(row, "actual_expenditure")
    if rate.value is None or not final or actual is None:
        return rate.unit == "%"
    return abs(actual * 100 / final - rate.value) <= _RATE_SLACK


def fits_indicator(row: dict[str, Quantity]) -> bool:
    """Whether points and score, which no row may lack, can stand so, and the reason is words."""
    points, score = row.get("points"), row.get("score")
    if points is None or score is None:
        return False
    if not all(q.is_absent or _is_bare(q) for q in (points, score)):
        return False
    most, least = _value(row, "points"), _value(row, "score")
    if least is not None and (most is None or least > most):
        return False
    reason = row.get("deviation_reason")
    return reason is None or not reason.is_number


def _is_bare(quantity: Quantity) -> bool:
    return quantity.is_number and quantity.operator is None and quantity.unit in (None, "分")


def _value(row: dict[str, Quantity], name: str) -> Decimal | None:
    quantity = row.get(name)
    return quantity.value if quantity is not None else None
