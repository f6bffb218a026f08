"""The grammar of a filed value (数值文法): one reading of a cell's characters, never a guess.

Width is folded inside this grammar only; ``②``, ``²``, ``1_000``, ``inf`` and ``1e400`` are
refused, because Python would read some of them as numbers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

AT_LEAST, MORE_THAN, AT_MOST, LESS_THAN, EXACTLY = "≥", ">", "≤", "<", "="

_OPERATORS = {
    "≥": AT_LEAST,
    "≧": AT_LEAST,
    "⩾": AT_LEAST,
    ">=": AT_LEAST,
    "不低于": AT_LEAST,
    "不少于": AT_LEAST,
    "不小于": AT_LEAST,
    "大于等于": AT_LEAST,
    "至少": AT_LEAST,
    "≤": AT_MOST,
    "≦": AT_MOST,
    "⩽": AT_MOST,
    "<=": AT_MOST,
    "不超过": AT_MOST,
    "不高于": AT_MOST,
    "不大于": AT_MOST,
    "小于等于": AT_MOST,
    "控制在": AT_MOST,
    ">": MORE_THAN,
    "大于": MORE_THAN,
    "超过": MORE_THAN,
    "<": LESS_THAN,
    "小于": LESS_THAN,
    "低于": LESS_THAN,
    "=": EXACTLY,
    "═": EXACTLY,
    "等于": EXACTLY,
}
_SUFFIXES = {
    "以上": AT_LEAST,
    "及以上": AT_LEAST,
    "以内": AT_MOST,
    "以下": AT_MOST,
    "及以下": AT_MOST,
}
_APPROXIMATIONS = "余|多|左右|上下|约|近|几"
_PERCENT = {"%": "%", "百分比": "%", "个百分点": "百分点", "pct": "%"}
_BLANKS = {"—": "dash", "-": "dash", "–": "dash", "―": "dash", "─": "dash", "…": "dash"}
_NOT_APPLICABLE = frozenset({"/", "无", "不适用", "N/A", "n/a"})
_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_PLACES = {"十": 10, "百": 100, "千": 1000}

_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_WIDE |= {ord("﹪"): ord("%"), ord("−"): ord("-"), ord("‒"): ord("-"), ord("﹣"): ord("-")}
_WIDE |= {ord("﹦"): ord("="), ord("﹥"): ord(">"), ord("﹤"): ord("<")}
_WIDE |= {ord("～"): ord("~"), ord("〜"): ord("~"), ord("’"): ord("'")}
_SPACE = "\\s\u00a0\u3000\u200b\u200c\u200d\u2060\ufeff"

#: All that counts as blank around a value: white space of any width, and what has no width.
_BLANK = "".join(
    map(chr, (*range(9, 14), *range(28, 33), 0x85, 0xA0, 0x1680, *range(0x2000, 0x200E), 0x2028,
              0x2029, 0x202F, 0x205F, 0x2060, 0x3000, 0xFEFF))
)  # fmt: skip

_NUMBER = r"[-+]?(?:[0-9]{1,3}(?:[,'][0-9]{3})+|[0-9]{1,18})(?:\.[0-9]{1,12})?"
_UNIT = r"(?:%|‰|[A-Za-z㎡°℃/·\u4e00-\u9fff]{1,8}?)"
_CLASSIFIER = "人次|场次|万元|个|件|人|次|场|项|户|名|例|家|篇|份|台|套|辆|元|天|年|月|所|处"
_NO_UNIT = re.compile("达标|完成|合格|达成|提升|改善|较高|较好|明显|增强|有效|到位")
_ENDS = "|".join((*sorted(_SUFFIXES, key=len, reverse=True), "左右", "上下"))
_QUANTITY = re.compile(
    rf"(?P<operator>{'|'.join(sorted(map(re.escape, _OPERATORS), key=len, reverse=True))})?"
    rf"(?P<about>约|近|大约|将近)?"
    rf"(?P<low>{_NUMBER}|\((?![-+]){_NUMBER}\))"
    rf"(?:(?P<low_unit>{_UNIT})?[-~至–—](?P<high>{_NUMBER}))?"
    rf"(?P<more>{_APPROXIMATIONS})?"
    rf"(?P<unit>(?!(?:{_ENDS})\Z){_UNIT})?"
    rf"(?P<suffix>{_ENDS})?"
)
_DATE = re.compile(
    r"(?P<year>(?:19|20)[0-9][0-9])(?:年|[.\-/])(?P<month>[0-9]{1,2})(?:月|[.\-/])(?:(?P<day>[0-9]{1,2})日?)?"
    r"(?:底|末)?(?:前|以前|之前)?"
    r"|(?P<bare_month>[0-9]{1,2})月(?:(?P<bare_day>[0-9]{1,2})日|底|末|份)?(?:前|以前|之前)?"
)
_SPELLED = re.compile(rf"(?P<digits>[零〇一二三四五六七八九十百千两]+)(?P<unit>(?:{_CLASSIFIER})?)")
_REFUSED = re.compile(
    r"[\u2460-\u24ff\u2070-\u209f\u00b2\u00b3\u00b9\u00bc-\u00be\u2150-\u218f\u3220-\u32ff]"
)


class Reading(StrEnum):
    """What a cell's characters turned out to be (单元格读法)."""

    ABSENT = "absent"
    NOT_APPLICABLE = "not_applicable"
    NUMBER = "number"
    RANGE = "range"
    APPROXIMATE = "approximate"
    DATE = "date"
    WORD = "word"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Quantity:
    """One filed value, read (读数).

    ``value`` is the number where there is exactly one; for a range it is the lower end and
    ``upper`` the upper. ``unit`` is ``"%"`` for every way of writing per cent; 98 % is 98.
    ``operator`` is one of ``≥ > ≤ < =`` or None. ``reason`` says why a text is unreadable.
    """

    text: str
    reading: Reading
    value: Decimal | None = None
    upper: Decimal | None = None
    unit: str | None = None
    operator: str | None = None
    reason: str = ""

    @property
    def is_number(self) -> bool:
        """Whether one exact number was filed (not a range, not an approximation)."""
        return self.reading is Reading.NUMBER

    @property
    def is_absent(self) -> bool:
        """Whether nothing was filed: blank, a dash, or “not applicable”."""
        return self.reading in (Reading.ABSENT, Reading.NOT_APPLICABLE)

    @property
    def is_bound(self) -> bool:
        """Whether the value is only bounded (``≥50件``), which is no result."""
        return self.operator in (AT_LEAST, MORE_THAN, AT_MOST, LESS_THAN)


