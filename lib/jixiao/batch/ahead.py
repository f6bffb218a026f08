"""Kernels one ahead (备用内核): while a report is printed, the kernel of the next one starts.

A run takes a kernel that no run has used; here it may have been forked before the run was known.
What a kernel leaves, a process that ends and a folder, is cleared away beside the work.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jixiao.batch.kernel import kernel_environment, kill_group, make_kernel_folder, make_manager
from jixiao.kernels import TEMPLATE
from jixiao.kernels.manager import EventKernelManager
from jixiao.kernels.provisioner import READY_SECONDS, ForkedKernel

_END_SECONDS = 10.0


@dataclass(slots=True)
class OwnKernel:
    """A kernel in a folder of its own (内核), from before its start until it is cleared away."""

    workspace: Path
    outputs: Path | None
    folder: Path
    manager: EventKernelManager
    started: bool = False
    forked: ForkedKernel | None = None

    @classmethod
    def make(cls, workspace: Path, outputs: Path | None, *, early: bool = False) -> OwnKernel:
        """Make the folder and the manager; nothing runs yet."""
        folder = make_kernel_folder()
        return cls(workspace, outputs, folder, make_manager(folder, early=early))

    async def start(self) -> None:
        """Start it; what was made early is then not yet ready.

        Raises
        ------
        RuntimeError, OSError : it did not start.
        """
        notebooks = self.workspace / "notebooks"
        await self.manager.start_kernel(
            env=kernel_environment(self.workspace, self.folder, self.outputs),
            cwd=str(notebooks if notebooks.is_dir() else self.workspace),
        )
        self.started = True
        process: object = getattr(self.manager.provisioner, "process", None)
        self.forked = process if isinstance(process, ForkedKernel) else None

    async def ready(self) -> None:
        """Wait until it can be talked to; start it if nobody has.

        Raises
        ------
        RuntimeError, OSError : it did not start.
        """
        if not self.started:
            await self.start()
        if self.forked is not None:
            await asyncio.wait_for(self.forked.ready(), READY_SECONDS)

    def is_alive(self) -> bool:
        """Whether a forked kernel has not ended."""
        return self.forked is not None and self.forked.poll() is None

    def discard(self) -> None:
        """Kill it although no run has used it, and clear it away."""
        kill_group(self.manager)
        self.manager.context.destroy()
        self.leave()

    def leave(self) -> None:
        """Clear away what is left of a kernel that was killed; of a forked one beside the work."""
        if self.forked is None:
            shutil.rmtree(self.folder, ignore_errors=True)
        else:
            _cleaner().submit(_clear, self.forked, self.folder)


@dataclass(slots=True)
class _Ahead:
    kernel: OwnKernel | None = None


_ahead = _Ahead()


def start_ahead(workspace: Path, outputs: Path | None) -> None:
    """Let the template fork the next run's kernel; without a template nothing happens."""
    if _ahead.kernel is not None or not os.environ.get(TEMPLATE):
        return
    kernel = OwnKernel.make(workspace, outputs, early=True)
    try:
        asyncio.run(kernel.start())
    except (RuntimeError, OSError):
        kernel.discard()  # the run that needs one will start its own, and say why it cannot
    else:
        _ahead.kernel = kernel


def take_kernel(workspace: Path, outputs: Path | None) -> OwnKernel:
    """Give a kernel no run has used: the one ahead, if it lives and was started for the same place.

    Parameters
    ----------
    outputs : where the kernel finds finished runs; default the workspace's own.
    """
    kernel, _ahead.kernel = _ahead.kernel, None
    if kernel is not None:
        if (kernel.workspace, kernel.outputs) == (workspace, outputs) and kernel.is_alive():
            return kernel
        kernel.discard()
    return OwnKernel.make(workspace, outputs)


def abandon() -> None:
    """End the kernel ahead, and wait until every kernel is cleared away."""
    if _ahead.kernel is not None:
        _ahead.kernel.discard()
        _ahead.kernel = None
    settle()


def settle() -> None:
    """Wait until what ended kernels left is cleared away."""
    _cleaner().submit(int).result()


@cache
def _cleaner() -> ThreadPoolExecutor:
    """One thread, so that what was left first is cleared first."""
    return ThreadPoolExecutor(1, "jixiao-cleaner")


def _clear(process: ForkedKernel, folder: Path) -> None:
    try:
        process.wait(_END_SECONDS)
    except (subprocess.TimeoutExpired, OSError):
        process.connection.close()  # the template ends it when it hears nobody any more
    shutil.rmtree(folder, ignore_errors=True)
