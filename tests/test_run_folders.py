"""Runs from plan to folder: whole or not at all, twice the same, damage and failure kept apart."""

import errno
import getpass
import json
import os
import socket
from pathlib import Path

import nbformat
import pytest
from tests.workbench import (
    NOTEBOOK,
    PARAMETERS,
    UNIT,
    YEAR,
    make_plan,
    make_workspace,
    plain_renderer,
    read_json,
    states,
    tree,
    write_notebook,
    write_unit_year,
)

from jixiao import publish
from jixiao.batch import inputs
from jixiao.batch.engine import Limits
from jixiao.batch.folders import make_current
from jixiao.batch.holding import holding
from jixiao.batch.plan import plan_run
from jixiao.batch.run import execute
from jixiao.errors import BadFile, JixiaoError, RunFailed, UnknownName
from jixiao.workspace.files import read_pointer
from jixiao.workspace.places import Workspace

pytestmark = pytest.mark.slow
RANDOM = "import os; print(os.urandom(8).hex())"


@pytest.fixture(autouse=True)
def quick_renderers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Render nothing: what is drawn has tests of its own."""
    for name in ("html", "pdf"):
        monkeypatch.setattr(publish, f"render_{name}", plain_renderer(name))


def key_folder(workspace: Workspace) -> Path:
    return workspace.outputs / "test-unit" / "2022" / "department"


def folders(workspace: Workspace) -> list[str]:
    return sorted(path.name for path in key_folder(workspace).iterdir())


def fail(workspace: Workspace, **options: object) -> RunFailed:
    with pytest.raises(RunFailed) as caught:
        execute(make_plan(workspace), **options)  # type: ignore[arg-type]
    return caught.value


# ---------------------------------------------------------------- the plan


def test_the_same_inputs_give_the_same_key_and_every_other_input_another(tmp_path):
    workspace = make_workspace(tmp_path / "one", "1")
    keys = [make_plan(workspace).run, make_plan(make_workspace(tmp_path / "two", "1")).run]
    assert keys[0] == keys[1]
    assert len(keys[0]) == 12

    def add(change: str) -> None:
        keys.append(make_plan(workspace).run)
        assert len(set(keys)) == len(keys) - 1, change

    write_notebook(workspace.notebooks / NOTEBOOK, "2")
    add("notebook")
    (workspace.rubrics / "a.yaml").write_text("a: 1")
    add("a rule book")
    (workspace.rubrics / "a.yaml").write_text("a: 2")
    add("a rule book's text")
    (workspace.params / "checks.yaml").write_text("a: 1")
    add("the checks")
    workspace.lock_file.write_text("x==1")
    add("the lock file")
    write_unit_year(workspace.root, rubrics="{project: a}")
    add("the unit's YAML")
    keys.append(make_plan(workspace, rubric="a").run)
    assert len(set(keys)) == len(keys) - 1


def test_versions_and_source_are_part_of_the_key(tmp_path, monkeypatch):
    workspace = make_workspace(tmp_path)
    keys = {make_plan(workspace).run}
    for name in ("_package", "_versions", "_fonts"):
        other = inputs.Input(name, "0" * 64)
        found = (other,) if name == "_fonts" else other
        monkeypatch.setattr(inputs, name, lambda found=found: found)
        keys.add(make_plan(workspace).run)
    assert len(keys) == 4


def test_outputs_left_in_the_notebook_do_not_change_the_key(tmp_path):
    workspace = make_workspace(tmp_path, "1")
    before = make_plan(workspace).run
    path = workspace.notebooks / NOTEBOOK
    nb = nbformat.read(path, 4)
    nb.cells[2].execution_count = 7
    nb.cells[2].outputs = [nbformat.v4.new_output("stream", text="old")]
    path.write_text(nbformat.v4.writes(nb), "utf-8")
    assert make_plan(workspace).run == before


@pytest.mark.parametrize(
    ("changed", "kind", "expected"),
    [
        ({"nuit": "x"}, UnknownName, r"参数 “nuit”.*unit、year.*\[unknown-parameter\]"),
        ({"year": "2022"}, BadFile, r"year.*应为整数（int）.*\[parameter-type\]"),
        ({"year": True}, BadFile, r"year.*\[parameter-type\]"),
        ({"unit": 3}, BadFile, r"unit.*应为文字（str）.*\[parameter-type\]"),
        ({"unit": "审计局"}, BadFile, r"“审计局” 不是 ASCII.*\[parameter-text\]"),
        ({"unit": "a\nb"}, BadFile, r"\[parameter-text\]"),
    ],
)
def test_a_wrong_parameter_is_found_before_any_kernel(tmp_path, changed, kind, expected):
    workspace = make_workspace(tmp_path)
    with pytest.raises(kind, match=expected):
        make_plan(workspace, **changed)
    assert not workspace.outputs.exists()


@pytest.mark.parametrize(
    "line", ["x = 1", "import os", "year: int = 'a'", "year: float = 1.0", "year: int = f()", "x ="]
)
def test_a_parameters_cell_holds_declarations_only(tmp_path, line):
    workspace = make_workspace(tmp_path)
    path = workspace.notebooks / NOTEBOOK
    nb = nbformat.read(path, 4)
    nb.cells[1].source += f"\n{line}"
    path.write_text(nbformat.v4.writes(nb), "utf-8")
    with pytest.raises(BadFile, match=r"\[notebook-parameters\]"):
        make_plan(workspace)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"cells": [{}]}', "not json", "\xff"])
def test_a_broken_notebook_is_said_to_be_broken(tmp_path, text):
    workspace = make_workspace(tmp_path)
    (workspace.notebooks / NOTEBOOK).write_text(text, "latin-1")
    with pytest.raises(BadFile, match=r"tiny.ipynb.*\[notebook-broken\]"):
        make_plan(workspace)
    (workspace.notebooks / NOTEBOOK).unlink()
    with pytest.raises(BadFile, match=r"\[notebook-missing\]"):
        make_plan(workspace)


def test_a_changed_filing_stops_the_plan(tmp_path):
    workspace = make_workspace(tmp_path)
    (workspace.filing_folder("test-unit", 2022) / "filing.txt").write_text("x")
    with pytest.raises(BadFile, match=r"\[filing-changed\]"):
        make_plan(workspace)


# ---------------------------------------------------------------- a run


def test_an_input_edited_during_the_run_makes_no_run(tmp_path):
    """What was made of neither the old nor the new must not lie under the old one's key."""
    workspace = make_workspace(tmp_path, "print('甲')")
    plan = make_plan(workspace)
    rubric = workspace.rubrics / "late.yaml"
    with pytest.raises(RunFailed) as caught:
        execute(plan, watch=lambda nb, index: rubric.write_text("id: late\n"))
    assert caught.value.code == "inputs-changed"
    assert "params/rubrics/late.yaml" in str(caught.value)
    assert folders(workspace) == [plan.failed_folder.name]
    rubric.unlink()
    assert execute(plan).status == "made"


