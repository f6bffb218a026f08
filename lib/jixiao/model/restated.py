"""What a restated filing changed (重报的改动): cell by cell against the edition before it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from jixiao.datum import Constant, Datum, Reference, Source, sources_of
from jixiao.model.context import Superseded
from jixiao.model.filed import Filed

#: A number or a text of a filing; None where an edition has no such cell.
Value: TypeAlias = Datum | Filed | None


@dataclass(frozen=True, slots=True)
class Change:
    """One cell that reads differently (改动): what it is, before and after.

    ``line`` is the path of the score line it belongs to; empty where no score rests on it.
    """

    name: tuple[str, ...]
    before: Value
    after: Value
    line: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Effect:
    """What the changes of a line, or of all lines, do to the score (对得分的影响), in 分.

    ``before`` is absent where the earlier edition has no such line or no score.
    """

    line: tuple[str, ...]
    before: Datum
    after: Datum
    difference: Datum


@dataclass(frozen=True, slots=True)
class Restatement:
    """A filing against the edition before it (重报对照), for one evaluation.

    ``effects`` are the score lines whose recomputed score changed; ``claimed`` is the sum of what
    the unit gave itself, ``total`` the recomputed one.
    """

    edition: int
    superseded: Superseded
    changes: tuple[Change, ...]
    effects: tuple[Effect, ...]
    claimed: Effect
    total: Effect

    def numbers(self) -> Iterator[Datum]:
        """Give every number a report of it shows."""
        for effect in (*self.effects, self.claimed, self.total):
            yield from (effect.before, effect.after, effect.difference)
        for change in self.changes:
            if isinstance(change.after, Datum):
                yield change.after


def text_of_value(value: Value) -> str:
    """Give a value as it is shown; empty where there is none.

    >>> text_of_value(Datum.of("19.62", "万元")), text_of_value(None)
    ('19.62万元', '')
    """
    if value is None or (isinstance(value, Datum) and value.value is None):
        return ""
    return value.text


def source_of_value(value: Value) -> Source | None:
    """Give the cell of a value."""
    match value:
        case Filed():
            return value.source
        case Datum():
            return next(iter(sources_of(value)), None)
    return None


def of_edition(datum: Datum, edition: int, label: str) -> Datum:
    """Give a number of an earlier edition the origin a report of this one can show.

    Its cells are not those of this report, though they are counted alike.
    """
    reference = Reference(
        f"第 {edition} 版自评材料的{label}",
        f"edition-{edition}",
        note="由该版材料按同一规则算出",
        verified=True,
    )
    return Datum(label, datum.value, datum.unit, Constant(reference))
