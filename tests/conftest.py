"""What every test may rely on: no network, seeded chance, and tools that are there or say why not."""

import importlib.util
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from jixiao.audit import examine
from jixiao.importers import read_document
from jixiao.model import Audit, Filing, Scorecard
from jixiao.rubric import Checklist, Rubric, choose_rubric, load_checklist
from jixiao.scoring import score
from jixiao.workspace.fonts import code_points

ROOT = Path(__file__).parent.parent
SAMPLE = Path(__file__).parent / "data/ziyang-justice-2022.txt"

# Chance is seeded, so a red test is red again; `make fuzz` takes the other profile and searches.
settings.register_profile("seeded", derandomize=True, deadline=None, database=None)
settings.register_profile(
    "fuzz",
    max_examples=5_000,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("seeded")

BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
LOOPBACK = ("127.", "::1", "localhost")


def pytest_configure() -> None:
    """Draw without a display, also in the processes that tests start."""
    os.environ.setdefault("MPLBACKEND", "Agg")


#: Files whose tests wait for processes: begun first, the others are done beside them.
FIRST = ("test_kill.py", "test_batch.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that no process of xdist's is left with it at the end."""
    items.sort(
        key=lambda item: FIRST.index(item.path.name) if item.path.name in FIRST else len(FIRST)
    )


def tool(names: tuple[str, ...], required_by: str, package: str) -> str:
    """Path of the first program found; else skip, or fail where `required_by` is set to 1."""
    for name in names:
        if path := shutil.which(name):
            return path
    missing = f"{names[0]} is not installed (Debian: apt install {package})"
    if os.environ.get(required_by) == "1":
        pytest.fail(f"{missing}, and {required_by}=1 asks for it", pytrace=False)
    pytest.skip(missing)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of a Chromium; JIXIAO_REQUIRE_BROWSER=1 makes its absence a failure."""
    return tool(BROWSERS, "JIXIAO_REQUIRE_BROWSER", "chromium")


@pytest.fixture(scope="session")
def pdftotext() -> str:
    """Path of poppler's pdftotext; JIXIAO_REQUIRE_PDFTOTEXT=1 makes its absence a failure."""
    return tool(("pdftotext",), "JIXIAO_REQUIRE_PDFTOTEXT", "poppler-utils")


@pytest.fixture(scope="session")
def axe() -> str:
    """Source of axe.min.js, the accessibility checker (docs/decisions/006)."""
    package = importlib.util.find_spec("axe_playwright_python")
    assert package is not None
    assert package.origin is not None
    return Path(package.origin).with_name("axe.min.js").read_text("utf-8")


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Connect to this machine only: a report must not need more."""
    connect = socket.socket.connect

    def local_only(self: socket.socket, address: tuple[str, int] | str | bytes) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        if isinstance(host, str) and host and not host.startswith(LOOPBACK):
            message = f"a test reaches for the network: {host}"
            raise PermissionError(message)
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", local_only)


@pytest.fixture(scope="session")
def sample_filing() -> Filing:
    """The sample filing as read."""
    return read_document(SAMPLE)


@pytest.fixture(scope="session")
def rubrics() -> dict[str, Rubric]:
    """The rule books in force for 2022, by kind of evaluation."""
    folder = ROOT / "params/rubrics"
    return {kind: choose_rubric(folder, 2022, kind) for kind in ("department", "project")}


@pytest.fixture(scope="session")
def checklist() -> Checklist:
    """The checklist of the audit."""
    return load_checklist(ROOT / "params/checks.yaml")


@pytest.fixture(scope="session")
def sample_cards(sample_filing: Filing, rubrics: dict[str, Rubric]) -> dict[str, Scorecard]:
    """The sample's scorecards by evaluation key."""
    return score(sample_filing, rubrics)


@pytest.fixture(scope="session")
def sample_audit(
    sample_filing: Filing,
    sample_cards: dict[str, Scorecard],
    rubrics: dict[str, Rubric],
    checklist: Checklist,
) -> Audit:
    """What questioning the sample yields."""
    return examine(sample_filing, sample_cards, rubrics, checklist, code_points())


@pytest.fixture(scope="session")
def reports(tmp_path_factory) -> dict[str, Path]:
    """The two reports of the sample, made by the command a user gives."""
    outputs = tmp_path_factory.mktemp("outputs")
    command = [sys.executable, "-m", "jixiao.cli", "report", "ziyang-justice", "2022"]
    done = subprocess.run(
        [*command, "--outputs", str(outputs)], cwd=ROOT, capture_output=True, text=True, timeout=240
    )
    assert done.returncode == 0, done.stderr
    base = outputs / "ziyang-justice/2022"
    return {
        key: (base / key / "current").resolve() for key in ("department", "community-correction")
    }
