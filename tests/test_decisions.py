"""Decisions (复核决定) and reviewed scores (复核得分): what they stand on, when they are asked again."""

import hashlib
import re
import shutil
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from jixiao.audit import audit_as_json, decide, first_place, judge
from jixiao.datum import Correction
from jixiao.errors import BadFile
from jixiao.importers.opening import open_filing
from jixiao.model import Amendment, Decision, ReviewedScore
from jixiao.rubric import open_checklist, open_rubrics
from jixiao.scoring import name_of_line, score, scorecard_as_json
from jixiao.tables import list_findings, result_as_json, table_decisions, table_scores
from jixiao.workspace.decisions import read_decisions, read_review
from jixiao.workspace.places import Workspace
from jixiao.workspace.yaml_file import load_yaml_text

REPOSITORY = Path(__file__).parent.parent
UNIT, YEAR, PROJECT = "ziyang-justice", 2022, "community-correction"
KEYS = ("department", PROJECT)
WHO = ("单位来函说明", "张某某", "2023-05-04")
OTHER_CELLS = "0" * 12
FILED = REPOSITORY / "data/filings" / UNIT / str(YEAR) / "filing.txt"


def decision_on(finding, verdict="explained", **changed):
    decision = Decision(
        finding.id, finding.evaluation, finding.cells, first_place(finding), verdict, *WHO
    )
    return replace(decision, **changed)


def one_of(audit, check, evaluation="department"):
    return next(f for f in audit.findings if (f.id, f.evaluation) == (check, evaluation))


def test_a_decision_stands_on_its_finding_alone(sample_audit):
    finding = one_of(sample_audit, "A-02")
    audit = decide(sample_audit, (decision_on(finding),))
    decided = [f for f in audit.findings if f.decision]
    assert [(f.id, f.evaluation) for f in decided] == [("A-02", "department")]
    assert decided[0].decision.words == "已说明：单位来函说明（张某某，2023-05-04）"
    assert audit.lapsed == ()
    assert [replace(f, decision=None) for f in audit.findings] == list(sample_audit.findings)


def test_findings_of_one_check_are_told_apart_by_their_cells(sample_audit):
    by_cells = {}
    for finding in sample_audit.findings:
        by_cells.setdefault((finding.id, finding.evaluation, finding.cells), []).append(finding)
    several = [f for f in sample_audit.findings if f.id == "E-10"]
    assert len(several) > 1
    assert all(len(found) == 1 for found in by_cells.values())
    audit = decide(sample_audit, (decision_on(several[1]),))
    assert [f.cells for f in audit.findings if f.decision] == [several[1].cells]


def test_a_changed_cell_asks_again(sample_audit):
    finding = one_of(sample_audit, "A-02")
    stale = decision_on(finding, cells=OTHER_CELLS)
    audit = decide(sample_audit, (stale,))
    asked = one_of(audit, "A-02")
    assert (asked.decision, asked.asked_again) == (None, stale)
    assert audit.lapsed == ()


def test_of_several_findings_the_one_at_the_address_is_asked_again(sample_audit):
    several = [f for f in sample_audit.findings if f.id == "E-10"]
    stale = decision_on(several[1], cells=OTHER_CELLS)
    audit = decide(sample_audit, (stale,))
    assert [f.cells for f in audit.findings if f.asked_again] == [several[1].cells]
    nowhere = replace(stale, at="附件9 第1行第1列")
    assert decide(sample_audit, (nowhere,)).lapsed == (nowhere,)


def test_a_decision_on_what_is_found_no_more_has_lapsed(sample_audit):
    gone = Decision("A-05", "department", OTHER_CELLS, None, "confirmed", *WHO)
    audit = decide(sample_audit, (gone,))
    assert audit.lapsed == (gone,)
    assert not [f for f in audit.findings if f.decision or f.asked_again]
    assert audit_as_json(audit)["lapsed"][0]["decision"] == "confirmed"


