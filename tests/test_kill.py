"""A batch is killed, starved and run eight times at once; nothing is lost, doubled or half-written.

``make test`` rehearses a spread of it, ``make killtest`` all; the figures of that run are kept in
``tests/results/kill.json``. Chance comes from seeds, which the figures name.
"""

import json
import os
import platform
import time
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


def gather(stage: Stage, function: str, parts: list[dict[str, Any]]) -> tuple[list[str], float]:
    """Rehearse part after part; give what was wrong, and the seconds it took."""
    began, wrong = time.monotonic(), []
    for part in parts:
        wrong += stage(function, **part)["wrong"]
    return wrong, time.monotonic() - began


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
    wrong, seconds = gather(stage, "sweep", parts)
    who = "the calling process alone" if alone else "it and the supervisor"
    keep(f"kill at every call: {who}", points=len(points), wrong=wrong, seconds=round(seconds))
    assert wrong == []


# ---------------------------------------------------------------- kill -9 at any time


def test_a_kill_of_any_process_at_any_time_loses_nothing(stage):
    """Supervisor, worker, template and kernel, each alone, in thirty rounds."""
    found = stage("random_kills", seed=SEED, rounds=30)
    assert found["wrong"] == [], f"seed {SEED}"
    assert sum(found["hits"].values()) >= 28


@pytest.mark.kill
def test_five_hundred_kills_lose_nothing(stage):
    began, wrong, hits = time.monotonic(), [], dict[str, int]()
    for part in range(20):
        found = stage("random_kills", seed=SEED + part, rounds=25)
        wrong += [f"seed {SEED + part}: {line}" for line in found["wrong"]]
        for victim, count in found["hits"].items():
            hits[victim] = hits.get(victim, 0) + count
    seconds = round(time.monotonic() - began)
    seeds = f"{SEED} to {SEED + 19}"
    keep("kill at random", seeds=seeds, kills=hits, wrong=wrong, seconds=seconds)
    assert wrong == []


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
    wrong, seconds = gather(stage, "errors", parts)
    name = "every call fails once with EIO" if number == BROKEN else "every call fails once: ENOSPC"
    keep(name, points=len(points), wrong=wrong, seconds=round(seconds))
    assert wrong == []


# ---------------------------------------------------------------- at once


def test_eight_batches_at_once_make_each_run_once(stage):
    """Half of them wait for their turn, the others are told who is at it; twenty rounds."""
    assert stage("at_once", seed=SEED, rounds=20)["wrong"] == [], f"seed {SEED}"


@pytest.mark.kill
def test_eight_batches_at_once_two_hundred_times(stage):
    parts = [{"seed": SEED + number, "rounds": 20} for number in range(10)]
    wrong, seconds = gather(stage, "at_once", parts)
    seeds = f"{SEED} to {SEED + 9}"
    keep("eight at once", seeds=seeds, rounds=200, wrong=wrong, seconds=round(seconds))
    assert wrong == []
