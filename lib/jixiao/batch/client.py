"""nbclient as we need it (客户端): output has a limit, and a cell over its time is asked to end first."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Mapping
from queue import Empty
from typing import Any, NoReturn

from jupyter_core.utils import ensure_async
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionComplete, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from jixiao.batch.kernel import kill_group, signal_group

#: Characters of the outputs of a whole notebook and of one cell; a report of 100 pages has 5 MB.
LARGEST_OUTPUT, LARGEST_OUTPUT_OF_A_CELL = 64_000_000, 24_000_000
#: How long a cell over its time may take to clean up, after SIGINT and after SIGTERM.
INTERRUPT_SECONDS, TERMINATE_SECONDS = 3.0, 2.0
_LOOK_SECONDS = 0.2
#: How often a kernel at work is asked whether it lives; nbclient's own asks once a second.
_ALIVE_SECONDS = 0.1
_HEAR_SECONDS = 1.0
_DISPLAYS = ("display_data", "execute_result")


class Client(NotebookClient):
    """nbclient that stops a flood of output, takes a display as it came, and ends a cell by steps."""

    received = received_of_cell = 0
    flooded = False
    #: When a cell was found to be over its time, on the monotonic clock.
    over_since = 0.0
    _at = -1
    _hearing: asyncio.Task[Any] | None = None

    def process_message(
        self, msg: dict[str, object], cell: NotebookNode, cell_index: int
    ) -> NotebookNode | None:
        """Take a message of a cell, unless it is one too many."""
        size = _size(msg["content"])
        self.received_of_cell = size + (self.received_of_cell if cell_index == self._at else 0)
        self.received += size
        self._at = cell_index
        over = self.received_of_cell > LARGEST_OUTPUT_OF_A_CELL
        if (over or self.received > LARGEST_OUTPUT) and self.km is not None:
            self.flooded = True
            # What is still on its way is not read; the dead kernel is found at once.
            kill_group(self.km)
            raise CellExecutionComplete
        return super().process_message(msg, cell, cell_index)

    def output(
        self,
        outs: list[NotebookNode],
        msg: dict[str, Any],
        display_id: str | None,
        cell_index: int,
    ) -> NotebookNode | None:
        """Add an output. A display's data stay the dictionaries they are.

        nbformat would turn each of the ten thousand nodes of our blocks into a `NotebookNode` and
        hold the whole against its schema: 70 ms a report. The schema is asked of the whole file.
        """
        content, kind = msg["content"], msg["msg_type"]
        hooked = self.output_hook_stack[msg["parent_header"].get("msg_id")]
        plain = kind in _DISPLAYS and isinstance(content.get("data"), dict)
        if not plain or hooked or display_id or self.clear_before_next_output:
            return super().output(outs, msg, display_id, cell_index)
        shown = NotebookNode(output_type=kind, metadata=content.get("metadata", {}))
        if kind == "execute_result":
            shown.execution_count = content.get("execution_count")
        dict.__setitem__(shown, "data", content["data"])  # its own way in would convert them
        outs.append(shown)
        return shown

    async def _async_poll_kernel_alive(self) -> None:
        """Look ten times a second whether the kernel lives; one that died ends the waiting."""
        while True:
            await asyncio.sleep(_ALIVE_SECONDS)
            try:
                await self._async_check_alive()
            except DeadKernelError:
                if self.task_poll_for_reply is not None:
                    self.task_poll_for_reply.cancel()
                return

    async def _async_poll_output_msg(
        self, parent_msg_id: str, cell: NotebookNode, cell_index: int
    ) -> None:
        self._hearing = asyncio.current_task()
        await super()._async_poll_output_msg(parent_msg_id, cell, cell_index)

    async def _async_handle_timeout(
        self, timeout: int, cell: NotebookNode | None = None
    ) -> NoReturn:
        """Ask a cell over its time to end, that its ``finally`` may run; whoever called then kills.

        SIGINT raises `KeyboardInterrupt` in the cell, SIGTERM ends a kernel that is deaf to it. Both
        go to the whole group, and wake what is stopped. What the cell still prints is kept: it tells
        where it was.
        """
        self.over_since = time.monotonic()
        for number, seconds in (
            (signal.SIGINT, INTERRUPT_SECONDS),
            (signal.SIGTERM, TERMINATE_SECONDS),
        ):
            signal_group(self.km, number)
            if await self._ended_within(seconds):
                break
        assert cell is not None
        raise CellTimeoutError.error_from_timeout_and_cell(
            "Cell execution timed out", timeout, cell
        )

    async def _ended_within(self, seconds: float) -> bool:
        """Wait until the cell has ended, or its kernel."""
        assert self.kc is not None
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            try:
                await ensure_async(self.kc.shell_channel.get_msg(timeout=min(left, _LOOK_SECONDS)))
            except Empty:
                try:
                    await self._async_check_alive()
                except DeadKernelError:
                    return True
            else:
                if self._hearing is not None:
                    await asyncio.wait({self._hearing}, timeout=_HEAR_SECONDS)
                return True
        return False


def _size(content: object) -> int:
    """Count the characters of a message, and something for the message itself."""
    match content:
        case {"text": str(text)}:
            return 200 + len(text)
        case {"data": Mapping() as data}:
            return 200 + sum(len(value) if isinstance(value, str) else 0 for value in data.values())
        case _:
            return 200
