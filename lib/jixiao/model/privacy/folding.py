"""A text as a reader sees it, for searching (归一): widths folded, unseen characters left out.

Every character keeps its place in the text as filed, so that what is found there can be masked
where it stands and all around it keeps its form.
"""

from __future__ import annotations

from dataclasses import dataclass

from jixiao.datum import UNSEEN

_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\u30fc"
_BLANKS = "\u00a0\u1680\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
#: Where the ten digits of other scripts and styles begin.
_TENS = (0x0660, 0x06F0, 0x0966, 0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6)
_CIRCLED = "⓪①②③④⑤⑥⑦⑧⑨"
_SOLID = "⓿❶❷❸❹❺❻❼❽❾"
#: Each to one character, so that places stay what they are.
_FOLD = (
    {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    | {ord(sign): "-" for sign in _DASHES}
    | {ord(sign): " " for sign in _BLANKS}
    | {start + digit: str(digit) for start in _TENS for digit in range(10)}
    | {ord(sign): str(digit) for row in (_CIRCLED, _SOLID) for digit, sign in enumerate(row)}
)
_NUMERALS = {ord(sign): str(digit) for digit, sign in enumerate("零一二三四五六七八九")}
_NUMERALS |= {ord(sign): str(digit) for digit, sign in enumerate("〇壹贰叁肆伍陆柒捌玖")}
_NUMERALS |= {ord("○"): "0", ord("幺"): "1"}


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text (归一后的文字); ``places`` gives each character's place as filed, None if equal."""

    text: str
    places: tuple[int, ...] | None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Give the place as filed of a stretch that is not empty."""
        if self.places is None:
            return start, end
        return self.places[start], self.places[end - 1] + 1


def fold(text: str) -> Folded:
    r"""Fold widths, dashes and blanks to one form each, and leave out what is not seen.

    >>> fold("１３８\u200b－0013").text, fold("１３８\u200b－0013").span(3, 4)
    ('138-0013', (4, 5))
    """
    if text.isascii() and text.isprintable():
        return Folded(text, None)
    seen = text.translate(_FOLD)
    if UNSEEN.search(seen) is None:
        return Folded(seen, None)
    places = tuple(index for index, sign in enumerate(seen) if not UNSEEN.match(sign))
    return Folded("".join(seen[index] for index in places), places)


def digits_of(text: str) -> str:
    """Give the digits of a folded number, written in figures or in Chinese numerals.

    >>> digits_of("138-0013 八零零零"), digits_of("11010119900101123x")
    ('13800138000', '11010119900101123X')
    """
    plain = text.translate(_NUMERALS)
    return "".join(sign for sign in plain if sign.isascii() and sign.isalnum()).upper()
