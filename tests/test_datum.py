"""Numbers that know where they come from: operations, workings, serialisation."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jixiao.datum import (
    Constant,
    Correction,
    Datum,
    Reference,
    Source,
    add,
    anchor_of,
    cap,
    count_cells,
    describe,
    divide,
    floor,
    formula_of,
    leaves_of,
    minimum,
    multiply,
    percent,
    round_half_up,
    share,
    sources_of,
    substituted_of,
    subtract,
    sum_filed,
    weighted_mean,
    working_as_json,
)
from jixiao.errors import Undefined, UnitMismatch

amounts = st.decimals(-(10**9), 10**9, places=2, allow_nan=False, allow_infinity=False)
positive = st.decimals("0.01", 10**9, places=2, allow_nan=False, allow_infinity=False)


def cell(label: str, value: str | Decimal | None, unit: str = "万元", row: int = 1) -> Datum:
    """Make a filed number."""
    source = Source("filing.txt", "0" * 64, "附件2", 2, row, 5, 200 + row, f"\t{value}")
    return Datum(label, None if value is None else Decimal(value), unit, source)


@given(st.lists(amounts, min_size=1, max_size=6))
def test_sums_are_exact_and_name_every_part(values):
    parts = tuple(cell(f"部分{i}", value, row=i + 1) for i, value in enumerate(values))
    total = add("合计", *parts)
    assert total.value == sum(values)
    assert leaves_of(total) == tuple(dict.fromkeys(parts))
    assert len(sources_of(total)) == len(values)


@given(amounts, amounts)
def test_subtracting_undoes_adding(first, second):
    a, b = cell("甲", first, row=1), cell("乙", second, row=2)
    assert subtract("差", add("和", a, b), b).value == first


@given(positive, positive)
def test_a_rate_times_its_whole_is_its_part(part, whole):
    rate = percent("比率", cell("部分", part), cell("全部", whole, row=2))
    assert abs(multiply("部分", cell("全部", whole), rate).value - part) < Decimal("1e-9")


@given(st.decimals(-1000, 1000, places=5, allow_nan=False, allow_infinity=False))
def test_rounding_is_half_up(value):
    rounded = round_half_up("舍入", Datum.of(value, "分"))
    assert rounded.value == value.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def test_absent_is_not_zero():
    filed, absent = cell("甲", "2.8"), cell("乙", None, row=2)
    for result in (
        add("和", filed, absent),
        subtract("差", filed, absent),
        multiply("积", filed, absent),
        divide("商", filed, absent),
        percent("比", absent, filed),
        cap("上限", absent, filed),
        floor("下限", filed, absent),
        minimum("小", filed, absent),
        round_half_up("舍", absent),
        weighted_mean("均", ((filed, absent),)),
    ):
        assert result.value is None
        assert result.text == "缺"
    total = sum_filed("三公经费", filed, absent, cell("丙", "5.5", row=3))
    assert total.text == "8.30万元"
    assert substituted_of(total) == "2.8 + 缺 + 5.5"
    assert sum_filed("三公经费", absent).value is None


@pytest.mark.parametrize("operation", [add, sum_filed, subtract, percent, cap, floor, minimum])
def test_different_units_never_meet(operation):
    with pytest.raises(UnitMismatch, match=r"万元.*元"):
        operation("合计", cell("甲", "1", "万元"), cell("乙", "10000", "元"))


def test_nothing_is_divided_by_zero():
    with pytest.raises(Undefined, match="全年预算数为 0"):
        percent("执行率", cell("执行数", "5"), cell("全年预算数", "0"))
    with pytest.raises(Undefined, match="权数合计为 0"):
        weighted_mean("均", ((Datum.of(1, "%"), Datum.of(0)),))


def test_a_working_prints_label_formula_values_and_sources():
    rate = percent("预算执行率", cell("全年执行数", "19.62"), cell("全年预算数", "38", row=2))
    assert describe(rate) == (
        "预算执行率 = 全年执行数 ÷ 全年预算数 × 100% = 19.62 ÷ 38 × 100% = 51.63%"
        "〔附件2 第1行第5列（原文第201行）；附件2 第2行第5列（原文第202行）〕"
    )


def test_a_working_serialises_down_to_its_cells():
    law = Reference("财预〔2020〕10号 第十三条", "mof-2020-10.budget_execution.score")
    points = Datum("分值", Decimal(10), "分", Constant(law))
    rate = percent("预算执行率", cell("执行", "19.62"), cell("预算", "38", row=2))
    score = round_half_up("得分", multiply("原始得分", points, rate, reference=law))
    tree = working_as_json(score)
    assert list(tree) == [
        "label",
        "value",
        "unit",
        "formula",
        "substituted",
        "reference",
        "operands",
    ]
    assert tree["value"] == "5.16"
    raw = tree["operands"][0]
    assert raw["reference"] == "财预〔2020〕10号 第十三条（未核对原文）"
    assert raw["operands"][0]["constant"]["key"] == law.key
    executed = raw["operands"][1]["operands"][0]
    assert executed["source"] == {
        "document": "filing.txt", "part": "附件2", "table": 2, "row": 1, "column": 5,
        "line": 201, "text": "\t19.62",
    }  # fmt: skip


def test_a_corrected_number_keeps_its_original():
    original = cell("执行数", "19.62")
    amended = Datum(
        "执行数", Decimal("19.26"), "万元", Correction(original, "笔误", "王某", "2023-05-01")
    )
    tree = working_as_json(amended)
    assert tree["correction"]["original"]["value"] == "19.62"
    assert sources_of(amended) == (original.origin,)


def test_the_same_working_has_the_same_id_and_another_has_another():
    first = percent("率", cell("甲", "1"), cell("乙", "2"))
    again = percent("率", cell("甲", "1"), cell("乙", "2"))
    other = percent("率", cell("甲", "1"), cell("乙", "2", row=9))
    assert anchor_of(first) == anchor_of(again) != anchor_of(other)


def test_a_count_names_every_cell_it_counted():
    places = tuple((name, cell(name, None, row=i + 1).origin) for i, name in enumerate("甲乙丙"))
    count = count_cells("指标数", places)
    assert (count.text, formula_of(count), substituted_of(count)) == (
        "3项",
        "甲 + 乙 + 丙",
        "1 + 1 + 1",
    )
    assert share("每项", Datum.of(15, "分"), count).value == 5


def test_braces_in_a_label_are_only_text():
    total = add("合计", cell("{0} 与 {x}", "1"), cell("乙", "2", row=2))
    assert formula_of(total) == "{0} 与 {x} + 乙"


@pytest.mark.parametrize(
    ("value", "shown"),
    [("51.631578", "51.63"), ("8.3", "8.30"), ("110", "110"), ("100.00", "100"), ("0.0049", "0.0049"),
     ("-3.835", "−3.84")],
)  # fmt: skip
def test_computed_numbers_show_two_places_unless_whole(value, shown):
    assert add("值", Datum.of(value, "分")).digits == shown


def test_filed_numbers_show_the_digits_filed():
    assert cell("率", "98.00", "%").text == "98.00%"
