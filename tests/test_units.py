"""Money in 元, 万元 and 亿元 (FAULTS.md A28): kept as filed, converted with a working, doubts said."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.build import pieces_of
from tests.conftest import ROOT
from tests.formats import BUILDERS, SAMPLE, codes
from tests.small_form import BUDGET_HEADER, FORMATS, SmallForm, read_form

from jixiao.audit import audit_as_json, examine
from jixiao.charts import chart_budget
from jixiao.datum import Working, workings_of
from jixiao.importers import read_document
from jixiao.importers.budget import amounts_of
from jixiao.importers.money import money_unit_in
from jixiao.rubric import choose_rubric, load_checklist
from jixiao.scoring import score, scorecard_as_json
from jixiao.scoring.units import in_one_unit

TEXT = SAMPLE.read_text("utf-8")
BARE = ("项目资金", *BUDGET_HEADER[1:])
YUAN = SmallForm().with_budget("380000", "380000", "196200", "10", "51.63%", "5.16")
RUBRICS = {
    kind: choose_rubric(ROOT / "params/rubrics", 2022, kind) for kind in ("department", "project")
}
CHECKLIST = load_checklist(ROOT / "params/checks.yaml")


def header(opening: str = "项目资金", **columns: str) -> tuple[str, ...]:
    """The budget's header with some of its words changed."""
    return (opening, *(columns.get(word, word) for word in BUDGET_HEADER[1:]))


# --- where a unit is stated ---


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("项目资金（万元）", "万元"),
        ("项目资金\n(万\n元)", "万元"),
        ("全年预算数（元）", "元"),
        ("全年预算数(单位：亿元)", "亿元"),
        ("单位：万元", "万元"),
        ("单 位：元", "元"),
        ("金额单位:人民币元", "元"),
        ("（2022年度）  单位：万元   填报日期：2023年3月", "万元"),
        ("计量单位：万元、人", "万元"),
        ("项目支出绩效自评表（万元）", "万元"),
        ("单位：千元", "千元"),
        ("（百万元）", "百万元"),
        ("（万美元）", "万美元"),
        ("项目资金 万元", "万元"),
        ("年度资金总额亿元", "亿元"),
        ("实施单位：三元", None),
        ("支出三百万元", None),
        ("填报单位：三元区财政局", None),
        ("度量单位", None),
        ("（其中每人1000元）", None),
        ("支出38万元", None),
    ],
)
def test_a_unit_is_found_where_units_state_it(text, unit):
    assert money_unit_in(text) == unit


PLACES = {
    "the opening cell": replace(YUAN, budget_header=header("项目资金（元）")),
    "a title": replace(YUAN, budget_header=BARE, above=("2022年度项目支出绩效自评表（元）",)),
    "a line above": replace(
        YUAN, budget_header=BARE, above=("2022年度项目支出绩效自评表", "金额单位：元")
    ),
    "a row of the table": replace(YUAN, budget_header=BARE, top=(("单位：元",),)),
    "a cell beside the year": replace(
        YUAN, budget_header=BARE, top=(("2022年度", "金额单位：人民币元"),)
    ),
    "behind the opening word": replace(YUAN, budget_header=header("项目资金\n单位：元")),
    "the label of the total": replace(
        YUAN,
        budget_header=BARE,
        budget=(("", "年度资金总额（元）", *YUAN.budget[0][2:]),),
        above=("2022年度项目支出绩效自评表", "单位：万元"),
    ),
    "every cell": replace(
        YUAN,
        budget_header=BARE,
        budget=(("", "年度资金总额", "380000元", "380000元", "196200元", "10", "51.63%", "5.16"),),
    ),
    "the columns": replace(
        YUAN,
        budget_header=header(
            年初预算数="年初预算数（元）",
            全年预算数="全年预算数（元）",
            全年执行数="全年执行数（元）",
        ),
    ),
}


