"""The bar that shows a run on a terminal (进度条)."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from jixiao.batch.jobs import Job
    from jixiao.batch.supervisor import Ended


class Bar:
    """A transient bar on standard error; called before each cell."""

    def __init__(self, name: str) -> None:
        from rich import progress
        from rich.console import Console

        self.progress = progress.Progress(
            progress.TextColumn("{task.fields[name]}"),
            progress.BarColumn(bar_width=24),
            progress.MofNCompleteColumn(),
            progress.TimeElapsedColumn(),
            progress.TextColumn("{task.description}", markup=False),
            console=Console(stderr=True),
            transient=True,
        )
        self.task = self.progress.add_task("启动内核", total=None, name=name)

    def __enter__(self) -> Bar:
        """Show the bar."""
        self.progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Take the bar away."""
        self.progress.stop()

    def __call__(self, nb: NotebookNode, index: int) -> None:
        """Move on to a cell."""
        cell = nb.cells[index]
        text = cell.source.strip().partition("\n")[0].lstrip("# ")[:40]
        last = index == len(nb.cells) - 1
        self.progress.update(
            self.task,
            completed=index + 1,
            total=len(nb.cells),
            description="排版" if last else text,
        )


class BatchBar:
    """The bars of a batch: how far it is, and what each worker is at."""

    def __init__(self, total: int, workers: int) -> None:
        from rich import progress
        from rich.console import Console

        self.failed = 0
        self.progress = progress.Progress(
            progress.TextColumn("{task.fields[name]}", markup=False),
            progress.BarColumn(bar_width=24),
            progress.MofNCompleteColumn(),
            progress.TimeElapsedColumn(),
            progress.TimeRemainingColumn(),
            progress.TextColumn("{task.description}", markup=False),
            console=Console(stderr=True),
            transient=True,
        )
        self.whole = self.progress.add_task("", total=total, name="批次")
        self.tasks = [
            self.progress.add_task("启动", total=None, name=f"工作进程 {number + 1}")
            for number in range(min(workers, total))
        ]

    def __enter__(self) -> BatchBar:
        """Show the bars."""
        self.progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Take the bars away."""
        self.progress.stop()

    def at(self, worker: int, job: Job, cell: int, of: int) -> None:
        """Show what a worker is at."""
        self.progress.update(self.tasks[worker], completed=cell, total=of, description=job.name)

    def ended(self, run: Ended) -> None:
        """Count a run that ended."""
        self.failed += run.is_failed
        words = f"失败 {self.failed}" if self.failed else ""
        self.progress.update(self.whole, advance=1, description=words)
