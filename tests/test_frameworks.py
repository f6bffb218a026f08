"""Published results recomputed by the same functions: US OMB PART, Suzhou, Hunan towns, grades."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from tests.ruled import at, budget, evaluation, indicator

from jixiao.datum import Datum, Reference, percent, subtract, sum_filed
from jixiao.model import words
from jixiao.rubric import choose_rubric, load_rubric
from jixiao.scoring import score_evaluation
from jixiao.scoring.direct import drop_and_rescale
from jixiao.scoring.measures import MEASURES
from jixiao.scoring.sections import grade_of, score_section, weigh_sections

TESTS = Path(__file__).parent
PART = load_rubric(TESTS / "data/rubrics", "us-omb-part", 2007, "project")
RUBRIC = choose_rubric(TESTS.parent / "params/rubrics", 2022, "project")
SECTIONS = ("purpose", "planning", "management", "results")
LAW = Reference("规则", verified=True)
EFFECTIVE, ADEQUATE, NOT_SHOWN = "Moderately Effective", "Adequate", "Results Not Demonstrated"

#: Program, sections 1 to 4, published rating, weighted score: PART for the budget of 2008.
PUBLISHED = (
    ("Agricultural Commodity Grading and Certification", (80, 88, 100, 40), ADEQUATE, "64.8"),
    (
        "Agricultural Credit Insurance Fund – Guaranteed Loans",
        (100, 63, 100, 67),
        EFFECTIVE,
        "79.8",
    ),
    ("Agricultural Credit Insurance Fund Direct Loans", (100, 75, 89, 53), EFFECTIVE, "71.8"),
    ("Agricultural Crops Counter Cyclical Payments", (80, 86, 71, 60), ADEQUATE, "68.8"),
    ("Agricultural Export Credit Guarantee", (80, 63, 100, 67), EFFECTIVE, "75.8"),
    ("Agricultural Marketing Loan Payments", (60, 88, 100, 67), EFFECTIVE, "74.3"),
    ("Agriculture Marketing Service – Research and Promotion", (80, 63, 100, 33), ADEQUATE, "58.8"),
    ("Animal Welfare", (80, 84, 83, 47), ADEQUATE, "64.5"),
    ("Bioenergy", (60, 75, 86, 47), ADEQUATE, "60.2"),
    ("Commodity Purchase Services (Section 32)", (40, 0, 43, 13), NOT_SHOWN, "23.1"),
    ("Commodity Supplemental Food Program", (40, 0, 67, 7), NOT_SHOWN, "24.9"),
    ("Community Facilities Program", (80, 75, 100, 73), EFFECTIVE, "80.0"),
    ("Conservation Operations", (100, 100, 100, 67), EFFECTIVE, "83.5"),
    ("Conservation Reserve Program", (100, 63, 57, 67), EFFECTIVE, "71.2"),
    ("Conservation Security Program", (40, 50, 100, 27), NOT_SHOWN, "46.5"),
    ("Dairy Payment Program", (60, 100, 71, 53), ADEQUATE, "62.7"),
)


@pytest.mark.parametrize(("program", "sections", "rating", "score"), PUBLISHED)
def test_a_published_rating_is_found_again(program, sections, rating, score):
    shares = {
        name: Datum.of(value, "%", name) for name, value in zip(SECTIONS, sections, strict=True)
    }
    total = weigh_sections(PART, shares)
    assert total.value == Decimal(score), program
    facts = frozenset({"no_measures_or_no_baseline"} if rating == NOT_SHOWN else ())
    assert grade_of(total, PART, facts) == rating


def test_thirteen_by_weights_and_bands_three_by_the_override():
    by_bands = [grade_of(Datum.of(score, "%"), PART) == rating for _, _, rating, score in PUBLISHED]
    assert (sum(by_bands), len(by_bands)) == (13, 16)
    assert {grade_of(Datum.of(s, "%"), PART) for *_, r, s in PUBLISHED if r == NOT_SHOWN} == {
        "Ineffective"
    }


@pytest.mark.parametrize(
    ("score", "grade"),
    [
        ("85.0", "Effective"),
        ("84.9", EFFECTIVE),
        ("70.0", EFFECTIVE),
        ("69.9", ADEQUATE),
        ("50.0", ADEQUATE),
        ("49.9", "Ineffective"),
    ],
)
def test_ends_of_the_bands(score, grade):
    assert grade_of(Datum.of(score, "%"), PART) == grade


@pytest.mark.parametrize(("yes", "no", "printed"), [(5, 3, 63), (7, 1, 88), (4, 1, 80), (3, 2, 60)])
def test_sections_are_rounded_half_up(yes, no, printed):
    answers = (Datum.of(100, "%"),) * yes + (Datum.of(0, "%"),) * no + (None,)
    assert score_section("一", answers, LAW).value == printed


@pytest.mark.parametrize(
    ("answers", "printed"),
    [
        ((100, 67, 33, 0, 0), 40),
        ((100, 100, 67, 67, 0), 67),
        ((67, 0, 0, 0, 0), 13),
        ((33, 0, 0, 0, 0), 7),
    ],
)
def test_large_and_small_extent_count_for_their_part(answers, printed):
    values = tuple(Datum.of(answer, "%") for answer in answers)
    assert score_section("四", values, LAW).value == printed


def test_suzhou_2016_adds_up():
    """Public toilets, re-evaluated by the finance bureau: points 100.00, score 81.56."""
    inputs = ["0.15", "2.33", "2.33", "2.03", "1.40", *["2.33"] * 6, "1.42"]
    scores = [*inputs, "7", "7", "0", "5.92", "5.33", "5.33", "5.34", "4", "4", "4", "6", "4"]
    points = [*["2.33"] * 11, "2.37", *["7"] * 4, "5.33", "5.33", "5.34", *["4"] * 3, "12", "4"]
    assert sum_filed("分值", *(Datum.of(each, "分") for each in points)).value == Decimal("100.00")
    assert sum_filed("得分", *(Datum.of(each, "分") for each in scores)).value == Decimal("81.56")


def test_suzhou_deducts_for_over_completion_and_we_do_not(sample_filing):
    """Target 2, achieved 9, scored 0 of 7 there: here the line is met, and only a flag may follow."""
    case = {"target": "≥2座", "achieved": "9座", "points": 7, "claimed": 0}
    line = score_evaluation(sample_filing, evaluation(indicator(case)), RUBRIC).lines[0]
    assert (line.status, line.score.value) == ("recomputed", 7)
    flagged = load_rubric(TESTS.parent / "params/rubrics", "mof-2021-101", 2022, "project")
    line = score_evaluation(sample_filing, evaluation(indicator(case)), flagged).lines[0]
    assert line.score.value == 7
    assert any("不自动扣分" in str(piece) for piece in line.reason)


def test_hengshan_2023_rates():
    """46 posts and 50 people; 861.10 at first, 2030.12 at the end; 85.76 → 193.42; 308.17 → 1025.20."""

    def rate(part: str, whole: str, unit: str = "万元") -> str:
        return percent("率", Datum.of(part, unit), Datum.of(whole, unit)).text

    assert rate("50", "46", "人") == "108.70%"
    assert rate("193.42", "85.76") == "225.54%"
    assert rate("1025.20", "308.17") == "332.67%"
    case = {"final": "2030.12", "actual": "2030.12"}
    block = budget(case)
    block = replace(block, original_budget=at("861.10").datum("年初预算数", "万元"))
    form = evaluation(budget=block, kind="department")
    adjusted = MEASURES["budget_adjustment_rate"](None, form, "预算调整率")
    assert adjusted.value.text == "135.76%"
    gap = subtract(
        "相差", Datum.of("2030.12"), sum_filed("按性质", Datum.of("900.47"), Datum.of("1025.20"))
    )
    assert gap.value == Decimal("104.45")


def test_qingshen_2023_rates():
    before, after = Datum.of("238.93", "万元"), Datum.of("251.89", "万元")
    assert percent("调整率", subtract("调整数", after, before), before).text == "5.42%"
    rubric = load_rubric(TESTS.parent / "params/rubrics", "sichuan-2023", 2023, "project")
    weights = rubric.expected_weights(frozenset({"execution", "output", "outcome"}))
    assert [weight.value for _, weight in weights] == [10, 60 + 30]


def test_yiyang_2019_rates():
    before, after = Datum.of("10.10", "万元"), Datum.of("24.86", "万元")
    assert percent("变动率", subtract("变动额", after, before), before).text == "146.14%"
    assert (
        percent("执行率", Datum.of("483.22", "万元"), Datum.of("487.24", "万元")).text == "99.17%"
    )


@pytest.mark.parametrize(
    ("score", "printed", "grade"),
    [
        ("90", "90", "优"),
        ("89.995", "90", "优"),
        ("89.994", "89.99", "良"),
        ("80", "80", "良"),
        ("60", "60", "中"),
        ("59.995", "60", "中"),
        ("59.994", "59.99", "差"),
    ],
)
def test_the_grade_is_that_of_the_printed_score(score, printed, grade, sample_filing):
    """89.995 is printed as 90, and 90 is 优: text and table agree."""
    done = f"{Decimal(score) * 1000:.0f}件"
    case = {"target": "≥100000件", "achieved": done, "points": 100_000, "claimed": 1}
    card = score_evaluation(sample_filing, evaluation(indicator(case)), RUBRIC)
    assert (card.total_on_100.text, card.grade) == (f"{printed}分", grade)


def test_results_far_above_execution_are_warned_of(sample_audit):
    """99 points at an execution of 51.63 %: (99/100 − 0.5163) ÷ 0.99 is far above 5 %."""
    warned = [found for found in sample_audit.findings if found.id == "B-03"]
    assert len(warned) == 1
    assert "红色预警线 5%" in words(warned[0].formula)


def test_what_does_not_apply_is_left_out_and_the_rest_carried_over():
    rest = ((Datum.of(60, "分"), Datum.of(60, "分")), (Datum.of(21, "分"), Datum.of(30, "分")))
    assert drop_and_rescale(rest, Datum.of(100, "分"), LAW).value == 90


def test_a_change_from_nothing_to_nothing_is_no_change(sample_filing):
    base = sample_filing.base_data
    zero = at("0").datum("三公经费", "万元")
    rows = tuple(
        replace(row, prior_outturn=zero, outturn=zero) if row.name == "三公经费" else row
        for row in base.expenditure
    )
    changed = replace(base, expenditure=rows)
    measure = MEASURES["three_public_change_rate_by_outturn"]
    found = measure(changed, None, "三公经费变动率")
    assert (found.status, found.value.value) == ("computed", 0)
    some = at("5").datum("三公经费", "万元")
    rows = tuple(
        replace(row, prior_outturn=zero, outturn=some) if row.name == "三公经费" else row
        for row in base.expenditure
    )
    found = measure(replace(base, expenditure=rows), None, "三公经费变动率")
    assert (found.status, found.value.value) == ("no_data", None)
