"""Year on year (年度变化): the same figures of each year, and who changed most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from jixiao.cohort.figures import Figure, count_of, median_of, quartiles_of
from jixiao.cohort.member import Lines, difference_of, result_rate_of
from jixiao.datum import compact
from jixiao.model.results import RunResult


@dataclass(frozen=True, slots=True)
class YearFigures:
    """One year's evaluations (一年的汇总); ``middle`` are the quartiles of the recomputed totals."""

    year: int
    count: Figure
    stated: Figure
    recomputed: Figure
    middle: tuple[Decimal, Decimal] | None
    above: Figure
    red: Figure
    yellow: Figure
    severe: Figure


def figures_of_year(year: int, runs: Sequence[RunResult], lines: Lines) -> YearFigures:
    """Sum up one year."""
    zones = {run.run: lines.zone_of(result_rate_of(run), run.execution_rate) for run in runs}

    def count(name: str, label: str, rule: str, wanted: Sequence[RunResult]) -> Figure:
        return count_of(f"w-{name}-{year}", f"{year} 年度{label}", rule, wanted)

    red = f"（指标得分率 − 执行率）÷ 指标得分率 大于 {compact(lines.red)}%"
    yellow = f"不在红色之列，执行率低于 {compact(lines.yellow)}%"

    higher = [run for run in runs if (difference_of(run) or 0) > 0]
    return YearFigures(
        year=year,
        count=count("count", "参与比较的评价", "有完好的运行结果", runs),
        stated=median_of(
            f"w-stated-{year}", f"{year} 年度自评总分的中位数", [(r, r.stated) for r in runs]
        ),
        recomputed=median_of(
            f"w-recomputed-{year}", f"{year} 年度重算折百的中位数", [(r, r.on_100) for r in runs]
        ),
        middle=quartiles_of([r.on_100 for r in runs if r.on_100 is not None]),
        above=count(
            "above",
            "自评高于重算的",
            "自评总分 − 重算折百 大于 0",
            higher,
        ),
        red=count("red", "红色预警的", red, [r for r in runs if zones[r.run] == "red"]),
        yellow=count("yellow", "黄色预警的", yellow, [r for r in runs if zones[r.run] == "yellow"]),
        severe=count(
            "severe",
            "有严重程度高的发现的",
            "至少有一项严重程度高的核查发现",
            [r for r in runs if any(found.severity == "high" for found in r.findings)],
        ),
    )


@dataclass(frozen=True, slots=True)
class Change:
    """One evaluation in two years (两年对比): before, now, and the recomputed totals' difference."""

    before: RunResult
    now: RunResult
    points: Decimal


def change_of(before: RunResult, now: RunResult) -> Change | None:
    """Compare two years; None where one has no total."""
    if before.on_100 is None or now.on_100 is None:
        return None
    return Change(before, now, now.on_100 - before.on_100)
