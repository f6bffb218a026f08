"""The supervisor of a batch (批次主管): hands out runs, owns the clocks, and loses nothing.

It runs no notebook itself. A worker that dies or overruns its time is replaced; a run that a dead
kernel or worker spoilt is tried at most twice more, then set aside. What is done is what has a run
folder; so a batch that was stopped, at any instant, goes on where it was.
"""

from __future__ import annotations

import json
import os
import selectors
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from jixiao.batch.engine import Limits
from jixiao.batch.folders import make_current
from jixiao.batch.jobs import Batch, Job
from jixiao.batch.kernel import kernel_environment, kernel_folder, remove_kernel_folders
from jixiao.batch.starting import WORKER
from jixiao.errors import RunFailed
from jixiao.kernels import TEMPLATE, TemplateProcess
from jixiao.workspace.places import Workspace
from jixiao.workspace.runs import is_whole

#: Faults of the machine, not of the filing or notebook: tried again.
INFRASTRUCTURE = frozenset({"kernel-died", "kernel-start", "worker-died"})
MOST_ATTEMPTS = 3
#: What a run may take beyond its notebook's limit: planning, rendering, writing.
_GRACE = 60.0
_START_GRACE = 120.0


@dataclass(frozen=True, slots=True)
class Ended:
    """One run that ended (一次运行的结果): done or failed, after how many attempts and seconds."""

    job: Job
    status: str
    seconds: float
    attempts: int
    code: str = ""
    message: str = ""
    folder: str = ""

    @property
    def is_failed(self) -> bool:
        """Whether there is no valid run of it."""
        return self.status == "failed"


#: Told of every run that ended, and of what each worker is at.
Tell = Callable[[Ended], None]
Watch = Callable[[int, Job, int, int], None]


@dataclass(slots=True)
class _Worker:
    """One worker process and the run it is at."""

    process: subprocess.Popen[bytes]
    number: int
    ready: bool = False
    job: Job | None = None
    attempts: int = 0
    began: float = 0.0
    deadline: float = 0.0
    waiting: bytearray = field(default_factory=bytearray)

    @property
    def is_idle(self) -> bool:
        return self.ready and self.job is None


@dataclass(frozen=True, slots=True)
class Setting:
    """How a batch works (批次的设定): where, with how many workers, and whether again."""

    workspace: Workspace
    outputs: Path
    workers: int
    force: bool = False


