"""Checks of the form of indicators (C 指标形式)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from jixiao.audit.desk import (
    Case,
    Desk,
    Outcome,
    arithmetic,
    listed,
)
from jixiao.datum import Datum, Reading, count_cells, percent, strip_blank
from jixiao.model import Evaluation, Indicator, Phrase, Piece

_NONE = "没有三级指标"


def check_achieved_is_bound(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """C-01: what was achieved is a number, not a bound."""
    bounds = [i for i in evaluation.indicators if i.achieved.quantity.is_bound]
    if not evaluation.indicators:
        yield desk.skips(_NONE)
    elif bounds:
        count = _count("以界限作为完成值的指标", bounds)
        yield desk.found(
            "实际完成值只写界限、没有写出结果的有 ",
            count,
            "：",
            *_quoted(bounds, achieved=True),
            where=tuple(i.achieved.source for i in bounds),
            observed=_values(bounds, achieved=True),
            expected=("一个确定的数，例如去掉“≥”后的实际数",),
        )


def check_value_type(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """C-02: target and achieved value are of one type."""
    mixed = [i for i in evaluation.indicators if _types_differ(i) and not case.is_misread(i)]
    if not evaluation.indicators:
        yield desk.skips(_NONE)
    elif mixed:
        yield desk.found(
            "指标值与完成值一个是数、一个是文字：",
            *both_values(mixed),
            where=tuple(s for i in mixed for s in (i.target.source, i.achieved.source)),
            observed=both_values(mixed),
            expected=("与指标值同类的完成值",),
        )


def _types_differ(indicator: Indicator) -> bool:
    readings = {indicator.target.quantity.reading, indicator.achieved.quantity.reading}
    return Reading.WORD in readings and bool(readings & {Reading.NUMBER, Reading.RANGE})


def check_target_back_filled(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """C-03: a target is not simply what was achieved."""
    multiple, least = int(desk.entry.number("multiple")), desk.entry.number("least")
    same = [i for i in evaluation.indicators if _looks_back_filled(i, multiple, least)]
    # A plan of two dozen that came true is ordinary; one count to the last of hundreds is not.
    large = any(_count_of(i) >= desk.entry.number("alone") for i in same)
    if not evaluation.indicators:
        yield desk.skips(_NONE)
    elif large or len(same) > 1:
        yield desk.found(
            "指标值与完成值完全相同，且不是整十的数，疑由完成值倒填：",
            *both_values(same),
            where=tuple(s for i in same for s in (i.target.source, i.achieved.source)),
            observed=both_values(same),
            expected=("批复预算时确定的指标值",),
        )


def _count_of(indicator: Indicator) -> Decimal:
    return indicator.target.quantity.value or Decimal(0)


def _looks_back_filled(indicator: Indicator, multiple: int, least: Decimal) -> bool:
    target, achieved = indicator.target.quantity, indicator.achieved.quantity
    return (
        target.is_number
        and achieved.is_number
        and target.operator is None
        and achieved.operator is None
        and target.value == achieved.value
        and target.unit == achieved.unit
        and target.unit != "%"
        and target.value is not None
        and target.value >= least
        and target.value % multiple != 0
    )


def check_all_equal_targets(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """C-04: not nearly all values are just the targets again."""
    filled = [
        i
        for i in evaluation.indicators
        if not i.target.quantity.is_absent and not i.achieved.quantity.is_absent
    ]
    same = [i for i in filled if _is_same(i)]
    if not filled:
        yield desk.skips(_NONE if not evaluation.indicators else "没有填报指标值与完成值")
        return
    count = _count("完成值与指标值相同的指标", same, _both(same))
    all_filled = _count("填报的指标", filled)
    if not same:
        yield desk.holds("没有一项完成值与指标值相同，共 ", all_filled)
        return
    share = percent("相同的比例", count, all_filled)
    limit = desk.entry.threshold("share", "相同比例线", "%")
    if share.require() < limit.require():
        yield desk.holds(*arithmetic(share), "，低于 ", limit)
        return
    yield desk.found(
        "完成值与指标值相同的有 ",
        count,
        "，占 ",
        all_filled,
        " 的 ",
        share,
        where=tuple(i.achieved.source for i in same),
        observed=("相同的占 ", share),
        expected=("低于 ", limit),
        formula=arithmetic(share),
    )


def _is_same(indicator: Indicator) -> bool:
    target, achieved = indicator.target, indicator.achieved
    if strip_blank(target.text) == strip_blank(achieved.text):
        return True
    first, second = target.quantity, achieved.quantity
    return (
        first.is_number
        and second.is_number
        and (first.value, first.unit, first.operator)
        == (second.value, second.unit, second.operator)
    )


def check_target_form(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """C-05: a numeric target has an operator and a unit."""
    numeric = [i for i in evaluation.indicators if i.target.quantity.is_number]
    bare = [
        i for i in numeric if i.target.quantity.operator is None or i.target.quantity.unit is None
    ]
    inside = [i for i in evaluation.indicators if _is_target_in_name(i)]
    if inside:
        yield desk.found(
            "指标值空白，写在指标名称里：",
            *listed(tuple(i.indicator for i in inside)),
            where=tuple(s for i in inside for s in (i.indicator.source, i.target.source)),
            observed=("指标值空白",),
            expected=("名称只写衡量什么，数值填入指标值一栏",),
        )
    if not numeric and not inside:
        yield desk.skips("没有数值型指标值")
    elif bare:
        yield desk.found(
            "数值型指标值没有写方向或单位的有 ",
            _count("没有写方向或单位的指标", bare),
            "：",
            *_quoted(bare, achieved=False),
            where=tuple(i.target.source for i in bare),
            observed=_values(bare, achieved=False),
            expected=("带方向（≥、≤、=）和单位的指标值",),
        )


def _is_target_in_name(indicator: Indicator) -> bool:
    """Whether the target's cell is blank and the name ends with a rate, as in 支付完成率100%."""
    blank = indicator.target.quantity.is_absent
    return blank and re.search(r"率[≥≤=]?\d+(?:\.\d+)?[%％]$", indicator.name) is not None