def test_a_run_is_a_folder_with_a_manifest_and_current_points_to_it(tmp_path):
    workspace = make_workspace(tmp_path, "print('甲')")
    plan = make_plan(workspace)
    outcome = execute(plan)
    assert (outcome.status, outcome.folder) == ("made", key_folder(workspace) / plan.run)
    assert folders(workspace) == sorted([plan.run, "current"])
    assert read_pointer(key_folder(workspace) / "current") == plan.run
    manifest = read_json(outcome.folder / "manifest.json")
    assert list(manifest) == [
        *("schema", "run", "key", "unit", "year", "notebook", "audience", "formats"),
        *("parameters", "inputs", "files"),
    ]
    assert [item["name"] for item in manifest["files"]] == [
        *("report.html", "report.ipynb", "report.pdf", "result.json")
    ]
    assert read_json(outcome.folder / "result.json") == {"unit": "test-unit", "year": 2022}
    nb = nbformat.read(outcome.folder / "report.ipynb", 4)
    assert set(states(nb)) == {"done"}
    assert [cell.id for cell in nb.cells] == [
        *("title", "parameters", "injected-parameters", "work-1", "result")
    ]


def test_only_the_formats_asked_for_are_made(tmp_path):
    workspace = make_workspace(tmp_path)
    plan = make_plan(workspace)
    assert plan.formats == ("html", "pdf")
    with pytest.raises(UnknownName, match=r"“docx”.*html、pdf"):
        inputs_of_formats(workspace, ("docx",))
    folder = execute(inputs_of_formats(workspace, ())).folder
    assert sorted(tree(folder)) == ["manifest.json", "report.ipynb", "result.json"]


def inputs_of_formats(workspace, formats):

    return plan_run(workspace, UNIT, YEAR, "department", NOTEBOOK, PARAMETERS, formats)


