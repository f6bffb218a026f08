"""The runs of a batch (批次的各次运行), each checked before any kernel starts."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from jixiao.batch.inputs import Input, collect_own, collect_shared
from jixiao.batch.notebook import Value, check_parameters, known_notebook
from jixiao.batch.order import Order, all_problems
from jixiao.batch.plan import Audience, Target, name_run, plan_target
from jixiao.batch.report import DEPARTMENT, NOTEBOOKS
from jixiao.datum import Json
from jixiao.errors import BadFile, JixiaoError
from jixiao.model import Kind
from jixiao.rubric import open_checklist, rubrics_of
from jixiao.workspace.places import Workspace
from jixiao.workspace.runs import INTERNAL, PUBLIC
from jixiao.workspace.units import UnitYear, load_unit_year

#: Room a run of ours takes on disk: the department's notebook and result, its HTML, its PDF. What a
#: notebook of one's own will print nobody knows.
_BYTES_OF_A_NOTEBOOK, _BYTES_OF_ANOTHER = 2_000_000, 100_000
_BYTES_OF_FORMATS = {"html": 500_000, "pdf": 2_500_000}
_OWN = frozenset(NOTEBOOKS.values())


@dataclass(frozen=True, slots=True)
class Job:
    """One run to make (一次运行): unit, year, key, notebook, its parameters, its run key."""

    unit: str
    year: int
    key: str
    notebook: str
    parameters: tuple[tuple[str, Value], ...]
    run: str
    audience: Audience = "internal"

    def folder(self, outputs: Path) -> Path:
        """Where the run lies when it is done."""
        return outputs / self.unit / str(self.year) / self.key / self.run

    @property
    def name(self) -> str:
        """Unit, year and key, for messages."""
        return name_run(self.unit, self.year, self.key, self.audience)

    def as_json(self) -> dict[str, Json]:
        """Serialise for a worker."""
        return {
            "unit": self.unit,
            "year": self.year,
            "key": self.key,
            "notebook": self.notebook,
            "parameters": dict(self.parameters),
            "audience": self.audience,
        }


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch that was found in order (已核对的批次): its runs, and who has not filed."""

    order: Order
    jobs: tuple[Job, ...]
    absent: tuple[tuple[str, int], ...]


def plan_batch(workspace: Workspace, order: Order, outputs: Path) -> Batch:
    """Check everything a batch rests on, and list its runs.

    Raises
    ------
    BadFile : ``bad-batch``, with all that is wrong: units' files, filings, rule books, notebooks,
        parameters, room on the disk.
    """
    problems: list[JixiaoError] = list(_problems_of_house(workspace, order))
    jobs: list[Job] = []
    absent: list[tuple[str, int]] = []
    shared = collect_shared(workspace)
    ruled: set[tuple[object, ...]] = set()
    for unit in order.units:
        for year in order.years:
            if not workspace.has_year(unit, year):
                absent.append((unit, year))
                continue
            try:
                unit_year = load_unit_year(workspace, unit, year)
                books = (year, *sorted(unit_year.rubrics.items()))
                if books not in ruled:  # others of the year are judged by the same ones
                    rubrics_of(workspace, unit_year)
                    ruled.add(books)
                jobs += _jobs_of(workspace, order, unit_year, outputs, shared)
            except JixiaoError as error:
                problems.append(error)
    if not jobs and not problems:
        problems.append(_nothing(order))
    if room := _lack_of_room(outputs, _missing(jobs, outputs), order.formats):
        problems.append(room)
    if problems:
        raise all_problems(list({str(problem): problem for problem in problems}.values()))
    return Batch(order, tuple(jobs), tuple(absent))


def _problems_of_house(workspace: Workspace, order: Order) -> Iterator[JixiaoError]:
    for stem in order.notebooks:
        name = f"{stem}.ipynb"
        try:
            known = known_notebook(workspace.notebooks / name)
            given = _given(order, name, "x", order.years[0], "", "")
            check_parameters(known.declared, given, where=f"notebooks/{name}")
        except JixiaoError as error:
            yield error
    try:
        open_checklist(workspace)
    except JixiaoError as error:
        yield error


