"""Private data in one text (个人信息识别与脱敏), as filed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from jixiao.datum import Json
from jixiao.model.privacy.folding import fold
from jixiao.model.privacy.kinds import PrivateDatum
from jixiao.model.privacy.labelled import find_labelled
from jixiao.model.privacy.numbers import find_numbers

_PLAIN_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
#: What a text must hold to be worth a closer look: eleven figures not too far apart, or a label.
_HINT = re.compile(
    r"(?:[0-9〇○零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖][ \-_./·*()]{0,3}){10}"
    r"|@|[(\[]at[)\]]|[填表报写制编送系络办入计稿]\s*(?:人|员)|护照|行证|台胞证|港澳证"
    r"|[A-HJ-NP-Z][·•\- ]?[A-Z0-9]{4,6}|微\s?信|[Qq]{2}|[Vv][Xx]|[Cc]hat|CHAT|住|户籍|户口"
)
#: Longer texts are not the same twice.
_LONGEST_KEPT = 500


def private_data(text: str) -> tuple[PrivateDatum, ...]:
    """Find private data in a text (个人信息识别).

    >>> [(found.kind, found.masked) for found in private_data("联系电话：１３８ 0013 8000")]
    [('mobile', '138****8000')]
    >>> private_data("支出13800138000元，共164人")
    ()
    """
    if len(text) > _LONGEST_KEPT:
        return _private_data(text)
    return _known_private_data(text) if len(text) > 3 else ()


@lru_cache(maxsize=4096)
def _known_private_data(text: str) -> tuple[PrivateDatum, ...]:
    return _private_data(text)


def _private_data(text: str) -> tuple[PrivateDatum, ...]:
    folded = fold(text)
    if _HINT.search(folded.text) is None:
        return ()
    found = [*find_numbers(folded.text), *find_labelled(folded.text)]
    placed = (
        PrivateDatum(datum.kind, *folded.span(datum.start, datum.end), datum.masked)
        for datum in found
    )
    return without_overlaps(placed)


def without_overlaps(found: Iterable[PrivateDatum]) -> tuple[PrivateDatum, ...]:
    """Keep of those that overlap the first and longest, in order."""
    kept: list[PrivateDatum] = []
    for datum in sorted(found, key=lambda datum: (datum.start, -datum.end)):
        if not kept or datum.start >= kept[-1].end:
            kept.append(datum)
    return tuple(kept)


def mask_private(text: str) -> str:
    """Mask the private data of a text (脱敏).

    >>> mask_private("填表人：张某某  联系电话：13800138000")
    '填表人：张**  联系电话：138****8000'
    """
    return masked_by(text, private_data(text))


def masked_by(text: str, found: Iterable[PrivateDatum]) -> str:
    """Put in a text what is shown in place of what was found, in order."""
    parts, position = [], 0
    for datum in found:
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
