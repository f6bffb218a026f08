"""The door of jupyter_client (内核供给): kernels from the template, normal ones where there is none."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import select
import signal
import socket
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import Bool, Int, Unicode

from jixiao.kernels.house import TEMPLATE
from jixiao.kernels.wire import LAUNCHER, SOCKET, Inbox, Request, WireBroken, send_request

READY_SECONDS = 30.0
_ASKED = 2
_log = logging.getLogger(__name__)
_log.addHandler(logging.NullHandler())
_KILLED = -int(signal.SIGKILL) if hasattr(signal, "SIGKILL") else -9


class ForkedKernel:
    """A kernel that is the template's child, with the parts of `subprocess.Popen` that are used."""

    stdin = stdout = stderr = None

    def __init__(self, connection: socket.socket, arguments: Sequence[str]) -> None:
        self.args = list(arguments)
        self.returncode: int | None = None
        self.is_ready = False
        self.connection = connection
        self._inbox = Inbox(connection)
        message = self._inbox.next(wait=True) or {}
        if "pid" not in message:
            raise WireBroken("no process id")
        self.pid = message["pid"]

    def poll(self) -> int | None:
        """Give the exit status, None while it runs."""
        self._listen(wait=False)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the end and give the exit status."""
        if self.returncode is None:
            if timeout is not None and not select.select([self.connection], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired(self.args, timeout)
            while self.returncode is None:
                self._listen(wait=True)
        return self.returncode

    async def ended(self) -> int:
        """Wait for the end without asking again and again."""
        while self.poll() is None:
            await self.heard()
        return self.wait()

    async def heard(self) -> None:
        """Wait until the template says something."""
        loop = asyncio.get_running_loop()
        said = loop.create_future()
        descriptor = self.connection.fileno()
        loop.add_reader(descriptor, lambda: None if said.done() else said.set_result(None))
        try:
            await said
        finally:
            loop.remove_reader(descriptor)

    async def ready(self) -> None:
        """Wait until its sockets are bound, or it has ended."""
        while self.poll() is None and not self.is_ready:
            await self.heard()

    def _listen(self, *, wait: bool) -> None:
        """Take one message: that its sockets are bound, or that it has ended."""
        if self.returncode is not None:
            return
        try:
            message = self._inbox.next(wait=wait)
        except WireBroken:
            message = {"exit": _KILLED}  # the template is gone, and its kernels with it
        if message and "exit" in message:
            self.returncode = message["exit"]
            self.connection.close()
        if message and "ready" in message:
            self.is_ready = True

    def send_signal(self, number: int) -> None:
        """Send a signal; never to another process that got the number of one that ended."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)


class WarmProvisioner(LocalProvisioner):
    """Asks the template for a kernel; starts a normal one where there is no template."""

    template = Unicode("", help="Folder of the template process.").tag(config=True)
    memory = Int(0, help="Most bytes of address space of a kernel, 0 for no limit.").tag(
        config=True
    )

    early = Bool(False, help="Do not wait until a forked kernel is ready; start no other.").tag(
        config=True
    )

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Launch a kernel, forked if possible."""
        folder = self.template or os.environ.get(TEMPLATE, "")
        if LAUNCHER not in cmd:
            folder = ""  # another language's kernel, or another program's
        kernel = self._fork(folder, cmd, kwargs) if folder else None
        if kernel is None:
            if self.early:
                raise WireBroken(f"no template in {folder}")  # nothing slow is started on a guess
            if folder:
                _log.warning("no template in %s: a normal kernel starts", folder)
            return await super().launch_kernel(cmd, **kwargs)
        if not self.early:
            await asyncio.wait_for(kernel.ready(), READY_SECONDS)
        self.process = kernel  # type: ignore[assignment]
        self.pid = self.pgid = kernel.pid
        self.cwd = kwargs.get("cwd")
        return self.connection_info

    def _fork(self, folder: str, cmd: list[str], given: Mapping[str, Any]) -> ForkedKernel | None:
        """Ask the template for a kernel; once more, where it gave its place to a new one."""
        environment = dict(given.get("env") or os.environ)
        environment.pop("JPY_PARENT_PID", None)  # the parent is the template
        place = str(given.get("cwd") or Path.cwd())
        request = Request(tuple(cmd), environment, place, self.memory)
        outputs = [
            _descriptor(given.get(name), own) for name, own in (("stdout", 1), ("stderr", 2))
        ]
        for _ in range(_ASKED):
            connection = _connect(Path(folder) / SOCKET)
            if connection is None:
                return None
            try:
                with Path(os.devnull).open("rb") as nothing:
                    send_request(connection, request, [nothing.fileno(), *outputs])
                return ForkedKernel(connection, cmd)
            except OSError:
                connection.close()
        return None

    async def wait(self) -> int | None:
        """Wait for the end, by event where the kernel was forked."""
        process: object = self.process
        if not isinstance(process, ForkedKernel):
            return await super().wait()
        status = await process.ended()
        self.process = None
        return status

    async def send_signal(self, signum: int) -> None:
        """Send a signal to the kernel's group, if it has not ended."""
        process: object = self.process
        if isinstance(process, ForkedKernel) and process.poll() is not None:
            return
        await super().send_signal(signum)


def _connect(path: Path) -> socket.socket | None:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.connect(str(path))
    except OSError:
        connection.close()
        return None
    return connection


def _descriptor(given: Any, own: int) -> int:  # what Popen takes: None, a number, a file
    if given is None or (isinstance(given, int) and given < 0):
        return own
    return given if isinstance(given, int) else int(given.fileno())
