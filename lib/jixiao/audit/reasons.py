"""Checks of the reasons a unit gives (D-04、D-05、D-10 偏差原因)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jixiao.audit.budget import reason_in
from jixiao.audit.desk import Case, Desk, Outcome, label_of, listed, places_of
from jixiao.audit.indicators import both_values
from jixiao.datum import Reading
from jixiao.model import Evaluation, Filed, Indicator, Piece, ScoreLine
from jixiao.scoring.indicators import bare_word, pair_of

_NO_REASON = "没有填写偏差原因"


def check_reason_at_full_score(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """D-04: a line with all its points needs no reason for a deviation."""
    given = [(line, reason) for line, reason in _reasons(case, evaluation) if _is_full(line)]
    words = desk.entry.words("words")
    odd = [
        (line, reason)
        for line, reason in given
        if len(line.members) == 1
        and bare_word(reason.text) not in words
        and not _is_exceeded(line.members[0])
    ]
    if not _reasons(case, evaluation):
        yield desk.skips(_NO_REASON)
    elif odd:
        message: list[Piece] = ["没有扣分却填了偏差原因："]
        for index, (line, reason) in enumerate(odd):
            message += ["；" if index else "", line.members[0].indicator, "“", reason, "”"]
        yield desk.found(
            *(piece for piece in message if piece != ""),
            where=tuple(reason.source for _, reason in odd),
            observed=listed(tuple(reason for _, reason in odd)),
            expected=("有偏差的相应扣分，没有偏差的不填原因",),
        )


def check_empty_reason(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """D-05: the reason for a deduction says what happened."""
    given = [(ln, reason) for ln, reason in _reasons(case, evaluation) if _is_deducted(ln)]
    if not given:
        yield desk.skips("没有扣分而填写了原因的行")
        return
    stop, short = desk.entry.words("words"), int(desk.entry.number("short"))
    empty = [(ln, reason) for ln, reason in given if _is_empty_talk(reason.text, stop, short)]
    if not empty:
        return
    message: list[Piece] = ["扣分原因没有实质内容："]
    for index, (line, reason) in enumerate(empty):
        message += ["；" if index else "", f"{label_of(line)}填“", reason, "”"]
    yield desk.found(
        *(piece for piece in message if piece != ""),
        where=tuple(reason.source for _, reason in empty),
        observed=listed(tuple(reason for _, reason in empty)),
        expected=("写明偏差由什么造成、影响多大、如何改进",),
    )


def _is_empty_talk(text: str, stop: tuple[str, ...], short: int) -> bool:
    bare = re.sub(r"[\s　，,。.；;：:、！!]", "", text)
    return len(bare) < short or bare in stop


def _reasons(case: Case, evaluation: Evaluation) -> list[tuple[ScoreLine, Filed]]:
    """Give the lines of indicators with the first reason of their members; numbers are none."""
    return [
        (line, reason)
        for line in case.cards[evaluation.key].lines
        if (reason := next(_worded(line.members), None)) is not None
    ]


def _worded(members: tuple[Indicator, ...]) -> Iterator[Filed]:
    for member in members:
        reason = reason_in(member)
        if reason is not None and reason.quantity.reading is not Reading.NUMBER:
            yield reason


def _is_full(line: ScoreLine) -> bool:
    points, claimed = line.points.value, line.claimed_score.value
    return points is not None and claimed is not None and claimed >= points


def _is_deducted(line: ScoreLine) -> bool:
    points, claimed = line.points.value, line.claimed_score.value
    return points is not None and claimed is not None and claimed < points


def _is_exceeded(indicator: Indicator) -> bool:
    """Whether more was achieved than was aimed at, which a reason may well explain."""
    target, achieved = indicator.target.quantity, indicator.achieved.quantity
    if not target.is_number or not achieved.is_number:
        return False
    goal, result = pair_of(indicator)
    return goal.unit == result.unit and result.require() != goal.require()


def check_saving_not_earned(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """D-10: money that was not spent because the work was not done is no saving."""
    costs = [i for i in evaluation.indicators if "成本" in i.subcategory + i.category]
    words = desk.entry.words("words")
    if not costs:
        yield desk.skips("没有成本指标")
        return
    claimed = {
        member.source: line
        for line in case.cards[evaluation.key].lines
        if line.claimed_score.value
        for member in line.members
    }
    for indicator in costs:
        reason, line = reason_in(indicator), claimed.get(indicator.source)
        if reason is None or line is None or not _is_below(indicator):
            continue
        if any(word in reason.text for word in words):
            yield desk.found(
                "成本低于指标值是因为工作没有做，不是节约：",
                *both_values([indicator]),
                "，原因“",
                reason,
                "”，得分 ",
                line.claimed_score,
                where=(
                    indicator.target.source,
                    indicator.achieved.source,
                    reason.source,
                    *places_of(line.claimed_score),
                ),
                observed=("得分 ", line.claimed_score),
                expected=("按实际完成的工作量评定成本，未做的部分不得分",),
            )


def _is_below(indicator: Indicator) -> bool:
    target, achieved = indicator.target.quantity, indicator.achieved.quantity
    if not target.is_number or not achieved.is_number:
        return False
    goal, result = pair_of(indicator)
    return goal.unit == result.unit and result.require() < goal.require()
