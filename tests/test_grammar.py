"""Every way of writing a number, read back (FAULTS.md A29, A30): 2,000 examples, 50,000 by `make fuzz`.

JIXIAO_GRAMMAR_EXAMPLES sets another number for the long run.
"""

import os
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jixiao.datum import Reading, read_quantity

FEW, MANY = 2_000, int(os.environ.get("JIXIAO_GRAMMAR_EXAMPLES", "50000"))
CALM = [HealthCheck.too_slow, HealthCheck.filter_too_much]
WIDE = str.maketrans("0123456789.,%-+'", "０１２３４５６７８９．，％－＋’")
OPERATORS = {
    "": None, "≥": "≥", "≧": "≥", "⩾": "≥", ">=": "≥", "＞＝": "≥", "不低于": "≥", "不少于": "≥", "至少": "≥",
    "≤": "≤", "≦": "≤", "<=": "≤", "不超过": "≤", "不高于": "≤", ">": ">", "＞": ">", "大于": ">", "<": "<",
    "小于": "<", "低于": "<", "=": "=", "＝": "=", "等于": "=",
}  # fmt: skip
SUFFIXES = {"": None, "以上": "≥", "及以上": "≥", "以内": "≤", "以下": "≤"}
UNITS = (
    "",
    "%",
    "％",
    "万元",
    "元",
    "亿元",
    "分",
    "件",
    "人次",
    "㎡",
    "公里",
    "‰",
    "个百分点",
    "百分比",
)
READ_UNITS = {"": None, "％": "%", "百分比": "%", "个百分点": "百分点"}
BLANKS = ("", " ", "　", "\u00a0", "\n", "\t", "\u200b", "　 \n")
#: Digits of all widths, separators, signs, letters of numbers: what breaks float().
ALPHABET = (
    "0123456789０９٣².．,，'’·_-－−–—~～+%％‰eExXinfNaN∞≥≤><=约余万元件年月日（）()②⑩½Ⅳ㈠ 　\u200b"
)


@st.composite
def written(draw) -> tuple[str, Decimal, str | None, str | None]:
    """One way of writing a number: the text, and what must be read."""
    whole = draw(st.integers(0, 10**12))
    places = draw(st.integers(0, 6))
    fraction = draw(st.integers(0, 10**places - 1)) if places else 0
    digits = draw(st.sampled_from([f"{whole}", f"{whole:,}", f"{whole:,}".replace(",", "，"),
                                   f"{whole:,}".replace(",", "'")]))  # fmt: skip
    text = digits + (f".{fraction:0{places}d}" if places else "")
    value = Decimal(f"{whole}" + (f".{fraction:0{places}d}" if places else ""))
    operator = draw(st.sampled_from(list(OPERATORS)))
    suffix = draw(st.sampled_from(list(SUFFIXES))) if not operator else ""
    sign = draw(st.sampled_from(["", "-", "−", "－", "()", "（）"])) if not suffix else ""
    if sign in ("()", "（）"):
        text, value = f"{sign[0]}{text}{sign[1]}", -value
    elif sign:
        text, value = sign + text, -value
    unit = draw(st.sampled_from(UNITS))
    gap = draw(st.sampled_from(["", " ", "　"]))
    text = f"{operator}{gap}{text}{gap}{unit}{suffix}"
    if draw(st.booleans()):
        text = text.translate(WIDE)
    around = draw(st.tuples(st.sampled_from(BLANKS), st.sampled_from(BLANKS)))
    text = f"{around[0]}{text}{around[1]}"
    return text, value, READ_UNITS.get(unit, unit), OPERATORS[operator] or SUFFIXES[suffix]


def is_year_like(value: Decimal, text: str) -> bool:
    """2022.4 without a unit is a month; the column decides there (test_units)."""
    return 1900 <= abs(value) < 2100


def check_written(example: tuple[str, Decimal, str | None, str | None]) -> None:
    text, value, unit, operator = example
    found = read_quantity(text)
    if is_year_like(value, text) and found.reading is not Reading.NUMBER:
        return
    assert found.reading is Reading.NUMBER, text
    assert (found.value, found.unit, found.operator) == (value, unit, operator), text
    assert found.value is not None
    assert f"{abs(found.value):f}" == f"{abs(value):f}"


def check_anything(text: str) -> None:
    """No text raises, reads as a number that is none, or loses its characters."""
    found = read_quantity(text)
    assert found.text == text
    if found.value is not None:
        assert found.value.is_finite()
        assert any(character.isdecimal() for character in text) or found.unit is not None or text
    if any(mark in text for mark in "②⑩²½Ⅳ㈠٣_∞"):
        assert not found.is_number, text
    if found.reading is Reading.UNREADABLE:
        assert found.reason


@given(written())
@settings(max_examples=FEW, suppress_health_check=CALM)
def test_every_way_of_writing_a_number_is_read_back(example):
    check_written(example)


@given(st.text(alphabet=ALPHABET, max_size=14))
@settings(max_examples=FEW, suppress_health_check=CALM)
def test_no_text_of_number_characters_becomes_another_number(text):
    check_anything(text)


@pytest.mark.fuzz
@given(written())
@settings(max_examples=MANY, suppress_health_check=CALM)
def test_many_ways_of_writing_a_number_are_read_back(example):
    check_written(example)


@pytest.mark.fuzz
@given(st.text(alphabet=ALPHABET, max_size=20))
@settings(max_examples=MANY, suppress_health_check=CALM)
def test_many_texts_become_no_other_number(text):
    check_anything(text)


NUMERALS = [
    ("零", 0), ("〇", 0), ("一", 1), ("两", 2), ("十", 10), ("十二", 12), ("二十", 20), ("九十九", 99),
    ("一百", 100), ("一百零五", 105), ("三百二十", 320), ("一千", 1000), ("两千零三", 2003),
]  # fmt: skip


@pytest.mark.parametrize(("text", "value"), NUMERALS)
def test_chinese_numerals_with_a_unit_are_numbers(text, value):
    found = read_quantity(f"{text}次")
    assert (found.reading, found.value, found.unit) == (Reading.NUMBER, Decimal(value), "次")


@pytest.mark.parametrize(
    "text", ["一二次", "十十次", "百次", "千百次", "一千零零次次", "二〇二二", "三十百次"]
)
def test_what_is_no_numeral_is_no_number(text):
    assert not read_quantity(text).is_number
