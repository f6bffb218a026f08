"""What a unit filed for one year (单位年度): ``params/units/<unit>/<year>.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from jixiao.datum import Datum
from jixiao.errors import BadFile, UnknownName
from jixiao.model import Amendment, Decision, Kind, Published, ReviewedScore
from jixiao.workspace.beside import read_final_accounts, read_published
from jixiao.workspace.corrections import read_corrections
from jixiao.workspace.decisions import read_decisions, read_review
from jixiao.workspace.filed import Edition, FiledDocument, read_documents, read_superseded
from jixiao.workspace.places import Workspace
from jixiao.workspace.roster import Unit, id_of, units_by_id
from jixiao.workspace.yaml_file import (
    Keyed,
    expect_keys,
    load_yaml_text,
    mappings_of,
    optional_of,
    place_of,
    read_yaml_text,
    text_of,
    value_of,
)

KINDS: tuple[Kind, ...] = ("department", "project")


@dataclass(frozen=True, slots=True)
class Project:
    """A project of the unit's (项目): its id, and its name as the filing words it."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class UnitYear:
    """What one unit filed for one year (单位年度).

    ``names`` are all names the roster knows the unit by, and the one under which it filed.
    ``documents`` are those of the edition that counts, ``superseded`` the editions before it.
    ``has_department`` is False where the filing is of projects alone. ``rubrics`` fixes a rule
    book for a kind of evaluation; a kind left out takes the one in force.
    ``text`` is the YAML file as it stands.
    """

    unit: str
    year: int
    name: str
    names: tuple[str, ...]
    documents: tuple[FiledDocument, ...]
    superseded: tuple[Edition, ...]
    amendments: tuple[Amendment, ...]
    decisions: tuple[Decision, ...]
    reviewed: tuple[ReviewedScore, ...]
    projects: tuple[Project, ...]
    has_department: bool
    rubrics: Mapping[Kind, str]
    path: Path
    text: str
    final_accounts: tuple[Datum, ...] = ()
    published: Published | None = None

    @property
    def edition(self) -> int:
        """The number of the edition that counts (版次)."""
        return len(self.superseded) + 1

    def project(self, project_id: str) -> Project:
        """Find a project by id.

        Raises
        ------
        UnknownName : no such project.
        """
        for project in self.projects:
            if project.id == project_id:
                return project
        known = tuple(project.id for project in self.projects)
        raise UnknownName.among("unknown-project", "项目编号", project_id, known)


def load_unit_year(workspace: Workspace, unit: str, year: int) -> UnitYear:
    """Load what a unit filed for a year.

    Raises
    ------
    UnknownName : no such unit, or no such year of the unit.
    BadFile : a mistake in the YAML file or the roster.
    """
    if not workspace.has_year(unit, year):
        years = workspace.years(unit)
        raise UnknownName.among("unknown-year", "年度", str(year), tuple(map(str, years)))
    return parse_unit_year(workspace, unit, year, read_yaml_text(workspace.unit_file(unit, year)))


def parse_unit_year(workspace: Workspace, unit: str, year: int, text: str) -> UnitYear:
    """Read the text of a unit's YAML file, whether or not it stands there already.

    Raises
    ------
    BadFile : a mistake in the text or the roster.
    """
    path = workspace.unit_file(unit, year)
    where = place_of(path)
    entry = load_yaml_text(text, where)
    expect_keys(
        entry,
        where,
        required=("unit", "name", "year", "filing", "projects"),
        optional=(
            *("filed_as", "edition", "superseded", "department"),
            *("rubrics", "corrections", "decisions", "review"),
            *("final_accounts", "published"),
        ),
    )
    _expect_same(entry, "unit", unit, where)
    _expect_same(entry, "year", year, where)
    registered = units_by_id(workspace).get(unit)
    if registered is None:
        raise BadFile(
            "unit-not-registered",
            f"单位 “{unit}” 没有登记",
            where="params/units/roster.yaml",
            action=f"请在 units 中加入 id: {unit}",
        )
    folder = workspace.filing_folder(unit, year)
    documents = read_documents(entry, folder, where)
    if not documents:
        raise BadFile(
            "filing-none",
            "filing 没有列出文件",
            where=f"{where} 第{entry.lines['filing']}行",
            expected="至少一份文件：file 与 sha256",
            action="请用 jixiao intake 登记收到的文件",
        )
    projects = _read_projects(entry, where)
    keys = ("department", *(project.id for project in projects))
    return UnitYear(
        unit=unit,
        year=year,
        name=_read_name(entry, registered, where),
        names=_names(entry, registered, where),
        documents=documents,
        superseded=read_superseded(entry, folder, where),
        amendments=read_corrections(entry, where),
        decisions=read_decisions(entry, where, keys),
        reviewed=read_review(entry, where, keys),
        projects=projects,
        has_department=optional_of(entry, "department", bool, where) is not False,
        rubrics=_read_rubrics(entry, where),
        path=path,
        text=text,
        final_accounts=read_final_accounts(entry, where),
        published=read_published(entry, where),
    )


def _read_name(entry: Keyed, unit: Unit, where: str) -> str:
    name = text_of(entry, "name", where)
    names = tuple(named.name for named in unit.names)
    if name not in names:
        raise BadFile(
            "unit-name",
            f"name “{name}” 与名册不同",
            where=f"{where} 第{entry.lines['name']}行",
            expected=f"名册中的名称之一：{'、'.join(names)}",
            action="请更正，或把新名称登记到 params/units/roster.yaml",
        )
    return name


def _names(entry: Keyed, registered: Unit, where: str) -> tuple[str, ...]:
    filed_as = optional_of(entry, "filed_as", str, where)
    names = tuple(named.name for named in registered.names)
    return (*names, filed_as) if filed_as else names


def _read_projects(entry: Keyed, where: str) -> tuple[Project, ...]:
    projects: list[Project] = []
    for listed in mappings_of(entry, "projects", where):
        place = f"{where} 的 projects"
        expect_keys(listed, place, required=("id", "name"))
        project = Project(id_of(listed, place), text_of(listed, "name", place))
        if project.id in (*KINDS, *(known.id for known in projects)):
            raise BadFile(
                "project-id",
                f"项目编号 “{project.id}” 已被占用",
                where=f"{place} 第{listed.lines['id']}行",
                expected="不重复的编号",
            )
        projects.append(project)
    return tuple(projects)


def _read_rubrics(entry: Keyed, where: str) -> dict[Kind, str]:
    rubrics = optional_of(entry, "rubrics", Keyed, where) or Keyed()
    place = f"{where} 的 rubrics"
    expect_keys(rubrics, place, optional=KINDS)
    chosen = {kind: optional_of(rubrics, kind, str, place) for kind in KINDS}
    return {kind: rubric for kind, rubric in chosen.items() if rubric}


def _expect_same(entry: Keyed, key: str, value: str | int, where: str) -> None:
    found = value_of(entry, key, type(value), where)
    if found != value:
        raise BadFile(
            "unit-file",
            f"{key} 是 “{found}”",
            where=f"{where} 第{entry.lines[key]}行",
            expected=f"与文件所在位置一致的 “{value}”",
        )
