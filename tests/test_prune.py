"""`jixiao prune`: what nothing points to goes, what counts or is news stays."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.workbench import tree

from jixiao.batch.holding import holding
from jixiao.cli import run
from jixiao.workspace.files import point

RUNS = {name: name * 12 for name in "abcdef"}


def make_run(key: Path, name: str, age: int) -> Path:
    """Make a whole run folder, `age` seconds older than now."""
    folder = key / name
    folder.mkdir(parents=True)
    (folder / "result.json").write_bytes(b"{}")
    manifest = {"run": name, "files": [{"name": "result.json", "bytes": 2, "sha256": ""}]}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return aged(folder, age)


def aged(path: Path, age: int) -> Path:
    now = 1_800_000_000
    os.utime(path, (now - age, now - age), follow_symlinks=False)
    return path


def dead_pid() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


@pytest.fixture
def outputs(tmp_path) -> Path:
    """Old run, current run, older and newer failures, damage, leftovers of the dead and living."""
    place = tmp_path / "outputs"
    key = place / "unit-a" / "2022" / "department"
    for name, age in (
        (RUNS["a"], 900),
        (RUNS["b"], 100),
        (f"failed-{RUNS['c']}", 500),
        (f"failed-{RUNS['d']}", 10),
        (f"damaged-{RUNS['b']}-1", 800),
        (RUNS["e"], 5),
        ("notes-by-hand", 900),
    ):
        make_run(key, name, age)
    point(key / "current", RUNS["b"])
    aged(key / "current", 99)
    dead = dead_pid()
    (key / f".staging-{RUNS['f']}-{dead}-1").mkdir()
    (key / f".staging-{RUNS['f']}-{dead}-1" / "report.html").write_bytes(b"half")
    (key / f".staging-current-{dead}-2").symlink_to("nowhere")
    (key / f".staging-{RUNS['f']}-{os.getpid()}-1").mkdir()
    (place / f".staging-index.html-{dead}-3").write_bytes(b"half")
    (place / "batches").mkdir()
    (place / "batches" / "x.jsonl").write_bytes(b"{}\n")
    return place


def names(outputs: Path) -> set[str]:
    return {path.name for path in (outputs / "unit-a" / "2022" / "department").iterdir()}


STAYS = {
    RUNS["b"],
    "current",
    f"failed-{RUNS['d']}",
    RUNS["e"],
    "notes-by-hand",
    f".staging-{RUNS['f']}-{os.getpid()}-1",
}


def test_a_dry_run_lists_and_removes_nothing(outputs, capsys):
    before = tree(outputs)
    assert run(["prune", "--outputs", str(outputs), "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert "将会删除 6 项" in said
    for words in (
        f"{RUNS['a']}　旧的运行",
        f"failed-{RUNS['c']}　失败的运行",
        "损坏的运行",
        "残留",
    ):
        assert words in said
    assert tree(outputs) == before


def test_what_nothing_points_to_goes_and_the_rest_stays(outputs, capsys):
    assert run(["prune", "--outputs", str(outputs)]) == 0
    assert "已删除 6 项" in capsys.readouterr().out
    assert names(outputs) == STAYS
    assert not [path for path in outputs.iterdir() if path.name.startswith(".staging")]
    assert (outputs / "batches" / "x.jsonl").exists()
    assert run(["prune", "--outputs", str(outputs)]) == 0
    assert "没有可清理的" in capsys.readouterr().out


@pytest.mark.parametrize("spoil", ["missing", "damaged", "no pointer"])
def test_without_a_whole_current_run_nothing_of_the_key_goes(outputs, spoil):
    key = outputs / "unit-a" / "2022" / "department"
    if spoil == "missing":
        shutil.rmtree(key / RUNS["b"])
    elif spoil == "damaged":
        (key / RUNS["b"] / "result.json").write_bytes(b"{ }")
    else:
        (key / "current").unlink()
    before = {name for name in names(outputs) if not name.startswith(".staging")}
    assert run(["prune", "--outputs", str(outputs)]) == 0
    assert {name for name in names(outputs) if not name.startswith(".staging")} == before


def test_while_a_batch_holds_the_folder_nothing_goes(outputs, capsys):
    before = tree(outputs)
    with holding(outputs, "nightly", wait=False):
        held = {name: data for name, data in tree(outputs).items() if not name.startswith(".batch")}
        # Another process, as another batch would be: the lock of one process lets itself in.
        done = subprocess.run(
            [sys.executable, "-m", "jixiao.cli", "prune", "--outputs", str(outputs)],
            capture_output=True,
            text=True,
        )
    assert (done.returncode, "nightly" in done.stderr, "[outputs-held]" in done.stderr) == (
        1,
        True,
        True,
    )
    assert held == before


def test_a_folder_that_is_not_there_is_refused(tmp_path, capsys):
    assert run(["prune", "--outputs", str(tmp_path / "gone")]) == 1
    said = capsys.readouterr().err
    assert "没有这个输出目录" in said
    assert "--outputs" in said


def test_a_run_that_became_current_meanwhile_stays(outputs):
    from jixiao.batch.prune import find_spares, remove

    key = outputs / "unit-a" / "2022" / "department"
    old = next(spare for spare in find_spares(outputs) if spare.path.name == RUNS["a"])
    point(key / "current", RUNS["a"])
    assert not remove(old)
    assert (key / RUNS["a"]).is_dir()


def test_a_linked_folder_is_not_entered(outputs, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(outputs / "unit-a", elsewhere, symlinks=True)
    (outputs / "unit-b").symlink_to(elsewhere)
    before = tree(elsewhere)
    run(["prune", "--outputs", str(outputs)])
    assert tree(elsewhere) == before
