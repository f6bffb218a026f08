"""A filing before it is written (材料底稿): every figure as it will be stated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from jixiao.batch.demo.province import DemoUnit

_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Line:
    """One row of expenditure (支出行): its key, its label, last year's outturn, budget, outturn."""

    key: str
    label: str
    prior: Decimal | None
    budget: Decimal | None
    outturn: Decimal | None


@dataclass(frozen=True, slots=True)
class Base:
    """The base-data table (基础数据表)."""

    posts: int
    staff: int
    rate: str
    lines: tuple[Line, ...]
    buildings_year: int
    floor_area: tuple[int, int]
    investment: tuple[int, int]

    def line(self, key: str) -> Line:
        """Find a row by its key."""
        return next(line for line in self.lines if line.key == key)


@dataclass(frozen=True, slots=True)
class Money:
    """A line of the budget block (资金): 年初预算, 全年预算, 全年执行."""

    label: str
    original: Decimal
    final: Decimal
    actual: Decimal


@dataclass(frozen=True, slots=True)
class Measure:
    """One third-level indicator (三级指标); ``bound`` stands before the achieved value."""

    category: str
    subcategory: str
    name: str
    operator: str
    target: Decimal
    unit: str
    achieved: Decimal
    bound: str
    points: Decimal
    score: Decimal
    reason: str


@dataclass(frozen=True, slots=True)
class Form:
    """One self-evaluation (自评表); ``project`` is "" for the department's.

    ``sources`` are the rows of a project's funds; ``income`` and ``nature`` divide the
    department's outturn. ``said`` holds the figures of its narrative by name.
    """

    key: str
    project: str
    total: Money
    rate: str
    score: Decimal
    sources: tuple[Money, ...]
    income: tuple[tuple[str, Decimal], ...]
    nature: tuple[tuple[str, Decimal], ...]
    headings: Mapping[str, Decimal]
    measures: tuple[Measure, ...]
    total_score: Decimal
    grade: str
    said: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Draft:
    """What one unit files for one year (材料底稿)."""

    unit: DemoUnit
    year: int
    base: Base
    forms: tuple[Form, ...]
    phone: str
    head: str

    @property
    def has_narrative(self) -> bool:
        """Whether its format carries running text besides the tables."""
        return self.unit.format in ("text", "html")


def rounded(value: Decimal) -> Decimal:
    """Round half up to two decimals, as forms state money, rates and scores."""
    return value.quantize(_CENT, ROUND_HALF_UP)


def rate_of(part: Decimal, whole: Decimal) -> str:
    """State a rate in per cent with two decimals.

    >>> rate_of(Decimal("19.62"), Decimal(38))
    '51.63%'
    """
    return f"{rounded(part / whole * 100)}%"


def score_of(points: Decimal, operator: str, target: Decimal, achieved: Decimal) -> Decimal:
    """Score a measure as the rule book does: in proportion where the target was missed.

    >>> score_of(Decimal(10), "≥", Decimal(50), Decimal(40))
    Decimal('8.00')
    """
    ratio = target / achieved if operator == "≤" else achieved / target
    return rounded(points * min(ratio, Decimal(1)))


def summed(form: Form) -> Decimal:
    """Add the scores of a form, execution included."""
    return form.score + sum((measure.score for measure in form.measures), Decimal(0))


def grade_of(total: Decimal) -> str:
    """Give the grade of a total on 100 points (优、良、中、差)."""
    return next(
        (name for name, least in (("优", 90), ("良", 80), ("中", 60)) if total >= least), "差"
    )
