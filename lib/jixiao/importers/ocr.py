"""``≥`` read as ``2`` by OCR (28次, 290%): flagged with the likely reading, never corrected."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from jixiao.datum import read_quantity
from jixiao.model import Filed, Indicator, Problem

_TWO = re.compile(r"2(?P<rest>[0-9]+(?:\.[0-9]+)?)(?P<unit>\D{0,4})")
_OTHER = re.compile(r"[到第Z](?P<rest>[0-9O]+)(?P<unit>\D{0,3})")
_WHOLE = Decimal(100)


def misread_operators(indicators: Iterable[Indicator]) -> Iterator[Problem]:
    """Flag targets that begin with what OCR makes of ≥.

    A ``2`` is suspect where the result stays below it and yet earns the full points, or where it
    makes a rate of more than 100 %; beside such a target every target beginning with 2 is.
    """
    targets = list(indicators)
    surely = {id(one) for one in targets if _is_misread(one)}
    for indicator in targets:
        text = indicator.target.text
        if not surely:
            return
        if found := _TWO.fullmatch(text):
            likely = f"≥{found['rest']}{found['unit']}"
            yield _problem(indicator.target, likely, sure=id(indicator) in surely)
        elif _OTHER.fullmatch(text):
            yield _problem(indicator.target, f"≥?{text[1:].replace('O', '0')}", sure=True)


def _is_misread(indicator: Indicator) -> bool:
    text = indicator.target.text
    if _OTHER.fullmatch(text):
        return True
    found = _TWO.fullmatch(text)
    if found is None:
        return False
    target, achieved = read_quantity(text), read_quantity(indicator.achieved.text)
    meant = read_quantity(found["rest"]).value
    if target.value is None or achieved.value is None or meant is None:
        return False
    if found["unit"] in ("%", "\uff05"):
        return meant <= _WHOLE < target.value and achieved.value <= _WHOLE
    full = indicator.points and indicator.score and indicator.points.value == indicator.score.value
    return bool(full) and meant <= achieved.value < target.value


def _problem(target: Filed, likely: str, *, sure: bool) -> Problem:
    judged = f"很可能是“{likely}”" if sure else f"也可能是“{likely}”，仅凭本表无法断定"
    return Problem(
        "ocr-operator",
        f"{target.source.address} “{target.text}”：首字像是扫描识别时把“≥”认错了，{judged}。"
        "读入时保持原样，没有改动。请对照原件，在单位的 YAML 的 corrections 中更正。",
        target.source,
    )
