"""The judged model as DataFrames, for analysts who go on from here (数据框)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jixiao.audit import Judgement
from jixiao.datum import Datum
from jixiao.model import words

if TYPE_CHECKING:
    import pandas as pd


def frame_scores(judgement: Judgement) -> pd.DataFrame:
    """Give the scorecard as a DataFrame, one row a line.

    Returns
    -------
    DataFrame
        path : str · points, claimed_score, score, difference, low, high : Decimal, 分, None
        where absent · status, method, reason : str
    """
    rows = [
        {
            "path": " / ".join(line.path),
            "points": line.points.value,
            "claimed_score": line.claimed_score.value,
            "score": line.score.value,
            "difference": line.difference.value,
            "low": line.low.value,
            "high": line.high.value,
            "status": line.status,
            "method": line.method,
            "reason": words(line.reason),
        }
        for line in judgement.card.lines
    ]
    return _frame(rows)


def frame_indicators(judgement: Judgement) -> pd.DataFrame:
    """Give the indicators as filed, one row each.

    Returns
    -------
    DataFrame
        category, subcategory, indicator, target, achieved : str, as filed · points, score :
        Decimal, 分, None on the later rows of a merged group · deviation_reason : str or None
    """
    rows = [
        {
            "category": entry.category,
            "subcategory": entry.subcategory,
            "indicator": entry.name,
            "target": entry.target.text,
            "achieved": entry.achieved.text,
            "points": _value(entry.points),
            "score": _value(entry.score),
            "deviation_reason": entry.deviation_reason.text if entry.deviation_reason else None,
        }
        for entry in judgement.evaluation.indicators
    ]
    return _frame(rows)


def frame_findings(judgement: Judgement) -> pd.DataFrame:
    """Give the findings, one row each.

    Returns
    -------
    DataFrame
        id, code, severity, message, observed, expected, formula, where, reference : str
    """
    rows = [
        {
            "id": finding.id,
            "code": finding.code,
            "severity": finding.severity,
            "message": words(finding.message),
            "observed": words(finding.observed),
            "expected": words(finding.expected),
            "formula": words(finding.formula),
            "where": "；".join(source.address for source in finding.where),
            "reference": finding.reference.text,
        }
        for finding in judgement.audit.findings
    ]
    return _frame(rows)


def _value(datum: Datum | None) -> object:
    return datum.value if datum else None


def _frame(rows: list[dict[str, Any]]) -> pd.DataFrame:  # any cell of a table
    import pandas as pd  # a quarter of a second, which no command of ours needs

    return pd.DataFrame(rows, dtype=object)
