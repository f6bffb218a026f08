"""What may befall a batch, rehearsed on a small one in the stage (`tests.stage`)."""

import ctypes
import json
import os
import random
import re
import shutil
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from tests import faults
from tests.stage import adopt_orphans, left_behind, start_batch, wait
from tests.test_batch import province, write_plan
from tests.workbench import SHOW, UNIT, write_notebook

from jixiao.batch import folders
from jixiao.batch.demo.making import make_demo
from jixiao.batch.demo.province import LAST_YEAR, Wish
from jixiao.batch.folders import subfolders
from jixiao.batch.jobs import plan_batch
from jixiao.batch.order import load_order
from jixiao.cli.site import make_overview
from jixiao.importers.opening import open_filing
from jixiao.kernels import house
from jixiao.workspace.files import digest, read_pointer
from jixiao.workspace.places import Workspace
from jixiao.workspace.roster import load_roster
from jixiao.workspace.runs import CURRENT, keys_of
from jixiao.workspace.units import load_unit_year

UNITS = (UNIT, "unit-b", "unit-c")
#: Three cells between the declared parameters and the result's; each run leaves a mark.
CELLS = (
    """import os
with open(os.environ["JIXIAO_OUTPUTS"] + ".executed", "a") as marks:
    _ = marks.write(unit + "\\n")""",
    """if unit == "unit-c" and os.path.exists(os.environ["JIXIAO_OUTPUTS"] + ".spoil"):
    raise ValueError("the first time")""",
    """import hashlib
print(unit, hashlib.sha256(unit.encode()).hexdigest())""",
)
WORDS = {faults.NO_ROOM: "磁盘已满", faults.BROKEN: "磁盘读写出错"}


@dataclass(frozen=True)
class Small:
    """A workspace of three units, what lies in its outputs before, and what must lie there after.

    Before: the second unit has an earlier run, the third a failed one of the run to be made.
    """

    workspace: Path
    before: Path
    after: dict[str, bytes]
    calls: int
    seconds: float

    @contextmanager
    def fresh(self, under: Path | None = None) -> Iterator[Path]:
        """A folder of its own with the outputs as they were before."""
        with tempfile.TemporaryDirectory(prefix="rehearsal-", dir=under) as name:
            outputs = Path(name) / "outputs"
            shutil.copytree(self.before, outputs, symlinks=True)
            yield outputs


_made: dict[str, Small] = {}


def small() -> Small:
    """Make the workspace once."""
    if "small" not in _made:
        root = Path(tempfile.mkdtemp(prefix="small-"))
        _made["small"] = _make_small(root)
    return _made["small"]


def done() -> None:
    """Remove what was made."""
    for made in _made.values():
        shutil.rmtree(made.workspace.parent)
    _made.clear()


def _make_small(root: Path) -> Small:
    workspace, before = root / "workspace", root / "before"
    province(workspace, "'an earlier edition'", units=("unit-b",))
    assert wait(start_batch(workspace, before)) == 0
    province(workspace, *CELLS)
    outputs = root / "failing"
    Path(f"{outputs}.spoil").touch()
    assert wait(start_batch(workspace, outputs, "--workers", "1")) == 1, _said(outputs)
    shutil.copytree(outputs / "unit-c", before / "unit-c", symlinks=True)
    shutil.rmtree(before / "batches")
    (before / "index.html").unlink()
    undisturbed = root / "undisturbed"
    shutil.copytree(before, undisturbed, symlinks=True)
    counted = faults.Faults(undisturbed, -1, faults.kill_alone, on=False)
    status = wait(
        start_batch(
            workspace, undisturbed, "--workers", "1", prepare=lambda: faults.install(counted)
        )
    )
    assert status == 0, _said(undisturbed)
    assert not left_behind()
    assert wrong_in(undisturbed, finished=True) == []
    _remember(Workspace(workspace), undisturbed)
    seconds = _seconds_of(workspace, before, root / "timed")
    return Small(workspace, before, runs_in(undisturbed), counted.count, seconds)


def _seconds_of(workspace: Path, before: Path, outputs: Path) -> float:
    """Time a batch by two workers, in which something is to be killed at random."""
    shutil.copytree(before, outputs, symlinks=True)
    began = time.monotonic()
    assert wait(start_batch(workspace, outputs, "--workers", "2")) == 0, _said(outputs)
    return time.monotonic() - began


