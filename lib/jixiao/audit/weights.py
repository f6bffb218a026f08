"""Check of the weights of the categories (A-04 一级指标权重)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import TypeAlias

from jixiao.audit.desk import Case, Desk, Outcome, arithmetic, listed, places_of
from jixiao.audit.sums import category_points
from jixiao.datum import Constant, Datum, Source, add
from jixiao.model import Evaluation, Phrase, Piece

#: Words of a category's name → the weight it answers to in a rubric.
CATEGORY_WEIGHTS: Mapping[str, str] = MappingProxyType(
    {"产出": "output", "效益": "outcome", "满意度": "satisfaction"}
)
_COST, _EXECUTION = "成本", "预算执行率"
#: A category with its points as filed and as the rule book sets them.
Compared: TypeAlias = tuple[str, Datum, Datum]


def check_category_weights(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """A-04: the categories carry the weights of the rule book."""
    if lost := case.incomplete(evaluation):
        yield desk.skips(lost)
        return
    if _is_free(desk, case, evaluation):
        yield desk.skips("表样只规定绩效指标的分值合计，各一级指标自行分配")
        return
    if evaluation.budget is None or evaluation.budget.points.value is None:
        yield desk.skips("表样没有预算执行率的分值，一级指标的分配由表样规定")
        return
    filed = _filed_weights(case, evaluation)
    if filed in _other_weights(desk) or _with_cost_apart(case, evaluation, filed) in _other_weights(
        desk
    ):
        yield desk.holds(
            "一级指标分值是通行的另一种分配：",
            *_listed_weights(case, evaluation),
            "，预算执行率 ",
            evaluation.budget.points,
        )
        return
    compared, unknown = _compare(desk, case, evaluation)
    if unknown:
        yield desk.skips(f"规则没有规定“{'”、“'.join(unknown)}”的权重")
    elif all(name == _EXECUTION for name, _, _ in compared):
        yield desk.skips("没有可比的一级指标分值")
    elif different := [entry for entry in compared if entry[1].value != entry[2].value]:
        yield _different(desk, evaluation, different)
    else:
        yield desk.holds(*_weights(compared))


def _different(desk: Desk, evaluation: Evaluation, different: list[Compared]) -> Outcome:
    """Report all categories at once: what one has too much, another has too little."""
    message: list[Piece] = []
    for category, points, weight in different:
        message += ["；" if message else "", f"{category}分值合计 ", points, "，规则规定 ", weight]
    return desk.found(
        *(piece for piece in message if piece != ""),
        "；因特殊情况调整的应当说明",
        where=tuple(
            place
            for category, points, _ in different
            for place in (*_heading_places(evaluation, category), *places_of(points))
        ),
        observed=listed(
            tuple(p for name, points, _ in different for p in (f"{name} ", points)), ""
        ),
        expected=listed(
            tuple(p for name, _, weight in different for p in (f"{name} ", weight)), ""
        ),
        formula=listed(tuple(p for _, points, _ in different for p in arithmetic(points)), ""),
    )


def _weight(desk: Desk, case: Case, evaluation: Evaluation, name: str, label: str) -> Datum:
    """Give a weight of the rule book, or of the other division this form's execution is from."""
    rubric = case.rubrics[evaluation.key]
    book = rubric.weight("execution", label)
    filed = _filed_weights(case, evaluation)
    execution = filed.get("execution")
    for other in _other_weights(desk):
        if book.value != other["execution"] == execution and other.keys() == filed.keys():
            return Datum(label, other[name], "分", Constant(desk.entry.reference))
    return rubric.weight(name, label)


def _compare(desk: Desk, case: Case, evaluation: Evaluation) -> tuple[list[Compared], list[str]]:
    """Set the filed points against the rule book's; with the categories it does not know."""
    if case.rubrics[evaluation.key].divides_otherwise:
        return _compare_jointly(case, evaluation)
    compared: list[Compared] = []
    unknown: list[str] = []
    execution = evaluation.budget.points if evaluation.budget else None
    if execution is not None and execution.value is not None:
        weight = _weight(desk, case, evaluation, "execution", "预算执行率权重")
        compared.append((_EXECUTION, execution, weight))
    for category, points in category_points(case, evaluation).items():
        name = next((key for word, key in CATEGORY_WEIGHTS.items() if word in category), None)
        if name is None:
            unknown.append(category)
        elif points.value is not None:
            weight = _weight(desk, case, evaluation, name, f"{category}权重")
            compared.append((category, points, weight))
    return compared, unknown


