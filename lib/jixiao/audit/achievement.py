"""What is said to be achieved against the table of indicators (E-01 实际完成情况中的数字)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from jixiao.audit.desk import Case, Desk, Outcome, listed
from jixiao.model import Evaluation, Filed, Indicator, Piece

#: How far before a figure its subject may begin, in characters.
_REACH = 16
_SHARED = 2
_BOUND_BEFORE = re.compile(r"(?:不少于|不低于|至少|超过|超|[≥>]|以上|计划|目标|预期|近|约)$")
_BOUND_AFTER = re.compile(r"^(?:以上|余|多|左右|以内|以下|\+)")


def check_achieved_figure(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """E-01: what is said to be achieved is what the table says, not the plan's figure again."""
    told = evaluation.objectives.achievement
    if told is None or not told.text:
        yield desk.skips("没有填写年度总体目标的实际完成情况")
        return
    odd = [i for i in evaluation.indicators if _repeats_the_plan(told.text, i)]
    if not odd:
        return
    message: list[Piece] = ["实际完成情况写的是指标值，与表中完成值不同："]
    for index, indicator in enumerate(odd):
        message += ["；"] if index else []
        message += [indicator.indicator, " 写 ", _as_told(told, indicator)]
        message += ["，表中完成值 ", indicator.achieved]
    yield desk.found(
        *message,
        where=(told.source, *(i.achieved.source for i in odd)),
        observed=("实际完成情况：", *listed(tuple(_as_told(told, i) for i in odd))),
        expected=listed(tuple(i.achieved for i in odd)),
    )


def _as_told(told: Filed, indicator: Indicator) -> Filed:
    """Quote the figure as the text has it, without the target's operator."""
    target = indicator.target.quantity
    text = next(m[0] for m in _figures(told.text, target.unit or "") if _figure(m) == target.value)
    return Filed(text, told.source)


def _repeats_the_plan(text: str, indicator: Indicator) -> bool:
    """Whether the text gives the target as the result while the table's result is another."""
    target, achieved = indicator.target.quantity, indicator.achieved.quantity
    exact = target.is_number and achieved.is_number and not achieved.is_bound
    if not exact or target.value is None or achieved.value is None:
        return False
    if not target.unit or target.unit != achieved.unit or target.value == achieved.value:
        return False
    said = [_figure(m) for m in _figures(text, target.unit)]
    if achieved.value in said or said.count(target.value) != 1:
        return False
    return any(
        _figure(match) == target.value and _is_about(text, match, indicator.name)
        for match in _figures(text, target.unit)
    )


def _figures(text: str, unit: str) -> Iterator[re.Match[str]]:
    return re.finditer(rf"(?<![0-9.])([0-9]+(?:\.[0-9]+)?)\s*{re.escape(unit)}", text)


def _figure(match: re.Match[str]) -> Decimal:
    return Decimal(match[1])


def _is_about(text: str, match: re.Match[str], name: str) -> bool:
    """Whether the figure is exact, and its sentence names what the indicator does just before."""
    before, after = text[: match.start()], text[match.end() :]
    if _BOUND_BEFORE.search(before) or _BOUND_AFTER.search(after):
        return False
    subject = re.split(r"[，,。；;、：:]", before)[-1][-_REACH:]
    return any(
        subject[i : i + _SHARED] in name
        for i in range(len(subject) - _SHARED + 1)
        if re.fullmatch(r"[\u4e00-\u9fff]+", subject[i : i + _SHARED])
    )
