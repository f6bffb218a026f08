"""Findings counted by check (各项核查的发现数): which contradictions are common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jixiao.cohort.figures import Figure, count_of
from jixiao.model import Severity
from jixiao.model.results import RunResult

_ORDER = ("high", "medium", "low")


@dataclass(frozen=True, slots=True)
class CheckCount:
    """One check over many evaluations (一项核查): how many have it, how many findings in all."""

    check: str
    severity: Severity
    runs: Figure
    findings: int


def count_checks(runs: Sequence[RunResult]) -> tuple[CheckCount, ...]:
    """Count the evaluations with a finding of each check, the most common first."""
    severities: dict[str, Severity] = {}
    having: dict[str, list[RunResult]] = {}
    totals: dict[str, int] = {}
    for run in runs:
        for check in dict.fromkeys(found.check for found in run.findings):
            having.setdefault(check, []).append(run)
        for found in run.findings:
            totals[found.check] = totals.get(found.check, 0) + 1
            worst = severities.get(found.check, found.severity)
            severities[found.check] = min(worst, found.severity, key=_ORDER.index)
    counts = [
        CheckCount(
            check,
            severities[check],
            count_of(
                f"w-check-{check.lower()}",
                f"有 {check} 发现的",
                f"至少有一项 {check} 的核查发现",
                having[check],
            ),
            totals[check],
        )
        for check in having
    ]
    return tuple(
        sorted(counts, key=lambda c: (-len(c.runs.runs), _ORDER.index(c.severity), c.check))
    )
