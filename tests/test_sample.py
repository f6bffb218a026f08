"""The sample filing against what was read off it by hand: tests/cases/ziyang-justice-2022."""

import re
from decimal import Decimal
from pathlib import Path

import pytest

from jixiao.audit import audit_as_json
from jixiao.scoring import scorecard_as_json
from jixiao.workspace.yaml_file import load_yaml

CASES = Path(__file__).parent / "cases/ziyang-justice-2022"
KEYS = {"department": "department", "project": "project-1", "filing": None}
SCORES, FINDINGS = load_yaml(CASES / "scores.yaml"), load_yaml(CASES / "findings.yaml")
LINE_NUMBERS = ("points", "claimed_score", "score", "low", "high")
CARD_NUMBERS = (
    "stated_total", "claimed_sum", "score_total", "points_total", "total_on_100", "low", "high",
    "coverage",
)  # fmt: skip


def number(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value).rstrip("%"))


@pytest.mark.parametrize("expected", SCORES["evaluations"], ids=lambda card: card["key"])
def test_scores_are_those_worked_by_hand(expected, sample_cards):
    card = scorecard_as_json(sample_cards[expected["key"]])
    for name in CARD_NUMBERS:
        assert number(card[name]) == number(expected[name]), name
    assert (card["rubric"], card["grade"]) == (expected["rubric"], expected["grade"])
    assert card["stated_grade"] == expected["stated_grade"]
    assert len(card["lines"]) == len(expected["lines"])
    for line, truth in zip(card["lines"], expected["lines"], strict=True):
        assert (line["path"], line["members"]) == (truth["path"], truth["members"])
        assert line["status"] == truth["status"], truth["path"]
        for name in LINE_NUMBERS:
            assert number(line[name]) == number(truth[name]), (truth["path"], name)
    computed = {entry["name"]: entry for entry in card["indicators_of_base_data"]}
    assert list(computed) == [entry["name"] for entry in expected["indicators_of_base_data"]]
    for truth in expected["indicators_of_base_data"]:
        entry = computed[truth["name"]]
        assert (entry["status"], number(entry["value"])) == (
            truth["status"],
            number(truth["value"]),
        )
        assert bool(entry["missing"]) == bool(truth["missing"]), truth["name"]


@pytest.fixture(scope="module")
def audit(sample_audit):
    return audit_as_json(sample_audit)


def owner(entry: dict) -> tuple[str, str | None]:
    return entry["id"], KEYS.get(entry["evaluation"], entry["evaluation"])


def test_what_is_found_is_what_a_careful_reader_finds(audit):
    expected = {owner(entry) for entry in FINDINGS["findings"]}
    assert {owner(entry) for entry in audit["findings"]} == expected


@pytest.mark.parametrize(
    "truth", FINDINGS["findings"], ids=lambda entry: f"{entry['id']}-{entry['evaluation']}"
)
def test_finding_cites_its_cells_and_figures(truth, audit):
    found = [entry for entry in audit["findings"] if owner(entry) == owner(truth)]
    lines = {place["line"] for entry in found for place in entry["where"]}
    assert set(truth["lines"]) <= lines
    words = " ".join(
        str(entry[part])
        for entry in found
        for part in ("message", "observed", "expected", "formula")
    )
    shown = {Decimal(text) for text in re.findall(r"\d+(?:\.\d+)?", words)}
    for name, value in truth.get("numbers", {}).items():
        for figure in value if isinstance(value, list) else [value]:
            text = str(figure).strip("≥≤%件场人例分万元")
            assert text in words or number(text) in shown, (name, figure, words)


@pytest.mark.parametrize(
    "truth", FINDINGS["passed"], ids=lambda entry: f"{entry['id']}-{entry['evaluation']}"
)
def test_what_holds_is_said_to_hold(truth, audit):
    said = {owner(entry) for entry in audit["passed"]}
    if truth["evaluation"] == "filing":  # one character check for each evaluation's part
        assert {(truth["id"], key) for key in ("department", "project-1")} <= said
    else:
        assert owner(truth) in said


def test_what_cannot_be_decided_is_said_so(audit):
    undecided = {owner(entry) for entry in audit["not_checked"]}
    for truth in FINDINGS["not_checked"]:
        assert owner(truth) in undecided
    assert all(entry["reason"] for entry in audit["not_checked"])


def test_private_data_is_masked_everywhere(audit):
    assert "13800138000" not in str(audit)
    assert "张某某" not in str(audit)
    assert "138****8000" in str(audit)


@pytest.mark.parametrize(
    "formula",
    [
        "690.86万元 + 250.59万元 = 941.45万元",
        "793.65万元 + 176万元 = 969.65万元",
        "827.19万元 + 181.03万元 = 1008.22万元",
        "779.36万元 + 47.83万元 = 827.19万元",
        "984.41万元 + 23.81万元 = 1008.22万元",
        "1008.22万元 − 969.65万元 = 38.57万元",
        "38万元 − 19.62万元 = 18.38万元",
    ],
)
def test_sums_that_tie_are_shown_as_passed(formula, audit):
    assert any(formula in entry["formula"] for entry in audit["passed"])
