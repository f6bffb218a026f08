"""What judging a filing yields: scorecards (评分表) and findings (核查发现)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, TypeAlias

from jixiao.datum import Datum, Reference, Source, leaves_of, sources_of, subtract
from jixiao.model.decided import Decision, ReviewedScore
from jixiao.model.filed import Filed
from jixiao.model.filing import Indicator
from jixiao.model.privacy import mask_private

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
    score. ``reason`` says why a line was accepted or is missing. ``reviewed`` is the score a
    reviewer gave it; where the claim has changed since, ``review_again`` is what was given then.
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
    reviewed: Datum | None = None
    review_again: ReviewedScore | None = None

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
    grades are given on that scale: of the score, and of the ends of its range. ``reviewed_total``
    takes the reviewer's score of a line where there is one; None where nobody reviewed a line.
    ``lapsed_reviews`` are scores of lines that the newest edition does not have any more.
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
    reviewed_total: Datum | None = None
    reviewed_on_100: Datum | None = None
    reviewed_grade: str | None = None
    lapsed_reviews: tuple[ReviewedScore, ...] = ()


@dataclass(frozen=True, slots=True)
class RelatedFinding:
    """Another finding as its cause or consequence names it (相关发现)."""

    id: str
    evaluation: str | None
    cells: str
    message: Phrase


@dataclass(frozen=True, slots=True)
class Finding:
    """A doubt about the document (核查发现), with all addresses and the arithmetic.

    ``message``, ``observed``, ``expected`` and ``formula`` are phrases: every number in them is
    a `Datum`, every quotation a `Filed`. ``decision`` is a reviewer's, taken on the cells as they
    are; ``asked_again`` one that was taken before they changed. Once ``cause`` is put right this
    finding is gone; ``consequences`` are those that go with this one.
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
    decision: Decision | None = None
    asked_again: Decision | None = None
    cause: RelatedFinding | None = None
    consequences: tuple[RelatedFinding, ...] = ()

    @property
    def is_settled(self) -> bool:
        """Whether a reviewer took an explanation for it, or dismissed it (已说明、不成立)."""
        return self.decision is not None and self.decision.verdict != "confirmed"

    @property
    def related(self) -> RelatedFinding:
        """How another finding names it."""
        return RelatedFinding(self.id, self.evaluation, self.cells, self.message)

    @property
    def cells(self) -> str:
        """A digest of the cells it rests on (单元格指纹): another only if one of them changes.

        Lines of running text count by their words, not by their place.
        """
        cells = {_cell(source, source.text) for source in self.where} | set(_cells(self))
        text = json.dumps(sorted(cells), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:12]


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
    """What questioning a filing yielded (核查结果).

    ``lapsed`` are decisions on what is not found any more.
    """

    findings: tuple[Finding, ...] = ()
    not_checked: tuple[NotChecked, ...] = ()
    passed: tuple[Passed, ...] = ()
    lapsed: tuple[Decision, ...] = ()

    def grouped(self) -> tuple[tuple[Finding, ...], ...]:
        """Put each cause first and what follows from it after it (起因与后果).

        One whose cause is not here, because another evaluation has it, stands on its own.
        """
        causes = {finding.related for finding in self.findings if finding.consequences}
        below: dict[RelatedFinding, list[Finding]] = {cause: [] for cause in causes}
        top: list[Finding] = []
        for finding in self.findings:
            home = top if finding.cause is None else below.get(finding.cause, top)
            home.append(finding)
        return tuple(
            (finding, *(below.pop(finding.related, ()) if finding.consequences else ()))
            for finding in top
        )

    def of(self, evaluation: str, *, whole_filing: bool) -> Audit:
        """Keep what concerns one evaluation, and the whole filing where asked for."""
        kept = (evaluation, None) if whole_filing else (evaluation,)
        return Audit(
            tuple(f for f in self.findings if f.evaluation in kept),
            tuple(n for n in self.not_checked if n.evaluation in kept),
            tuple(p for p in self.passed if p.evaluation in kept),
            tuple(d for d in self.lapsed if d.evaluation in kept),
        )


#: A cell as a digest counts it: part, table, row, column, and what stands there.
_Cell: TypeAlias = tuple[str, int, int, int, str]


def _cell(source: Source, text: str) -> _Cell:
    """Give a cell, or a line of running text; private data masked, as in findings."""
    place = (source.part, source.table or 0, source.row or 0, source.column or 0)
    return (*place, mask_private(text))


def _cells(finding: Finding) -> Iterator[_Cell]:
    """Give the cells that the numbers and quotations of a finding rest on, corrected as read."""
    for phrase in (finding.message, finding.observed, finding.expected, finding.formula):
        for piece in phrase:
            if isinstance(piece, Filed):
                yield _cell(piece.source, piece.text if piece.amendment else piece.source.text)
            elif isinstance(piece, Datum):
                for leaf in leaves_of(piece):
                    for source in sources_of(leaf):
                        is_filed = isinstance(leaf.origin, Source)
                        yield _cell(source, source.text if is_filed else leaf.text)


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
