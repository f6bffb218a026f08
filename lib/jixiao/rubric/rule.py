"""What a rule book is made of (规则书的组成): rules, indicators, bands and grades."""

from __future__ import annotations

from dataclasses import dataclass

from jixiao.datum import Datum, Reference
from jixiao.rubric.method import Method

#: Rules that a book of its own states all of.
RULES = (
    "total_points",
    "weights",
    "budget_execution.rate",
    "budget_execution.score",
    "quantitative.at_least",
    "quantitative.at_most",
    "quantitative.exact",
    "qualitative.bands",
    "merged_groups.split",
    "grades",
    "rounding",
)
#: Rules that a book may state as well; where it does not, such indicators are left to people.
OPTIONAL_RULES = (
    "weights.without_cost",
    "budget_execution.reason_below",
    "quantitative.range",
    "quantitative.deadline",
    "quantitative.yes_no",
    "over_completion.review_at",
    "satisfaction.score",
    "cost.control",
    "not_applicable",
    "overrides",
)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule in force (规则): its value, unit and references; ``method`` where it names one."""

    key: str
    description: str
    unit: str
    value: object
    reference: Reference
    method: Method | None = None


@dataclass(frozen=True, slots=True)
class IndicatorRule:
    """One indicator of a department's indicator system (指标体系的指标).

    ``points`` and ``method`` are None where the book leaves them to the locality; ``measure``
    names the rate computed from the base data, None where ``needs`` must come from elsewhere.
    """

    key: str
    name: str
    aliases: tuple[str, ...]
    category: str
    subcategory: str
    description: str
    points: Datum | None
    measure: str | None
    needs: tuple[str, ...]
    method: Method | None
    none_gives_full: bool
    reference: Reference


@dataclass(frozen=True, slots=True)
class Band:
    """One band of a qualitative judgement (定性档次), in % of the points, lower end included."""

    name: str
    at_least: Datum
    at_most: Datum
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grade:
    """One grade (评价等级) with its threshold, included."""

    name: str
    at_least: Datum
