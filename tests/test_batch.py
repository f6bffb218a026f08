"""Batches: checked whole before they start, honest about each run, resumed where they were stopped."""

import contextlib
import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from tests.workbench import SHOW, make_workspace, tree, write_notebook

from jixiao.batch.jobs import plan_batch
from jixiao.batch.order import load_order
from jixiao.errors import JixiaoError
from jixiao.workspace.files import read_pointer
from jixiao.workspace.places import Workspace
from jixiao.workspace.runs import is_whole

pytestmark = pytest.mark.slow
UNITS = ("test-unit", "unit-b", "unit-c")


def province(root: Path, *cells: str, units=UNITS, last: str = SHOW) -> Workspace:
    """A workspace with several units of one year, whose notebook has these cells."""
    workspace = make_workspace(root, *cells, last=last)
    roster = ["units:"]
    for number, unit in enumerate(units):
        parent = "null" if number == 0 else units[0]
        roster.append(
            f"  - {{id: {unit}, names: [{{name: 测试局{number}}}], parent: {parent}, level: county, region: x}}"
        )
        filing = f"测试局{number}\n2022年度部门整体支出绩效自评报告\n".encode()
        folder = workspace.filing_folder(unit, 2022)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "filing.txt").write_bytes(filing)
        path = workspace.unit_file(unit, 2022)
        path.parent.mkdir(exist_ok=True)
        path.write_text(
            f"unit: {unit}\nname: 测试局{number}\nyear: 2022\n"
            f"filing: [{{file: filing.txt, sha256: {hashlib.sha256(filing).hexdigest()}}}]\nprojects: []\n",
            "utf-8",
        )
    (root / "params/units/roster.yaml").write_text("\n".join(roster) + "\n", "utf-8")
    (root / "params/checks.yaml").write_bytes(
        (Path(__file__).parents[1] / "params/checks.yaml").read_bytes()
    )
    for rubric in (Path(__file__).parents[1] / "params/rubrics").glob("*.yaml"):
        (root / "params/rubrics" / rubric.name).write_bytes(rubric.read_bytes())
    write_plan(workspace)
    return workspace


def write_plan(workspace: Workspace, **changed: str) -> Path:
    lines = {"units": "['*']", "years": "[2022]", "notebooks": "[tiny]", "formats": "[]"} | changed
    path = workspace.params / "batches" / "plan.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(f"{key}: {value}\n" for key, value in lines.items()), "utf-8")
    return path


def command(workspace: Workspace, *options: str) -> list[str]:
    plan = workspace.params / "batches" / "plan.yaml"
    return [sys.executable, "-m", "jixiao.cli", "batch", str(plan), "--workers", "2", *options]


#: One worker, where it is not about two: each costs a second to start.
ALONE = ("--workers", "1")


