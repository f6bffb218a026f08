"""Spoiled files (FAULTS.md T-FUZZ): each is read, or refused with a code, a place and advice."""

import hashlib
import json
import os
import platform
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import pytest
from tests import spoiled as watched
from tests.mutations import spoiled
from tests.spoiled import Outcomes, read_spoiled

FEW, MANY = 2_000, 20_000
RESULTS = Path(__file__).parent / "results" / "fuzz.json"
#: So many of the files must come as far as the importers, or nothing was tried.
LEAST_READ = 0.3


def test_a_seed_gives_the_same_file() -> None:
    files = [spoiled(seed) for seed in range(40)]
    assert files == [spoiled(seed) for seed in range(40)]
    assert len({hashlib.sha256(content).digest() for _, content in files}) > 30
    assert {name.rpartition(".")[2] for name, _ in files} == {"docx", "xlsx", "html", "txt"}


def test_thousands_of_spoiled_files_are_read_or_refused_by_name() -> None:
    found = read_spoiled(0, FEW)
    assert found.failures == [], f"seeds 0 to {FEW - 1}"
    assert sum(found.counts.values()) == FEW
    assert found.counts["read"] > LEAST_READ * FEW


@pytest.mark.fuzz
def test_many_spoiled_files_are_read_or_refused_by_name() -> None:
    """The figures of the run are kept in ``tests/results/fuzz.json``."""
    workers = os.cpu_count() or 1
    each = -(-MANY // workers)
    started = time.monotonic()
    with ThreadPoolExecutor(workers) as pool:
        parts = list(pool.map(lambda n: read_spoiled(n * each, min(each, MANY - n * each)),
                              range(workers)))  # fmt: skip
    _keep(parts, time.monotonic() - started)
    assert [failure for part in parts for failure in part.failures] == []


def _keep(parts: list[Outcomes], seconds: float) -> None:
    counts = sum((part.counts for part in parts), Counter[str]())
    result = {
        "what": "spoiled .docx, .xlsx, .html and .txt files, read or refused",
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}",
        "python": platform.python_version(),
        "versions": {name: version(name) for name in ("jixiao", "lxml", "openpyxl", "python-docx")},
        "seeds": f"0 to {MANY - 1}",
        "files": sum(counts.values()),
        "seconds": round(seconds),
        "failures": [failure for part in parts for failure in part.failures],
        "outcomes": dict(counts.most_common()),
    }
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", "utf-8")


HARM = """
import os, sys
sys.path.insert(0, ".")
from tests import formats, spoiled

read = formats.read_content

def harm(content, name):
    seed = name.split(".")[0]
    if seed == "seed-1":
        raise RuntimeError("harm")
    if seed == "seed-3":
        os.abort()
    while seed == "seed-5":
        pass
    return read(content, name)

formats.read_content, spoiled.MOST_SECONDS = harm, 1
spoiled.main(*map(int, sys.argv[1:]))
"""


def test_a_reader_that_raises_dies_or_hangs_is_found(monkeypatch, tmp_path) -> None:
    """Each is a failure of its seed, and the next file is read."""
    (tmp_path / "harm.py").write_text(HARM)
    monkeypatch.setattr(watched, "COMMAND", (sys.executable, str(tmp_path / "harm.py")))
    found = read_spoiled(0, 7)
    assert [failure.split(":")[0] for failure in found.failures] == ["seed 1", "seed 3", "seed 5"]
    assert "RuntimeError: harm" in found.failures[0]
    assert "-6" in found.failures[1]
    assert "-14" in found.failures[2]
    assert sum(found.counts.values()) == 7
