"""A batch is killed, starved and run eight times at once; nothing is lost, doubled or half-written.

``make test`` rehearses a spread of it, ``make killtest`` all; the figures of that run are kept in
``tests/results/kill.json``. Chance comes from seeds, which the figures name. A recipe runs alone by
``make killtest ARGS='-k five_hundred'``, some of its parts by ``JIXIAO_KILL_PARTS=3,4`` before it; they
are then added to the figures that are there.
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
ONLY = {int(part) for part in os.environ.get("JIXIAO_KILL_PARTS", "").split(",") if part}
COUNTED = ("points", "rounds", "units", "cold", "files", "figures", "faults", "neighbours", "sizes")
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


def known() -> dict[str, Any]:
    """The recipes in the record."""
    found: dict[str, Any] = json.loads(RESULTS.read_bytes())["recipes"] if RESULTS.exists() else {}
    return found


def keep(recipe: str, figures: dict[str, Any]) -> None:
    """Keep the figures of one recipe beside those of the others."""
    with FileLock(f"{RESULTS}.lock"):
        record = {
            "what": "batches killed, starved and run at once; then resumed and compared byte by byte",
            "date": datetime.now(UTC).date().isoformat(),
            "machine": f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}",
            "python": platform.python_version(),
            "versions": {name: version(name) for name in ("jixiao", "papermill", "ipykernel")},
            "recipes": dict(sorted((known() | {recipe: figures}).items())),
        }
        RESULTS.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", "utf-8")
    Path(f"{RESULTS}.lock").unlink(missing_ok=True)
    print(recipe, figures)


def gather(stage: Stage, recipe: str, function: str, parts: list[dict[str, Any]]) -> list[str]:
    """Rehearse part after part and keep the sum after each, so that what was done is known."""
    kept = known().get(recipe, {}) if ONLY else {}
    figures: Counter[str] = Counter(kept.get("figures", {}))
    made, wrong, seeds = (list(kept.get(name, [])) for name in ("parts", "wrong", "seeds"))
    loads, spent = list(kept.get("load", [])), kept.get("seconds", 0)
    for number, part in enumerate(parts, 1):
        if ONLY and number not in ONLY:
            continue
        assert number not in made, f"part {number} of “{recipe}” is in the record"
        began = time.monotonic()
        found = stage(function, **part)
        spent += round(time.monotonic() - began)
        figures.update({name: found[name] for name in COUNTED if name in found})
        figures.update(found.get("hits", {}))
        figures.update({f"status {name}": n for name, n in found.get("statuses", {}).items()})
        made.append(number)
        wrong += found["wrong"]
        seeds += [part["seed"]] if "seed" in part else []
        loads.append(round(os.getloadavg()[0], 1))
        told = {"figures": dict(figures), "of_parts": len(parts), "parts": made, "wrong": wrong}
        keep(recipe, told | {"seeds": seeds, "seconds": spent, "load": loads})
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


@pytest.mark.kill
def test_twenty_kills_on_the_real_notebooks_lose_nothing(stage):
    """The department's and the projects' reports as they are, with HTML and PDF."""
    rounds = {"rounds": 5, "as_they_are": True}
    parts = [{"seed": SEED + number} | rounds for number in range(4)]
    assert gather(stage, "kill at random: the real notebooks", "random_kills", parts) == []


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
    parts = [{"sizes": 100, "first": first, "count": PART} for first in range(0, 100, PART)]
    assert gather(stage, "full disk", "full_disks", parts) == []
    assert known()["full disk"]["figures"]["sizes"] == 100, "no disk can be mounted here"


@pytest.mark.kill
@pytest.mark.parametrize("number", [BROKEN, NO_ROOM], ids=["bad-disk", "no-room"])
def test_every_call_refused(stage, number):
    points = list(range(1, stage("calls") + 1))
    parts = [{"points": part, "number": number} for part in in_parts(points)]
    name = "EIO" if number == BROKEN else "ENOSPC"
    assert gather(stage, f"every call refused once: {name}", "errors", parts) == []


# ---------------------------------------------------------------- at once


def test_eight_batches_at_once_make_each_run_once(stage):
    """Half of them wait for their turn, the others are told who is at it; twenty rounds."""
    assert stage("at_once", seed=SEED, rounds=20)["wrong"] == [], f"seed {SEED}"


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


@pytest.mark.kill
def test_thirty_units_know_nothing_of_each_other_in_the_real_notebooks(stage):
    parts = [{"seed": SEED, "units": 30, "cold": 10, "as_they_are": True}]
    assert gather(stage, "isolation: the real notebooks", "strangers", parts) == []
