"""Which row of the base-data table belongs under which (层级): 其中, numbering, indent."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from jixiao.importers.cells import clean
from jixiao.importers.forms import BlockForm
from jixiao.model import bare_label

_AMONG = re.compile(r"其\s*中\s*[:：]?\s*")
_NUMBER = re.compile(r"(?P<bracket>[（(])?(?P<value>[0-9]{1,2})\s*[、.．)）]")


@dataclass(frozen=True, slots=True)
class Place:
    """A row's label as printed, its level from 0, and the label above it as printed."""

    label: str
    level: int
    parent: str | None

    @property
    def name(self) -> str:
        """The label without 其中 and numbering."""
        return bare_label(self.label).strip("：: 　")


def place_rows(texts: Sequence[str], form: BlockForm) -> list[Place]:
    """Place the rows of the money block.

    >>> from jixiao.importers.forms import known_forms
    >>> form = known_forms()[1].block("expenditure")
    >>> rows = place_rows(["三公经费", "1、公务用车", "其中：公车购置", "  公车运行维护"], form)
    >>> [(place.level, place.parent) for place in rows]
    [(0, None), (1, '三公经费'), (2, '1、公务用车'), (2, '1、公务用车')]
    >>> rows = place_rows(["项目支出", "1、甲", "其中：1、乙", "2、丙", "2、丙", "3、丁", "2、戊"], form)
    >>> [place.level for place in rows]
    [0, 1, 2, 2, 2, 2, 1]
    """
    places: list[Place] = []
    for text in texts:
        places.append(_place(text, places, form))
    return places


def _place(text: str, above: Sequence[Place], form: BlockForm) -> Place:
    label = clean(text)
    if number := _number_of(label):
        sibling = _sibling(number, above, Place(label, 0, None).name)
        if sibling:
            return Place(label, sibling.level, sibling.parent)
    if number or _AMONG.match(label):
        return _under(label, above[-1] if above else None)
    name = Place(label, 0, None).name
    for place in reversed(above):
        if name in form.labels.get(f"children of {place.name}", ()):
            return _under(label, place)
    if above and name not in form.labels["top_labels"] and _continues(text, above[-1]):
        return Place(label, above[-1].level, above[-1].parent)
    return Place(label, 0, None)


def _under(label: str, parent: Place | None) -> Place:
    return Place(label, parent.level + 1, parent.label) if parent else Place(label, 0, None)


def _number_of(label: str) -> tuple[bool, int] | None:
    """The numbering of a label: whether it stands in brackets, and its value."""
    match = _NUMBER.match(_AMONG.sub("", label, count=1))
    return (match["bracket"] is not None, int(match["value"])) if match else None


def _sibling(number: tuple[bool, int], above: Sequence[Place], name: str) -> Place | None:
    """The numbered row whose list this number goes on with, None where it begins a list.

    A row that stands there twice goes on with its list too.
    """
    lowest: int | None = None
    for place in reversed(above):
        other = _number_of(place.label)
        level = place.level
        if other and other[0] == number[0] and (lowest is None or level <= lowest):
            if other[1] < number[1] or (other[1] == number[1] and place.name == name):
                return place
            # This list is past the number already; one further out may go on.
            level -= 1
        lowest = level if lowest is None else min(lowest, level)
    return None


def _continues(text: str, before: Place) -> bool:
    """Whether an indented row goes on with the parts that the row before it begins."""
    body = text.removeprefix("\t")
    return before.level > 0 and len(body) > len(body.lstrip(" 　"))
