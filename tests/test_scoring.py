"""Rules as cases an accountant can check: tests/cases/mof-2020-10.yaml, and what is around them."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from tests.ruled import budget, compare, evaluation, indicator

from jixiao.datum import Datum, sources_of, workings_of
from jixiao.model import Budget, Filing, Indicator, Problem
from jixiao.rubric import choose_rubric
from jixiao.scoring import score, score_evaluation, scorecard_as_json
from jixiao.scoring.sections import grade_of
from jixiao.workspace.yaml_file import load_yaml

ROOT = Path(__file__).parent.parent
RUBRIC = choose_rubric(ROOT / "params/rubrics", 2022, "project")
CASES = load_yaml(Path(__file__).parent / "cases/mof-2020-10.yaml")


def card_of(filing: Filing, *indicators: Indicator, block: Budget | None = None):
    return score_evaluation(filing, evaluation(*indicators, budget=block), RUBRIC)


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["name"])
def test_indicator_is_scored_as_the_case_says(case, sample_filing):
    RUBRIC.rule(case["clause"])  # the clause a case rests on is one of the rule book's
    compare(card_of(sample_filing, indicator(case)).lines[0], case)


@pytest.mark.parametrize("case", CASES["execution"], ids=lambda case: case["name"])
def test_execution_is_scored_as_the_case_says(case, sample_filing):
    RUBRIC.rule(case["clause"])
    compare(card_of(sample_filing, block=budget(case)).lines[0], case)


@pytest.mark.parametrize("case", CASES["grades"], ids=lambda case: case["score"])
def test_grade_has_its_lower_end(case):
    assert grade_of(Datum.of(case["score"], "分"), RUBRIC) == case["grade"]


def test_group_is_recomputed_only_if_all_its_members_are(sample_filing):
    met = {"target": "≥50件", "achieved": "50件", "claimed": 8}
    first = replace(indicator(met, "甲"), points_shared_by=2, score_shared_by=2)
    for achieved, status, low, high in (
        ("25件", "recomputed", "7.50", "7.50"),
        ("≥25件", "accepted", "7.50", "10"),
        ("达标", "accepted", "9", "10"),
    ):
        other = indicator(met | {"achieved": achieved}, "乙")
        second = replace(other, points=None, points_shared_by=2, score=None, score_shared_by=2)
        card = card_of(sample_filing, first, second)
        assert [line.path[-1] for line in card.lines] == ["数量指标"]
        line = card.lines[0]
        assert (line.status, line.low.value, line.high.value) == (
            status,
            Decimal(low),
            Decimal(high),
        )
        assert [member.name for member in line.members] == ["甲", "乙"]


def test_a_missing_line_leaves_no_total(sample_filing):
    full = indicator({"target": "≥1件", "achieved": "1件"})
    bare = indicator({"target": "≥1件", "achieved": "1件", "claimed": ""})
    card = scorecard_as_json(card_of(sample_filing, full, bare))
    assert [line["status"] for line in card["lines"]] == ["recomputed", "missing"]
    assert (card["score_total"], card["total_on_100"], card["grade"]) == (None, None, None)
    assert (card["points_total"], card["claimed_sum"]) == ("20", "8")


def test_every_score_ends_in_cells_and_rules(sample_cards):
    for card in sample_cards.values():
        for line in card.lines:
            assert sources_of(line.score)
            for working in workings_of(line.score):
                assert working.origin.operands


@pytest.mark.parametrize(
    ("year", "kind", "expected", "by_analogy"),
    [
        (2016, "project", "mof-2016-123", False),
        (2019, "department", "mof-2016-123", True),
        (2020, "project", "mof-2020-10", False),
        (2022, "department", "mof-2020-10", True),
    ],
)
def test_rule_book_is_chosen_by_budget_year(year, kind, expected, by_analogy):
    rubric = choose_rubric(ROOT / "params/rubrics", year, kind)
    assert (rubric.id, rubric.by_analogy) == (expected, by_analogy)


def test_bands_of_the_older_rule_book_begin_at_half():
    older = choose_rubric(ROOT / "params/rubrics", 2018, "project")
    assert [band.at_least.value for band in older.bands] == [80, 50, 0]
    assert [band.at_least.value for band in RUBRIC.bands] == [80, 60, 0]


def test_a_document_with_pending_revisions_has_no_total(sample_filing, rubrics):
    unsettled = replace(sample_filing, problems=(Problem("pending-revisions", "修订未接受", None),))
    for card in score(unsettled, rubrics).values():
        assert (card.score_total.value, card.total_on_100.value, card.grade) == (None, None, None)
        assert card.claimed_sum.value is not None
