"""Texts of a chart (图中文字): cleaned, measured by estimate, wrapped, cut with an ellipsis.

A Chinese character is 1 em wide. Latin letters are taken a little wider than they are in Noto
Sans SC, so that an estimate never lets a label run into the drawing.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from jixiao.datum import Datum
from jixiao.workspace import fonts

_WIDE = frozenset("WFA")
_NARROW = frozenset(" .,:;!'|()[]ilj")
_BROAD = frozenset("mwMW@%—…&")
#: Characters that do not begin a line.
_CLOSING = frozenset("，。、；：？！）》〉”’】〕％%,.;:!?)]}")
_ELLIPSIS = "…"


def clean(text: str) -> str:
    r"""Give a text of the unit's on one line, with only characters that our font has.

    >>> clean(" 普法\n宣传\t支出 "), clean("𠮷祥")
    ('普法 宣传 支出', '〔U+20BB7〕祥')
    """
    return fonts.printable(" ".join(text.split()), fonts.code_points())


def width(text: str) -> float:
    """Estimate the width of one line in ems.

    >>> width("预算执行")
    4.0
    """
    return sum(_advance(character) for character in text)


def widest(texts: Iterable[str]) -> float:
    """Estimate the width of the widest line of several texts, in ems; 0 where there is none."""
    return max((width(line) for text in texts for line in text.split("\n")), default=0.0)


def wrap(text: str, ems: float, lines: int = 2) -> str:
    r"""Break a text into at most `lines` lines of at most `ems`; what does not fit ends in ``…``.

    >>> wrap("促进司法公正良性循环影响程度", 8, 2)
    '促进司法公正良性\n循环影响程度'
    >>> wrap("促进司法公正良性循环影响程度", 5, 2)
    '促进司法公\n正良性循…'
    """
    rows: list[str] = []
    rest = text
    while rest and len(rows) < lines:
        end = _fits(rest, ems)
        if end < len(rest) and len(rows) == lines - 1:
            end = max(_fits(rest, ems - 1), 1)
            rows.append(rest[:end].rstrip() + _ELLIPSIS)
            break
        if end < len(rest) and rest[end] in _CLOSING and end > 1:
            end -= 1
        rows.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return "\n".join(rows)


def spaced(datum: Datum) -> str:
    """Give a number with its unit as a sentence has it; of a difference, its size.

    >>> spaced(Datum.of("38.0", "万元")), spaced(Datum.of(None, "分")), spaced(Datum.of(98, "%"))
    ('38.0 万元', '缺', '98%')
    """
    if datum.value is None or datum.unit == "%":
        return datum.text
    return f"{number(datum)} {datum.unit}".rstrip()


def number(datum: Datum) -> str:
    """Give a number as tables show it, without its unit: ``44.16``, ``8.30``, ``缺``."""
    return datum.digits.replace("-", "−")


def signed(datum: Datum) -> str:
    """Give a number with its sign: ``+34.16``, ``−3.84``, ``0``."""
    return f"+{number(datum)}" if (datum.value or 0) > 0 else number(datum)


def short(text: str, ems: float = 14) -> str:
    """Cut a name to what a sentence can bear."""
    return wrap(text, ems, 1)


def with_remarks(caption: str, remarks: str) -> str:
    """Give a chart's plain name, followed by what is not in it."""
    return f"{caption}。{remarks}" if remarks else caption


def listed(texts: Iterable[str], most: int = 3) -> str:
    """List the first few of several names, and say that there are more.

    >>> listed(["甲", "乙", "丙", "丁"])
    '甲、乙、丙等'
    """
    names = list(texts)
    return "、".join(names[:most]) + ("等" if len(names) > most else "")


def _fits(text: str, ems: float) -> int:
    used = 0.0
    for index, character in enumerate(text):
        used += _advance(character)
        if used > ems:
            return max(index, 1)
    return len(text)


def _advance(character: str) -> float:
    if character < "\u0250":
        if character in _NARROW:
            return 0.35
        return 0.95 if character in _BROAD else 0.7 if character.isupper() else 0.6
    return 0.0 if unicodedata.combining(character) else 1.0
