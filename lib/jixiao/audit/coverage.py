"""Checks of what a table of indicators leaves out (C-08、C-09、C-13 指标的完整)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jixiao.audit.desk import Case, Desk, Outcome, listed
from jixiao.datum import Reading, count_cells
from jixiao.model import Evaluation, Indicator
from jixiao.rubric import CheckEntry

_COST, _SATISFACTION = "成本", "满意"
_NOT_THIS_FORM = "不是按产出、效益分级的指标表"


def check_number_of_indicators(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """C-13: there are enough indicators, and output has quantity, quality and time."""
    if reason := _not_comparable(case, evaluation):
        yield desk.skips(reason)
        return
    gaps = _gaps(desk.entry, evaluation)
    few = len(evaluation.indicators) < int(desk.entry.number("least"))
    if not few and len(gaps) < int(desk.entry.number("gaps")):
        return
    count = count_cells("三级指标数", tuple((i.name, i.source) for i in evaluation.indicators))
    missing = f"，产出没有{'、'.join(gaps)}指标" if gaps else ""
    yield desk.found(
        "三级指标只有 " if few else "三级指标 ",
        count,
        missing or "，不足以反映项目",
        "，也没有说明不适用",
        where=tuple(i.indicator.source for i in evaluation.indicators),
        observed=(count,),
        expected=("数量、质量、时效等方面各有指标，不适用的注明",),
    )


def is_too_few(case: Case, evaluation: Evaluation) -> bool:
    """Whether C-13 finds that the table as a whole has too little in it."""
    entry = case.checklist.entry("C-13")
    few = len(evaluation.indicators) < int(entry.number("least"))
    enough = len(_gaps(entry, evaluation)) < int(entry.number("gaps"))
    return not _not_comparable(case, evaluation) and (few or not enough)


def _gaps(entry: CheckEntry, evaluation: Evaluation) -> list[str]:
    """Name the kinds of output of which there is no indicator."""
    held = "".join(i.subcategory for i in evaluation.indicators)
    return [kind for kind in entry.words("kinds") if kind not in held]


def _not_comparable(case: Case, evaluation: Evaluation) -> str:
    """Say why nothing can be said to be missing, empty where it can."""
    if evaluation.kind != "project":
        return "部门整体支出的指标框架由各地规定"
    if lost := case.incomplete(evaluation):
        return lost
    if not evaluation.indicators:
        return "没有三级指标"
    if not _is_by_output(case, evaluation):
        return _NOT_THIS_FORM
    if _is_for_staff(case, evaluation):
        return "人员类、公用经费类项目的指标由财政统一规定"
    return ""


def _is_by_output(case: Case, evaluation: Evaluation) -> bool:
    """Whether the table has 产出 with subcategories of its own, and is no 投入、过程 scorecard."""
    categories = {i.category for i in evaluation.indicators}
    other = case.checklist.entry("C-13").words("other_forms")
    if any(word in category for category in categories for word in other):
        return False
    output = [i for i in evaluation.indicators if "产出" in i.category]
    kinds = case.checklist.entry("C-13").words("kinds")
    return any(kind in i.subcategory for i in output for kind in (*kinds, _COST))


def _is_for_staff(case: Case, evaluation: Evaluation) -> bool:
    words = case.checklist.entry("C-13").words("staff_projects")
    name = evaluation.project.text if evaluation.project else ""
    return any(word in name for word in words)


def check_cost(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """C-08: there is a cost indicator, and it says how much."""
    costs = [i for i in evaluation.indicators if _COST in i.category + i.subcategory + i.name]
    if costs:
        yield from _costs_without_amount(desk, costs)
        return
    since, year = desk.entry.since, case.filing.year
    if reason := _not_comparable(case, evaluation):
        yield desk.skips(reason)
    elif since and year and year < since:
        yield desk.skips(f"{since} 年度以前的规定没有要求单列成本指标")
    elif is_too_few(case, evaluation):
        yield desk.skips("指标过少，已由 C-13 提出")
    elif near := [i for i in evaluation.indicators if _is_unit_price(desk, i)]:
        yield desk.holds("单价、标准类指标：", *listed(tuple(i.indicator for i in near)))
    elif case.is_printed(evaluation, _COST):
        yield desk.skips("表中列有成本指标而未填写，不能断定是否适用")
    else:
        outputs = tuple(i.indicator.source for i in evaluation.indicators if "产出" in i.category)
        yield desk.found(
            "没有成本指标，也没有说明不适用",
            where=outputs or (evaluation.title.source,),
            observed=("没有成本指标",),
            expected=("写明金额或单位成本的成本指标",),
        )


def _costs_without_amount(desk: Desk, costs: list[Indicator]) -> Iterator[Outcome]:
    words, standards = desk.entry.words("words"), desk.entry.words("standards")
    vague = [
        i
        for i in costs
        if i.target.quantity.reading is Reading.WORD
        and any(w in i.target.text for w in words)
        and not any(w in i.target.text + i.name for w in standards)
        and not re.search(r"\d", i.name + i.target.text + i.achieved.text)
    ]
    if not vague:
        return
    yield desk.found(
        "成本指标没有写明金额：",
        *listed(tuple(piece for i in vague for piece in (i.indicator, i.target)), "，"),
        where=tuple(s for i in vague for s in (i.indicator.source, i.target.source)),
        observed=listed(tuple(i.target for i in vague)),
        expected=("成本的金额、单价或控制比例",),
    )


def _is_unit_price(desk: Desk, indicator: Indicator) -> bool:
    named = any(word in indicator.name for word in desk.entry.words("names"))
    unit = indicator.target.quantity.unit or ""
    return named or "元" in unit


def check_satisfaction(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """C-09: satisfaction is measured, and the narrative says how."""
    asked = [i for i in evaluation.indicators if _is_satisfaction(i)]
    if asked:
        yield from _survey(desk, case, evaluation, asked)
    elif reason := _not_comparable(case, evaluation):
        yield desk.skips(reason)
    elif is_too_few(case, evaluation):
        yield desk.skips("指标过少，已由 C-13 提出")
    elif case.is_printed(evaluation, _SATISFACTION):
        yield desk.skips("表中列有满意度而未填写，不能断定是否适用")
    else:
        yield desk.found(
            "没有满意度指标，也没有说明不适用",
            where=(evaluation.title.source, *(i.indicator.source for i in evaluation.indicators)),
            observed=("没有满意度指标",),
            expected=("服务对象满意度指标；不适用的注明，其分值调入效益指标",),
        )


def _is_satisfaction(indicator: Indicator) -> bool:
    return _SATISFACTION in indicator.category + indicator.subcategory + indicator.name


def _survey(
    desk: Desk, case: Case, evaluation: Evaluation, asked: list[Indicator]
) -> Iterator[Outcome]:
    """Look in the narrative for how satisfaction was asked for."""
    rates = [i for i in asked if i.achieved.quantity.value is not None]
    text = "\n".join(s.text for s in case.filing.sections if s.evaluation == evaluation.key)
    if not rates:
        yield desk.skips("满意度没有填报数值")
    elif len(text) < int(desk.entry.number("narrative")):
        yield desk.skips("没有正文，不能断定有没有开展满意度调查")
    elif word := _evidence(desk, text):
        yield desk.holds(f"正文提到“{word}”：", *listed(tuple(i.indicator for i in rates)))
    else:
        pairs = tuple(piece for i in rates for piece in (i.indicator, i.achieved))
        yield desk.found(
            "满意度没有调查依据，正文没有写明调查方式、时间与样本数：",
            *listed(pairs, "，"),
            where=tuple(i.achieved.source for i in rates),
            observed=listed(tuple(i.achieved for i in rates)),
            expected=("调查的方式、时间、样本数与结果",),
        )


def _evidence(desk: Desk, text: str) -> str | None:
    """Give the word by which the narrative speaks of asking people, None where it does not."""
    if word := next((w for w in desk.entry.words("evidence") if w in text), None):
        return word
    asked = [s for s in re.split(r"[。；;！!\n]", text) if _SATISFACTION in s]
    near = desk.entry.words("near")
    return next((word for sentence in asked for word in near if word in sentence), None)
