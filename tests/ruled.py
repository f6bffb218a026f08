"""Filings of one line, made from the cases of tests/cases that an accountant reads."""

from decimal import Decimal

from jixiao.datum import Source
from jixiao.model import Budget, Evaluation, Filed, Indicator, Kind, Objectives
from jixiao.scoring import METHODS


def at(text: object, column: int = 1) -> Filed:
    """Make a cell with this text."""
    filed = "" if text is None else str(text)
    return Filed(filed, Source("案例", "0" * 64, "附件", 1, 1, column, column, filed))


def indicator(case: dict[str, object], name: str = "指标") -> Indicator:
    """Make the indicator of a case, in a row of its own."""
    points = at(case.get("points", 10), 5).datum("分值", "分")
    score = at(case.get("claimed", 8), 6).datum("自评得分", "分")
    target, achieved = at(case.get("target"), 3), at(case["achieved"], 4)
    return Indicator(
        str(case.get("category", "产出指标")), None, str(case.get("subcategory", "数量指标")),
        at(case.get("indicator", name), 2), target, achieved,
        points, 1, score, 1, None, None, None, at(name, 2).source,
    )  # fmt: skip


def budget(case: dict[str, object]) -> Budget:
    """Make the budget block of a case."""
    final, actual = (at(case[key], 1 + i) for i, key in enumerate(("final", "actual")))
    return Budget(
        at(case["final"]).datum("年初预算数", "万元"), final.datum("全年预算数", "万元"),
        actual.datum("全年执行数", "万元"), at(case.get("points", 10), 5).datum("分值", "分"), None,
        at(case.get("claimed", 8), 6).datum("得分", "分"), (), final.source,
    )  # fmt: skip


def evaluation(
    *indicators: Indicator, budget: Budget | None = None, kind: Kind = "project"
) -> Evaluation:
    """Make an evaluation around indicators."""
    key = "department" if kind == "department" else "project-1"
    return Evaluation(
        key, kind, None, None, None, "万元", at("绩效自评表"), budget, Objectives(None, None),
        indicators, None,
    )  # fmt: skip


def compare(line, case: dict[str, object]) -> None:
    """Hold a scored line against its case."""
    assert line.method in METHODS
    assert line.status == case["status"]
    for name in ("score", "low", "high"):
        expected = case[name]
        found = getattr(line, name).value
        assert found == (None if expected is None else Decimal(str(expected))), name
