"""Figures in running text with their subjects (正文中的数字)."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from jixiao.datum import Datum, read_quantity
from jixiao.model import Filed, Statement

_NUMBER = (
    r"[0-9０-９]{1,3}(?:[,，][0-9０-９]{3})+(?:[.．][0-9０-９]+)?|[0-9０-９]+(?:[.．][0-9０-９]+)?"
)
_COUNTERS = "人次|场次|人|件|场|次|例|名|个|项|户|家|起|份"
_UNITS = (
    rf"亿元|万元|万(?:{_COUNTERS})|万|元|个百分点|%|\uff05|分(?![之钟管析别类配工])|{_COUNTERS}"
)
_FIGURE = re.compile(
    r"(?<![0-9０-９.．A-Za-z第])"
    rf"(?P<low>(?:{_NUMBER})(?:%|\uff05)?[-~\uff5e至—–])?"
    rf"(?P<number>{_NUMBER})(?P<about>余|多|几)?(?P<unit>{_UNITS})(?P<after>左右|以上|以下|以内|上下)?"
)
_CLAUSE_END = re.compile(r"[。；;！？!?，,、（）()：:\n\]]")
_BOUND = re.compile(r"(?:[≥≤＞＜><]|不低于|不少于|不超过|超过|至少|最多|约|近|大约)\s*$")
#: Words at the end of a subject that lead to the figure, such as 总计为.
_TAIL = re.compile(
    r"(?:[:：\s≥≤＞＜><的]|共计|共有|共|达到|达|(?<!行)为|是|约|近|仅|超过"
    r"|不低于|不少于|不超过|至少|最多)++$"
)
_LONGEST_SENTENCE = 500
_TAIL_LENGTH = 40
#: Words before a subject that only say when, of what or how it is joined.
_HEAD = re.compile(
    r"^(?:[\s—\-]+|其中|(?:截至|截止)?(?:[0-9０-９]{4}年度?)(?:[0-9０-９]{1,2}月(?:底|末|份)?)?(?:以来)?"
    r"|全年|本年度|今年|上年|去年|从|再?到|以及|并且|共有|共(?=[\u4e00-\u9fff]{2})|对(?=[^象]|$)|与(?=“)"
    r"|(?:本|该|我)(?:单位|项目(?!资金|支出|经费)|区|局|部门|县|市)(?=.{2})|(?:本|该)(?=项目)"
    r"|(?:数量|质量|时效|成本|社会效益)指标|涉(?=“)|的"
    r"|(?:[\u4e00-\u9fff]{2,6}财政)?(?:安排|下达|拨付)(?=.*(?:资金|经费)))+"
)
_THOUSANDS = re.compile(r"(?<=[0-9０-９])[,，](?=[0-9０-９]{3})")
_YEAR = re.compile(r"[0-9０-９]{4}年|今年|去年|上年|本年")
_WIDE_DIGITS = {ord("０") + digit: str(digit) for digit in range(10)}
_PREDICATE = re.compile(r"(?:总体|逐年|整体)?呈.*$")


def read_statements(paragraphs: Sequence[Filed], evaluation: str) -> tuple[Statement, ...]:
    """Find the figures of a narrative with the words they are about.

    ``datum`` is absent for an approximation, a range or a bound (1631余件, 10-20场): nothing
    is scored on it. ``text`` is the clause.

    >>> from jixiao.datum import Source
    >>> words = "其中：人员经费支出779.36万元，排查矛盾纠纷1631余件，接收164名对象。"
    >>> where = Source("", "", "", None, None, None, 1, words)
    >>> [(s.label, s.datum.text) for s in read_statements([Filed(words, where)], "department")]
    [('人员经费支出', '779.36万元'), ('排查矛盾纠纷', '缺'), ('接收对象', '164名')]
    """
    found: list[Statement] = []
    for paragraph in paragraphs:
        found.extend(_of_paragraph(paragraph, evaluation))
    return tuple(found)


def _of_paragraph(paragraph: Filed, evaluation: str) -> Iterator[Statement]:
    text = paragraph.text
    ends = _clause_ends(text)
    behind_last = 0
    for match in _FIGURE.finditer(text):
        index = bisect_right(ends, match.start()) - 1
        start, end = ends[index], max(ends[index + 1] - 1, match.end())
        label = _label(text, max(start, behind_last), match, end)
        if not label:
            before = text[ends[index - 1] : start - 1] if index else ""
            label = _from_clause_before(before, text[max(start, behind_last) : match.start()])
        behind_last = match.end()
        yield _statement(paragraph, evaluation, label, match, text[start:end].strip())


def _clause_ends(text: str) -> list[int]:
    """Where clauses begin, each behind the mark that ends the one before; last, the text's end."""
    grouped = {match.start() for match in _THOUSANDS.finditer(text)}
    marks = (match for match in _CLAUSE_END.finditer(text) if match.start() not in grouped)
    return [0, *(mark.end() for mark in marks), len(text) + 1]


def _statement(
    paragraph: Filed, evaluation: str, label: str, match: re.Match[str], clause: str
) -> Statement:
    quantity = read_quantity(f"{match['number']}{match['unit']}")
    vague = match["low"] or match["about"] or match["after"]
    bounded = _BOUND.search(match.string[max(0, match.start() - 6) : match.start()])
    value = quantity.value if quantity.is_number and not vague and not bounded else None
    unit = "%" if match["unit"] in ("%", "\uff05") else match["unit"]
    datum = Datum(label, value, unit, paragraph.source)
    return Statement(evaluation, label, datum, clause, _year_before(match))


def _year_before(match: re.Match[str]) -> int | None:
    """The year the sentence names last before the figure, −1 for 上年 and 去年."""
    before = match.string[max(0, match.start() - _LONGEST_SENTENCE) : match.start()]
    sentence = re.split(r"[。；;\n]", before)[-1]
    named = _YEAR.findall(sentence)
    if not named:
        return None
    last = named[-1]
    if last in ("上年", "去年"):
        return -1
    digits = last.translate(_WIDE_DIGITS).rstrip("年")
    return int(digits) if digits.isdigit() else None


def _label(text: str, start: int, match: re.Match[str], end: int) -> str:
    """The subject: the words before the figure, and those that a counter counts behind it."""
    before = _trim(text[start : match.start()])
    behind = re.split(r"[0-9０-９“]", text[match.end() : end])[0]
    counted = re.fullmatch(_COUNTERS, match["unit"]) is not None
    if before and (not counted or not re.match(r"[\u4e00-\u9fff]", behind)):
        return before
    return before + _trim(behind) if counted else before


def _from_clause_before(before: str, words: str) -> str:
    """The subject of the clause before, with the year: 人数呈下降趋势，从2020年的299人到…."""
    subject = _PREDICATE.sub("", _trim(before))
    years = _YEAR.findall(words)
    return f"{subject}（{years[-1]}）" if years and subject else subject


def _trim(words: str) -> str:
    words = _HEAD.sub("", words.strip())
    start = max(0, len(words) - _TAIL_LENGTH)
    return words[:start] + _TAIL.sub("", words[start:]).rstrip()
