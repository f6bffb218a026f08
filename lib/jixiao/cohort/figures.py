"""A figure over many runs (汇总数): what it is, how it was come by, from which runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median, quantiles

from jixiao.datum import fixed
from jixiao.model.results import RunResult


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure over many runs (汇总数); ``id`` is what it is called in a report."""

    id: str
    label: str
    value: Decimal | None
    unit: str
    formula: str
    runs: tuple[RunResult, ...]

    @property
    def text(self) -> str:
        """The figure with its unit: whole for counts, two places for points.

        >>> Figure("m", "中位数", Decimal("97.5"), "分", "", ()).text
        '97.50 分'
        """
        if self.value is None:
            return "—"
        places = 2 if self.unit in ("分", "%") else 0
        return f"{fixed(self.value, places)}{'' if self.unit == '%' else ' '}{self.unit}"


def run_id(run: RunResult) -> str:
    """Give the id of a run's line in the list of runs."""
    return f"run-{run.unit}-{run.year}-{run.key}"


def count_of(name: str, label: str, rule: str, runs: Sequence[RunResult]) -> Figure:
    """Count runs; `rule` says which are counted."""
    return Figure(name, label, Decimal(len(runs)), "个", f"逐个计数：{rule}", tuple(runs))


def median_of(name: str, label: str, values: Sequence[tuple[RunResult, Decimal | None]]) -> Figure:
    """Give the median of points, over the runs that have them; None over none.

    >>> median_of("m", "中位数", []).text
    '—'
    """
    there = [(run, value) for run, value in values if value is not None]
    middle = median(value for _, value in there) if there else None
    formula = f"{len(there)} 个数由小到大排列，取正中的一个；偶数个时取正中两个的平均"
    return Figure(name, label, middle, "分", formula, tuple(run for run, _ in there))


def quartiles_of(values: Sequence[Decimal]) -> tuple[Decimal, Decimal] | None:
    """Give the lower and upper quartile, None for fewer than four values.

    >>> quartiles_of([Decimal(n) for n in (1, 2, 3, 4, 5)])
    (Decimal('2'), Decimal('4'))
    """
    if len(values) < 4:
        return None
    lower, _, upper = quantiles(values, n=4, method="inclusive")
    return lower, upper
