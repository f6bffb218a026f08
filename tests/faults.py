"""Every call that makes a batch's files last, counted; at one of them a kill or an error.

Counted are the calls of the operating system on paths below an outputs folder: open for writing,
write, fsync, chmod, mkdir, rename, symlink, unlink, rmdir, truncate. They are counted where Python
makes them, in the supervisor and its workers alike, so no tracing of processes is needed.
"""

import builtins
import errno
import io
import mmap
import os
import signal
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

_COUNT = struct.Struct("q")
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_ON_PATHS = ("mkdir", "chmod", "unlink", "remove", "rmdir", "ftruncate", "fsync", "fchmod")


class Faults:
    """Counts the calls of this process and those forked from it; acts at the one asked for."""

    def __init__(self, root: Path, at: int, act: Callable[[str, str], None], *, on: bool) -> None:
        self.root, self.at, self.act, self.on = f"{root}/", at, act, on
        self.shared = mmap.mmap(-1, _COUNT.size)

    @property
    def count(self) -> int:
        """How many calls were made."""
        found: int = _COUNT.unpack(self.shared[: _COUNT.size])[0]
        return found

    def is_below(self, path: str) -> bool:
        """Tell whether a path is the outputs folder or in it."""
        return path.startswith(self.root) or f"{path}/" == self.root

    def step(self, name: str, path: str) -> bool:
        """Count one call; tell whether it is the one to act at."""
        if not self.is_below(path):
            return False
        number = self.count + 1
        self.shared[: _COUNT.size] = _COUNT.pack(number)
        return number == self.at or (self.on and 0 < self.at < number)


def install(faults: Faults) -> None:
    """Watch the calls of this process from now on, and of all that are forked from it."""
    for name in _ON_PATHS:
        _watch(faults, name, which=0)
    for name in ("rename", "replace", "symlink"):
        _watch(faults, name, which=1)
    _watch_open(faults)
    _watch_write(faults)
    _watch_files(faults)


def kill_alone(name: str, path: str) -> None:
    """Die at this call."""
    os.kill(os.getpid(), signal.SIGKILL)


def kill_with(supervisor: int) -> Callable[[str, str], None]:
    """Die at this call together with the supervisor, and so with all that it started."""

    def act(name: str, path: str) -> None:
        if supervisor != os.getpid():
            os.kill(supervisor, signal.SIGKILL)
        os.kill(os.getpid(), signal.SIGKILL)

    return act


def fail_with(number: int) -> Callable[[str, str], None]:
    """Let the call fail, as a bad or full disk does."""

    def act(name: str, path: str) -> None:
        raise OSError(number, os.strerror(number), path)

    return act


def _path_of(given: Any, dir_fd: int | None = None) -> str:  # what os functions take
    if isinstance(given, int):
        return str(Path(f"/proc/self/fd/{given}").readlink())
    path = os.fsdecode(given)
    if dir_fd is not None:
        path = f"{Path(f'/proc/self/fd/{dir_fd}').readlink()}/{path}"
    return str(Path(path).absolute())


def _watch(faults: Faults, name: str, *, which: int) -> None:
    call = getattr(os, name)

    def watched(*given: Any, **named: Any) -> Any:
        path = _path_of(given[which], named.get("dir_fd"))
        if faults.step(name, path):
            faults.act(name, path)
        return call(*given, **named)

    setattr(os, name, watched)


def _watch_open(faults: Faults) -> None:
    call = os.open

    def watched(path: Any, flags: int, *given: Any, **named: Any) -> int:
        if flags & _WRITING:
            where = _path_of(path, named.get("dir_fd"))
            if faults.step("open", where):
                faults.act("open", where)
        return call(path, flags, *given, **named)

    os.open = watched


def _watch_write(faults: Faults) -> None:
    call = os.write

    def watched(descriptor: int, data: bytes) -> int:
        path = _path_of(descriptor)
        if faults.step("write", path):
            call(descriptor, data[: len(data) // 2])
            faults.act("write", path)
        return call(descriptor, data)

    os.write = watched


class _HalfWritten:
    """A file whose write may stop in the middle."""

    def __init__(self, file: Any, path: str, faults: Faults) -> None:
        self.file, self.path, self.faults = file, path, faults

    def write(self, data: bytes) -> int:
        if self.faults.step("write", self.path):
            self.file.write(data[: len(data) // 2])
            self.file.flush()
            self.faults.act("write", self.path)
        return int(self.file.write(data))

    def __enter__(self) -> "_HalfWritten":
        return self

    def __exit__(self, *error: object) -> None:
        self.file.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.file, name)


def _watch_files(faults: Faults) -> None:
    call = io.open

    def watched(file: Any, mode: str = "r", *given: Any, **named: Any) -> Any:
        if isinstance(file, int) or not set(mode) & set("wxa+"):
            return call(file, mode, *given, **named)
        path = _path_of(file)
        if faults.step("open", path):
            faults.act("open", path)
        opened = call(file, mode, *given, **named)
        return _HalfWritten(opened, path, faults) if faults.is_below(path) else opened

    io.open = builtins.open = watched


NO_ROOM, BROKEN = errno.ENOSPC, errno.EIO
