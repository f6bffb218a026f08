"""Each check where it fires and where it does not: tests/cases/checks.yaml."""

from dataclasses import replace
from pathlib import Path

import pytest

from jixiao.audit import CHECKS, DEPARTMENT_CHECKS, FILING_CHECKS, PROJECT_CHECKS, examine, judge
from jixiao.errors import UnknownName
from jixiao.importers import read_document
from jixiao.model import Audit, Context, Filing, words
from jixiao.rubric import choose_rubric
from jixiao.scoring import score
from jixiao.workspace.beside import read_final_accounts, read_published
from jixiao.workspace.fonts import code_points
from jixiao.workspace.yaml_file import Keyed, load_yaml

Edit = str | dict[str, str]
SAMPLE = "ziyang-justice-2022.txt"
TESTS = Path(__file__).parent
ROOT = TESTS.parent
CASES = load_yaml(TESTS / "cases/checks.yaml")["cases"]
CONTEXT_CASES = load_yaml(TESTS / "cases/context.yaml")["cases"]
TRUTH = load_yaml(TESTS / "cases/ziyang-justice-2022/findings.yaml")
ALL = (*CHECKS, *DEPARTMENT_CHECKS, *PROJECT_CHECKS, *FILING_CHECKS)


def edited(line: str, text: Edit) -> str:
    """Put a new line, its leading T a tab, or change one cell of the line that is there."""
    if not isinstance(text, dict):
        return text.replace("T", "\t", 1) if text.startswith("T") else text
    for old, new in text.items():
        assert line.count(old) == 1, (line, old)
        line = line.replace(old, new)
    return line


def filing_with(edits: dict[str, Edit], folder: Path, name=SAMPLE) -> Filing:
    """Read the sample, or another filing, with some of its lines changed."""
    original = TESTS / "data" / name
    lines = original.read_text("utf-8").split("\n")
    for number, text in edits.items():
        lines[int(number) - 1] = edited(lines[int(number) - 1], text)
    path = folder / f"filing{original.suffix}"
    path.write_text("\n".join(lines), "utf-8")
    return read_document(path)


def audit_with(edits: dict[str, Edit], folder: Path, rubrics, checklist, name=SAMPLE) -> Audit:
    """Question the sample, or another filing, with some of its lines changed."""
    filing = filing_with(edits, folder, name)
    return examine(filing, score(filing, rubrics), rubrics, checklist, code_points())


def context_of(case: dict, folder: Path) -> Context:
    """What the case says stands beside the filing."""
    published = Keyed()
    published.update({"published": as_keyed(case["published"])} if "published" in case else {})
    accounts = Keyed()
    if "accounts" in case:
        entry = {
            "unit": "万元",
            "source": "2022年度部门决算",
            "amounts": as_keyed(case["accounts"]),
        }
        accounts["final_accounts"] = as_keyed(entry)
    return Context(
        prior=year_before(case["prior"], folder) if "prior" in case else None,
        other_names=tuple(case.get("others", ())),
        final_accounts=read_final_accounts(accounts, "x.yaml"),
        published=read_published(published, "x.yaml"),
    )


def as_keyed(entry: dict) -> Keyed:
    keyed = Keyed()
    keyed.update(entry)
    keyed.lines.update(dict.fromkeys(entry, 1))
    return keyed


def year_before(edits: dict[str, Edit], folder: Path) -> Filing:
    """The sample as last year's filing, its outturn this year's prior outturn."""
    filing = filing_with(edits, folder)
    base = filing.base_data
    rows = tuple(replace(row, outturn=row.prior_outturn) for row in base.expenditure)
    return replace(filing, year=2021, base_data=replace(base, expenditure=rows))


def named(case: dict) -> str:
    edits = "-".join(str(line) for line in case["edits"])
    short = Path(case.get("filing", "")).stem
    fires = "fires" if case["fires"] else "clean"
    return f"{case['check']}-{case['evaluation']}-{fires}-{short}{edits}"


@pytest.mark.parametrize("case", CASES, ids=named)
def test_check_fires_where_it_should_and_nowhere_else(case, tmp_path, rubrics, checklist):
    name = case.get("filing", SAMPLE)
    audit = audit_with(case["edits"], tmp_path, rubrics, checklist, name)
    owner = (case["check"], case["evaluation"])
    found = [f for f in audit.findings if (f.id, f.evaluation) == owner]
    assert bool(found) == case["fires"], [words(f.message) for f in found]
    if not case["fires"]:
        said = [*audit.passed, *audit.not_checked]
        owners = {(entry.id, entry.evaluation) for entry in said}
        assert owner in owners if owner[1] else owner[0] in {check for check, _ in owners}
    for finding in found:
        assert finding.where
        assert words(finding.message)
        assert finding.reference.title


