"""Batches in processes forked from one that has imported everything: a fault costs a second, not ten.

Supervisor, worker, template and kernel are the real ones, each a process of its own; only the
interpreter's start and the imports are spared. ``python -m tests.stage`` answers JSON lines; each
names a function of `tests.rehearsals`.
"""

import ctypes
import gc
import importlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psutil

ROOT = Path(__file__).parents[1]
_PR_SET_CHILD_SUBREAPER = 36
#: What is written here outlives a process that is killed, which is all that is asked; and an fsync
#: costs nothing. Room is for the real notebooks' runs.
_MEMORY, _ROOM = Path("/dev/shm"), 2_000_000_000
_END_SECONDS = 10.0
_NEEDED = (
    "jixiao.batch.holding",
    "jixiao.batch.journal",
    "jixiao.batch.overview",
    "jixiao.batch.worker",
    "jixiao.cli",
    "papermill.engines",
    "papermill.parameterize",
)


class Stage:
    """The process with everything imported, as a test sees it."""

    def __init__(self) -> None:
        environment = os.environ | {
            "PYTHONHASHSEED": "0",
            "OPENBLAS_NUM_THREADS": "1",
            "OMP_NUM_THREADS": "1",
            "MKL_NUM_THREADS": "1",
            "MPLBACKEND": "agg",
            "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        }
        # Of its own, since what is killed leaves files behind, and memory is not emptied by a start.
        in_memory = os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ROOM
        self.folder = tempfile.mkdtemp(prefix="stage-", dir=_MEMORY if in_memory else None)
        environment["TMPDIR"] = self.folder
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.stage"],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __call__(self, function: str, **arguments: Any) -> Any:
        """Run a rehearsal there; give what it gives."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"function": function, "arguments": arguments}) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline() or '{"raised": "the stage is gone"}')
        assert "raised" not in answer, answer["raised"]
        return answer["gives"]

    def close(self) -> None:
        """End it."""
        if self.process.stdin is not None:
            self.process.stdin.close()
        self.process.wait(60)
        if self.process.stdout is not None:
            self.process.stdout.close()
        shutil.rmtree(self.folder, ignore_errors=True)


class Forked:
    """`subprocess.Popen` for a worker or template, forked instead of started."""

    def __init__(
        self, arguments: list[str], env: Mapping[str, str], stderr: int | None = None, **_: object
    ) -> None:
        theirs_in, ours_in = os.pipe()
        ours_out, theirs_out = os.pipe()
        ours_err, theirs_err = os.pipe() if stderr == subprocess.PIPE else (None, 2)
        self.pid = os.fork()
        if self.pid == 0:
            os.setsid()
            for target, descriptor in enumerate((theirs_in, theirs_out, theirs_err)):
                os.dup2(descriptor, target)
            become(dict(env), lambda: _enter(arguments))
        for descriptor in (theirs_in, theirs_out, *([theirs_err] if ours_err is not None else [])):
            os.close(descriptor)
        self.stdin, self.stdout = os.fdopen(ours_in, "wb"), os.fdopen(ours_out, "rb")
        self.stderr = os.fdopen(ours_err, "rb") if ours_err is not None else None
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Give the exit status, None while it runs."""
        if self.returncode is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def wait(self, timeout: float = 60.0) -> int:
        """Wait for the end."""
        end = time.monotonic() + timeout
        while self.poll() is None:
            if time.monotonic() > end:
                raise subprocess.TimeoutExpired("forked", timeout)
            time.sleep(0.002)
        assert self.returncode is not None
        return self.returncode

    def kill(self) -> None:
        """End it at once."""
        if self.poll() is None:
            os.kill(self.pid, signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        if self.poll() is None:
            os.kill(self.pid, signal.SIGTERM)


def become(environment: dict[str, str], enter: Callable[[], object]) -> None:
    """Make a forked process what it is to be, and leave when that ends; never returns."""
    code = 1
    try:
        gc.freeze()
        os.closerange(3, 1024)
        os.environ.clear()
        os.environ.update(environment)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        enter()
        code = 0
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else 1
    except BaseException:  # noqa: BLE001 - the process ends here
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _enter(arguments: list[str]) -> None:
    from jixiao.batch import worker
    from jixiao.kernels import template

    if "jixiao.kernels.template" in arguments:
        template.main(Path(arguments[-1]))
    else:
        worker.main()


def set_stage() -> None:
    """Import what a batch needs, warm up once, and let workers and templates be forked."""
    from jixiao.batch.starting import skip_slow_import

    skip_slow_import()
    for name in _NEEDED:
        importlib.import_module(name)
    from jixiao.batch import supervisor
    from jixiao.kernels import house, template

    template.warm()
    template.warm = lambda: None  # what is forked from here is warm
    shim = SimpleNamespace(**{**vars(subprocess), "Popen": Forked})
    supervisor.subprocess = house.subprocess = shim
    template.expect_one_thread()
    adopt_orphans()
    gc.collect()
    gc.freeze()  # what is forked from here need not look through it again


def adopt_orphans() -> None:
    """Become the parent of what loses its parent below, so that nothing goes unseen."""
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1)


def start_batch(
    workspace: Path, outputs: Path, *options: str, prepare: Callable[[], None] = lambda: None
) -> int:
    """Fork a process that gives the command; its words go to files beside the outputs folder."""
    plan = workspace / "params/batches/plan.yaml"
    line = ["batch", str(plan), "--outputs", str(outputs), *options]
    pid = os.fork()
    if pid:
        return pid
    os.setsid()
    said = [
        os.open(f"{outputs}.{name}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        for name in ("out", "err")
    ]
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for target, descriptor in enumerate(said, 1):
        os.dup2(descriptor, target)

    def enter() -> None:
        from jixiao import cli

        prepare()
        cli.main(line)

    become({**os.environ, "JIXIAO_WORKSPACE": str(workspace)}, enter)
    return 0


def wait(pid: int, seconds: float = 120.0) -> int:
    """Wait for a batch; give its exit status, that of a signal below 0."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found, status = os.waitpid(pid, os.WNOHANG)
        if found:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.002)
    os.killpg(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return 1000


def left_behind() -> list[str]:
    """Wait until all that batches started has ended; name what has not, and end it."""
    end = time.monotonic() + _END_SECONDS
    while True:
        _reap()
        left = psutil.Process().children(recursive=True)
        if not left or time.monotonic() > end:
            break
        time.sleep(0.005)
    names = [f"{process.pid} {process.status()}" for process in left]
    for process in left:
        process.kill()
    return names


def _reap() -> None:
    while True:
        try:
            if os.waitpid(-1, os.WNOHANG)[0] == 0:
                return
        except ChildProcessError:
            return


def main() -> None:
    """Answer until the requests end."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    set_stage()
    from tests import rehearsals

    for line in sys.stdin:
        asked = json.loads(line)
        try:
            given = getattr(rehearsals, asked["function"])(**asked["arguments"])
            answer = {"gives": given}
        except Exception:  # noqa: BLE001 - the test that asked shall say it
            answer = {"raised": traceback.format_exc()}
        answers.write(json.dumps(answer, ensure_ascii=False) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
