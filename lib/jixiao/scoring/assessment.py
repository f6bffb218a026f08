"""What the rules say of one indicator (指标评分结果), before it is rounded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from jixiao.datum import Datum
from jixiao.model import Phrase
from jixiao.scoring.marks import Marks


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the rules say of one indicator (指标评分结果), in 分 and unrounded."""

    status: Literal["recomputed", "accepted"]
    method: str
    low: Datum
    high: Datum
    reason: Phrase


def decided(method: str, score: Datum, reason: Phrase = ()) -> Assessment:
    """Say that numbers and a rule decide (重算)."""
    return Assessment("recomputed", method, score, score, reason)


def marked(method: str, marks: Marks) -> Assessment:
    """Say what a standard gives: decided, or a range where the rule leaves a choice."""
    if marks.is_decided:
        return decided(method, marks.score)
    return Assessment("accepted", method, marks.low, marks.high, marks.drivers)