def test_the_same_run_again_is_nothing_to_do(tmp_path, monkeypatch):
    workspace = make_workspace(tmp_path, RANDOM)
    first = execute(make_plan(workspace))
    before = tree(workspace.outputs)
    monkeypatch.setattr("jixiao.batch.run._run_notebook", None)
    assert execute(make_plan(workspace)).status == "unchanged"
    assert tree(workspace.outputs) == before
    (key_folder(workspace) / "current").unlink()
    execute(make_plan(workspace))
    assert read_pointer(key_folder(workspace) / "current") == first.folder.name


def test_a_new_input_is_a_new_run_and_the_old_one_stays(tmp_path):
    workspace = make_workspace(tmp_path, "1")
    first = execute(make_plan(workspace))
    write_notebook(workspace.notebooks / NOTEBOOK, "2")
    second = execute(make_plan(workspace))
    assert folders(workspace) == sorted([first.folder.name, second.folder.name, "current"])
    assert read_pointer(key_folder(workspace) / "current") == second.folder.name


def test_two_workspaces_make_the_same_bytes_and_name_no_machine(tmp_path):
    noisy = """import sys, warnings, os
print(os.getcwd(), sys.executable, os.environ["TMPDIR"], os.__file__, os.path.expanduser("~/x"))
warnings.warn("here")
object()"""
    trees = []
    for name in ("one", "deeper/two"):
        workspace = make_workspace(tmp_path / name, noisy)
        folder = execute(make_plan(workspace)).folder
        trees.append(tree(folder))
    assert trees[0] == trees[1]
    everything = b"\n".join(trees[0].values()).decode()
    for trace in (str(tmp_path), str(Path.home()), socket.gethostname(), "/tmp/", "0x7"):
        assert trace not in everything
    if getpass.getuser() != "root":
        assert getpass.getuser() not in everything
    assert "<workspace>/notebooks" in everything
    assert "<cell>:3: UserWarning: here" in everything


def test_force_runs_again_and_compares(tmp_path):
    workspace = make_workspace(tmp_path, "print(1)")
    execute(make_plan(workspace))
    before = tree(workspace.outputs)
    assert execute(make_plan(workspace), force=True).status == "confirmed"
    assert tree(workspace.outputs) == before


def test_force_on_nothing_is_a_plain_run(tmp_path):
    assert execute(make_plan(make_workspace(tmp_path)), force=True).status == "made"


def test_a_run_that_is_not_reproducible_fails_and_the_old_one_stays(tmp_path):
    workspace = make_workspace(tmp_path, RANDOM)
    first = execute(make_plan(workspace))
    before = tree(first.folder)
    error = fail(workspace, force=True)
    assert error.code == "not-reproducible"
    assert "report.ipynb" in error.what
    assert tree(first.folder) == before
    assert read_pointer(key_folder(workspace) / "current") == first.folder.name
    failed = key_folder(workspace) / f"failed-{first.folder.name}"
    assert sorted(tree(failed)) == ["failure.json", "report.ipynb"]


