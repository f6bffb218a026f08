"""What private data looks like in a filing, and how it is masked (个人信息脱敏).

Mobile numbers, identity numbers and bank cards by their digits and check digits, whatever width
or separators they are written in; names by the label in front of them. Office landlines and
statistics are never masked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from jixiao.datum import UNSEEN, Json

_DIGIT = "[0-9０-９]"
_THIN = "[ \u00a0\u3000\u200b\u2060\\-－—]?"
_WIDE_GAP = "[_ \u00a0\u3000\u200b\u2060\\-－—.．·]{0,3}"
_START = rf"(?<![0-9０-９.．])(?:[+＋]?[8８][6６]{_WIDE_GAP})?[1１]"
#: Written 3-4-4 with any separators, or with at most one space or dash at any place: amounts in
#: a row (18.38 19.62 …) are neither.
_MOBILE = re.compile(
    rf"{_START}(?:[3-9３-９]{_DIGIT}{_WIDE_GAP}{_DIGIT}{{4}}{_WIDE_GAP}{_DIGIT}{{4}}"
    rf"|{_THIN}[3-9３-９](?:{_THIN}{_DIGIT}){{9}})(?!{_DIGIT}|[.．]{_DIGIT}|万|元(?![旦宵]))"
)
_SPELLED = re.compile(
    r"[一幺](?:[三四五六七八九])[〇零一幺二三四五六七八九]{9}(?![〇零一二三四五六七八九])"
)
_LONG = re.compile(
    rf"(?<!{_DIGIT})(?:{_DIGIT}[ \u00a0\u3000\\-－]?){{14,18}}[0-9０-９XxＸｘ](?!{_DIGIT})"
)
_NAME = re.compile(
    r"((?:填\s*[表报]|制\s*表|联\s*系|经\s*办)\s*人"
    r"(?:\s*姓\s*名|[（(]\s*签[字名章]{1,2}\s*[）)]|[及和与、]\s*(?:联系)?电话)?)"
    r"(\s*[:：]\s*)([\u4e00-\u9fff·](?:[ \u3000]{0,3}[\u4e00-\u9fff·]){1,3})"
    r"(?=\s|[，。；,;]|填|联|电|单|$)"
)
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_NUMERALS = {ord(numeral): str(digit) for digit, numeral in enumerate("零一二三四五六七八九")}
_NUMERALS |= {ord("〇"): "0", ord("幺"): "1"}
_PLAIN_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True, slots=True)
class PrivateDatum:
    """One piece of private data: its kind, where it stands in the text, how it is shown."""

    kind: Literal["mobile", "identity", "bank", "name"]
    start: int
    end: int
    masked: str


def private_data(text: str) -> tuple[PrivateDatum, ...]:
    """Find private data in a text (个人信息识别).

    >>> [(found.kind, found.masked) for found in private_data("联系电话：１３８ 0013 8000")]
    [('mobile', '138****8000')]
    >>> private_data("支出13800138000元，共164人")
    ()
    """
    if UNSEEN.search(text):
        # What has no width hides nothing: the finds are those of the text a reader sees.
        places = [index for index, sign in enumerate(text) if not UNSEEN.match(sign)]
        seen = "".join(text[index] for index in places)
        found = [
            replace(datum, start=places[datum.start], end=places[datum.end - 1] + 1)
            for datum in _find(seen)
        ]
    else:
        found = list(_find(text))
    found.sort(key=lambda datum: datum.start)
    kept: list[PrivateDatum] = []
    for datum in found:
        if not kept or datum.start >= kept[-1].end:
            kept.append(datum)
    return tuple(kept)


def mask_private(text: str) -> str:
    """Mask the private data of a text (脱敏).

    >>> mask_private("填表人：张某某  联系电话：13800138000")
    '填表人：张**  联系电话：138****8000'
    """
    parts, position = [], 0
    for datum in private_data(text):
        parts += [text[position : datum.start], datum.masked]
        position = datum.end
    return "".join(parts) + text[position:]


def mask_json(value: Json) -> Json:
    """Mask every text inside a JSON value; a text that is a plain number is an amount, not a phone.

    >>> mask_json({"text": "电话：13800138000", "value": "13800138000"})
    {'text': '电话：138****8000', 'value': '13800138000'}
    """
    match value:
        case str():
            return value if _PLAIN_NUMBER.fullmatch(value) else mask_private(value)
        case list():
            return [mask_json(item) for item in value]
        case dict():
            return {key: mask_json(item) for key, item in value.items()}
        case _:
            return value


def _find(text: str) -> Iterator[PrivateDatum]:
    for match in _MOBILE.finditer(text):
        digits = _plain(match[0])[-11:]
        yield PrivateDatum("mobile", *match.span(), f"{digits[:3]}****{digits[-4:]}")
    for match in _SPELLED.finditer(text):
        digits = match[0].translate(_NUMERALS)
        yield PrivateDatum("mobile", *match.span(), f"{digits[:3]}****{digits[-4:]}")
    for match in _LONG.finditer(text):
        digits = _plain(match[0]).upper()
        if len(digits) == 18 and _is_identity(digits):
            yield PrivateDatum("identity", *match.span(), f"{digits[:2]}{'*' * 13}{digits[-3:]}")
        elif 16 <= len(digits) <= 19 and digits.isdigit() and _is_luhn(digits):
            yield PrivateDatum("bank", *match.span(), f"{'*' * (len(digits) - 4)}{digits[-4:]}")
    for match in _NAME.finditer(text):
        yield PrivateDatum("name", match.start(3), match.end(3), f"{match[3][0]}**")


def _plain(text: str) -> str:
    return re.sub(r"[^0-9A-Za-z]", "", text.translate(_WIDE))


def _is_identity(digits: str) -> bool:
    """Check an identity number by its check character (GB 11643)."""
    if not digits[:17].isdigit():
        return False
    total = sum(int(d) * w for d, w in zip(digits, _ID_WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == digits[17]


def _is_luhn(digits: str) -> bool:
    total = 0
    for index, character in enumerate(reversed(digits)):
        value = int(character) * (2 if index % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