def _remember(workspace: Workspace, outputs: Path) -> None:
    """Read here what every batch reads, so that those forked from here find it known."""
    order = load_order(workspace, workspace.params / "batches/plan.yaml")
    plan_batch(workspace, order, outputs)
    make_overview(workspace, outputs)


def real() -> Small:
    """Make the demo's workspace once: the reports of a unit and its projects, as HTML and PDF."""
    if "real" not in _made:
        _made["real"] = _make_real(Path(tempfile.mkdtemp(prefix="real-")))
    return _made["real"]


_REAL = {
    "years": f"[{LAST_YEAR}]",
    "notebooks": "[department_evaluation, project_evaluation]",
    "formats": "[html, pdf]",
}


def _make_real(root: Path) -> Small:
    workspace = make_demo(root / "workspace", Wish(12, 1, 1)).workspace
    filed = (load_unit_year(workspace, unit, LAST_YEAR) for unit in workspace.units())
    chosen = next(one.unit for one in filed if one.has_department and one.projects)
    write_plan(workspace, units=f"[{chosen}]", **_REAL)
    before, undisturbed = root / "before", root / "undisturbed"
    before.mkdir()
    began = time.monotonic()
    status = wait(start_batch(workspace.root, undisturbed, "--workers", "2"), 600)
    assert status == 0, _said(undisturbed)
    seconds = time.monotonic() - began
    assert not left_behind()
    assert wrong_in(undisturbed, finished=True) == []
    after = runs_in(undisturbed)
    assert {Path(name).suffix for name in after} == {"", ".html", ".ipynb", ".json", ".pdf"}
    assert len({name.split("/")[2] for name in after}) > 1, "there is no project"
    return Small(workspace.root, before, after, 0, seconds)


# ---------------------------------------------------------------- looking at a tree


def runs_in(outputs: Path) -> dict[str, bytes]:
    """Every file of the runs, and where ``current`` points, as bytes."""
    found: dict[str, bytes] = {}
    for key in keys_of(outputs):
        for path in key.rglob("*"):
            name = path.relative_to(outputs).as_posix()
            if path.is_symlink():
                found[name] = os.fsencode(path.readlink())
            elif path.is_file():
                found[name] = path.read_bytes()
    return {name: data for name, data in found.items() if "/.staging-" not in name}


def wrong_in(outputs: Path, *, finished: bool = False) -> list[str]:
    """Say what is not whole: a run, a pointer, a failure, the log, the page."""
    wrong = [line for key in keys_of(outputs) for line in _wrong_in_key(key, finished)]
    for log in (outputs / "batches").glob("*.jsonl"):
        *lines, _ = log.read_bytes().split(b"\n")  # what a kill cut off is the last, without end
        wrong += [f"{log.name}: {line[:80]!r}" for line in lines if not _is_json(line)]
    holder, page = outputs / ".batch.json", outputs / "index.html"
    if holder.exists() and not _is_json(holder.read_bytes()):
        wrong.append(".batch.json")
    if page.exists() and not page.read_bytes().rstrip().endswith(b"</html>"):
        wrong.append("index.html")
    return wrong


def _wrong_in_key(key: Path, finished: bool) -> Iterator[str]:
    where = "/".join(key.parts[-3:])
    runs = subfolders(key, lambda name: name[0] != "." and "-" not in name)
    for run in runs:
        if said := _damage(run):
            yield f"{where}/{run.name}: {said}"
    for failed in subfolders(key, lambda name: name.startswith("failed-")):
        if not all(_is_json(path.read_bytes()) for path in failed.iterdir()):
            yield f"{where}/{failed.name}"
        if finished:
            yield f"{where}/{failed.name} stays"
    pointed = read_pointer(key / CURRENT)
    if pointed is None and ((key / CURRENT).is_symlink() or finished):
        yield f"{where}/current points nowhere"
    if pointed is not None and pointed not in {run.name for run in runs}:
        yield f"{where}/current points to {pointed}"
    for damaged in subfolders(key, lambda name: name.startswith("damaged-")):
        yield f"{where}/{damaged.name}"


