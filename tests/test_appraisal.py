"""What the audit comes to: figures compared, the warning, and the house's own quality score."""

from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from tests.test_audit import filing_with

from jixiao.audit import CHECKS, DEPARTMENT_CHECKS, FILING_CHECKS, PROJECT_CHECKS, judge
from jixiao.audit.appraisal import appraisal_as_json
from jixiao.cli import run
from jixiao.model import words
from jixiao.tables import table_appraisal, table_narrative
from jixiao.tables.result import result_as_json

ALL = sorted({entry[0] for entry in (*CHECKS, *DEPARTMENT_CHECKS, *PROJECT_CHECKS, *FILING_CHECKS)})


@pytest.fixture(scope="module")
def judgement(sample_filing, rubrics, checklist):
    return judge(sample_filing, "project-1", rubrics, checklist)


def said(judgement, label: str) -> tuple[str, str | None]:
    found = [c for c in judgement.appraisal.comparisons if c.statement.label == label]
    return found[0].verdict, found[0].cell.text if found[0].cell else None


@pytest.mark.parametrize(
    ("label", "verdict", "cell"),
    [
        ("项目资金支出", "agreed", "19.62万元"),
        ("结余", "agreed", "18.38万元"),
        ("年度资金预算执行率", "different", "51.63%"),
        ("解除社区矫正对象", "agreed", "202人"),
        ("终止社区矫正", "not_matched", None),
        ("城市居民满意度", "not_matched", None),
    ],
)
def test_figures_of_the_text_are_held_against_cells(judgement, label, verdict, cell):
    assert said(judgement, label) == (verdict, cell)


def test_every_figure_is_counted_once(judgement, sample_filing):
    told = appraisal_as_json(judgement.appraisal)["narrative"]
    count = sum(s.evaluation == "project-1" for s in sample_filing.statements)
    assert told["agreed"] + told["different"] + told["not_matched"] == count
    assert len(told["figures"]) == count
    assert told["different"] == 1


@pytest.mark.parametrize(
    ("edits", "colour", "reason"),
    [
        ({}, "red", "47.85%，超过红色预警线 5%"),
        ({557: "T　38"}, "none", "0万元 ÷ 38万元"),
        ({556: "T0"}, "yellow", "全年预算数为 0万元"),
        ({556: "T"}, None, "没有全年预算数"),
        ({557: "T30.3", 630: "　5", 663: "　5"}, "yellow", "20.26%，超过黄色预警线 20%"),
        ({557: "T30.4", 630: "　5", 663: "　5"}, "none", "7.60万元 ÷ 38万元"),
        ({557: "T38", 630: "　"}, None, "没有填报分值或得分"),
    ],
)
def test_the_warning_is_red_then_yellow(tmp_path, rubrics, checklist, edits, colour, reason):
    alarm = judge(filing_with(edits, tmp_path), "project-1", rubrics, checklist).appraisal.alarm
    assert alarm.colour == colour
    assert reason in words(alarm.reason)


def test_quality_is_a_hundred_less_what_findings_cost(judgement):
    quality = judgement.appraisal.quality
    points = {"high": 8, "medium": 3, "low": 1}
    costs = Counter[str]()
    for finding in judgement.audit.findings:
        if finding.cause is None:
            costs[finding.id[0]] += points[finding.severity]
    assert dict(quality.costs) == {group: Decimal(min(40, cost)) for group, cost in costs.items()}
    assert quality.score == max(0, 100 - sum(min(40, cost) for cost in costs.values()))
    assert quality.grade == "差"
    assert (quality.apart.text, quality.band) == ("4.55%", Decimal(5))


def test_the_report_says_it_is_no_official_score(judgement, checklist):
    shown = table_appraisal(judgement, checklist)._repr_mimebundle_()["text/html"]
    assert "材料质量分（非官方）" in shown
    assert "不是官方评分" in shown
    assert "红色预警" in shown
    listed = table_narrative(judgement)._repr_mimebundle_()["text/html"]
    assert "不符 1" in listed
    assert result_as_json(judgement, "u", "internal")["appraisal"]["quality"]["official"] is False


def test_a_filing_without_narrative_says_so(tmp_path, rubrics, checklist):
    path = Path(__file__).parent / "data/filings/05-tianchang-water-2022.txt"
    blank = judge(
        filing_with({}, tmp_path, f"filings/{path.name}"), "project-1", rubrics, checklist
    )
    assert "没有可以核对的数字" in table_narrative(blank)._repr_mimebundle_()["text/html"]


@pytest.mark.parametrize("check", ALL)
def test_every_check_explains_itself(check, capsys):
    assert run(["audit", "--explain", check]) == 0
    told = capsys.readouterr().out
    assert all(part in told for part in (check, "做什么：", "举例：", "依据："))
    assert "['" not in told
