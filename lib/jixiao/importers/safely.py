"""Reading a file that a person hands in, in a process of its own (隔离读入).

A crash, a memory fault or an endless loop in a parser ends the child, and is an error that names
the file. In a notebook the kernel is that process already.
"""

from __future__ import annotations

import io
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from jixiao.errors import BadFile
from jixiao.importers.decoding import read_bytes
from jixiao.importers.documents import Received
from jixiao.model import Amendment, Filing

MOST_SECONDS = 60
_ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
_ROOMS = ("jixiao.model.", "jixiao.datum.")
_TELL = "请检查文件来源；文件若正常，请用 Word、WPS 或 Excel 打开后另存，再读"


def read_document_safely(path: Path, *, file: str | None = None) -> Filing:
    """Read one filing in a child process with limits on memory, time and network.

    Parameters
    ----------
    file : the name that stands in addresses; without it, the file's own name.

    Raises
    ------
    BadFile : as `read_document`; ``reader-crashed`` or ``reader-timeout`` where the child died.
    """
    return read_received_safely((Received(file or path.name, read_bytes(path)),))


def read_received_safely(files: Sequence[Received], amendments: Sequence[Amendment] = ()) -> Filing:
    """Read the documents of one filing in a child process with limits, as `read_received` does."""
    name = "、".join(received.name for received in files)
    plain = [(received.name, received.content) for received in files]
    done = _run(pickle.dumps((plain, tuple(amendments)), protocol=5), name)
    if done.returncode:
        raise _died(done, name)
    try:
        answer = _Answer(io.BytesIO(done.stdout)).load()
    except (pickle.UnpicklingError, EOFError, AttributeError, ValueError, TypeError) as cause:
        raise _crashed(name, "没有给出结果") from cause
    if isinstance(answer, dict):
        raise BadFile(**{**answer, "code": answer["code"]})
    if not isinstance(answer, Filing):
        raise _crashed(name, "没有给出结果")
    return answer


def _run(content: bytes, name: str) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(
            [sys.executable, "-P", "-m", "jixiao.importers.child"],
            input=content,
            capture_output=True,
            timeout=MOST_SECONDS,
            check=False,
            env={**os.environ, **dict.fromkeys(_ONE_THREAD, "1"), "PYTHONUTF8": "1"},
        )
    except subprocess.TimeoutExpired as cause:
        raise _timeout(name) from cause


class _Answer(pickle.Unpickler):
    """Takes nothing from the child but the types of a filing."""

    def find_class(self, module: str, name: str) -> object:
        """Give a type of `model` or `datum`, or ``Decimal``; refuse all else."""
        if (module, name) == ("decimal", "Decimal") or f"{module}.".startswith(_ROOMS):
            return super().find_class(module, name)
        message = f"{module}.{name} is no part of a filing"
        raise pickle.UnpicklingError(message)


def _died(done: subprocess.CompletedProcess[bytes], name: str) -> BadFile:
    if done.returncode == -getattr(signal, "SIGXCPU", 0) or done.returncode == -9:
        return _timeout(name)
    last = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
    if "MemoryError" in last or "cannot allocate" in last.lower():
        return _crashed(name, "内存用尽")
    signalled = f"信号 {-done.returncode}" if done.returncode < 0 else last[:120]
    return _crashed(name, signalled or f"退出状态 {done.returncode}")


def _crashed(name: str, why: str) -> BadFile:
    return BadFile(
        "reader-crashed",
        f"读入时程序中断（{why}）",
        where=name,
        expected="完整的文件",
        action=_TELL,
    )


def _timeout(name: str) -> BadFile:
    return BadFile(
        "reader-timeout",
        f"读了 {MOST_SECONDS} 秒还没有读完，已停止",
        where=name,
        expected="几秒内能读完的文件",
        action=_TELL,
    )
