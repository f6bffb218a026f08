"""Odd characters in a document (异常字符): lost, unseen or private ones, by line."""

from __future__ import annotations

import re
from collections.abc import Sequence

from jixiao.datum import UNSEEN, Source
from jixiao.model import Problem

_KINDS = (
    (
        re.compile("\ufffd"),
        "replacement-character",
        "原字已经丢失（显示为 U+FFFD）",
        "请核对原件补上",
    ),
    (UNSEEN, "control-character", "看不见的控制字符、零宽字符或方向符", "读数时已略去，请核对原件"),
    (
        re.compile("[\ue000-\uf8ff\U000f0000-\U0010fffd]"),
        "private-use-character",
        "只有某一台机器的字库才认得的自造字",
        "请换成标准汉字",
    ),
)


def odd_characters(lines: Sequence[Source]) -> list[Problem]:
    """Report each line that holds such characters, once for each kind."""
    whole = "\n".join(line.text for line in lines)
    problems = []
    for pattern, code, what, action in _KINDS:
        if not pattern.search(whole):
            continue
        for line in lines:
            if found := pattern.findall(line.text):
                names = "、".join(sorted({f"U+{ord(character):04X}" for character in found}))
                message = f"{line.address}：有 {len(found)} 个{what}，即 {names}。{action}。"
                problems.append(Problem(code, message, line))
    return problems