def _damage(run: Path) -> str:
    """Hold a run against its manifest, every byte of it."""
    try:
        manifest = json.loads((run / "manifest.json").read_bytes())
    except (OSError, ValueError) as error:
        return str(error)
    listed = {entry["name"]: entry["sha256"] for entry in manifest["files"]}
    found = {path.name for path in run.iterdir()} - {"manifest.json"}
    if manifest["run"] != run.name or found != set(listed):
        return "another run's, or files missing"
    return next((name for name, sha256 in listed.items() if digest(run / name) != sha256), "")


def _is_json(data: bytes) -> bool:
    try:
        json.loads(data)
    except ValueError:
        return False
    return True


def _said(outputs: Path) -> str:
    paths = (Path(f"{outputs}.{name}") for name in ("out", "err"))
    return "".join(path.read_text("utf-8", "replace") for path in paths if path.exists())


def _executed(outputs: Path) -> Counter[str]:
    marks = Path(f"{outputs}.executed")
    return Counter(marks.read_text("utf-8").split() if marks.exists() else ())


def _resumed(made: Small, outputs: Path) -> Iterator[str]:
    """Run again what is left, and hold the result against an undisturbed one."""
    status = wait(start_batch(made.workspace, outputs, "--workers", "1"))
    if status != 0:
        yield f"resumed with status {status}: {_said(outputs)[-2000:]}"
    yield from (f"left behind: {name}" for name in left_behind())
    yield from wrong_in(outputs, finished=True)
    found = runs_in(outputs)
    for name in sorted(found.keys() ^ made.after.keys()):
        yield f"{name} is {'too many' if name in found else 'missing'}"
    for name in sorted(found.keys() & made.after.keys()):
        if found[name] != made.after[name]:
            yield f"{name} differs from an undisturbed run's"


# ---------------------------------------------------------------- kills


def calls() -> int:
    """How many calls an undisturbed batch makes."""
    return small().calls


def sweep(
    points: list[int], alone: bool | None = None, *, in_place: bool = False
) -> dict[str, Any]:
    """Kill at each of these calls: the calling process alone, or with its supervisor, or by turns.

    Parameters
    ----------
    in_place : let runs be written without care, to see that it is noticed.
    """
    made, wrong = small(), list[str]()
    for number, point in enumerate(points):
        by_itself = number % 2 == 0 if alone is None else alone
        found = _killed_at(made, point, by_itself, in_place)
        wrong += [f"call {point}: {line}" for line in found]
    return {"points": len(points), "of": made.calls, "wrong": wrong}


def _killed_at(made: Small, point: int, alone: bool, in_place: bool) -> Iterator[str]:
    with made.fresh() as outputs:

        def prepare() -> None:
            if in_place:
                folders.commit_folder = _write_in_place  # type: ignore[assignment]
            act = faults.kill_alone if alone else faults.kill_with(os.getpid())
            faults.install(faults.Faults(outputs, point, act, on=False))

        status = wait(start_batch(made.workspace, outputs, "--workers", "1", prepare=prepare))
        if status not in ((-9, 0) if alone else (-9,)):
            yield f"status {status} instead of a kill: {_said(outputs)[-2000:]}"
        yield from (f"left behind: {name}" for name in left_behind())
        yield from wrong_in(outputs)
        yield from _earlier_lost(made, outputs)
        yield from _resumed(made, outputs)


def _write_in_place(parent: Path, name: str, files: Mapping[str, bytes]) -> Path:
    folder = parent / name
    folder.mkdir(parents=True)
    for file_name, data in files.items():
        (folder / file_name).write_bytes(data)
    return folder


def _earlier_lost(made: Small, outputs: Path) -> Iterator[str]:
    """Say what is gone or changed of the runs that were there before."""
    before, now = runs_in(made.before), runs_in(outputs)
    for name, data in before.items():
        if "failed-" not in name and not name.endswith(CURRENT) and now.get(name) != data:
            yield f"{name}, there before, is gone or changed"


VICTIMS = ("supervisor", "worker", "template", "kernel")


