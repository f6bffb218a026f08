"""The papermill engine ``jixiao`` (运行引擎): runs cells, and says truly what became of each.

papermill's own engine saves every cell as ``completed``, also after a kernel was killed or a
cell timed out (FAULTS.md §0.1). Here each cell gets ``metadata.jixiao.state``: ``done``,
``failed``, ``killed``, ``timed_out`` or ``never_ran``, and the notebook that of its worst cell.
"""

from __future__ import annotations

import asyncio
import logging
import math
import sys
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import ensure_async, run_sync
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from jixiao.batch.ahead import OwnKernel, take_kernel
from jixiao.batch.client import Client
from jixiao.batch.kernel import kill_group
from jixiao.batch.streams import join_streams
from jixiao.kernels.escaped import end_escaped_of, mark

State: TypeAlias = Literal["done", "failed", "killed", "timed_out", "never_ran"]
#: Called before each cell with the notebook as it runs and the cell's index from 0.
Watch: TypeAlias = Callable[[NotebookNode, int], None]
ENGINE = "jixiao"
KERNEL = "python3"

_log = logging.getLogger(__name__)
_log.addHandler(logging.NullHandler())


@dataclass(frozen=True, slots=True)
class Limits:
    """How long things may take, in seconds, and how much memory in bytes (时限与内存).

    ``memory`` limits the kernel's address space where the system can, 0 for no limit.
    """

    cell: float = 300
    notebook: float = 900
    start: float = 60
    memory: int = 0


DEFAULT_LIMITS = Limits()


class NotebookStopped(Exception):
    """A notebook that did not reach its end; `nb` is as far as it came.

    Parameters
    ----------
    code : ``cell-failed``, ``kernel-died``, ``cell-timeout``, ``run-timeout``,
        ``output-too-large`` or ``kernel-start``.
    index : the cell, from 0; None where no cell was reached.
    """

    def __init__(self, code: str, nb: NotebookNode, index: int | None, state: State) -> None:
        super().__init__(f"{code} at cell {index}")
        self.code, self.nb, self.index, self.state = code, nb, index, state


class JixiaoEngine:
    """Engine for ``papermill.execute_notebook(..., engine_name="jixiao")``."""

    @classmethod
    def execute_notebook(
        cls,
        nb: NotebookNode,
        kernel_name: str,
        *,
        output_path: str | None = None,
        limits: Limits = DEFAULT_LIMITS,
        workspace: Path | None = None,
        outputs: Path | None = None,
        watch: Watch | None = None,
        **ignored: object,
    ) -> NotebookNode:
        """Run a notebook's cells in place and give it back without papermill's own records.

        Parameters
        ----------
        workspace : the kernel works in its ``notebooks`` folder; default the current folder.
        outputs : where the kernel finds finished runs; default the workspace's own.
        watch : called before each cell.
        ignored : what papermill passes to any engine.

        Raises
        ------
        NotebookStopped : the notebook did not reach its end.
        """
        strip_papermill(nb)
        for cell in nb.cells:
            _mark(cell, "never_ran")
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
        _mark(nb, "never_ran")
        try:
            kernel = take_kernel(workspace or Path.cwd(), outputs)
            _run(_execute(nb, kernel, limits, watch))
        except NotebookStopped:
            if output_path is not None:
                from papermill.iorw import write_ipynb

                write_ipynb(nb, output_path)
            raise
        return nb

    @classmethod
    def nb_kernel_name(cls, nb: NotebookNode, name: str | None = None) -> str:
        """Name the kernel: always this interpreter's."""
        return KERNEL

    @classmethod
    def nb_language(cls, nb: NotebookNode, language: str | None = None) -> str:
        """Name the language."""
        return "python"


def register() -> None:
    """Make papermill know the engine where the package's entry points are not installed."""
    from papermill.engines import papermill_engines

    papermill_engines.register(ENGINE, JixiaoEngine)


def strip_papermill(nb: NotebookNode) -> None:
    """Remove papermill's metadata: start, end, host paths, and states that are not true."""
    for holder in (nb, *nb.cells):
        holder.metadata.pop("papermill", None)


def _run(work: Coroutine[None, None, None]) -> None:
    """Run to the end, also from inside a notebook, where a loop runs already."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        asyncio.run(work)
    else:

        async def inside() -> None:
            await work

        run_sync(inside)()


def tell_unless_stopped(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Tell what went wrong beside the work, unless it is that a signal stopped it.

    A signal raises within whatever task is running: that task's exception is ours already, and what
    waited for it is found pending when the loop is gone.
    """
    if not isinstance(context.get("exception"), KeyboardInterrupt) and not loop.is_closed():
        loop.default_exception_handler(context)


