"""Amounts below zero (负数): brackets and dashes read as a minus, kept and said."""

from __future__ import annotations

from collections.abc import Iterator

from jixiao.datum import Datum, Source
from jixiao.importers.cells import clean
from jixiao.model import Filing, Problem

_NAMES = ("original_budget", "final_budget", "actual_expenditure")
#: Rows of changes, which may well be negative: 部门整体支出预算调整.
_OF_CHANGES = ("调整", "增减", "差额")


def negative_amounts(filing: Filing) -> Iterator[Problem]:
    """Say which amounts of budgets and base data are below zero; changes may be."""
    for evaluation in filing.evaluations:
        budget = evaluation.budget
        for owner in (budget, *budget.lines) if budget else ():
            amounts = [getattr(owner, name) for name in _NAMES]
            yield from _questions(amounts, evaluation.key)
    for row in filing.base_data.expenditure if filing.base_data else ():
        if not any(word in row.name for word in _OF_CHANGES):
            yield from _questions([row.prior_outturn, row.budget, row.outturn], "department")


def _questions(amounts: list[Datum | None], evaluation: str) -> Iterator[Problem]:
    for amount in amounts:
        if amount is None or amount.value is None or amount.value >= 0:
            continue
        if isinstance(amount.origin, Source):
            where = amount.origin
            yield Problem(
                "amount-negative",
                f"{where.address} “{clean(where.text)[:20]}”：{amount.label}读作负数 {amount.text}。"
                "预算数和执行数应不小于零。读入时保持原样，没有改动。请核对原件，"
                "如括号或横线不是负号，请更正这一格。",
                where,
                evaluation,
            )
