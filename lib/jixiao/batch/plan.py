"""What a run will be (运行计划), settled before a kernel starts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias

from jixiao.batch.inputs import SCHEMA, Input, collect_inputs, unnamed, with_notebook
from jixiao.batch.notebook import Value, check_parameters, known_notebook
from jixiao.datum import Json
from jixiao.errors import UnknownName
from jixiao.workspace.places import Workspace
from jixiao.workspace.runs import POINTERS, PUBLIC, run_key
from jixiao.workspace.units import UnitYear, load_unit_year

Audience: TypeAlias = Literal["internal", "public"]
FORMATS = ("html", "pdf")


@dataclass(frozen=True, slots=True)
class RunPlan:
    """One run before it starts (运行计划): what decides it, and where it will lie.

    ``collect`` gives the inputs as they are now, to be held against those it was planned with.
    """

    workspace: Workspace
    unit: str
    year: int
    key: str
    notebook: str
    parameters: Mapping[str, Value]
    formats: tuple[str, ...]
    audience: Audience
    inputs: tuple[Input, ...]
    outputs: Path
    collect: Callable[[], tuple[Input, ...]] = field(compare=False, repr=False)
    edition: int = 1

    @property
    def decided(self) -> dict[str, Json]:
        """Everything that decides the run, as ``manifest.json`` records it."""
        return {
            "schema": SCHEMA,
            "key": self.key,
            "unit": self.unit,
            "year": self.year,
            "notebook": self.notebook,
            "audience": self.audience,
            "formats": list(self.formats),
            "parameters": dict(self.parameters),
            "inputs": [item.as_json() for item in self.inputs],
            **({"edition": self.edition} if self.edition > 1 else {}),
        }

    @property
    def run(self) -> str:
        """The run key's 12 hexadecimal digits."""
        return run_key(self.decided)

    @property
    def folder(self) -> Path:
        """Where the run lies when it is done."""
        return self.outputs / self.unit / str(self.year) / self.key / self.run

    @property
    def failed_folder(self) -> Path:
        """Where the run lies if it fails."""
        return self.folder.with_name(f"failed-{self.run}")

    @property
    def name(self) -> str:
        """Unit, year and key, for messages."""
        return name_run(self.unit, self.year, self.key, self.audience)

    @property
    def pointer(self) -> Path:
        """What points to the run that counts for its audience."""
        return self.folder.with_name(POINTERS[self.audience])


def name_run(unit: str, year: int, key: str, audience: str) -> str:
    """Name a run for messages.

    >>> name_run("ziyang-justice", 2022, "department", "public")
    'ziyang-justice 2022 department（公开版）'
    """
    return f"{unit} {year} {key}{'（公开版）' if audience == PUBLIC else ''}"


def plan_run(
    workspace: Workspace,
    unit: str,
    year: int,
    key: str,
    notebook: str,
    parameters: Mapping[str, Value],
    formats: tuple[str, ...] = FORMATS,
    audience: Audience = "internal",
    outputs: Path | None = None,
) -> RunPlan:
    """Plan one run; everything a person can have mistyped is found here.

    Raises
    ------
    UnknownName : unit, year, format or parameter.
    BadFile : filing missing or changed, a mistake in a YAML file or the notebook.
    """
    for name in formats:
        if name not in FORMATS:
            raise UnknownName.among("unknown-format", "格式", name, FORMATS)
    target = Target(key, notebook, dict(parameters), tuple(formats), audience)
    place = (outputs or workspace.outputs).absolute()
    return plan_target(workspace, load_unit_year(workspace, unit, year), target, place)


@dataclass(frozen=True, slots=True)
class Target:
    """What a run is to make of a unit's year (目标): key, notebook, parameters, formats, audience."""

    key: str
    notebook: str
    parameters: Mapping[str, Value]
    formats: tuple[str, ...]
    audience: Audience = "internal"


def plan_target(
    workspace: Workspace,
    unit_year: UnitYear,
    target: Target,
    outputs: Path,
    common: tuple[Input, ...] | None = None,
) -> RunPlan:
    """Plan one run of a unit's year that has been read.

    Parameters
    ----------
    common : the inputs it shares with other runs, where they were collected a moment ago.

    Raises
    ------
    UnknownName, BadFile : as `plan_run`.
    """
    known = known_notebook(workspace.notebooks / target.notebook)
    check_parameters(known.declared, target.parameters)
    unit, year = unit_year.unit, unit_year.year

    def collect() -> tuple[Input, ...]:
        notebook = known_notebook(workspace.notebooks / target.notebook)
        again = load_unit_year(workspace, unit, year)
        inputs = collect_inputs(workspace, again, target.notebook, notebook.sha256)
        return unnamed(inputs) if target.audience == PUBLIC else inputs

    if common is None:
        inputs = collect_inputs(workspace, unit_year, target.notebook, known.sha256)
    else:
        inputs = with_notebook(common, target.notebook, known.sha256)
    return RunPlan(
        workspace=workspace,
        unit=unit,
        year=year,
        key=target.key,
        notebook=target.notebook,
        parameters=dict(sorted(target.parameters.items())),
        formats=tuple(name for name in FORMATS if name in target.formats),
        audience=target.audience,
        inputs=unnamed(inputs) if target.audience == PUBLIC else inputs,
        outputs=outputs,
        collect=collect,
        edition=unit_year.edition,
    )


def changed_inputs(plan: RunPlan) -> tuple[str, ...]:
    """Name the inputs that are no longer what they were when the run was planned."""
    different = set(plan.collect()) ^ set(plan.inputs)
    return tuple(sorted({item.name for item in different}))
