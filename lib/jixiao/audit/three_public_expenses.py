"""Checks of 三公经费 and 公用经费 (B-14、B-15)."""

from __future__ import annotations

from collections.abc import Iterator

from jixiao.audit.accounts import COLUMNS, NO_BASE, Tie, cell_of, compare_ties
from jixiao.audit.desk import Case, Desk, Outcome, arithmetic, places_of
from jixiao.datum import Datum, sum_filed
from jixiao.model import BaseData, Evaluation, ExpenditureRow, Piece
from jixiao.scoring import children_of, three_public_total
from jixiao.scoring.base_data import (
    OPERATING,
    THREE_PUBLIC,
)


def check_three_public_total(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """B-14: the total of 三公经费 is filed and is the sum of its parts."""
    base = case.filing.base_data
    row = base.row(*THREE_PUBLIC) if base else None
    if base is None or row is None:
        yield desk.skips("没有填报三公经费")
        return
    parts = children_of(base, THREE_PUBLIC)
    sums = (
        {
            c: sum_filed(
                f"三公经费分项之和（{cell_of(row, c).label}）", *(cell_of(p, c) for p in parts)
            )
            for c in COLUMNS
        }
        if parts
        else {}
    )
    filed = {column: total for column, total in sums.items() if total.value is not None}
    if not filed:
        yield desk.skips("三公经费各分项都是空白")
        return
    blank = [column for column in filed if cell_of(row, column).value is None]
    if blank:
        message: list[Piece] = []
        for column in blank:
            message += [
                f"{'；' if message else ''}{cell_of(row, column).label}空白，分项之和为 ",
                filed[column],
            ]
        formula: list[Piece] = []
        for column in blank:
            formula += (*(("；",) if formula else ()), *arithmetic(filed[column]))
        yield desk.found(
            *message,
            where=tuple(s for c in blank for s in places_of(cell_of(row, c), filed[c])),
            observed=("三公经费总额空白",),
            expected=tuple(message),
            formula=tuple(formula),
        )
    rest = [Tie(cell_of(row, column), filed[column]) for column in filed if column not in blank]
    rest += [tie for part in parts for tie in _inner_ties(base, part)]
    if rest:
        yield from compare_ties(desk, rest, "")


def _inner_ties(base: BaseData, part: ExpenditureRow) -> Iterator[Tie]:
    """Tie a part of 三公经费 to its own parts, where both were filed."""
    inner = children_of(base, (part.name,))
    for column in COLUMNS if inner else ():
        summed = sum_filed(f"{part.name}分项之和", *(cell_of(row, column) for row in inner))
        if summed.value is not None and cell_of(part, column).value is not None:
            yield Tie(cell_of(part, column), summed)


def check_three_public_control(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """B-15: 三公 and 公用 stay within budget, and last year's figure is there."""
    base = case.filing.base_data
    if base is None:
        yield desk.skips(NO_BASE)
        return
    pairs = []
    if operating := base.row(*OPERATING):
        pairs.append(("公用经费", operating.outturn, operating.budget))
    spent, planned = three_public_total(base, "outturn"), three_public_total(base, "budget")
    if spent and planned:
        pairs.append(("三公经费", spent, planned))
    for name, outturn, budget in pairs:
        if outturn.value is None or budget.value is None:
            yield desk.skips(f"{name}没有同时填报预算与决算")
        elif outturn.value > budget.value:
            yield desk.found(
                f"{name}决算 ",
                outturn,
                " 超过预算 ",
                budget,
                where=places_of(outturn, budget),
                observed=(outturn,),
                expected=("不超过 ", budget),
            )
        else:
            yield desk.holds(f"{name}决算 ", outturn, " 不超过预算 ", budget)
    prior = three_public_total(base, "prior_outturn")
    if prior is not None and prior.value is None and spent and spent.value is not None:
        yield desk.found(
            f"{prior.label or '三公经费上年决算数'}空白，变动率无从计算；本年决算 ",
            spent,
            where=places_of(_totalcell_of(base, "prior_outturn"), prior, spent),
            observed=("上年三公经费空白",),
            expected=("填报上年数",),
        )


def _totalcell_of(base: BaseData, column: str) -> Datum | None:
    row = base.row(*THREE_PUBLIC)
    return cell_of(row, column) if row else None
