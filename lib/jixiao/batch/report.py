"""The runs of one unit and year (报告): the department's, and each project's."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from jixiao.batch.notebook import Value
from jixiao.batch.plan import FORMATS, Audience, RunPlan, plan_run
from jixiao.importers.opening import read_filing
from jixiao.model import Kind
from jixiao.rubric import open_checklist, rubrics_of
from jixiao.workspace.places import Workspace
from jixiao.workspace.units import load_unit_year

DEPARTMENT = "department"
NOTEBOOKS: Mapping[Kind, str] = {
    "department": "department_evaluation.ipynb",
    "project": "project_evaluation.ipynb",
}


def plan_report(
    workspace: Workspace,
    unit: str,
    year: int,
    *,
    project: str | None = None,
    formats: tuple[str, ...] = FORMATS,
    audience: Audience = "internal",
    outputs: Path | None = None,
) -> tuple[RunPlan, ...]:
    """Plan the department's run, where the filing has one, and one for each project.

    The rule books and the checklist are read here too, so that a mistake in them is found before
    a kernel starts. A project that the unit's YAML file does not list keeps the key ``project-N``.

    Parameters
    ----------
    project : only this project, by its id.

    Raises
    ------
    UnknownName : unit, year, project or format.
    BadFile : see `plan_run` and `read_filing`.
    """
    unit_year = load_unit_year(workspace, unit, year)
    filing = read_filing(unit_year)
    rubrics_of(workspace, unit_year)
    open_checklist(workspace)
    filed = tuple(evaluation.key for evaluation in filing.evaluations)
    if project is not None and project not in filed:
        unit_year.project(project)
    keys = filed if project is None else (project,)
    plans: list[RunPlan] = []
    for key in keys:
        kind: Kind = "department" if key == DEPARTMENT else "project"
        parameters: dict[str, Value] = {
            "unit": unit,
            "year": year,
            "project": "" if key == DEPARTMENT else key,
            "rubric": unit_year.rubrics.get(kind, ""),
            "audience": audience,
        }
        plans.append(
            plan_run(
                workspace, unit, year, key, NOTEBOOKS[kind], parameters, formats, audience, outputs
            )
        )
    return tuple(plans)
