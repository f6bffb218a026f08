"""What reviewers decided (复核决定、复核得分) in a unit's YAML: of which finding or line, and why."""

from __future__ import annotations

import re
from decimal import Decimal

from jixiao.errors import BadFile
from jixiao.model import VERDICT_WORDS, Decision, ReviewedScore
from jixiao.workspace.yaml_file import Keyed, expect_keys, mappings_of, optional_of, text_of

_DECISION = ("finding", "cells", "decision", "reason", "by", "on")
_SCORE = ("evaluation", "line", "score", "claimed", "reason", "by", "on")
_DATE = re.compile(r"(19|20)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")
_CHECK = re.compile(r"[A-Z]-[0-9]{2}")
_CELLS = re.compile(r"[0-9a-f]{12}")
_POINTS = re.compile(r"(0|[1-9][0-9]{0,4})(\.[0-9]{1,2})?")


def read_decisions(entry: Keyed, where: str, keys: tuple[str, ...]) -> tuple[Decision, ...]:
    """Read the list under ``decisions``.

    Parameters
    ----------
    keys : the unit's evaluations: ``department`` and the ids of its projects

    Raises
    ------
    BadFile : an entry of no such evaluation, without finding, cells, decision, reason, person or
        date; two on one finding.
    """
    place = f"{where} 的 decisions"
    decisions: list[Decision] = []
    for number, listed in enumerate(mappings_of(entry, "decisions", where), start=1):
        decision = _decision(listed, f"{place} 第 {number} 条", keys)
        key = (decision.check, decision.evaluation, decision.cells)
        if key in {(d.check, d.evaluation, d.cells) for d in decisions}:
            raise BadFile(
                "decision-twice",
                f"{decision.check} 的同一项发现（{decision.cells}）已有决定",
                where=f"{place} 第 {number} 条",
                expected="每项发现一条决定",
                action="请保留有效的一条",
            )
        decisions.append(decision)
    return tuple(decisions)


def _decision(entry: Keyed, where: str, keys: tuple[str, ...]) -> Decision:
    expect_keys(entry, where, required=_DECISION, optional=("evaluation", "at"))
    check = _matching(entry, "finding", _CHECK, where, "核查编号，例如 A-02")
    cells = _matching(entry, "cells", _CELLS, where, "12 位的单元格指纹，见 jixiao findings")
    verdict = text_of(entry, "decision", where)
    known = next((word for word in VERDICT_WORDS if word == verdict), None)
    if known is None:
        words = "、".join(f"{word}（{told}）" for word, told in VERDICT_WORDS.items())
        raise BadFile("decision-word", f"decision 是 “{verdict}”", where=where, expected=words)
    evaluation = optional_of(entry, "evaluation", str, where)
    return Decision(
        check,
        None if evaluation is None else _evaluation(evaluation, where, keys),
        cells,
        optional_of(entry, "at", str, where),
        known,
        *_by_whom(entry, where),
    )


def _evaluation(evaluation: str, where: str, keys: tuple[str, ...]) -> str:
    if evaluation not in keys:
        raise BadFile(
            "review-evaluation",
            f"没有自评 “{evaluation}”",
            where=where,
            expected=f"其中之一：{'、'.join(keys)}",
        )
    return evaluation


def read_review(entry: Keyed, where: str, keys: tuple[str, ...]) -> tuple[ReviewedScore, ...]:
    """Read the scores under ``review``; `keys` as for `read_decisions`.

    Raises
    ------
    BadFile : an entry of no such evaluation, without line, claimed score, score, reason, person or date.
    """
    place = f"{where} 的 review"
    review = optional_of(entry, "review", Keyed, where) or Keyed()
    expect_keys(review, place, optional=("scores",))
    scores: list[ReviewedScore] = []
    for number, listed in enumerate(mappings_of(review, "scores", place), start=1):
        reviewed = _score(listed, f"{place} 的 scores 第 {number} 条", keys)
        key = (reviewed.evaluation, reviewed.line, reviewed.at)
        if key in {(s.evaluation, s.line, s.at) for s in scores}:
            raise BadFile(
                "review-twice",
                f"“{reviewed.line}” 已有复核得分",
                where=f"{place} 的 scores 第 {number} 条",
                expected="每行一条复核得分",
                action="请保留有效的一条",
            )
        scores.append(reviewed)
    return tuple(scores)


def _score(entry: Keyed, where: str, keys: tuple[str, ...]) -> ReviewedScore:
    expect_keys(entry, where, required=_SCORE, optional=("at",))
    score = _points(entry, "score", where)
    if score is None:
        raise BadFile("review-points", "score 是空的", where=where, expected="复核得分，例如 8.5")
    return ReviewedScore(
        _evaluation(text_of(entry, "evaluation", where), where, keys),
        text_of(entry, "line", where),
        optional_of(entry, "at", str, where),
        _points(entry, "claimed", where),
        score,
        *_by_whom(entry, where),
    )


def _by_whom(entry: Keyed, where: str) -> tuple[str, str, str]:
    """Give the reason, the person and the day."""
    day = _matching(entry, "on", _DATE, where, "日期，例如 2023-05-04")
    return text_of(entry, "reason", where), text_of(entry, "by", where), day


def _points(entry: Keyed, key: str, where: str) -> Decimal | None:
    if entry.get(key) is None:
        return None
    text = _matching(entry, key, _POINTS, where, "分数，至多两位小数，例如 8.5")
    return Decimal(text)


def _matching(entry: Keyed, key: str, pattern: re.Pattern[str], where: str, expected: str) -> str:
    """Give the text under a key that must look so; digits alone may stand without quotation marks."""
    value = entry.get(key)
    text = str(value) if type(value) is int else value
    if not isinstance(text, str) or not pattern.fullmatch(text):
        raise BadFile("review-entry", f"{key} 是 “{value}”", where=where, expected=expected)
    return text
