"""Characters that are lost, private or unseen (FAULTS.md A15, A16), in every format that is read."""

import json
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats import SAMPLE, codes, without_addresses
from tests.small_form import FORMATS, SmallForm, read_form

from jixiao.datum import UNSEEN
from jixiao.errors import BadFile
from jixiao.importers import mask_private, read_document, reading_as_json
from jixiao.scoring.units import in_one_unit

FORM = SmallForm()
LINES = SAMPLE.read_text("utf-8").split("\n")
FILLED = [number for number, line in enumerate(LINES) if line.strip()]
UNSEEN_SIGNS = (
    "\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f\u061c\u180e\u200e\u200f\u202a\u202d\u202e\u2066\u2069"
    "\u2028\u2029\u3164\ufe0f\ufff9\U000e0041\x01\x07\x0b\x1b\x1f\x7f\x85\x9b"
)
#: What an XML file can hold; a page and a text hold the others too.
IN_XML = [sign for sign in UNSEEN_SIGNS if sign >= " "]


def reading(filing):
    found = without_addresses(reading_as_json(filing, raw=True))
    return found | {"problems": None}


@pytest.fixture(scope="module")
def sample_reading():
    return reading(read_document(SAMPLE))


@given(st.sampled_from(FILLED), st.integers(0, 200), st.sampled_from(UNSEEN_SIGNS))
@settings(max_examples=150)
def test_an_unseen_character_anywhere_changes_nothing_but_is_said(
    tmp_path_factory, sample_reading, number, at, sign
):
    line = LINES[number]
    at = max(line.startswith("\t"), at % (len(line) + 1))
    changed = [*LINES[:number], line[:at] + sign + line[at:], *LINES[number + 1 :]]
    path = tmp_path_factory.mktemp("unseen") / SAMPLE.name
    path.write_text("\n".join(changed), "utf-8")
    found = read_document(path)
    assert reading(found) == sample_reading
    (problem,) = found.problems
    assert problem.code == "control-character"
    assert f"U+{ord(sign):04X}" in problem.message
    assert problem.source.line == number + 1
    assert sign in problem.source.text


def spoiled(sign: str) -> SmallForm:
    """The form with one sign inside a name, a target, an amount, a score and a header."""
    form = FORM.with_indicator(
        0, name=f"1、培训{sign}人次", target=f"≥20{sign}0人次", score=f"3{sign}0"
    )
    form = form.with_indicator(1, kind=f"质量{sign}指标")
    form = replace(form, total=((f"总{sign}分", "100", f"93.{sign}16", ""),))
    form = replace(form, name=f"培训{sign}经费")
    header = tuple(f"实际{sign}完成值" if w == "实际完成值" else w for w in form.indicator_header)
    form = replace(form, indicator_header=header)
    return form.with_budget("38", f"3{sign}8", "19.62", "10", f"51{sign}.63%", "5.16")


def values(filing):
    (evaluation,) = filing.evaluations
    return (
        evaluation.project.text,
        evaluation.budget.final_budget.text,
        evaluation.budget.execution_rate.quantity.value,
        evaluation.claimed_total.score.text,
        [
            (i.subcategory, i.name, i.target.quantity.value, i.achieved.text, i.score.text)
            for i in evaluation.indicators
        ],
    )


@pytest.mark.parametrize(
    ("sign", "ending"),
    [
        pytest.param(sign, ending, id=f"U+{ord(sign):04X}-{ending}")
        for ending in FORMATS
        for sign in (IN_XML if ending in ("docx", "xlsx") else UNSEEN_SIGNS)
    ],
)
def test_unseen_characters_are_no_part_of_any_value(tmp_path, sign, ending):
    plain = read_form(tmp_path, FORM.with_budget("38", "38", "19.62", "10", "51.63%", "5.16"))
    found = read_form(tmp_path, spoiled(sign), ending=ending)
    assert values(found) == values(plain)
    assert set(codes(found)) == {"control-character"}
    text = json.dumps(values(found)[0], ensure_ascii=False)
    assert not UNSEEN.search(text)
    assert all(problem.source and problem.message.endswith("。") for problem in found.problems)


@pytest.mark.parametrize("ending", FORMATS)
@pytest.mark.parametrize(
    ("sign", "code", "action"),
    [
        ("\ufffd", "replacement-character", "请核对原件补上"),
        ("\ue123", "private-use-character", "请换成标准汉字"),
        ("\U000f1234", "private-use-character", "请换成标准汉字"),
    ],
)
def test_lost_and_private_characters_stay_and_are_said(tmp_path, sign, code, action, ending):
    form = FORM.with_indicator(0, name=f"1、培训{sign}人次")
    found = read_form(tmp_path, form, ending=ending)
    assert codes(found) == [code]
    (problem,) = found.problems
    assert f"U+{ord(sign):04X}" in problem.message
    assert action in problem.message
    assert sign in problem.source.text
    assert (problem.source.row is not None) is (ending != "txt")
    assert found.evaluations[0].indicators[0].name == f"培训{sign}人次"


@pytest.mark.parametrize("ending", FORMATS)
@pytest.mark.parametrize("sign", ["\ufffd", "\ue123"])
def test_a_lost_character_in_a_number_is_no_number(tmp_path, sign, ending):
    form = FORM.with_budget("38", f"3{sign}8", "19.62", "10", "51.63%", "5.16")
    found = read_form(tmp_path, form, ending=ending)
    assert found.evaluations[0].budget.final_budget.value is None
    assert "unreadable-number" in codes(found)


@pytest.mark.parametrize("ending", ["txt", "html"])
def test_a_null_character_is_refused(tmp_path, ending):
    with pytest.raises(BadFile) as caught:
        read_form(tmp_path, FORM.with_indicator(0, name="1、培训\0人次"), ending=ending)
    assert caught.value.code == "not-text"
    assert caught.value.where == f"form.{ending}"
    assert "请用 Word、WPS 或 Excel 打开" in caught.value.action


def test_every_invisible_format_character_counts_as_unseen():
    """All of Unicode's category Cf, but those that show themselves or carry meaning in a script."""
    visible = ("ARABIC", "SYRIAC", "KAITHI", "EGYPTIAN", "SHORTHAND", "MUSICAL")
    missing = [
        hex(code)
        for code in range(0x110000)
        if unicodedata.category(chr(code)) == "Cf"
        and not UNSEEN.match(chr(code))
        and not unicodedata.name(chr(code), "").startswith(visible)
    ]
    assert missing == []


@pytest.mark.parametrize("sign", IN_XML, ids=lambda sign: f"U+{ord(sign):04X}")
def test_unseen_characters_hide_no_private_data(sign):
    text = f"填{sign}表人：张{sign}某某 联系电话：138{sign}0013{sign}8000"
    masked = UNSEEN.sub("", mask_private(text))
    assert "138****8000" in masked
    assert "张**" in masked
    assert "某某" not in masked


def test_a_bidi_override_in_an_amount_turns_nothing_round(tmp_path):
    form = FORM.with_budget("38", "\u202e83\u202c", "19.62", "10", "51.63%", "5.16")
    found = read_form(tmp_path, form)
    assert in_one_unit(found).evaluations[0].budget.final_budget.text == "83万元"
    assert "control-character" in codes(found)