def random_kills(seed: int, rounds: int, *, as_they_are: bool = False) -> dict[str, Any]:
    """Kill one process of a batch at a random instant, each kind in turn.

    Parameters
    ----------
    as_they_are : the notebooks of the house as they are, with HTML and PDF.
    """
    made, wrong, chance = real() if as_they_are else small(), [], random.Random(seed)
    hits: Counter[str] = Counter()
    number = 0
    while sum(hits.values()) < rounds and number < 3 * rounds:
        victim = VICTIMS[number % len(VICTIMS)]
        number += 1
        with made.fresh() as outputs:
            pid = start_batch(made.workspace, outputs, "--workers", "2")
            time.sleep(chance.uniform(0, made.seconds))
            hit = _kill_one(pid, victim, chance)
            status = wait(pid)
            if hit and victim == "supervisor" and status == 0:
                hit = not _has_said_all(outputs)  # what is ending cannot be killed any more
            hits[victim] += hit
            expected = -9 if hit and victim == "supervisor" else 0
            found = [f"left behind: {name}" for name in left_behind()]
            if status != expected:
                found.append(f"status {status}: {_said(outputs)[-2000:]}")
            found += [*wrong_in(outputs), *_earlier_lost(made, outputs), *_resumed(made, outputs)]
            wrong += [f"round {number}, {victim}: {line}" for line in found]
    return {"seed": seed, "hits": dict(hits), "wrong": wrong}


def _has_said_all(outputs: Path) -> bool:
    """Tell whether a batch was over: its log has its end, and the last it prints is printed."""
    logs = [path.read_bytes().splitlines() for path in (outputs / "batches").glob("*.jsonl")]
    ends = [json.loads(lines[-1])["event"] for lines in logs if lines]
    return ends == ["end"] and _said(outputs).rstrip().endswith("index.html")


def _kill_one(pid: int, victim: str, chance: random.Random) -> bool:
    """Kill a process of this kind as soon as there is one; tell whether there was."""
    end = time.monotonic() + 5
    while time.monotonic() < end:
        try:
            found = _of_kind(psutil.Process(pid), victim)
            if found:
                chance.choice(found).kill()
                return True
            if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
                return False
        except psutil.NoSuchProcess:
            return False
        time.sleep(0.001)
    return False


def _of_kind(supervisor: psutil.Process, victim: str) -> list[psutil.Process]:
    """The processes of a kind: the template is the first child, kernels are its children."""
    if supervisor.status() == psutil.STATUS_ZOMBIE:
        return []
    if victim == "supervisor":
        return [supervisor]
    children = sorted(supervisor.children(), key=lambda child: child.create_time())
    templates = children[:1]
    if victim == "template":
        return templates
    if victim == "worker":
        return children[1:]
    return [kernel for template in templates for kernel in template.children()]


# ---------------------------------------------------------------- disks


def errors(points: list[int], number: int, *, on: bool = False) -> dict[str, Any]:
    """Let each of these calls fail, then run again on a disk that works.

    Parameters
    ----------
    on : let every call from there on fail.
    """
    made, wrong = small(), list[str]()
    for point in points:
        with made.fresh() as outputs:
            watched = faults.Faults(outputs, point, faults.fail_with(number), on=on)
            pid = start_batch(
                made.workspace,
                outputs,
                "--workers",
                "1",
                prepare=lambda watched=watched: faults.install(watched),
            )
            status = wait(pid)
            found = [*wrong_in(outputs), *_earlier_lost(made, outputs), *_untold(outputs, status)]
            found += [f"left behind: {name}" for name in left_behind()]
            found += _resumed(made, outputs)
            wrong += [f"call {point}: {line}" for line in found]
    return {"points": len(points), "of": made.calls, "wrong": wrong}


def _untold(outputs: Path, status: int) -> Iterator[str]:
    said = _said(outputs)
    if "Traceback" in said:
        yield f"a traceback: {said[-3000:]}"
    if status not in (0, 1):
        yield f"status {status}: {said[-2000:]}"
    if status == 1 and not (
        str(outputs) in said and any(words in said for words in WORDS.values())
    ):
        yield f"not told where and what: {said[-2000:]}"


