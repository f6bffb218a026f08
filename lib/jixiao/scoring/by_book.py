"""Score indicators by what a book says of them alone (按规则书的专门规定评分).

An indicator of its system goes by name; satisfaction and cost by their own standards; then come
ranges, dates, and yes or no. Each function gives None where the book says nothing, so that the general rules stand.
"""

from __future__ import annotations

from decimal import Decimal

from jixiao.datum import Constant, Datum, Reading, Working, percent, subtract
from jixiao.model import Indicator, Phrase
from jixiao.rubric import Rubric, Rule
from jixiao.scoring.assessment import Assessment, decided, marked
from jixiao.scoring.by_system import Measured, assess_by_system
from jixiao.scoring.compared import bare_word, pair_of
from jixiao.scoring.dates import read_days
from jixiao.scoring.direct import score_deadline, score_range, score_yes_no
from jixiao.scoring.marks import Marks, mark
from jixiao.scoring.methods import score_full

_MONEY = ("元", "万元", "万", "亿元")


def assess_by_book(
    indicator: Indicator, points: Datum, rubric: Rubric, measured: Measured
) -> Assessment | None:
    """Score an indicator by what the book says of it alone, else give None."""
    return (
        assess_by_system(indicator, points, rubric, measured)
        or _not_applicable(indicator, points, rubric)
        or _satisfaction(indicator, points, rubric)
        or _cost(indicator, points, rubric)
        or _range(indicator, points, rubric)
        or _deadline(indicator, points, rubric)
        or _yes_no(indicator, points, rubric)
    )


def _not_applicable(indicator: Indicator, points: Datum, rubric: Rubric) -> Assessment | None:
    """Give all points where the book says that what does not apply has them."""
    if indicator.achieved.quantity.reading is not Reading.NOT_APPLICABLE:
        return None
    rule = rubric.find("not_applicable")
    if rule is None or rubric.not_applicable(category_of(indicator, rubric)) != "full":
        return None
    return decided("none_gives_full", score_full(points, rule.reference, "没有该事项"))


#: What is said of a line that does not apply and is left out.
DROPPED: Phrase = ("不适用：按规则不计入分值，其余各项折算",)


def dropped_points(group: tuple[Indicator, ...], points: Datum, rubric: Rubric) -> Datum | None:
    """Give the points of a line that is left out as not applicable, which are none."""
    rule = rubric.find("not_applicable")
    for indicator in group:
        policy = rubric.not_applicable(category_of(indicator, rubric))
        applies = indicator.achieved.quantity.reading is not Reading.NOT_APPLICABLE
        if policy != "drop_and_rescale" or applies:
            return None
    if rule is None or points.value is None:
        return None
    pattern = "0（{0} 不适用，不计入）"
    return Datum(points.label, Decimal(0), "分", Working(pattern, (points,), rule.reference))


def category_of(indicator: Indicator, rubric: Rubric) -> str:
    """Give the key of the category an indicator is in, by the words the book knows it by.

    Satisfaction and cost are told by the subcategory as well: forms put them under others.
    """
    for key, word in rubric.categories:
        if key in ("satisfaction", "cost") and word in indicator.subcategory:
            return key
    return next((key for key, word in rubric.categories if word in indicator.category), "")


def _satisfaction(indicator: Indicator, points: Datum, rubric: Rubric) -> Assessment | None:
    achieved = indicator.achieved.quantity
    if category_of(indicator, rubric) != "satisfaction" or achieved.unit != "%":
        return None
    if achieved.reading is not Reading.NUMBER or achieved.is_bound:
        return None
    rate = indicator.achieved.number("满意度", achieved.value, "%")
    return _by_rule("satisfaction.score", points, rate, rubric)


