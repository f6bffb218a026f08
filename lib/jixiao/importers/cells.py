"""What a cell says (单元格): its text without layout, its label without ornament, its number."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace

from jixiao.datum import UNSEEN, Datum, Quantity, Reading, Source, read_quantity, strip_blank
from jixiao.model import Filed, Problem

_SPACE = re.compile(r"\s+")
_BREAK = re.compile(r"[ \t\u3000]*\n\s*")
_BRACKETED = re.compile(r"[（(][^（()）]*[)）]")
_UNIT_BEHIND = re.compile(r"(?<=[\u4e00-\u9fff])(?:(?:金额)?单位[:：为]?(?:[万亿]?元)|[万亿]元)$")
_ORDINAL = re.compile(
    r"(?:指标\s*)?(?:[0-9０-９]{1,2}\s*(?:[、:：)）]|[.．](?![0-9０-９])|[.．](?=(?:19|20)\d\d年))"
    r"|[（(][0-9０-９]{1,2}[)）]|[①-⑳]|指标[一二三四五六七八九十]{1,3}[、:：]"
    r"|指标\s*[0-9０-９]{1,2}(?:\s+(?=\S)|(?=[\u4e00-\u9fff“])))\s*[、.．]?\s*"
)
_NOTE_BEHIND = re.compile(r"(?P<number>[0-9]+(?:\.[0-9]+)?分)[（(][^0-9（()）]+[)）]")
#: A bracket that a page lost the end of.
_UNCLOSED = re.compile("(?<=[^（()）])[（(][^（()）]{1,12}$")
#: How a label or a title states the unit of what stands under it.
_STATED = r"(?:[（(]|单 ?位 ?[:：为]) ?(?:单位[:：])? ?(?:人民币)?{}(?=[ )）,，、;；/。]|$)"
#: Units a column accepts beside its own: what a unit writes behind a number it files.
POINTS = "分"
MONEY_UNITS = ("万元", "元", "亿元")


def clean(text: str) -> str:
    r"""Take off outer white space and unseen characters; a line break in a Chinese cell vanishes.

    >>> clean("\t　经济效\n益指标\n"), clean("Phase\nII")
    ('经济效益指标', 'Phase II')
    """
    text = strip_blank(UNSEEN.sub("", text))
    return _BREAK.sub(lambda match: _joint(text, match), text) if "\n" in text else text


def is_blank(text: str) -> bool:
    """Whether a text holds nothing but white space, U+3000 and zero-width characters."""
    stripped = text.strip()
    return not stripped or not (strip_blank(stripped[:1]) or strip_blank(stripped))


def _joint(text: str, match: re.Match[str]) -> str:
    sides = text[match.start() - 1] + text[match.end() : match.end() + 1]
    return " " if sides.isascii() and sides.isalpha() else ""


def filed(source: Source) -> Filed:
    """Make the text of a cell or a line, keeping its address."""
    return Filed(clean(source.text), source)


def filed_or_none(source: Source | None) -> Filed | None:
    """Make the text of a cell, None where the cell is blank or not there."""
    text = filed(source) if source else None
    return text if text and text.text else None


def squeeze(text: str) -> str:
    r"""Take all white space and unseen characters out, for comparing labels.

    >>> squeeze("\t年初\n预算数　")
    '年初预算数'
    """
    return _SPACE.sub("", UNSEEN.sub("", text))


def label_of(text: str) -> str:
    r"""Give a label as the form's YAML writes it: no white space, brackets or closing colon.

    >>> label_of("\t年度预\n算申请\n（万元）"), label_of("全年预算数(A)："), label_of("总 分")
    ('年度预算申请', '全年预算数', '总分')
    >>> label_of("经费控制情况(万元")
    '经费控制情况'
    >>> label_of("项目资金 万元"), label_of("项目资金\n单位：元")
    ('项目资金', '项目资金')
    """
    label = _UNCLOSED.sub("", _BRACKETED.sub("", squeeze(text))).strip(":：")
    return _UNIT_BEHIND.sub("", label) if label.endswith("元") else label


def strip_brackets(text: str) -> str:
    """Take off brackets that stand around a whole text.

    >>> strip_brackets("（自评等级：优）"), strip_brackets("优")
    ('自评等级：优', '优')
    """
    return text[1:-1] if text[:1] in "（(" and text[-1:] in "）)" and len(text) > 2 else text


def without_ordinal(text: str) -> str:
    """Take off a text's own numbering.

    >>> [without_ordinal(name) for name in ("1、受理案件", "2.解除对象", "指标1：完成", "1.5公里")]
    ['受理案件', '解除对象', '完成', '1.5公里']
    """
    match = _ORDINAL.match(text)
    return text[match.end() :] if match and match.end() < len(text) else text


def unit_in(text: str, known: Collection[str] = MONEY_UNITS) -> str | None:
    """Find a unit in the brackets of a label, or after 单位：.

    >>> unit_in("经费控制情况（万元）"), unit_in("金额单位：人民币元 时间：2022年"), unit_in("分值")
    ('万元', '元', None)
    """
    if not any(mark in text for mark in "（(位"):
        return None
    spaced = _SPACE.sub(" ", UNSEEN.sub("", text))
    for unit in sorted(known, key=len, reverse=True):
        if re.search(_STATED.format(" ?".join(unit)), spaced):
            return unit
    return None


def read_number(
    source: Source, label: str, unit: str, problems: list[Problem], accepted: Collection[str] = ()
) -> Datum:
    """Read a cell of a number column; what is no number of that unit is a problem, not a value.

    Parameters
    ----------
    unit : the column's unit; one of `accepted` written in the cell wins over it.
    problems : gets an ``unreadable-number`` where the cell holds anything else.
    """
    return number_from(filed(source).text, source, label, unit, problems, accepted)


def read_points(source: Source, label: str, problems: list[Problem]) -> Datum:
    """Read points or a score; a weight of 10% is ten points of a hundred.

    What a unit adds in brackets, 9分（人数减少）, is no part of the number.
    """
    text = filed(source).text
    note = _NOTE_BEHIND.fullmatch(text)
    read = number_from(note["number"] if note else text, source, label, POINTS, problems, ("%",))
    return replace(read, unit=POINTS)


def number_from(
    text: str,
    source: Source,
    label: str,
    unit: str,
    problems: list[Problem],
    accepted: Collection[str] = (),
) -> Datum:
    """Read `text`, a part of the cell `source`, as `read_number` does."""
    quantity = read_quantity(text)
    if quantity.reading is Reading.DATE:
        # 2023.4 in a column of amounts is an amount, not a month.
        quantity = read_quantity(text + unit)
    plain_number = quantity.is_number and quantity.operator is None
    if plain_number and (quantity.unit in (None, unit) or quantity.unit in accepted):
        return Datum(label, quantity.value, quantity.unit or unit, source)
    if not quantity.is_absent:
        problems.append(_unreadable(source, unit, quantity))
    return Datum(label, None, unit, source)


def _unreadable(source: Source, unit: str, quantity: Quantity) -> Problem:
    why = f"（{quantity.reason}）" if quantity.reason else ""
    kind = f"不是以{unit}计的数" if unit else "不是数"
    if quantity.reading in (Reading.APPROXIMATE, Reading.RANGE):
        kind = "不是一个确定的数"
    return Problem(
        "unreadable-number",
        f"{source.address} “{clean(source.text)}”：{kind}{why}。应为数字，例如 “1008.22”。"
        "请更正原件，或在单位的 YAML 的 corrections 中说明理由。",
        source,
    )