def full_disks(sizes: int, first: int = 0, count: int | None = None) -> dict[str, Any]:
    """Run on disks with this many different amounts of room, then again with enough.

    Parameters
    ----------
    first, count : some of the sizes; default all.
    """
    numbers = range(first, sizes if count is None else first + count)
    made = small()
    with tempfile.TemporaryDirectory(prefix="disk-") as name:
        answer = Path(name) / "answer.json"
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                _take_own_mounts()
                answer.write_text("{}")
                answer.write_text(json.dumps(_fill(made, sizes, numbers)))
                code = 0
            except BaseException:  # noqa: BLE001 - the process ends here
                traceback.print_exc()
            finally:
                os._exit(code)
        status = wait(pid, 3000)
        if not answer.exists():
            return {"denied": True, "sizes": 0, "wrong": []}
        assert status == 0
        found: dict[str, Any] = json.loads(answer.read_bytes())
        return found | {"denied": False}


_CLONE_NEWNS, _MS_PRIVATE, _MS_REC, _MNT_DETACH = 0x20000, 1 << 18, 1 << 14, 2
_LIBRARY = ctypes.CDLL(None, use_errno=True)


def _take_own_mounts() -> None:
    """Let this process have disks that no other sees."""
    adopt_orphans()
    if _LIBRARY.unshare(_CLONE_NEWNS) or _LIBRARY.mount(
        b"none", b"/", None, _MS_REC | _MS_PRIVATE, None
    ):
        raise OSError(ctypes.get_errno(), "unshare")


@contextmanager
def _disk(made: Small) -> Iterator[Path]:
    """An outputs folder, as before, that is a disk of 64 MB."""
    with tempfile.TemporaryDirectory(prefix="rehearsal-") as name:
        outputs = Path(name) / "outputs"
        outputs.mkdir()
        if _LIBRARY.mount(b"tmpfs", os.fsencode(outputs), b"tmpfs", 0, b"size=64m,mode=755"):
            raise OSError(ctypes.get_errno(), "mount")
        try:
            shutil.copytree(made.before, outputs, symlinks=True, dirs_exist_ok=True)
            yield outputs
        finally:
            _LIBRARY.umount2(os.fsencode(outputs), _MNT_DETACH)


def _fill(made: Small, sizes: int, numbers: range) -> dict[str, Any]:
    wrong: list[str] = []
    statuses: Counter[int] = Counter()
    with _disk(made) as outputs:
        before = shutil.disk_usage(outputs).used
        assert wait(start_batch(made.workspace, outputs, "--workers", "1")) == 0, _said(outputs)
        needed = shutil.disk_usage(outputs).used - before
    for number in numbers:
        room = needed * number // sizes // 4096 * 4096
        with _disk(made) as outputs:
            status, found = _on_full(made, outputs, room)
            statuses[status] += 1
            wrong += [f"{room} bytes of room: {line}" for line in found]
    return {"sizes": len(numbers), "needed": needed, "statuses": statuses, "wrong": wrong}


def _on_full(made: Small, outputs: Path, room: int) -> tuple[int, list[str]]:
    filler = outputs / "filler"
    pid = start_batch(
        made.workspace, outputs, "--workers", "1", prepare=lambda: _leave_room(filler, room)
    )
    status = wait(pid)
    found = [*wrong_in(outputs), *_earlier_lost(made, outputs)]
    filler.unlink()
    said = _said(outputs)
    if status not in (0, 1) or "Traceback" in said:
        found.append(f"status {status}: {said[-3000:]}")
    if not all(word in said for word in ("磁盘已满", str(outputs), "请腾出空间", " KB")):
        found.append(f"status {status}, not told where, what and how much: {said[-2000:]}")
    found += [f"left behind: {name}" for name in left_behind()]
    found += _resumed(made, outputs)
    return status, found


def _leave_room(filler: Path, room: int) -> None:
    """Let somebody else fill the disk right after the plan was checked."""
    batch: Any = sys.modules["jixiao.cli.batch"]  # the package's attribute is the command
    check = batch.ensure_writable

    def filled(folder: Path) -> None:
        with filler.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, shutil.disk_usage(filler.parent).free - room)
        check(folder)

    batch.ensure_writable = filled


# ---------------------------------------------------------------- many at once


