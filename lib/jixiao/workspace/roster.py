"""The register of units (单位名册): ids that stay, names that change."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from jixiao.errors import BadFile, UnknownName
from jixiao.workspace.known import Signature, signature_of
from jixiao.workspace.places import Workspace, is_id
from jixiao.workspace.yaml_file import (
    Keyed,
    expect_keys,
    load_yaml,
    mappings_of,
    optional_of,
    place_of,
    text_of,
    value_of,
)

#: Two names at least this alike are asked about: one character of nine mistaken, not the office.
_ALIKE, _MOST_ALIKE, _SHORTEST_PART = 0.85, 5, 5
_BRACKETS = str.maketrans("()", "（）")
LEVELS = ("central", "province", "city", "county", "township")


@dataclass(frozen=True, slots=True)
class UnitName:
    """A name a unit bears or bore, with its first and last year; None is open."""

    name: str
    first: int | None
    last: int | None


@dataclass(frozen=True, slots=True)
class Unit:
    """One registered unit (单位)."""

    id: str
    names: tuple[UnitName, ...]
    parent: str | None
    level: str
    region: str

    def bears(self, name: str, year: int) -> bool:
        """Whether this is a name of the unit's in that year, white space and brackets aside."""
        return any(
            _folded(named.name) == _folded(name)
            and (named.first is None or named.first <= year)
            and (named.last is None or year <= named.last)
            for named in self.names
        )

    def name_in(self, year: int) -> str:
        """The unit's name in a year: the last of those in force, else the last known."""
        in_force = [named.name for named in self.names if self.bears(named.name, year)]
        return (in_force or [self.names[-1].name])[-1]


def unit_named(units: Sequence[Unit], name: str, year: int) -> Unit | None:
    """Find the unit that bears a name in a year; None where there is none, or more than one."""
    found = [unit for unit in units if unit.bears(name, year)]
    return found[0] if len(found) == 1 else None


def units_named_like(units: Sequence[Unit], name: str) -> tuple[Unit, ...]:
    """List the units with a name like this one, the likest first: near misses to ask about.

    >>> units = (Unit("a", (UnitName("益阳市资阳区司法局", None, None),), None, "county", "x"),)
    >>> [unit.id for unit in units_named_like(units, "资阳区司法局")]
    ['a']
    >>> units_named_like(units, "资阳区审计局")
    ()
    """
    likeness = {unit.id: max(_likeness(n.name, name) for n in unit.names) for unit in units}
    near = [unit for unit in units if likeness[unit.id] >= _ALIKE]
    return tuple(sorted(near, key=lambda unit: -likeness[unit.id])[:_MOST_ALIKE])


def below(units: Sequence[Unit], unit_id: str) -> tuple[str, ...]:
    """List a unit and all below it (某单位及其下级), in the register's order; () for no such unit.

    >>> units = tuple(Unit(i, (), p, "county", "x") for i, p in (("aa", None), ("bb", "aa"), ("cc", "bb")))
    >>> below(units, "bb")
    ('bb', 'cc')
    """
    found = {unit_id} & {unit.id for unit in units}
    while more := {unit.id for unit in units if unit.parent in found} - found:
        found |= more
    return tuple(unit.id for unit in units if unit.id in found)


def _likeness(one: str, other: str) -> float:
    one, other = _folded(one), _folded(other)
    shorter = min(one, other, key=len)
    if len(shorter) >= _SHORTEST_PART and shorter in max(one, other, key=len):
        return 1.0
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _folded(name: str) -> str:
    return re.sub(r"\s+", "", name).translate(_BRACKETS)


def load_roster(workspace: Workspace) -> tuple[Unit, ...]:
    """Load the register of units (单位名册).

    Raises
    ------
    BadFile : a key, an id, a name, a level or a parent that cannot be.
    """
    return _load(signature_of(workspace.unit_folder / "roster.yaml"))


def units_by_id(workspace: Workspace) -> Mapping[str, Unit]:
    """Load the register as a mapping, to find one unit among thousands.

    Raises
    ------
    BadFile : as `load_roster`.
    """
    return _by_id(signature_of(workspace.unit_folder / "roster.yaml"))


@lru_cache(maxsize=8)
def _by_id(signature: Signature) -> Mapping[str, Unit]:
    return MappingProxyType({unit.id: unit for unit in _load(signature)})


@lru_cache(maxsize=8)
def _load(signature: Signature) -> tuple[Unit, ...]:
    path = Path(signature[0])
    where = place_of(path)
    roster = load_yaml(path)
    expect_keys(roster, where, required=("units",))
    units = tuple(_read_unit(entry, where) for entry in mappings_of(roster, "units", where))
    ids = [unit.id for unit in units]
    known: set[str] = set()
    for unit in units:
        if unit.id in known:
            raise BadFile(
                "unit-id",
                f"编号 “{unit.id}” 登记了两次",
                where=where,
                expected="每个单位一个编号",
                action="请删去或改正其中一条",
            )
        known.add(unit.id)
    for unit in units:
        if unit.parent is not None and unit.parent not in known:
            raise UnknownName.among("unknown-unit", "上级单位编号", unit.parent, tuple(ids))
    return units


def id_of(entry: Keyed, where: str) -> str:
    """Give the id of an entry (编号).

    Raises
    ------
    BadFile : a text that cannot be an id.
    """
    text = value_of(entry, "id", str, where)
    if not is_id(text):
        raise BadFile(
            "bad-id",
            f"“{text}”不能作编号",
            where=f"{where} 第{entry.lines['id']}行",
            expected="2 至 32 位小写字母、数字、连字符，例如 “ziyang-justice”",
        )
    return text


def _read_unit(entry: Keyed, where: str) -> Unit:
    expect_keys(entry, where, required=("id", "names", "parent", "level", "region"))
    unit_id = id_of(entry, where)
    place = f"{where} 的 {unit_id}"
    names = []
    for named in mappings_of(entry, "names", place):
        expect_keys(named, place, required=("name",), optional=("from", "to"))
        first = optional_of(named, "from", int, place)
        last = optional_of(named, "to", int, place)
        names.append(UnitName(text_of(named, "name", place), first, last))
    if not names:
        raise BadFile("unit-name", "没有名称", where=place, expected="至少一个 name")
    level = value_of(entry, "level", str, place)
    if level not in LEVELS:
        raise UnknownName.among("unknown-level", f"{place} 的 level", level, LEVELS)
    parent = optional_of(entry, "parent", str, place)
    return Unit(unit_id, tuple(names), parent, level, text_of(entry, "region", place))
