"""Contradictions in the self-evaluations (自评表与正文中的预埋矛盾)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from random import Random
from types import MappingProxyType
from typing import TypeAlias

from jixiao.batch.demo.draft import Draft, Form, Measure, grade_of, rounded, score_of, summed
from jixiao.batch.demo.drawing import SLOW, restated
from jixiao.batch.demo.planted import Planted

_Done: TypeAlias = tuple[Form, Planted] | None
_Way: TypeAlias = Callable[[Draft, Form, Random], _Done]


def _table(draft: Draft, form: Form) -> str:
    return f"附件{[other.key for other in draft.forms].index(form.key) + 2}"


def _with_measure(form: Form, old: Measure, new: Measure) -> Form:
    """Put a measure in another's place; the total follows, so that only the line is wrong."""
    measures = tuple(new if measure is old else measure for measure in form.measures)
    stated = form.total_score - summed(form)
    changed = restated(replace(form, measures=measures))
    return replace(changed, total_score=changed.total_score + stated)


def _those(form: Form, *, is_met: bool) -> list[Measure]:
    """List the measures whose result meets the target, or misses it, whatever the score says."""
    return [
        m
        for m in form.measures
        if (score_of(m.points, m.operator, m.target, m.achieved) == m.points) is is_met
    ]


def _some(form: Form, chance: Random, *, is_met: bool) -> Measure | None:
    fitting = _those(form, is_met=is_met)
    return chance.choice(fitting) if fitting else None


def _total_score(draft: Draft, form: Form, chance: Random) -> _Done:
    stated = form.total_score + chance.choice((Decimal(-2), Decimal(-1), Decimal("-0.5")))
    said = {**form.said, "score": str(stated)}
    # A total that drops below a limit also leaves the grade behind.
    follows = () if grade_of(stated) == form.grade else ("A-09",)
    planted = Planted(
        "A-01", form.key, f"{_table(draft, form)} 总分 得分", str(form.total_score), str(stated),
        follows,
    )  # fmt: skip
    return replace(form, total_score=stated, said=said), planted


def _points_total(draft: Draft, form: Form, chance: Random) -> _Done:
    """Give a line 5 points more, and its category as well: 105 in all."""
    measure = _some(form, chance, is_met=True)
    if measure is None:
        return None
    more = measure.points + 5
    headings = {**form.headings, measure.category: form.headings[measure.category] + 5}
    changed = _with_measure(form, measure, replace(measure, points=more, score=more))
    planted = Planted(
        "A-02", form.key, f"{_table(draft, form)} {measure.name} 分值",
        str(measure.points), str(more), ("A-04",),
    )  # fmt: skip
    return replace(changed, headings=headings), planted


def _category_points(draft: Draft, form: Form, chance: Random) -> _Done:
    category = form.measures[0].category
    was, stated = form.headings[category], form.headings[category] - 5
    planted = Planted(
        "A-03", form.key, f"{_table(draft, form)} {category} 标注的分值", str(was), str(stated)
    )
    return replace(form, headings={**form.headings, category: stated}), planted


def _score_range(draft: Draft, form: Form, chance: Random) -> _Done:
    measure = _some(form, chance, is_met=True)
    if measure is None:
        return None
    stated = measure.points + 1
    planted = Planted(
        "A-05", form.key, f"{_table(draft, form)} {measure.name} 得分", str(measure.score),
        str(stated), ("D-01",),
    )  # fmt: skip
    return _with_measure(form, measure, replace(measure, score=stated)), planted


def _grade_word(draft: Draft, form: Form, chance: Random) -> _Done:
    planted = Planted("A-09", form.key, f"{_table(draft, form)} 总分行 等级", form.grade, "优秀")
    return replace(form, grade="优秀"), planted


def _execution_rate(draft: Draft, form: Form, chance: Random) -> _Done:
    stated = f"{Decimal(form.rate.removesuffix('%')) + Decimal(chance.randint(50, 300)) / 100}%"
    planted = Planted(
        "B-01", form.key, f"{_table(draft, form)} 年度资金总额 执行率", form.rate, stated
    )
    return replace(form, rate=stated), planted


def _execution_score(draft: Draft, form: Form, chance: Random) -> _Done:
    if form.score == 10:
        return None
    full = Decimal(10)
    changed = restated(replace(form, score=full))
    planted = Planted(
        "B-02", form.key, f"{_table(draft, form)} 年度资金总额 得分", str(form.score), "10",
        ("D-01",),
    )  # fmt: skip
    return changed, planted


def _unmet_full_score(draft: Draft, form: Form, chance: Random) -> _Done:
    """Give a missed line full marks; another keeps its loss, or all would be full (D-08)."""
    missed = _those(form, is_met=False)
    if len(missed) < 2:
        return None
    measure = chance.choice(missed)
    planted = Planted(
        "D-02", form.key, f"{_table(draft, form)} {measure.name} 得分", str(measure.score),
        str(measure.points), ("D-01",),
    )  # fmt: skip
    return _with_measure(form, measure, replace(measure, score=measure.points)), planted


def _line_score(draft: Draft, form: Form, chance: Random) -> _Done:
    measure = _some(form, chance, is_met=False)
    if measure is None:
        return None
    stated = measure.score - Decimal("0.3")
    planted = Planted(
        "D-01", form.key, f"{_table(draft, form)} {measure.name} 得分", str(measure.score),
        str(stated),
    )  # fmt: skip
    return _with_measure(form, measure, replace(measure, score=stated)), planted


