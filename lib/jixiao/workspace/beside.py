"""What the register says beside a filing (旁证): final accounts, publication, other units' names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from jixiao.datum import Constant, Datum, Reference, read_quantity
from jixiao.errors import BadFile
from jixiao.model import Published
from jixiao.workspace.roster import Unit, below
from jixiao.workspace.yaml_file import Keyed, expect_keys, optional_of, text_of, value_of

_UNITS = ("元", "万元", "亿元")


def read_final_accounts(entry: Keyed, where: str) -> tuple[Datum, ...]:
    """Read ``final_accounts``: the unit, where it was read, and amounts by label.

    Raises
    ------
    BadFile : an unknown key, a unit that is not money, an amount that is not a number.
    """
    accounts = optional_of(entry, "final_accounts", Keyed, where)
    if accounts is None:
        return ()
    place = f"{where} 的 final_accounts"
    expect_keys(accounts, place, required=("unit", "source", "amounts"), optional=("href",))
    unit = value_of(accounts, "unit", str, place)
    if unit not in _UNITS:
        raise BadFile(
            "final-accounts-unit",
            f"unit “{unit}”不是金额单位",
            where=f"{place} 第{accounts.lines['unit']}行",
            expected="、".join(_UNITS),
        )
    source = text_of(accounts, "source", place)
    href = optional_of(accounts, "href", str, place)
    amounts = value_of(accounts, "amounts", Keyed, place)
    return tuple(
        Datum(label, _amount(amounts, label, place), unit, _origin(source, href, number))
        for number, label in enumerate(amounts, start=1)
    )


def _origin(source: str, href: str | None, number: int) -> Constant:
    note = "部门决算公开数"
    return Constant(Reference(source, f"final-accounts.{number}", href, note, verified=True))


def _amount(amounts: Keyed, label: str, place: str) -> Decimal:
    quantity = read_quantity(str(amounts[label]))
    if quantity.value is None or not quantity.is_number or quantity.unit is not None:
        raise BadFile(
            "final-accounts-amount",
            f"{label} 的金额“{amounts[label]}”不是数字",
            where=f"{place} 第{amounts.lines[label]}行",
            expected="不带单位的数字，例如 1008.22",
        )
    return quantity.value


def read_published(entry: Keyed, where: str) -> Published | None:
    """Read ``published``: on, href, approved; any of them may be null.

    Raises
    ------
    BadFile : an unknown key, or a date that is not one.
    """
    published = optional_of(entry, "published", Keyed, where)
    if published is None:
        return None
    place = f"{where} 的 published"
    expect_keys(published, place, required=("on", "href"), optional=("approved",))
    on, approved = (_date(published, key, place) for key in ("on", "approved"))
    return Published(
        on.isoformat() if on else None,
        optional_of(published, "href", str, place),
        approved.isoformat() if approved else None,
        (on - approved).days if on and approved else None,
    )


def _date(entry: Keyed, key: str, place: str) -> date | None:
    text = optional_of(entry, key, str, place)
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadFile(
            "published-date",
            f"{key} 是“{text}”，不是日期",
            where=f"{place} 第{entry.lines[key]}行",
            expected="形如 2023-08-25",
        ) from error


def names_of_others(units: Sequence[Unit], unit_id: str, own: Sequence[str]) -> tuple[str, ...]:
    """List the names of all registered units but one, those above it and those below it.

    A name that holds one of its own, or is held in one, is its own too.

    >>> from jixiao.workspace.roster import UnitName
    >>> names = {"city": "益阳市司法局", "zy": "资阳区司法局", "hs": "赫山区司法局"}
    >>> units = [
    ...     Unit(i, (UnitName(n, None, None),), None if i == "city" else "city", "county", "x")
    ...     for i, n in names.items()
    ... ]
    >>> names_of_others(units, "zy", ["资阳区司法局"])
    ('赫山区司法局',)
    """
    kin = {*below(units, unit_id), *_above(units, unit_id)}
    mine = {re.sub(r"\s", "", name) for name in own}
    mine |= {named.name for unit in units if unit.id in kin for named in unit.names}
    others = (named.name for unit in units if unit.id not in kin for named in unit.names)
    return tuple(
        dict.fromkeys(
            name
            for name in others
            if not any(name in own_name or own_name in name for own_name in mine)
        )
    )


def _above(units: Sequence[Unit], unit_id: str) -> set[str]:
    parents = {unit.id: unit.parent for unit in units}
    found: set[str] = set()
    above = parents.get(unit_id)
    while above is not None and above not in found:
        found.add(above)
        above = parents.get(above)
    return found
