"""Why a run would be made again: what changed is named, and nothing is run to find out."""

import json
from pathlib import Path

import pytest
from tests.test_batch import batch, command, province, runs_of
from tests.workbench import DECLARED, write_notebook

from jixiao.batch.inputs import collect_inputs
from jixiao.batch.why import compare, kind_of
from jixiao.cli import run
from jixiao.workspace.files import point, read_pointer
from jixiao.workspace.places import Workspace
from jixiao.workspace.units import load_unit_year

UNIT, OTHER = "test-unit", "unit-b"


def ask(workspace: Workspace, capsys, monkeypatch, *options: str, unit=UNIT) -> tuple[int, str]:
    """Ask in this process why a unit's runs would be made; what is said, and whether it ran."""
    monkeypatch.setenv("JIXIAO_WORKSPACE", str(workspace.root))
    before = runs_of(workspace)
    status = run([*command(workspace)[3:-2], "--why", unit, "2022", *options])
    said = capsys.readouterr()
    assert runs_of(workspace) == before
    return status, said.out + said.err


@pytest.fixture(scope="module")
def done(tmp_path_factory) -> Workspace:
    """A batch of one unit that was made."""
    workspace = province(tmp_path_factory.mktemp("why"), units=(UNIT, OTHER))
    status, _, err = batch(workspace)
    assert status == 0, err
    return workspace


def key_of(workspace: Workspace, unit=UNIT) -> Path:
    return workspace.outputs / unit / "2022" / "tiny"


@pytest.mark.slow
def test_nothing_changed_is_said_so(done, capsys, monkeypatch):
    status, said = ask(done, capsys, monkeypatch)
    assert (status, "没有变化" in said, "不会重做" in said) == (0, True, True)
    assert read_pointer(key_of(done) / "current") in said


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("params/checks.yaml", "参数：params/checks.yaml 变了"),
        ("params/rubrics/mof-2020-10.yaml", "评分规则：params/rubrics/mof-2020-10.yaml 变了"),
        ("params/units/roster.yaml", "参数：params/units/roster.yaml 变了"),
        ("params/new.yaml", "参数：params/new.yaml 新增"),
        ("requirements.lock", "锁定文件：requirements.lock 新增"),
    ],
)
def test_what_changed_is_named(done, capsys, monkeypatch, name, line):
    path = done.root / name
    old = path.read_bytes() if path.exists() else None
    try:
        path.write_bytes((old or b"") + b"\n# changed\n")
        status, said = ask(done, capsys, monkeypatch)
        assert (status, f"· {line}" in said, "1 处变化" in said) == (0, True, True), said
    finally:
        path.write_bytes(old) if old is not None else path.unlink()
    assert "没有变化" in ask(done, capsys, monkeypatch)[1]


@pytest.mark.slow
def test_a_notebook_and_formats_that_changed_are_named(done, capsys, monkeypatch):
    notebook = done.notebooks / "tiny.ipynb"
    plan = done.params / "batches" / "plan.yaml"
    old = notebook.read_bytes(), plan.read_bytes()
    try:
        write_notebook(notebook, "print(1)")
        plan.write_bytes(old[1].replace(b"formats: []", b"formats: [html]"))
        said = ask(done, capsys, monkeypatch)[1]
        assert "笔记本：notebooks/tiny.ipynb 变了" in said
        assert "运行设定：格式 变了" in said
        as_json = json.loads(ask(done, capsys, monkeypatch, "--json")[1])
        assert [(c["kind"], c["name"]) for c in as_json[0]["changes"]] == [
            ("setting", "formats"),
            ("notebook", "notebooks/tiny.ipynb"),
        ]
        assert as_json[0]["state"] == "changed"
    finally:
        notebook.write_bytes(old[0])
        plan.write_bytes(old[1])