def at_once(seed: int, rounds: int, supervisors: int = 8) -> dict[str, Any]:
    """Start many batches on one folder; half of them wait, the others go away."""
    made, wrong, chance = small(), [], random.Random(seed)
    for number in range(rounds):
        with made.fresh() as outputs:
            places = [outputs.with_name(f"outputs-{n}") for n in range(supervisors)]
            for place in places:
                place.symlink_to(outputs)
            pids = []
            for order, place in enumerate(places):
                time.sleep(chance.uniform(0, 0.05))
                options = ["--json", *(["--wait"] if order % 2 else [])]
                pids.append(start_batch(made.workspace, place, "--workers", "1", *options))
            statuses = [wait(pid) for pid in pids]
            found = [f"left behind: {name}" for name in left_behind()]
            counts: Counter[str] = Counter()
            for place, status in zip(places, statuses, strict=True):
                said = Path(f"{place}.out").read_text("utf-8")
                counts.update(json.loads(said)["counts"] if said else {"held": 1})
                if status not in (0, 1) or (status == 1 and "另一个批次" not in _said(place)):
                    found.append(f"status {status}: {_said(place)[-2000:]}")
            executed = sum((_executed(place) for place in places), Counter[str]())
            if counts["made"] != len(UNITS) or set(executed.values()) != {1}:
                found.append(f"made {dict(counts)}, executed {dict(executed)}")
            found += wrong_in(outputs, finished=True)
            if runs_in(outputs) != made.after:
                found.append("the result differs from an undisturbed one")
            wrong += [f"round {number}: {line}" for line in found]
    return {"seed": seed, "rounds": rounds, "supervisors": supervisors, "wrong": wrong}


# ---------------------------------------------------------------- what notebooks do


#: A fault of a cell, what the run is then said to be, the cell's state, and how often it is tried.
Fault = tuple[str, str, str, int]
KILLED: dict[str, Fault] = {
    "sigkill": ("import os\nos.kill(os.getpid(), 9)", "kernel-died", "killed", 3),
    "sigsegv": ("import ctypes\nctypes.string_at(0)", "kernel-died", "killed", 3),
    "exit": ("import os\nos._exit(0)", "kernel-died", "killed", 3),
    "sysexit": ("import sys\nsys.exit(0)", "cell-failed", "failed", 1),
    "sigstop": ("import os\nos.kill(os.getpid(), 19)", "cell-timeout", "timed_out", 1),
}
_TIMED_OUT = ("cell-timeout", "timed_out", 1)
HANGING: dict[str, Fault] = {
    "loop": ("while True: pass", *_TIMED_OUT),
    "deaf": ("import signal, time\nsignal.signal(2, signal.SIG_IGN)\ntime.sleep(1e6)", *_TIMED_OUT),
    "lock": (
        "import threading\nlock = threading.Lock()\nlock.acquire()\nlock.acquire()",
        *_TIMED_OUT,
    ),
    "regex": ("import re\nre.match('(a+)+$', 'a' * 40 + 'b')", *_TIMED_OUT),
    "stopped": ("import os\nos.kill(os.getpid(), 19)", *_TIMED_OUT),
    "input": ("input()", "cell-failed", "failed", 1),
    "forks": ("import os, time\nfor _ in range(5): os.fork()\ntime.sleep(1e6)", *_TIMED_OUT),
    "sleep": ("import ctypes\nctypes.CDLL(None).sleep(1000000)", *_TIMED_OUT),
    "escaped": (
        """import subprocess, time
subprocess.Popen(["setsid", "sleep", "1000"])
subprocess.run(["sh", "-c", "setsid sleep 1000 >/dev/null 2>&1 &"])
time.sleep(1e6)""",
        *_TIMED_OUT,
    ),
    "thread": (
        """import threading, time
thread = threading.Thread(target=time.sleep, args=(1e6,))
thread.start()
thread.join()""",
        *_TIMED_OUT,
    ),
}
GREEDY: dict[str, Fault] = {
    "memory": (
        "import numpy\nmany = []\nwhile True: many.append(numpy.empty(50_000_000, 'u1'))",
        "cell-failed",
        "failed",
        1,
    ),
    "flood": ("while True: print('x' * 1_000_000, flush=True)", "output-too-large", "killed", 1),
    "payload": (
        "from IPython.display import display\ndisplay({'text/plain': 'x' * 100_000_000}, raw=True)",
        "output-too-large",
        "killed",
        1,
    ),
}
GOOD = tuple(f"good-{number}" for number in range(8))
#: Six at once on two cores: what is no hang must have its time.
_CELL_SECONDS = 7
#: Before them come the title, the parameters, and those that papermill put in.
_CELLS = (3, 4, 5)