def test_a_cell_of_the_filing_decides_whether_a_decision_holds(workspace):
    """The same decision, before and after one cell it rests on is corrected, and another one."""
    before = judged(workspace)
    finding = one_of(before.audit, "B-13")
    cell = next(source for source in finding.where if source.text.strip() == "44.16")
    write(workspace, decision_yaml(finding))
    assert one_of(judged(workspace).audit, "B-13").decision.verdict == "explained"
    elsewhere = next(s for s in one_of(before.audit, "B-17").where if s.text.strip() == "100%")
    corrected(workspace, finding, elsewhere, "100%", "85.71%")
    assert one_of(judged(workspace).audit, "B-13").decision.verdict == "explained"
    corrected(workspace, finding, cell, "44.16", "44.17")
    again = one_of(judged(workspace).audit, "B-13")
    assert again.decision is None
    assert again.asked_again.reason == "单位来函说明"


def test_the_report_shows_open_findings_first_and_what_was_decided(workspace, checklist):
    before = judged(workspace)
    first = next(f for f in before.audit.findings if f.severity == "high")
    write(workspace, decision_yaml(first, "dismissed"))
    judgement = judged(workspace)
    block = list_findings(judgement, checklist, "high").block
    assert block.items[-1].check == first.id
    assert block.items[-1].id == f"f-{first.id.lower()}-1"
    facts = {label: "".join(run.text for run in runs) for label, runs in block.items[-1].facts}
    assert facts["复核"] == "不成立：单位来函说明（张某某，2023-05-04）"
    assert "已决定 1 项" in block.title
    row = table_decisions(judgement).block.rows[0]
    assert [shown(cell) for cell in row] == [
        first.id, "不成立", "单位来函说明", "张某某", "2023-05-04", "有效",
    ]  # fmt: skip
    found = result_as_json(judgement, UNIT, "internal")["audit"]["findings"]
    (decided,) = [entry for entry in found if entry["decision"]]
    assert decided["decision"] == {
        "decision": "dismissed", "reason": "单位来函说明", "by": "张某某", "on": "2023-05-04",
    }  # fmt: skip


def test_without_decisions_the_report_says_how_to_make_them(workspace):
    (sentence,) = table_decisions(judged(workspace)).block.sentences
    assert "jixiao findings" in sentence[0].text


def test_a_reviewed_score_stands_beside_the_three_columns(workspace):
    write(workspace, review_yaml())
    card = judged(workspace, PROJECT).card
    (line,) = [line for line in card.lines if line.reviewed]
    assert name_of_line(line) == "预算执行率"
    assert [str(d.value) for d in (line.claimed_score, line.score, line.reviewed)] == [
        "9",
        "5.16",
        "5",
    ]
    assert isinstance(line.reviewed.origin, Correction)
    # 104.16 recomputed; 5 instead of 5.16 for execution
    assert str(card.reviewed_total.value) == "104.00"
    assert str(card.reviewed_on_100.value) == "94.55"
    assert card.reviewed_grade == "优"
    as_json = scorecard_as_json(card)
    assert (as_json["reviewed_total"], as_json["reviewed_on_100"]) == ("104", "94.55")
    assert as_json["lines"][0]["reviewed_score"] == "5"
    assert as_json["lines"][0]["review"] == {
        "stale": False, "reason": "单位来函说明", "by": "张某某", "on": "2023-05-04",
    }  # fmt: skip
    table = table_scores(judged(workspace, PROJECT)).block
    assert [column.label for column in table.columns][:5] == [
        "指标",
        "分值",
        "自评",
        "重算",
        "复核",
    ]
    assert shown(table.rows[0][4]) == "5"
    assert shown(table.rows[-1][4]) == "104"


def test_without_a_review_the_table_has_no_column_for_it(workspace):
    labels = [column.label for column in table_scores(judged(workspace)).block.columns]
    assert "复核" not in labels
    assert scorecard_as_json(judged(workspace).card)["reviewed_total"] is None


