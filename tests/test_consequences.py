"""One cause, one finding: what follows from another finding stands beneath it, proved by its cells."""

from dataclasses import replace
from pathlib import Path

import pytest
from tests.test_audit import SAMPLE, TESTS, context_of, filing_with

from jixiao.audit import audit_as_json, examine, first_place, judge
from jixiao.audit.proofs import PROVED
from jixiao.cli import run
from jixiao.model import SEVERITY_WORDS, Decision, words
from jixiao.rubric.checklist import PROOFS
from jixiao.scoring import score
from jixiao.tables import list_findings, summarise
from jixiao.workspace.yaml_file import load_yaml

CASES = load_yaml(TESTS / "cases/consequences.yaml")["cases"]
CLEAN = load_yaml(TESTS / "cases/ziyang-justice-2022/clean.yaml")["edits"]
TWINS = [case for case in CASES if "alone" in case]


def named(case: dict) -> str:
    edits = "-".join(str(line) for line in case["edits"])
    return f"{case['consequence']}-of-{case['cause']}-{case['evaluation']}-{edits}"


def filing_of(case: dict, folder: Path, edits: dict, accounts: dict | None):
    before = CLEAN if case.get("on") == "clean" else {}
    filing = filing_with({**before, **edits}, folder, case.get("filing", SAMPLE))
    beside = {"prior": case["prior"]} if "prior" in case else {}
    beside |= {"accounts": accounts} if accounts else {}
    return replace(filing, context=context_of(beside, folder)) if beside else filing


def examined(filing, rubrics, checklist):
    return examine(filing, score(filing, rubrics), rubrics, checklist)


def findings_of(audit, case: dict):
    owner = (case["consequence"], case["evaluation"])
    return [f for f in audit.findings if (f.id, f.evaluation) == owner]


def set_findings(audit):
    return [(f.id, f.evaluation, f.severity, words(f.message)) for f in audit.findings]


@pytest.mark.parametrize("case", CASES, ids=named)
def test_a_consequence_stands_under_its_cause(case, tmp_path, rubrics, checklist):
    filing = filing_of(case, tmp_path, case["edits"], case.get("accounts"))
    audit = examined(filing, rubrics, checklist)
    found = findings_of(audit, case)
    causes = {finding.cause.id if finding.cause else None for finding in found}
    assert case["cause"] in causes, (causes, set_findings(audit))
    for finding in found:
        if finding.cause is None:
            continue
        above = [f for f in audit.findings if f.related == finding.cause]
        assert all(finding.related in f.consequences and f.cause is None for f in above)
        assert above


@pytest.mark.parametrize("case", TWINS, ids=named)
def test_without_the_cause_it_stands_alone(case, tmp_path, rubrics, checklist):
    accounts = case.get("accounts_alone", case.get("accounts"))
    filing = filing_of(case, tmp_path, case["alone"], accounts)
    found = findings_of(examined(filing, rubrics, checklist), case)
    assert found
    assert case["cause"] not in {f.cause.id for f in found if f.cause}
    assert any(f.cause is None for f in found)


@pytest.mark.parametrize("verdict", ["dismissed", "explained", "confirmed"])
@pytest.mark.parametrize("case", [c for c in CASES if "dismissed" in c], ids=named)
def test_a_settled_cause_holds_nothing(case, verdict, tmp_path, rubrics, checklist):
    filing = filing_of(case, tmp_path, case["edits"], None)
    before = examined(filing, rubrics, checklist)
    cause = next(
        f for f in before.findings if (f.id, f.evaluation) == (case["cause"], case["evaluation"])
    )
    who = ("来函说明", "张某某", "2023-05-04")
    place = first_place(cause)
    decision = Decision(cause.id, cause.evaluation, cause.cells, place, verdict, *who)
    after = examined(replace(filing, decisions=(decision,)), rubrics, checklist)
    (found,) = findings_of(after, case)
    assert (found.cause is None) == (verdict != "confirmed")
    assert found.decision is None
    assert set_findings(after) == set_findings(before)


def test_of_a_chain_the_first_is_the_cause(tmp_path, rubrics, checklist):
    """A heading's points, their total, the scores' total: three findings, one of them a cause."""
    edits = {**CLEAN, 399: "T6", 400: "T6"}
    audit = examined(filing_with(edits, tmp_path), rubrics, checklist)
    (heading,) = [f for f in audit.findings if f.id == "A-03"]
    assert heading.cause is None
    below = [f for f in audit.findings if f.cause == heading.related]
    assert {f.id for f in below} >= {"A-01", "A-02", "A-04"}
    assert [f.related for f in below] == list(heading.consequences)
    assert not [f for f in below if f.consequences]


