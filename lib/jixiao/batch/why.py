"""Why a run would be made again (为何要重做): what changed since the run that counts.

Held against each other are what decides the run now and what the manifest of the current run says
decided it then, input by input. Nothing is run and nothing is written.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

from jixiao.batch.folders import damage_of, last_failure
from jixiao.batch.plan import RunPlan
from jixiao.datum import Json
from jixiao.workspace.files import read_pointer
from jixiao.workspace.runs import CURRENT, MANIFEST

#: ``unchanged``: nothing to do. ``changed``: something differs from the current run. ``damaged``:
#: the run is there but not as it was written. ``not-current``: the run is there, whole, and the
#: pointer alone is missing or points elsewhere. ``none``: no run has ever reached its end.
State: TypeAlias = Literal["unchanged", "changed", "damaged", "not-current", "none"]
Difference: TypeAlias = Literal["added", "removed", "changed"]

_DECIDING = ("schema", "notebook", "audience", "formats", "parameters")


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that decides a run and is no longer what it was (变化)."""

    name: str
    difference: Difference

    def as_json(self) -> Json:
        """Serialise for machines."""
        return {"name": self.name, "kind": kind_of(self.name), "difference": self.difference}


@dataclass(frozen=True, slots=True)
class Why:
    """What a batch would do with one run, and why (为何).

    ``current`` is the run that counts now, if any; ``failure`` what was said when this very run
    was last tried and failed, else when any earlier one of the key did and none has succeeded.
    ``pointer`` is what should lead to it.
    """

    name: str
    state: State
    run: str
    current: str | None = None
    changes: tuple[Change, ...] = ()
    damage: str | None = None
    failure: str | None = None
    pointer: str = CURRENT

    @property
    def is_to_do(self) -> bool:
        """Whether a batch would run it."""
        return self.state in ("changed", "damaged", "none")

    def as_json(self) -> dict[str, Json]:
        """Serialise for machines."""
        return {
            "name": self.name,
            "state": self.state,
            "run": self.run,
            "current": self.current,
            "changes": [change.as_json() for change in self.changes],
            "damage": self.damage,
            "failure": self.failure,
        }


def explain(plan: RunPlan) -> Why:
    """Say what a batch would do with a run, and why."""
    key = plan.folder.parent
    current = read_pointer(plan.pointer)
    failure = _failure_in(plan.failed_folder)
    if plan.folder.is_dir():
        damage = damage_of(plan.folder, plan.decided, plan.run)
        state: State = (
            "damaged" if damage else "unchanged" if current == plan.run else "not-current"
        )
        pointer = plan.pointer.name
        return Why(
            plan.name, state, plan.run, current, damage=damage, failure=failure, pointer=pointer
        )
    then = _read(key / current / MANIFEST) if current else None
    if then is None:
        broken = f"{current} 不在或不完整" if current else None
        return Why(
            plan.name,
            "damaged" if broken else "none",
            plan.run,
            current,
            damage=broken,
            failure=failure or _last_failure(key, plan.audience),
        )
    changes = tuple(compare(then, plan.decided))
    return Why(plan.name, "changed", plan.run, current, changes, failure=failure)


def compare(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Change]:
    """List what differs between what decided two runs: the run's own settings, then its inputs.

    >>> old = {"formats": ["html"], "inputs": [{"name": "requirements.lock", "sha256": "a"}]}
    >>> new = {"formats": ["html"], "inputs": [{"name": "requirements.lock", "sha256": "b"}]}
    >>> [(change.name, change.difference) for change in compare(old, new)]
    [('requirements.lock', 'changed')]
    """
    for name in _DECIDING:
        if then.get(name) != now.get(name):
            yield Change(name, "changed")
    before, after = _inputs_of(then), _inputs_of(now)
    for name in sorted(before.keys() | after.keys()):
        if name not in before:
            yield Change(name, "added")
        elif name not in after:
            yield Change(name, "removed")
        elif before[name] != after[name]:
            yield Change(name, "changed")


def kind_of(name: str) -> str:
    """Say in one word what sort of thing an input is.

    >>> kind_of("data/filings/ziyang-justice/2022/filing.txt"), kind_of("params/rubrics/x.yaml")
    ('filing', 'rubric')
    >>> kind_of("params/units/ziyang-justice/2022.yaml"), kind_of("formats")
    ('params', 'setting')
    """
    folder, _, rest = name.partition("/")
    match folder:
        case "data":
            return "filing"
        case "params":
            return "rubric" if rest.startswith("rubrics/") else "params"
        case "notebooks":
            return "notebook"
        case "package":
            return "versions" if rest == "versions" else "package"
        case "fonts":
            return "fonts"
        case _:
            return "setting" if name in _DECIDING else "lock"


# Any: what a manifest of another version may hold.
def _inputs_of(decided: Mapping[str, Any]) -> dict[str, str]:
    listed = decided.get("inputs")
    return {
        str(item.get("name")): str(item.get("sha256"))
        for item in (listed if isinstance(listed, list) else ())
        if isinstance(item, dict)
    }


def _read(path: Path) -> dict[str, Any] | None:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _failure_in(folder: Path) -> str | None:
    told = _read(folder / "failure.json")
    return str(told.get("message") or told.get("code")) if told else None


def _last_failure(key: Path, audience: str) -> str | None:
    """Give what was said by the failed run of a key that was kept last."""
    found = last_failure(key, audience=audience) if key.is_dir() else None
    return _failure_in(found) if found else None
