"""Amounts of one subject that differ by the size of a unit (数量级): 元 filed as 万元.

Two places that state one subject may well disagree, in the filings at hand by a factor of up to
3.4; the units 元, 万元 and 亿元 lie 10,000 apart. Whatever lies within a factor of 5 around 10,000
or 100,000,000 is therefore no disagreement but, most likely, another unit: 20 times as much as
the first and a twentieth of what would still be the next. Nothing is corrected: the two cells are
named, and which unit would make them agree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from jixiao.datum import Datum, Source, convert, sources_of
from jixiao.importers.cells import clean, squeeze
from jixiao.model import BaseData, Budget, Evaluation, Filing, Problem

_STEPS = (Decimal(10**4), Decimal(10**8))
_SLACK = Decimal(5)
_UNITS = ("元", "万元", "亿元")
_TOTAL, _PROJECTS = ("支出总额",), ("项目支出",)
#: Subjects of a narrative that mean the whole of the money of an evaluation.
_WHOLE = re.compile(
    r"(?:年度|本年|全年|财政拨款)*(?:项目)?(?:资金|收入|支出|预算|经费)(?:决算)?(?:总额|总数|合计|总计)"
    r"|(?:全年|年初)(?:预算数?|执行数?)|总支出|本年支出|项目资金(?:支出)?"
)
_SUFFIX = re.compile(r"(?:项目|专项|资金|支出|经费)+$")


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two amounts of one subject; ``part_of`` : the first is but a part of the second."""

    subject: str
    first: Datum
    second: Datum
    evaluation: str
    part_of: bool = False


def implausible_units(filing: Filing) -> Iterator[Problem]:
    """Say which amounts differ from another of the same subject by the size of a unit.

    Within one row of a budget, between a budget and the base data, between a project and its row
    there, between parts and their whole, and between the tables and what the narrative says of the
    same subject. Each cell is doubted once.
    """
    doubted: set[Source] = set()
    for pair in _pairs(filing):
        problem = _question(pair)
        if problem and problem.source and problem.source not in doubted:
            doubted.add(problem.source)
            yield problem


def _pairs(filing: Filing) -> Iterator[_Pair]:
    base = filing.base_data
    for evaluation in filing.evaluations:
        if budget := evaluation.budget:
            yield from _within(budget, evaluation.key)
            yield from _with_base_data(evaluation, budget, base)
            yield from _with_narrative(evaluation, budget, filing)
    yield from _parts(filing)


def _parts(filing: Filing) -> Iterator[_Pair]:
    """Pair what is a part with its whole: projects, lines of a budget, rows of the base data."""
    base = filing.base_data
    total, projects = (base.row(*_TOTAL), base.row(*_PROJECTS)) if base else (None, None)
    whole = [("项目支出", projects.outturn)] if projects else []
    for evaluation in filing.evaluations:
        if evaluation.kind == "department" and evaluation.budget:
            whole.append(("部门全年执行数", evaluation.budget.actual_expenditure))
    for evaluation in filing.evaluations:
        budget, key = evaluation.budget, evaluation.key
        if budget and evaluation.kind == "project":
            spent = budget.actual_expenditure
            yield from (_Pair(name, spent, amount, key, part_of=True) for name, amount in whole)
        for line in budget.lines if budget else ():
            if budget and line.actual_expenditure:
                spent = line.actual_expenditure
                yield _Pair("年度资金总额", spent, budget.actual_expenditure, key, part_of=True)
    for row in base.expenditure if base and total else ():
        if total:
            yield _Pair("支出总额", row.outturn, total.outturn, "department", part_of=True)


def _within(budget: Budget, key: str) -> Iterator[_Pair]:
    row = (budget.final_budget, budget.actual_expenditure, budget.original_budget)
    for first, second in combinations(row, 2):
        yield _Pair("年度资金总额", second, first, key)


def _with_base_data(
    evaluation: Evaluation, budget: Budget, base: BaseData | None
) -> Iterator[_Pair]:
    if base is None:
        return
    row = base.row(*_TOTAL)
    if evaluation.kind == "project":
        name = _bare(evaluation.project.text if evaluation.project else "")
        row = next((r for r in base.expenditure if name and _bare(r.name) == name), None)
    if row:
        yield _Pair(row.name, budget.actual_expenditure, row.outturn, evaluation.key)
        yield _Pair(row.name, budget.original_budget, row.budget, evaluation.key)


