"""Fault by fault (FAULTS.md A15-A40): what filings get wrong, in every format that is read."""

from dataclasses import replace

import pytest
from tests.formats import SAMPLE, codes
from tests.small_form import FORMATS, SmallForm, read_form

from jixiao.importers import read_document

FORM = SmallForm()


@pytest.mark.parametrize("ending", FORMATS)
def test_the_small_form_is_read_without_a_problem(tmp_path, ending):
    found = read_form(tmp_path, ending=ending)
    assert codes(found) == []
    (evaluation,) = found.evaluations
    assert [i.name for i in evaluation.indicators] == [
        "培训人次", "培训合格率", "群众知晓率", "学员满意度",
    ]  # fmt: skip
    assert evaluation.budget.actual_expenditure.text == "19.62万元"
    assert evaluation.claimed_total.score.text == "93.16分"


# --- the total row ---


TOTALS = {
    "a spacer before it": (("", "总分", "100", "93.16", ""),),
    "two spacers before it": (("", "", "总分", "100", "93.16", ""),),
    "a cell for every column": (("", "总分", "", "", "", "", "100", "93.16", ""),),
    "every column, the word first": (("总分", "", "", "", "", "", "100", "93.16", ""),),
    "with a grade": (("", "合计", "100", "93.16", "优"),),
}


@pytest.mark.parametrize("ending", FORMATS)
@pytest.mark.parametrize("name", TOTALS)
def test_a_total_row_is_no_indicator(tmp_path, name, ending):
    found = read_form(tmp_path, replace(FORM, total=TOTALS[name]), ending=ending)
    assert codes(found) == []
    (evaluation,) = found.evaluations
    assert len(evaluation.indicators) == 4
    total = evaluation.claimed_total
    assert (total.points.text, total.score.text) == ("100分", "93.16分")
    assert total.source.text.strip() in ("总分", "合计")


@pytest.mark.parametrize("ending", FORMATS)
def test_a_total_on_top_opens_the_form_and_a_total_below_closes_it(tmp_path, ending):
    top = (("自评总分", "93.16", "自评等级", "优"),)
    found = read_form(tmp_path, replace(FORM, top=top), ending=ending)
    assert codes(found) == []
    assert found.evaluations[0].claimed_total.points.text == "100分"
    found = read_form(tmp_path, replace(FORM, top=top, total=()), ending=ending)
    (evaluation,) = found.evaluations
    assert len(evaluation.indicators) == 4
    assert evaluation.claimed_total.score.text == "93.16分"
    assert evaluation.claimed_total.points.value is None
    assert codes(found) == []


@pytest.mark.parametrize("ending", FORMATS)
def test_two_forms_with_their_totals_on_top_stay_apart(tmp_path, ending):
    top = (("自评总分", "93.16"),)
    one = replace(FORM, top=top, total=(), after=())
    two = replace(one, name="修缮经费", top=(("自评总分", "88"),), above=())
    found = read_form(tmp_path, one, two, ending=ending)
    scores = [e.claimed_total.score.text for e in found.evaluations]
    assert scores == ["93.16分", "88分"]
    assert [len(e.indicators) for e in found.evaluations] == [4, 4]


# --- A26: a row twice ---


@pytest.mark.parametrize("ending", FORMATS)
def test_an_indicator_twice_is_said_with_both_addresses_and_both_stay(tmp_path, ending):
    twice = (*FORM.indicators[:2], FORM.indicators[1], *FORM.indicators[2:])
    found = read_form(tmp_path, replace(FORM, indicators=twice), ending=ending)
    assert codes(found) == ["row-repeated"]
    (problem,) = found.problems
    first, second = (i.source for i in found.evaluations[0].indicators[1:3])
    assert problem.source == second
    assert problem.message.startswith(second.address)
    assert first.address in problem.message
    assert "请核对原件" in problem.message
    points = [i.points.value for i in found.evaluations[0].indicators if i.points]
    assert sum(points) == 110


def test_indicators_of_one_name_but_other_values_are_two(tmp_path):
    twice = (*FORM.indicators, ("", "", "", "4、学员满意度", "≥90%", "95%", "10", "10", ""))
    assert codes(read_form(tmp_path, replace(FORM, indicators=twice))) == []


@pytest.mark.parametrize("ending", FORMATS)
def test_a_line_of_the_budget_twice_is_said(tmp_path, ending):
    found = read_form(tmp_path, replace(FORM, budget=(*FORM.budget, FORM.budget[1])), ending=ending)
    assert codes(found) == ["row-repeated"]
    assert "同一项资金" in found.problems[0].message


def test_a_row_of_the_base_data_twice_is_said(tmp_path):
    row = "\t2、普法宣传支出\n\t14\n\t12\n\t12\n"
    text = SAMPLE.read_text("utf-8")
    assert text.count(row) == 1
    path = tmp_path / "filing.txt"
    path.write_text(text.replace(row, f"{row}\n{row}"), "utf-8")
    found = read_document(path)
    assert codes(found) == ["row-repeated"]
    assert "同一项支出" in found.problems[0].message
    levels = [(row.level, row.parent) for row in found.base_data.expenditure[4:14]]
    assert set(levels) == {(2, "项目支出")}
