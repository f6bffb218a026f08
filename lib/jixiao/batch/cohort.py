"""The run of a comparison (横向比较的运行): like any run, but over the results of others.

It lies at ``outputs/cohort_review/<year>/<kind>/<run>/``; its key is made of the result of every
run it reads, so that it is made again when one of them is.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from jixiao.batch.inputs import Input, collect_inputs_of_cohort
from jixiao.batch.notebook import Value, check_parameters, known_notebook
from jixiao.batch.plan import FORMATS, RunPlan
from jixiao.errors import UnknownName
from jixiao.importers.results import KINDS, no_results, runs_until
from jixiao.rubric import open_checklist
from jixiao.workspace.places import Workspace
from jixiao.workspace.runs import COHORT

NOTEBOOK = "cohort_review.ipynb"
_UNDER = "-under-"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be compared (比较范围): year, kind, and the unit at the top, "" for all."""

    year: int
    kind: str
    under: str

    @property
    def key(self) -> str:
        """Its folder's name: ``department``, ``project-under-hunan-finance``."""
        return f"{self.kind}{_UNDER}{self.under}" if self.under else self.kind


def is_key_of_cohort(name: str) -> bool:
    """Tell whether a folder is one that `Wanted.key` names."""
    return name.partition(_UNDER)[0] in KINDS


def title_of_cohort(key: str) -> str:
    """Name a comparison for people.

    >>> title_of_cohort("project-under-hunan-finance")
    '项目支出（hunan-finance 及其下级）'
    """
    kind, _, under = key.partition(_UNDER)
    return f"{KINDS[kind]}（{under} 及其下级）" if under else KINDS[kind]


def plan_cohort(
    workspace: Workspace,
    wanted: Wanted,
    formats: tuple[str, ...] = FORMATS,
    outputs: Path | None = None,
) -> RunPlan:
    """Plan a comparison; everything a person can have mistyped is found here.

    Raises
    ------
    UnknownName : unit, kind or format.
    BadFile : nothing to compare; a mistake in the notebook, the register or the checklist.
    """
    for name in formats:
        if name not in FORMATS:
            raise UnknownName.among("unknown-format", "格式", name, FORMATS)
    place = (outputs or workspace.outputs).absolute()
    parameters: dict[str, Value] = {
        "kind": wanted.kind,
        "under": wanted.under,
        "year": wanted.year,
    }

    def collect() -> tuple[Input, ...]:
        known = known_notebook(workspace.notebooks / NOTEBOOK)
        check_parameters(known.declared, parameters)
        runs = runs_until(workspace, place, wanted.year, wanted.kind, wanted.under)
        if not any(int(run.folder.parts[-3]) == wanted.year for run in runs):
            raise no_results(place, wanted.year, wanted.kind)
        return collect_inputs_of_cohort(workspace, runs, NOTEBOOK, known.sha256)

    inputs = collect()
    open_checklist(workspace)
    return RunPlan(
        workspace=workspace,
        unit=COHORT,
        year=wanted.year,
        key=wanted.key,
        notebook=NOTEBOOK,
        parameters=parameters,
        formats=tuple(name for name in FORMATS if name in formats),
        audience="internal",
        inputs=inputs,
        outputs=place,
        collect=collect,
    )
