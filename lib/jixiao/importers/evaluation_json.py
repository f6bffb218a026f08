"""One self-evaluation as JSON (自评表的数据): its keys are a contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from types import MappingProxyType

from jixiao.datum import (
    Datum,
    Json,
    Reading,
    plain,
    read_quantity,
    source_as_json,
    sources_of,
    strip_blank,
)
from jixiao.model import Budget, BudgetLine, ClaimedTotal, Evaluation, Filed, Indicator

#: Signs that stand for an operator of our own; words (不低于) are given as the operator.
_SIGNS = "≧⩾≦⩽═"
_UNITS: Mapping[str, str] = MappingProxyType(
    {
        "points": "分",
        "score": "分",
        "authorized_posts": "人",
        "staff_in_post": "人",
        "year": "年",
        "approved_floor_area": "㎡",
        "actual_floor_area": "㎡",
    }
)


def value_of(datum: Datum | None) -> str | None:
    """Write a number as a plain decimal, as many digits as were filed."""
    return None if datum is None or datum.value is None else plain(datum.value)


def text_of(filed: Filed | None) -> str | None:
    """Give a text as filed, None where there is none."""
    return filed.text if filed and filed.text else None


def usual_unit(name: str, money: str) -> str:
    """Give the unit a number of this name is usually in; amounts are in `money`.

    >>> usual_unit("score", "元"), usual_unit("final_budget", "元")
    ('分', '元')
    """
    return _UNITS.get(name, money)


def apart_of(owner: object, unit: str) -> dict[str, Json]:
    """Say of the numbers of a block what value and unit of the block leave open.

    Returns
    -------
    dict with ``units`` : number → its unit, where that is not the usual one; ``blank`` : number → what
    stands in its cell, where that says there is none (/, 无). Each only where there is something to say.
    """
    units: dict[str, Json] = {}
    blank: dict[str, Json] = {}
    for field in fields(owner) if is_dataclass(owner) else ():
        datum = getattr(owner, field.name)
        if not isinstance(datum, Datum):
            continue
        if datum.unit != usual_unit(field.name, unit):
            units[field.name] = datum.unit
        text = strip_blank(sources_of(datum)[0].text) if sources_of(datum) else ""
        # An absent number may have a neighbour for its origin; only what says "none" counts.
        if datum.value is None and read_quantity(text).reading is Reading.NOT_APPLICABLE:
            blank[field.name] = text
    return {name: told for name, told in (("units", units), ("blank", blank)) if told}


def evaluation_as_json(evaluation: Evaluation) -> dict[str, Json]:
    """Serialise one evaluation (DESIGN.md §4)."""
    total = evaluation.claimed_total
    return {
        "key": evaluation.key,
        "kind": evaluation.kind,
        "project": text_of(evaluation.project),
        "supervising_department": text_of(evaluation.supervising_department),
        "implementing_unit": text_of(evaluation.implementing_unit),
        "money_unit": evaluation.money_unit,
        "budget": _budget(evaluation.budget, evaluation.money_unit) if evaluation.budget else None,
        "objectives": {
            "expected": text_of(evaluation.objectives.expected),
            "achievement": text_of(evaluation.objectives.achievement),
        },
        "indicators": [_indicator(indicator) for indicator in evaluation.indicators],
        "claimed_total": _total(total) if total else None,
    }


def _budget(budget: Budget, unit: str) -> dict[str, Json]:
    return {
        "original_budget": value_of(budget.original_budget),
        "final_budget": value_of(budget.final_budget),
        "actual_expenditure": value_of(budget.actual_expenditure),
        "points": value_of(budget.points),
        "execution_rate": text_of(budget.execution_rate),
        "score": value_of(budget.score),
        "lines": [_line(line, unit) for line in budget.lines],
        **apart_of(budget, unit),
    }


def _line(line: BudgetLine, unit: str) -> dict[str, Json]:
    return {
        "group": line.group,
        "label": line.label,
        "original_budget": value_of(line.original_budget),
        "final_budget": value_of(line.final_budget),
        "actual_expenditure": value_of(line.actual_expenditure),
        **apart_of(line, unit),
    }


def _indicator(indicator: Indicator) -> dict[str, Json]:
    return {
        "category": indicator.category,
        "category_points": value_of(indicator.category_points),
        "subcategory": indicator.subcategory,
        "indicator": indicator.name,
        "target": text_of(indicator.target),
        "target_parts": _parts(indicator.target),
        "achieved": text_of(indicator.achieved),
        "points": value_of(indicator.points),
        "points_shared_by": indicator.points_shared_by,
        "score": value_of(indicator.score),
        "score_shared_by": indicator.score_shared_by,
        "coefficient": text_of(indicator.coefficient),
        "review_score": value_of(indicator.review_score),
        "deviation_reason": text_of(indicator.deviation_reason),
        "source": source_as_json(indicator.source),
    }


def _parts(target: Filed) -> dict[str, Json] | None:
    """Operator, value and unit of a target that is one number; a sign is given as filed (≧)."""
    quantity = target.quantity
    if not quantity.is_number or quantity.value is None:
        return None
    sign = target.text[0]
    return {
        "operator": sign if quantity.operator and sign in _SIGNS else quantity.operator,
        "value": plain(quantity.value),
        "unit": quantity.unit,
    }


def _total(total: ClaimedTotal) -> dict[str, Json]:
    return {
        "points": value_of(total.points),
        "score": value_of(total.score),
        "grade": text_of(total.grade),
    }
