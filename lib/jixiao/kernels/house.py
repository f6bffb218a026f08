"""Starting and ending the template (模板的起止), and the word for a machine that cannot fork safely."""

from __future__ import annotations

import contextlib
import logging
import os
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from jixiao.kernels.escaped import end_forsaken
from jixiao.kernels.wire import SOCKET
from jixiao.workspace.files import is_alive

#: Names the folder of the template in the environment of processes that may use it.
TEMPLATE = "JIXIAO_TEMPLATE"
#: Our door's name among jupyter_client's, and the variable that makes it the door of all kernels.
PROVISIONER = "jixiao-provisioner"
DEFAULT_PROVISIONER = "JUPYTER_DEFAULT_PROVISIONER_NAME"
#: Where Jupyter finds the kernel "绩效评价（jixiao）", whatever way this package was installed.
JUPYTER_FOLDER = Path(__file__).parent / "jupyter"
_PREFIX = "jixiao-template-"
_LEFTOVER = re.compile(_PREFIX + r"(\d+)-.*")
#: Arithmetic libraries start threads when they are loaded, and a process with threads cannot fork.
_ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
_START_SECONDS = 60.0
_END_SECONDS = 5.0

_log = logging.getLogger(__name__)
_log.addHandler(logging.NullHandler())


def can_fork() -> bool:
    """Tell whether this machine has what forked kernels need: Linux, and its process table."""
    return sys.platform == "linux" and Path("/proc/self/task").is_dir()


class TemplateProcess:
    """The template of this process (模板进程): started once, restarted when it is gone.

    It ends with the process that started it, and its kernels with it.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = {**environment, **dict.fromkeys(_ONE_THREAD, "1")}
        _clear_leftovers()
        self.folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))
        self.process: subprocess.Popen[bytes] | None = None
        self.refused = "" if can_fork() else "this system cannot fork kernels safely"

    def ensure(self) -> Path | None:
        """Start the template if it is not running; give its folder, None where it cannot run."""
        if self.refused:
            return None
        if self.process is None or self.process.poll() is not None:
            self._close()
            end_forsaken()
            self._start()
        return self.folder if self._is_running() else None

    def _is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def _start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "jixiao.kernels.template", str(self.folder)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**self.environment},
            start_new_session=True,
        )
        output, errors = self.process.stdout, self.process.stderr
        assert output is not None
        assert errors is not None
        ready, _, _ = select.select([output], [], [], _START_SECONDS)
        said = output.readline() if ready else b""
        if said.strip() == b"ready":
            return
        self.process.kill()
        self.process.wait()
        last = errors.read().decode("utf-8", "replace").strip().rpartition("\n")[2]
        self.refused = last or "the template did not start"
        _log.warning("normal kernels are used: %s", self.refused)

    def _close(self) -> None:
        if self.process is not None:
            for stream in (self.process.stdout, self.process.stderr):
                if stream is not None:
                    stream.close()
            self.process = None

    @property
    def socket(self) -> Path:
        """Where it listens."""
        return self.folder / SOCKET

    def stop(self) -> None:
        """End the template with all its kernels, and remove its folder."""
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(_END_SECONDS)
            except subprocess.TimeoutExpired:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
        self._close()
        end_forsaken()  # where the template was killed before it could
        shutil.rmtree(self.folder, ignore_errors=True)


def _clear_leftovers() -> None:
    """Remove the folders of templates whose starter was killed."""
    for left in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        match = _LEFTOVER.fullmatch(left.name)
        if match and not is_alive(int(match[1])):
            shutil.rmtree(left, ignore_errors=True)
