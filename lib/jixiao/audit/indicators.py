"""Checks of the indicators: their form (C) and their scoring (D)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from jixiao.audit.budget import rate_of, rate_places, reason_in, reason_of
from jixiao.audit.desk import (
    Case,
    Desk,
    Outcome,
    arithmetic,
    is_close,
    label_of,
    listed,
    places_of,
)
from jixiao.datum import Datum, Reading, count_cells, percent, strip_blank, subtract
from jixiao.datum.quantity import AT_MOST, LESS_THAN
from jixiao.model import Evaluation, Indicator, Phrase, Piece, ScoreLine
from jixiao.scoring.indicators import bare_word, is_ratio_doubtful, pair_of

_NONE = "没有三级指标"
_WHOLE = Decimal(100)


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
    mixed = [i for i in evaluation.indicators if _types_differ(i)]
    if not evaluation.indicators:
        yield desk.skips(_NONE)
    elif mixed:
        yield desk.found(
            "指标值与完成值一个是数、一个是文字：",
            *_both(mixed),
            where=tuple(s for i in mixed for s in (i.target.source, i.achieved.source)),
            observed=_both(mixed),
            expected=("与指标值同类的完成值",),
        )


def _types_differ(indicator: Indicator) -> bool:
    readings = {indicator.target.quantity.reading, indicator.achieved.quantity.reading}
    return Reading.WORD in readings and bool(readings & {Reading.NUMBER, Reading.RANGE})


def check_target_back_filled(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """C-03: a target is not simply what was achieved."""
    multiple = int(desk.entry.number("multiple"))
    same = [i for i in evaluation.indicators if _looks_back_filled(i, multiple)]
    if not evaluation.indicators:
        yield desk.skips(_NONE)
    elif same:
        yield desk.found(
            "指标值与完成值完全相同，且不是整十的数，疑由完成值倒填：",
            *_both(same),
            where=tuple(s for i in same for s in (i.target.source, i.achieved.source)),
            observed=_both(same),
            expected=("批复预算时确定的指标值",),
        )


def _looks_back_filled(indicator: Indicator, multiple: int) -> bool:
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
    count, all_filled = _count("完成值与指标值相同的指标", same), _count("填报的指标", filled)
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
    if not numeric:
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


def check_vague_target(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """C-06: a target can be measured."""
    words = desk.entry.words("words")
    vague = [
        i
        for i in evaluation.indicators
        if i.target.quantity.reading is Reading.WORD and any(w in i.target.text for w in words)
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
    subcategories = {indicator.subcategory for _, indicator in entries}
    return len(keys) > len(set(keys)) or len(subcategories) > 1


def _title(evaluation: Evaluation) -> str:
    if evaluation.kind == "department":
        return "部门整体支出自评表"
    name = evaluation.project.text if evaluation.project else evaluation.key
    return f"“{name}”项目自评表"


def _bare(name: str) -> str:
    return re.sub(r"[\s　,，.。、；;：:“”\"]", "", name)


def check_line_score(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """D-01: every line that can be recomputed was scored so."""
    lines = [line for line in case.cards[evaluation.key].lines if line.status == "recomputed"]
    if not lines:
        yield desk.skips("没有可由数字与规则重算的行")
    for line in lines:
        if is_close(line.claimed_score, line.score, desk.entry.number("tolerance")):
            yield desk.holds(f"{label_of(line)}：重算 ", line.score, "，自评 ", line.claimed_score)
            continue
        gap = subtract("自评与重算相差", line.claimed_score, line.score)
        yield desk.found(
            f"{label_of(line)}自评 ",
            line.claimed_score,
            "，重算 ",
            line.score,
            "，相差 ",
            gap,
            where=places_of(line.claimed_score, line.score),
            observed=("自评 ", line.claimed_score),
            expected=("得分 ", line.score),
            formula=arithmetic(line.score),
            cause="B-02" if line.method == "execution_rate" else None,
        )


def check_unmet_full_score(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """D-02: an unmet target does not get all points."""
    lines = _indicator_lines(case, evaluation)
    if not lines:
        yield desk.skips("没有成对填报的分值与得分")
    for line in lines:
        unmet = [member for member in line.members if _is_unmet(member)]
        if unmet and line.claimed_score.require() >= line.points.require():
            yield desk.found(
                "没有达到指标值却得满分：",
                *_both(unmet),
                "，得分 ",
                line.claimed_score,
                where=(
                    *(s for i in unmet for s in (i.target.source, i.achieved.source)),
                    *places_of(line.claimed_score),
                ),
                observed=("得分 ", line.claimed_score),
                expected=("低于 ", line.points),
            )


def _is_unmet(indicator: Indicator) -> bool:
    """Whether exact numbers show that the target was missed; a bare cost target is a ceiling."""
    target, achieved = indicator.target.quantity, indicator.achieved.quantity
    if not target.is_number or not achieved.is_number or achieved.is_bound:
        return False
    goal, result = pair_of(indicator)
    if goal.unit != result.unit or is_ratio_doubtful(indicator):
        return False
    bare_cost = target.operator is None and "成本" in indicator.subcategory + indicator.category
    if target.operator in (AT_MOST, LESS_THAN) or bare_cost:
        return result.require() > goal.require()
    return result.require() < goal.require()


def check_deduction_reason(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """D-03: points not claimed have a reason."""
    lines = [
        line
        for line in case.cards[evaluation.key].lines
        if line.points.value is not None
        and line.claimed_score.value is not None
        and line.claimed_score.value < line.points.value
    ]
    for line in lines:
        reasons = (reason_in(member) for member in line.members)
        reason = next((found for found in reasons if found), None)
        if reason is None and not line.members:
            reason = reason_of(case, evaluation)
        lost = subtract("扣分", line.points, line.claimed_score)
        if reason is not None:
            yield desk.holds(f"{label_of(line)}扣 ", lost, "，已说明：“", reason, "”")
            continue
        yield desk.found(
            f"{label_of(line)}得分 ",
            line.claimed_score,
            "，低于分值 ",
            line.points,
            "，没有说明原因",
            where=(*places_of(line.claimed_score, line.points), line.source),
            observed=("偏差原因空白",),
            expected=("扣 ", lost, " 的原因与改进措施"),
        )


def check_all_full_marks(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """D-08: not every line has full marks."""
    card = case.cards[evaluation.key]
    if any(d.value is None for line in card.lines for d in (line.points, line.claimed_score)):
        yield desk.skips("有的行没有填报分值或得分")
    elif not card.lines:
        yield desk.skips("没有分值与得分")
    elif any(line.claimed_score.require() < line.points.require() for line in card.lines):
        yield desk.holds("各项得分之和 ", card.claimed_sum, "，分值之和 ", card.points_total)
    elif lost := case.incomplete(evaluation):
        yield desk.skips(lost)
    else:
        yield desk.found(
            "各项全部满分：得分之和 ",
            card.claimed_sum,
            "，分值之和 ",
            card.points_total,
            where=places_of(card.claimed_sum),
            observed=("得分之和 ", card.claimed_sum),
            expected=("如实反映偏差与不足",),
            formula=arithmetic(card.claimed_sum),
        )


def check_progress_claimed(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """D-09: a progress item is not “done” while execution is low."""
    names, words = desk.entry.words("names"), desk.entry.words("words")
    progress = [
        i for i in evaluation.indicators if any(name in i.name.replace(" ", "") for name in names)
    ]
    rate = rate_of(case, evaluation)
    if not progress:
        yield desk.skips("没有进度类指标")
        return
    if rate is None:
        yield desk.skips("没有全年预算数或全年执行数，算不出执行率")
        return
    limit = desk.entry.threshold("rate", "低执行率线", "%")
    for indicator in progress:
        done = _is_done(indicator, words)
        if not done or rate.require() >= limit.require():
            yield desk.holds(
                "“", indicator.indicator, "”填“", indicator.achieved, "”，执行率 ", rate
            )
            continue
        yield desk.found(
            "“",
            indicator.indicator,
            "”填“",
            indicator.achieved,
            "”，预算执行率只有 ",
            rate,
            where=(indicator.achieved.source, *rate_places(evaluation, rate)),
            observed=("“", indicator.achieved, "”"),
            expected=("与执行率 ", rate, " 相符的进度"),
            formula=arithmetic(rate),
        )


def _is_done(indicator: Indicator, words: tuple[str, ...]) -> bool:
    """Whether progress is said to be complete, in words or as 100 %."""
    quantity = indicator.achieved.quantity
    if quantity.unit == "%" and quantity.value is not None:
        return quantity.value >= _WHOLE
    return bare_word(indicator.achieved.text) in words


def _indicator_lines(case: Case, evaluation: Evaluation) -> list[ScoreLine]:
    return [
        line
        for line in case.cards[evaluation.key].lines
        if line.members and line.points.value is not None and line.claimed_score.value is not None
    ]


def _count(label: str, indicators: list[Indicator]) -> Datum:
    return count_cells(label, tuple((i.name, i.source) for i in indicators))


def _quoted(indicators: list[Indicator], *, achieved: bool) -> Phrase:
    pieces: list[Piece] = []
    for indicator in indicators:
        value = indicator.achieved if achieved else indicator.target
        pieces += ["；" if pieces else "", indicator.indicator, "“", value, "”"]
    return tuple(piece for piece in pieces if piece != "")


def _values(indicators: list[Indicator], *, achieved: bool) -> Phrase:
    return listed(tuple(i.achieved if achieved else i.target for i in indicators))


def _both(indicators: list[Indicator]) -> Phrase:
    pieces: list[Piece] = []
    for indicator in indicators:
        head = "；" if pieces else ""
        pieces += [head, indicator.indicator, "指标值“", indicator.target, "”，完成值“"]
        pieces += [indicator.achieved, "”"]
    return tuple(piece for piece in pieces if piece != "")
