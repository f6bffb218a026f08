"""The data frames an analyst goes on with: columns, dtypes, Decimals, absent as None."""

from decimal import Decimal

import pytest

from jixiao.audit import Judgement, judge
from jixiao.tables import frame_findings, frame_indicators, frame_scores


@pytest.fixture(scope="module")
def judgement(sample_filing, rubrics, checklist) -> Judgement:
    return judge(sample_filing, "project-1", rubrics, checklist)


def test_scores_are_decimals_line_by_line(judgement):
    frame = frame_scores(judgement)
    assert list(frame.columns) == [
        "path", "points", "claimed_score", "score", "difference", "low", "high",
        "status", "method", "reason",
    ]  # fmt: skip
    assert len(frame) == 10
    execution = frame.iloc[0]
    assert execution["path"] == "预算执行率"
    assert (execution["claimed_score"], execution["score"]) == (Decimal(9), Decimal("5.16"))
    assert execution["difference"] == Decimal("-3.84")
    assert all(isinstance(value, Decimal) for value in frame["points"])
    assert sum(frame["score"]) == Decimal("104.16")


def test_indicators_are_as_filed_and_shared_points_stand_once(judgement):
    frame = frame_indicators(judgement)
    assert list(frame.columns) == [
        "category", "subcategory", "indicator", "target", "achieved", "points", "score",
        "deviation_reason",
    ]  # fmt: skip
    assert len(frame) == 20
    assert frame.iloc[0][["indicator", "target", "achieved"]].tolist() == [
        "接收社区矫正对象", "164人", "164人",
    ]  # fmt: skip
    assert (frame.iloc[0]["points"], frame.iloc[1]["points"]) == (Decimal(15), None)
    assert frame["deviation_reason"].notna().sum() == 1


def test_findings_carry_their_addresses_as_words(judgement):
    frame = frame_findings(judgement)
    assert list(frame.columns) == [
        "id", "code", "severity", "message", "observed", "expected", "formula", "where",
        "reference",
    ]  # fmt: skip
    assert len(frame) == len(judgement.audit.findings)
    row = frame[frame["id"] == "B-02"].iloc[0]
    assert "5.16分" in row["expected"]
    assert "原文第560行" in row["where"]
