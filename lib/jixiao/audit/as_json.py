"""Findings as the JSON of ``audit --json`` (DESIGN.md §4)."""

from __future__ import annotations

from jixiao.datum import Datum, Json, source_as_json, working_as_json
from jixiao.model import Audit, Finding, Phrase, words


def audit_as_json(audit: Audit) -> dict[str, Json]:
    """Serialise what was found, what was not checked, and what holds."""
    return {
        "findings": [finding_as_json(finding) for finding in audit.findings],
        "not_checked": [
            {"id": entry.id, "evaluation": entry.evaluation, "reason": entry.reason}
            for entry in audit.not_checked
        ],
        "passed": [
            {"id": entry.id, "evaluation": entry.evaluation, "formula": words(entry.formula)}
            for entry in audit.passed
        ],
    }


def finding_as_json(finding: Finding) -> dict[str, Json]:
    """Serialise one finding with its addresses and workings."""
    return {
        "id": finding.id,
        "code": finding.code,
        "severity": finding.severity,
        "evaluation": finding.evaluation,
        "message": words(finding.message),
        "where": [source_as_json(source) for source in finding.where],
        "observed": words(finding.observed),
        "expected": words(finding.expected),
        "formula": words(finding.formula) or None,
        "reference": finding.reference.text,
        "decision": finding.decision,
        "cause": finding.cause,
        "workings": [working_as_json(datum) for datum in _computed(finding)],
    }


def _computed(finding: Finding) -> tuple[Datum, ...]:
    phrases: tuple[Phrase, ...] = (
        finding.message,
        finding.observed,
        finding.expected,
        finding.formula,
    )
    numbers = (piece for phrase in phrases for piece in phrase if isinstance(piece, Datum))
    return tuple(dict.fromkeys(numbers))
