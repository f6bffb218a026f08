"""Contradictions put into a filing on purpose (预埋矛盾), and what a careful reader must find."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from random import Random
from typing import TypeAlias

from jixiao.batch.demo.draft import Draft, Form
from jixiao.batch.demo.planted import Planted
from jixiao.batch.demo.plants_in_base import BASE_PLANTS
from jixiao.batch.demo.plants_in_forms import (
    DEPARTMENT_PLANTS,
    FORM_PLANTS,
    PROJECT_PLANTS,
    low_executions,
)

#: The share of unit-years with a contradiction, and how many of them one has.
SHARE = 0.3
_COUNTS = (1, 2, 3)
#: A change of a line restates the total, the grade and what the narrative says of them.
_LAST = frozenset({"A-01", "A-09", "A-11"})

#: A way to plant, and what it needs: the draft, the index of a form, chance.
_Way: TypeAlias = Callable[[Draft, Random], tuple[Draft, Planted] | None]


@dataclass(frozen=True, slots=True)
class _Spot:
    """A check that can be contradicted, and where: only one plant a spot and a check."""

    check: str
    evaluation: str
    area: str
    way: _Way


def plant(draft: Draft, seed: int) -> tuple[Draft, tuple[Planted, ...]]:
    """Contradict a seeded share of drafts, one to three times; give the draft and the truth."""
    chance = Random(f"{seed}/{draft.unit.id}/{draft.year}/plant")
    if chance.random() >= SHARE:
        return draft, tuple(low_executions(draft))
    return contradict(draft, chance)


def contradict(draft: Draft, chance: Random) -> tuple[Draft, tuple[Planted, ...]]:
    """Contradict a draft one to three times; give the draft and what must be found in it."""
    planted = list(low_executions(draft))
    for spot in _chosen(draft, chance):
        done = spot.way(draft, chance)
        if done is not None:
            draft = done[0]
            planted.append(done[1])
    return draft, tuple(sorted(planted, key=lambda entry: (entry.check, entry.evaluation)))


def _chosen(draft: Draft, chance: Random) -> tuple[_Spot, ...]:
    """Choose where to plant, one plant an area; what the others would put right comes last."""
    spots = [spot for spot in _spots(draft) if spot.way(draft, Random(0)) is not None]
    chance.shuffle(spots)
    apart = {(spot.evaluation, spot.area): spot for spot in spots}
    chosen = list(apart.values())[: chance.choice(_COUNTS)]
    return tuple(sorted(chosen, key=lambda spot: spot.check in _LAST))


def _spots(draft: Draft) -> Iterator[_Spot]:
    for check, (area, base_plant) in BASE_PLANTS.items():
        yield _Spot(check, "department", area, base_plant)
    for index, form in enumerate(draft.forms):
        special = PROJECT_PLANTS if form.project else DEPARTMENT_PLANTS
        for check, (area, form_plant) in {**FORM_PLANTS, **special}.items():
            yield _Spot(check, form.key, area, _in_form(index, form_plant))


def _in_form(
    index: int, form_plant: Callable[[Draft, Form, Random], tuple[Form, Planted] | None]
) -> _Way:
    def way(draft: Draft, chance: Random) -> tuple[Draft, Planted] | None:
        done = form_plant(draft, draft.forms[index], chance)
        if done is None:
            return None
        forms = (*draft.forms[:index], done[0], *draft.forms[index + 1 :])
        return replace(draft, forms=forms), done[1]

    return way
