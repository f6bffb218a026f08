"""Planning many runs costs little, and gives what planning each of them gives."""

import os
import time
from pathlib import Path

import pytest
from tests.test_batch import province, write_plan

from jixiao.batch.jobs import plan_batch
from jixiao.batch.order import load_order
from jixiao.batch.plan import plan_run
from jixiao.workspace import known
from jixiao.workspace.files import digest_bytes
from jixiao.workspace.known import digest_known, signature_of
from jixiao.workspace.places import Workspace


@pytest.fixture
def planned(tmp_path):
    workspace = province(tmp_path)
    return workspace, load_order(workspace, write_plan(workspace))


def test_a_batch_plans_what_each_run_plans_for_itself(planned):
    workspace, order = planned
    jobs = plan_batch(workspace, order, workspace.outputs).jobs
    assert len(jobs) == 3
    for job in jobs:
        alone = plan_run(
            workspace,
            job.unit,
            job.year,
            job.key,
            job.notebook,
            dict(job.parameters),
            order.formats,
        )
        assert alone.run == job.run


def test_no_folder_is_listed_for_every_unit(planned, monkeypatch):
    """Two thousand units would be looked at four million times."""
    workspace, order = planned

    def listed(self: Workspace) -> tuple[str, ...]:
        raise AssertionError("all units were listed")

    monkeypatch.setattr(Workspace, "units", listed)
    monkeypatch.setattr(Workspace, "years", listed)
    assert len(plan_batch(workspace, order, workspace.outputs).jobs) == 3


def test_what_all_runs_share_is_collected_once(planned, monkeypatch):
    workspace, order = planned
    asked: list[Path] = []

    def asking(path: Path) -> str:
        asked.append(path)
        return digest_known(path)

    monkeypatch.setattr("jixiao.batch.inputs.digest_known", asking)
    plan_batch(workspace, order, workspace.outputs)
    assert asked.count(workspace.unit_folder / "roster.yaml") == 1
    assert sum(path.parent == workspace.rubrics for path in asked) == len(
        list(workspace.rubrics.glob("*.yaml"))
    )


# ---------------------------------------------------------------- what need not be read twice


@pytest.fixture
def old(tmp_path, monkeypatch) -> Path:
    """A file that was written long ago, as far as the two seconds go."""
    monkeypatch.setattr(known, "_SETTLED_NANOSECONDS", 0)
    path = tmp_path / "roster.yaml"
    path.write_bytes(b"before")
    return path


@pytest.mark.parametrize("ahead", [0, 3600], ids=["now", "a time to come"])
def test_a_change_is_seen_whatever_time_the_file_is_given(old, ahead):
    """Same size, same inode, its time set back: the time of the inode tells."""
    then = time.time() + ahead
    os.utime(old, (then, then))
    was = old.stat()
    assert digest_known(old) == digest_bytes(b"before")
    time.sleep(0.02)
    with old.open("r+b") as file:
        file.write(b"behind")
    os.utime(old, ns=(was.st_atime_ns, was.st_mtime_ns))
    now = old.stat()
    assert (now.st_mtime_ns, now.st_size, now.st_ino) == (was.st_mtime_ns, 6, was.st_ino)
    assert digest_known(old) == digest_bytes(b"behind")


def test_a_file_of_this_moment_is_read_each_time(tmp_path, monkeypatch):
    """Twice within a tick of the clock, a change might leave every time as it was."""
    path = tmp_path / "roster.yaml"
    path.write_bytes(b"before")
    was = signature_of(path)
    monkeypatch.setattr(known, "signature_of", lambda path: was)
    assert digest_known(path) == digest_bytes(b"before")
    path.write_bytes(b"behind")
    assert digest_known(path) == digest_bytes(b"behind")


def test_a_file_that_stays_is_read_once(old, monkeypatch):
    assert digest_known(old) == digest_bytes(b"before")
    monkeypatch.setattr(known, "digest", lambda path: "read again")
    assert digest_known(old) == digest_bytes(b"before")