def _deduction_reason(draft: Draft, form: Form, chance: Random) -> _Done:
    """Leave out why a line lost points; another line or the narrative still gives a reason."""
    measure = _some(form, chance, is_met=False)
    given = [m for m in form.measures if m.reason]
    if measure is None or not (len(given) > 1 or draft.has_narrative):
        return None
    planted = Planted(
        "D-03", form.key, f"{_table(draft, form)} {measure.name} 偏差原因", measure.reason, "空白"
    )
    return _with_measure(form, measure, replace(measure, reason="")), planted


def _achieved_is_bound(draft: Draft, form: Form, chance: Random) -> _Done:
    measure = _some(form, chance, is_met=True)
    if measure is None:
        return None
    stated = f"{measure.operator}{measure.achieved}{measure.unit}"
    planted = Planted(
        "C-01", form.key, f"{_table(draft, form)} {measure.name} 实际完成值",
        stated.removeprefix(measure.operator), stated,
    )  # fmt: skip
    return _with_measure(form, measure, replace(measure, bound=measure.operator)), planted


def _misplaced(draft: Draft, form: Form, chance: Random) -> _Done:
    """Put a rate of quality in the place of what was done in time."""
    measure = next(m for m in form.measures if m.subcategory == "时效指标")
    stated = f"{form.project}成果合格率"
    planted = Planted(
        "C-07", form.key, f"{_table(draft, form)} 时效指标 三级指标", measure.name, stated
    )
    return _with_measure(form, measure, replace(measure, name=stated)), planted


def _empty_reason(draft: Draft, form: Form, chance: Random) -> _Done:
    """Give as the reason of a deduction what says nothing."""
    measure = _some(form, chance, is_met=False)
    if measure is None or not measure.reason:
        return None
    stated = chance.choice(("疫情影响", "客观原因", "有待加强"))
    planted = Planted(
        "D-05", form.key, f"{_table(draft, form)} {measure.name} 偏差原因", measure.reason, stated
    )
    return _with_measure(form, measure, replace(measure, reason=stated)), planted


def _over_completion(draft: Draft, form: Form, chance: Random) -> _Done:
    """Achieve much more than was aimed at, and say nothing about it."""
    counted = [m for m in _those(form, is_met=True) if m.operator == "≥" and m.unit != "%"]
    counted = [m for m in counted if m.unit != "元"]
    if not counted:
        return None
    measure = chance.choice(counted)
    stated = (measure.target * 3 / 2).to_integral_value() + 1
    planted = Planted(
        "D-06", form.key, f"{_table(draft, form)} {measure.name} 实际完成值",
        str(measure.achieved), str(stated),
    )  # fmt: skip
    return _with_measure(form, measure, replace(measure, achieved=stated)), planted


def _conclusion(draft: Draft, form: Form, chance: Random) -> _Done:
    if not draft.has_narrative:
        return None
    was = form.said["score"]
    stated = str(Decimal(was) - 1)
    planted = Planted("A-11", form.key, "正文 自评得分", was, stated)
    return replace(form, said={**form.said, "score": stated}), planted


def _narrative_figure(draft: Draft, form: Form, chance: Random) -> _Done:
    if not draft.has_narrative:
        return None
    name, words = ("actual", "实际支出") if form.project else ("projects", "项目支出")
    was = form.said[name]
    stated = str(rounded(Decimal(was) * Decimal("1.03")) + Decimal("0.01"))
    planted = Planted("E-01", form.key, f"正文 {words}", was, stated)
    return replace(form, said={**form.said, name: stated}), planted


def _income(draft: Draft, form: Form, chance: Random) -> _Done:
    (label, general), *others = form.income
    stated = general - Decimal(chance.randint(100, 900)) / 100
    said = {**form.said, "general": str(stated)}
    planted = Planted("B-11", form.key, f"{_table(draft, form)} {label}", str(general), str(stated))
    return replace(form, income=((label, stated), *others), said=said), planted


def _project_funds(draft: Draft, form: Form, chance: Random) -> _Done:
    granted, *others = form.sources
    stated = granted.original - rounded(granted.original / 10) - Decimal("0.01")
    planted = Planted(
        "B-20", form.key, f"{_table(draft, form)} 当年财政拨款 年初预算数",
        str(granted.original), str(stated),
    )  # fmt: skip
    return replace(form, sources=(replace(granted, original=stated), *others)), planted


def low_executions(draft: Draft) -> Iterator[Planted]:
    """List the forms of a slow year: results near full, money far from spent."""
    for form in draft.forms:
        if form.total.actual / form.total.final < SLOW:
            yield Planted(
                "B-03", form.key, f"{_table(draft, form)} 年度资金总额 执行率",
                "与指标得分相当的执行率", form.rate,
            )  # fmt: skip


#: Check → the area it changes, and how. An area is planted in once a form.
FORM_PLANTS: Mapping[str, tuple[str, _Way]] = MappingProxyType(
    {
        "A-01": ("total", _total_score),
        "A-02": ("full lines", _points_total),
        "A-03": ("headings", _category_points),
        "A-05": ("full lines", _score_range),
        "A-09": ("grade", _grade_word),
        "A-11": ("total", _conclusion),
        "B-01": ("rate", _execution_rate),
        "B-02": ("execution score", _execution_score),
        "C-01": ("full lines", _achieved_is_bound),
        "C-07": ("names", _misplaced),
        "D-01": ("lost lines", _line_score),
        "D-02": ("lost lines", _unmet_full_score),
        "D-03": ("lost lines", _deduction_reason),
        "D-05": ("lost lines", _empty_reason),
        "D-06": ("full lines", _over_completion),
        "E-01": ("narrative", _narrative_figure),
    }
)
DEPARTMENT_PLANTS: Mapping[str, tuple[str, _Way]] = MappingProxyType({"B-11": ("income", _income)})
PROJECT_PLANTS: Mapping[str, tuple[str, _Way]] = MappingProxyType(
    {"B-20": ("sources", _project_funds)}
)
