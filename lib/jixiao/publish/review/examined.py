"""A unit's year questioned as a whole (复核对象), and its findings in a list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from jixiao.audit import examine
from jixiao.errors import BadFile
from jixiao.importers.opening import open_filing
from jixiao.model import Audit, Evaluation, Filing, Finding, Scorecard
from jixiao.rubric import Checklist, rubrics_of
from jixiao.scoring import score
from jixiao.tables.workings import number_findings
from jixiao.workspace.fonts import code_points
from jixiao.workspace.places import Workspace
from jixiao.workspace.units import UnitYear, load_unit_year


@dataclass(frozen=True, slots=True)
class Examined:
    """What one unit filed for a year, scored and questioned (复核对象)."""

    unit_year: UnitYear
    filing: Filing
    cards: Mapping[str, Scorecard]
    audit: Audit
    checklist: Checklist

    def name_of(self, key: str | None) -> str:
        """Name an evaluation for people: 部门整体, a project, or the whole filing."""
        evaluation = self.filing.evaluation(key) if key else None
        if evaluation is None:
            return "部门整体" if key == "department" else "整份材料"
        return _name(evaluation)


def _name(evaluation: Evaluation) -> str:
    if evaluation.kind == "department":
        return "部门整体"
    return evaluation.project.text if evaluation.project else evaluation.key


@dataclass(frozen=True, slots=True)
class ListedFinding:
    """One finding in a list (问题清单的一行): whose it is, and where a report shows it.

    ``report`` is the key of the run whose report holds it, ``anchor`` its id there.
    """

    examined: Examined
    finding: Finding
    report: str
    anchor: str


def examine_year(workspace: Workspace, checklist: Checklist, unit: str, year: int) -> Examined:
    """Read, score and question what a unit filed for a year.

    Raises
    ------
    UnknownName : no such unit or year.
    BadFile : a document or a YAML file cannot be used, or there is nothing to judge.
    """
    unit_year = load_unit_year(workspace, unit, year)
    filing = open_filing(unit, year, workspace)
    if not filing.evaluations:
        raise BadFile(
            "nothing-to-judge",
            "没有读到自评表，无从核查",
            where=f"{unit} {year}",
            expected="部门整体支出绩效自评表或项目支出绩效自评表",
            action="请用 jixiao read 看读到了什么",
        )
    rubrics = rubrics_of(workspace, unit_year)
    cards = score(filing, rubrics)
    audit = examine(filing, cards, rubrics, checklist, code_points())
    return Examined(unit_year, filing, cards, audit, checklist)


def list_year(examined: Examined) -> Iterator[ListedFinding]:
    """List a year's findings as its reports number them: the first one owns the whole filing's."""
    for place, evaluation in enumerate(examined.filing.evaluations):
        part = examined.audit.of(evaluation.key, whole_filing=place == 0)
        for finding, anchor in number_findings(part.findings):
            yield ListedFinding(examined, finding, evaluation.key, anchor)
