"""What a new operator meets: each mistake and each lack of the machine is told, with what to do."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import nbformat
import pytest
from tests.test_batch import batch, command, province, runs_of, write_plan
from tests.workbench import DECLARED, SHOW, make_plan, make_workspace

from jixiao import cli
from jixiao.batch import jobs, worker
from jixiao.batch.engine import DEFAULT_LIMITS
from jixiao.batch.order import load_order
from jixiao.batch.run import execute
from jixiao.kernels import house
from jixiao.workspace import fonts
from jixiao.workspace.files import append_line
from jixiao.workspace.places import Workspace


@pytest.fixture
def one(tmp_path, monkeypatch) -> Workspace:
    """A workspace of one unit, which commands run in this process find."""
    workspace = province(tmp_path, units=("test-unit",))
    monkeypatch.setenv("JIXIAO_WORKSPACE", str(workspace.root))
    return workspace


def plan_of(workspace: Workspace) -> Path:
    return workspace.params / "batches" / "plan.yaml"


def run_plan(workspace: Workspace, capsys, *options: str) -> tuple[int, str]:
    """Run the plan in this process; give its status and what it says."""
    status = cli.run(["batch", str(plan_of(workspace)), *options])
    said = capsys.readouterr()
    assert "Traceback" not in said.err
    return status, said.out + said.err


# ---------------------------------------------------------------- wrong plans


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ("顶层不是一组键值",)),
        ("units: ['*'\nyears: [2022]\n", ("第2行", "方括号", "没有配对")),
        ("units: ['*']\n\tyears: [2022]\n", ("第2行", "制表符")),
        ("units: ['*']\nyears: 2022\n", ("第2行", "years", "列表")),
        ("units: [5, null, {a: b}]\nyears: [2022]\n", ("5、（空）、{a: b}", "roster.yaml")),
        ("units: ['*']\nunits: ['*']\nyears: [2022]\n", ("第2行", "重复")),
        ("units: ['*']\nyears: [2022]\nformats: [docx]\n", ("plan.yaml 第3行", "html、pdf")),
        (
            "units: ['*']\nyears: [2022]\naudiences: [all]\n",
            ("plan.yaml 第3行", "internal、public"),
        ),
        ("units: ['*']\nyears: [2022]\nworkers: 0\n", ("第3行", "1 或更大的整数", "请改正")),
        ("units: ['*']\nyears: [2022]\nlimits: {cell: -1}\n", ("第3行", "cell: 300")),
        ("units: ['*']\nyears: [2022]\nnotebooks: [../evil]\n", ("第3行", "../evil", "不带目录")),
        ("units: ['*']\nyears: [2022]\nnotebooks: [tiny.ipynb]\n", ("第3行", "不带目录和 .ipynb")),
        ("units: ['*']\nyears: [2022]\nnotebooks: [nope]\n", ("notebooks/nope.ipynb", "tiny")),
    ],
)
def test_a_wrong_plan_says_where_and_what_would_be_right(one, capsys, text, words):
    plan_of(one).write_text(text, "utf-8")
    status, said = run_plan(one, capsys)
    assert status == 2
    assert [word for word in words if word not in said] == [], said
    assert not one.outputs.exists()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("batch nowhere.yaml", "nowhere.yaml：读不到文件（没有这个文件）"),
        ("batch params/batches", "这是目录，不是文件"),
        ("batch params/batches/plan.yaml --workers 0", "--workers 的值不对。应为1 或更大的整数"),
        ("batch params/batches/plan.yaml --workers many", "--workers 的值不对"),
    ],
)
def test_a_mistake_on_the_command_line_is_told_in_chinese(one, capsys, monkeypatch, line, words):
    monkeypatch.chdir(one.root)
    assert cli.run(line.split()) == 2
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1


@pytest.mark.parametrize(
    ("declared", "words"),
    [
        ('unit = "x"\nyear: int = 2022', ("第 1 行", "unit = ", "请写明类型")),
        ("unit: str = \nyear: int = 2022", ("第 1 行不是 Python 代码", "请改正这一行")),
        ('unit: str = "x"  # 单位', ("没有参数 “year”", "声明的参数之一：unit", "请改正名字")),
        (None, ("有 0 个标签为 parameters 的单元格", "单元格属性")),
    ],
)
def test_a_notebook_that_cannot_be_given_its_parameters_is_named(one, capsys, declared, words):
    nb = nbformat.v4.new_notebook()
    tags = {"tags": ["parameters"]} if declared else {}
    nb.cells = [nbformat.v4.new_code_cell(declared or DECLARED, metadata=tags)]
    nb.cells.append(nbformat.v4.new_code_cell(SHOW))
    (one.notebooks / "mine.ipynb").write_text(nbformat.v4.writes(nb), "utf-8")
    write_plan(one, notebooks="[mine]")
    status, said = run_plan(one, capsys)
    assert status == 2
    assert [word for word in ("notebooks/mine.ipynb", *words) if word not in said] == [], said


def test_what_is_named_twice_is_made_once(one):
    write_plan(
        one, units="[test-unit, '*', test-unit]", years="[2022, 2022]", notebooks="[tiny, tiny]"
    )
    order = load_order(one, plan_of(one))
    assert [job.name for job in jobs.plan_batch(one, order, one.outputs).jobs] == [
        "test-unit 2022 tiny"
    ]


def test_a_plan_whose_runs_are_there_needs_no_room(one, capsys, monkeypatch):
    monkeypatch.setattr(jobs.shutil, "disk_usage", lambda path: NoRoom)
    status, said = run_plan(one, capsys)
    assert (status, "磁盘只剩 0 MB" in said, "--outputs" in said) == (2, True, True)
    order = load_order(one, plan_of(one))
    monkeypatch.undo()
    (job,) = jobs.plan_batch(one, order, one.outputs).jobs
    job.folder(one.outputs).mkdir(parents=True)
    monkeypatch.setattr(jobs.shutil, "disk_usage", lambda path: NoRoom)
    assert len(jobs.plan_batch(one, order, one.outputs).jobs) == 1


class NoRoom:
    """What the system says of a full disk."""

    free = 0


# ---------------------------------------------------------------- the machine lacks something


@pytest.mark.parametrize("line", ["batch params/batches/plan.yaml", "doctor"])
def test_a_missing_font_is_told_by_its_package(one, capsys, monkeypatch, tmp_path, line):
    monkeypatch.chdir(one.root)
    monkeypatch.setattr(fonts, "files", lambda package: tmp_path / "gone")
    for function in (fonts.font_files, fonts.code_points):
        function.cache_clear()
    try:
        status = cli.run(line.split())
    finally:
        monkeypatch.undo()
        fonts.font_files.cache_clear()
    said = capsys.readouterr()
    told = said.out + said.err
    assert status == (2 if line.startswith("batch") else 1)
    assert "pylopdf-fonts-zh-cn：缺少字体文件 NotoSansSC-Regular.otf" in told
    assert "pip install --force-reinstall" in told
    assert "Traceback" not in told


@pytest.mark.slow
def test_a_cache_that_cannot_be_written_leaves_no_trace_in_a_report(tmp_path, monkeypatch):
    workspace = make_workspace(tmp_path, "import matplotlib\nprint(matplotlib.__name__)")
    usual = (
        execute(
            make_plan(
                workspace,
            ),
        ).folder
        / "report.ipynb"
    ).read_bytes()
    monkeypatch.setenv("HOME", "/proc/nobody")
    monkeypatch.setenv("XDG_CACHE_HOME", "/proc/nobody/cache")
    elsewhere = make_plan(workspace)
    assert (execute(elsewhere, force=True).folder / "report.ipynb").read_bytes() == usual
    assert b"stderr" not in usual


@pytest.mark.slow
def test_kernels_that_cannot_be_forked_are_told_once_and_make_the_same(one, capsys, monkeypatch):
    assert batch(one)[0] == 0
    made = runs_of(one)
    monkeypatch.setattr(house, "can_fork", lambda: False)
    status, said = run_plan(one, capsys, "--force")
    assert (status, "再次运行且相同 1" in said) == (0, True)
    assert said.count("没有用预热的内核") == 1
    assert runs_of(one) == made
    logs = sorted((one.outputs / "batches").glob("*.jsonl"), key=lambda path: path.stat().st_mtime)
    events = [json.loads(line)["event"] for line in logs[-1].read_text("utf-8").splitlines()]
    assert events == ["begin", "run", "kernels", "end"]


@contextmanager
def mounted(folder: Path, options: str):
    """A file system of its own in memory; skipped where this process may not mount one."""
    folder.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "none", str(folder)], capture_output=True, text=True
    )
    if done.returncode:
        pytest.skip(f"mounting is not allowed here: {done.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_read_only_folder_is_told_before_anything_runs(one, capsys):
    with mounted(one.outputs, "ro,size=64m"):
        status, said = run_plan(one, capsys)
    assert (status, said.count("\n")) == (1, 1)
    assert str(one.outputs) in said
    assert "文件系统只读" in said
    assert "--outputs" in said


FILL = """import os
path = os.path.join(os.environ["JIXIAO_WORKSPACE"], "outputs", "filler")
if unit == "unit-b" and not os.path.exists(path + ".once"):
    open(path + ".once", "w").close()
    with open(path, "wb") as file:
        try:
            while True:
                file.write(bytes(100_000))
                file.flush()
        except OSError:
            pass"""


@pytest.mark.slow
def test_a_disk_that_fills_is_told_and_what_was_made_stands(tmp_path):
    workspace = province(tmp_path, FILL, units=("test-unit", "unit-b"))
    with mounted(workspace.outputs, "size=24m"):
        status, _, err = batch(workspace, "--workers", "1")
        assert status == 1
        assert "磁盘已满" in err
        assert "请腾出空间" in err
        assert "Traceback" not in err
        there = [path.name for path in workspace.outputs.glob("*/2022/tiny/current")]
        (workspace.outputs / "filler").unlink()
        status, summary, err = batch(workspace)
        assert (status, summary["done"]) == (0, 2), err
        assert summary["counts"].get("unchanged", 0) == len(there)


def test_a_line_of_a_log_is_there_whole_or_not_at_all(tmp_path):
    with mounted(tmp_path / "small", "size=8k") as folder:
        log = folder / "log.jsonl"
        append_line(log, b"x" * 3000)
        with pytest.raises(Exception, match="磁盘已满"):
            append_line(log, b"y" * 9000)
        append_line(log, b"z" * 100)
        assert log.read_bytes() == b"x" * 3000 + b"\n" + b"z" * 100 + b"\n"


@pytest.mark.slow
def test_cron_gives_a_path_and_nothing_more(one):
    """No HOME, no TERM, no language, standard input closed."""
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": os.environ.get("PYTHONPATH", "")}
    environment |= {"JIXIAO_WORKSPACE": str(one.root), "LC_ALL": "POSIX"}
    done = subprocess.run(
        command(one), env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=120
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert "新做 1" in done.stdout.decode("utf-8")
    assert batch(one)[1]["counts"] == {"unchanged": 1}


def test_output_that_leads_to_a_full_disk_is_told(one):
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "jixiao", "doctor"],
            env=os.environ | {"JIXIAO_WORKSPACE": str(one.root)},
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert done.returncode == 1
    assert done.stderr.startswith("标准输出：输出写不下去：磁盘已满")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("seconds", [0.1, 0.2, 0.3, 0.5, 0.9])
def test_ctrl_c_at_any_moment_of_the_start_shows_no_traceback(one, seconds):
    process = subprocess.Popen(
        [sys.executable, "-m", "jixiao", "batch", str(plan_of(one))],
        env=os.environ | {"JIXIAO_WORKSPACE": str(one.root)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    time.sleep(seconds)
    os.killpg(process.pid, signal.SIGINT)
    _, told = process.communicate(timeout=30)
    assert process.returncode in (130, -signal.SIGINT)
    assert "Traceback" not in told


def test_a_new_workspace_has_a_plan_that_only_needs_units(tmp_path, monkeypatch, capsys):
    assert cli.run(["init", str(tmp_path / "own")]) == 0
    monkeypatch.chdir(tmp_path / "own")
    capsys.readouterr()
    assert cli.run(["batch", "params/batches/nightly.yaml"]) == 2
    assert "[unknown-unit]" in capsys.readouterr().err
    roster = Path("params/units/roster.yaml")
    entry = "units:\n  - {id: test-unit, names: [{name: 测试局}], parent: null, level: county, region: x}\n"
    roster.write_text(entry, "utf-8")
    order = load_order(Workspace(tmp_path / "own"), Path("params/batches/nightly.yaml"))
    assert (order.units, order.years, order.formats) == (("test-unit",), (2022,), ("html", "pdf"))


def test_a_fault_of_the_program_spoils_one_run_and_is_written_down(one, monkeypatch):
    def fail(*_: object, **__: object) -> None:
        raise TypeError("a fault of ours")

    monkeypatch.setattr(worker, "execute", fail)
    monkeypatch.setattr(worker, "abandon", lambda: None)
    (job,) = jobs.plan_batch(one, load_order(one, plan_of(one)), one.outputs).jobs
    setting = {
        "workspace": str(one.root),
        "outputs": str(one.outputs),
        "formats": [],
        "force": False,
    }
    setting |= {"limits": asdict(DEFAULT_LIMITS)}
    asked = [setting, job.as_json() | {"more": False}, job.as_json() | {"more": False}]
    answers = io.StringIO()
    worker.work(io.StringIO("\n".join(map(json.dumps, asked)) + "\n"), answers)
    said = [json.loads(line) for line in answers.getvalue().splitlines()]
    assert [answer.get("failed") for answer in said] == [None, "internal-fault", "internal-fault"]
    assert "程序内部出错（TypeError: a fault of ours）" in said[1]["message"]
    told = json.loads((Path(said[1]["folder"]) / "failure.json").read_bytes())
    assert (told["code"], told["run"]) == ("internal-fault", job.run)
    assert "TypeError: a fault of ours" in told["traceback"]
    assert not [line for line in told["traceback"] if str(one.root) in line]
    assert f"详情已写入 {said[1]['folder']}/failure.json" in said[1]["message"]


def test_a_fault_of_the_program_in_a_report_is_one_line_a_run(tmp_path, monkeypatch, capsys):
    def fail(*_: object, **__: object) -> None:
        raise TypeError("a fault of ours")

    monkeypatch.setattr("jixiao.batch.run.execute", fail)
    monkeypatch.setenv("JIXIAO_WORKSPACE", str(Path(__file__).parents[1]))
    assert cli.run(["report", "ziyang-justice", "2022", "--outputs", str(tmp_path)]) == 1
    said = capsys.readouterr().err
    assert said.count("程序内部出错（TypeError: a fault of ours）") == said.count("✗") == 2
    assert said.count("\n") == 3
    for told in tmp_path.rglob("failure.json"):
        assert f"详情已写入 {told}" in said
        assert "TypeError: a fault of ours" in json.loads(told.read_bytes())["traceback"]


@pytest.mark.parametrize("can_write", [True, False])
def test_a_fault_of_any_command_is_one_line_and_written_down(
    one, tmp_path, monkeypatch, capsys, can_write
):
    def fail() -> None:
        raise ZeroDivisionError("a fault\nof ours")

    monkeypatch.setattr("jixiao.cli.house._look_at_machine", fail)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    if not can_write:
        one.outputs.write_text("no folder")
    assert cli.run(["doctor"]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "程序内部出错（ZeroDivisionError: a fault of ours）" in said
    (written,) = (one.outputs / "internal_faults" if can_write else tmp_path).glob("2*.txt")
    assert f"详情已写入 {written}" in said
    assert written.read_text("utf-8").startswith("Traceback")


# ---------------------------------------------------------------- open files


FEW_FILES = """import resource, sys
resource.setrlimit(resource.RLIMIT_NOFILE, (64, int(sys.argv[1])))
from jixiao import cli
from jixiao.workspace.machine import ensure_descriptors
status = cli.run(sys.argv[2:]) if sys.argv[2:] else ensure_descriptors(10)
print(resource.getrlimit(resource.RLIMIT_NOFILE))
sys.exit(status)"""


@pytest.mark.parametrize(
    ("arguments", "needed"),
    [(["batch", "PLAN", "--workers", "3"], 268), (["report", "test-unit", "2022"], 260)],
)
def test_too_few_open_files_are_refused_before_anything_runs(one, arguments, needed):
    given = [str(plan_of(one)) if word == "PLAN" else word for word in arguments]
    done = subprocess.run(
        [sys.executable, "-c", FEW_FILES, "64", *given],
        env=os.environ | {"JIXIAO_WORKSPACE": str(one.root)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1, done.stderr
    assert f"最多只能打开 64 个文件。应为至少 {needed}。请先运行 ulimit -n {needed}" in done.stderr
    assert done.stderr.count("\n") == 1
    assert not list(one.outputs.glob("test-unit/*"))


def test_a_limit_on_open_files_that_may_be_raised_is_raised():
    done = subprocess.run(
        [sys.executable, "-c", FEW_FILES, "512"], capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout) == (0, "(296, 512)\n"), done.stderr
