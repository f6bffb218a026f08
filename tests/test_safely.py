"""Reading in a child process: the same filing, the same errors, and limits that hold (A41, A43)."""

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.bombs import BOMBS, bomb
from tests.formats import SAMPLE, sample_bytes

from jixiao.cli import commands
from jixiao.errors import BadFile
from jixiao.importers import read_document, read_document_safely, safely

MOST_MIB, MOST_SECONDS = 300, 5
CHILD = (
    "import sys; from jixiao.importers import child; child.limit(); sys.addaudithook(child._refuse)"
)


@pytest.mark.parametrize("ending", ["docx", "xlsx", "html", "txt"])
def test_the_child_gives_the_same_filing(tmp_path: Path, ending: str) -> None:
    path = SAMPLE
    if ending != "txt":
        path = tmp_path / f"a.{ending}"
        path.write_bytes(sample_bytes(ending))
    assert read_document_safely(path) == read_document(path)


def test_the_child_gives_the_same_error(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.7")
    with pytest.raises(BadFile) as direct:
        read_document(path)
    with pytest.raises(BadFile) as safe:
        read_document_safely(path)
    assert str(safe.value) == str(direct.value)


def test_a_missing_file_starts_no_child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(safely.subprocess, "run", None)
    with pytest.raises(BadFile, match="no-such-file"):
        read_document_safely(tmp_path / "none.docx")


MEASURED = """
import pathlib, resource, sys
from jixiao.errors import BadFile
from jixiao.importers import read_document_safely
try:
    read_document_safely(pathlib.Path(sys.argv[1]))
except BadFile as error:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(error.code, used.ru_maxrss >> 10, used.ru_utime + used.ru_stime)
"""


@pytest.mark.slow
@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_stays_small_in_the_child(tmp_path: Path, name: str) -> None:
    """Measured from a small process: a child begins with the size of the one that starts it."""
    path = tmp_path / name
    path.write_bytes(bomb(name))
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, str(path)], capture_output=True, text=True, timeout=60
    )
    code, reached, seconds = done.stdout.split()
    assert code == BOMBS[name][1]
    assert int(reached) <= MOST_MIB
    assert float(seconds) <= MOST_SECONDS


def child_of(code: str) -> list[str]:
    return [sys.executable, "-P", "-c", f"{CHILD}\n{textwrap.dedent(code)}"]


@pytest.mark.parametrize(
    ("code", "expected", "words"),
    [
        ("raise SystemExit(3)", "reader-crashed", "3"),
        ("import os; os.abort()", "reader-crashed", "信号 6"),
        ("x = bytearray(2 << 30)", "reader-crashed", "内存用尽"),
        ("import time; time.sleep(60)", "reader-timeout", "2 秒"),
        ("import os; os.kill(os.getpid(), 24)", "reader-timeout", "没有读完"),
        ("print('x')", "reader-crashed", "没有给出结果"),
        ("import pickle; sys.stdout.buffer.write(pickle.dumps(print))", "reader-crashed", "结果"),
        ("import pickle; sys.stdout.buffer.write(pickle.dumps(3))", "reader-crashed", "结果"),
    ],
)
def test_a_child_that_dies_is_an_error_that_names_the_file(
    monkeypatch: pytest.MonkeyPatch, code: str, expected: str, words: str
) -> None:
    run = subprocess.run
    monkeypatch.setattr(safely, "MOST_SECONDS", 2)
    monkeypatch.setattr(
        safely.subprocess, "run", lambda _, **options: run(child_of(code), **options)
    )
    with pytest.raises(BadFile) as caught:
        read_document_safely(SAMPLE)
    assert caught.value.code == expected
    assert words in str(caught.value)
    assert SAMPLE.name in str(caught.value)


@pytest.mark.parametrize(
    "code",
    [
        "import socket; socket.create_connection(('127.0.0.1', 9))",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.system('true')",
    ],
)
def test_the_child_has_no_network_and_starts_nothing(code: str) -> None:
    done = subprocess.run(child_of(code), capture_output=True, text=True, timeout=30)
    assert done.returncode == 1
    assert "no business" in done.stderr


@pytest.mark.parametrize("command", [["read"], ["score"], ["audit"]])
@pytest.mark.parametrize("ending", ["docx", "xlsx", "html"])
def test_commands_take_every_format(tmp_path: Path, command: list[str], ending: str) -> None:
    path = tmp_path / f"a.{ending}"
    path.write_bytes(sample_bytes(ending))
    done = CliRunner().invoke(commands, [*command, str(path)])
    assert done.exit_code == 0, done.output
