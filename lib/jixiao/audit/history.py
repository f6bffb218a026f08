"""Checks against the filing of the year before (F-01 至 F-03 历年)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from jixiao.audit.budget import rate_of_budget
from jixiao.audit.desk import Case, Desk, Outcome, is_close, places_of
from jixiao.datum import Datum, subtract
from jixiao.model import Evaluation, Filing, Indicator, bare_label, of_prior
from jixiao.scoring.units import in_one_unit

_YEAR = re.compile(r"(?:19|20)[0-9]{2}\s*年?度?")


@dataclass(frozen=True, slots=True)
class _Prior:
    """The evaluation of the year before, and what was filed with it."""

    filing: Filing
    evaluation: Evaluation


def _prior_of(case: Case, evaluation: Evaluation) -> _Prior | str:
    """Find the same evaluation of the year before, or say why there is none."""
    context = case.filing.context
    if context is None:
        return "只有这一份文件，没有上年的自评材料"
    if context.prior is None:
        return context.prior_missing
    filing = in_one_unit(context.prior)
    for earlier in filing.evaluations:
        if earlier.kind == evaluation.kind and _name(earlier) == _name(evaluation):
            return _Prior(filing, earlier)
    return "上年的自评材料中没有同一张自评表"


def _name(evaluation: Evaluation) -> str:
    if evaluation.kind == "department" or evaluation.project is None:
        return evaluation.kind
    return re.sub(r"\s", "", _YEAR.sub("", evaluation.project.text))


def check_target_unchanged(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """F-01: a target far exceeded last year was raised."""
    prior = _prior_of(case, evaluation)
    if isinstance(prior, str):
        yield desk.skips(prior)
        return
    year = prior.filing.year
    for now, then in _pairs(evaluation, prior.evaluation):
        if not _is_same_target(now, then) or not _is_exceeded(desk, then):
            continue
        achieved = of_prior(then.achieved.datum(then.name), year)
        target = now.target.datum(now.name)
        yield desk.found(
            f"“{bare_label(now.name)}”指标值仍为 ",
            now.target,
            f"，{year} 年度已完成 ",
            achieved,
            where=places_of(target),
            observed=("指标值 ", now.target, "，上年完成 ", achieved),
            expected=("参照上年完成情况提高指标值，或说明理由",),
        )


def _pairs(now: Evaluation, then: Evaluation) -> Iterator[tuple[Indicator, Indicator]]:
    """Pair indicators of one name; a name that occurs twice in a year pairs with none."""
    earlier = _by_name(then)
    for name, indicator in _by_name(now).items():
        if name in earlier:
            yield indicator, earlier[name]


def _by_name(evaluation: Evaluation) -> dict[str, Indicator]:
    found: dict[str, Indicator] = {}
    twice = set()
    for indicator in evaluation.indicators:
        name = re.sub(r"\s", "", _YEAR.sub("", bare_label(indicator.name)))
        twice |= {name} & found.keys()
        found.setdefault(name, indicator)
    return {name: indicator for name, indicator in found.items() if name not in twice}


def _is_same_target(now: Indicator, then: Indicator) -> bool:
    one, other = now.target.quantity, then.target.quantity
    same = (one.value, one.unit, one.operator) == (other.value, other.unit, other.operator)
    return one.is_number and other.is_number and same and one.operator not in ("≤", "<")


def _is_exceeded(desk: Desk, then: Indicator) -> bool:
    """Whether last year's result, one number of the target's unit, lay far above it."""
    target, achieved = then.target.quantity, then.achieved.quantity
    if not achieved.is_number or achieved.is_bound or target.unit != achieved.unit:
        return False
    if "成本" in then.category + then.subcategory or not target.value or achieved.value is None:
        return False
    return achieved.value * 100 > target.value * (100 + desk.entry.number("excess"))


def check_score_volatility(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """F-02: a total far from last year's goes with a change in what was done."""
    prior = _prior_of(case, evaluation)
    if isinstance(prior, str):
        yield desk.skips(prior)
        return
    now, then = evaluation.claimed_total, prior.evaluation.claimed_total
    if now is None or then is None or now.score.value is None or then.score.value is None:
        yield desk.skips("本年或上年没有自评总分")
        return
    if now.points.value != then.points.value:
        yield desk.skips("本年与上年总分的满分不同，不能直接比较")
        return
    earlier = of_prior(then.score, prior.filing.year)
    difference = subtract("总分变动", now.score, earlier)
    if abs(difference.require()) <= desk.entry.number("difference"):
        yield desk.holds("本年 ", now.score, " − 上年 ", earlier, " = ", difference)
        return
    if not _is_unchanged(desk, evaluation, prior.evaluation):
        yield desk.holds("总分变动 ", difference, "，指标、完成值或执行率有实质变化")
        return
    yield desk.found(
        "自评总分 ",
        now.score,
        "，上年 ",
        earlier,
        "，而指标、完成值与执行率没有实质变化",
        where=places_of(now.score),
        observed=("变动 ", difference),
        expected=("与实际完成情况的变化相称，或说明理由",),
        formula=(now.score, " − ", earlier, " = ", difference),
    )