def strip_blank(text: str) -> str:
    """Take off outer white space, U+3000, NBSP and zero-width characters.

    >>> strip_blank("　≥50件　")
    '≥50件'
    """
    return text.strip(_BLANK)


def read_quantity(text: str | None) -> Quantity:
    """Read one filed value by the grammar (读数).

    Parameters
    ----------
    text : the characters as filed; None is absent.

    Returns
    -------
    Quantity ; never raises for what a unit wrote.

    >>> read_quantity("　≥９８．５０％").value, read_quantity("≥98.50%").unit
    (Decimal('98.50'), '%')
    >>> read_quantity("1,008.22万元").value
    Decimal('1008.22')
    >>> read_quantity("1631余件").reading.value, read_quantity("——").reading.value
    ('approximate', 'absent')
    >>> [read_quantity(text).reading.value for text in ("1_000", "inf", "②", "达标")]
    ['unreadable', 'unreadable', 'unreadable', 'word']
    """
    return _read(text or "")


# A cell is asked for its quantity by every check; what a text means never changes.
@lru_cache(maxsize=4096)
def _read(filed: str) -> Quantity:
    stripped = strip_blank(filed)
    folded = re.sub(rf"[{_SPACE}]+", " ", stripped).translate(_WIDE).replace(" ", " ")
    if not stripped:
        return Quantity(filed, Reading.ABSENT)
    if set(stripped) <= set(_BLANKS):
        return Quantity(filed, Reading.ABSENT)
    if folded in _NOT_APPLICABLE:
        return Quantity(filed, Reading.NOT_APPLICABLE)
    if _REFUSED.search(stripped):
        return _unreadable(filed, "带圈数字、上下标或分数字符不是数")
    if re.fullmatch(r"[-+]?(inf|infinity|nan)", folded, re.IGNORECASE):
        return _unreadable(filed, "无穷或非数不是数")
    closed = re.sub(r"(?<=[^0-9]) (?=.)|(?<=.) (?=[^0-9])", "", folded)
    return _read_numeric(filed, closed) or _read_spelled(filed, closed) or _read_word(filed, closed)