def start(workspace: Workspace, *options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command(workspace, *options),
        env=os.environ | {"JIXIAO_WORKSPACE": str(workspace.root)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def batch(workspace: Workspace, *options: str) -> tuple[int, dict, str]:
    """Run the plan; give exit status, summary, and what went to standard error."""
    process = start(workspace, "--json", *options)
    out, err = process.communicate(timeout=180)
    return process.returncode, json.loads(out) if out else {}, err


def runs_of(workspace: Workspace) -> dict[str, bytes]:
    """All files of finished runs and pointers, without logs."""
    found = tree(workspace.outputs)
    return {name: data for name, data in found.items() if name.split("/")[0] in UNITS}


def wait_until(condition, seconds=30.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not become so"
        time.sleep(0.02)


def left_behind(workspace: Workspace) -> list[psutil.Process]:
    """Workers, templates and kernels of this workspace that still run."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("JIXIAO_WORKSPACE") == str(workspace.root):
                found.append(process)
        except (psutil.AccessDenied, psutil.NoSuchProcess):
            continue
    return found


def below(pid: int) -> list[psutil.Process]:
    return psutil.Process(pid).children(recursive=True)


# ---------------------------------------------------------------- done, and nothing to do


def test_a_batch_makes_every_run_once_and_then_has_nothing_to_do(tmp_path):
    workspace = province(tmp_path, "print(unit)")
    status, summary, err = batch(workspace)
    assert (status, summary["done"], summary["failed"], summary["counts"]) == (
        0,
        3,
        0,
        {"made": 3},
    ), err
    made = runs_of(workspace)
    for unit in UNITS:
        folder = workspace.outputs / unit / "2022" / "tiny"
        assert is_whole(folder / read_pointer(folder / "current"))
        notebook = json.loads((folder / "current" / "report.ipynb").read_bytes())
        texts = json.dumps(notebook, ensure_ascii=False)
        assert unit in texts
        assert not [
            other for other in UNITS if other != unit and other in texts.replace("test-unit", "")
        ]
    assert not left_behind(workspace)
    status, summary, _ = batch(workspace)
    assert (status, summary["counts"]) == (0, {"unchanged": 3})
    assert runs_of(workspace) == made
    status, summary, _ = batch(workspace, "--force")
    assert (status, summary["counts"]) == (0, {"confirmed": 3})
    assert runs_of(workspace) == made


def test_only_what_changed_runs_again(tmp_path):
    workspace = province(tmp_path)
    batch(workspace, *ALONE)
    path = workspace.unit_file("unit-b", 2022)
    path.write_text(path.read_text("utf-8") + "rubrics: {}\n", "utf-8")
    status, summary, _ = batch(workspace, *ALONE)
    assert (status, summary["counts"]) == (0, {"made": 1, "unchanged": 2})


def test_the_log_says_what_happened(tmp_path):
    workspace = province(tmp_path)
    write_plan(workspace, years="[2021, 2022]")
    batch(workspace, *ALONE)
    (log,) = (workspace.outputs / "batches").glob("*.jsonl")
    events = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    assert [event["event"] for event in events] == ["begin", "run", "run", "run", "end"]
    assert events[0]["absent"] == [f"{unit} 2021" for unit in UNITS]
    assert {event["unit"] for event in events[1:4]} == set(UNITS)
    assert events[-1]["done"] == 3


def test_people_get_a_summary(tmp_path):
    workspace = province(tmp_path, "1 / 0 if unit == 'unit-b' else 1")
    process = start(workspace, *ALONE)
    out, err = process.communicate(timeout=180)
    assert process.returncode == 1
    assert "共 3 份，新做 2，失败 1" in out
    assert "✗ unit-b 2022 tiny" in out
    assert "ZeroDivisionError" in out
    assert "failed-" in out
    assert err.count("✗") == 1


# ---------------------------------------------------------------- the plan


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"units": "[nobody]"}, r"没有对应单位的：nobody.*roster.yaml"),
        ({"units": "[{under: nobody}]"}, r"没有对应单位的"),
        ({"years": "[22]"}, r"years 是.*四位年份"),
        ({"formats": "[docx]"}, r"没有格式 “docx”.*html、pdf"),
        ({"notebooks": "[missing]"}, r"notebooks/missing.ipynb：没有这个笔记本"),
        ({"parameters": "{colour: red}"}, r"没有参数 “colour”.*unit"),
        ({"parameters": "{rubric: 7}"}, r"参数 rubric 的值 “7” 类型不对"),
        ({"audiences": "[everyone]"}, r"没有读者 “everyone”.*internal、public"),
        ({"limits": "{cell: 0}"}, r"正整数"),
        ({"years": "[2020]"}, r"没有可运行的.*doctor"),
        ({"unitz": "[x]"}, r"不认识的键 “unitz”"),
    ],
)
def test_a_wrong_plan_is_told_and_nothing_runs(tmp_path, changed, words):
    workspace = province(tmp_path)
    path = write_plan(workspace, **changed)
    with pytest.raises(JixiaoError, match=words):
        plan_batch(workspace, load_order(workspace, path), workspace.outputs)
    assert not workspace.outputs.exists()


def test_all_that_is_wrong_is_listed_at_once_with_status_2(tmp_path):
    workspace = province(tmp_path)
    (workspace.filing_folder("unit-b", 2022) / "filing.txt").write_text("改过")
    (workspace.filing_folder("unit-c", 2022) / "filing.txt").unlink()
    write_plan(workspace, notebooks="[tiny, missing]")
    status, _, err = batch(workspace)
    assert status == 2
    assert "计划有 3 处问题" in err
    for words in ("[filing-changed]", "[filing-missing]", "[notebook-missing]"):
        assert words in err
    assert not workspace.outputs.exists()


def test_all_mistakes_of_the_plan_itself_are_listed_at_once(tmp_path):
    workspace = province(tmp_path)
    wrong = {"units": "[nobody]", "years": "[22]", "formats": "[docx]", "workers": "0"}
    path = write_plan(workspace, **wrong, limits="{cell: soon}")
    with pytest.raises(JixiaoError, match="计划有 5 处问题") as caught:
        load_order(workspace, path)
    lines = str(caught.value).splitlines()
    for words in ("nobody", "years 是", "格式 “docx”", "workers 是 0", "cell 是“soon”"):
        assert sum(words in line for line in lines) == 1, words


@pytest.mark.parametrize(
    ("units", "expected"),
    [
        ("[unit-b]", ("unit-b",)),
        ("['unit-*']", ("unit-b", "unit-c")),
        ("[{under: test-unit}]", UNITS),
        ("[unit-c, '*']", ("unit-c", "test-unit", "unit-b")),
    ],
)
def test_units_are_ids_patterns_and_subtrees(tmp_path, units, expected):
    workspace = province(tmp_path)
    assert load_order(workspace, write_plan(workspace, units=units)).units == expected


# ---------------------------------------------------------------- faults, and neighbours unharmed


KILL_ONCE = """import os, pathlib
mark = pathlib.Path(os.environ["JIXIAO_WORKSPACE"]) / f"{unit}.mark"
if unit == "unit-b" and not mark.exists():
    mark.touch()
    os.kill(os.getpid(), 9)"""


def test_a_killed_kernel_is_tried_again(tmp_path):
    workspace = province(tmp_path, KILL_ONCE)
    status, summary, err = batch(workspace, *ALONE)
    assert (status, summary["counts"]) == (0, {"made": 3}), err
    attempts = {run["unit"]: run["attempts"] for run in summary["slowest"]}
    assert attempts == {"test-unit": 1, "unit-b": 2, "unit-c": 1}
    assert not list((workspace.outputs / "unit-b" / "2022" / "tiny").glob("failed-*"))


#: Its first run lasts until the process is ended or the mark is there; each says that it began.
WAITING = """import os, pathlib, time
marks = pathlib.Path(os.environ["JIXIAO_WORKSPACE"])
(marks / f"{unit}.began").touch()
while not (marks / "go").exists():
    time.sleep(0.02)"""


def begun(workspace: Workspace) -> int:
    """How many runs of `WAITING` have begun."""
    return len(list(workspace.root.glob("*.began")))


@pytest.mark.parametrize("module", ["batch.worker", "kernels.template"])
def test_a_killed_process_is_replaced_and_its_run_tried_again(tmp_path, module):
    workspace = province(tmp_path, WAITING)
    process = start(workspace, "--json")
    wait_until(lambda: begun(workspace) == 2)
    found = [p for p in below(process.pid) if module in " ".join(p.cmdline())]
    min(found, key=lambda p: p.create_time()).kill()  # kernels bear the template's name
    (workspace.root / "go").touch()
    out, err = process.communicate(timeout=180)
    assert (process.returncode, json.loads(out)["counts"]) == (0, {"made": 3}), err


# ---------------------------------------------------------------- stopped at any instant


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory) -> dict[str, bytes]:
    """What a batch of `WAITING` makes that nothing happens to."""
    workspace = province(tmp_path_factory.mktemp("undisturbed"), WAITING)
    (workspace.root / "go").touch()
    assert batch(workspace, *ALONE)[0] == 0
    return runs_of(workspace)


@pytest.mark.parametrize(
    ("number", "status"),
    [
        (signal.SIGTERM, 143),
        (signal.SIGINT, 130),
        pytest.param(signal.SIGKILL, -9, marks=pytest.mark.kill),
    ],
)
def test_a_signal_stops_it_soon_and_a_second_run_goes_on(tmp_path, undisturbed, number, status):
    """Nothing of it runs on, and what a second run makes is what an undisturbed one makes.

    SIGKILL is sent in `make killtest`, and to every process, at any time, in tests/test_kill.py.
    """
    workspace = province(tmp_path / "stopped", WAITING)
    process = start(workspace)
    wait_until(lambda: begun(workspace) == 2)
    children = below(process.pid)
    began = time.monotonic()
    process.send_signal(number)
    _, err = process.communicate(timeout=60)
    assert process.returncode == status, err
    assert time.monotonic() - began < 10
    wait_until(lambda: not [p for p in children if p.is_running() and p.status() != "zombie"], 5)
    (log,) = (workspace.outputs / "batches").glob("*.jsonl")
    ended = '"event": "end"' in log.read_text("utf-8").splitlines()[-1]
    is_told = number != signal.SIGKILL
    assert (ended, "已中止" in err) == (is_told, is_told)
    (workspace.root / "go").touch()
    assert batch(workspace, *ALONE)[0] == 0
    assert runs_of(workspace) == undisturbed


def test_two_batches_on_one_folder_take_turns(tmp_path):
    workspace = province(tmp_path, "import time\ntime.sleep(2)")
    first = start(workspace, "--json")
    wait_until((workspace.outputs / ".batch.json").exists)
    second = start(workspace)
    third = start(workspace, "--wait", "--json")
    _, told = second.communicate(timeout=60)
    assert second.returncode == 1
    assert f"plan，进程 {first.pid}" in told
    assert "--wait" in told
    assert json.loads(first.communicate(timeout=180)[0])["counts"] == {"made": 3}
    assert json.loads(third.communicate(timeout=180)[0])["counts"] == {"unchanged": 3}
    assert third.returncode == 0


def test_an_analysts_own_notebook_runs_by_being_named(tmp_path):
    workspace = province(tmp_path)
    write_notebook(workspace.notebooks / "my_review.ipynb", "print(rubric)")
    write_plan(workspace, notebooks="[my_review]", parameters="{rubric: mof-2020-10}")
    status, summary, err = batch(workspace, *ALONE)
    assert (status, summary["counts"]) == (0, {"made": 3}), err
    text = (workspace.outputs / "unit-b/2022/my-review/current/report.ipynb").read_text("utf-8")
    assert "mof-2020-10" in text


def workers_of(process: subprocess.Popen[str]) -> set[int]:
    """The worker processes of a batch that runs."""
    found = set()
    for child in psutil.Process(process.pid).children():
        with contextlib.suppress(psutil.Error):  # it may end while we look
            found |= {child.pid} if "jixiao.batch.worker" in " ".join(child.cmdline()) else set()
    return found


def test_workers_start_anew_when_the_lock_changes(tmp_path):
    workspace = province(tmp_path, "import time; time.sleep(1.0)")
    workspace.lock_file.write_text("pandas==1\n")
    write_plan(workspace)
    process = start(workspace, "--json", "--workers", "1")
    first = workspace.outputs / UNITS[0] / "2022" / "tiny" / "current"
    wait_until(first.exists, 60)
    workers = workers_of(process)
    assert len(workers) == 1
    workspace.lock_file.write_text("pandas==22\n")
    wait_until(lambda: len(workers_of(process) - workers) == 1)
    out, err = process.communicate(timeout=180)
    counts = json.loads(out)["counts"]
    # The run that was under way rests on neither; those after it are made by a new worker.
    assert counts in ({"made": 2, "failed": 1}, {"made": 3}), err
    assert "inputs-changed" in out or counts == {"made": 3}
    status, _, err = batch(workspace, *ALONE)
    assert status == 0, err
    digest = hashlib.sha256(b"pandas==22\n").hexdigest()
    for unit in UNITS:
        manifest = workspace.outputs / unit / "2022/tiny/current/manifest.json"
        inputs = {
            item["name"]: item["sha256"] for item in json.loads(manifest.read_text())["inputs"]
        }
        assert inputs["requirements.lock"] == digest


def test_nothing_of_a_batch_is_left_in_the_temporary_folder(tmp_path, monkeypatch):
    workspace = province(tmp_path / "workspace", "1 + 1")
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    status, summary, err = batch(workspace, *ALONE)
    assert (status, summary["counts"]) == (0, {"made": 3}), err
    assert list((tmp_path / "temporary").iterdir()) == []
