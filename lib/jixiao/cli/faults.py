"""A fault of the program's own (程序出错): one line for the user, the details in a file."""

from __future__ import annotations

import os
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from jixiao.errors import JixiaoError
from jixiao.workspace.files import write_atomically
from jixiao.workspace.places import Workspace

#: Beside the units in the outputs folder; no unit can have this id.
FOLDER = "internal_faults"


def written_down(fault: Exception) -> JixiaoError:
    """Write down a fault with its traceback, and give the error to tell.

    Where nothing can be written, the message holds the traceback itself.
    """
    what = f"程序内部出错（{type(fault).__name__}: {fault}）".replace("\n", " ")
    details = "".join(traceback.format_exception(fault))
    name = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{os.getpid()}.txt"
    for folder in _folders():
        try:
            write_atomically(folder / name, details.encode("utf-8", "backslashreplace"))
        except JixiaoError:
            continue
        action = f"详情已写入 {folder / name}，请把它交给维护人员；已完成的运行不受影响"
        return JixiaoError("internal-fault", what, action=action)
    action = f"详情没有地方可写，请把下面的内容交给维护人员：\n{details}"
    return JixiaoError("internal-fault", what, action=action)


def _folders() -> Iterator[Path]:
    with suppress(JixiaoError, OSError):
        yield Workspace.find().outputs / FOLDER
    yield Path(tempfile.gettempdir())
