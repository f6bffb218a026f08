"""One cell of a filing changed, and what every number was and is: its value, and the cells it names.

The change goes through the documents: the filing is read again with another figure in that cell.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random

from jixiao.audit import examine
from jixiao.datum import Datum, Source, leaves_of, sources_of
from jixiao.importers.documents import Received, read_received
from jixiao.model import Amendment, Audit, Filed, Filing, Phrase, Scorecard, ScoreLine
from jixiao.rubric import Checklist, Rubric
from jixiao.scoring import score

#: The address of a cell, the same before and after its text has changed.
Place = tuple[int, int | None, int | None, int | None, int | None]
#: What a number is called: its evaluation, its line or check, and its name there.
Name = tuple[str, ...]

_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_TOTALS = (
    "stated_total", "claimed_sum", "score_total", "points_total", "total_on_100", "low", "high",
    "low_on_100", "high_on_100", "coverage",
)  # fmt: skip
_GRADES = (
    ("grade", "total_on_100"), ("lowest_grade", "low_on_100"), ("highest_grade", "high_on_100"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Number:
    """A number that a report shows: its value, the cells its working names.

    ``as_filed`` are those of them that it takes as they were found, no correction between.
    """

    value: str | None
    places: frozenset[Place]
    as_filed: frozenset[Place] = frozenset()


@dataclass(frozen=True, slots=True)
class Judged:
    """A filing judged: every number by name, and every cell that a number may rest on."""

    numbers: dict[Name, Number]
    cells: tuple[Source, ...]


def judge(
    received: Received,
    rubrics: Mapping[str, Rubric],
    checklist: Checklist,
    *amendments: Amendment,
) -> Judged:
    filing = read_received((received,), amendments)
    cards = score(filing, rubrics)
    audit = examine(filing, cards, rubrics, checklist)
    numbers = dict([*_of_cards(cards), *_of_audit(audit)])
    return Judged(numbers, tuple(_cells(filing, cards, numbers)))


def another(cell: Source, chance: Random) -> Amendment | None:
    """Put another figure of as many digits in a cell; None where no figure stands there."""
    found = list(_NUMBER.finditer(cell.text))
    if not found:
        return None
    match = chance.choice(found)
    figure = match[0]
    while figure == match[0]:
        figure = "".join(chance.choice("123456789") if c.isdigit() else c for c in match[0])
    text = cell.text[: match.start()] + figure + cell.text[match.end() :]
    at = cell.address
    return Amendment(None, at, cell.text, text, "换一个数", "张某某", "2024-01-01")


def place_of(source: Source) -> Place:
    return (source.document_number, source.table, source.row, source.column, source.line)


# --- the numbers ---


def _number(datum: Datum, *beside: Datum | Phrase | Filed) -> Number:
    # What is counted is a cell, not the figure in it.
    leaves = (leaf.origin for leaf in leaves_of(datum) if leaf.unit != "项")
    as_filed = frozenset(place_of(origin) for origin in leaves if isinstance(origin, Source))
    value = None if datum.value is None else str(datum.value)
    return Number(value, _places(datum, *beside), as_filed)


def _places(*pieces: Datum | Phrase | Filed) -> frozenset[Place]:
    found: set[Place] = set()
    for piece in pieces:
        match piece:
            case Datum():
                found.update(map(place_of, sources_of(piece)))
            case Filed():
                found.add(place_of(piece.source))
            case tuple():
                found |= _places(*(each for each in piece if isinstance(each, Datum | Filed)))
    return frozenset(found)


def _of_cards(cards: Mapping[str, Scorecard]) -> Iterator[tuple[Name, Number]]:
    for key, card in cards.items():
        for number, line in enumerate(card.lines):
            yield from _of_line((key, f"line {number}"), line)
        for name in _TOTALS:
            yield (key, name), _number(getattr(card, name))
        for name, total in _GRADES:
            yield (key, name), Number(getattr(card, name), _places(getattr(card, total)))
        for each in card.indicators_of_base_data:
            for name in ("value", "points", "score", "low", "high"):
                if (datum := getattr(each, name)) is not None:
                    yield (key, each.name, name), _number(datum, each.drivers)


def _of_line(name: Name, line: ScoreLine) -> Iterator[tuple[Name, Number]]:
    for field in ("points", "claimed_score", "score", "low", "high"):
        yield (*name, field), _number(getattr(line, field), line.reason)
    yield (*name, "status"), Number(line.status, _places(line.score, line.reason))


def _of_audit(audit: Audit) -> Iterator[tuple[Name, Number]]:
    """The numbers of each check, in the order it tells them."""
    phrases: dict[Name, list[Phrase]] = {}
    places: dict[Name, set[Place]] = {}
    for finding in audit.findings:
        name = (finding.evaluation or "", finding.id)
        phrases.setdefault(name, []).extend(
            (finding.message, finding.observed, finding.expected, finding.formula)
        )
        places.setdefault(name, set()).update(map(place_of, finding.where))
    for passed in audit.passed:
        phrases.setdefault((passed.evaluation or "", passed.id), []).append(passed.formula)
    for name, told in phrases.items():
        numbers = [piece for phrase in told for piece in phrase if isinstance(piece, Datum)]
        value = " ".join(number.text for number in numbers) or None
        yield name, Number(value, _places(*told) | places.get(name, set()))


def _cells(
    filing: Filing, cards: Mapping[str, Scorecard], numbers: Mapping[Name, Number]
) -> Iterator[Source]:
    """Every cell of a table that a number names, and every value of an indicator."""
    named = {place for number in numbers.values() for place in number.places}
    for card in cards.values():
        for line in card.lines:
            for member in line.members:
                named |= {place_of(member.target.source), place_of(member.achieved.source)}
    for grid in filing.grids:
        for row in grid.rows:
            yield from (cell for cell in row.cells if place_of(cell) in named)
