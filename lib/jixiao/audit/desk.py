"""What every check works with (核查台): the case, and the three ways a check can end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_DOWN, Decimal
from typing import TypeAlias

from jixiao.datum import Datum, Source, Working, round_to, sources_of, subtract
from jixiao.datum.core import plain
from jixiao.errors import JixiaoError
from jixiao.model import (
    Evaluation,
    Filed,
    Filing,
    Finding,
    Indicator,
    NotChecked,
    Passed,
    Phrase,
    Piece,
    Scorecard,
    ScoreLine,
    Severity,
    mask_private,
)
from jixiao.rubric import CheckEntry, Checklist, Rubric

Outcome: TypeAlias = Finding | NotChecked | Passed


@dataclass(frozen=True, slots=True)
class Case:
    """What is questioned (核查对象): the filing, its scorecards, the rules, the fonts' characters.

    ``rubrics`` is by evaluation key. ``code_points`` is None where the fonts are unknown.
    """

    filing: Filing
    cards: Mapping[str, Scorecard]
    rubrics: Mapping[str, Rubric]
    checklist: Checklist
    code_points: frozenset[int] | None

    @property
    def department(self) -> Evaluation | None:
        """The department's own evaluation."""
        return self.filing.evaluation("department")

    def is_printed(self, evaluation: Evaluation, word: str) -> bool:
        """Whether a word stands anywhere in the tables of an evaluation, blanks aside."""
        return any(
            word in "".join(cell.text.split())
            for grid in self.filing.grids
            if grid.number in evaluation.tables
            for row in grid.rows
            for cell in row.cells
        )

    def incomplete(self, evaluation: Evaluation) -> str:
        """Say why an evaluation's rows must not be added up, empty where they may."""
        if not self.filing.is_incomplete(evaluation.key):
            return ""
        return "自评表没有读完整或尚未定稿（见“读入时的问题”），不能相加核对"

    def is_misread(self, indicator: Indicator) -> bool:
        """Whether the file's reader warns that a scan may have spoilt a value of the indicator."""
        doubted = {p.source for p in self.filing.problems if p.code == "ocr-operator"}
        return bool(doubted & {indicator.target.source, indicator.achieved.source})

    @property
    def projects(self) -> tuple[Evaluation, ...]:
        """The projects' evaluations."""
        return tuple(e for e in self.filing.evaluations if e.kind == "project")


@dataclass(frozen=True, slots=True)
class Desk:
    """One check at one evaluation: finds, holds, or cannot be decided."""

    entry: CheckEntry
    evaluation: str | None

    def found(
        self,
        *message: Piece,
        where: tuple[Source, ...],
        observed: Phrase,
        expected: Phrase,
        formula: Phrase = (),
        severity: Severity | None = None,
    ) -> Finding:
        """Report a doubt; private data in addresses and quotations is masked here.

        ``severity`` : another than the check's own, where the checklist has one for a lesser case.
        """
        return Finding(
            id=self.entry.id,
            code=self.entry.code,
            severity=severity or self.entry.severity,
            evaluation=self.evaluation,
            message=masked(message),
            where=tuple(dict.fromkeys(masked_source(source) for source in where)),
            observed=masked(observed),
            expected=expected,
            formula=formula,
            reference=self.entry.reference,
        )

    def holds(self, *formula: Piece) -> Passed:
        """Report that the check was made and holds."""
        return Passed(self.entry.id, self.evaluation, masked(formula))

    def skips(self, reason: str) -> NotChecked:
        """Report that the check cannot be decided, and why."""
        return NotChecked(self.entry.id, self.evaluation, reason)


Check: TypeAlias = Callable[[Desk, Case, Evaluation], Iterator[Outcome]]
FilingCheck: TypeAlias = Callable[[Desk, Case], Iterator[Outcome]]