def _jobs_of(
    workspace: Workspace,
    order: Order,
    unit_year: UnitYear,
    outputs: Path,
    shared: tuple[Input, ...],
) -> Iterator[Job]:
    common = (*shared, *collect_own(workspace, unit_year))
    unit, year = unit_year.unit, unit_year.year
    for stem in order.notebooks:
        name = f"{stem}.ipynb"
        for key, kind in _keys(unit_year, stem):
            rubric = unit_year.rubrics.get(kind, "") if kind else ""
            given = _given(order, name, unit, year, key if kind == "project" else "", rubric)
            for audience in _audiences(workspace, order, name):
                is_told = kind or audience == PUBLIC
                told = given | {"audience": audience} if is_told else given
                target = Target(key, name, told, order.formats, audience)
                plan = plan_target(workspace, unit_year, target, outputs, common)
                yield Job(unit, year, key, name, tuple(sorted(told.items())), plan.run, audience)


def _audiences(workspace: Workspace, order: Order, name: str) -> tuple[Audience, ...]:
    """Give the audiences of a notebook; one that is not told its audience cannot mask."""
    declared = known_notebook(workspace.notebooks / name).declared
    if PUBLIC in order.audiences and "audience" not in {given.name for given in declared}:
        raise BadFile(
            "notebook-audience",
            "没有参数 audience，做不出公开版",
            where=f"notebooks/{name}",
            expected="声明 audience: str，并交给 open_filing(unit, year, audience=audience)",
            action="请加上这个参数，或把它放进没有 public 的计划",
        )
    return order.audiences


def _keys(unit_year: UnitYear, stem: str) -> Iterator[tuple[str, Kind | None]]:
    """The keys a notebook makes: of our own, the evaluations it is for; of another, one."""
    name = f"{stem}.ipynb"
    if name == NOTEBOOKS["department"]:
        if unit_year.has_department:
            yield DEPARTMENT, "department"
    elif name == NOTEBOOKS["project"]:
        for project in unit_year.projects:
            yield project.id, "project"
    else:
        yield stem.lower().replace("_", "-"), None


def _given(
    order: Order, notebook: str, unit: str, year: int, project: str, rubric: str
) -> dict[str, Value]:
    own: dict[str, Value] = {"unit": unit, "year": year}
    if notebook in _OWN:
        return own | {"project": project, "rubric": rubric, "audience": INTERNAL}
    return own | dict(order.parameters)


def _nothing(order: Order) -> BadFile:
    years = "、".join(map(str, order.years))
    return BadFile(
        "batch-empty",
        "没有可运行的",
        where=f"批次 {order.name}",
        expected=f"至少一个单位在 {years} 年度登记了材料",
        action="请用 jixiao doctor 看谁已报送，或改正 years",
    )


def _missing(jobs: list[Job], outputs: Path) -> list[Job]:
    return [job for job in jobs if not job.folder(outputs).exists()]


def _lack_of_room(outputs: Path, jobs: list[Job], formats: tuple[str, ...]) -> BadFile | None:
    """Whether the disk has no room even for what one batch of this size usually takes."""
    existing = next(path for path in (outputs, *outputs.parents) if path.exists())
    free = shutil.disk_usage(existing).free
    printed = sum(_BYTES_OF_FORMATS[name] for name in formats)
    needed = sum(
        printed + (_BYTES_OF_A_NOTEBOOK if job.notebook in _OWN else _BYTES_OF_ANOTHER)
        for job in jobs
    )
    if free >= needed:
        return None
    return BadFile(
        "disk-room",
        f"磁盘只剩 {free // 1_000_000} MB",
        where=str(outputs),
        expected=f"约 {needed // 1_000_000} MB（{len(jobs)} 次运行）",
        action="请腾出空间，或用 --outputs 换一个目录，或分批运行",
    )
