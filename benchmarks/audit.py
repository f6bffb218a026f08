"""Reading, scoring and auditing, measured apart in one warm process, and over many filings.

``FILINGS`` of the environment is how many filings of a synthetic province are judged one after the
other in the process; its memory and the time of late ones against early ones are kept.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import psutil

from benchmarks.figures import spread
from benchmarks.jobs import make_province
from jixiao.audit import examine
from jixiao.importers.opening import open_filing
from jixiao.rubric import open_checklist, open_rubrics
from jixiao.scoring import score
from jixiao.workspace.fonts import code_points
from jixiao.workspace.places import Workspace

#: What all checks of one filing may take in a warm process, in milliseconds.
TARGET = 50
ROUNDS = 30
YEARS = 4
FILINGS = int(os.environ.get("FILINGS", "10000"))
T = TypeVar("T")


def measure_audit() -> dict[str, object]:
    """Measure the sample filing, then a province."""
    sample = Workspace(Path(__file__).parent.parent)
    figures: dict[str, object] = {
        "target, milliseconds of all checks": TARGET,
        "the sample, milliseconds": _apart(
            [(sample, "ziyang-justice", 2022)] * (ROUNDS + 5), warm=5
        ),
    }
    with tempfile.TemporaryDirectory() as name:
        root = Path(name) / "workspace"
        make_province(root, max(FILINGS // (YEARS * 5), 10), 11, years=YEARS)
        figures["a province"] = _many(Workspace(root))
    return figures


def _apart(filings: list[tuple[Workspace, str, int]], warm: int) -> dict[str, object]:
    """Time the three steps of each filing; the first ones only warm the process."""
    times = [_steps(*filing) for filing in filings][warm:]
    return {
        step: spread([1000 * entry[place] for entry in times], 1)
        for place, step in enumerate(("reading", "scoring", "auditing"))
    }


def _many(workspace: Workspace) -> dict[str, object]:
    """Judge many filings one after the other in this process."""
    known = [(unit, year) for unit in workspace.units() for year in workspace.years(unit)]
    process = psutil.Process()
    seconds, memory = [], []
    for number in range(FILINGS):
        unit, year = known[number % len(known)]
        seconds.append(_steps(workspace, unit, year))
        if number % 50 == 0:
            memory.append(process.memory_info().rss / 1e6)
    fifth = max(FILINGS // 5, 1)
    totals = [sum(steps) for steps in seconds]
    half = memory[len(memory) // 2]
    return {
        "filings": FILINGS,
        "different ones": len(known),
        "milliseconds": {
            step: spread([1000 * entry[place] for entry in seconds[fifth:]], 1)
            for place, step in enumerate(("reading", "scoring", "auditing"))
        },
        "late / early, median of a filing": round(
            statistics.median(totals[-fifth:]) / statistics.median(totals[fifth : 2 * fifth]), 3
        ),
        "MB at half, at the end, at most": [round(m) for m in (half, memory[-1], max(memory))],
    }


def _steps(workspace: Workspace, unit: str, year: int) -> tuple[float, float, float]:
    """Give the seconds of reading (last year's filing included), scoring and auditing."""
    rubrics, checklist = open_rubrics(unit, year, workspace=workspace), open_checklist(workspace)
    reading, filing = _timed(lambda: open_filing(unit, year, workspace))
    scoring, cards = _timed(lambda: score(filing, rubrics))
    auditing, _ = _timed(lambda: examine(filing, cards, rubrics, checklist, code_points()))
    return reading, scoring, auditing


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    """Time the processor: the work waits for nothing, and others' work does not count."""
    start = time.process_time()
    found = work()
    return time.process_time() - start, found