@pytest.mark.parametrize("ending", FORMATS)
@pytest.mark.parametrize("place", PLACES)
def test_the_unit_holds_for_the_table_wherever_it_is_stated(tmp_path, place, ending):
    found = read_form(tmp_path, PLACES[place], ending=ending)
    assert codes(found) == []
    (evaluation,) = found.evaluations
    assert evaluation.money_unit == "元"
    assert evaluation.budget.actual_expenditure.text == "196200元"


def test_each_table_has_the_unit_of_the_line_above_it(tmp_path):
    above = ("2022年度项目支出绩效自评表", "单位：元")
    one = replace(YUAN, budget_header=BARE, above=above, after=())
    two = replace(SmallForm(), name="修缮经费", budget_header=BARE, above=("单位：万元",), after=())
    found = read_form(tmp_path, one, two, ending="docx")
    assert [e.money_unit for e in found.evaluations] == ["元", "万元"]


# --- several units, unknown units, none ---


def test_a_column_keeps_its_own_unit_and_computing_converts(tmp_path):
    form = SmallForm().with_budget("38", "38", "196200", "10", "51.63%", "5.16")
    form = replace(form, budget_header=header("项目资金（万元）", 全年执行数="全年执行数（元）"))
    found = read_form(tmp_path, form)
    (evaluation,) = found.evaluations
    assert evaluation.money_unit == "万元"
    assert evaluation.budget.actual_expenditure.text == "196200元"
    (problem,) = found.problems
    assert problem.code == "money-unit-mixed"
    assert "第4行第5列（原文第23行） “196200”：以元计，而同一张表以万元计" in problem.message
    assert problem.message.endswith("请核对原件。")
    card = score(found, RUBRICS)["project-1"]
    rates = [d for d in workings_of(card.lines[0].score) if d.unit == "%"]
    assert rates[0].text == "51.63%"
    converted = in_one_unit(found).evaluations[0].budget.actual_expenditure
    assert converted.text == "19.62万元"
    assert isinstance(converted.origin, Working)
    assert "由元换算为万元" in converted.origin.formula
    assert "19.62" in chart_budget(evaluation, card).alt


def test_a_cell_with_a_unit_of_its_own_keeps_it(tmp_path):
    form = YUAN.with_budget("38万元", "380000", "196200", "10", "51.63%", "5.16")
    found = read_form(tmp_path, replace(form, budget_header=header("项目资金（元）")))
    assert found.evaluations[0].budget.original_budget.text == "38万元"
    assert codes(found) == ["money-unit-mixed"]
    assert "“38万元”：以万元计" in found.problems[0].message
    assert in_one_unit(found).evaluations[0].budget.original_budget.text == "380000元"


def test_a_title_row_that_contradicts_the_header_is_said(tmp_path):
    found = read_form(tmp_path, replace(SmallForm(), top=(("单位：元",),)))
    assert found.evaluations[0].money_unit == "万元"
    assert codes(found) == ["money-unit-mixed"]
    assert "“单位：元”：与表头不一致" in found.problems[0].message


@pytest.mark.parametrize("unit", ["千元", "百万元", "美元", "万港币"])
def test_an_unknown_unit_is_said_and_kept(tmp_path, unit):
    found = read_form(tmp_path, replace(SmallForm(), budget_header=header(f"项目资金（{unit}）")))
    assert codes(found) == ["money-unit-unknown"]
    assert f"金额单位“{unit}”" in found.problems[0].message
    assert "第3行第1列" in found.problems[0].message
    assert found.evaluations[0].budget.final_budget.text == f"38{unit}"
    assert score(found, RUBRICS)["project-1"].lines[0].score is not None


def test_an_amount_in_an_unknown_unit_is_no_amount(tmp_path):
    found = read_form(tmp_path, YUAN.with_budget("38千元", "38", "19.62", "10", "51.63%", "5.16"))
    assert found.evaluations[0].budget.original_budget.value is None
    assert codes(found) == ["unreadable-number"]


def test_base_data_without_a_unit_say_so(tmp_path):
    path = tmp_path / "filing.txt"
    path.write_text(TEXT.replace("\t经费控制情况（万元）", "\t经费控制情况"), "utf-8")
    found = read_document(path)
    assert codes(found) == ["money-unit-missing"]
    assert "经费控制情况" in found.problems[0].message


