"""Open what a unit filed for a year (打开自评材料), as a notebook and a run do it."""

from __future__ import annotations

from jixiao.importers.documents import read_document
from jixiao.importers.naming import name_projects
from jixiao.model import Filing
from jixiao.workspace.places import Workspace
from jixiao.workspace.units import UnitYear, load_unit_year, open_document


def open_filing(unit: str, year: int, workspace: Workspace | None = None) -> Filing:
    """Read the document a unit filed, its digest checked, its projects under their ids.

    Raises
    ------
    UnknownName : no such unit or year.
    BadFile : the document is missing, changed, or cannot be read.
    """
    return read_filing(load_unit_year(workspace or Workspace.find(), unit, year))


def read_filing(unit_year: UnitYear) -> Filing:
    """Read the document of a unit's year, its digest checked, its projects under their ids."""
    filing = read_document(open_document(unit_year))
    return name_projects(filing, {project.name: project.id for project in unit_year.projects})