def _with_narrative(evaluation: Evaluation, budget: Budget, filing: Filing) -> Iterator[_Pair]:
    """Pair a figure of the narrative with that amount of the same subject which is nearest."""
    whole = (budget.actual_expenditure, budget.final_budget, budget.original_budget)
    rows = filing.base_data.expenditure if filing.base_data else ()
    named = {r.name: (r.outturn, r.budget, r.prior_outturn) for r in reversed(rows)}
    project = evaluation.project.text if evaluation.project else ""
    for statement in filing.statements:
        if statement.evaluation != evaluation.key or statement.year not in (None, filing.year):
            continue
        subject = statement.label.removeprefix(project)
        amounts = whole if _WHOLE.fullmatch(subject) else ()
        if evaluation.kind == "department":
            amounts = named.get(subject, amounts)
        ratios = [(r, amount) for amount in amounts if (r := _ratio(amount, statement.datum))]
        if ratios:
            nearest = min(ratios, key=lambda pair: max(pair[0], 1 / pair[0]))[1]
            yield _Pair(subject, nearest, statement.datum, evaluation.key)


def _bare(name: str) -> str:
    return _SUFFIX.sub("", squeeze(name))


def _ratio(first: Datum, second: Datum) -> Decimal | None:
    """How many times the second amount the first is, None where that cannot be said."""
    one, other = convert(first, "元"), convert(second, "元")
    if not one.value or not other.value or one.unit != other.unit:
        return None
    return abs(one.value / other.value)


def _question(pair: _Pair) -> Problem | None:
    ratio = _ratio(pair.first, pair.second)
    if ratio is None:
        return None
    larger, smaller = (pair.first, pair.second) if ratio > 1 else (pair.second, pair.first)
    size = max(ratio, 1 / ratio)
    step = next((s for s in _STEPS if s / _SLACK <= size <= s * _SLACK), None)
    # One project may well be a ten-thousandth of all; all are no ten-thousandth of one.
    if step is None or (pair.part_of and ratio < 1):
        return None
    likely = _readings(larger, smaller, step)
    doubted = likely[0][0] if likely else larger
    other = smaller if doubted is larger else larger
    where = sources_of(doubted)[0]
    relation, expected = (
        ("分属", "部分不应超过总数") if pair.part_of else ("同为", "两处应大致相当")
    )
    return Problem(
        "money-unit-implausible",
        f"{where.address} “{_quote(where, doubted)}”（以{doubted.unit}计）：与{_place(other)}"
        f"{relation}“{pair.subject}”，却相差约 {size:.0f} 倍。{_in_words(likely)}"
        f"读入时保持原样，没有改动。{expected}。请核对原件，更正金额或所写的单位。",
        where,
        pair.evaluation,
    )


def _readings(larger: Datum, smaller: Datum, step: Decimal) -> list[tuple[Datum, str]]:
    """The readings that would make two amounts agree, the likelier first.

    Budgets are kept in 万元 and filled in 元, 亿元 is rare in a unit's own tables, and a slip is
    likelier in running text than under a header that states the unit.
    """
    moved = 1 if step == _STEPS[0] else 2
    readings = [(larger, _moved(larger.unit, -moved)), (smaller, _moved(smaller.unit, moved))]
    found = [(datum, unit) for datum, unit in readings if unit]
    return sorted(found, key=lambda r: (r[1] == "亿元", sources_of(r[0])[0].row is not None))


def _in_words(likely: list[tuple[Datum, str]]) -> str:
    if not likely:
        return "换一种单位也不能使两处一致。"
    (_, unit), *others = likely
    also = f"，也可能是后者以{others[0][1]}计" if others else ""
    return f"很可能是前者实际以{unit}计{also}。"


def _moved(unit: str, steps: int) -> str:
    at = _UNITS.index("万元" if unit == "万" else unit) + steps
    return _UNITS[at] if 0 <= at < len(_UNITS) else ""


def _place(datum: Datum) -> str:
    where = sources_of(datum)[0]
    return f"{where.address} “{_quote(where, datum)}”（以{datum.unit}计）"


def _quote(where: Source, datum: Datum) -> str:
    """The cell's text; of a paragraph, only the amount."""
    return clean(where.text) if where.row is not None else datum.text