@pytest.mark.slow
def test_damage_and_a_pointer_elsewhere_are_told(done, capsys, monkeypatch):
    key = key_of(done, OTHER)
    name = read_pointer(key / "current")
    result = key / name / "result.json"
    old = result.read_bytes()
    result.write_bytes(old + b" ")
    assert "已损坏（result.json 的内容变了）" in ask(done, capsys, monkeypatch, unit=OTHER)[1]
    result.write_bytes(old)
    point(key / "current", "gone00000000")
    assert "只需把 current 指向它" in ask(done, capsys, monkeypatch, unit=OTHER)[1]
    point(key / "current", name)


@pytest.mark.slow
def test_no_run_yet_and_one_that_failed(tmp_path, capsys, monkeypatch):
    workspace = province(tmp_path, "raise ValueError('坏数')", units=(UNIT,))
    status, said = ask(workspace, capsys, monkeypatch)
    assert (status, "还没有成功的运行" in said, "上次失败" in said) == (0, True, False)
    assert batch(workspace)[0] == 1
    said = ask(workspace, capsys, monkeypatch)[1]
    assert "还没有成功的运行" in said
    assert "上次失败：" in said
    assert "ValueError: 坏数" in said
    write_notebook(workspace.notebooks / "tiny.ipynb", f"len({DECLARED!r})")
    assert "ValueError: 坏数" in ask(workspace, capsys, monkeypatch)[1]


@pytest.mark.parametrize(
    ("unit", "year", "words"),
    [
        ("nobody", "2022", "计划中的单位编号"),
        (UNIT, "2019", "计划中的年度"),
        (UNIT, "now", "不是年度"),
    ],
)
def test_what_the_plan_does_not_cover_is_refused(done, capsys, monkeypatch, unit, year, words):
    monkeypatch.setenv("JIXIAO_WORKSPACE", str(done.root))
    status = run([*command(done)[3:-2], "--why", unit, year])
    assert (status, words in capsys.readouterr().err) == (2, True)


def test_each_input_has_a_kind_and_each_difference_is_listed_once():
    then = {
        "formats": ["html"],
        "inputs": [{"name": "a", "sha256": "1"}, {"name": "fonts/x", "sha256": "1"}],
    }
    now = {
        "formats": [],
        "inputs": [{"name": "package/jixiao", "sha256": "2"}, {"name": "fonts/x", "sha256": "3"}],
    }
    found = [(change.name, change.difference) for change in compare(then, now)]
    assert found == [
        ("formats", "changed"),
        ("a", "removed"),
        ("fonts/x", "changed"),
        ("package/jixiao", "added"),
    ]
    kinds = [kind_of(name) for name in ("fonts/x", "package/jixiao", "package/versions")]
    assert kinds == ["fonts", "package", "versions"]
    assert list(compare(then, {"formats": ["html"], "inputs": None}))[-1].difference == "removed"


def test_the_year_before_is_named_when_it_changes(tmp_path):
    workspace = province(tmp_path, units=(UNIT,))
    unit_year = load_unit_year(workspace, UNIT, 2022)

    def decided() -> dict:
        inputs = collect_inputs(workspace, unit_year, "tiny.ipynb", "0")
        return {"inputs": [item.as_json() for item in inputs]}

    def changes(before: dict) -> list[tuple[str, str]]:
        return [(change.name, change.difference) for change in compare(before, decided())]

    alone = decided()
    earlier = workspace.unit_file(UNIT, 2021)
    text = workspace.unit_file(UNIT, 2022).read_text("utf-8").replace("2022", "2021")
    earlier.write_text(text, "utf-8")
    filing = workspace.filing_folder(UNIT, 2021) / "filing.txt"
    filing.parent.mkdir(parents=True)
    filing.write_bytes((workspace.filing_folder(UNIT, 2022) / "filing.txt").read_bytes())
    names = [f"data/filings/{UNIT}/2021/filing.txt", f"params/units/{UNIT}/2021.yaml"]
    assert changes(alone) == [(name, "added") for name in names]
    before = decided()
    filing.write_bytes(filing.read_bytes() + b"\n")
    assert changes(before) == [(names[0], "changed")]
    before = decided()
    earlier.write_text("unit: [", "utf-8")
    assert changes(before) == [(names[0], "removed"), (names[1], "changed")]
