"""What a unit filed for one year (单位年度): ``params/units/<unit>/<year>.yaml``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from jixiao.errors import BadFile, UnknownName
from jixiao.model import Kind
from jixiao.workspace.files import digest
from jixiao.workspace.places import Workspace
from jixiao.workspace.roster import Unit, id_of, load_roster
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
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class FiledDocument:
    """One document as received, with the sha256 it had."""

    path: Path
    sha256: str


@dataclass(frozen=True, slots=True)
class Project:
    """A project of the unit's (项目): its id, and its name as the filing words it."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class UnitYear:
    """What one unit filed for one year (单位年度).

    ``rubrics`` fixes a rule book for a kind of evaluation; a kind left out takes the one in
    force. ``text`` is the YAML file as it stands.
    """

    unit: str
    year: int
    name: str
    documents: tuple[FiledDocument, ...]
    projects: tuple[Project, ...]
    rubrics: Mapping[Kind, str]
    path: Path
    text: str

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
    years = workspace.years(unit)
    if year not in years:
        raise UnknownName.among("unknown-year", "年度", str(year), tuple(map(str, years)))
    path = workspace.unit_file(unit, year)
    where = place_of(path)
    text = read_yaml_text(path)
    entry = load_yaml_text(text, where)
    expect_keys(
        entry,
        where,
        required=("unit", "name", "year", "filing", "projects"),
        optional=("rubrics", "corrections", "decisions", "review"),
    )
    _expect_same(entry, "unit", unit, where)
    _expect_same(entry, "year", year, where)
    for key in ("corrections", "decisions", "review"):
        if entry.get(key):
            raise BadFile(
                f"{key}-not-applied",
                f"{key} 尚未实现，不能装作已经采用",
                where=f"{where} 第{entry.lines[key]}行",
                expected="空值",
            )
    registered = next((u for u in load_roster(workspace) if u.id == unit), None)
    if registered is None:
        raise BadFile(
            "unit-not-registered",
            f"单位 “{unit}” 没有登记",
            where="params/units/roster.yaml",
            action=f"请在 units 中加入 id: {unit}",
        )
    folder = workspace.filing_folder(unit, year)
    return UnitYear(
        unit=unit,
        year=year,
        name=_read_name(entry, registered, where),
        documents=_read_documents(entry, folder, where),
        projects=_read_projects(entry, where),
        rubrics=_read_rubrics(entry, where),
        path=path,
        text=text,
    )


def check_documents(unit_year: UnitYear) -> None:
    """Check that every document is there and unchanged.

    Raises
    ------
    BadFile : ``filing-missing`` or ``filing-changed``.
    """
    for document in unit_year.documents:
        where = place_of(document.path)
        if not document.path.is_file():
            raise BadFile(
                "filing-missing",
                "没有这份文件",
                where=where,
                expected=f"{place_of(unit_year.path)} 的 filing 所列的文件",
                action="请把原件放回原处，或修改 filing",
            )
        found = digest(document.path)
        if found != document.sha256:
            raise BadFile(
                "filing-changed",
                f"文件与登记的不同：现在的 sha256 是 {found}",
                where=where,
                expected=f"{document.sha256}（{place_of(unit_year.path)}）",
                action="请放回原件；如确是新收到的文件，请核对后修改 filing 的 sha256",
            )


def open_document(unit_year: UnitYear) -> Path:
    """Give the path of the filing, its sha256 checked.

    Raises
    ------
    BadFile : missing, changed, or ``filing-several``: a year is read from one document.
    """
    if len(unit_year.documents) != 1:
        raise BadFile(
            "filing-several",
            f"列了 {len(unit_year.documents)} 份文件",
            where=f"{place_of(unit_year.path)} 的 filing",
            expected="一份文件",
        )
    check_documents(unit_year)
    return unit_year.documents[0].path


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


def _read_documents(entry: Keyed, folder: Path, where: str) -> tuple[FiledDocument, ...]:
    documents = []
    for filed in mappings_of(entry, "filing", where):
        place = f"{where} 的 filing"
        expect_keys(filed, place, required=("file", "sha256"))
        name = text_of(filed, "file", place)
        if "/" in name or "\\" in name or name.startswith(".") or len(name.encode()) > 200:
            raise BadFile(
                "filing-name",
                f"“{name}”不是文件名",
                where=f"{place} 第{filed.lines['file']}行",
                expected="同一单位、年度目录下的文件名，例如 “filing.docx”",
            )
        sha256 = value_of(filed, "sha256", str, place)
        if not _SHA256.fullmatch(sha256):
            raise BadFile(
                "filing-digest",
                f"“{sha256}”不是 sha256",
                where=f"{place} 第{filed.lines['sha256']}行",
                expected="64 位十六进制小写数字",
            )
        documents.append(FiledDocument(folder / name, sha256))
    return tuple(documents)


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
