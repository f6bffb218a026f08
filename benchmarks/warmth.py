"""Kernels and batches, warm against cold: ``python -m benchmarks kernels batch``.

- ``kernels``: from nothing to a kernel that has imported what our notebooks use, and its end; ours
  against jupyter_client's own, interleaved.
- ``batch``: a batch of many units by two workers against ``xargs -P2`` of papermill and nbconvert on
  the same notebook, and against the cells alone in one warm process (the limit).
"""

import asyncio
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from jupyter_client.manager import AsyncKernelManager

from benchmarks.figures import spread
from jixiao.batch.kernel import (
    InterpreterSpecs,
    kernel_environment,
    kernel_folder,
    make_manager,
)
from jixiao.kernels import TEMPLATE, TemplateProcess

ROOT = Path(__file__).parent.parent
IMPORTS = (
    "from jixiao import audit, charts, tables, rubric\n"
    "from jixiao.importers.opening import open_filing\n"
    "import pandas, matplotlib.pyplot"
)
UNIT, YEAR = "ziyang-justice", 2022


def measure_kernels(rounds: int) -> dict[str, object]:
    """Time start to ready, an import cell, and the end, of a warm and of a normal kernel."""
    times: dict[str, list[tuple[float, ...]]] = {"normal": [], "warm": []}
    with kernel_folder() as folder:
        template = TemplateProcess(kernel_environment(ROOT, folder))
        template.ensure()
        for _ in range(rounds):
            for kind, found in times.items():
                found.append(asyncio.run(_one_kernel(template if kind == "warm" else None)))
        template.stop()
    names = ("ready", "imports", "end")
    ratios = [
        sum(normal[:2]) / sum(warm[:2])
        for normal, warm in zip(times["normal"], times["warm"], strict=True)
    ]
    return {
        "what": "milliseconds; normal is jupyter_client's own manager, no template",
        "rounds": rounds,
        "milliseconds": {
            kind: {name: spread([1000 * t[at] for t in found], 1) for at, name in enumerate(names)}
            for kind, found in times.items()
        },
        "ratio normal / warm, ready and imports": spread(ratios, 1),
    }


async def _one_kernel(template: TemplateProcess | None) -> tuple[float, float, float]:
    with kernel_folder() as folder:
        os.environ.pop(TEMPLATE, None)
        begun = time.perf_counter()
        if template is None:
            manager = AsyncKernelManager(
                kernel_spec_manager=InterpreterSpecs(),
                connection_file=str(folder / "kernel.json"),
                transport="ipc",
                ip=str(folder / "channel"),
            )
        else:
            os.environ[TEMPLATE] = str(template.folder)
            manager = make_manager(folder)
        environment = kernel_environment(ROOT, folder)
        await manager.start_kernel(env=environment, cwd=str(ROOT / "notebooks"))
        client = manager.client()
        client.start_channels()
        await client.wait_for_ready(timeout=60)
        ready = time.perf_counter()
        await client.execute_interactive(IMPORTS, timeout=60)
        imported = time.perf_counter()
        client.stop_channels()
        await manager.shutdown_kernel(now=True)
        return ready - begun, imported - ready, time.perf_counter() - imported


def measure_batch(units: int, rounds: int) -> dict[str, object]:
    """Time a batch of the sample under many ids, ours with PDF, theirs with HTML alone."""
    times: dict[str, list[float]] = {"jixiao batch, 2 workers": [], "xargs -P2": []}
    nothing: list[float] = []
    with tempfile.TemporaryDirectory() as name:
        workspace = _province(Path(name) / "workspace", units)
        for number in range(rounds):
            outputs, folder = Path(name) / f"outputs-{number}", Path(name) / f"theirs-{number}"
            few = max(2, units // 4)
            times["jixiao batch, 2 workers"].append(_seconds(_ours, workspace, outputs) / units)
            nothing.append(_seconds(_ours, workspace, outputs))
            times["xargs -P2"].append(_seconds(_theirs, workspace, folder, few) / few)
            print(f"round {number + 1}: {[round(v[-1], 2) for v in times.values()]} s a report")
    pairs = zip(times["xargs -P2"], times["jixiao batch, 2 workers"], strict=True)
    return {
        "what": "seconds a report: ours executes, renders HTML and PDF and commits; theirs executes "
        "by papermill and renders HTML by nbconvert, without PDF",
        "units": units,
        "rounds": rounds,
        "seconds a report": {name: spread(values) for name, values in times.items()},
        "ratio theirs / ours": spread([b / a for b, a in pairs], 1),
        "a whole second batch with nothing to do, seconds": spread(nothing),
    }


def _province(root: Path, units: int) -> Path:
    """The sample filing under many ids, department alone."""
    for part in ("params", "notebooks"):
        shutil.copytree(ROOT / part, root / part)
    shutil.copy(ROOT / "requirements.lock", root)
    filing = (ROOT / "data/filings" / UNIT / str(YEAR) / "filing.txt").read_text("utf-8")
    roster = ["units:"]
    shutil.rmtree(root / "params/units" / UNIT)
    for number in range(units):
        unit = f"bench-{number:04d}"
        content = filing.replace("969.65", f"969.{number % 90 + 10}").encode()
        folder = root / "data/filings" / unit / str(YEAR)
        folder.mkdir(parents=True)
        (folder / "filing.txt").write_bytes(content)
        yaml = root / "params/units" / unit / f"{YEAR}.yaml"
        yaml.parent.mkdir()
        yaml.write_text(
            f"unit: {unit}\nname: 益阳市资阳区司法局\nyear: {YEAR}\nprojects: []\n"
            f"filing: [{{file: filing.txt, sha256: {hashlib.sha256(content).hexdigest()}}}]\n"
        )
        roster.append(
            f"  - {{id: {unit}, names: [{{name: 益阳市资阳区司法局}}], parent: null, "
            "level: county, region: 某省}"
        )
    (root / "params/units/roster.yaml").write_text("\n".join(roster) + "\n")
    plan = "units: ['bench-*']\nyears: [2022]\nnotebooks: [department_evaluation]\n"
    (root / "params/batches/bench.yaml").write_text(plan)
    return root


def _ours(workspace: Path, outputs: Path) -> None:
    plan = workspace / "params/batches/bench.yaml"
    options = ("--workers", "2", "--outputs", str(outputs))
    _run([sys.executable, "-m", "jixiao.cli", "batch", str(plan), *options], workspace)


def _theirs(workspace: Path, outputs: Path, units: int) -> None:
    outputs.mkdir()
    notebook = workspace / "notebooks/department_evaluation.ipynb"
    script = (
        f"{sys.executable} -m papermill {notebook} {outputs}/$0.ipynb -k python3 --cwd "
        f"{notebook.parent} -p unit $0 -p year {YEAR} && "
        f"{sys.executable} -m nbconvert --to html {outputs}/$0.ipynb"
    )
    names = "\n".join(f"bench-{number:04d}" for number in range(units))
    _run(["xargs", "-P2", "-n1", "sh", "-c", script], workspace, names)


def _run(command: list[str], workspace: Path, given: str = "") -> None:
    environment = os.environ | {"JIXIAO_WORKSPACE": str(workspace)}
    subprocess.run(
        command, env=environment, input=given, text=True, check=True, capture_output=True
    )


def _seconds(work: Callable[..., None], *given: object) -> float:
    start = time.perf_counter()
    work(*given)
    return time.perf_counter() - start
