"""What an operator plans by: memory, disk and starts of a batch: ``python -m benchmarks footprint``.

A province of the demo is made and its plan run by one worker and by two, with every process below
sampled: proportional memory, since forked kernels share pages. ``starts`` are commands with nothing
to do: what a cron line costs on a quiet night.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from benchmarks.figures import spread

UNITS, YEARS, WORKERS = 20, 2, 2
_PAUSE = 0.3
_STARTS = 5
_ROLES = {"kernels.template": "template and kernels", "batch.worker": "workers"}


def measure_footprint() -> dict[str, object]:
    """Measure one province: memory by role, disk, starts."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name) / "province"
        line("demo", str(root), "--units", str(UNITS), "--years", str(YEARS), cwd=Path(name))
        plan = "params/batches/demo.yaml"
        one = sample(root, "batch", plan, "--workers", "1")
        runs, size = disk(root / "outputs")
        two = sample(root, "batch", plan, "--workers", "2", "--force")
        return {
            "what": f"demo, {UNITS} units and {YEARS} years, {runs} runs with HTML and PDF",
            "load average": f"{os.getloadavg()[2]:.0f}, ours about {WORKERS}; more is other work",
            "seconds a run": {
                name: round(found.pop("s") / runs, 2)
                for name, found in (("1 worker", one), ("2 workers", two))
            },
            "most megabytes (PSS)": {"1 worker": one, "2 workers": two},
            "megabytes on disk a run": round(size / runs / 1e6, 2),
            "starts, seconds": {
                " ".join(asked): starts(root, *asked)
                for asked in (("--help",), ("batch", plan), ("report", "demo-0001", "2024"))
            },
        }


def line(*arguments: str, cwd: Path) -> None:
    """Run one command of ours, quietly."""
    subprocess.run(
        [sys.executable, "-m", "jixiao", *arguments], cwd=cwd, check=True, capture_output=True
    )


def starts(root: Path, *arguments: str) -> dict[str, float]:
    """Time a command several times."""
    times = []
    for _ in range(_STARTS):
        began = time.perf_counter()
        line(*arguments, cwd=root)
        times.append(time.perf_counter() - began)
    return spread(times, 2)


def disk(outputs: Path) -> tuple[int, int]:
    """Count the runs, and the bytes their files take on the disk."""
    files = [path for path in outputs.glob("*/*/*/*/*") if "current" not in path.parts]
    return sum(path.name == "manifest.json" for path in files), sum(
        path.stat().st_blocks * 512 for path in files
    )


def sample(root: Path, *arguments: str) -> dict[str, float]:
    """Run a command; give its seconds and the most memory each role took, and all together."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "jixiao", *arguments], cwd=root, stdout=subprocess.DEVNULL
    )
    most: dict[str, float] = {}
    while process.poll() is None:
        now = memory(psutil.Process(process.pid))
        for role, size in (now | {"all": sum(now.values())}).items():
            most[role] = max(most.get(role, 0.0), round(size / 1e6))
        time.sleep(_PAUSE)
    return most | {"s": round(time.perf_counter() - began, 1)}


def memory(supervisor: psutil.Process) -> dict[str, float]:
    """Give the proportional memory of a batch's processes by role; one that just ended has none."""
    found: dict[str, float] = {"supervisor": 0.0}
    for process in (supervisor, *supervisor.children(recursive=True)):
        try:
            called = " ".join(process.cmdline())
            size = process.memory_full_info().pss
        except psutil.Error:
            continue
        role = next((role for part, role in _ROLES.items() if part in called), "supervisor")
        found[role] = found.get(role, 0.0) + size
    return found