def test_a_review_of_another_claim_is_asked_again(workspace):
    write(workspace, review_yaml(claimed=10))
    card = judged(workspace, PROJECT).card
    assert card.lines[0].reviewed is None
    assert card.reviewed_total is None
    assert scorecard_as_json(card)["lines"][0]["review"]["stale"] is True
    assert shown(table_scores(judged(workspace, PROJECT)).block.rows[0][4]) == "须重核"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"line": "预算支出率"}, r"没有这一行：“预算支出率”.*“预算执行率”.*\[review-line\]"),
        ({"score": 11}, r"复核得分是 11.*0 至 10 分.*\[review-score\]"),
        ({"score": "x"}, r"score 是 “x”.*至多两位小数.*\[review-entry\]"),
        ({"score": "null"}, r"score 是空的.*\[review-points\]"),
        ({"on": "2023-13-01"}, r"on 是 “2023-13-01”.*2023-05-04"),
        (
            {"evaluation": "departement"},
            r"没有自评 “departement”.*department.*community-correction",
        ),
    ],
)
def test_a_mistake_in_a_review_says_what_was_expected(workspace, changed, words):
    write(workspace, review_yaml(**changed))
    with pytest.raises(BadFile, match=words):
        judged(workspace, PROJECT)


SECOND_EDITION = (
    "edition: 2\nsuperseded:\n  - edition: 1\n    on: 2023-05-01\n    reason: 补正\n"
    "    filing:\n      - file: filing.txt\n"
    f"        sha256: {hashlib.sha256(FILED.read_bytes()).hexdigest()}\n"
)


@pytest.mark.parametrize("changed", [{"line": "预算支出率"}, {"line": "预算执行率", "at": "附件9"}])
def test_a_reviewed_line_that_a_new_edition_has_no_more_is_asked_again(workspace, changed):
    write(workspace, review_yaml(**changed), SECOND_EDITION)
    judgement = judged(workspace, PROJECT)
    assert judgement.card.reviewed_total is None
    (lapsed,) = judgement.card.lapsed_reviews
    assert lapsed.line == changed["line"]
    (note,) = table_scores(judgement).block.notes[2:]
    assert f"{lapsed.line}：新版材料的评分表没有这一行" in note[0].text
    assert "须重新复核；原复核 5 分" in note[0].text
    told = scorecard_as_json(judgement.card)["lapsed_reviews"]
    assert [(entry["line"], entry["score"], entry["by"]) for entry in told] == [
        (lapsed.line, "5", "张某某")
    ]


def test_a_reviewed_score_above_the_points_of_a_new_edition_is_asked_again(workspace):
    write(workspace, review_yaml(score=11), SECOND_EDITION)
    card = judged(workspace, PROJECT).card
    assert card.lines[0].review_again.score == 11
    assert card.lapsed_reviews == ()


def test_lines_of_one_name_need_an_address(sample_filing, rubrics):
    """Two lines of the sample's project have the same name once one of them is renamed."""
    card = score(sample_filing, rubrics)["project-1"]
    entry = ReviewedScore("project-1", name_of_line(card.lines[3]), None, None, Decimal(1), *WHO)
    evaluation = sample_filing.evaluation("project-1")
    twice = replace(evaluation, indicators=(*evaluation.indicators, *evaluation.indicators))
    filing = replace(sample_filing, evaluations=(twice,), reviewed=(entry,))
    with pytest.raises(BadFile, match=r"有 2 行都叫.*用 at 写明出处.*\[review-line-ambiguous\]"):
        score(filing, rubrics)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("decision: perhaps", r"decision 是 “perhaps”.*confirmed（确认）.*dismissed（不成立）"),
        ("finding: A2", r"finding 是 “A2”.*例如 A-02"),
        ("cells: 12", r"cells 是 “12”.*12 位的单元格指纹"),
        ("evaluation: roads", r"没有自评 “roads”.*department、community-correction"),
        ("reason: ''", r"reason"),
        ("why: x", r"不认识的键 “why”"),
    ],
)
def test_a_mistake_in_a_decision_says_what_was_expected(text, words):
    key, _, value = text.partition(": ")
    entry = {
        "finding": "A-02", "evaluation": "department", "cells": "'0123456789ab'",
        "decision": "confirmed", "reason": "属实", "by": "张某某", "on": "2023-05-04", key: value,
    }  # fmt: skip
    listed = "".join(f"\n    {name}: {told}" for name, told in entry.items())
    with pytest.raises(BadFile, match=words):
        read_decisions(load_yaml_text(f"decisions:\n  -{listed[4:]}", "x.yaml"), "x.yaml", KEYS)