def test_every_link_of_the_checklist_has_a_case(checklist):
    links = {(e.id, follows.cause) for e in checklist.entries for follows in e.follows}
    shown = {(case["consequence"], case.get("through", case["cause"])) for case in CASES}
    assert links <= shown | {("E-01", "F-04")}, links - shown


def test_no_cause_is_less_grave_and_no_check_causes_itself(checklist):
    order = list(SEVERITY_WORDS)
    entries = {entry.id: entry for entry in checklist.entries}
    above = {e.id: {follows.cause for follows in e.follows} for e in checklist.entries}
    for check, causes in above.items():
        for cause in causes:
            grave, less = entries[cause].severity, entries[check].severity
            assert order.index(grave) <= order.index(less), (check, cause)
    while above:
        free = {check for check, causes in above.items() if not causes & above.keys()}
        assert free, above
        above = {check: causes for check, causes in above.items() if check not in free}


def test_every_proof_named_can_be_made(checklist):
    assert tuple(PROVED) == PROOFS
    used = {proof for e in checklist.entries for follows in e.follows for proof in follows.proofs}
    assert used == set(PROOFS)


def test_the_json_names_the_cause_and_lists_the_consequences(sample_audit):
    found = audit_as_json(sample_audit)["findings"]
    points = next(f for f in found if (f["id"], f["evaluation"]) == ("A-02", "department"))
    assert points["cause"] is None
    assert [(e["id"], e["evaluation"]) for e in points["consequences"]] == [
        ("A-01", "department"),
        ("A-04", "department"),
    ]
    total = next(f for f in found if (f["id"], f["evaluation"]) == ("A-01", "department"))
    assert (total["cause"], total["consequences"]) == ("A-02", [])
    told = points["consequences"][0]
    assert (told["cells"], told["message"]) == (total["cells"], total["message"])


@pytest.fixture(scope="module")
def judgement(sample_filing, rubrics, checklist):
    return judge(sample_filing, "department", rubrics, checklist)


def test_the_report_shows_consequences_beneath_their_cause_and_counts_them_apart(
    judgement, checklist
):
    blocks = {name: list_findings(judgement, checklist, name).block for name in SEVERITY_WORDS}
    items = blocks["high"].items
    at = next(place for place, item in enumerate(items) if item.check == "A-02")
    below = [item for item in items[at + 1 :][:2] if item.is_consequence]
    assert [(item.check, item.severity) for item in below] == [("A-01", "high"), ("A-04", "medium")]
    (cause,) = [runs for label, runs in below[0].facts if label == "起因"]
    assert (cause[0].text, cause[0].href) == ("A-02", items[at].id)
    assert f"另有 {sum(item.is_consequence for item in items)} 项由其引起" in blocks["high"].title
    shown = [item.id for block in blocks.values() for item in block.items]
    assert len(shown) == len(set(shown)) == len(judgement.audit.findings)
    assert "A-04" not in {item.check for item in blocks["medium"].items}
    counted = next(f for f in summarise(judgement).block.figures if f.label == "核查发现")
    below = sum(finding.cause is not None for finding in judgement.audit.findings)
    assert counted.value[0].text == f"{len(judgement.audit.findings) - below} 项"
    assert f"另有 {below} 项由其引起" in "".join(run.text for run in counted.note)


def test_a_cause_in_another_report_is_named_in_words(tmp_path, rubrics, checklist):
    filing = filing_with({**CLEAN, 557: "T36"}, tmp_path)
    block = list_findings(judge(filing, "department", rubrics, checklist), checklist, "high").block
    (item,) = [item for item in block.items if item.check == "B-09"]
    (cause,) = [runs for label, runs in item.facts if label == "起因"]
    assert not item.is_consequence
    assert cause[0].text == "B-20，见另一张自评表的报告"
    assert cause[0].href is None


def test_findings_alike_in_all_but_place_are_all_shown(sample_audit):
    twice = replace(sample_audit, findings=(*sample_audit.findings, *sample_audit.findings))
    assert sum(map(len, twice.grouped())) == len(twice.findings)


def test_the_command_prints_consequences_under_their_cause(capsys):
    assert run(["audit", str(TESTS / "data" / SAMPLE)]) == 0
    lines = capsys.readouterr().out.splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith("[高] A-02 部门整体"))
    assert lines[at + 2].startswith("  ↳ [高] A-01")
    assert lines[at + 4].startswith("  ↳ [中] A-04")
    assert "项由其引起" in lines[-1]
    assert run(["audit", "--explain", "A-01"]) == 0
    assert "A-02、A-05、B-02、D-01" in capsys.readouterr().out


def test_the_json_counts_causes_alone(sample_audit):
    told = audit_as_json(sample_audit)
    causes = [finding for finding in sample_audit.findings if finding.cause is None]
    assert sum(told["counts"].values()) == len(causes) < len(told["findings"])
    assert told["counts"]["high"] == sum(finding.severity == "high" for finding in causes)