def check_vague_target(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """C-06: a target can be measured."""
    words, standards = desk.entry.words("words"), desk.entry.words("standards")
    vague = [
        i
        for i in evaluation.indicators
        if i.target.quantity.reading is Reading.WORD
        and any(w in i.target.text for w in words)
        and not any(w in i.target.text for w in standards)
    ]
    if not evaluation.indicators:
        yield desk.skips(_NONE)
    elif vague:
        yield desk.found(
            "指标值只有词语、没有衡量标准的有 ",
            _count("没有衡量标准的指标", vague),
            "：",
            *_quoted(vague, achieved=False),
            where=tuple(i.target.source for i in vague),
            observed=_values(vague, achieved=False),
            expected=("可以衡量的数值或明确的标准",),
        )


def check_duplicate_indicator(desk: Desk, case: Case) -> Iterator[Outcome]:
    """C-10: no indicator twice in one table, or under different subcategories in two."""
    seen: dict[str, list[tuple[Evaluation, Indicator]]] = {}
    for evaluation in case.filing.evaluations:
        for indicator in evaluation.indicators:
            seen.setdefault(_bare(indicator.name), []).append((evaluation, indicator))
    doubled = [entries for entries in seen.values() if _is_duplicate(entries)]
    for entries in doubled:
        cells = tuple(i.indicator for _, i in entries)
        places = [f"{_title(e)}的{i.subcategory or i.category}" for e, i in entries]
        yield Desk(desk.entry, entries[0][0].key).found(
            "指标“",
            cells[0],
            f"”出现在{'、'.join(places)}",
            where=tuple(cell.source for cell in cells),
            observed=listed(tuple(cells)),
            expected=("每项指标只列一处，或在各表中列于同一个二级指标下",),
        )
    owners = {entries[0][0].key for entries in doubled}
    for evaluation in case.filing.evaluations:
        if evaluation.key not in owners:
            place = Desk(desk.entry, evaluation.key)
            count = _count("指标数", list(evaluation.indicators))
            yield (
                place.holds(count, " 指标名称各不重复")
                if evaluation.indicators
                else place.skips(_NONE)
            )


def _is_duplicate(entries: list[tuple[Evaluation, Indicator]]) -> bool:
    keys = [evaluation.key for evaluation, _ in entries]
    subcategories = {
        "满意度" if "满意度" in indicator.subcategory else indicator.subcategory
        for _, indicator in entries
    }
    return len(keys) > len(set(keys)) or len(subcategories) > 1


def _title(evaluation: Evaluation) -> str:
    if evaluation.kind == "department":
        return "部门整体支出自评表"
    name = evaluation.project.text if evaluation.project else evaluation.key
    return f"“{name}”项目自评表"


def _bare(name: str) -> str:
    return re.sub(r"[\s　,，.。、；;：:“”\"]", "", name)


def _count(label: str, indicators: list[Indicator], decided_by: tuple[Datum, ...] = ()) -> Datum:
    cells = tuple((i.name, i.source) for i in indicators)
    return count_cells(label, cells, decided_by=decided_by)


def _both(indicators: list[Indicator]) -> tuple[Datum, ...]:
    """Give target and achieved value of each."""
    return tuple(
        filed.datum(f"{i.name}{label}")
        for i in indicators
        for filed, label in ((i.target, "指标值"), (i.achieved, "完成值"))
    )


def _quoted(indicators: list[Indicator], *, achieved: bool) -> Phrase:
    pieces: list[Piece] = []
    for indicator in indicators:
        value = indicator.achieved if achieved else indicator.target
        pieces += ["；" if pieces else "", indicator.indicator, "“", value, "”"]
    return tuple(piece for piece in pieces if piece != "")


def _values(indicators: list[Indicator], *, achieved: bool) -> Phrase:
    return listed(tuple(i.achieved if achieved else i.target for i in indicators))


def both_values(indicators: list[Indicator]) -> Phrase:
    """Quote indicators with target and achieved value."""
    pieces: list[Piece] = []
    for indicator in indicators:
        head = "；" if pieces else ""
        pieces += [head, indicator.indicator, "指标值“", indicator.target, "”，完成值“"]
        pieces += [indicator.achieved, "”"]
    return tuple(piece for piece in pieces if piece != "")
