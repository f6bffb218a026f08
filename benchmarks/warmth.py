"""Kernels and batches, warm against cold: ``python -m benchmarks kernels batch``.

- ``kernels``: from nothing to a kernel that has imported what our notebooks use, and its end; ours
  against jupyter_client's own, interleaved.
- ``batch``: a batch of many units by two workers against ``xargs -P2`` of papermill and nbconvert on
  the same notebook.
"""

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from jupyter_client.manager import AsyncKernelManager

from benchmarks.figures import spread
from benchmarks.jobs import Work, list_work, make_province
from benchmarks.rivals import Rival, finish, with_jupyterlab
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
#: Reports of a batch of ours, and of theirs, in a round.
BATCH, THEIRS = 60, 6


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


def measure_batch(rounds: int) -> dict[str, object]:
    """Time a batch of a synthetic province against ``xargs -P2`` of papermill and nbconvert."""
    lab = with_jupyterlab()
    names = ("jixiao batch, 2 workers", "xargs -P2")
    times: dict[str, list[float]] = {name: [] for name in names}
    idle: list[float] = []
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        root = make_province(place / "workspace", BATCH, 13)
        (root / "params/batches/bench.yaml").write_text(
            "units: ['demo-*']\nyears: [2024]\nnotebooks: [department_evaluation]\n"
        )
        work = list_work(root, "department", place)
        for number in range(rounds):
            outputs, few = place / f"ours-{number}", work[THEIRS * number : THEIRS * (number + 1)]
            ours, theirs = (times[name] for name in names)
            ours.append(_seconds(_ours, root, outputs) / len(work))
            idle.append(_seconds(_ours, root, outputs))
            theirs.append(_seconds(_theirs, lab, few, place / f"theirs-{number}") / len(few))
            print(f"round {number + 1}: {[round(v[-1], 2) for v in times.values()]} s a report")
    pairs = zip(theirs, ours, strict=True)
    return {
        "what": "seconds a report, department notebook, start-up of the batch included: both execute "
        "and make HTML and PDF; theirs is papermill, nbconvert html and webpdf with jupyterlab "
        "installed",
        "reports of ours, theirs in a round": [len(work), THEIRS],
        "rounds": rounds,
        "seconds a report": {name: spread(values) for name, values in times.items()},
        "ratio theirs / ours": spread([b / a for b, a in pairs], 1),
        "a whole second batch with nothing to do, seconds": spread(idle),
    }


def _ours(workspace: Path, outputs: Path) -> None:
    plan = workspace / "params/batches/bench.yaml"
    options = ("--workers", "2", "--outputs", str(outputs))
    _run([sys.executable, "-m", "jixiao", "batch", str(plan), *options], workspace)


def _theirs(rival: Rival, work: list[Work], outputs: Path) -> None:
    outputs.mkdir()
    lines = "\0".join(rival.script(one, outputs) for one in work)
    command = ["xargs", "-0", "-P2", "-n1", "sh", "-c"]
    finish(command, rival.environment(work[0].workspace), lines)


def _run(command: list[str], workspace: Path) -> None:
    environment = os.environ | {"JIXIAO_WORKSPACE": str(workspace)}
    finish(command, environment)


def _seconds(work: Callable[..., None], *given: object) -> float:
    start = time.perf_counter()
    work(*given)
    return time.perf_counter() - start
