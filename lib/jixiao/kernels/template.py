"""The template process (模板进程): imports and draws everything once, then forks a kernel a request.

One thread, no event loop, no messaging context, no open figure: nothing that does not survive a
fork. Run as ``python -m jixiao.kernels.template FOLDER``; its socket lies in that folder, mode 0700.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import selectors
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from jixiao.kernels.child import become_kernel
from jixiao.kernels.escaped import children, end, kernel_of
from jixiao.kernels.loaded import loaded_by_process
from jixiao.kernels.warmth import warm
from jixiao.kernels.wire import SOCKET, WireBroken, receive_request, say

_SET_DEATH_SIGNAL, _SET_CHILD_SUBREAPER = 1, 36
_PATIENCE = 5.0
_END_SECONDS = 1.0
_CREDENTIALS = struct.Struct("3i")


class NotAlone(RuntimeError):
    """The process has more threads than one: a fork of it could wait for a lock for ever."""


class Template:
    """Waits for requests, for the ends of kernels, and for the ends of clients."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.forked: set[int] = set()
        self.connections: dict[int, socket.socket] = {}
        self.kernels: dict[socket.socket, int] = {}
        self.stopping = False
        self.loaded = loaded_by_process()
        self.successor: subprocess.Popen[bytes] | None = None
        self.selector = selectors.DefaultSelector()
        self.server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.wake, self._woken = os.pipe()

    def serve(self) -> None:
        """Serve until told to stop; then end every kernel."""
        try:
            while not self.stopping:
                for key, _ in self.selector.select():
                    key.data(key.fileobj)
        finally:
            self._end_all()
            if self.successor is not None:
                self.successor.terminate()
                with contextlib.suppress(ChildProcessError):
                    self.successor.wait()
            (self.folder / SOCKET).unlink(missing_ok=True)

    def _end_all(self) -> None:
        """End every kernel and what they let go, until none is left."""
        for pid in self.connections:
            _end(pid)
        self.connections.clear()
        late = time.monotonic() + _END_SECONDS
        while self._end_escaped() and time.monotonic() < late:
            list(_ended())
            time.sleep(0.001)

    def listen(self) -> None:
        """Open the socket; from here on nothing that is asked is lost."""
        path = self.folder / SOCKET
        path.unlink(missing_ok=True)
        self.server.bind(str(path))
        path.chmod(0o600)
        self.server.listen(64)
        for descriptor in (self.wake, self._woken):
            os.set_blocking(descriptor, False)
        signal.set_wakeup_fd(self._woken)
        signal.signal(signal.SIGCHLD, _nothing)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, self._stop)
        self.selector.register(self.server, selectors.EVENT_READ, self._accept)
        self.selector.register(self.wake, selectors.EVENT_READ, self._reap)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def _accept(self, server: socket.socket) -> None:
        connection, _ = server.accept()
        peer = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
        if _CREDENTIALS.unpack(peer)[1] != os.getuid():
            connection.close()
            return
        if changed := self.loaded.changed():
            self._hand_over(changed)
            connection.close()  # who asked asks again, and asks the new one
            return
        connection.settimeout(_PATIENCE)
        try:
            request, standard = receive_request(connection)
        except (OSError, WireBroken):
            connection.close()
            return
        connection.settimeout(None)
        pid = os.fork()
        if pid == 0:
            self._forget()
            become_kernel(request, standard, connection)
        for descriptor in standard:
            os.close(descriptor)
        self.forked.add(pid)
        self.connections[pid] = connection
        self.kernels[connection] = pid
        say(connection, pid=pid)
        self.selector.register(connection, selectors.EVENT_READ, self._hang_up)

    def _hand_over(self, changed: Path) -> None:
        """Start a template that loads what is on disk now; this one serves its kernels to their end."""
        if self.successor is not None:
            return
        sys.stderr.write(f"{changed} changed: a new template starts\n")
        sys.stderr.flush()
        self.selector.unregister(self.server)
        self.server.close()
        self.successor = subprocess.Popen(
            [sys.executable, "-P", "-m", "jixiao.kernels.template", str(self.folder)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
        )
        if self.successor.stdout is not None:
            self.successor.stdout.readline()  # it is ready, or it could not start

    def _forget(self) -> None:
        """Close in the fork what belongs to the template and to other kernels."""
        self.selector.close()
        self.server.close()
        for descriptor in (self.wake, self._woken):
            os.close(descriptor)
        for other in self.connections.values():
            other.close()

    def _reap(self, wake: int) -> None:
        """Tell the clients of kernels that ended how they ended."""
        with contextlib.suppress(BlockingIOError):
            os.read(wake, 4096)
        for pid, status in list(_ended()):
            connection = self.connections.pop(pid, None)
            if pid not in self.forked:
                continue  # one that a kernel had let go
            self.forked.discard(pid)
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(pid, signal.SIGKILL)  # what the kernel started and left
            self._end_escaped()
            if connection is not None:
                say(connection, exit=os.waitstatus_to_exitcode(status))
                self._drop(connection)
        self._end_escaped()  # what those had started that were ended before

    def _end_escaped(self) -> bool:
        """End our foster children whose kernel has ended; tell whether there were any.

        What loses its parent becomes a child of this process, and is not said to be of a kernel.
        """
        found = [
            child
            for child in children()
            if child not in self.connections
            and (kernel := kernel_of(child)) is not None
            and kernel not in self.connections
        ]
        end(found)
        return bool(found)

    def _hang_up(self, connection: socket.socket) -> None:
        """End the kernel of a client that went away."""
        try:
            gone = not connection.recv(64)
        except OSError:
            gone = True
        if gone and (pid := self.kernels.get(connection)):
            self.connections.pop(pid, None)
            self._drop(connection)
            _end(pid)

    def _drop(self, connection: socket.socket) -> None:
        self.kernels.pop(connection, None)
        self.selector.unregister(connection)
        connection.close()


def _ended() -> Iterator[tuple[int, int]]:
    """Give each child that has ended, with its status."""
    with contextlib.suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            yield ended


def _end(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _nothing(number: int, frame: FrameType | None) -> None:
    """Wake the selector, by the descriptor set for that."""


def expect_one_thread() -> None:
    """Make sure that this process has one thread, native ones included.

    Raises
    ------
    NotAlone : it has more.
    """
    threads = sum(1 for _ in Path("/proc/self/task").iterdir())
    if threads != 1:
        raise NotAlone(f"{threads} threads")


def main(folder: Path) -> None:
    """Warm up, and serve; a template whose starter is gone ends with it."""
    for option, value in ((_SET_DEATH_SIGNAL, int(signal.SIGTERM)), (_SET_CHILD_SUBREAPER, 1)):
        ctypes.CDLL(None).prctl(option, value)
    loaded_by_process()
    warm()
    expect_one_thread()
    gc.collect()
    gc.freeze()
    template = Template(folder)
    template.listen()
    os.write(sys.stdout.fileno(), b"ready\n")
    template.serve()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
