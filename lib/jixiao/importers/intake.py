"""Taking in what a unit sent (收件): read it, hold it against the register, store it.

Nothing is stored before everything is checked. What a person must decide (another name, another
year, a second filing) is asked, never assumed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from jixiao.errors import BadFile, UnknownName
from jixiao.importers.cells import squeeze
from jixiao.importers.documents import Received
from jixiao.importers.folder import receive
from jixiao.importers.safely import read_received_safely
from jixiao.model import Filing
from jixiao.workspace.files import digest_bytes
from jixiao.workspace.places import Workspace
from jixiao.workspace.register import Arrival, Entry, register
from jixiao.workspace.roster import Unit, load_roster, unit_named, units_named_like
from jixiao.workspace.units import Project, UnitYear, load_unit_year

#: Asks a person a question to be answered by yes or no.
Ask = Callable[[str], bool]
_PROJECT = re.compile(r"project-([0-9]+)")


@dataclass(frozen=True, slots=True)
class Sent:
    """What is taken in (来件): the file or folder, whose it is, for which year, why it comes again."""

    path: Path
    unit: str
    year: int
    reason: str
    on: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of it (收件结果): the filing as read, the unit's year, whether anything was new."""

    filing: Filing
    unit_year: UnitYear
    is_new: bool


def take_in(workspace: Workspace, sent: Sent, ask: Ask) -> Receipt:
    """Read, check and store a filing.

    Parameters
    ----------
    ask : called where the filing names another unit or year than was said.

    Raises
    ------
    UnknownName : the unit is not registered.
    BadFile : a file that cannot be read; another unit's filing; a second filing without a reason.
    """
    unit = _registered(workspace, sent.unit)
    files = receive(sent.path)
    filing = read_received_safely(files)
    old = _old(workspace, sent)
    if old and _same(old, files):
        return Receipt(filing, old, is_new=False)
    _expect_other_edition(old, files, sent)
    _expect_year(filing, sent, ask)
    filed_as = _accepted_name(workspace, unit, filing, sent, ask)
    entry = Entry(
        unit=sent.unit,
        name=unit.name_in(sent.year),
        year=sent.year,
        arrivals=_arrivals(files, filing),
        projects=_projects(workspace, filing, sent),
        has_department=filing.base_data is not None
        or any(evaluation.kind == "department" for evaluation in filing.evaluations),
        filed_as=filed_as,
        reason=sent.reason,
        on=sent.on,
    )
    return Receipt(filing, register(workspace, entry), is_new=True)


def _registered(workspace: Workspace, unit_id: str) -> Unit:
    units = load_roster(workspace)
    found = next((unit for unit in units if unit.id == unit_id), None)
    if found is None:
        raise UnknownName(
            "unknown-unit",
            f"没有登记单位编号 “{unit_id}”",
            where="params/units/roster.yaml",
            expected=f"已登记的之一：{'、'.join(unit.id for unit in units) or '（尚无）'}",
            action="新单位请先登记到这个文件",
        )
    return found


def _old(workspace: Workspace, sent: Sent) -> UnitYear | None:
    if not workspace.unit_file(sent.unit, sent.year).is_file():
        return None
    return load_unit_year(workspace, sent.unit, sent.year)


def _same(old: UnitYear, files: tuple[Received, ...]) -> bool:
    found = {digest_bytes(received.content) for received in files}
    return found == {document.sha256 for document in old.documents}


def _expect_other_edition(old: UnitYear | None, files: tuple[Received, ...], sent: Sent) -> None:
    if old is None:
        return
    where = f"{sent.unit} {sent.year}"
    found = {digest_bytes(received.content) for received in files}
    for edition in old.superseded:
        if found == {document.sha256 for document in edition.documents}:
            raise BadFile(
                "edition-superseded",
                f"这是已被替换的第 {edition.number} 版（{edition.reason}）",
                where=where,
                expected=f"第 {old.edition} 版之后的新材料",
                action="如要恢复旧版，请直接修改单位的 YAML，并写明理由",
            )
    if not sent.reason:
        raise BadFile(
            "edition-reason",
            f"本年度已登记第 {old.edition} 版，新材料将成为第 {old.edition + 1} 版并被采用",
            where=where,
            expected="重新报送的理由",
            action="请加上 --reason 理由，例如 --reason 单位来函更正执行数",
        )


