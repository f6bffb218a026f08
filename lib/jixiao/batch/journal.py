"""The log of a batch (批次日志): one JSON line a run in ``outputs/batches/<id>.jsonl``.

Clocks, durations and hosts are here and nowhere in a run folder. A line is written when a run has
ended, whole or not at all; the log decides nothing.
"""

from __future__ import annotations

import json
import os
import platform
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from jixiao import __version__
from jixiao.batch.jobs import Batch
from jixiao.batch.supervisor import Ended, slowest
from jixiao.datum import Json
from jixiao.workspace.files import append_line

SCHEMA = "jixiao.batch/1"
FOLDER = "batches"


@dataclass(frozen=True, slots=True)
class Journal:
    """The log of one batch, begun when it begins."""

    path: Path

    @classmethod
    def begin(cls, outputs: Path, batch: Batch, workers: int) -> Journal:
        """Begin a log; its name says when, and by which plan."""
        now = datetime.now().astimezone()
        name = f"{now:%Y%m%dT%H%M%S}-{batch.order.name}-{os.getpid()}.jsonl"
        journal = cls(outputs / FOLDER / name)
        journal.write(
            event="begin",
            schema=SCHEMA,
            plan=batch.order.name,
            version=__version__,
            at=now.isoformat(timespec="seconds"),
            host=platform.node(),
            pid=os.getpid(),
            workers=workers,
            runs=len(batch.jobs),
            absent=[f"{unit} {year}" for unit, year in batch.absent],
        )
        return journal

    def write(self, **event: Json) -> None:
        """Write one line."""
        append_line(self.path, json.dumps(event, ensure_ascii=False).encode())

    def ended(self, run: Ended) -> None:
        """Write down a run that ended."""
        self.write(event="run", **ended_as_json(run))

    def end(self, summary: dict[str, Json]) -> None:
        """Write down how the batch ended."""
        at = datetime.now().astimezone().isoformat(timespec="seconds")
        self.write(event="end", at=at, **summary)


def ended_as_json(run: Ended) -> dict[str, Json]:
    """Serialise a run that ended."""
    values: dict[str, Json] = {
        "unit": run.job.unit,
        "year": run.job.year,
        "key": run.job.key,
        "audience": run.job.audience,
        "status": run.status,
        "seconds": round(run.seconds, 3),
        "attempts": run.attempts,
        "folder": run.folder,
    }
    return values | ({"code": run.code, "message": run.message} if run.code else {})


def summary_of(batch: Batch, ended: Sequence[Ended], seconds: float) -> dict[str, Json]:
    """Sum up a batch: counts by status, the slowest, each failure."""
    counts = Counter(run.status for run in ended)
    return {
        "plan": batch.order.name,
        "runs": len(batch.jobs),
        "done": len(ended) - counts["failed"],
        "failed": counts["failed"],
        "left": len(batch.jobs) - len(ended),
        "counts": dict(sorted(counts.items())),
        "absent": len(batch.absent),
        "seconds": round(seconds, 1),
        "slowest": [ended_as_json(run) for run in slowest(ended)],
        "failures": [ended_as_json(run) for run in ended if run.is_failed],
    }
