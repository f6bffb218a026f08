"""A warm process that makes reports and says how long each took: ``python -m benchmarks.warm MODE``.

``kernel`` is a worker of ours: papermill, our engine, a kernel forked for each report. ``limit`` is
what no notebook can beat: the same cells one after the other in one warm interpreter, then the same
renderers and the same commit. Lines of JSON come in, one a report, and lines of JSON go out.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from IPython.core.displayhook import CapturingDisplayHook
from IPython.core.interactiveshell import InteractiveShell
from nbformat import NotebookNode

from jixiao.batch import engine, run
from jixiao.batch.ahead import abandon
from jixiao.batch.kernel import kernel_environment, kernel_folder
from jixiao.batch.plan import plan_run
from jixiao.kernels import TEMPLATE, TemplateProcess
from jixiao.workspace.places import Workspace


class LimitEngine(engine.JixiaoEngine):
    """Runs the cells in this very process, and keeps how long they took."""

    seconds = 0.0

    # Any: what papermill passes to any engine.
    @classmethod
    def execute_notebook(cls, nb: NotebookNode, kernel_name: str, **given: Any) -> NotebookNode:
        """Run the cells in place."""
        engine.strip_papermill(nb)
        shell = InteractiveShell.instance()
        cls.seconds = 0.0
        count = 0
        for cell in nb.cells:
            cell.metadata.setdefault("jixiao", NotebookNode())["state"] = "done"
            if cell.cell_type != "code":
                continue
            count += 1
            shown: list[dict[str, Any]] = []
            shell.display_trap.hook = CapturingDisplayHook(shell=shell, outputs=shown)
            begun = time.perf_counter()
            done = shell.run_cell(cell.source, store_history=False)
            cls.seconds += time.perf_counter() - begun
            done.raise_error()
            cell.execution_count = count
            cell.outputs = [_output(bundle, count) for bundle in shown]
        nb.metadata.setdefault("jixiao", NotebookNode())["state"] = "done"
        return nb


def _output(shown: dict[str, Any], count: int) -> NotebookNode:
    output = NotebookNode(output_type="execute_result", metadata=dict(shown["metadata"] or {}))
    output.execution_count = count
    dict.__setitem__(output, "data", json.loads(json.dumps(shown["data"])))
    return output


def serve(mode: str, workspace: Path) -> None:
    """Make one report a line."""
    place = Workspace(workspace)
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    print(json.dumps({"ready": True}), file=answers, flush=True)
    for line in sys.stdin:
        job = json.loads(line)
        begun = time.perf_counter()
        plan = plan_run(
            place, job["unit"], job["year"], job["key"], job["notebook"], job["parameters"],
            ("html", "pdf"), job["audience"], outputs=Path(job["outputs"]),
        )  # fmt: skip
        outcome = run.execute(plan, more=mode == "kernel")
        answer = {
            "seconds": time.perf_counter() - begun,
            "cells": LimitEngine.seconds,
            "status": outcome.status,
            "folder": str(outcome.folder),
        }
        print(json.dumps(answer), file=answers, flush=True)


def main(mode: str, workspace: Path) -> None:
    """Serve in one of the two ways."""
    os.environ["JIXIAO_WORKSPACE"] = str(workspace)
    with kernel_folder() as folder:
        environment = kernel_environment(workspace, folder)
        if mode == "limit":
            for name in ("MPLBACKEND", "MPLCONFIGDIR", "PYTHONHASHSEED", "TZ"):
                os.environ[name] = environment[name]
            os.chdir(workspace / "notebooks")
            from jixiao.kernels.warmth import warm

            warm()
            engine.JixiaoEngine = LimitEngine  # type: ignore[misc, assignment]
            serve(mode, workspace)
            return
        template = TemplateProcess(environment)
        os.environ[TEMPLATE] = str(template.ensure())
        try:
            serve(mode, workspace)
        finally:
            abandon()
            template.stop()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
