"""Open the rules a unit's year is judged by (打开评分规则), as a notebook and a run do it."""

from __future__ import annotations

from jixiao.rubric.book import Rubric
from jixiao.rubric.checklist import Checklist, load_checklist
from jixiao.rubric.choosing import choose_rubrics
from jixiao.workspace.places import Workspace
from jixiao.workspace.units import UnitYear, load_unit_year


def open_rubrics(
    unit: str, year: int, rubric_id: str = "", workspace: Workspace | None = None
) -> dict[str, Rubric]:
    """Open the rule books for both kinds of evaluation, by kind.

    `rubric_id`, where given, wins over the unit's YAML for the kinds it is for, and that over the
    one in force.

    Raises
    ------
    UnknownName : no such unit, year or rule book.
    BadFile : a mistake in a YAML file, or no rule book in force.
    """
    place = workspace or Workspace.find()
    return rubrics_of(place, load_unit_year(place, unit, year), rubric_id)


def rubrics_of(workspace: Workspace, unit_year: UnitYear, rubric_id: str = "") -> dict[str, Rubric]:
    """Open the rule books of a unit's year, by kind of evaluation."""
    chosen = choose_rubrics(workspace.rubrics, unit_year.year, unit_year.rubrics, rubric_id)
    return {str(kind): rubric for kind, rubric in chosen.items()}


def open_checklist(workspace: Workspace | None = None) -> Checklist:
    """Open the checklist of the audit.

    Raises
    ------
    BadFile : a mistake in ``params/checks.yaml``.
    """
    place = workspace or Workspace.find()
    return load_checklist(place.params / "checks.yaml")
