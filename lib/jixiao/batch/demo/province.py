"""The units of a province that does not exist (示例省): the same place for the same number, always."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Literal, TypeAlias

from jixiao.batch.demo.words import OFFICES

PROVINCE = "示例省"
#: The rule book that the forms follow is in force from 2020 on.
FIRST_YEAR, LAST_YEAR = 2020, 2024
MOST_YEARS = LAST_YEAR - FIRST_YEAR + 1
MOST_UNITS = 20_000
#: The units of one city: one office of the city itself, then those of its counties.
_UNITS_IN_CITY, _OFFICES_IN_COUNTY = 25, 6

Format: TypeAlias = Literal["text", "html", "docx", "xlsx"]
Style: TypeAlias = Literal["plain", "split"]
_FORMATS: tuple[Format, ...] = ("text", "html", "docx", "xlsx")
_SHARES = (80, 8, 6, 6)


@dataclass(frozen=True, slots=True)
class Wish:
    """What province is wanted (示例要求): how many units, how many years, which seed."""

    units: int
    years: int
    seed: int

    @property
    def span(self) -> range:
        """The years, the last one always the same."""
        return range(LAST_YEAR - self.years + 1, LAST_YEAR + 1)


@dataclass(frozen=True, slots=True)
class DemoUnit:
    """One unit of the province (示例单位), and how it files year after year.

    ``style`` : "split" has the direction and the unit of a target in columns of their own.
    """

    id: str
    name: str
    parent: str | None
    level: str
    region: str
    office: str
    format: Format
    style: Style


def unit_at(number: int, seed: int) -> DemoUnit:
    """Give the unit with a number, from 1 on; it does not depend on how many there are.

    >>> unit_at(3, 0).name, unit_at(3, 0).parent
    ('示例省示例第1市第1县司法局', 'demo-0002')
    """
    names = list(OFFICES)
    place, parent, level, office = PROVINCE, None, "province", "司法"
    if number > 1:
        city, within = divmod(number - 2, _UNITS_IN_CITY)
        place, parent, level = f"{PROVINCE}示例第{city + 1}市", id_of(1), "city"
        office = names[city % len(names)]
        if within:
            county, turn = divmod(within - 1, _OFFICES_IN_COUNTY)
            place, parent = f"{place}第{county + 1}县", id_of(number - within)
            level, office = "county", names[turn]
    chance = Random(f"{seed}/{number}/unit")
    form: Format = chance.choices(_FORMATS, _SHARES)[0]
    style: Style = "split" if chance.random() < 0.3 else "plain"
    ending = "厅" if level == "province" else "局"
    return DemoUnit(
        id_of(number), f"{place}{office}{ending}", parent, level, place, office, form, style
    )


def id_of(number: int) -> str:
    """Give the id of the unit with a number.

    >>> id_of(7)
    'demo-0007'
    """
    return f"demo-{number:04d}"


def roster_of(units: tuple[DemoUnit, ...]) -> str:
    """Write the register of the units as YAML (单位名册)."""
    return "".join(["# 示例单位名册：都是虚构的单位。\nunits:\n", *_entries(units)])


def _entries(units: tuple[DemoUnit, ...]) -> Iterator[str]:
    for unit in units:
        yield (
            f"  - id: {unit.id}\n    names:\n"
            f"      - {{name: {unit.name}, from: null, to: null}}\n"
            f"    parent: {unit.parent or 'null'}\n"
            f"    level: {unit.level}\n    region: {unit.region}\n"
        )