def run_check(outcomes: Iterator[Outcome], desk: Desk) -> Iterator[Outcome]:
    """Collect a check's outcomes; data that defy the arithmetic make it undecided, not fail."""
    count = 0
    try:
        for outcome in outcomes:
            count += 1
            yield outcome
    except JixiaoError as error:
        yield desk.skips(str(error))
        return
    if not count:
        yield desk.holds(f"{desk.entry.title}：未发现问题")


def say_rest(desk: Desk, case: Case, found: list[Finding]) -> Iterator[Outcome]:
    """Say of each evaluation without a finding that the check holds there."""
    owners = {finding.evaluation for finding in found}
    for evaluation in case.filing.evaluations:
        if evaluation.key not in owners:
            yield Desk(desk.entry, evaluation.key).holds(f"{desk.entry.title}：未发现问题")


def arithmetic(datum: Datum) -> Phrase:
    """Spell a computed number out: every operand a link, e.g. ``48人 ÷ 56人 × 100% = 85.71%``."""
    if not isinstance(datum.origin, Working):
        return (datum,)
    pieces: list[Piece] = []
    pattern = datum.origin.formula
    for index, operand in enumerate(datum.origin.operands):
        before, _, pattern = pattern.partition(f"{{{index}}}")
        pieces += [before, operand]
    return tuple(piece for piece in (*pieces, pattern, " = ", datum) if piece != "")


def listed(items: Phrase, separator: str = "、") -> Phrase:
    """Join quotations and numbers into a phrase."""
    pieces: list[Piece] = []
    for item in items:
        pieces += [separator, item] if pieces else [item]
    return tuple(pieces)


def label_of(line: ScoreLine) -> str:
    """Name a line of a scorecard: its last step, or the group it stands for."""
    if len(line.members) > 1:
        return f"{line.path[-1]}（合用分值）"
    return line.path[-1]


def places_of(*data: Datum | None) -> tuple[Source, ...]:
    """Give the cells that numbers rest on, in order."""
    return tuple(source for datum in data if datum is not None for source in sources_of(datum))


def is_close(first: Datum, second: Datum, tolerance: Decimal) -> bool:
    """Whether two present numbers of one unit differ by no more than a tolerance.

    Raises
    ------
    UnitMismatch : they are in different units, so nothing can be said.
    """
    subtract("相差", first, second)
    return abs(first.require() - second.require()) <= tolerance


def is_score_as_shown(claimed: Datum, exact: Datum, tolerance: Decimal) -> bool:
    """Whether a score is the recomputed one, or with one decimal that one rounded or cut off there.

    How scores are rounded is A-10. A whole number is a claim of its own: 10 is full, 9.96 is not.

    >>> nine, computed = Datum.of("9.6", "分"), Datum.of("9.62", "分")
    >>> is_score_as_shown(nine, computed, Decimal("0.005"))
    True
    """
    if is_close(claimed, exact, tolerance):
        return True
    filed, computed = claimed.require(), exact.require()
    if decimals_shown(plain(filed)) != 1:
        return False
    return filed in (round_to(computed, 1), computed.quantize(filed, rounding=ROUND_DOWN))


def decimals_shown(text: str) -> int:
    """Count the digits after the point of a number as written.

    >>> decimals_shown("51.63%"), decimals_shown("100%　")
    (2, 0)
    """
    digits = text.partition(".")[2]
    count = 0
    for character in digits:
        if not character.isdigit():
            break
        count += 1
    return count


def masked(phrase: Phrase) -> Phrase:
    """Mask private data in the texts and quotations of a phrase."""
    pieces: list[Piece] = []
    for piece in phrase:
        match piece:
            case str():
                pieces.append(mask_private(piece))
            case Filed():
                pieces.append(Filed(mask_private(piece.text), masked_source(piece.source)))
            case _:
                pieces.append(piece)
    return tuple(pieces)


def masked_source(source: Source) -> Source:
    """Mask private data in the characters of an address."""
    return replace(source, text=mask_private(source.text))
