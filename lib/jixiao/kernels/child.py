"""What a forked process does to become a kernel (成为内核): its own session, environment, random state.

Everything ipykernel offers is used through subclasses of its own classes; nothing of its is changed.
"""

from __future__ import annotations

import atexit
import ctypes
import gc
import os
import random
import signal
import socket
import sys
import time
import traceback
from collections.abc import Sequence
from typing import Any

from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp

from jixiao.kernels.escaped import mark
from jixiao.kernels.wire import LAUNCHER, Request, say

_SET_DEATH_SIGNAL = 1
_FLUSH_SECONDS = 1


class WarmKernelApp(IPKernelApp):
    """ipykernel's application, whose end is not an orderly close of every socket.

    `IPKernelApp.close` races with the control thread's last flush and takes up to 2.5 s (measured
    with ipykernel 7.4); the process ends right after, which closes all of it.
    """

    def init_sockets(self) -> None:
        """Bind the sockets; leave out the close at exit."""
        super().init_sockets()  # type: ignore[no-untyped-call]
        atexit.unregister(self.close)

    def flush(self) -> None:
        """Let what was printed last reach the client."""
        if self.iopub_thread:
            self.iopub_thread.flush(timeout=_FLUSH_SECONDS)


def become_kernel(request: Request, standard: Sequence[int], connection: socket.socket) -> None:
    """Turn this forked process into a kernel, run it to its end, and leave; never returns.

    Parameters
    ----------
    standard : descriptors for standard input, output and errors.
    connection : to the client; gets ``ready`` once the kernel's sockets are bound.
    """
    code = 1
    try:
        _detach(standard)
        _settle(request)
        code = _run(request, connection)
    except BaseException:  # noqa: BLE001 - the process ends here, whatever it was
        traceback.print_exc()
    finally:
        _leave(code)


def _detach(standard: Sequence[int]) -> None:
    """Take a session of one's own, the client's descriptors, and the signals as they were."""
    parent = os.getppid()
    os.setsid()
    ctypes.CDLL(None).prctl(_SET_DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
    for target, descriptor in enumerate(standard):
        os.dup2(descriptor, target)
    for descriptor in standard:
        if descriptor > 2:
            os.close(descriptor)
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGTERM, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _settle(request: Request) -> None:
    """Take the request's environment, folder and limits; draw random numbers of one's own."""
    os.environ.clear()
    os.environ.update(request.environment)
    time.tzset()
    os.chdir(request.folder)
    mark(os.getpid())
    if request.memory:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (request.memory, request.memory))
    random.seed()
    if numpy := sys.modules.get("numpy"):  # its legacy state is not seeded anew at a fork
        numpy.random.seed(int.from_bytes(os.urandom(4), "little"))
    sys.argv = [f"{LAUNCHER}.py"]


def _run(request: Request, connection: socket.socket) -> int:
    arguments = list(request.arguments)
    if LAUNCHER in arguments:
        arguments = arguments[arguments.index(LAUNCHER) + 1 :]
    app = WarmKernelApp.instance(parent_handle=os.getppid(), kernel_class=WarmKernel)
    try:
        app.initialize(arguments)  # type: ignore[no-untyped-call]
        _choose_backend(app)
        say(connection, ready=1)
        connection.close()
        app.start()  # type: ignore[no-untyped-call]
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
    finally:
        app.flush()
    return 0


def _choose_backend(app: WarmKernelApp) -> None:
    """Let matplotlib draw as the request's environment says, not as the template's said.

    ipykernel asks for figures in the notebook where nothing is said, but by then the template has
    long imported matplotlib.
    """
    named = os.environ.get("MPLBACKEND", "")
    if app.shell and named.endswith(("inline", "backend_inline")):
        app.shell.enable_matplotlib("inline")


class WarmKernel(IPythonKernel):
    """ipykernel's kernel; it says in its banner that it was forked."""

    banner = "jixiao: warm kernel"
    _execute_sleep = 0.0  # ipykernel's own waits half a millisecond before each answer

    def do_shutdown(self, restart: bool) -> Any:
        """End at once: there is nothing to close in order."""
        gc.disable()
        return super().do_shutdown(restart)  # type: ignore[no-untyped-call]


def _leave(code: int) -> None:
    """Run what notebooks registered for the exit, flush, and go without the interpreter's own end."""
    try:
        atexit._run_exitfuncs()
        for stream in filter(None, (sys.__stdout__, sys.__stderr__)):
            stream.flush()
    except BaseException:  # noqa: BLE001 - nothing may keep a kernel that is told to go
        traceback.print_exc()
    finally:
        os._exit(code & 0xFF)
