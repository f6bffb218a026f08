"""What stands beside a filing (旁证): last year's, the other units, the accounts, the publication."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jixiao.datum import Constant, Datum, Reference, Source

if TYPE_CHECKING:
    from jixiao.model.filing import Filing


@dataclass(frozen=True, slots=True)
class Published:
    """Where and when a filing was published (公开情况), as the register says; None is not known.

    ``approved`` is the day the accounts were approved, ``days`` the days from then to ``on``.
    """

    on: str | None
    href: str | None
    approved: str | None
    days: int | None = None


@dataclass(frozen=True, slots=True)
class Superseded:
    """The edition that this filing replaced (旧版): its number, when, why, and what it said.

    ``filing`` is None where it cannot be read, and ``missing`` says why.
    """

    edition: int
    on: str
    reason: str
    filing: Filing | None
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """What stands beside a filing (旁证). A file by itself has none.

    ``prior`` is the same unit's filing of the year before, ``prior_missing`` why there is none.
    ``other_names`` are those of all registered units but this one, those above and those below.
    ``final_accounts`` are amounts of the published accounts (部门决算) by their labels.
    ``superseded`` is the edition before this one, where this is a restatement.
    """

    prior: Filing | None = None
    prior_missing: str = "没有登记上年的自评材料"
    other_names: tuple[str, ...] = ()
    final_accounts: tuple[Datum, ...] = ()
    published: Published | None = None
    superseded: Superseded | None = None


def of_prior(datum: Datum, year: int | None) -> Datum:
    """Give a number of last year's filing the origin that this year's report can show: its address.

    A link to its cell would lead into this year's filing, whose cells are counted alike.
    """
    if not isinstance(datum.origin, Source):
        return datum
    place = datum.origin
    title = f"{year or '上'}年度自评材料 {place.address}"
    reference = Reference(title, f"prior.{place.anchor}", note="上年申报的数", verified=True)
    return Datum(datum.label, datum.value, datum.unit, Constant(reference))
