"""The comparison (横向比较): members in the order of their recomputed totals, years, changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jixiao.cohort.changes import Change, YearFigures, change_of, figures_of_year
from jixiao.cohort.checks import CheckCount, count_checks
from jixiao.cohort.member import Lines, Member, result_rate_of
from jixiao.model.results import RunResult
from jixiao.rubric import Checklist


@dataclass(frozen=True, slots=True)
class Cohort:
    """Many evaluations of one kind and year (一组评价).

    ``members`` : by rank, those without a total last. ``years`` : the year itself last.
    ``changes`` : against the year before, the greatest fall first. ``runs`` : all that was read.
    """

    year: int
    kind: str
    lines: Lines
    members: tuple[Member, ...]
    checks: tuple[CheckCount, ...]
    years: tuple[YearFigures, ...]
    changes: tuple[Change, ...]
    runs: tuple[RunResult, ...]

    @property
    def noun(self) -> str:
        """What is compared: 单位 or 项目."""
        return "项目" if self.kind == "project" else "单位"

    @property
    def source(self) -> str:
        """Where the numbers come from, for the line below a chart."""
        return f"{len(self.runs)} 份运行结果，见“运行清单”"

    @property
    def figures(self) -> YearFigures:
        """The figures of the year itself."""
        return self.years[-1]


def compare(results: Sequence[RunResult], year: int, kind: str, checklist: Checklist) -> Cohort:
    """Put the results of a year side by side, and against those of the years before.

    Parameters
    ----------
    results : of one kind, of this year and of years before; at least one of this year
    checklist : check B-03 has the lines of warning
    """
    lines = Lines.of(checklist.entry("B-03"))
    by_year: dict[int, list[RunResult]] = {}
    for result in results:
        by_year.setdefault(result.year, []).append(result)
    of_year = by_year[year]
    earlier = {(run.unit, run.key): run for run in by_year.get(year - 1, ())}
    changes = [
        change
        for run in of_year
        if (before := earlier.get((run.unit, run.key))) and (change := change_of(before, run))
    ]
    return Cohort(
        year=year,
        kind=kind,
        lines=lines,
        members=_ranked(of_year, lines),
        checks=count_checks(of_year),
        years=tuple(figures_of_year(y, by_year[y], lines) for y in sorted(by_year)),
        changes=tuple(sorted(changes, key=lambda c: (c.points, c.now.unit, c.now.key))),
        runs=tuple(sorted(results, key=lambda run: (-run.year, run.unit, run.key))),
    )


def _ranked(runs: Sequence[RunResult], lines: Lines) -> tuple[Member, ...]:
    """Rank by the recomputed total; equals share a rank (1, 2, 2, 4)."""
    totals = sorted((run.on_100 for run in runs if run.on_100 is not None), reverse=True)
    ranks = {total: place for place, total in reversed(list(enumerate(totals, start=1)))}
    members = [
        Member(
            run,
            None if run.on_100 is None else ranks[run.on_100],
            lines.zone_of(result_rate_of(run), run.execution_rate),
        )
        for run in runs
    ]
    last = len(members) + 1
    return tuple(sorted(members, key=lambda m: (m.rank or last, m.run.unit, m.run.key)))