def _compare_jointly(case: Case, evaluation: Evaluation) -> tuple[list[Compared], list[str]]:
    """Set the filed points against weights that several categories share, or that know cost."""
    rubric = case.rubrics[evaluation.key]
    words = {**CATEGORY_WEIGHTS, _COST: "cost"}
    filed: dict[str, list[tuple[str, Datum]]] = {}
    unknown: list[str] = []
    execution = evaluation.budget.points if evaluation.budget else None
    if execution is not None and execution.value is not None:
        filed["execution"] = [(_EXECUTION, execution)]
    for category, points in category_points(case, evaluation).items():
        name = next((key for word, key in words.items() if word in category), None)
        if name is None:
            unknown.append(category)
        elif points.value is not None:
            filed.setdefault(name, []).append((category, points))
    compared: list[Compared] = []
    for names, weight in rubric.expected_weights(frozenset(filed)):
        parts = [part for name in names.split("+") for part in filed.get(name, [])]
        if parts:
            label = "、".join(category for category, _ in parts)
            points = parts[0][1] if len(parts) == 1 else add(label, *(p for _, p in parts))
            compared.append((label, points, weight))
    return compared, unknown


def _filed_weights(case: Case, evaluation: Evaluation) -> dict[str, Decimal]:
    """Give the filed points by the names rule books use."""
    filed: dict[str, Decimal] = {}
    execution = evaluation.budget.points if evaluation.budget else None
    if execution is not None and execution.value is not None:
        filed["execution"] = execution.value
    for category, points in category_points(case, evaluation).items():
        words = {**CATEGORY_WEIGHTS, _COST: "cost"}
        name = next((key for word, key in words.items() if word in category), category)
        filed[name] = filed.get(name, Decimal(0)) + (points.value or Decimal(0))
    return filed


def _with_cost_apart(
    case: Case, evaluation: Evaluation, filed: dict[str, Decimal]
) -> dict[str, Decimal]:
    """Take the cost indicators that stand under 产出 out of it."""
    costs = [
        line.points.value or Decimal(0)
        for line in case.cards[evaluation.key].lines
        if line.members
        and _COST in line.members[0].subcategory
        and "产出" in line.members[0].category
    ]
    cost = sum(costs, Decimal(0))
    return {**filed, "output": filed.get("output", Decimal(0)) - cost, "cost": cost}


def _other_weights(desk: Desk) -> list[dict[str, Decimal]]:
    others = desk.entry.thresholds["others"]
    entries = others if isinstance(others, list) else []
    return [{str(k): Decimal(str(v)) for k, v in entry.items()} for entry in entries]


def _is_free(desk: Desk, case: Case, evaluation: Evaluation) -> bool:
    """Whether the form prints one sum for all indicators and leaves how it is divided."""
    printed = re.compile(str(desk.entry.thresholds["free"]))
    return any(
        printed.fullmatch(re.sub(r"\s", "", cell.text))
        for grid in case.filing.grids
        if grid.number in evaluation.tables
        for row in grid.rows
        for cell in row.cells
    )


def _heading_places(evaluation: Evaluation, category: str) -> tuple[Source, ...]:
    headings = (i.category_points for i in evaluation.indicators if i.category == category)
    return places_of(*(heading for heading in headings if heading is not None))


def _listed_weights(case: Case, evaluation: Evaluation) -> Phrase:
    pieces: list[Piece] = []
    for category, points in category_points(case, evaluation).items():
        pieces += ["、" if pieces else "", f"{category} ", points]
    return tuple(piece for piece in pieces if piece != "")


def _weights(compared: list[Compared]) -> Phrase:
    pieces: list[Piece] = []
    for name, points, weight in compared:
        pieces += [f"{'；' if pieces else ''}{name} ", points, "，规则 ", weight]
    return tuple(pieces)
