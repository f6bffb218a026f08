"""How a batch is shown while it runs (进展): bars on a terminal, now and then a line elsewhere."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

import click

from jixiao.cli.bar import can_show_bars, showing_batch
from jixiao.cli.summary import failure_line

if TYPE_CHECKING:
    from jixiao.batch.jobs import Job
    from jixiao.batch.supervisor import Ended

_LINE_SECONDS = 30.0


class Show(Protocol):
    """Shows a batch while it runs."""

    def at(self, worker: int, job: Job, cell: int, of: int) -> None:
        """Show what a worker is at."""

    def ended(self, run: Ended) -> None:
        """Show a run that ended."""


@contextmanager
def showing(total: int, workers: int) -> Iterator[Show]:
    """Show a batch by bars on a terminal; elsewhere by lines, few enough for a log."""
    if can_show_bars():
        with showing_batch(total, workers) as bars:
            yield bars
    else:
        yield _Lines(total)


class _Lines:
    """Prints failures at once, and how far the batch is every half minute."""

    def __init__(self, total: int) -> None:
        self.total, self.done, self.failed = total, 0, 0
        self.began = self.said = time.monotonic()

    def at(self, worker: int, job: Job, cell: int, of: int) -> None:
        """Say nothing of single cells."""

    def ended(self, run: Ended) -> None:
        """Count; say a failure, and now and then how far it is."""
        self.done += not run.is_failed
        self.failed += run.is_failed
        if run.is_failed:
            click.echo(f"✗ {failure_line(run)}", err=True)
        now = time.monotonic()
        if now - self.said > _LINE_SECONDS:
            self.said = now
            left = self.total - self.done - self.failed
            rate = (self.done + self.failed) / (now - self.began)
            click.echo(
                f"完成 {self.done}，失败 {self.failed}，余 {left}，每分钟 {rate * 60:.0f} 份，"
                f"约余 {left / rate / 60:.0f} 分钟",
                err=True,
            )