def notebooks_that_fail() -> dict[str, Any]:
    """Every fault in a batch with eight good neighbours: told truly, in time, and they unharmed."""
    cases = {f"{name}-{cell}": (cell, fault) for name, fault in KILLED.items() for cell in _CELLS}
    cases |= {name: (_CELLS[0], fault) for name, fault in (HANGING | GREEDY).items()}
    cells = [_choice(cases, cell) for cell in _CELLS]
    order = [*GOOD[:4], *cases, *GOOD[4:]]
    with tempfile.TemporaryDirectory(prefix="faults-") as name:
        root, outputs = Path(name) / "workspace", Path(name) / "outputs"
        workspace = province(root, *cells[:2], units=order, last=f"{SHOW}\n{cells[2]}")
        write_plan(workspace, formats="[html]", limits=f"{{cell: {_CELL_SECONDS}, memory: 3000}}")
        status = wait(start_batch(root, outputs, "--workers", "6"), 600)  # most of them wait
        wrong = [f"left behind: {line}" for line in left_behind()]
        wrong += [] if status == 1 else [f"status {status}: {_said(outputs)[-3000:]}"]
        wrong += wrong_in(outputs)
        told = {line["unit"]: line for line in _logged(outputs) if line["event"] == "run"}
        for unit, (cell, fault) in cases.items():
            wrong += [f"{unit}: {line}" for line in _untrue(told[unit], cell, fault)]
        write_plan(workspace, units=str(list(GOOD)), formats="[html]")
        alone = Path(name) / "alone"
        wrong += [] if wait(start_batch(root, alone, "--workers", "1")) == 0 else [_said(alone)]
        beside = {path: data for path, data in runs_in(outputs).items() if path.startswith("good")}
        wrong += [] if beside == runs_in(alone) else ["the good ones are not as they are alone"]
    return {"faults": len(cases), "neighbours": len(GOOD), "wrong": wrong}


def _choice(cases: dict[str, tuple[int, Fault]], cell: int) -> str:
    """The code of a cell that goes wrong for the units that are to go wrong in it."""
    lines = ["pass"]
    for unit, (where, fault) in cases.items():
        if where == cell:
            lines.append(f"if unit == '{unit}':")
            lines += [f"    {line}" for line in fault[0].splitlines()]
    return "\n".join(lines)


def _logged(outputs: Path) -> list[dict[str, Any]]:
    (log,) = (outputs / "batches").glob("*.jsonl")
    return [json.loads(line) for line in log.read_text("utf-8").splitlines()]


def _untrue(told: dict[str, Any], cell: int, fault: Fault) -> Iterator[str]:
    """Say what is not as it was: the code, the cell, its state, the time, what was kept."""
    _, code, state, attempts = fault
    if (told["status"], told.get("code"), told["attempts"]) != ("failed", code, attempts):
        yield f"told as {told}"
        return
    if told["seconds"] > _CELL_SECONDS + 10:
        yield f"took {told['seconds']} s"
    folder = Path(told["folder"])
    if {path.name for path in folder.iterdir()} != {"failure.json", "report.ipynb"}:
        yield "more is kept than the notebook and why"
    if [path.name for path in folder.parent.iterdir()] != [folder.name]:
        yield "there is more than the failure"
    if json.loads((folder / "failure.json").read_bytes())["cell"]["number"] != cell + 1:
        yield "another cell is named"
    kept = json.loads((folder / "report.ipynb").read_bytes())
    states = [one["metadata"]["jixiao"]["state"] for one in kept["cells"]]
    if states != ["done"] * cell + [state] + ["never_ran"] * (len(states) - cell - 1):
        yield f"states {states}"
    if kept["metadata"]["jixiao"]["state"] != state:
        yield f"the notebook is said to be {kept['metadata']['jixiao']['state']}"


# ---------------------------------------------------------------- one unit and the others


