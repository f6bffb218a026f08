"""Amounts of one subject that differ by 10,000: another unit is likely, and nothing is corrected."""

from dataclasses import replace

import pytest
from tests.conftest import ROOT
from tests.formats import SAMPLE
from tests.small_form import SmallForm, read_form

from jixiao.importers import read_document
from jixiao.importers.magnitude import implausible_units

TEXT = SAMPLE.read_text("utf-8")
FILINGS = sorted((ROOT / "tests/data/filings").glob("*.txt"))
CODE = "money-unit-implausible"


def doubts(filing) -> list[str]:
    return [problem.message for problem in filing.problems if problem.code == CODE]


def changed(folder, *changes: tuple[str, str], count: int = -1):
    text = TEXT
    for before, after in changes:
        assert before in text
        text = text.replace(before, after, count)
    path = folder / "filing.txt"
    path.write_text(text, "utf-8")
    return read_document(path)


@pytest.mark.parametrize("path", [SAMPLE, *FILINGS], ids=lambda path: path.stem)
def test_no_filing_at_hand_is_doubted(path):
    assert doubts(read_document(path)) == []


DEPARTMENT = ("\t969.65\n\t1008.22\n\t1008.22\n", "\t9696500\n\t10082200\n\t10082200\n")
PROJECT = ("\t38\n\t38\n\t　19.62\n\t10分", "\t380000\n\t380000\n\t　196200\n\t10分")
CORRECTION_ROW = ("\t69.33\n\t38\n\t5.84\n", "\t69.33\n\t380000\n\t58400\n")
CASES = {
    "a department's budget in 元 under 万元": (
        [DEPARTMENT],
        ["附件2 第3行第5列（原文第226行） “10082200”", "附件1 第", "同为“支出总额”", "很可能是前者实际以元计"],
    ),
    "a project's budget in 元 under 万元": (
        [PROJECT],
        ["社区矫正 附件 第4行第5列", "196200", "“5.84”", "同为“社区矫正支出”"],
    ),
    "a row of the base data in 元 under 万元": (
        [CORRECTION_ROW],
        ["附件1", "58400", "社区矫正 附件", "“　19.62”".replace("　", "")],
    ),
    "a figure of the narrative": (
        [("截至2022年12月该项目资金支出19.62万元", "截至2022年12月该项目资金支出19.62元")],
        ["社区矫正 正文", "“19.62元”", "（以元计）", "很可能是前者实际以万元计"],
    ),
    "the narrative's basic expenditure": (
        [("基本支出827.19万元", "基本支出8271900万元")],
        ["“8271900万元”", "同为“基本支出”"],
    ),
    "a budget in 亿元 and one in 元": (
        [
            ("\t年度预\n算申请\n（万元）", "\t年度预\n算申请\n（亿元）"),
            ("\t969.65\n\t1008.22\n\t1008.22\n", "\t9696500\n\t10082200\n\t10082200\n"),
        ],
        ["约 100000000 倍", "很可能是前者实际以元计"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_both_places_and_the_likely_unit_are_named(tmp_path, name):
    changes, words = CASES[name]
    found = doubts(changed(tmp_path, *changes))
    assert found
    for word in words:
        assert word in found[0], found
    assert all("没有改动" in message and "请核对原件" in message for message in found)


def test_nothing_is_corrected_and_the_evaluation_is_named(tmp_path):
    found = changed(tmp_path, PROJECT)
    assert found.evaluations[1].budget.actual_expenditure.text == "196200万元"
    problems = [problem for problem in found.problems if problem.code == CODE]
    assert {problem.evaluation for problem in problems} == {"project-1"}
    places = [problem.source for problem in problems]
    assert len(places) == len(set(places))


def test_one_cell_of_a_row_in_another_unit(tmp_path):
    form = SmallForm().with_budget("38", "38", "196200", "10", "51.63%", "5.16")
    (message, *_) = doubts(read_form(tmp_path, form))
    assert "“196200”" in message
    assert "很可能是前者实际以元计" in message


def test_a_unit_that_is_written_and_right_is_not_doubted(tmp_path):
    form = SmallForm().with_budget("38", "38", "196200元", "10", "51.63%", "5.16")
    assert doubts(read_form(tmp_path, form)) == []


@pytest.mark.parametrize(
    ("amount", "doubted"),
    [
        ("19.62", False),
        ("0", False),
        ("", False),
        ("3800", False),
        ("99999", False),
        ("100001", True),
        ("380000", True),
        ("2499999", True),
        ("2500001", False),
        ("-380000", True),
        ("1000000001", True),
        ("24999999999", True),
        ("25000000001", False),
    ],
)
def test_where_doubt_begins_and_ends(tmp_path, amount, doubted):
    form = SmallForm().with_budget("", "50", amount, "10", "51.63%", "5.16")
    assert bool(doubts(read_form(tmp_path, form))) is doubted


def test_a_small_project_of_a_large_department_is_no_doubt(tmp_path):
    """181.03 of all projects; 0.01 of one is a ten-thousandth and may well be right."""
    small = ("\t38\n\t38\n\t　19.62\n\t10分", "\t0.02\n\t0.02\n\t　0.01\n\t10分")
    found = changed(tmp_path, small, ("社区矫正", "法治讲座"))
    assert doubts(found) == []


def test_a_project_ten_thousand_times_all_projects_is(tmp_path):
    large = ("\t38\n\t38\n\t　19.62\n\t10分", "\t1900000\n\t1900000\n\t　1810000\n\t10分")
    path = tmp_path / "filing.txt"
    path.write_text(TEXT.replace(*large), "utf-8")
    found = read_document(path)
    project = replace(
        found.evaluations[1], project=replace(found.evaluations[1].title, text="另一个项目")
    )
    alone = replace(found, evaluations=(project,), statements=())
    (problem,) = implausible_units(alone)
    assert "分属“项目支出”" in problem.message
    assert "部分不应超过总数" in problem.message


def test_a_line_ten_thousand_times_its_total_is(tmp_path):
    form = SmallForm()
    line = ("", "其中：当年财政拨款", "38", "38", "196200", "-", "-", "-")
    found = read_form(tmp_path, replace(form, budget=(form.budget[0], line)))
    (message,) = doubts(found)
    assert "“196200”" in message
    assert "分属“年度资金总额”" in message
    assert "很可能是前者实际以元计" in message


def test_a_row_ten_thousand_times_the_total_of_the_base_data_is(tmp_path):
    found = changed(tmp_path, ("\t14\n\t12\n\t12\n", "\t14\n\t12\n\t12000000\n"))
    (message,) = doubts(found)
    assert "“12000000”" in message
    assert "分属“支出总额”" in message