class Supervisor:
    """Runs the jobs of one batch with worker processes."""

    def __init__(self, batch: Batch, setting: Setting, tell: Tell, watch: Watch) -> None:
        self.setting, self.order = setting, batch.order
        self.tell, self.watch = tell, watch
        self.waiting: deque[tuple[Job, int]] = deque((job, 1) for job in batch.jobs)
        self.workers: list[_Worker] = []
        self.selector = selectors.DefaultSelector()
        self.template: TemplateProcess | None = None
        self.unstarted = 0
        self.started: list[int] = []

    def run(self) -> None:
        """Run every job to its end; on the way out, however it comes, nothing stays behind."""
        if not self.setting.force:
            self._pass_over()
        if not self.waiting:
            return
        with self._template():
            try:
                for number in range(min(self.setting.workers, max(1, len(self.waiting)))):
                    self._start(number)
                while self.waiting or any(worker.job for worker in self.workers):
                    self._step()
            finally:
                for worker in self.workers:
                    _end(worker.process)
                self.selector.close()

    @property
    def unforked(self) -> str:
        """Why kernels were not forked from a template; empty where they were, or none was needed."""
        return self.template.refused if self.template else ""

    def _pass_over(self) -> None:
        """Leave out the runs that are there: no worker starts for a batch with nothing to do."""
        left: deque[tuple[Job, int]] = deque()
        for job, attempts in self.waiting:
            folder = job.folder(self.setting.outputs)
            began = time.monotonic()
            if is_whole(folder):
                make_current(folder, job.audience)
                seconds = time.monotonic() - began
                self.tell(Ended(job, "unchanged", seconds, 0, folder=str(folder)))
            else:
                left.append((job, attempts))
        self.waiting = left

    @contextmanager
    def _template(self) -> Iterator[None]:
        with kernel_folder() as folder:
            environment = kernel_environment(self.setting.workspace.root, folder)
            self.template = TemplateProcess(environment)
            try:
                yield
            finally:
                self.template.stop()
                for pid in self.started:
                    remove_kernel_folders(pid)

    def _start(self, number: int) -> None:
        environment = dict(os.environ)
        environment.pop(TEMPLATE, None)
        folder = self.template.ensure() if self.template else None
        if folder:
            environment[TEMPLATE] = str(folder)
        process = subprocess.Popen(
            [sys.executable, "-P", *WORKER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            start_new_session=True,
        )
        worker = _Worker(process, number, deadline=time.monotonic() + _START_GRACE)
        self.workers.append(worker)
        self.started.append(process.pid)
        if process.stdout is not None:
            os.set_blocking(process.stdout.fileno(), False)
            self.selector.register(process.stdout, selectors.EVENT_READ, worker)
        limits: Limits = self.order.limits
        _send(
            worker,
            workspace=str(self.setting.workspace.root),
            outputs=str(self.setting.outputs),
            formats=list(self.order.formats),
            force=self.setting.force,
            limits=asdict(limits),
        )

    def _step(self) -> None:
        """Hand out work, hear what is said, look at the clock."""
        for worker in self.workers:
            if worker.is_idle and self.waiting:
                self._hand_out(worker)
        now = time.monotonic()
        nearest = min((w.deadline for w in self.workers if w.deadline), default=now + 1)
        for key, _ in self.selector.select(max(0.05, min(1.0, nearest - now))):
            self._hear(key.data)
        now = time.monotonic()
        for worker in list(self.workers):
            if worker.deadline and now > worker.deadline:
                code = "run-timeout" if worker.job else "worker-died"
                self._replace(worker, code, "超过时限，主管已停止它")

    def _hand_out(self, worker: _Worker) -> None:
        if self.template:
            self.template.ensure()
        job, attempts = self.waiting.popleft()
        worker.job, worker.attempts, worker.began = job, attempts, time.monotonic()
        limits = self.order.limits
        worker.deadline = worker.began + limits.notebook + limits.start + _GRACE
        _send(worker, **job.as_json(), more=len(self.waiting) > len(self.workers) - 1)

    def _hear(self, worker: _Worker) -> None:
        stream = worker.process.stdout
        try:
            received = os.read(stream.fileno(), 1 << 20) if stream else b""
        except BlockingIOError:
            return
        if not received:
            self._replace(worker, "worker-died", f"工作进程中途退出（{_status(worker.process)}）")
            return
        worker.waiting += received
        *lines, rest = bytes(worker.waiting).split(b"\n")
        worker.waiting[:] = rest
        for line in lines:
            self._take(worker, json.loads(line))

    # Any: what a worker of ours wrote as JSON.
    def _take(self, worker: _Worker, answer: dict[str, Any]) -> None:
        if "ready" in answer:
            worker.ready, worker.deadline = True, 0.0
        elif worker.job is None:
            return
        elif "stale" in answer:
            self.waiting.appendleft((worker.job, worker.attempts))
            worker.job = None
            self._replace(worker, "", "")
        elif "cell" in answer:
            self.watch(worker.number, worker.job, answer["cell"], answer["of"])
        else:
            failed = answer.get("failed", "")
            self._ended(worker, failed, answer.get("message", ""), answer)

    def _ended(self, worker: _Worker, code: str, message: str, answer: dict[str, Any]) -> None:
        job, attempts = worker.job, worker.attempts
        seconds = time.monotonic() - worker.began
        worker.job, worker.deadline = None, 0.0
        if job is None:
            return
        if code in INFRASTRUCTURE and attempts < MOST_ATTEMPTS:
            self.waiting.append((job, attempts + 1))
            return
        status = "failed" if code else str(answer["status"])
        folder = str(answer.get("folder", ""))
        self.tell(Ended(job, status, seconds, attempts, code, message, folder))

    def _replace(self, worker: _Worker, code: str, message: str) -> None:
        """End a worker that is dead or late, tell of its run, and start another in its place."""
        if worker.process.stdout is not None:
            self.selector.unregister(worker.process.stdout)
        _end(worker.process)
        self.workers.remove(worker)
        self._ended(worker, code, message, {})
        if not worker.ready:
            self.unstarted += 1
            if self.unstarted >= MOST_ATTEMPTS:
                raise RunFailed(
                    "worker-start",
                    f"工作进程 {self.unstarted} 次都没有启动（{message}）",
                    expected="能导入本程序的 Python 环境",
                    action="请运行 jixiao doctor 检查环境",
                )
        if self.waiting:
            self._start(worker.number)


def _send(worker: _Worker, **message: object) -> None:
    """Write one request; a worker that is gone is found by the end of what it says."""
    if worker.process.stdin is not None:
        with suppress(OSError):
            worker.process.stdin.write(json.dumps(message).encode() + b"\n")
            worker.process.stdin.flush()


def _end(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            with suppress(OSError):
                stream.close()


def _status(process: subprocess.Popen[bytes]) -> str:
    code = process.poll()
    return f"信号 {-code}" if code is not None and code < 0 else f"退出状态 {code}"


def slowest(ended: Sequence[Ended], count: int = 5) -> tuple[Ended, ...]:
    """Give the runs that took longest (最慢的运行)."""
    made = [run for run in ended if run.status != "unchanged"]
    return tuple(sorted(made, key=lambda run: -run.seconds)[:count])
