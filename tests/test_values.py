"""What cells hold (FAULTS.md A32-A38, A40): bounds, words, blanks, signs, dates, names like values."""

from dataclasses import replace
from decimal import Decimal

import pytest
from tests import build
from tests.conftest import ROOT
from tests.formats import codes
from tests.small_form import FORMATS, SmallForm, Written, read_form

from jixiao.audit import examine
from jixiao.datum import Reading, read_quantity
from jixiao.importers import read_document
from jixiao.rubric import choose_rubric, load_checklist
from jixiao.scoring import score

FORM = SmallForm()
RUBRICS = {
    kind: choose_rubric(ROOT / "params/rubrics", 2022, kind) for kind in ("department", "project")
}
CHECKLIST = load_checklist(ROOT / "params/checks.yaml")


def scored(filing):
    """The line of the first indicator, and the codes of the findings."""
    cards = score(filing, RUBRICS)
    audit = examine(filing, cards, RUBRICS, CHECKLIST)
    return cards["project-1"].lines[1], {finding.code for finding in audit.findings}


# --- A32: bounds and ranges as results ---


@pytest.mark.parametrize("ending", FORMATS)
@pytest.mark.parametrize(
    "achieved", ["≥200人次", "≧200人次", ">=200人次", "200人次以上", "不少于200人次"]
)
def test_a_bound_filed_as_a_result_is_said_and_never_recomputed(tmp_path, achieved, ending):
    found = read_form(tmp_path, FORM.with_indicator(0, achieved=achieved), ending=ending)
    line, findings = scored(found)
    assert found.evaluations[0].indicators[0].achieved.text == achieved
    assert line.status == "accepted"
    assert "achieved-is-bound" in findings


@pytest.mark.parametrize(
    ("target", "operator"),
    [("≥200人次", "≥"), ("≤200人次", "≤"), ("＞200人次", ">"), ("<200人次", "<"), ("200人次以上", "≥"),
     ("200人次以内", "≤"), ("控制在200人次以内", "≤"), ("=200人次", "="), ("200人次", None)],
)  # fmt: skip
def test_an_operator_is_part_of_the_target(tmp_path, target, operator):
    found = read_form(tmp_path, FORM.with_indicator(0, target=target))
    quantity = found.evaluations[0].indicators[0].target.quantity
    assert (quantity.operator, quantity.value, quantity.unit) == (operator, Decimal(200), "人次")


@pytest.mark.parametrize(
    "target", ["200-300人次", "200～300人次", "200人次至300人次", "２００—３００人次"]
)
def test_a_range_has_two_ends_and_is_no_number(tmp_path, target):
    found = read_form(tmp_path, FORM.with_indicator(0, target=target))
    quantity = found.evaluations[0].indicators[0].target.quantity
    assert (quantity.reading, quantity.value, quantity.upper) == (Reading.RANGE, 200, 300)
    assert scored(found)[0].status == "accepted"


# --- A33: words ---


@pytest.mark.parametrize("word", ["达标", "提升", "改善", "较高", "完成", "有效", "明显增强"])
def test_a_word_is_judged_by_people_and_not_given_full_points_by_default(tmp_path, word):
    form = FORM.with_indicator(0, target=word, achieved=word, score="30")
    line, _ = scored(read_form(tmp_path, form))
    assert line.status == "accepted"
    assert line.low.value < line.high.value == 30
    without = read_form(tmp_path, FORM.with_indicator(0, target=word, achieved=word, score=""))
    assert scored(without)[0].score.value is None


# --- A34: blanks, not applicable, zero, unreadable ---

BLANKS = {
    "": ("absent", None),
    "　": ("absent", None),
    " \u00a0": ("absent", None),
    "——": ("absent", None),
    "—": ("absent", None),
    "-": ("absent", None),
    "……": ("absent", None),
    "/": ("not_applicable", None),
    "无": ("not_applicable", None),
    "N/A": ("not_applicable", None),
    "0": ("number", "0"),
    "0.00": ("number", "0.00"),
    "零": ("number", "0"),
    "０": ("number", "0"),
    "②": ("unreadable", None),
    "待定": ("word", None),
    "约38": ("approximate", None),
    "nan": ("unreadable", None),
}


@pytest.mark.parametrize("ending", FORMATS)
@pytest.mark.parametrize("text", BLANKS)
def test_absent_is_not_zero_and_neither_is_unreadable(tmp_path, text, ending):
    reading, value = BLANKS[text]
    assert read_quantity(text).reading == reading
    found = read_form(
        tmp_path, FORM.with_budget(text, "38", "19.62", "10", "51.63%", "5.16"), ending=ending
    )
    amount = found.evaluations[0].budget.original_budget
    assert amount.value == (None if value is None else Decimal(value))
    said = [] if reading in ("absent", "not_applicable", "number") else ["unreadable-number"]
    assert codes(found) == said


# --- A35: signs and sizes ---


