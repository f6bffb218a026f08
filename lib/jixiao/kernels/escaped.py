"""What a kernel started and let go (逃逸的进程): found by a mark that its children inherit, and ended.

A process that a cell started with a session of its own (``setsid``, a daemon) is in no group of the
kernel's, and where its parent ended it is nobody's child. What it cannot shed by ending its parent,
closing descriptors, clearing its environment or starting another program are its resource limits:
so the kernel bears its own number as a limit that limits nothing, the processor time of a process
scheduled in real time, at more than thirty years.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

_CHILDREN = "/proc/self/task/{}/children"
_MICROSECONDS = 10**15
_MOST_PROCESSES = 1 << 32


def mark(pid: int) -> None:
    """Mark a kernel, and with it all that it will start; where the system refuses, nothing is marked."""
    if sys.platform == "linux":
        import resource

        with suppress(OSError, ValueError):
            _, hard = resource.prlimit(pid, resource.RLIMIT_RTTIME)
            resource.prlimit(pid, resource.RLIMIT_RTTIME, (_MICROSECONDS + pid, hard))


def kernel_of(pid: int) -> int | None:
    """Give the number of the kernel that a process comes from, its own for a kernel; None for others."""
    if sys.platform == "linux":
        import resource

        with suppress(OSError, ValueError):
            soft, _ = resource.prlimit(pid, resource.RLIMIT_RTTIME)
            if _MICROSECONDS < soft < _MICROSECONDS + _MOST_PROCESSES:
                return soft - _MICROSECONDS
    return None


def end_escaped_of(kernel: int) -> None:
    """End whatever on this machine comes from a kernel that has ended."""
    _end_all(lambda found: found == kernel)


def end_forsaken() -> None:
    """End whatever comes from kernels that are gone, as those of a template that was killed."""
    _end_all(lambda found: not _is_running(found))


def children() -> list[int]:
    """List this process's children; none where the system keeps no such list."""
    try:
        return [int(child) for child in Path(_CHILDREN.format(os.getpid())).read_text().split()]
    except OSError:
        return []


def end(pids: Iterable[int]) -> None:
    """End processes at once."""
    for pid in pids:
        with suppress(OSError):
            os.kill(pid, signal.SIGKILL)


def _end_all(is_meant: Callable[[int], bool]) -> None:
    """End them, and what they start while we look."""
    ended: set[int] = set()
    while found := {
        pid
        for pid in _processes() - ended
        if (kernel := kernel_of(pid)) is not None and is_meant(kernel)
    }:
        end(found)
        ended |= found


def _is_running(kernel: int) -> bool:
    """Tell whether a kernel has not ended; one that only waits to be collected has."""
    try:
        state = Path(f"/proc/{kernel}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX" and kernel_of(kernel) == kernel


def _processes() -> set[int]:
    try:
        return {int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()}
    except OSError:
        return set()
