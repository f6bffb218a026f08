"""Decisions of reviewers laid beside the findings (复核决定): which stand, which are asked again.

A decision stands while the cells that its finding rests on are as they were; once one of them
changes it is shown as taken before, and the finding is open again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from jixiao.model import Audit, Decision, Finding

#: A finding as a decision names it: the check, the evaluation, the cells.
Key = tuple[str, str | None, str]


def decide(audit: Audit, decisions: Sequence[Decision]) -> Audit:
    """Give each finding the decision that was taken on it (复核).

    A decision taken on other cells asks the finding at its address again, or the only open one of
    its check and evaluation; where there is none it has lapsed.
    """
    standing = {(d.check, d.evaluation, d.cells): d for d in decisions}
    findings: list[Finding] = []
    used: set[Key] = set()
    for finding in audit.findings:
        key = (finding.id, finding.evaluation, finding.cells)
        decision = standing.get(key)
        used |= {key} if decision else set()
        findings.append(replace(finding, decision=decision))
    lapsed: list[Decision] = []
    for key, decision in standing.items():
        if key in used:
            continue
        place = _changed(findings, decision)
        if place is None:
            lapsed.append(decision)
        else:
            findings[place] = replace(findings[place], asked_again=decision)
    return replace(audit, findings=tuple(findings), lapsed=tuple(lapsed))


def _changed(findings: Sequence[Finding], decision: Decision) -> int | None:
    """Find the open finding that a decision on other cells was about."""
    open_ones = [
        place
        for place, finding in enumerate(findings)
        if (finding.id, finding.evaluation) == (decision.check, decision.evaluation)
        and finding.decision is None
        and finding.asked_again is None
    ]
    there = [place for place in open_ones if first_place(findings[place]) == decision.at]
    if there:
        return there[0]
    return open_ones[0] if len(open_ones) == 1 else None


def first_place(finding: Finding) -> str | None:
    """Name a finding's first address, None where it has none."""
    return finding.where[0].address if finding.where else None
