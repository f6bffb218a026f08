"""Filings that tie, each changed in one to three places: what is found is what the change implies."""

from collections import Counter
from pathlib import Path
from random import Random

import pytest

from jixiao.audit import examine
from jixiao.batch.demo.drawing import draw
from jixiao.batch.demo.planted import Planted
from jixiao.batch.demo.planting import contradict
from jixiao.batch.demo.province import unit_at
from jixiao.batch.demo.writing import write
from jixiao.importers.documents import Received, read_received
from jixiao.model import Filing
from jixiao.rubric import choose_rubric, load_checklist
from jixiao.scoring import score
from jixiao.workspace.units import KINDS

PARAMS = Path(__file__).parents[1] / "params"
CHECKLIST = load_checklist(PARAMS / "checks.yaml")
RUBRICS = {kind: choose_rubric(PARAMS / "rubrics", 2022, kind) for kind in KINDS}
#: Which runs of a hundred mutants are made: five in the test suite, twenty in the long one.
FEW, MANY = range(5), range(5, 20)
#: Low findings of the same cell, which a change may bring along.
BESIDE = {"B-19": ("E-05", "department")}
Owner = tuple[str, str | None]


def found_in(filing: Filing) -> set[Owner]:
    audit = examine(filing, score(filing, RUBRICS), RUBRICS, CHECKLIST)
    return {(finding.id, finding.evaluation) for finding in audit.findings}


def mutant(number: int) -> tuple[Filing, tuple[Planted, ...]]:
    draft = draw(unit_at(number, 11), 2022, 11)
    changed, planted = contradict(draft, Random(number))
    content = write(changed)
    return read_received((Received(f"filing.{changed.unit.format}", content),)), planted


def wanted(planted: tuple[Planted, ...]) -> set[Owner]:
    return {
        (check, entry.evaluation or None)
        for entry in planted
        for check in (entry.check, *entry.follows)
    }


def look_through(run: int) -> Counter[str]:
    """Hold a hundred mutants against what was planted; count how often each check was."""
    seen = Counter[str]()
    for number in range(run * 100 + 1, run * 100 + 101):
        filing, planted = mutant(number)
        beside = {BESIDE[entry.check] for entry in planted if entry.check in BESIDE}
        assert found_in(filing) - beside == wanted(planted), (number, planted)
        seen.update(entry.check for entry in planted)
    return seen


@pytest.mark.parametrize("run", FEW)
def test_the_findings_of_a_mutant_are_those_its_changes_imply_and_no_others(run):
    seen = look_through(run)
    assert sum(seen.values()) > 100
    assert len(seen) >= 20, seen


@pytest.mark.fuzz
@pytest.mark.parametrize("run", MANY)
def test_so_are_those_of_many_more(run):
    assert look_through(run).total() > 100
