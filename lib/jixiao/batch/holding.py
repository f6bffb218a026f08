"""One batch at a time on one outputs folder (占用): the second waits, or is told who holds it.

The lock is the system's own (flock), which ends with the process that holds it: none is ever
stale, and none is broken by age.
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from jixiao.errors import RunFailed
from jixiao.workspace.files import told, write_atomically

_LOCK, _HOLDER = ".batch.lock", ".batch.json"


@contextmanager
def holding(outputs: Path, plan: str, *, wait: bool) -> Iterator[None]:
    """Hold an outputs folder while a batch runs.

    Parameters
    ----------
    wait : until it is free; without it the holder is named.

    Raises
    ------
    RunFailed : ``outputs-held``.
    JixiaoError : ``cannot-write``.
    """
    lock = FileLock(outputs / _LOCK)
    with told(outputs / _LOCK):
        try:
            lock.acquire(timeout=-1 if wait else 0)
        except Timeout as error:
            raise RunFailed(
                "outputs-held",
                f"另一个批次正在使用这个输出目录{_holder(outputs)}",
                where=str(outputs),
                expected="同一输出目录同时只有一个批次",
                action="请等它结束，或加上 --wait 等候，或用 --outputs 换一个目录",
            ) from error
    try:
        _sign(outputs, plan)
        yield
    finally:
        lock.release()


def _sign(outputs: Path, plan: str) -> None:
    since = datetime.now().astimezone().isoformat(timespec="seconds")
    holder = {"plan": plan, "pid": os.getpid(), "host": platform.node(), "since": since}
    write_atomically(outputs / _HOLDER, json.dumps(holder, ensure_ascii=False).encode())


def _holder(outputs: Path) -> str:
    """Say who wrote down last that they hold it."""
    try:
        holder = json.loads((outputs / _HOLDER).read_bytes())
        return f"：{holder['plan']}，进程 {holder['pid']}（{holder['host']}），自 {holder['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return ""
