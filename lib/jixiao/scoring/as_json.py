"""Scorecards as the JSON of ``score --json`` (DESIGN.md §4)."""

from __future__ import annotations

from jixiao.datum import Correction, Datum, Json, compact, fixed, working_as_json
from jixiao.model import BaseIndicator, Scorecard, ScoreLine, words


def scorecard_as_json(card: Scorecard) -> dict[str, Json]:
    """Serialise a scorecard; points and scores are plain decimals, absent is null."""
    return {
        "key": card.evaluation,
        "rubric": card.rubric,
        "lines": [line_as_json(line) for line in card.lines],
        "stated_total": _number(card.stated_total),
        "claimed_sum": _number(card.claimed_sum),
        "score_total": _number(card.score_total),
        "points_total": _number(card.points_total),
        "total_on_100": None if card.total_on_100.value is None else fixed(card.total_on_100.value),
        "low": _number(card.low),
        "high": _number(card.high),
        "low_on_100": None if card.low_on_100.value is None else fixed(card.low_on_100.value),
        "high_on_100": None if card.high_on_100.value is None else fixed(card.high_on_100.value),
        "grade": card.grade,
        "stated_grade": card.stated_grade.text if card.stated_grade else None,
        "reviewed_total": _optional(card.reviewed_total),
        "reviewed_on_100": _optional(card.reviewed_on_100),
        "reviewed_grade": card.reviewed_grade,
        "lapsed_reviews": [
            {
                "line": entry.line,
                "at": entry.at,
                "score": str(entry.score),
                "reason": entry.reason,
                "by": entry.by,
                "on": entry.on,
            }
            for entry in card.lapsed_reviews
        ],
        "coverage": None if card.coverage.value is None else fixed(card.coverage.value),
        "indicators_of_base_data": [
            base_indicator_as_json(indicator) for indicator in card.indicators_of_base_data
        ],
    }


def line_as_json(line: ScoreLine) -> dict[str, Json]:
    """Serialise one line with its working."""
    return {
        "path": list(line.path),
        "members": [member.name for member in line.members],
        "points": _number(line.points),
        "claimed_score": _number(line.claimed_score),
        "score": _number(line.score),
        "status": line.status,
        "method": line.method,
        "low": _number(line.low),
        "high": _number(line.high),
        "reason": words(line.reason) or None,
        "reviewed_score": _optional(line.reviewed),
        "review": _review(line),
        "working": working_as_json(line.score),
    }


def base_indicator_as_json(indicator: BaseIndicator) -> dict[str, Json]:
    """Serialise one indicator; its value is unrounded only in the working."""
    return {
        "name": indicator.name,
        "value": None if indicator.value.value is None else fixed(indicator.value.value),
        "unit": indicator.value.unit,
        "status": indicator.status,
        "missing": list(indicator.missing),
        "note": indicator.note or None,
        "working": working_as_json(indicator.value),
        "points": _optional(indicator.points),
        "score": _optional(indicator.score),
        "low": _optional(indicator.low),
        "high": _optional(indicator.high),
        "method": indicator.method or None,
        "drivers": words(indicator.drivers) or None,
        "score_working": working_as_json(indicator.score) if indicator.score else None,
    }


def _review(line: ScoreLine) -> Json:
    """Say who gave the reviewed score, and why; where the claim changed since, that it is stale."""
    if line.review_again is not None:
        entry = line.review_again
        return {
            "stale": True,
            "score": str(entry.score),
            "claimed": None if entry.claimed is None else str(entry.claimed),
            "reason": entry.reason,
            "by": entry.by,
            "on": entry.on,
        }
    if line.reviewed is None or not isinstance(line.reviewed.origin, Correction):
        return None
    origin = line.reviewed.origin
    return {"stale": False, "reason": origin.reason, "by": origin.by, "on": origin.on}


def _optional(datum: Datum | None) -> Json:
    return None if datum is None else _number(datum)


def _number(datum: Datum) -> Json:
    return None if datum.value is None else compact(datum.value)
