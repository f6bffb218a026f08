"""What a machine must allow before kernels start (机器的限度)."""

from __future__ import annotations

import getpass
import platform
import sys
from contextlib import suppress

from jixiao.errors import JixiaoError

#: A kernel has 61 files and sockets open before a notebook opens any, a worker 34.
_FILES = 256
#: The supervisor has three a worker, the template one a kernel and those of one that starts.
_FILES_OF_A_WORKER = 4


def machine_names() -> tuple[str, ...]:
    """Give what this machine and its user are called, nothing of which belongs into a report."""
    names = [platform.node(), platform.node().partition(".")[0]]
    with suppress(OSError, KeyError, ImportError):  # a user without a name
        names.append(getpass.getuser())
    return tuple(dict.fromkeys(filter(None, names)))


def ensure_descriptors(workers: int = 1) -> None:
    """Make sure that processes may open enough files, raising our own limit where that is allowed.

    Without it sockets cannot be made in the middle of a run, which looks like a kernel that hangs.

    Raises
    ------
    JixiaoError : ``open-files``, with how many are needed.
    """
    if sys.platform == "win32":
        return
    import resource

    needed = _FILES + _FILES_OF_A_WORKER * workers
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= needed:
        return
    if hard == resource.RLIM_INFINITY or hard >= needed:
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))
            return
    raise JixiaoError(
        "open-files",
        f"一个进程最多只能打开 {soft} 个文件",
        where="ulimit -n",
        expected=f"至少 {needed}",
        action=f"请先运行 ulimit -n {needed}；由 systemd 启动的写 LimitNOFILE={needed}",
    )
