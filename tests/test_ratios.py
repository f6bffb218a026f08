"""0.98 for 98 % (FAULTS.md A31): the cell and the likely reading are named, nothing is corrected."""

from dataclasses import replace
from pathlib import Path

import pytest
from tests.conftest import ROOT
from tests.formats import SAMPLE, codes
from tests.small_form import FORMATS, SmallForm, read_form

from jixiao.importers import read_document
from jixiao.rubric import choose_rubric
from jixiao.scoring import score

FORM = SmallForm()
TEXT = SAMPLE.read_text("utf-8")
FILINGS = sorted((ROOT / "tests/data/filings").glob("*.txt"))
CODE = "percent-or-ratio"


def doubts(filing) -> list[str]:
    return [problem.message for problem in filing.problems if problem.code == CODE]


def with_rate(rate: str, final: str = "38", actual: str = "19.62") -> SmallForm:
    return FORM.with_budget("38", final, actual, "10", rate, "5.16")


@pytest.mark.parametrize("path", [SAMPLE, *FILINGS], ids=lambda path: path.stem)
def test_no_rate_of_the_filings_at_hand_is_doubted(path):
    assert doubts(read_document(path)) == []


@pytest.mark.parametrize(
    "rate", ["51.63%", "51.63", "51%", "52", "５１．６３％", "51.63百分比", "", "—", "/"]
)
def test_a_rate_in_per_cent_is_not_doubted(tmp_path, rate):
    assert doubts(read_form(tmp_path, with_rate(rate))) == []


@pytest.mark.parametrize(
    ("rate", "likely"),
    [
        ("0.5163", "51.63%"),
        ("0.516", "51.60%"),
        ("0.52", "52%"),
        ("0.5", "50%"),
        ("０．５２", "52%"),
        ("0.5163%", "51.63%"),
        ("5163%", "51.63%"),
    ],
)
def test_a_rate_a_hundred_times_off_is_named(tmp_path, rate, likely):
    found = read_form(tmp_path, with_rate(rate))
    (message,) = doubts(found)
    assert f"“{rate}”" in message
    assert f"很可能是“{likely}”" in message
    assert "按表中数计算应为 51.63%" in message
    assert "第4行第7列" in message
    assert found.evaluations[0].budget.execution_rate.text == rate
    assert found.problems[0].evaluation == "project-1"


@pytest.mark.parametrize(
    ("rate", "final", "actual", "doubted"),
    [
        ("1", "38", "38", True),
        ("1.04", "38", "39.51", True),
        ("0.98", "1000", "9.8", False),
        ("0.01", "1000", "9.8", False),
        ("1", "1000", "9.8", False),
        ("1", "38", "19.62", False),
        ("0.1", "1000", "52", False),
        ("0.98", "", "19.62", True),
        ("98", "", "19.62", False),
        ("0.98%", "", "19.62", False),
        ("≥0.98", "", "19.62", True),
        ("约0.98", "38", "19.62", False),
    ],
)
def test_where_a_rate_is_doubted(tmp_path, rate, final, actual, doubted):
    assert bool(doubts(read_form(tmp_path, with_rate(rate, final, actual)))) is doubted


@pytest.mark.parametrize(
    ("target", "achieved", "cell", "likely"),
    [
        ("≥95%", "0.96", "实际完成值", "96%"),
        ("≥95%", "1", "实际完成值", "100%"),
        ("≥0.95", "96%", "指标值", "≥95%"),
        ("≥95", "0.96", "实际完成值", "96%"),
        ("95.00％", "0.96", "实际完成值", "96%"),
    ],
)
def test_a_bare_ratio_beside_a_percentage_is_named(tmp_path, target, achieved, cell, likely):
    found = read_form(tmp_path, FORM.with_indicator(1, target=target, achieved=achieved))
    (message,) = doubts(found)
    assert f"{cell}没有百分号" in message
    assert f"很可能是“{likely}”" in message
    indicator = found.evaluations[0].indicators[1]
    assert (indicator.target.text, indicator.achieved.text) == (target, achieved)


@pytest.mark.parametrize(
    ("target", "achieved"),
    [
        ("≥95%", "96%"),
        ("≥95%", "96"),
        ("≥0.95", "0.96"),
        ("≤0.2%", "0.1"),
        ("≥200人次", "0.5"),
        ("≥95%", "0"),
        ("≥95%", "合格"),
        ("95", "96"),
    ],
)
def test_what_is_no_ratio_is_not_doubted(tmp_path, target, achieved):
    form = FORM.with_indicator(1, target=target, achieved=achieved)
    assert doubts(read_form(tmp_path, form)) == []


def test_a_doubtful_ratio_is_never_scored_as_met(tmp_path):
    found = read_form(tmp_path, FORM.with_indicator(1, achieved="0.96"))
    rubrics = {"project": choose_rubric(Path(ROOT / "params/rubrics"), 2022, "project")}
    line = score(found, rubrics)["project-1"].lines[2]
    assert line.status == "accepted"
    assert line.low.value < line.high.value


@pytest.mark.parametrize("ending", FORMATS)
def test_every_format_says_it(tmp_path, ending):
    found = read_form(tmp_path, with_rate("0.5163"), ending=ending)
    assert codes(found) == [CODE]


def test_a_control_rate_of_the_base_data_is_named(tmp_path):
    path = tmp_path / "filing.txt"
    path.write_text(TEXT.replace("\t48\n\t100%　", "\t48\n\t0.857", 1), "utf-8")
    (message,) = doubts(read_document(path))
    assert "附件1" in message
    assert "人员控制率按表中数计算应为 85.71%，相差 100 倍，很可能是“85.70%”" in message


def test_an_excel_percentage_is_no_ratio(tmp_path):
    found = read_form(tmp_path, replace(FORM), ending="xlsx")
    assert found.evaluations[0].budget.execution_rate.text == "51.63%"
    assert doubts(found) == []