def _read_numeric(filed: str, closed: str) -> Quantity | None:
    if date := _DATE.fullmatch(closed):
        plausible = _is_date(date)
        return Quantity(filed, Reading.DATE) if plausible else _unreadable(filed, "不是有效的日期")
    match = _QUANTITY.fullmatch(closed)
    if match is None or _NO_UNIT.search(match["unit"] or ""):
        return None
    unit = _unit(match["unit"] or match["low_unit"])
    low, high = _decimal(match["low"]), _decimal(match["high"]) if match["high"] else None
    operator = _OPERATORS.get(match["operator"] or "") or _SUFFIXES.get(match["suffix"] or "")
    if match["about"] or match["more"] or match["suffix"] in ("左右", "上下"):
        return Quantity(filed, Reading.APPROXIMATE, low, None, unit, operator)
    if high is not None:
        if high < low or match["operator"]:
            return _unreadable(filed, "范围的两端次序不对")
        return Quantity(filed, Reading.RANGE, low, high, unit, operator)
    return Quantity(filed, Reading.NUMBER, low, None, unit, operator)


def _read_spelled(filed: str, closed: str) -> Quantity | None:
    match = _SPELLED.fullmatch(closed)
    if match is None:
        return None
    value = _spelled_value(match["digits"])
    if value is None or (not match["unit"] and len(match["digits"]) > 3):
        return None
    return Quantity(filed, Reading.NUMBER, Decimal(value), None, match["unit"] or None)


def _read_word(filed: str, closed: str) -> Quantity:
    if any(character.isdigit() for character in closed):
        return _unreadable(filed, "含有数字，但不是一个数")
    return Quantity(filed, Reading.WORD)


def _unreadable(filed: str, reason: str) -> Quantity:
    return Quantity(filed, Reading.UNREADABLE, reason=reason)


def _decimal(text: str) -> Decimal:
    negative = text.startswith("(")
    value = Decimal(text.strip("()").replace(",", "").replace("'", ""))
    return -value if negative else value


def _unit(text: str | None) -> str | None:
    if not text:
        return None
    return _PERCENT.get(text, text)


def _is_date(date: re.Match[str]) -> bool:
    month = int(date["month"] or date["bare_month"])
    day = int(date["day"] or date["bare_day"] or 1)
    year = int(date["year"] or 2000)
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    if not 1 <= month <= 12:
        return False
    longest = (31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]
    return 1 <= day <= longest


def _spelled_value(digits: str) -> int | None:
    """Value of Chinese numerals below ten thousand, None where they are no numeral."""
    total, pending, last_place = 0, None, 10_000
    for character in digits:
        if character in _DIGITS:
            if pending not in (None, 0):
                return None
            pending = _DIGITS[character]
        else:
            place = _PLACES[character]
            if place >= last_place or (pending is None and (place != 10 or total)):
                return None
            total, pending, last_place = total + (pending or 1) * place, None, place
    return total + (pending or 0)