@pytest.mark.parametrize("case", CONTEXT_CASES, ids=lambda case: f"{case['check']}-{case['fires']}")
def test_check_uses_what_stands_beside_the_filing(case, tmp_path, rubrics, checklist):
    context = context_of(case, tmp_path)
    filing = replace(filing_with(case.get("edits", {}), tmp_path), context=context)
    audit = examine(filing, score(filing, rubrics), rubrics, checklist, code_points())
    owner = (case["check"], case["evaluation"])
    found = [f for f in audit.findings if (f.id, f.evaluation) == owner]
    assert bool(found) == case["fires"], [words(f.message) for f in found]
    assert all(finding.where for finding in found)
    if not case["fires"]:
        assert owner in {
            (entry.id, entry.evaluation) for entry in (*audit.passed, *audit.not_checked)
        }


def test_a_file_by_itself_has_no_year_before_and_no_register(sample_audit):
    reasons = {entry.id: entry.reason for entry in sample_audit.not_checked}
    assert {"F-01", "F-02", "F-03", "F-04", "G-04", "E-04"} <= reasons.keys()
    assert "只有这一份文件" in reasons["F-01"]
    assert "final_accounts" in reasons["F-04"]


def test_every_check_has_a_case_where_it_fires_and_one_where_it_does_not():
    fires = {entry["id"] for entry in TRUTH["findings"]}
    clean = {entry["id"] for entry in TRUTH["passed"]}
    fires |= {case["check"] for case in CASES if case["fires"]}
    clean |= {case["check"] for case in CASES if not case["fires"]}
    fires |= {case["check"] for case in CONTEXT_CASES if case["fires"]}
    clean |= {case["check"] for case in CONTEXT_CASES if not case["fires"]}
    checks = {check_id for check_id, _ in ALL}
    assert checks - fires == set()
    assert checks - clean == set()


def test_a_clean_twin_of_the_sample_has_no_finding(tmp_path, rubrics, checklist):
    edits = load_yaml(TESTS / "cases/ziyang-justice-2022/clean.yaml")["edits"]
    audit = audit_with(edits, tmp_path, rubrics, checklist)
    assert [(f.id, f.evaluation, words(f.message)) for f in audit.findings] == []
    assert len({entry.id for entry in audit.passed}) > 60


def test_the_readme_names_as_many_checks_as_there_are(checklist):
    count = len(checklist.entries)
    assert f"**{count} checks**" in (ROOT / "README.md").read_text("utf-8")
    assert f"**{count} 项核查**" in (ROOT / "README.zh-CN.md").read_text("utf-8")
    assert {entry.id for entry in checklist.entries} == {check_id for check_id, _ in ALL}


def test_points_of_their_own_are_no_finding(sample_filing, rubrics, checklist):
    project = sample_filing.evaluations[1]
    single = tuple(
        replace(
            i,
            points=project.budget.points,
            points_shared_by=1,
            score=project.budget.score,
            score_shared_by=1,
        )
        for i in project.indicators
    )
    filing = replace(sample_filing, evaluations=(replace(project, indicators=single),))
    audit = examine(filing, score(filing, rubrics), rubrics, checklist)
    assert ("A-07", "project-1") in {(p.id, p.evaluation) for p in audit.passed}


def test_nothing_passes_in_silence(sample_audit):
    said = {
        entry.id
        for part in (sample_audit.findings, sample_audit.passed, sample_audit.not_checked)
        for entry in part
    }
    assert said == {check_id for check_id, _ in ALL}


def test_without_fonts_the_glyph_check_is_undecided(
    sample_filing, sample_cards, rubrics, checklist
):
    audit = examine(sample_filing, sample_cards, rubrics, checklist, None)
    assert "H-01" in {entry.id for entry in audit.not_checked}


def test_judgement_of_a_project_leaves_the_department_out(sample_filing, rubrics, checklist):
    judgement = judge(sample_filing, "project-1", rubrics, checklist)
    assert {f.evaluation for f in judgement.audit.findings} == {"project-1"}
    whole = judge(sample_filing, "department", rubrics, checklist)
    assert {f.evaluation for f in whole.audit.findings} == {"department", None}
    with pytest.raises(UnknownName, match="department、project-1"):
        judge(sample_filing, "project-9", rubrics, checklist)


def test_the_basis_is_that_of_the_filings_year(tmp_path, checklist):
    older = {
        kind: choose_rubric(ROOT / "params/rubrics", 2018, kind)
        for kind in ("department", "project")
    }
    audit = audit_with({3: "2018年度整体支出绩效自评报告"}, tmp_path, older, checklist)
    basis = {finding.id: finding.reference.title for finding in audit.findings}
    assert basis["A-02"] == "财办预〔2016〕123号"
    assert basis["C-05"] == "本工作台约定（所引办法适用于 2021 年度起）"
    assert not [title for title in basis.values() if title.startswith("财预〔202")]
