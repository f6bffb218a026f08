"""Open what a unit filed for a year (打开自评材料), as a notebook and a run do it."""

from __future__ import annotations

from dataclasses import replace

from jixiao.errors import BadFile, UnknownName
from jixiao.importers.cells import squeeze
from jixiao.importers.documents import Received, read_received
from jixiao.importers.naming import name_projects
from jixiao.model import Context, Filing, Problem, Superseded, mask_filing
from jixiao.workspace.beside import names_of_others
from jixiao.workspace.filed import open_document
from jixiao.workspace.places import Workspace
from jixiao.workspace.roster import load_roster
from jixiao.workspace.runs import AUDIENCES, PUBLIC
from jixiao.workspace.units import UnitYear, load_unit_year
from jixiao.workspace.yaml_file import place_of


def open_filing(
    unit: str, year: int, workspace: Workspace | None = None, *, audience: str = "internal"
) -> Filing:
    """Read what a unit filed, with what stands beside it in the workspace.

    Parameters
    ----------
    audience : ``internal``, or ``public``, for whom every text is masked.

    Raises
    ------
    UnknownName : no such unit or year.
    BadFile : a document is missing, changed, or cannot be read; a correction matches nothing.
    """
    place = workspace or Workspace.find()
    unit_year = load_unit_year(place, unit, year)
    filing = with_context(read_filing(unit_year), place, unit_year)
    if audience not in AUDIENCES:
        raise UnknownName.among("unknown-audience", "读者", audience, AUDIENCES)
    return mask_filing(filing) if audience == PUBLIC else filing


def read_filing(unit_year: UnitYear) -> Filing:
    """Read what a unit filed, digests checked, corrections made, projects under their ids."""
    filing = read_received(open_documents(unit_year), unit_year.amendments)
    projects = {project.name: project.id for project in unit_year.projects}
    return name_projects(_as_registered(filing, unit_year), projects)


def with_context(filing: Filing, workspace: Workspace, unit_year: UnitYear) -> Filing:
    """Give the filing what stands beside it; last year's that cannot be read is said to be missing."""
    prior, missing = _prior(workspace, unit_year)
    units = load_roster(workspace)
    context = Context(
        prior=prior,
        prior_missing=missing,
        other_names=names_of_others(units, unit_year.unit, unit_year.names),
        final_accounts=unit_year.final_accounts,
        published=unit_year.published,
        superseded=_superseded(unit_year),
    )
    return replace(filing, context=context)


def _superseded(unit_year: UnitYear) -> Superseded | None:
    """Read the edition before the one that counts; one that cannot be read is said to be missing."""
    if not unit_year.superseded:
        return None
    edition = unit_year.superseded[-1]
    where = place_of(unit_year.path)
    try:
        received = tuple(
            Received(document.path.name, open_document(document, where))
            for document in edition.documents
        )
        filing = read_received(received, edition.amendments)
    except BadFile as error:
        told = f"第 {edition.number} 版的材料不能采用：{error.what}"
        return Superseded(edition.number, edition.on, edition.reason, None, told)
    projects = {project.name: project.id for project in unit_year.projects}
    named = name_projects(filing, projects | dict(edition.projects))
    filing = replace(named, year=unit_year.year)
    return Superseded(edition.number, edition.on, edition.reason, filing)


def _prior(workspace: Workspace, unit_year: UnitYear) -> tuple[Filing | None, str]:
    year = unit_year.year - 1
    if year not in workspace.years(unit_year.unit):
        return None, f"没有登记 {year} 年度的自评材料"
    try:
        return read_filing(load_unit_year(workspace, unit_year.unit, year)), ""
    except (BadFile, UnknownName) as error:
        return None, f"{year} 年度的自评材料不能采用：{error.what}"


def open_documents(unit_year: UnitYear) -> tuple[Received, ...]:
    """Take the documents of the edition that counts from the workspace, digests checked."""
    where = place_of(unit_year.path)
    return tuple(
        Received(document.path.name, open_document(document, where))
        for document in unit_year.documents
    )


def _as_registered(filing: Filing, unit_year: UnitYear) -> Filing:
    """The register decides unit and year; where the filing says otherwise is a problem."""
    problems = list(filing.problems)
    if filing.year not in (None, unit_year.year):
        problems.append(
            Problem(
                "year-differs",
                f"{filing.documents[0].file}：材料写的是 {filing.year} 年度，登记的是 {unit_year.year} "
                "年度。请核对是否登记错了年度，或放错了文件。",
                None,
            )
        )
    if filing.unit and squeeze(filing.unit) not in map(squeeze, unit_year.names):
        where = filing.unit_source.address if filing.unit_source else filing.documents[0].file
        problems.append(
            Problem(
                "unit-differs",
                f"{where}：材料写的单位是 “{filing.unit}”，名册中是 “{unit_year.name}”。"
                "请核对；若是同一单位，请在 params/units/roster.yaml 加上这个名称。",
                filing.unit_source,
            )
        )
    return replace(
        filing,
        year=unit_year.year,
        problems=tuple(problems),
        decisions=unit_year.decisions,
        reviewed=tuple(
            replace(entry, may_lapse=unit_year.edition > 1) for entry in unit_year.reviewed
        ),
    )
