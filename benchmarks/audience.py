"""The public edition against the internal one, side by side: ``python -m benchmarks audience``.

Both are made by one warm worker of ours, of other units each, so that nothing laid out for one helps
the next; the public one is masked first and looked through last.
"""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path

from benchmarks.figures import spread
from benchmarks.jobs import Work, list_work, make_province
from benchmarks.reports import Warm, warm

SEED = 11
#: Pairs in a round, and reports made first to be warm.
EACH, WARMING = 4, 4
AUDIENCES = ("internal", "public")


def measure_audiences(rounds: int) -> dict[str, object]:
    """Measure departments' reports for both audiences."""
    times: dict[str, list[float]] = {audience: [] for audience in AUDIENCES}
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        units = WARMING + 2 * EACH * rounds
        root = make_province(place / "workspace", units, SEED)
        work = iter(list_work(root, "department", place / "ours"))
        with warm("kernel", root, place / "ours") as ours:
            for number in range(WARMING):
                _make(ours, next(work), AUDIENCES[number % 2])
            for number in range(rounds):
                made: dict[str, list[float]] = {audience: [] for audience in AUDIENCES}
                for pair in range(EACH):
                    # Each goes first as often as the other.
                    for audience in AUDIENCES if pair % 2 else AUDIENCES[::-1]:
                        made[audience].append(_make(ours, next(work), audience))
                for audience, seconds in made.items():
                    times[audience].append(statistics.mean(seconds))
                shown = {audience: round(values[-1], 2) for audience, values in times.items()}
                print(f"audiences {number + 1}/{rounds}: {shown}")
    pairs = zip(times["public"], times["internal"], strict=True)
    return {
        "what": "a department's report by one warm worker: notebook, HTML and PDF",
        "rounds": rounds,
        "reports for each audience in a round": EACH,
        "seconds a report": {audience: spread(values) for audience, values in times.items()},
        "public / internal": spread([public / internal for public, internal in pairs], 2),
    }


def _make(ours: Warm, work: Work, audience: str) -> float:
    told = ours.make(work, audience)
    if told["status"] != "made":
        raise AssertionError(told)
    return float(told["seconds"])