def test_one_finding_is_decided_once():
    entry = "{finding: A-02, cells: 0123456789ab, decision: confirmed, reason: 甲, by: 乙, on: 2023-05-04}"
    with pytest.raises(BadFile, match=r"第 2 条：A-02 的同一项发现.*\[decision-twice\]"):
        read_decisions(load_yaml_text(f"decisions: [{entry}, {entry}]", "x.yaml"), "x.yaml", KEYS)


def test_one_line_is_reviewed_once():
    entry = "{evaluation: department, line: 甲, claimed: 1, score: 1, reason: 甲, by: 乙, on: 2023-05-04}"
    text = f"review: {{scores: [{entry}, {entry}]}}"
    with pytest.raises(BadFile, match=r"第 2 条：“甲” 已有复核得分.*\[review-twice\]"):
        read_review(load_yaml_text(text, "x.yaml"), "x.yaml", KEYS)


def shown(cell):
    """The text of a table's cell."""
    return "".join(run.text for run in cell.runs)


def decision_yaml(finding, verdict="explained"):
    return (
        f"decisions:\n  - finding: {finding.id}\n    evaluation: {finding.evaluation}\n"
        f"    cells: '{finding.cells}'\n    at: {first_place(finding)}\n    decision: {verdict}\n"
        "    reason: 单位来函说明\n    by: 张某某\n    on: 2023-05-04\n"
    )


def review_yaml(**changed):
    entry = {
        "evaluation": PROJECT, "line": "预算执行率", "claimed": 9, "score": 5,
        "reason": "单位来函说明", "by": "张某某", "on": "2023-05-04",
    } | changed  # fmt: skip
    listed = "".join(f"      {name}: {told}\n" for name, told in entry.items())
    return f"review:\n  scores:\n    - {listed[6:]}"


def corrected(workspace, finding, cell, expect, value):
    amendment = Amendment(None, cell.address, expect, value, *WHO)
    listed = "".join(
        f"    {key}: {getattr(amendment, key)!r}\n"
        for key in ("at", "expect", "value", "reason", "by", "on")
    )
    write(workspace, decision_yaml(finding) + f"corrections:\n  - {listed[4:]}")


def write(workspace, *texts):
    """Put parts of a unit's YAML in place of those the sample has."""
    path = workspace.unit_file(UNIT, YEAR)
    text = (REPOSITORY / "params/units" / UNIT / f"{YEAR}.yaml").read_text("utf-8")
    for part in "".join(texts).splitlines():
        if match := re.fullmatch(r"(\w+):.*", part):
            text = re.sub(rf"(?m)^{match[1]}:.*\n", "", text)
    path.write_text(text + "".join(texts), "utf-8")


def judged(workspace, key="department"):
    filing = open_filing(UNIT, YEAR, workspace)
    rubrics = open_rubrics(UNIT, YEAR, workspace=workspace)
    return judge(filing, key, rubrics, open_checklist(workspace))


@pytest.fixture
def workspace(tmp_path):
    for name in ("params", "data"):
        shutil.copytree(REPOSITORY / name, tmp_path / name)
    return Workspace(tmp_path)
