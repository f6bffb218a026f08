"""One evaluation among many (参与比较的一份): its rank, its difference, its zone of warning."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias

from jixiao.model import Severity
from jixiao.model.results import RunResult
from jixiao.rubric import CheckEntry

#: What the province's system would show (预警): red before yellow, none, or None: not to be told.
Zone: TypeAlias = Literal["red", "yellow", "clear"]
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Lines:
    """Where the zones begin (预警线), in %, as check B-03 has them.

    ``red`` : by how much of itself the result may exceed execution; ``yellow`` : the execution
    rate below which money was left.
    """

    red: Decimal
    yellow: Decimal
    reference: str

    @classmethod
    def of(cls, entry: CheckEntry) -> Lines:
        """Take them from the checklist."""
        return cls(entry.number("red"), entry.number("rate"), entry.reference.text)

    def zone_of(self, result: Decimal | None, execution: Decimal | None) -> Zone | None:
        """Tell the zone of a result rate and an execution rate, both in %.

        >>> lines = Lines(Decimal(5), Decimal(80), "")
        >>> lines.zone_of(Decimal(98), Decimal("93.1")), lines.zone_of(Decimal(98), Decimal("93.09"))
        ('clear', 'red')
        >>> lines.zone_of(Decimal(80), Decimal("79.9")), lines.zone_of(Decimal(0), Decimal(70))
        ('yellow', None)
        """
        excess = excess_of(result, execution)
        if excess is None or execution is None:
            return None
        if excess > self.red:
            return "red"
        return "yellow" if execution < self.yellow else "clear"

    def red_begins(self, execution: Decimal) -> Decimal:
        """Give the result rate above which an execution rate is in the red zone."""
        return execution / (1 - self.red / _HUNDRED)


@dataclass(frozen=True, slots=True)
class Member:
    """One evaluation among many (参与比较的一份); ``rank`` is None where there is no total."""

    run: RunResult
    rank: int | None
    zone: Zone | None

    @property
    def name(self) -> str:
        """The unit's name, and the project's."""
        return f"{self.run.name} {self.run.project}" if self.run.project else self.run.name

    @property
    def difference(self) -> Decimal | None:
        """Filed minus recomputed: the stated total less the recomputed one on 100."""
        return difference_of(self.run)

    def count(self, severity: Severity) -> int:
        """How many findings of a severity it has."""
        return Counter(found.severity for found in self.run.findings)[severity]


def excess_of(result: Decimal | None, execution: Decimal | None) -> Decimal | None:
    """Give by how much of itself a result rate exceeds the execution rate, in %.

    >>> excess_of(Decimal(100), Decimal(95)), excess_of(Decimal(0), Decimal(95))
    (Decimal('5.00'), None)
    """
    if not result or execution is None:
        return None
    return (result - execution) / result * _HUNDRED


def difference_of(run: RunResult) -> Decimal | None:
    """Give the stated total less the recomputed one on 100; None where one is missing."""
    if run.stated is None or run.on_100 is None:
        return None
    return run.stated - run.on_100


def result_rate_of(run: RunResult) -> Decimal | None:
    """Give the claimed scores of the indicators in % of their points; None where one is missing."""
    lines = [line for line in run.lines if not line.is_execution]
    claimed, points = _sum(line.claimed for line in lines), _sum(line.points for line in lines)
    if claimed is None or not points:
        return None
    return claimed / points * _HUNDRED


def _sum(values: Iterable[Decimal | None]) -> Decimal | None:
    total = Decimal(0)
    for value in values:
        if value is None:
            return None
        total += value
    return total
