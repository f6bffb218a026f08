"""Findings as the JSON of ``audit --json`` (DESIGN.md §4)."""

from __future__ import annotations

from collections import Counter

from jixiao.datum import Datum, Json, source_as_json, working_as_json
from jixiao.model import SEVERITY_WORDS, Audit, Decision, Finding, Phrase, words


def audit_as_json(audit: Audit) -> dict[str, Json]:
    """Serialise what was found, what was not checked, and what holds.

    ``counts`` are of the findings that stand on their own, by severity; consequences are not counted.
    """
    causes = Counter(group[0].severity for group in audit.grouped())
    return {
        "findings": [finding_as_json(finding) for finding in audit.findings],
        "counts": {severity: causes[severity] for severity in SEVERITY_WORDS},
        "not_checked": [
            {"id": entry.id, "evaluation": entry.evaluation, "reason": entry.reason}
            for entry in audit.not_checked
        ],
        "passed": [
            {"id": entry.id, "evaluation": entry.evaluation, "formula": words(entry.formula)}
            for entry in audit.passed
        ],
        "lapsed": [
            {"id": entry.check, "evaluation": entry.evaluation, **_decided(entry)}
            for entry in audit.lapsed
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
        "decision": decision_as_json(finding.decision),
        "asked_again": decision_as_json(finding.asked_again),
        "cells": finding.cells,
        "cause": finding.cause.id if finding.cause else None,
        "consequences": [
            {
                "id": entry.id,
                "evaluation": entry.evaluation,
                "cells": entry.cells,
                "message": words(entry.message),
            }
            for entry in finding.consequences
        ],
        "workings": [working_as_json(datum) for datum in _computed(finding)],
    }


def decision_as_json(decision: Decision | None) -> Json:
    """Serialise what a reviewer decided, null where nobody did."""
    return None if decision is None else _decided(decision)


def _decided(decision: Decision) -> dict[str, Json]:
    return {
        "decision": decision.verdict,
        "reason": decision.reason,
        "by": decision.by,
        "on": decision.on,
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