@pytest.mark.parametrize("text", ["-19.62", "−19.62", "（19.62）", "(19.62)", "－19.62"])
def test_a_negative_amount_is_kept_and_said(tmp_path, text):
    found = read_form(tmp_path, FORM.with_budget("38", "38", text, "10", "-51.63%", "0"))
    assert found.evaluations[0].budget.actual_expenditure.value == Decimal("-19.62")
    assert codes(found) == ["amount-negative"]
    assert "请核对原件" in found.problems[0].message
    assert "第4行第5列" in found.problems[0].message
    assert score(found, RUBRICS)["project-1"].lines[0].score.value == 0


def test_more_spent_than_planned_earns_no_more_than_all_points(tmp_path):
    found = read_form(tmp_path, FORM.with_budget("38", "38", "45", "10", "118.42%", "11.84"))
    line = score(found, RUBRICS)["project-1"].lines[0]
    assert line.score.value == 10
    _, findings = scored(found)
    assert {"execution-score", "score-out-of-range"} & findings


@pytest.mark.parametrize(("text", "finding"), [("35", True), ("-5", True), ("30", False)])
def test_a_score_outside_its_points_is_found(tmp_path, text, finding):
    found = read_form(tmp_path, FORM.with_indicator(0, score=text))
    assert found.evaluations[0].indicators[0].score.value == Decimal(text)
    assert ("score-out-of-range" in scored(found)[1]) is finding


# --- A36: what a float can hold and a sum cannot ---


@pytest.mark.parametrize("number", ["1e400", "-1e400", "NaN", "INF", "-Infinity", "1E+309"])
def test_no_infinity_comes_in_through_a_workbook(tmp_path, number):
    content = Written().content("xlsx")
    part = "xl/worksheets/sheet1.xml"
    changed = build.with_part(content, part, f"<v>{number}</v>", "<v>19.62</v>")
    assert changed != content
    path = tmp_path / "form.xlsx"
    path.write_bytes(changed)
    found = read_document(path)
    assert found.evaluations[0].budget.actual_expenditure.value is None
    assert "cell-error" in codes(found)
    assert all(problem.source for problem in found.problems)


@pytest.mark.parametrize("text", ["1e400", "inf", "NaN", "1e5", "1_000", "0x10", "9" * 40])
def test_no_text_becomes_a_number_that_only_python_reads(tmp_path, text):
    found = read_form(tmp_path, FORM.with_budget(text, "38", "19.62", "10", "51.63%", "5.16"))
    assert found.evaluations[0].budget.original_budget.value is None
    assert codes(found) == ["unreadable-number"]


# --- A37: dates ---


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("2023.4.25", "date"),
        ("2023年4月25日", "date"),
        ("2023-04-25", "date"),
        ("2023/4/25", "date"),
        ("2023年4月", "date"),
        ("4月25日前", "date"),
        ("2022年12月底前", "date"),
        ("2024-02-29", "date"),
        ("2022-02-29", "unreadable"),
        ("2022年13月1日", "unreadable"),
        ("2023.4.31", "unreadable"),
        ("2023-00-10", "unreadable"),
        ("20230425", "number"),
    ],
)
def test_a_date_is_no_amount_and_no_false_date_a_date(tmp_path, text, reading):
    assert read_quantity(text).reading == reading
    found = read_form(tmp_path, FORM.with_indicator(0, target=text, achieved=text))
    assert found.evaluations[0].indicators[0].target.text == text
    assert (scored(found)[0].status == "recomputed") is (reading == "number")


# --- A38: names that look like values ---


@pytest.mark.parametrize("ending", FORMATS)
@pytest.mark.parametrize(
    "name", ["NA", "null", "None", "True", "nan", "1e5", "007", "0430", "N/A", "-1"]
)
def test_a_name_is_a_name(tmp_path, name, ending):
    form = replace(FORM.with_indicator(0, name=name), name=name)
    found = read_form(tmp_path, form, ending=ending)
    (evaluation,) = found.evaluations
    assert evaluation.project.text == name
    assert evaluation.indicators[0].name == name


# --- A40: approximations ---


@pytest.mark.parametrize(
    "text", ["1631余件", "约98%", "近200人次", "200多人次", "98%左右", "18.38万"]
)
def test_an_approximation_is_kept_as_text_and_not_recomputed(tmp_path, text):
    found = read_form(tmp_path, FORM.with_indicator(0, achieved=text))
    assert found.evaluations[0].indicators[0].achieved.text == text
    assert scored(found)[0].status == "accepted"


@pytest.mark.parametrize("text", ["约38", "38余万元", "38左右", "近38万元", "30-38", "18.38万"])
def test_an_approximate_amount_is_no_amount_and_said(tmp_path, text):
    found = read_form(tmp_path, FORM.with_budget("38", text, "19.62", "10", "51.63%", "5.16"))
    assert found.evaluations[0].budget.final_budget.value is None
    assert codes(found) == ["unreadable-number"]
    assert text in found.problems[0].message