def _is_unchanged(desk: Desk, now: Evaluation, then: Evaluation) -> bool:
    """Whether indicators, their results and the execution rate are those of the year before."""
    pairs = list(_pairs(now, then))
    most = max(len(now.indicators), len(then.indicators))
    share = desk.entry.number("share")
    if not pairs or 100 * len(pairs) < share * most:
        return False
    same = sum(a.achieved.text == b.achieved.text for a, b in pairs)
    rates = rate_of_budget(now), rate_of_budget(then)
    if rates[0] is None or rates[1] is None or 100 * same < share * len(pairs):
        return False
    return abs(rates[0] - rates[1]) <= desk.entry.number("rate")


def check_prior_outturn(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """F-03: the prior outturn of this form is the outturn of last year's form."""
    prior, base = _prior_of(case, evaluation), case.filing.base_data
    if isinstance(prior, str):
        yield desk.skips(prior)
        return
    earlier = prior.filing.base_data
    if base is None or earlier is None:
        yield desk.skips("本年或上年没有基础数据表")
        return
    compared = 0
    for row in base.expenditure:
        rows = [r for r in earlier.expenditure if (r.name, r.parent) == (row.name, row.parent)]
        told = row.prior_outturn
        if len(rows) != 1 or told.value is None or rows[0].outturn.value is None:
            continue
        outturn = of_prior(rows[0].outturn, prior.filing.year)
        compared += 1
        if not is_close(told, outturn, desk.entry.number("tolerance")):
            yield _differs(desk, row.name, told, outturn)
    if not compared:
        yield desk.skips("两年的基础数据表没有可以对应的行")


def _differs(desk: Desk, name: str, told: Datum, outturn: Datum) -> Outcome:
    return desk.found(
        f"“{name}”上年决算数填 ",
        told,
        "，上年申报的决算数是 ",
        outturn,
        where=places_of(told),
        observed=("上年决算数 ", told),
        expected=("上年决算数 ", outturn),
        formula=(told, " ≠ ", outturn),
    )


def check_final_accounts(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """F-04: the amounts of the form are those of the published final accounts."""
    accounts = case.filing.context.final_accounts if case.filing.context else ()
    if not accounts:
        yield desk.skips("没有登记部门决算（单位 YAML 的 final_accounts）")
        return
    for published in accounts:
        filed = _amount(case, evaluation, published.label)
        if filed is None or filed.value is None:
            yield desk.skips(f"表中没有“{published.label}”，不能与部门决算比较")
        elif is_close(filed, published, desk.entry.number("tolerance")):
            yield desk.holds(f"{published.label}：", filed, " = 部门决算 ", published)
        else:
            yield desk.found(
                f"{published.label}填 ",
                filed,
                "，部门决算公开数为 ",
                published,
                where=places_of(filed),
                observed=(f"{published.label} ", filed),
                expected=("部门决算 ", published),
                formula=(filed, " ≠ ", published),
            )


def _amount(case: Case, evaluation: Evaluation, label: str) -> Datum | None:
    base, budget = case.filing.base_data, evaluation.budget
    if base is not None and (row := base.row(label)) is not None and row.outturn.value is not None:
        return row.outturn
    if budget is None:
        return None
    if label == "支出总额":
        return budget.actual_expenditure
    lines = (ln for ln in budget.lines if ln.label.startswith(label))
    return next((line.actual_expenditure for line in lines), None)