def _expect_year(filing: Filing, sent: Sent, ask: Ask) -> None:
    if filing.year in (None, sent.year):
        return
    if not ask(f"材料写的是 {filing.year} 年度，要登记为 {sent.year} 年度，确定吗？"):
        raise BadFile(
            "year-differs",
            f"材料写的是 {filing.year} 年度",
            where=sent.path.name,
            expected=f"{sent.year} 年度的材料",
            action=f"请改用 --year {filing.year}；材料自己写错了年度时，加上 --yes",
        )


def _accepted_name(
    workspace: Workspace, unit: Unit, filing: Filing, sent: Sent, ask: Ask
) -> str | None:
    """The unit's name in the filing where a person accepted that it differs from the register."""
    name = filing.unit
    if not name or unit.bears(name, sent.year):
        return None
    units = load_roster(workspace)
    other = unit_named(units, name, sent.year)
    if other is not None:
        raise _other_unit(filing, sent, f"{name} 登记的编号是 {other.id}", f"--unit {other.id}")
    near = units_named_like(units, name)
    registered = unit.name_in(sent.year)
    alike = "两个名称相近。" if unit in near else "两个名称并不相近。"
    if ask(f"材料中的单位是 “{name}”，{unit.id} 登记为 “{registered}”。{alike}是同一单位吗？"):
        return name
    ids = "、".join(f"--unit {other.id}" for other in near if other.id != unit.id)
    hint = ids or "正确的 --unit"
    raise _other_unit(filing, sent, f"{unit.id} 登记为 “{registered}”", hint)


def _other_unit(filing: Filing, sent: Sent, known: str, hint: str) -> BadFile:
    source = filing.unit_source
    place = f"{sent.path.name} {source.address}" if source else sent.path.name
    return BadFile(
        "unit-differs",
        f"材料中的单位是 “{filing.unit}”",
        where=place,
        expected=f"{sent.unit} 的材料（{known}）",
        action=f"请改用{hint}；确是同一单位时，加上 --yes，或在 roster.yaml 登记这个名称",
    )


def _arrivals(files: tuple[Received, ...], filing: Filing) -> tuple[Arrival, ...]:
    formats = {document.file: document.format for document in filing.documents}
    return tuple(Arrival(f.content, formats.get(f.name, ""), f.name) for f in files)


def _projects(workspace: Workspace, filing: Filing, sent: Sent) -> tuple[Project, ...]:
    """Give each project of the filing an id: the one it had before, else the next free number."""
    known = _known_projects(workspace, sent)
    taken = [int(m[1]) for i in known.values() if (m := _PROJECT.fullmatch(i))]
    number = max(taken, default=0)
    projects: dict[str, Project] = {}
    for evaluation in filing.evaluations:
        name = evaluation.project.text if evaluation.project else ""
        if not name or squeeze(name) in projects:
            continue
        identifier = known.get(squeeze(name))
        if identifier is None:
            number += 1
            identifier = f"project-{number}"
        projects[squeeze(name)] = Project(identifier, name)
    return tuple(projects.values())


def _known_projects(workspace: Workspace, sent: Sent) -> dict[str, str]:
    """The ids the unit's projects had in other years, the nearest before this one first."""
    known: dict[str, str] = {}
    if not (workspace.unit_folder / sent.unit).is_dir():
        return known
    years = sorted(workspace.years(sent.unit), key=lambda year: abs(year - sent.year))
    for year in years:
        for project in load_unit_year(workspace, sent.unit, year).projects:
            known.setdefault(squeeze(project.name), project.id)
    return known
