"""The command line: exit statuses, one clear message, JSON alone, and a kill at any instant."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.workbench import read_json, tree, write_notebook

from jixiao.batch.folders import MANIFEST
from jixiao.cli import commands, run
from jixiao.workspace.files import digest, read_pointer
from jixiao.workspace.places import Workspace

REPOSITORY = Path(__file__).parents[1]
SAMPLE = ("ziyang-justice", "2022")
#: The command line with renderers that draw nothing.
QUICK = """
import sys
sys.modules["rfc3987_syntax"] = None
from jixiao import publish
from tests.workbench import plain_renderer
publish.render_html, publish.render_pdf = plain_renderer("html"), plain_renderer("pdf")
from jixiao.cli import main
main()
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package: its source decides a run's key, so it must not change meanwhile."""
    folder = tmp_path_factory.mktemp("library")
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(REPOSITORY / "lib" / "jixiao", folder / "jixiao", ignore=ignored)
    return folder


@pytest.fixture
def workspace(tmp_path: Path, library: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A copy of this repository's params and data, with tiny notebooks."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join((str(library), str(REPOSITORY))))
    for name in ("params", "data"):
        shutil.copytree(REPOSITORY / name, tmp_path / name)
    (tmp_path / "notebooks").mkdir()
    write_tiny(tmp_path, "1 + 1")
    monkeypatch.chdir(tmp_path)
    return Workspace(tmp_path)


def write_tiny(root: Path, *cells: str) -> None:
    for name in ("department", "project"):
        write_notebook(root / "notebooks" / f"{name}_evaluation.ipynb", *cells)


def start(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", QUICK, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(*arguments: str) -> tuple[int, str, str]:
    process = start(*arguments)
    said, told = process.communicate(timeout=120)
    return process.returncode, said, told


# ---------------------------------------------------------------- words


@pytest.mark.parametrize("command", ["", *commands.commands])
def test_help_is_chinese(command, capsys):
    assert run([*command.split(), "--help"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("用法：jixiao")
    for english in ("Usage", "Options", "Commands", "OPTIONS", "ARGS", "Show "):
        assert english not in text


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("nope", "“nope”"),
        ("--nope", "“--nope”"),
        ("report", "缺少参数 UNIT"),
        ("report ziyang-justice", "缺少参数 YEAR"),
        ("report nobody 2022", "ziyang-justice"),
        ("report ../../etc 2022", "[unknown-unit]"),
        ("report ziyang-justice 2021", "2022"),
        ("report ziyang-justice 22", "四位年份"),
        ("report ziyang-justice ２０２２", "四位年份"),
        ("report ziyang-justice 2022 --project nobody", "community-correction"),
        ("report ziyang-justice 2022 --project", "--project"),
        ("report ziyang-justice 2022 --formats docx", "html、pdf"),
        ("report ziyang-justice 2022 --audience nobody", "internal、public"),
        ("site --audience nobody", "internal、public"),
        ("report ziyang-justice 2022 more", "“more”"),
        ("report ziyang-justice 2022 --nope", "--formats"),
        ("score ziyang-justice 2022 --rubric nope", "mof-2020-10"),
        ("score ziyang-justice", "2022"),
        ("score nobody 2022", "[unknown-unit]"),
        ("audit", "缺少文件"),
        ("audit --explain Z-99", "A-02"),
        ("rubrics nope", "mof-2020-10"),
    ],
)
def test_what_is_unknown_gives_2_and_lists_the_known(workspace, capsys, line, expected):
    before = tree(workspace.root)
    assert run(line.split()) == 2
    said = capsys.readouterr()
    assert expected in said.err
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert tree(workspace.root) == before


def test_what_is_wrong_in_a_file_gives_1(workspace, capsys, monkeypatch):
    filing = workspace.filing_folder("ziyang-justice", 2022) / "filing.txt"
    filing.write_bytes(filing.read_bytes() + b"\n")
    for line in ("report", "score", "audit"):
        assert run([line, *SAMPLE]) == 1
        assert "[filing-changed]" in capsys.readouterr().err
    assert run(["read", "nowhere.txt"]) == 1
    assert run(["read", "notebooks"]) == 1
    (workspace.unit_folder / "roster.yaml").write_text("units: [")
    assert run(["score", *SAMPLE]) == 1
    monkeypatch.chdir("/")
    assert run(["score", *SAMPLE]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert "[no-workspace]" in told.err
    assert "Traceback" not in told.err


# ---------------------------------------------------------------- read, score, audit


def test_read_prints_json_alone(workspace, capsys):
    filing = "data/filings/ziyang-justice/2022/filing.txt"
    assert run(["read", filing, "--json"]) == 0
    said = capsys.readouterr()
    reading = json.loads(said.out)
    assert (reading["unit"], reading["year"], said.err) == ("益阳市资阳区司法局", 2022, "")
    assert reading["footer"]["telephone"].count("*") == 4
    assert run(["read", filing]) == 0
    shown = capsys.readouterr().out
    assert "1008.22" in shown
    assert "受理行政复议案件" in shown


def test_score_recomputes_the_sample(workspace, capsys):
    assert run(["score", *SAMPLE, "--json"]) == 0
    cards = json.loads(capsys.readouterr().out)["evaluations"]
    assert [(c["key"], c["stated_total"], c["total_on_100"]) for c in cards] == [
        ("department", "100", "100.00"),
        ("community-correction", "99", "94.69"),
    ]
    assert run(["score", *SAMPLE]) == 0
    assert "折百 94.69（优）" in capsys.readouterr().out


def test_audit_finds_and_still_gives_0(workspace, capsys):
    assert run(["audit", *SAMPLE, "--json"]) == 0
    audit = json.loads(capsys.readouterr().out)
    assert {"A-02", "B-17"} <= {finding["id"] for finding in audit["findings"]}
    assert run(["audit", *SAMPLE]) == 0
    shown = capsys.readouterr().out
    assert "[高] A-02" in shown
    assert run(["audit", "--explain", "A-02"]) == 0
    assert "points-total" in capsys.readouterr().out


def test_a_check_is_explained_with_its_thresholds_in_words(capsys):
    for check, line in (
        ("A-08", "阈值 share：30"),
        ("B-06", "阈值 rates：10、20、30"),
        ("A-04", "阈值 others：execution 20；output 40；outcome 40"),
        ("E-10", "阈值 typos：讲坐 讲座"),
    ):
        assert run(["audit", "--explain", check]) == 0
        shown = capsys.readouterr().out
        assert line in shown
        assert "['" not in shown


def test_a_file_is_judged_by_the_rule_book_of_its_year(workspace, capsys):
    assert run(["score", "data/filings/ziyang-justice/2022/filing.txt", "--json"]) == 0
    cards = json.loads(capsys.readouterr().out)["evaluations"]
    assert [card["key"] for card in cards] == ["department", "project-1"]
    assert {card["rubric"] for card in cards} == {"mof-2020-10"}


def test_rubrics_are_listed_and_shown(workspace, capsys):
    assert run(["rubrics"]) == 0
    listed = capsys.readouterr().out
    assert "mof-2020-10" in listed
    assert listed.count("按年度选用") == 2
    assert run(["rubrics", "mof-2020-10"]) == 0
    shown = capsys.readouterr().out
    for words in ("财预〔2020〕10号", "执行率 10，产出 50", "未核对", "✓ 已核对", "约定", "优 ≥90"):
        assert words in shown
    assert "…" not in shown
    assert run(["rubrics", "mof-2020-10", "--yaml"]) == 0
    text = (workspace.rubrics / "mof-2020-10.yaml").read_text("utf-8")
    assert capsys.readouterr().out == text


def test_a_locality_is_shown_with_what_it_takes_over(workspace, capsys):
    assert run(["rubrics", "changsha-yuhua", "--year", "2022"]) == 0
    shown = "".join(capsys.readouterr().out.split())
    for words in (
        "湖南省长沙市雨花区",
        "沿用mof-2013-53-department",
        "指标体系",
        "不足一个按一个计",
    ):
        assert words in shown
    assert run(["rubrics", "mof-2021-101", "--year", "2015"]) == 1
    assert "2015 预算年度没有生效的数值" in capsys.readouterr().err


def test_reading_and_judging_need_no_notebook_stack():
    script = "import sys, jixiao.cli; print([m for m in sys.modules if m.split('.')[0] in {names}])"
    heavy = "'papermill nbconvert nbclient nbformat pandas matplotlib jupyter_client'.split()"
    process = subprocess.run(
        [sys.executable, "-c", script.replace("{names}", heavy)],
        env=os.environ | {"PYTHONPATH": str(REPOSITORY / "lib")},
        capture_output=True,
        text=True,
    )
    assert process.stdout == "[]\n"


def test_doctor_says_what_is_wrong(workspace, capsys):
    assert run(["doctor"]) == 0
    assert "都正常" in capsys.readouterr().out
    (workspace.filing_folder("ziyang-justice", 2022) / "filing.txt").unlink()
    assert run(["doctor"]) == 1
    assert "[filing-missing]" in capsys.readouterr().out


# ---------------------------------------------------------------- report


def check_tree(workspace: Workspace) -> int:
    """Every run folder is whole, every pointer leads to one; give how many runs there are."""
    runs = 0
    for key in workspace.outputs.glob("*/*/*"):
        for folder in key.iterdir():
            if folder.name.startswith(".staging-") or folder.name == "current":
                continue
            listed = read_json(folder / MANIFEST)["files"]
            assert isinstance(listed, list)
            for entry in listed:
                assert digest(folder / entry["name"]) == entry["sha256"]
            runs += 1
        target = read_pointer(key / "current")
        assert target is None or (key / target / MANIFEST).is_file()
    return runs


@pytest.mark.slow
def test_report_makes_the_department_and_each_project(workspace):
    status, said, told = finish("report", *SAMPLE)
    assert (status, check_tree(workspace)) == (0, 2)
    assert "Traceback" not in told
    assert "[1/5] 测试报告" in told
    paths = [line.strip() for line in said.splitlines() if line.strip().startswith("outputs/")]
    assert [Path(path).name for path in paths] == ["report.ipynb", "report.html", "report.pdf"] * 2
    assert all((workspace.root / path).is_file() for path in paths)
    status, said, _ = finish("report", *SAMPLE, "--project", "community-correction")
    assert (status, said.count("沿用已有的运行"), check_tree(workspace)) == (0, 1, 2)
    status, said, _ = finish("report", *SAMPLE, "--force", "--outputs", "elsewhere")
    assert status == 0
    assert said.count("elsewhere/ziyang-justice") == 6


@pytest.mark.slow
def test_a_run_that_fails_gives_1_and_the_others_are_made(workspace):
    write_notebook(workspace.notebooks / "department_evaluation.ipynb", "1 / 0")
    status, said, told = finish("report", *SAMPLE)
    assert status == 1
    assert "ZeroDivisionError" in told
    assert "Traceback" not in told
    assert "community-correction：完成" in said


@pytest.mark.slow
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_with_its_status_and_leaves_nothing(workspace, number, status):
    write_tiny(workspace.root, "open('../started', 'w').close()", "import time; time.sleep(1e9)")
    process = start("report", *SAMPLE)
    deadline = time.monotonic() + 60
    while not (workspace.root / "started").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(number)
    _, told = process.communicate(timeout=10)
    assert process.returncode == status
    assert told.splitlines()[-1:] == ["已中止，没有留下写了一半的文件。"], told
    assert "Traceback" not in told
    assert tree(workspace.outputs) == {} if workspace.outputs.exists() else True


@pytest.mark.slow
@pytest.mark.parametrize("rounds", [2, pytest.param(6, marks=pytest.mark.kill)])
def test_a_kill_at_any_instant_leaves_a_valid_tree_and_the_next_run_succeeds(workspace, rounds):
    started = time.monotonic()
    status, _, _ = finish("report", *SAMPLE)
    whole = time.monotonic() - started
    reference = tree(workspace.outputs)
    assert status == 0
    chance = random.Random(7)
    for _ in range(rounds):
        shutil.rmtree(workspace.outputs, ignore_errors=True)
        process = start("report", *SAMPLE)
        time.sleep(chance.uniform(0.3, 1.0) * whole)
        process.kill()
        process.communicate()
        check_tree(workspace)
    assert finish("report", *SAMPLE)[0] == 0
    assert tree(workspace.outputs) == reference


@pytest.mark.slow
def test_two_reports_at_once_do_not_meet(workspace):
    processes = [start("report", *SAMPLE) for _ in range(3)]
    for process in processes:
        process.communicate(timeout=120)
    assert [process.returncode for process in processes] == [0, 0, 0]
    assert check_tree(workspace) == 2


def test_the_list_of_commands_says_what_each_is_for():
    """click cuts a text without spaces down to nothing where it is long."""
    short = {name: command.get_short_help_str(60) for name, command in commands.commands.items()}
    assert [name for name, words in short.items() if len(words) < 8 or words.endswith("...")] == []
