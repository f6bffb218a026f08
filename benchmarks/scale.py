"""A province's night: ``python -m benchmarks scale``, hours long, measured from outside.

20,000 runs of a notebook of six cells (notebook and result alone), then 2,000 unit-years with HTML
and PDF, by two workers; a second run over each with nothing to do. Sampled: the supervisor's memory
and descriptors; at the end: what was left running, and whether late runs cost more than early ones.

``FILES`` and ``RUNS`` of the environment make it smaller.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import nbformat
import psutil

from benchmarks.jobs import make_province
from jixiao.workspace.media import RESULT

YEARS = 4
#: Unit-years of the province, and runs of the small notebook for each of them.
UNIT_YEARS = int(os.environ.get("UNIT_YEARS", "2000"))
COPIES = int(os.environ.get("COPIES", "10"))
EVERY_SECONDS = 2.0
_CELLS = (
    "from jixiao.workspace.places import Workspace\nfrom jixiao.workspace.units import load_unit_year",
    "registered = load_unit_year(Workspace.find(), unit, year)",
    "names = [project.name for project in registered.projects]\nlen(names)",
    "print(registered.name, *names, sep='\\n')",
    f"""from IPython.display import display
display({{"text/plain": "结果", "{RESULT}": {{"unit": unit, "year": year}}}}, raw=True)""",
)
_PARAMETERS = 'unit: str = ""  # 单位\nyear: int = 2022  # 年度'


def measure_scale() -> dict[str, object]:
    """Run both batches, each twice."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name) / "workspace"
        make_province(root, UNIT_YEARS // YEARS, 11, years=YEARS)
        (root / "params/batches/reports.yaml").write_text(
            f"units: ['demo-*']\nyears: {_years(root)}\nnotebooks: [department_evaluation]\n"
        )
        names = [f"six_cells_{number:02d}" for number in range(COPIES)]
        for stem in names:
            _write_notebook(root / "notebooks" / f"{stem}.ipynb")
        (root / "params/batches/small.yaml").write_text(
            f"units: ['demo-*']\nyears: {_years(root)}\nnotebooks: {json.dumps(names)}\nformats: []\n"
        )
        found: dict[str, object] = {"what": "two workers, one batch after the other"}
        for plan in os.environ.get("PLANS", "small reports").split():
            outputs = Path(name) / plan
            found[plan] = {
                "first": _batch(root, plan, outputs),
                "again, nothing to do": _batch(root, plan, outputs),
            }
        return found


def _years(root: Path) -> list[int]:
    return sorted({int(path.stem) for path in root.glob("params/units/demo-*/*.yaml")})


def _write_notebook(path: Path) -> None:
    nb = nbformat.v4.new_notebook()
    cells = [nbformat.v4.new_code_cell(_PARAMETERS, metadata={"tags": ["parameters"]})]
    nb.cells = cells + [nbformat.v4.new_code_cell(source) for source in _CELLS]
    for number, cell in enumerate(nb.cells):
        cell.id = f"cell-{number}"
    nbformat.write(nb, path)


def _batch(root: Path, plan: str, outputs: Path) -> dict[str, object]:
    """Run one batch and watch its supervisor."""
    begun = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "jixiao", "batch", f"params/batches/{plan}.yaml", "--json",
         "--workers", "2", "--outputs", str(outputs)],
        cwd=root, env=os.environ | {"JIXIAO_WORKSPACE": str(root)},
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    memory: list[int] = []
    running: list[int] = []  # without what the page over all runs takes at the end
    descriptors: list[int] = []
    processes: list[int] = []
    watched = psutil.Process(process.pid)
    while True:
        try:
            printed, _ = process.communicate(timeout=EVERY_SECONDS)
            break
        except subprocess.TimeoutExpired:
            with suppress(psutil.Error):
                memory.append(watched.memory_info().rss)
                descriptors.append(watched.num_fds())
                processes.append(len(watched.children(recursive=True)))
                running += [memory[-1]] if processes[-1] else []
    seconds = time.monotonic() - begun
    told = json.loads(printed)
    return _summary(told, seconds, outputs) | {
        "supervisor MB at most": round(max(memory, default=0) / 1e6, 1),
        "KB a run, second half": _slope(running, told["runs"]),
        "descriptors": [min(descriptors, default=0), max(descriptors, default=0)],
        "processes below it at most": max(processes, default=0),
        "left running": _left(root),
    }


# Any JSON of ours: the summary of `jixiao batch --json`.
def _summary(told: dict[str, object], seconds: float, outputs: Path) -> dict[str, object]:
    runs = int(str(told["runs"]))
    times = _times(outputs)
    tenth = max(1, len(times) // 10)
    summary: dict[str, object] = {
        "runs": runs,
        "counts": told["counts"],
        "seconds": round(seconds, 1),
        "milliseconds a run": round(1000 * seconds / runs, 2),
    }
    if times:
        early, late = times[tenth : 2 * tenth], times[-tenth:]
        summary["late / early, median seconds of a run"] = round(
            statistics.median(late) / statistics.median(early), 3
        )
    return summary


def _times(outputs: Path) -> list[float]:
    """Seconds of each run made, in the order they ended, by the newest log."""
    newest = max((outputs / "batches").glob("*.jsonl"))
    lines = (json.loads(line) for line in newest.read_text("utf-8").splitlines())
    return [line["seconds"] for line in lines if line.get("status") == "made"]


def _slope(memory: list[int], runs: int) -> float:
    """Growth of the supervisor's memory over the second half, in KB a run."""
    half = memory[len(memory) // 2 :]
    if len(half) < 2:
        return 0.0
    return round((half[-1] - half[0]) / 1024 / max(1, runs / 2), 3)


def _left(root: Path) -> list[str]:
    """The processes of this workspace that still are, zombies included."""
    found = []
    for process in psutil.process_iter(["cmdline", "status"]):
        with suppress(psutil.Error):
            if process.environ().get("JIXIAO_WORKSPACE") == str(root):
                line = " ".join(process.info["cmdline"] or ())
                found.append(f"{process.info['status']}: {line[-80:]}")
    return found
