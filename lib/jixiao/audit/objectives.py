"""Whether the achievement answers the annual objective item by item (E-08 年度总体目标)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from jixiao.audit.desk import Case, Desk, Outcome
from jixiao.datum import Datum
from jixiao.model import Evaluation, Filed

_ITEM = re.compile(
    r"(?:^|(?<=[\s。；;：:]))(?:[（(]?[0-9]{1,2}[)）、.．](?![0-9])|[（(]?[一二三四五六七八九十]{1,2}[)）、]|[①-⑳])"
)
_HAN = re.compile(r"[\u4e00-\u9fff]+")
_FIGURE = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_RUN = 3


def check_objectives_answered(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """E-08: of the numbered objectives, the achievement takes up more than half.

    An item is taken up where three characters in a row, or a figure, of it come back. Only a
    list whose items are numbered can be asked about, and only words that were filed in answer.
    """
    expected, achieved = evaluation.objectives.expected, evaluation.objectives.achievement
    if expected is None or achieved is None or not achieved.text:
        yield desk.skips("没有填写预期目标或实际完成情况")
        return
    items = _items(expected, int(desk.entry.number("characters")))
    if len(items) < int(desk.entry.number("items")):
        yield desk.skips("预期目标没有分项编号，不能逐项对照")
        return
    if _is_blanket(desk, achieved.text):
        yield desk.skips("实际完成情况只有总括的一句话，不能逐项对照")
        return
    open_items = [item for item in items if not _is_taken_up(item, achieved.text)]
    if 100 * len(open_items) < desk.entry.number("share") * len(items):
        yield desk.holds(
            f"预期目标 {len(items)} 项，实际完成情况述及 {len(items) - len(open_items)} 项"
        )
        return
    titles = "、".join(f"“{_title(item)}”" for item in open_items)
    yield desk.found(
        "预期目标 ",
        Datum("预期目标项数", Decimal(len(items)), "项", expected.source),
        "，实际完成情况没有述及其中 ",
        Datum("没有述及的项数", Decimal(len(open_items)), "项", achieved.source),
        f"：{titles}",
        where=(expected.source, achieved.source),
        observed=("实际完成情况：", Filed(_opening(achieved.text), achieved.source)),
        expected=("对照预期目标逐项说明完成情况",),
    )


def _items(expected: Filed, shortest: int) -> list[str]:
    """Cut a numbered list into its items; what stands before the first number is left out."""
    starts = [match.start() for match in _ITEM.finditer(expected.text)]
    items = [
        _ITEM.sub("", expected.text[start:end], count=1).strip()
        for start, end in pairwise([*starts, len(expected.text)])
    ]
    return [item for item in items if len(item) >= shortest]


def _is_blanket(desk: Desk, text: str) -> bool:
    """Whether it says in one short sentence that all was done."""
    short = len(re.sub(r"\s", "", text)) <= int(desk.entry.number("blanket"))
    return short and any(word in text for word in desk.entry.words("done"))


def _is_taken_up(item: str, achieved: str) -> bool:
    for words in _HAN.findall(item):
        if any(words[i : i + _RUN] in achieved for i in range(len(words) - _RUN + 1)):
            return True
    return bool(set(_FIGURE.findall(item)) & set(_FIGURE.findall(achieved)))


def _title(item: str) -> str:
    first = re.split(r"[。；;：:，,]", item, maxsplit=1)[0]
    return first if len(first) <= 16 else f"{first[:16]}…"


def _opening(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"
