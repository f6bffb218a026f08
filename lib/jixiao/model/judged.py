"""What judging a filing yields: scorecards (评分表) and findings (核查发现)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, TypeAlias

from jixiao.datum import Datum, Reference, Source, subtract
from jixiao.model.filing import Filed, Indicator

Severity: TypeAlias = Literal["high", "medium", "low"]
#: How readers are told it, the gravest first.
SEVERITY_WORDS: Mapping[Severity, str] = MappingProxyType(
    {"high": "高", "medium": "中", "low": "低"}
)
Status: TypeAlias = Literal["recomputed", "accepted", "missing"]
#: A piece of a sentence: words, a number, a quotation of the filing, a clause of the law.
Piece: TypeAlias = str | Datum | Filed | Reference
#: A sentence whose numbers and quotations know where they come from.
Phrase: TypeAlias = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """One line of a scorecard: execution, an indicator, or a merged group (评分行).

    ``low`` and ``high`` bound the score the rules allow; for a recomputed line both are the
    score. ``reason`` says why a line was accepted or is missing.
    """

    path: tuple[str, ...]
    members: tuple[Indicator, ...]
    points: Datum
    claimed_score: Datum
    score: Datum
    status: Status
    method: str
    low: Datum
    high: Datum
    reason: Phrase
    source: Source

    @property
    def difference(self) -> Datum:
        """Recomputed minus claimed, absent where either is."""
        return subtract("重算 − 自评", self.score, self.claimed_score)


@dataclass(frozen=True, slots=True)
class BaseIndicator:
    """An indicator computed from the base data (基础数据指标).

    ``points``, ``score``, ``low`` and ``high`` are there where the rule book scores it;
    ``drivers`` says which choice of the rule moves the score from ``low`` to ``high``.
    """

    name: str
    value: Datum
    status: Literal["computed", "no_data"]
    missing: tuple[str, ...]
    note: str = ""
    points: Datum | None = None
    score: Datum | None = None
    low: Datum | None = None
    high: Datum | None = None
    method: str = ""
    drivers: Phrase = ()


@dataclass(frozen=True, slots=True)
class Scorecard:
    """Filed against recomputed for one evaluation (评分表).

    ``score_total`` is absent where a line is missing. ``low`` and ``high`` add the lines' and
    are on the scale of ``score_total``; the values ``…_on_100`` are rescaled to 100 points, and
    grades are given on that scale: of the score, and of the ends of its range.
    """

    evaluation: str
    rubric: str
    lines: tuple[ScoreLine, ...]
    stated_total: Datum
    claimed_sum: Datum
    score_total: Datum
    points_total: Datum
    total_on_100: Datum
    low: Datum
    high: Datum
    low_on_100: Datum
    high_on_100: Datum
    grade: str | None
    lowest_grade: str | None
    highest_grade: str | None
    stated_grade: Filed | None
    coverage: Datum
    indicators_of_base_data: tuple[BaseIndicator, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """A doubt about the document (核查发现), with all addresses and the arithmetic.

    ``message``, ``observed``, ``expected`` and ``formula`` are phrases: every number in them is
    a `Datum`, every quotation a `Filed`.
    """

    id: str
    code: str
    severity: Severity
    evaluation: str | None
    message: Phrase
    where: tuple[Source, ...]
    observed: Phrase
    expected: Phrase
    formula: Phrase
    reference: Reference
    decision: None = None
    cause: str | None = None


@dataclass(frozen=True, slots=True)
class NotChecked:
    """A check that could not be decided, and why (未核查)."""

    id: str
    evaluation: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Passed:
    """A check that was made and holds (核查通过), with its arithmetic."""

    id: str
    evaluation: str | None
    formula: Phrase


@dataclass(frozen=True, slots=True)
class Audit:
    """What questioning a filing yielded (核查结果)."""

    findings: tuple[Finding, ...] = ()
    not_checked: tuple[NotChecked, ...] = ()
    passed: tuple[Passed, ...] = ()

    def of(self, evaluation: str, *, whole_filing: bool) -> Audit:
        """Keep what concerns one evaluation, and the whole filing where asked for."""
        kept = (evaluation, None) if whole_filing else (evaluation,)
        return Audit(
            tuple(f for f in self.findings if f.evaluation in kept),
            tuple(n for n in self.not_checked if n.evaluation in kept),
            tuple(p for p in self.passed if p.evaluation in kept),
        )


def words(phrase: Phrase) -> str:
    """Give a phrase as plain text.

    >>> words(("分值合计 ", Datum.of(110, "分"), "。"))
    '分值合计 110分。'
    """
    parts = []
    for piece in phrase:
        match piece:
            case str():
                parts.append(piece)
            case Reference():
                parts.append(piece.title)
            case _:
                parts.append(piece.text)
    return "".join(parts)
