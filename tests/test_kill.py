"""A batch is killed, starved and run eight times at once; nothing is lost, doubled or half-written.

``make test`` rehearses a spread of it, ``make killtest`` all; the figures of that run are kept in
``tests/results/kill.json``. Chance comes from seeds, which the figures name.
"""

import json
import os
import platform
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from tests.faults import BROKEN, NO_ROOM
from tests.stage import Stage

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]
RESULTS = Path(__file__).parent / "results" / "kill.json"
PART = 25
SEED = int(os.environ.get("JIXIAO_KILL_SEED", "20261124"))


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    """A process with everything imported, from which batches are forked."""
    made = Stage()
    yield made
    made("done")
    made.close()


def spread(count: int, of: int) -> list[int]:
    """So many points of 1 to `of`, evenly."""
    return sorted({1 + number * of // count for number in range(min(count, of))})


def keep(recipe: str, **figures: Any) -> None:
    """Keep the figures of one recipe beside those of the others."""
    with FileLock(f"{RESULTS}.lock"):
        known = json.loads(RESULTS.read_bytes()) if RESULTS.exists() else {"recipes": {}}
        known = {
            "what": "batches killed, starved and run at once; then resumed and compared byte by byte",
            "date": datetime.now(UTC).date().isoformat(),
            "machine": f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}",
            "python": platform.python_version(),
            "versions": {name: version(name) for name in ("jixiao", "papermill", "ipykernel")},
            "recipes": dict(sorted((known["recipes"] | {recipe: figures}).items())),
        }
        RESULTS.write_text(json.dumps(known, ensure_ascii=False, indent=1) + "\n", "utf-8")
    Path(f"{RESULTS}.lock").unlink(missing_ok=True)
    print(recipe, figures)


def gather(stage: Stage, recipe: str, function: str, parts: list[dict[str, Any]]) -> list[str]:
    """Rehearse part after part and keep the sum after each, so that what was done is known."""
    began, wrong, counted = time.monotonic(), list[str](), Counter[str]()
    for number, part in enumerate(parts, 1):
        found = stage(function, **part)
        wrong += found.pop("wrong")
        for key in ("points", "rounds", "units", "cold", "faults", "neighbours"):
            counted[key] += found.get(key, 0)
        counted.update(found.get("hits", {}))
        seeds = {"seeds": [one["seed"] for one in parts[:number]]} if "seed" in part else {}
        figures = {key: count for key, count in counted.items() if count}
        keep(
            recipe,
            **figures,
            parts=f"{number} of {len(parts)}",
            **seeds,
            wrong=wrong,
            seconds=round(time.monotonic() - began),
        )
    return wrong


def in_parts(points: list[int]) -> list[list[int]]:
    return [points[start : start + PART] for start in range(0, len(points), PART)]


# ---------------------------------------------------------------- kill -9 at every call


def test_a_kill_at_any_call_of_the_writer_loses_nothing(stage):
    """Sixty of the calls that make files last; the next batch ends as an undisturbed one."""
    found = stage("sweep", points=spread(60, stage("calls")))
    assert (found["points"], found["wrong"]) == (60, [])


def test_a_writer_that_writes_in_place_is_found(stage):
    """The rehearsal itself: it sees what a kill does to files that are not made whole."""
    found = stage("sweep", points=spread(8, stage("calls")), in_place=True)
    assert any("/damaged-" in line for line in found["wrong"])


@pytest.mark.kill
@pytest.mark.parametrize("alone", [True, False], ids=["alone", "with-supervisor"])
def test_a_kill_at_every_call_loses_nothing(stage, alone):
    points = list(range(1, stage("calls") + 1))
    parts = [{"points": part, "alone": alone} for part in in_parts(points)]
    who = "the calling process alone" if alone else "it and the supervisor"
    assert gather(stage, f"kill at every call: {who}", "sweep", parts) == []


# ---------------------------------------------------------------- kill -9 at any time


def test_a_kill_of_any_process_at_any_time_loses_nothing(stage):
    """Supervisor, worker, template and kernel, each alone, in thirty rounds."""
    found = stage("random_kills", seed=SEED, rounds=30)
    assert found["wrong"] == [], f"seed {SEED}"
    assert sum(found["hits"].values()) >= 28


@pytest.mark.kill
def test_five_hundred_kills_lose_nothing(stage):
    parts = [{"seed": SEED + number, "rounds": PART} for number in range(500 // PART)]
    assert gather(stage, "kill at random", "random_kills", parts) == []


# ---------------------------------------------------------------- disks


def test_a_full_disk_is_told_and_what_was_there_stands(stage):
    """Twenty amounts of room, from none to nearly enough; then there is room, and it goes on."""
    found = stage("full_disks", sizes=20)
    if found["denied"]:
        print("no disk of our own can be mounted here: every twentieth write is refused instead")
        points = spread(20, stage("calls"))
        found = stage("errors", points=points, number=NO_ROOM, on=True)
    assert found["wrong"] == []


def test_a_bad_disk_is_told_and_what_was_there_stands(stage):
    found = stage("errors", points=spread(12, stage("calls")), number=BROKEN)
    assert (found["points"], found["wrong"]) == (12, [])


@pytest.mark.kill
def test_a_hundred_full_disks(stage):
    began = time.monotonic()
    found = stage("full_disks", sizes=100)
    keep("full disk", **found, seconds=round(time.monotonic() - began))
    assert found["wrong"] == []
    assert not found["denied"]


@pytest.mark.kill
@pytest.mark.parametrize("number", [BROKEN, NO_ROOM], ids=["bad-disk", "no-room"])
def test_every_call_refused(stage, number):
    points = list(range(1, stage("calls") + 1))
    parts = [{"points": part, "number": number} for part in in_parts(points)]
    name = "EIO" if number == BROKEN else "ENOSPC"
    assert gather(stage, f"every call refused once: {name}", "errors", parts) == []


# ---------------------------------------------------------------- at once


def test_eight_batches_at_once_make_each_run_once(stage):
    """Half of them wait for their turn, the others are told who is at it; ten rounds."""
    assert stage("at_once", seed=SEED, rounds=10)["wrong"] == [], f"seed {SEED}"


@pytest.mark.kill
def test_eight_batches_at_once_two_hundred_times(stage):
    parts = [{"seed": SEED + number, "rounds": 20} for number in range(10)]
    assert gather(stage, "eight at once", "at_once", parts) == []


# ---------------------------------------------------------------- what notebooks do


def test_a_notebook_that_stops_early_is_never_complete(stage):
    """Five ways to end in each cell, ten to hang, three to be greedy; eight good neighbours."""
    found = stage("notebooks_that_fail")
    assert (found["faults"], found["neighbours"], found["wrong"]) == (28, 8, [])


@pytest.mark.kill
def test_notebooks_that_stop_early_five_times(stage):
    assert gather(stage, "notebooks that fail", "notebooks_that_fail", [{}] * 5) == []


# ---------------------------------------------------------------- one unit and the others


def test_thirty_units_know_nothing_of_each_other(stage):
    """In two orders, by one worker and two, warm and (three of them) cold."""
    found = stage("strangers", seed=SEED, units=30, cold=3)
    assert (found["wrong"], found["units"]) == ([], 30), f"seed {SEED}"
    assert found["figures"] > 80


@pytest.mark.kill
def test_two_hundred_units_know_nothing_of_each_other(stage):
    parts = [{"seed": SEED, "units": 200, "cold": 200}]
    assert gather(stage, "isolation", "strangers", parts) == []
