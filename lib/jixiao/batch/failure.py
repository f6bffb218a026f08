"""A run that did not reach its end (运行失败): what is kept of it, and how it is told."""

from __future__ import annotations

import traceback
from contextlib import suppress

from nbformat import NotebookNode

from jixiao.batch.engine import NotebookStopped
from jixiao.batch.folders import commit_failure
from jixiao.batch.notebook import normalise, scrub, without_colours
from jixiao.batch.plan import RunPlan
from jixiao.datum import Json
from jixiao.errors import JixiaoError, RunFailed
from jixiao.publish import json_bytes, notebook_bytes

SCHEMA = "jixiao.failure/1"
_REASONS = {
    "cell-failed": ("第 {} 个单元格出错", "请在 JupyterLab 中用同样的参数重现"),
    "kernel-died": (
        "运行第 {} 个单元格时内核中途退出",
        "常见原因是内存不足；请减少同时运行的任务后再试",
    ),
    "cell-timeout": ("第 {} 个单元格超过时限", "请检查它是否停不下来"),
    "run-timeout": ("运行到第 {} 个单元格时，整个笔记本超过时限", "请检查哪个单元格太慢"),
    "output-too-large": ("第 {} 个单元格输出过多", "请检查它是否在循环中打印"),
}
_MEMORY = "请放宽计划中的 limits.memory，或检查这一格为何要这么多内存"


def stopped(plan: RunPlan, stop: NotebookStopped) -> RunFailed:
    """Keep a notebook that stopped, as far as it came, and give the error to raise."""
    nb = normalise(stop.nb, plan.workspace.root)
    if stop.index is None:
        error = RunFailed(
            stop.code, "内核没有启动", where=plan.name, action="请运行 jixiao doctor 检查环境"
        )
    else:
        what, action = _REASONS[stop.code]
        said = _error_of(nb, stop.index) if stop.state != "timed_out" else None  # of our making
        detail = f"（{said['name']}: {said['value']}）" if said else ""
        if said and said["name"] == "MemoryError":
            detail, action = "（内存不足）", _MEMORY
        error = RunFailed(
            stop.code,
            f"{what.format(stop.index + 1)}{detail}",
            where=plan.name,
            action=f"{action}；已运行的部分存于 {plan.failed_folder.name}",
        )
    return keep_failure(plan, nb, error, stop.index)


def keep_failure(
    plan: RunPlan, nb: NotebookNode, error: RunFailed, index: int | None = None
) -> RunFailed:
    """Write ``failed-<run>/`` and give the error back."""
    cell: Json = None
    if index is not None:
        state = str(nb.cells[index].metadata.jixiao.state)
        cell = {"number": index + 1, "id": str(nb.cells[index].id), "state": state}
    said = _error_of(nb, index)
    told: dict[str, Json] = {
        "schema": SCHEMA,
        "run": plan.run,
        "code": error.code,
        "message": str(error),
        "cell": cell,
        "error": dict(said) if said else None,
        "traceback": _traceback_of(nb, index),
    }
    files = {
        "report.ipynb": notebook_bytes(nb),
        "failure.json": json_bytes({**plan.decided, **told}),
    }
    try:
        commit_failure(plan.folder, files)
    except JixiaoError as unwritten:
        action = f"{error.action}；失败的运行也没有存下（{unwritten.what}）".lstrip("；")
        return RunFailed(
            error.code, error.what, where=error.where, expected=error.expected, action=action
        )
    return error


def keep_fault(plan: RunPlan | None, fault: Exception) -> RunFailed:
    """Write down a fault of the program's own, with its traceback, and give the error to tell."""
    error = RunFailed(
        "internal-fault",
        f"程序内部出错（{type(fault).__name__}: {fault}）",
        where=plan.name if plan else "",
        action="请交给维护人员；其余各份不受影响",
    )
    if plan is not None:
        lines: list[Json] = [
            scrub(line, plan.workspace.root)
            for part in traceback.format_exception(fault)
            for line in part.splitlines()
        ]
        told: dict[str, Json] = {
            "schema": SCHEMA,
            "run": plan.run,
            "code": error.code,
            "message": str(error),
            "cell": None,
            "error": {"name": type(fault).__name__, "value": str(fault)},
            "traceback": lines,
        }
        with suppress(JixiaoError):
            commit_failure(plan.folder, {"failure.json": json_bytes({**plan.decided, **told})})
            action = f"详情已写入 {plan.failed_folder / 'failure.json'}，请把它交给维护人员；其余各份不受影响"
            return RunFailed(error.code, error.what, where=error.where, action=action)
    return error


def _error_of(nb: NotebookNode, index: int | None) -> dict[str, str] | None:
    for output in _outputs_of(nb, index):
        if output.output_type == "error":
            return {"name": str(output.ename), "value": without_colours(str(output.evalue))}
    return None


def _traceback_of(nb: NotebookNode, index: int | None) -> list[Json]:
    return [
        without_colours(line)
        for output in _outputs_of(nb, index)
        if output.output_type == "error"
        for part in output.traceback
        for line in str(part).splitlines()
    ]


def _outputs_of(nb: NotebookNode, index: int | None) -> list[NotebookNode]:
    return [] if index is None else list(nb.cells[index].get("outputs", []))
