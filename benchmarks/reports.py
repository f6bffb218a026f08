"""One report, one worker: ours, the rivals', and the limit, interleaved: ``python -m benchmarks one``.

Every report measured is of another unit of a synthetic province, so that nothing laid out for one
helps the next; what is warm is what a night's batch has warm. Each round: one report by A, one by
A', several by a warm worker of ours and the same ones by the limit.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.figures import spread
from benchmarks.jobs import ROOT, Work, list_work, make_province
from benchmarks.rivals import notebooker, run_notebooker, with_jupyterlab, without_jupyterlab
from jixiao.model import Kind

SEED = 7
#: Reports of ours and of the limit in a round, and those made first to be warm.
EACH, WARMING = 4, 3


@dataclass(frozen=True, slots=True)
class Warm:
    """A warm process and the two ends of its pipe."""

    process: subprocess.Popen[str]
    outputs: Path

    # Any: what `benchmarks.warm` writes as JSON.
    def make(self, work: Work, audience: str = "internal") -> dict[str, Any]:
        """Make one report and give what the process says of it."""
        if self.process.stdin is None or self.process.stdout is None:
            raise AssertionError
        job = {
            "unit": work.unit, "year": work.year, "key": work.key, "notebook": work.notebook.name,
            "parameters": dict(work.parameters) | {"audience": audience},
            "audience": audience, "outputs": str(self.outputs),
        }  # fmt: skip
        print(json.dumps(job), file=self.process.stdin, flush=True)
        told: dict[str, Any] = json.loads(self.process.stdout.readline())
        return told


@contextmanager
def warm(mode: str, workspace: Path, outputs: Path) -> Iterator[Warm]:
    """Start a warm process, and end it."""
    command = [sys.executable, "-m", "benchmarks.warm", mode, str(workspace)]
    process = subprocess.Popen(
        command, cwd=ROOT, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    if process.stdout is None or process.stdin is None:
        raise AssertionError
    process.stdout.readline()
    try:
        yield Warm(process, outputs)
    finally:
        process.stdin.close()
        process.wait()


def measure_one(kind: Kind, rounds: int) -> dict[str, object]:
    """Measure one kind of report."""
    lab, bare, core = with_jupyterlab(), without_jupyterlab(), notebooker()
    times: dict[str, list[float]] = {
        name: [] for name in ("A", "A'", "Notebooker", "ours", "limit")
    }
    cells: list[float] = []
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        root = make_province(place / "workspace", 4 + rounds * EACH, SEED)
        work = iter(list_work(root, kind, place / "ours"))
        with (
            warm("kernel", root, place / "ours") as ours,
            warm("limit", root, place / "limit") as limit,
        ):
            for _ in range(WARMING):
                _same(one := next(work), ours.make(one), limit.make(one))
            for number in range(rounds):
                chosen = [next(work) for _ in range(EACH)]
                for rival, title in ((lab, "A"), (bare, "A'")):
                    begun = time.perf_counter()
                    rival.run(chosen[0], place / f"{rival.name}-{number}")
                    times[title].append(time.perf_counter() - begun)
                begun = time.perf_counter()
                run_notebooker(core, chosen[0], place / f"notebooker-{number}")
                times["Notebooker"].append(time.perf_counter() - begun)
                made = []
                for one in chosen:
                    made.append((ours.make(one), limit.make(one)))
                    _same(one, *made[-1])
                times["ours"].append(sum(told["seconds"] for told, _ in made) / EACH)
                times["limit"].append(sum(told["seconds"] for _, told in made) / EACH)
                cells.append(sum(told["cells"] for _, told in made) / EACH)
                print(
                    f"{kind} {number + 1}/{rounds}: { {k: round(v[-1], 2) for k, v in times.items()} }"
                )
    return _summary(times, cells, rounds)


def _same(work: Work, *told: dict[str, Any]) -> None:
    """Make sure that both ways made the same report."""
    for name in ("result.json", "report.html"):
        first, second = (Path(one["folder"], name).read_bytes() for one in told)
        if first != second:
            sys.exit(f"{work.name}: {name} differs between ours and the limit")


def _summary(times: dict[str, list[float]], cells: list[float], rounds: int) -> dict[str, object]:
    ours = times["ours"]
    above = [all_of - part for all_of, part in zip(ours, cells, strict=True)]
    ratios = {
        f"{name} / ours": spread([b / a for b, a in zip(times[name], ours, strict=True)], 1)
        for name in ("A", "A'", "Notebooker")
    }
    limit = [a / b for a, b in zip(ours, times["limit"], strict=True)]
    return {
        "rounds": rounds,
        "reports of ours in a round": EACH,
        "seconds a report": {name: spread(values) for name, values in times.items()},
        "seconds of the cells alone": spread(cells),
        "seconds above the cells": spread(above),
        "ratios": ratios,
        "ours / limit": spread(limit, 2),
    }