# --- one table in another unit: nothing changes but the addresses ---


SAMPLE_FILING = read_document(SAMPLE)
DEPARTMENT, PROJECT = (amounts_of(e.budget) for e in SAMPLE_FILING.evaluations)
BASE = [
    amount
    for row in SAMPLE_FILING.base_data.expenditure
    for amount in (row.prior_outturn, row.budget, row.outturn)
]
#: The amounts of a table, and the line on which its header states the unit.
TABLES = {"department": (DEPARTMENT, 212), "project": (PROJECT, 541), "base data": (BASE, 75)}


def rescaled(table: str, unit: str, factor: Decimal) -> str:
    """The sample with one table's amounts in another unit, its header saying so."""
    amounts, header_line = TABLES[table]
    lines = TEXT.split("\n")
    assert "（万元）" in lines[header_line - 1]
    lines[header_line - 1] = lines[header_line - 1].replace("（万元）", f"（{unit}）")
    for amount in amounts:
        if amount.value is not None:
            at = amount.origin.line - 1
            old = f"{amount.value:f}"
            assert old in lines[at]
            lines[at] = lines[at].replace(old, f"{(amount.value * factor).normalize():f}")
    return "\n".join(lines)


def judged(folder: Path, text: str, ending: str = "txt") -> tuple[Any, Any]:
    """What scoring and the audit decide, addresses, workings and wording of amounts left out."""
    path = folder / "filing.txt"
    path.write_text(text, "utf-8")
    found = read_document(path)
    if ending != "txt":
        path = folder / f"filing.{ending}"
        path.write_bytes(BUILDERS[ending](pieces_of(found)))
        found = read_document(path)
    assert codes(found) == []
    cards = score(found, RUBRICS)
    scored = [scorecard_as_json(card) for card in cards.values()]
    decided = [
        (
            [(line["path"], line["score"], line["status"], line["low"]) for line in card["lines"]],
            [
                (each["name"], each["value"], each["unit"])
                for each in card["indicators_of_base_data"]
            ],
            [card[key] for key in ("total_on_100", "grade", "stated_total", "score_total")],
        )
        for card in scored
    ]
    audit = audit_as_json(examine(found, cards, RUBRICS, CHECKLIST))
    findings = [
        (
            f["id"],
            f["code"],
            f["severity"],
            f["evaluation"],
            [place["text"] for place in f["where"]],
        )
        for f in audit["findings"]
    ]
    counted = [len(places) for *_, places in findings]
    named = [finding[:4] for finding in findings]
    passed = [(each["id"], each["evaluation"]) for each in audit["passed"]]
    skipped = [(each["id"], each["reason"]) for each in audit["not_checked"]]
    return decided, (named, counted, passed, skipped)


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(("unit", "factor"), [("元", "10000"), ("亿元", "0.0001")])
def test_a_table_in_another_unit_gives_the_same_scores_and_findings(tmp_path, table, unit, factor):
    assert judged(tmp_path, rescaled(table, unit, Decimal(factor))) == judged(tmp_path, TEXT)


@pytest.mark.parametrize("ending", ["docx", "xlsx", "html"])
@pytest.mark.parametrize("table", TABLES)
def test_so_does_a_table_of_every_format(tmp_path, table, ending):
    text = rescaled(table, "元", Decimal(10_000))
    assert judged(tmp_path, text, ending) == judged(tmp_path, TEXT, ending)


def test_all_tables_in_yuan_give_the_same_scores_and_findings(tmp_path):
    text = TEXT
    for name in TABLES:
        changed = rescaled(name, "元", Decimal(10_000)).split("\n")
        lines = zip(text.split("\n"), TEXT.split("\n"), changed, strict=True)
        text = "\n".join(new if new != old else now for now, old, new in lines)
    assert judged(tmp_path, text) == judged(tmp_path, TEXT)