def _cost(indicator: Indicator, points: Datum, rubric: Rubric) -> Assessment | None:
    """Score what was spent against what was planned: the rate is (planned − spent) ÷ planned."""
    target, achieved = indicator.target.quantity, indicator.achieved.quantity
    if rubric.find("cost.control") is None or category_of(indicator, rubric) != "cost":
        return None
    for quantity in (target, achieved):
        if quantity.reading is not Reading.NUMBER or quantity.unit not in _MONEY:
            return None
    planned, spent = pair_of(indicator)
    if achieved.is_bound or not planned.value or planned.unit != spent.unit:
        return None
    saved = subtract("预算 − 支出", planned, spent)
    return _by_rule("cost.control", points, percent("成本控制率", saved, planned), rubric)


def _by_rule(key: str, points: Datum, value: Datum, rubric: Rubric) -> Assessment | None:
    rule = rubric.find(key)
    if rule is None or rule.method is None:
        return None
    marks = mark(rule.method, points, value, rule.reference, whole_of(rule))
    return marked(rule.method.name, marks) if marks else None


def whole_of(rule: Rule) -> Datum | None:
    """Give the points a form's rule awards out of, None where it goes by the form's own."""
    whole = rule.method.number("out_of") if rule.method else None
    return None if whole is None else Datum("规则满分", whole, "分", Constant(rule.reference))


def _range(indicator: Indicator, points: Datum, rubric: Rubric) -> Assessment | None:
    rule = rubric.find("quantitative.range")
    target, achieved = indicator.target.quantity, indicator.achieved.quantity
    if rule is None or rule.method is None or target.reading is not Reading.RANGE:
        return None
    if achieved.reading is not Reading.NUMBER or achieved.is_bound:
        return None
    if achieved.unit not in (target.unit, None):
        return None
    unit = target.unit or ""
    ends = (
        indicator.target.number("指标值下限", target.value, unit),
        indicator.target.number("指标值上限", target.upper, unit),
    )
    result = indicator.achieved.number("实际完成值", achieved.value, unit)
    scores = [
        score_range(points, ends, result, reading, rule.reference)
        for reading in rule.method.readings()
    ]
    return _over(scores, "range", "范围之外怎样计分")


def _over(scores: list[Datum], method: str, question: str) -> Assessment:
    """Bound the scores that the readings of a rule give, the one that stands first."""
    low, high = min(scores, key=Datum.require), max(scores, key=Datum.require)
    drivers: Phrase = (f"{question}，规则没有写明：最低 ", low, "，最高 ", high)
    return marked(method, Marks(scores[0], low, high, drivers))


def _deadline(indicator: Indicator, points: Datum, rubric: Rubric) -> Assessment | None:
    rule = rubric.find("quantitative.deadline")
    target, achieved = indicator.target, indicator.achieved
    if rule is None or rule.method is None:
        return None
    if any(each.quantity.reading is not Reading.DATE for each in (target, achieved)):
        return None
    due = read_days(target.text, rubric.year)
    done = read_days(achieved.text, rubric.year)
    if due is None or done is None or done.first <= due.last < done.last:
        return None  # done in the month of the deadline, the day not filed: a person must look
    late = max(done.first - due.last, 0)
    filed = tuple(
        each.number(label, Decimal(days), "日")
        for each, label, days in ((achieved, "完成时间", done.last), (target, "时限", due.last))
    )
    pattern = f"{late} 天（{achieved.text}对{target.text}）"
    days = Datum("逾期天数", Decimal(late), "天", Working(pattern, filed))
    scores = [
        score_deadline(points, days, reading, rule.reference) for reading in rule.method.readings()
    ]
    return _over(scores, "deadline", "逾期怎样计分")


def _yes_no(indicator: Indicator, points: Datum, rubric: Rubric) -> Assessment | None:
    rule = rubric.find("quantitative.yes_no")
    if rule is None or rule.method is None:
        return None
    yes, no = (rule.method.parameters[name] for name in ("yes", "no"))
    wanted, word = bare_word(indicator.target.text), bare_word(indicator.achieved.text)
    if not isinstance(yes, list) or not isinstance(no, list) or wanted not in yes:
        return None
    if word not in (*yes, *no):
        return None
    return decided("yes_no", score_yes_no(points, word in yes, rule.reference))