async def _execute(
    nb: NotebookNode, kernel: OwnKernel, limits: Limits, watch: Watch | None
) -> None:
    asyncio.get_running_loop().set_exception_handler(tell_unless_stopped)
    deadline = time.monotonic() + limits.notebook
    client = Client(
        nb,
        km=kernel.manager,
        log=_log,
        record_timing=False,
        coalesce_streams=False,  # `join_streams`
        store_widget_state=False,
        raise_on_iopub_timeout=True,
        iopub_timeout=10,
        startup_timeout=math.ceil(limits.start),
        timeout_func=lambda cell: max(0.1, min(limits.cell, deadline - time.monotonic())),
    )
    try:
        await _start(client, kernel)
        _mark_process(kernel)
        _limit_memory(kernel.manager, limits.memory)
        for index, cell in enumerate(nb.cells):
            if watch is not None:
                watch(nb, index)
            if time.monotonic() >= deadline:
                raise _stopped("run-timeout", nb, index, "never_ran")
            await _execute_cell(client, cell, index, deadline)
        _mark(nb, "done")
    finally:
        await _end(client, kernel)


async def _start(client: Client, kernel: OwnKernel) -> None:
    try:
        await kernel.ready()
        await client.async_start_new_kernel_client()
    except (RuntimeError, OSError) as error:
        _mark(client.nb, "killed")
        raise NotebookStopped("kernel-start", client.nb, None, "never_ran") from error


async def _execute_cell(client: Client, cell: NotebookNode, index: int, deadline: float) -> None:
    try:
        await client.async_execute_cell(cell, index, execution_count=client.code_cells_executed + 1)
    except CellExecutionError as error:
        raise _stopped("cell-failed", client.nb, index, "failed") from error
    except CellTimeoutError as error:
        code = "run-timeout" if client.over_since >= deadline else "cell-timeout"
        raise _stopped(code, client.nb, index, "timed_out") from error
    except DeadKernelError as error:
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            # nbclient takes being cancelled (Ctrl-C) for the death of the kernel.
            raise asyncio.CancelledError from error
        _expect_no_flood(client, cell, index)
        raise _stopped("kernel-died", client.nb, index, "killed") from error
    finally:
        if cell.cell_type == "code":
            cell.outputs = join_streams(cell.outputs)
    _expect_no_flood(client, cell, index)  # a cell may end before the last it printed is heard
    _mark(cell, "done")


def _expect_no_flood(client: Client, cell: NotebookNode, index: int) -> None:
    if client.flooded:
        cell.outputs = []
        raise _stopped("output-too-large", client.nb, index, "killed")


def _mark_process(kernel: OwnKernel) -> None:
    """Let what a kernel that was not forked lets go be known as its own; a forked one bears its mark."""
    if kernel.forked is None and (pid := getattr(kernel.manager.provisioner, "pid", None)):
        mark(pid)


def _limit_memory(manager: AsyncKernelManager, most: int) -> None:
    """Limit a kernel's memory, on Linux; what asks for more gets a MemoryError in its cell."""
    pid = getattr(manager.provisioner, "pid", None)
    if most and pid and sys.platform == "linux":
        import resource

        resource.prlimit(pid, resource.RLIMIT_AS, (most, most))


def _stopped(code: str, nb: NotebookNode, index: int, state: State) -> NotebookStopped:
    _mark(nb.cells[index], state)
    _mark(nb, "timed_out" if code == "run-timeout" else state)
    return NotebookStopped(code, nb, index, state)


async def _end(client: Client, kernel: OwnKernel) -> None:
    """Kill the kernel and everything it started; nothing of worth is left in it."""
    forked = kernel.forked is not None
    pid = getattr(kernel.manager.provisioner, "pid", None)
    kill_group(kernel.manager)
    if client.kc is not None:
        client.kc.stop_channels()
    if kernel.manager.has_kernel and not forked:
        await kernel.manager.shutdown_kernel(now=True)
    if pid and not forked:
        end_escaped_of(pid)  # a template sees to those of its own
    await ensure_async(kernel.manager.cleanup_resources())
    kernel.leave()


def _mark(holder: NotebookNode, state: State) -> None:
    holder.metadata.setdefault("jixiao", NotebookNode())["state"] = state
