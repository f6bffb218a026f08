"""The result cell of a comparison (横向比较的结果): what it hands on as ``result.json``."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from jixiao.cohort import Cohort, Figure, Member, YearFigures
from jixiao.datum import Json, plain
from jixiao.model import mask_private
from jixiao.tables.block import Cell, Column, Table, plain_runs
from jixiao.tables.html import bundle
from jixiao.workspace import media

SCHEMA = "jixiao.cohort/1"


@dataclass(frozen=True, slots=True)
class CohortResult:
    """The comparison as a notebook displays it: HTML, and JSON for what comes after."""

    result: dict[str, Json]
    table: Table

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        """Give the bundle; both arguments are IPython's."""
        return bundle(self.table) | {media.RESULT: self.result}


def show_cohort(cohort: Cohort) -> CohortResult:
    """Make the result of a comparison (结果)."""
    now = cohort.figures
    entries = (now.count, now.stated, now.recomputed, now.above, now.red, now.yellow, now.severe)
    rows = tuple(
        (Cell(plain_runs(f.label), header=True), Cell(plain_runs(f.text))) for f in entries
    )
    columns = (Column("项目", width=2.0), Column("结果", "right"))
    table = Table("t-result", "比较结果", columns, rows)
    return CohortResult(cohort_as_json(cohort), table)


def cohort_as_json(cohort: Cohort) -> dict[str, Json]:
    """Serialise a comparison: members by rank with their runs, checks, years."""
    return {
        "schema": SCHEMA,
        "unit_name": f"{len(cohort.members)} 个{cohort.noun}",
        "year": cohort.year,
        "kind": cohort.kind,
        "members": [_member(member) for member in cohort.members],
        "checks": [
            {
                "id": count.check,
                "severity": count.severity,
                "members": [run.run for run in count.runs.runs],
                "findings": count.findings,
            }
            for count in cohort.checks
        ],
        "years": [_year(figures) for figures in cohort.years],
        "runs": [{"run": run.run, "sha256": run.sha256} for run in cohort.runs],
    }


def _member(member: Member) -> Json:
    run = member.run
    return {
        "unit": run.unit,
        "name": mask_private(member.name),
        "key": run.key,
        "run": run.run,
        "rank": member.rank,
        "stated_total": _text(run.stated),
        "total_on_100": _text(run.on_100),
        "difference": _text(member.difference),
        "grade": run.grade,
        "execution_rate": _text(run.execution_rate),
        "zone": member.zone,
        "findings": {s: member.count(s) for s in ("high", "medium", "low")},
    }


def _year(figures: YearFigures) -> Json:
    return {
        "year": figures.year,
        "members": _whole(figures.count),
        "median_stated": _text(figures.stated.value),
        "median_recomputed": _text(figures.recomputed.value),
        "stated_above_recomputed": _whole(figures.above),
        "red": _whole(figures.red),
        "yellow": _whole(figures.yellow),
        "severe": _whole(figures.severe),
    }


def _whole(figure: Figure) -> int:
    return len(figure.runs)


def _text(value: Decimal | None) -> str | None:
    return None if value is None else plain(value)
