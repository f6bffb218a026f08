"""The same inputs give the same bytes: two checkouts, two output folders, two environments."""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PARTS = ("lib", "params", "data", "notebooks", "requirements.lock", "pyproject.toml")
FILES = {"report.ipynb", "report.html", "report.pdf", "result.json", "manifest.json"}


def check_out(target: Path) -> Path:
    """Copy what a run reads to another place."""
    target.mkdir(parents=True)
    for name in PARTS:
        source = ROOT / name
        if source.is_dir():
            ignore = shutil.ignore_patterns("__pycache__", "*.egg-info", ".ipynb_checkpoints")
            shutil.copytree(source, target / name, ignore=ignore)
        else:
            shutil.copy(source, target / name)
    return target


KEYS = ("department", "community-correction")
REPORT = ("report", "ziyang-justice", "2022", "--force")
PROJECT = (*REPORT, "--project", "community-correction")
BATCH = ("batch", "params/batches/sample.yaml", "--force")


def run_report(
    checkout: Path, outputs: Path, command: tuple[str, ...] = REPORT, **environment: str
) -> dict[str, str]:
    """Run both reports there with --force, or the project's alone, and digest what came out."""
    started = time.time()
    done = subprocess.run(
        [sys.executable, "-m", "jixiao.cli", *command, "--outputs", str(outputs)],
        cwd=checkout, capture_output=True, text=True, timeout=240,
        env=os.environ | {"PYTHONPATH": str(checkout / "lib")} | environment,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    digests = {}
    for key in KEYS[1:] if command == PROJECT else KEYS:
        folder = (outputs / "ziyang-justice/2022" / key / "current").resolve()
        assert {path.name for path in folder.iterdir()} == FILES
        for path in folder.iterdir():
            assert path.stat().st_mtime >= started - 1, f"{path.name} was not made by this run"
            digests[f"{key}/{folder.name}/{path.name}"] = hashlib.sha256(
                path.read_bytes()
            ).hexdigest()
    return digests


@pytest.mark.slow
def test_two_checkouts_make_the_same_bytes(tmp_path):
    """One by one with kernels of their own, and in a batch with workers and warm kernels."""
    first = check_out(tmp_path / "first")
    second = check_out(tmp_path / "另一处 检出" / "second")
    made = run_report(first, tmp_path / "out-1", PYTHONHASHSEED="0", TZ="UTC", LANG="C.UTF-8")
    again = run_report(
        second, tmp_path / "out-2", BATCH,
        PYTHONHASHSEED="4242", TZ="Asia/Shanghai", LANG="zh_CN.UTF-8",
    )  # fmt: skip
    assert len(made) == 2 * len(FILES)
    assert again == made


@pytest.mark.slow
def test_a_changed_cell_of_the_filing_makes_another_run(tmp_path):
    """The run key and the bytes follow the inputs: the check above can fail."""
    checkout = check_out(tmp_path / "changed")
    made = run_report(checkout, tmp_path / "out-1", PROJECT)
    filing = checkout / "data/filings/ziyang-justice/2022/filing.txt"
    old = hashlib.sha256(filing.read_bytes()).hexdigest()
    filing.write_bytes(filing.read_bytes().replace(b"19.62", b"19.63"))
    new = hashlib.sha256(filing.read_bytes()).hexdigest()
    unit = checkout / "params/units/ziyang-justice/2022.yaml"
    unit.write_text(unit.read_text("utf-8").replace(old, new), "utf-8")
    changed = run_report(checkout, tmp_path / "out-2", PROJECT)
    assert not set(made.values()) & set(changed.values())


@pytest.mark.reproduce
@pytest.mark.parametrize("seed", ["0", "1", "random"])
@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai", "Pacific/Apia"])
@pytest.mark.parametrize("language", ["C", "zh_CN.UTF-8"])
def test_every_environment_makes_the_same_bytes(tmp_path, seed, zone, language):
    checkout = check_out(tmp_path / "checkout")
    plain = run_report(checkout, tmp_path / "out-1")
    other = run_report(checkout, tmp_path / "out-2", PYTHONHASHSEED=seed, TZ=zone, LANG=language)
    assert other == plain
