"""The bars that show a run, or a batch, on a terminal (进度条)."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nbformat import NotebookNode
    from rich.progress import Progress, TaskID

    from jixiao.batch.jobs import Job
    from jixiao.batch.supervisor import Ended

_WIDTH = 24
#: Terminals that cannot move the cursor: what is written on them stays.
_DUMB = frozenset({"dumb", "unknown", ""})


def can_show_bars() -> bool:
    """Tell whether standard error is a terminal on which a line can be drawn again."""
    return sys.stderr.isatty() and os.environ.get("TERM", "").lower() not in _DUMB


@contextmanager
def showing_cells(name: str) -> Iterator[Callable[[NotebookNode, int], None]]:
    """Show one run; what is given is called before each cell."""
    with _bars(time_left=False) as bars:
        task = bars.add_task("启动内核", total=None, name=name)

        def watch(nb: NotebookNode, index: int) -> None:
            text = nb.cells[index].source.strip().partition("\n")[0].lstrip("# ")[:40]
            is_last = index == len(nb.cells) - 1
            words = "排版" if is_last else text
            bars.update(task, completed=index + 1, total=len(nb.cells), description=words)

        yield watch


@contextmanager
def showing_batch(total: int, workers: int) -> Iterator[BatchBars]:
    """Show a batch: how far it is, and what each worker is at."""
    with _bars(time_left=True) as bars:
        yield BatchBars(bars, total, min(workers, total))


class BatchBars:
    """One bar for the batch, one for each worker."""

    def __init__(self, bars: Progress, total: int, workers: int) -> None:
        self.bars, self.failed = bars, 0
        self.whole = bars.add_task("", total=total, name="批次")
        self.tasks: list[TaskID] = [
            bars.add_task("启动", total=None, name=f"工作进程 {number + 1}")
            for number in range(workers)
        ]

    def at(self, worker: int, job: Job, cell: int, of: int) -> None:
        """Show what a worker is at."""
        self.bars.update(self.tasks[worker], completed=cell, total=of, description=job.name)

    def ended(self, run: Ended) -> None:
        """Count a run that ended."""
        self.failed += run.is_failed
        words = f"失败 {self.failed}" if self.failed else ""
        self.bars.update(self.whole, advance=1, description=words)


def _bars(*, time_left: bool) -> Progress:
    """Make bars on standard error that go away when they are left."""
    from rich import progress
    from rich.console import Console

    return progress.Progress(
        progress.TextColumn("{task.fields[name]}", markup=False),
        progress.BarColumn(bar_width=_WIDTH),
        progress.MofNCompleteColumn(),
        progress.TimeElapsedColumn(),
        *([progress.TimeRemainingColumn()] if time_left else []),
        progress.TextColumn("{task.description}", markup=False),
        console=Console(stderr=True),
        transient=True,
    )
