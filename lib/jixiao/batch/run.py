"""One run (运行): executed, rendered, committed whole.

Two attempts at one run write the same bytes; what is there and whole is not run again.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from nbformat import NotebookNode

from jixiao import publish
from jixiao.batch.ahead import start_ahead
from jixiao.batch.engine import (
    DEFAULT_LIMITS,
    ENGINE,
    KERNEL,
    Limits,
    NotebookStopped,
    Watch,
    register,
)
from jixiao.batch.failure import keep_failure, stopped
from jixiao.batch.folders import (
    commit_run,
    damage_of,
    first_difference,
    make_current,
    manifest_bytes,
    set_aside,
)
from jixiao.batch.notebook import normalise, read_notebook
from jixiao.batch.plan import RunPlan, changed_inputs
from jixiao.batch.publishing import refusal_of
from jixiao.errors import JixiaoError, RunFailed
from jixiao.kernels.loaded import loaded_by_process
from jixiao.workspace.runs import MANIFEST, PUBLIC

Status: TypeAlias = Literal["made", "unchanged", "confirmed", "repaired"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a run (运行结果).

    ``unchanged``: it was there and whole. ``confirmed``: it was there, and running again gave
    the same bytes. ``repaired``: what was there was damaged; ``note`` says how.
    """

    plan: RunPlan
    status: Status
    folder: Path
    note: str = ""


def execute(
    plan: RunPlan,
    *,
    force: bool = False,
    limits: Limits = DEFAULT_LIMITS,
    watch: Watch | None = None,
    thorough: bool = True,
    more: bool = False,
) -> Outcome:
    """Execute a run, unless it is there and whole; commit it, and let its pointer lead to it.

    Parameters
    ----------
    force : run although it is there, and compare every file.
    watch : called before each cell; see `jixiao.batch.engine.Watch`.
    thorough : hash every file of a run that is there; without it, their names and sizes are held
        against the manifest, which costs a thousandth.
    more : another run follows; its kernel starts while this one's report is printed.

    Raises
    ------
    RunFailed : a cell failed, the kernel died, time ran out, the result is missing, rendering
        failed, ``inputs-changed``, ``not-publishable`` or ``not-reproducible``. ``failed-<run>`` then holds what there
        is.
    JixiaoError : ``cannot-write``.
    """
    loaded_by_process()
    folder = plan.folder
    damage = None
    if folder.exists():
        damage = damage_of(folder, plan.decided, plan.run, thorough=thorough)
    if folder.exists() and damage is None and not force:
        make_current(folder, plan.audience)
        return Outcome(plan, "unchanged", folder)
    nb = _run_notebook(plan, limits, watch)
    if more:
        start_ahead(plan.workspace.root, plan.outputs)
    files = _render(plan, nb)
    if changed := _changed(plan):
        raise keep_failure(plan, nb, changed)
    if plan.audience == PUBLIC and (refused := refusal_of(plan, files)):
        raise keep_failure(plan, nb, refused)
    note = f"原有运行已损坏（{damage}），移至 {set_aside(folder).name}" if damage else ""
    there = _commit(folder, files)
    if there and (differing := first_difference(folder, files)):
        raise keep_failure(plan, nb, _not_reproducible(plan, differing))
    make_current(folder, plan.audience)
    return Outcome(plan, "repaired" if damage else "confirmed" if there else "made", folder, note)


def _changed(plan: RunPlan) -> RunFailed | None:
    """Say which inputs were edited meanwhile: the run was made neither of the old nor the new."""
    try:
        names = changed_inputs(plan)
    except JixiaoError as error:
        names = (error.where or error.what,)
    if changed := loaded_by_process().changed():
        names = (*names, changed.name)
    if not names:
        return None
    return RunFailed(
        "inputs-changed",
        f"运行期间改动了 {'、'.join(names)}",
        where=plan.name,
        expected="运行期间输入不变",
        action="请再运行一次",
    )


def _run_notebook(plan: RunPlan, limits: Limits, watch: Watch | None) -> NotebookNode:
    """Run the notebook by papermill with our engine; its state is honest.

    papermill injects the parameters and calls the engine; its own `execute_notebook` around the
    two would serialise the whole notebook twice, for files that nobody asked for (0.1 s).
    """
    from papermill.engines import papermill_engines  # 0.4 s, not needed by a run that is there
    from papermill.parameterize import parameterize_notebook

    register()
    nb = read_notebook(plan.workspace.notebooks / plan.notebook)
    nb.metadata["papermill"] = NotebookNode()
    for cell in nb.cells:
        cell.metadata.setdefault("tags", [])
    nb = parameterize_notebook(
        nb,
        dict(plan.parameters),
        kernel_name=KERNEL,
        language="python",
        engine_name=ENGINE,
    )
    try:
        done: NotebookNode = papermill_engines.execute_notebook_with_engine(
            ENGINE,
            nb,
            kernel_name=KERNEL,
            limits=limits,
            workspace=plan.workspace.root,
            outputs=plan.outputs,
            watch=watch,
        )
    except NotebookStopped as stop:
        raise stopped(plan, stop) from stop
    return normalise(done, plan.workspace.root)


def _render(plan: RunPlan, nb: NotebookNode) -> dict[str, bytes]:
    """Give the bytes of every file of the run."""
    try:
        files = {
            "report.ipynb": publish.notebook_bytes(nb),
            "result.json": publish.json_bytes(publish.result_of(nb)),
        }
        document = publish.compose(nb) if plan.formats else None
        if "html" in plan.formats:
            files["report.html"] = publish.render_html(nb, document)
        if "pdf" in plan.formats:
            files["report.pdf"] = publish.render_pdf(nb, files["report.ipynb"], document)
    except JixiaoError as error:
        told = RunFailed(
            error.code,
            error.what,
            where=error.where or plan.name,
            expected=error.expected,
            action=error.action,
        )
        raise keep_failure(plan, nb, told) from error
    except Exception as error:
        # The job's boundary: whatever a renderer raises, the notebook is kept.
        told = RunFailed(
            "render-failed",
            f"排版时出错（{type(error).__name__}: {error}）",
            where=plan.name,
            action="请把 failed 目录中的 report.ipynb 交给维护人员",
        )
        raise keep_failure(plan, nb, told) from error
    files[MANIFEST] = manifest_bytes(plan.decided, plan.run, files)
    return files


def _commit(folder: Path, files: dict[str, bytes]) -> bool:
    """Commit the run; tell whether it was there, perhaps made by another process meanwhile."""
    if folder.exists():
        return True
    try:
        commit_run(folder, files)
    except FileExistsError:
        return True
    return False


def _not_reproducible(plan: RunPlan, differing: str) -> RunFailed:
    return RunFailed(
        "not-reproducible",
        f"再次运行得到的 {differing} 与原有的不同",
        where=plan.name,
        expected="逐字节相同",
        action="原有运行保留不动；请检查笔记本是否用了时间、随机数或无序的集合",
    )
