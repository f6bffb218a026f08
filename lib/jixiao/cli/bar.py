"""The bar that shows a run on a terminal (进度条)."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nbformat import NotebookNode


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
