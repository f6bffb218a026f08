"""A worker of a batch (工作进程): makes one run after the other, and says what became of each.

Requests come as JSON lines on standard input, answers go as JSON lines on standard output; a line
per cell tells that it is alive. It ends with its supervisor. `jixiao.batch.starting.WORKER` starts it.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TextIO

from nbformat import NotebookNode

from jixiao.batch.ahead import abandon
from jixiao.batch.engine import Limits
from jixiao.batch.failure import keep_fault
from jixiao.batch.plan import plan_run
from jixiao.batch.run import execute
from jixiao.errors import JixiaoError
from jixiao.kernels.loaded import loaded_by_process
from jixiao.workspace.places import Workspace

_SET_DEATH_SIGNAL = 1


def work(requests: TextIO, answers: TextIO) -> None:
    """Serve until the requests end. The first line says where and how to work."""
    setting = json.loads(requests.readline())
    workspace = Workspace(Path(setting["workspace"]))
    loaded = loaded_by_process()
    say(answers, ready=True)
    try:
        for line in requests:
            if loaded.changed():
                say(answers, stale=True)
                return
            answer = _make(workspace, setting, json.loads(line), answers)
            say(answers, **answer)
    finally:
        abandon()


# Any: what JSON holds, written by the supervisor itself.
def _make(
    workspace: Workspace, setting: Mapping[str, Any], job: Mapping[str, Any], answers: TextIO
) -> dict[str, Any]:
    def watch(nb: NotebookNode, index: int) -> None:
        say(answers, cell=index + 1, of=len(nb.cells))

    folder, plan = "", None
    try:
        plan = plan_run(
            workspace,
            job["unit"],
            job["year"],
            job["key"],
            job["notebook"],
            job["parameters"],
            tuple(setting["formats"]),
            job["audience"],
            outputs=Path(setting["outputs"]),
        )
        folder = str(plan.failed_folder)
        outcome = execute(
            plan,
            force=setting["force"],
            limits=Limits(**setting["limits"]),
            watch=watch,
            thorough=False,
            more=job["more"],
        )
    except JixiaoError as error:
        return {"failed": error.code, "message": str(error), "folder": folder}
    except Exception as error:
        # The job's boundary: a fault of ours spoils one run, not the worker and the runs after it.
        told = keep_fault(plan, error)
        return {"failed": told.code, "message": str(told), "folder": folder}
    return {"status": outcome.status, "folder": str(outcome.folder), "note": outcome.note}


def say(answers: TextIO, **message: object) -> None:
    """Write one answer."""
    answers.write(json.dumps(message, ensure_ascii=False) + "\n")
    answers.flush()


def main() -> None:
    """Work for the parent process, and end with it."""
    parent = os.getppid()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != parent:
        return
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the supervisor decides when to stop
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    work(os.fdopen(os.dup(sys.stdin.fileno()), encoding="utf-8"), answers)


if __name__ == "__main__":
    main()
