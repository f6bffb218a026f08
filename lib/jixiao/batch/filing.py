"""A registered unit's filing, read and its projects named (读取已登记的自评材料)."""

from __future__ import annotations

from jixiao.importers import name_projects, read_document
from jixiao.model import Filing
from jixiao.workspace.places import Workspace
from jixiao.workspace.units import UnitYear, load_unit_year, open_document


def read_filed(workspace: Workspace, unit: str, year: int) -> tuple[UnitYear, Filing]:
    """Read what a unit filed for a year, its sha256 checked, its projects under their ids.

    Raises
    ------
    UnknownName : unit or year.
    BadFile : missing, changed, not a self-evaluation, or without a project of the YAML file.
    """
    unit_year = load_unit_year(workspace, unit, year)
    filing = read_document(open_document(unit_year))
    names = {project.name: project.id for project in unit_year.projects}
    return unit_year, name_projects(filing, names)
