"""The grammar of filed values: what is a number, in every way units write it, and what is none."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jixiao.datum import Reading, plain, read_quantity, strip_blank

WIDE = str.maketrans("0123456789.,%-", "０１２３４５６７８９．，％－")


@pytest.mark.parametrize(
    ("text", "value", "unit", "operator"),
    [
        ("≥50件", "50", "件", "≥"),
        ("　≥９８．５０％　", "98.50", "%", "≥"),
        ("≧735人次", "735", "人次", "≥"),
        (">=98%", "98", "%", "≥"),
        ("＜＝1％", "1", "%", "≤"),
        ("不少于10场", "10", "场", "≥"),
        ("10场以上", "10", "场", "≥"),
        ("控制在5%以内", "5", "%", "≤"),
        ("＝100%", "100", "%", "="),
        ("═100%", "100", "%", "="),
        ("1,008.22万元", "1008.22", "万元", None),
        ("1，008.22", "1008.22", None, None),
        ("1'008.22", "1008.22", None, None),
        ("－3.5", "-3.5", None, None),
        ("−3.5", "-3.5", None, None),
        ("（3.5）", "-3.5", None, None),
        ("100百分比", "100", "%", None),
        ("18.38万", "18.38", "万", None),
        ("10分", "10", "分", None),
        ("\n15\n", "15", None, None),
        ("270 例", "270", "例", None),
        ("三次", "3", "次", None),
        ("0.00%", "0.00", "%", None),
    ],
)
def test_a_number_as_units_write_it(
    text: str, value: str, unit: str | None, operator: str | None
) -> None:
    found = read_quantity(text)
    assert found.reading is Reading.NUMBER
    assert (str(found.value), found.unit, found.operator) == (value, unit, operator)


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        (None, Reading.ABSENT),
        ("", Reading.ABSENT),
        ("　", Reading.ABSENT),
        (" \u00a0\u200b\n", Reading.ABSENT),
        ("——", Reading.ABSENT),
        ("—", Reading.ABSENT),
        ("-", Reading.ABSENT),
        ("/", Reading.NOT_APPLICABLE),
        ("无", Reading.NOT_APPLICABLE),
        ("达标", Reading.WORD),
        ("提升", Reading.WORD),
        ("1631余件", Reading.APPROXIMATE),
        ("约98%", Reading.APPROXIMATE),
        ("近百场", Reading.WORD),
        ("98%左右", Reading.APPROXIMATE),
        ("5-10个", Reading.RANGE),
        ("99.5％～100％", Reading.RANGE),
        ("2023.4.25", Reading.DATE),
        ("2022年12月底前", Reading.DATE),
        ("2022-02-28", Reading.DATE),
        ("2022-02-29", Reading.UNREADABLE),
        ("2022年13月", Reading.UNREADABLE),
        ("10-5个", Reading.UNREADABLE),
        ("1_000", Reading.UNREADABLE),
        ("1＿000", Reading.UNREADABLE),
        ("inf", Reading.UNREADABLE),
        ("-Infinity", Reading.UNREADABLE),
        ("NaN", Reading.UNREADABLE),
        ("②", Reading.UNREADABLE),
        ("²", Reading.UNREADABLE),
        ("5²", Reading.UNREADABLE),
        ("½", Reading.UNREADABLE),
        ("Ⅳ", Reading.UNREADABLE),
        ("㈠", Reading.UNREADABLE),
        ("1e400", Reading.UNREADABLE),
        ("1e5", Reading.UNREADABLE),
        ("0x10", Reading.UNREADABLE),
        ("٣", Reading.UNREADABLE),
        ("1,00", Reading.UNREADABLE),
        ("1,0000", Reading.UNREADABLE),
        ("12.5.3", Reading.UNREADABLE),
        ("2 022", Reading.UNREADABLE),
        ("3/5", Reading.UNREADABLE),
        ("9" * 19, Reading.UNREADABLE),
    ],
)
def test_what_is_no_single_exact_number(text: str | None, reading: Reading) -> None:
    found = read_quantity(text)
    assert found.reading is reading
    assert not found.is_number


def test_a_range_has_two_ends() -> None:
    found = read_quantity("5-10个")
    assert (found.value, found.upper, found.unit) == (Decimal(5), Decimal(10), "个")


AMOUNTS = st.decimals(
    min_value=Decimal("-99999999.9999"),
    max_value=Decimal("99999999.9999"),
    allow_nan=False,
    places=4,
).filter(lambda amount: not 1900 <= abs(amount) < 2100)
UNITS = st.sampled_from(["", "万元", "元", "分", "%", "件", "人次"])
OPERATORS = st.sampled_from(["", "≥", "≤", ">", "<", "不低于"])


@given(AMOUNTS, UNITS, OPERATORS)
def test_every_way_of_writing_an_amount_is_the_same_amount(
    amount: Decimal, unit: str, operator: str
) -> None:
    written = [f"{amount:f}{unit}", f"{amount:,f}{unit}"]
    written += [text.translate(WIDE) for text in written]
    for text in written:
        found = read_quantity(f"　{operator}{text} \n")
        assert found.reading is Reading.NUMBER
        assert found.value == amount
        assert found.unit == (unit or None)
        assert bool(found.operator) == bool(operator)


@given(AMOUNTS)
def test_an_amount_written_and_read_keeps_its_digits(amount: Decimal) -> None:
    found = read_quantity(plain(amount)).value
    assert found is not None
    assert plain(found) == plain(amount)


@given(st.text(max_size=30))
def test_no_text_raises_and_the_text_is_kept(text: str) -> None:
    found = read_quantity(text)
    assert found.text == text
    assert found.value is None or found.value.is_finite()
    assert found.is_absent or strip_blank(text)


@given(
    st.text(alphabet="0123456789０９.．,，%％-－—~≥≤<=约余万元件年月日（）()②²eE_ 　", max_size=12)
)
def test_texts_made_of_number_characters_never_raise(text: str) -> None:
    found = read_quantity(text)
    if found.reading is Reading.UNREADABLE:
        assert found.reason
    if found.reading is Reading.RANGE:
        assert found.value is not None
        assert found.upper is not None
        assert found.value <= found.upper
