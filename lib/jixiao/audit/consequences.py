"""One cause, one finding (起因与后果): findings that go once another one is put right.

Which check may follow from which stands in the checklist (``follows``). Two findings are linked
only where their cells or numbers prove it (`audit.proofs`), and never below one that is less grave.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from jixiao.audit.desk import Case
from jixiao.audit.proofs import PROVED, Evidence
from jixiao.model import SEVERITY_WORDS, Audit, Finding

_GRAVE = list(SEVERITY_WORDS)


def link_causes(audit: Audit, case: Case) -> Audit:
    """Put consequences under their causes.

    A cause that a reviewer explained or dismissed holds nothing: what would hang on it stands on
    its own, so that no decision settles another finding in silence; so does what is settled itself.
    Of a chain the first link is the cause of all.
    """
    evidence = [Evidence(finding) for finding in audit.findings]
    parents = [_cause_of(case, each, evidence) for each in evidence]
    if not any(parent is not None for parent in parents):
        return audit
    roots = [_root(place, parents) for place in range(len(parents))]
    return replace(
        audit,
        findings=tuple(
            _linked(audit.findings, place, roots) for place in range(len(audit.findings))
        ),
    )


def _cause_of(case: Case, consequence: Evidence, evidence: Sequence[Evidence]) -> int | None:
    """Find the first finding that is proved to be the cause of another, by its place."""
    finding = consequence.finding
    if finding.is_settled:
        return None
    for follows in case.checklist.entry(finding.id).follows:
        for place, cause in enumerate(evidence):
            if _may_cause(cause.finding, follows.cause, finding) and any(
                PROVED[proof](case, cause, consequence) for proof in follows.proofs
            ):
                return place
    return None


def _may_cause(cause: Finding, check: str, consequence: Finding) -> bool:
    is_less = _GRAVE.index(cause.severity) > _GRAVE.index(consequence.severity)
    return cause.id == check and not cause.is_settled and not is_less


def _root(place: int, parents: Sequence[int | None]) -> int | None:
    """Follow causes up to the one that has none; None where there is no cause at all."""
    root: int | None = None
    above = parents[place]
    while above is not None:
        root, above = above, parents[above]
    return root


def _linked(findings: Sequence[Finding], place: int, roots: Sequence[int | None]) -> Finding:
    root = roots[place]
    below = tuple(findings[other].related for other, at in enumerate(roots) if at == place)
    cause = findings[root].related if root is not None else None
    return replace(findings[place], cause=cause, consequences=below)
