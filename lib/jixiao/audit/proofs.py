"""How a finding is proved to follow from another one (起因的证明): by shared cells and equal gaps.

Each proof asks whether the consequence would be gone if the cause were put right, as far as the
cells cited and the numbers worked with can tell. None goes by the ids of the checks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType
from typing import TypeAlias

from jixiao.audit.desk import Case, decimals_shown
from jixiao.datum import Datum, Source, Working, round_to, sources_of
from jixiao.datum.core import plain
from jixiao.model import Filed, Finding, Phrase, words

#: A number as it is and as it should be, of one unit.
Pair: TypeAlias = tuple[Datum, Datum]


@dataclass(frozen=True)
class Evidence:
    """The cells and numbers of a finding, worked out once and only where a link is possible."""

    finding: Finding

    @cached_property
    def cells(self) -> frozenset[str]:
        """The ids of all cells it cites or works with."""
        finding = self.finding
        phrases = (finding.message, finding.observed, finding.expected, finding.formula)
        return frozenset(s.anchor for s in finding.where).union(*map(cells_in, phrases))

    @cached_property
    def doubted(self) -> frozenset[str]:
        """The ids of the cells that say what is doubted."""
        return cells_in(self.finding.observed)

    @cached_property
    def rows(self) -> frozenset[str]:
        """The rows of the cells cited; a line of running text is a row of its own."""
        return frozenset(_row(source) for source in self.finding.where)

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """The numbers as filed with those they should be.

        Two filed numbers that should be one: the first is taken to be right.
        """
        filed, right = numbers_in(self.finding.observed), numbers_in(self.finding.expected)
        if not right and len(filed) == 2:
            filed, right = filed[1:], filed[:1]
        pairs = zip(filed, right, strict=False) if len(filed) == len(right) else ()
        return tuple(pair for pair in pairs if pair[0].unit == pair[1].unit)

    @cached_property
    def gaps(self) -> frozenset[Decimal]:
        """By how much it is wrong: between what is and should be, or as a difference it names."""
        each = [filed.require() - right.require() for filed, right in self.pairs]
        named = [
            datum.require()
            for phrase in (self.finding.message, self.finding.expected)
            for datum in numbers_in(phrase)
            if isinstance(datum.origin, Working) and datum.origin.formula == "{0} − {1}"
        ]
        return frozenset(abs(gap) for gap in (*each, sum(each, Decimal(0)), *named) if gap)


Proof: TypeAlias = Callable[[Case, Evidence, Evidence], bool]


def numbers_in(phrase: Phrase) -> list[Datum]:
    """Give the numbers of a phrase that are there."""
    return [piece for piece in phrase if isinstance(piece, Datum) and piece.value is not None]


def cells_in(phrase: Phrase) -> frozenset[str]:
    """Give the ids of the cells a phrase quotes or works with."""
    return frozenset(source.anchor for source in _sources_in(phrase))


def _sources_in(phrase: Phrase) -> Iterator[Source]:
    for piece in phrase:
        if isinstance(piece, Filed):
            yield piece.source
        elif isinstance(piece, Datum):
            yield from sources_of(piece)


def _row(source: Source) -> str:
    return source.anchor if source.table is None else f"{source.table}-{source.row}"


def _is_shared(case: Case, cause: Evidence, consequence: Evidence) -> bool:
    """They rest on a cell in common."""
    return bool(cause.cells & consequence.cells)


def _is_same_cell(case: Case, cause: Evidence, consequence: Evidence) -> bool:
    """They doubt the same cell."""
    return bool(cause.doubted & consequence.doubted)


def _is_same_gap(case: Case, cause: Evidence, consequence: Evidence) -> bool:
    """They rest on a cell in common and are wrong by the same amount."""
    return bool(cause.gaps & consequence.gaps) and _is_shared(case, cause, consequence)


def _is_same_ratio(case: Case, cause: Evidence, consequence: Evidence) -> bool:
    """The consequence is wrong by the factor, or the divisor, that the cause is wrong by."""
    if not _is_shared(case, cause, consequence):
        return False
    return any(
        _fits(filed, right.require() * factor)
        for filed, right in consequence.pairs
        for factor in _factors(cause)
    )


def _factors(cause: Evidence) -> Iterator[Decimal]:
    for filed, right in cause.pairs:
        if filed.value and right.value:
            yield filed.value / right.value
            yield right.value / filed.value


def _fits(filed: Datum, exact: Decimal) -> bool:
    """Whether a filed number is the exact one at the digits it shows."""
    value = filed.require()
    return value == round_to(exact, decimals_shown(plain(value)))


def _is_within(case: Case, cause: Evidence, consequence: Evidence) -> bool:
    """Every row of the consequence is one of the cause's."""
    return bool(consequence.rows) and consequence.rows <= cause.rows


def _is_covered(case: Case, cause: Evidence, consequence: Evidence) -> bool:
    """The cell the cause raises is what the consequence falls short in, by no more than that."""
    size = _size(consequence)
    return size is not None and any(
        right.require() - filed.require() >= size
        and cells_in((filed,)) & cells_in(consequence.finding.expected)
        for filed, right in cause.pairs
    )


def _size(consequence: Evidence) -> Decimal | None:
    if consequence.pairs:
        filed, right = consequence.pairs[0]
        return abs(filed.require() - right.require())
    expected = numbers_in(consequence.finding.expected)
    return expected[0].require() if len(expected) == 1 else None


def _is_over_total(case: Case, cause: Evidence, consequence: Evidence) -> bool:
    """Points and scores of one table: the sum is above what a total can be, or off by the same."""
    rows = {row for row in map(_row_of, cause.cells) if row}
    if not rows & {row for row in map(_row_of, consequence.cells) if row}:
        return False
    most = cause.pairs[0][1].require() if cause.pairs else None
    above = any(most is not None and right.require() > most for _, right in consequence.pairs)
    return above or bool(cause.gaps & consequence.gaps)


def _row_of(anchor: str) -> str:
    """Give the row of a cell's id, empty for a line of running text."""
    return anchor.rpartition("-")[0] if anchor.startswith("c") else ""


def _is_grade_fit(case: Case, cause: Evidence, consequence: Evidence) -> bool:
    """The grade is that of the total as it was written, or of the lines' sum."""
    key = consequence.finding.evaluation
    card = case.cards.get(key or "")
    if card is None or card.stated_grade is None or not _is_shared(case, cause, consequence):
        return False
    grades = case.rubrics[card.evaluation].grades
    totals = [t.value for t in (card.stated_total, card.claimed_sum) if t.value is not None]
    fitting = [next((g for g in grades if total >= g.at_least.require()), None) for total in totals]
    return card.stated_grade.text in {grade.name for grade in fitting if grade}


def _is_quoted(case: Case, cause: Evidence, consequence: Evidence) -> bool:
    """The words that the cause doubts stand in the consequence, in the same place."""
    said = words(consequence.finding.message)
    return any(
        isinstance(piece, Filed)
        and piece.text in said
        and piece.source.anchor in consequence.doubted
        for piece in cause.finding.observed
    )


#: Name of a proof in the checklist → the proof.
PROVED: Mapping[str, Proof] = MappingProxyType(
    {
        "shared": _is_shared,
        "same_cell": _is_same_cell,
        "same_gap": _is_same_gap,
        "same_ratio": _is_same_ratio,
        "all_within": _is_within,
        "covered": _is_covered,
        "over_total": _is_over_total,
        "grade_fits": _is_grade_fit,
        "quoted": _is_quoted,
    }
)
