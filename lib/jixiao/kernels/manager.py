"""A kernel manager that waits for events (内核管理): no fixed silences, no polls of 0.1 s.

jupyter_client's own waits 0.2 s for the output channel to fall silent and looks every 0.1 s whether
a kernel has ended. Here the answer to our own question proves that the channel is live.
"""

from __future__ import annotations

import time
from queue import Empty
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import ensure_async
from traitlets import DottedObjectName, Type

_ASK_AGAIN_SECONDS, _ALIVE_SECONDS = 1.0, 0.1


class EventKernelClient(AsyncKernelClient):
    """A client that is ready when it has heard its own question answered on both channels."""

    async def _async_wait_for_ready(self, timeout: float | None = None) -> None:
        end = time.monotonic() + (timeout or 60)
        while True:
            question = self.kernel_info()
            reply = await self._answer(self.shell_channel, question, "kernel_info_reply")
            if reply is not None:
                self._handle_kernel_info_reply(reply)
                if await self._answer(self.iopub_channel, question, "status") is not None:
                    return
            if time.monotonic() > end:
                raise RuntimeError(f"Kernel didn't respond in {timeout} seconds")

    # Any: messages of the protocol are dictionaries of whatever JSON holds.
    async def _answer(self, channel: Any, question: str, kind: str) -> dict[str, Any] | None:
        """Give the answer to our own question, dropping what is older; None if none comes in a second.

        On the output channel the last word of an answer is that the kernel is idle.

        Raises
        ------
        RuntimeError : the kernel has ended.
        """
        end = time.monotonic() + _ASK_AGAIN_SECONDS
        while time.monotonic() < end:
            try:
                message: dict[str, Any] = await ensure_async(
                    channel.get_msg(timeout=_ALIVE_SECONDS)
                )
            except Empty:
                if not await self.is_alive():
                    raise RuntimeError("Kernel died before replying to kernel_info") from None
                continue
            ours = message["parent_header"].get("msg_id") == question
            state = message["content"].get("execution_state", "idle")
            if ours and message["msg_type"] == kind and state == "idle":
                return message
        return None

    wait_for_ready = _async_wait_for_ready


class EventKernelManager(AsyncKernelManager):
    """A manager whose kernels end by event."""

    client_class = DottedObjectName("jixiao.kernels.manager.EventKernelClient", config=True)
    client_factory = Type(EventKernelClient, klass=AsyncKernelClient, config=True)

    async def _async_wait(self, pollinterval: float = 0.1) -> None:
        if self.has_kernel and self.provisioner is not None:
            await self.provisioner.wait()