@pytest.mark.parametrize("damage", ["flip", "missing", "extra", "manifest", "half"])
def test_a_damaged_run_is_kept_aside_and_made_again(tmp_path, damage):
    workspace = make_workspace(tmp_path)
    folder = execute(make_plan(workspace)).folder
    whole = tree(folder)
    for number in (1, 2):
        if damage == "flip":
            data = bytearray(whole["report.pdf"])
            data[len(data) // 2] ^= 1
            (folder / "report.pdf").write_bytes(data)
        elif damage == "missing":
            (folder / "result.json").unlink()
        elif damage == "extra":
            (folder / "note.txt").write_text("x")
        elif damage == "manifest":
            changed = json.loads(whole["manifest.json"]) | {"year": 2021}
            (folder / "manifest.json").write_text(json.dumps(changed))
        else:
            (folder / "manifest.json").write_bytes(whole["manifest.json"][:100])
        outcome = execute(make_plan(workspace))
        assert outcome.status == "repaired"
        assert f"damaged-{folder.name}-{number}" in outcome.note
        assert tree(folder) == whole
    assert folders(workspace) == sorted(
        [folder.name, "current", f"damaged-{folder.name}-1", f"damaged-{folder.name}-2"]
    )


# ---------------------------------------------------------------- a run that fails


@pytest.mark.parametrize(
    ("cell", "code", "state"),
    [
        ("raise ValueError('不对')", "cell-failed", "failed"),
        ("import os; os.kill(os.getpid(), 9)", "kernel-died", "killed"),
        ("import os; os._exit(0)", "kernel-died", "killed"),
        ("import time; time.sleep(1e9)", "cell-timeout", "timed_out"),
    ],
)
def test_a_failed_run_keeps_the_notebook_and_renders_nothing(tmp_path, cell, code, state):
    workspace = make_workspace(tmp_path, "1")
    good = execute(make_plan(workspace))
    write_notebook(workspace.notebooks / NOTEBOOK, cell, "2")
    plan = make_plan(workspace)
    error = fail(workspace, limits=Limits(cell=2))
    assert (error.code, error.exit_status) == (code, 1)
    assert "第 4 个单元格" in error.what
    assert folders(workspace) == sorted([good.folder.name, "current", f"failed-{plan.run}"])
    assert read_pointer(key_folder(workspace) / "current") == good.folder.name
    assert sorted(tree(plan.failed_folder)) == ["failure.json", "report.ipynb"]
    nb = nbformat.read(plan.failed_folder / "report.ipynb", 4)
    assert states(nb) == ["done", "done", "done", state, "never_ran", "never_ran"]
    failure = read_json(plan.failed_folder / "failure.json")
    assert failure["code"] == code
    assert failure["cell"] == {"number": 4, "id": "work-1", "state": state}
    assert str(tmp_path) not in b"".join(tree(plan.failed_folder).values()).decode()


def test_an_error_is_kept_with_its_traceback_and_without_the_machines_paths(tmp_path):
    workspace = make_workspace(
        tmp_path, "from pathlib import Path", "Path('x').absolute().read_text()"
    )
    error = fail(workspace)
    assert "FileNotFoundError" in error.what
    failure = read_json(make_plan(workspace).failed_folder / "failure.json")
    text = json.dumps(failure, ensure_ascii=False)
    assert failure["error"]["name"] == "FileNotFoundError"
    assert "<workspace>/notebooks/x" in failure["error"]["value"]
    assert "\\u001b" not in text
    for trace in (str(tmp_path), "/usr", str(Path.home()) + "/"):
        assert trace not in text


def test_a_run_without_a_result_fails(tmp_path):
    workspace = make_workspace(tmp_path, last="print('no result')")
    told = fail(workspace)
    assert told.code == "result-missing"
    assert "tables.show_result" in told.action
    assert folders(workspace) == [f"failed-{make_plan(workspace).run}"]


def test_a_renderer_that_fails_makes_a_failed_run(tmp_path, monkeypatch):
    def refuse(nb: object, *made_of_it: object) -> bytes:
        raise ValueError("no such font")

    monkeypatch.setattr(publish, "render_pdf", refuse)
    workspace = make_workspace(tmp_path)
    error = fail(workspace)
    assert error.code == "render-failed"
    assert "no such font" in error.what
    assert sorted(tree(make_plan(workspace).failed_folder)) == ["failure.json", "report.ipynb"]


def test_a_failure_of_the_same_run_goes_when_it_succeeds(tmp_path, monkeypatch):
    workspace = make_workspace(tmp_path)
    for _ in range(2):
        with monkeypatch.context() as patch:
            patch.setattr(publish, "render_html", None)
            fail(workspace)
        assert folders(workspace) == [f"failed-{make_plan(workspace).run}"]
    execute(make_plan(workspace))
    assert folders(workspace) == sorted([make_plan(workspace).run, "current"])


def test_a_failure_that_a_kill_left_beside_the_run_goes_and_a_later_one_stays(tmp_path):
    folder = execute(make_plan(make_workspace(tmp_path))).folder
    failed = folder.with_name(f"failed-{folder.name}")
    for age, there in ((-5, False), (5, True)):
        failed.mkdir()
        changed = folder.stat().st_mtime + age
        os.utime(failed, (changed, changed))
        make_current(folder)
        assert failed.exists() is there


def test_a_folder_that_cannot_be_written_says_so(tmp_path, monkeypatch):
    workspace = make_workspace(tmp_path)

    def refuse(*_: object, **__: object) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(JixiaoError, match=r"磁盘已满，这里还需要约 \d+ KB.*\[cannot-write\]"):
        execute(make_plan(workspace))
    monkeypatch.undo()
    assert tree(workspace.outputs) == {}


def test_a_lock_that_cannot_be_written_says_so(tmp_path, monkeypatch):
    opened = os.open

    def refuse(path: object, *given: object, **named: object) -> int:
        if str(path).endswith(".batch.lock"):
            raise OSError(errno.EIO, os.strerror(errno.EIO), str(path))
        return opened(path, *given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "open", refuse)
    with (
        pytest.raises(JixiaoError, match=r"\.batch\.lock：写不了：磁盘读写出错.*\[cannot-write\]"),
        holding(tmp_path, "nightly", wait=False),
    ):
        pass