#: A notebook that reads, scores and questions a filing, and shows a part of the report.
LIGHT = (
    """from jixiao import audit, tables
from jixiao import rubric as rules
from jixiao.importers.opening import open_filing
from jixiao.workspace.fonts import code_points

filing, checklist = open_filing(unit, year), rules.open_checklist()
judgement = audit.judge(
    filing, "department", rules.open_rubrics(unit, year, ""), checklist, code_points()
)
tables.summarise(judgement)""",
    "tables.table_indicators(judgement)",
    "tables.table_base_indicators(judgement)",
    'tables.list_findings(judgement, checklist, "high")',
)
_FIGURE = re.compile(r"(?<![0-9.])[0-9]{4,}\.[0-9]{2}(?![0-9])")


def strangers(seed: int, units: int, cold: int, *, as_they_are: bool = False) -> dict[str, Any]:
    """Make the reports of different units in shuffled orders, by one and two workers, warm and cold.

    Parameters
    ----------
    cold : how many of them are made by kernels that nothing has warmed.
    as_they_are : the notebooks of the house as they are, with HTML and PDF.
    """
    plan = _REAL if as_they_are else _REAL | {"notebooks": "[light]", "formats": "[]"}
    chance, wrong = random.Random(seed), list[str]()
    with tempfile.TemporaryDirectory(prefix="strangers-") as name:
        root = Path(name) / "workspace"
        workspace = make_demo(root, Wish(units, 1, seed)).workspace
        write_notebook(
            workspace.notebooks / "light.ipynb",
            *LIGHT,
            last="tables.show_result(judgement, unit, audience)",
        )
        names = list(workspace.units())
        one = _made_so(workspace, Path(name) / "one", plan | {"units": str(names)}, workers=1)
        chance.shuffle(names)
        two = _made_so(workspace, Path(name) / "two", plan | {"units": str(names)}, workers=2)
        chance.shuffle(names)
        chosen = names[:cold]
        few = plan | {"units": str(chosen)}
        bare = _made_so(workspace, Path(name) / "cold", few, workers=2, warm=False)
        wrong += [f"{path}: two workers differ from one" for path in _differing(one, two)]
        same = {path: data for path, data in one.items() if path.split("/")[0] in set(chosen)}
        wrong += [f"{path}: cold differs from warm" for path in _differing(same, bare)]
        figures, foreign = _foreign(workspace, one)
    figured = {"seed": seed, "units": units, "cold": cold, "files": len(one), "figures": figures}
    return figured | {"wrong": [*wrong, *foreign]}


def _made_so(
    workspace: Workspace, outputs: Path, plan: dict[str, str], *, workers: int, warm: bool = True
) -> dict[str, bytes]:
    write_plan(workspace, **plan)

    def prepare() -> None:
        if not warm:
            house.can_fork = lambda: False

    pid = start_batch(workspace.root, outputs, "--workers", str(workers), prepare=prepare)
    status = wait(pid, 3000)
    assert status == 0, _said(outputs)[-3000:]
    assert not left_behind()
    return runs_in(outputs)


def _differing(one: dict[str, bytes], other: dict[str, bytes]) -> list[str]:
    return [path for path in sorted(one.keys() | other.keys()) if one.get(path) != other.get(path)]


def _foreign(workspace: Workspace, made: dict[str, bytes]) -> tuple[int, list[str]]:
    """Name what a report holds of another unit: its id, its name, a figure only of its own filing.

    The first of the two is how many figures were looked for.
    """
    roster = {unit.id: unit.names[0].name for unit in load_roster(workspace)}
    own: dict[str, str] = {}
    for path, data in made.items():
        if path.endswith((".ipynb", ".json")):
            unit = path.split("/")[0]
            own[unit] = own.get(unit, "") + data.decode()
    filed = {unit: repr(open_filing(unit, LAST_YEAR, workspace)) for unit in own}
    figures = {unit: set(_FIGURE.findall(text)) for unit, text in filed.items()}
    found = []
    for unit, text in own.items():
        held = set(_FIGURE.findall(text))
        for other in sorted(roster.keys() - {unit}):
            name, alien = roster[other], (figures.get(other, set()) - figures[unit]) & held
            if other in text or (name in text and name not in filed[unit] + roster[unit]):
                found.append(f"{unit} holds the name of {other}")
            if alien:
                found.append(f"{unit} holds figures of {other}: {sorted(alien)[:5]}")
    return len(set().union(*figures.values())), found
