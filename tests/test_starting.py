"""How our processes start: without the import that costs more than all others, and by any name."""

import os
import subprocess
import sys

import pytest
from tests.test_batch import command, province

from jixiao.cli import bar
from jixiao.workspace.places import Workspace

#: What `rfc3987_syntax` (docs/decisions/009) begins with; python also lists the attempt to import it.
SLOW = "lark"
#: Asked in the kernel, which is a fork of the template and so holds what that imported.
ASK = f"import sys\nassert '{SLOW}' not in sys.modules"


def run(workspace: Workspace, *line: str) -> tuple[int, list[str]]:
    """Run a command; give its status, and the modules that it and its workers imported."""
    environment = {"JIXIAO_WORKSPACE": str(workspace.root), "PYTHONPROFILEIMPORTTIME": "1"}
    done = subprocess.run(
        line, env=os.environ | environment, capture_output=True, text=True, timeout=120
    )
    told = [line for line in done.stderr.splitlines() if line.startswith("import time:")]
    return done.returncode, [line.rpartition("|")[2].strip() for line in told]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory) -> Workspace:
    return province(tmp_path_factory.mktemp("starting"), ASK, units=("test-unit",))


@pytest.mark.slow
def test_a_batch_its_workers_template_and_kernels_do_without_the_slow_import(workspace):
    status, imported = run(workspace, *command(workspace, "--workers", "1"))
    assert status == 0
    assert imported.count("jsonschema") == 2, "the supervisor and its worker"
    assert SLOW not in imported


@pytest.mark.parametrize(
    "line", ["site", "doctor", "prune", "report test-unit 2022 --formats html", "--help"]
)
def test_no_command_makes_the_slow_import(workspace, line):
    _, imported = run(workspace, sys.executable, "-m", "jixiao", *line.split())
    assert "jixiao.cli" in imported
    assert SLOW not in imported


@pytest.mark.parametrize("module", ["jixiao", "jixiao.cli"])
def test_python_runs_it_by_its_name(module):
    done = subprocess.run([sys.executable, "-m", module, "--version"], capture_output=True)
    assert (done.returncode, done.stdout[:7]) == (0, b"jixiao ")


@pytest.mark.parametrize(
    ("terminal", "expected"), [("xterm-256color", True), ("dumb", False), ("", False)]
)
def test_bars_are_for_terminals_that_can_draw_a_line_again(monkeypatch, terminal, expected):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("TERM", terminal)
    assert bar.can_show_bars() is expected
