"""What is raised on real filings, judged one by one; and that every contradiction known is raised."""

from collections import Counter
from functools import cache
from pathlib import Path

import pytest
import yaml

from jixiao.audit import examine
from jixiao.importers import read_document
from jixiao.model import Audit, Finding, words
from jixiao.rubric import choose_rubric, load_checklist
from jixiao.scoring import score

TESTS = Path(__file__).parent
PARAMS = TESTS.parent / "params"
FILINGS = TESTS / "data/filings"
SAMPLE = TESTS / "data/ziyang-justice-2022.txt"
REAL = [SAMPLE.stem, *sorted(path.stem for path in FILINGS.glob("*.txt"))]
#: The same filing once more, in a page with cells lost or merged.
TWINS = {"hunan-township-flawed-2023", "anhui-village-blank-2023"}
PAGES = {
    path.stem: path
    for folder in ("published", "provinces", "strangers")
    for path in sorted((TESTS / "data" / folder).glob("*.html"))
    if path.stem not in TWINS
}
NAMES = [*REAL, *PAGES]
JUDGED = yaml.safe_load((TESTS / "cases/precision.yaml").read_text("utf-8"))["judged"]
KNOWN = yaml.safe_load((TESTS / "cases/known.yaml").read_text("utf-8"))["known"]
CODES = [(name, code) for name, codes in KNOWN.items() for code in codes]


@cache
def audit_of(name: str) -> Audit:
    path = SAMPLE if name == SAMPLE.stem else PAGES.get(name, FILINGS / f"{name}.txt")
    filing = read_document(path)
    year = filing.year or 2022
    rubrics = {
        kind: choose_rubric(PARAMS / "rubrics", year, kind) for kind in ("department", "project")
    }
    checklist = load_checklist(PARAMS / "checks.yaml")
    return examine(filing, score(filing, rubrics), rubrics, checklist)


def weighty(name: str) -> list[Finding]:
    return [f for f in audit_of(name).findings if f.severity in ("high", "medium")]


@pytest.mark.parametrize("name", NAMES)
def test_every_finding_that_weighs_is_judged_and_every_judgement_is_of_one(name):
    raised = Counter((f.id, f.evaluation, f.where[0].address) for f in weighty(name))
    judged = Counter(
        (entry["check"], entry["evaluation"], entry["place"])
        for entry in JUDGED
        if entry["filing"] == name
    )
    assert raised == judged


def test_a_careful_reviewer_would_keep_nearly_all():
    kept = [entry["keep"] for entry in JUDGED]
    real = [entry["keep"] for entry in JUDGED if entry["filing"] in REAL]
    assert len(kept) >= 200
    assert len({entry["filing"] for entry in JUDGED}) >= 50
    assert sum(kept) / len(kept) >= 0.95
    assert sum(real) / len(real) >= 0.95
    assert all(entry["why"] for entry in JUDGED)


def test_every_finding_of_the_truths_is_mapped():
    for name in REAL[1:]:
        truth = yaml.safe_load((FILINGS / f"{name}.yaml").read_text("utf-8"))
        assert [entry["code"] for entry in truth["findings"]] == list(KNOWN[name]), name


@pytest.mark.parametrize(("name", "code"), CODES)
def test_what_is_known_of_a_filing_is_found_and_what_holds_is_not(name, code):
    expected = KNOWN[name][code]
    if "outside" in expected:
        assert len(expected["outside"]) > 20
        return
    findings = [f for f in audit_of(name).findings if f.evaluation == expected["evaluation"]]
    if "not_found" in expected:
        assert not {f.id for f in findings} & set(expected["not_found"])
        return
    said = [words(f.message) for f in findings if f.id == expected["check"]]
    assert any(expected["words"] in message for message in said), said
