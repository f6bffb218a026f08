"""The budget block of a score table (预算资金): totals, and the lines by nature or source."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Literal

from jixiao.datum import Datum, Source
from jixiao.importers.cells import (
    MONEY_UNITS,
    POINTS,
    clean,
    filed_or_none,
    label_of,
    number_from,
    squeeze,
)
from jixiao.importers.money import MoneyUnits
from jixiao.importers.repeated import repeated_lines
from jixiao.importers.rows import Row, rows_of
from jixiao.importers.tables import Block, FormTable
from jixiao.model import Budget, BudgetLine, Problem

_MONEY = ("original_budget", "final_budget", "actual_expenditure")
_LABELS = {
    "original_budget": "年初预算数",
    "final_budget": "全年预算数",
    "actual_expenditure": "全年执行数",
}
_AMOUNT = re.compile(r"(?P<label>[^:：0-9０-９]+)[:：]?(?P<amount>.*)", re.DOTALL)
_POINTS_IN_HEADER = re.compile(
    r"[（(]\s*([0-9]{1,3}(?:\.[0-9]{1,2})?)\s*分(?:\s*[*×xX][^（()）]*)?[)）]"
)
_BY_SOURCE, _BY_NATURE = re.compile("资金来源|收入性质"), re.compile("资金结构|支出性质")
_BEFORE_LABEL = re.compile(
    r"^(?:其\s*中[:：]?|[0-9]{1,2}[、.．]|[（(][0-9一二三四五六]{1,2}[)）]|[一二三四五]、|资金(?:来源|结构)[:：])*"
)
_Group = Literal["income", "nature", "source"]
_AMONG = re.compile(r"^其\s*中[:：]?\s*")


def amount_columns(table: FormTable) -> tuple[int, ...]:
    """Give the indexes of the budget block's columns of money."""
    block = table.block("budget")
    columns = block.columns() if block else {}
    return tuple(columns[name] for name in _MONEY if name in columns)


def amounts_of(budget: Budget) -> tuple[Datum, ...]:
    """Give all amounts of a budget, those of its lines included."""
    lines = (getattr(line, name) for line in budget.lines for name in _MONEY if getattr(line, name))
    return (budget.original_budget, budget.final_budget, budget.actual_expenditure, *lines)


def read_budget(table: FormTable, units: MoneyUnits, problems: list[Problem]) -> Budget | None:
    """Read the budget block; None where the document ends before its total row."""
    block = table.block("budget")
    if block is None:
        return None
    totals = block.form.labels["total_labels"]
    total: Row | None = None
    lines: list[BudgetLine] = []
    group: _Group = "source"
    rows = list(rows_of(table, "budget", problems))
    for row in rows:
        label = _label_cell(row)
        if label is None:
            # A form of one row has no need to name it.
            total = row if len(rows) == 1 and row.is_filled else total
            continue
        if total is None and is_total(label_of(label.text), totals, row, rows):
            total = row
        elif not row.text("task"):
            group = _group_of(label, group, block)
            lines.append(_source_line(row, label, group, units, problems))
    lines.extend(_nature_lines(table, units.table, problems))
    problems.extend(repeated_lines(lines))
    return _budget(total, tuple(lines), units, block, problems) if total else None


def is_total(label: str, totals: Sequence[str], row: Row, rows: Sequence[Row]) -> bool:
    """Whether a row holds the whole money: by its word, else by standing first and being a sum."""
    if label in totals:
        return True
    named = any((cell := _label_cell(r)) and label_of(cell.text) in totals for r in rows)
    return not named and row is rows[0] and re.search("总|合计", label) is not None


def _label_cell(row: Row) -> Source | None:
    """The row's label: the last filled cell left of the amounts."""
    first = min((row.columns[name] for name in _MONEY if name in row.columns), default=2)
    filled = [cell for cell in row.cells[:first] if clean(cell.text)]
    return filled[-1] if filled else None


def _budget(
    row: Row,
    lines: tuple[BudgetLine, ...],
    units: MoneyUnits,
    block: Block,
    problems: list[Problem],
) -> Budget:
    def money(name: str) -> Datum:
        unit = units.of(row.columns.get(name))
        return row.number(name, _LABELS[name], unit, problems, MONEY_UNITS)

    return Budget(
        original_budget=money("original_budget"),
        final_budget=money("final_budget"),
        actual_expenditure=money("actual_expenditure"),
        points=_points(row, block.header, problems),
        execution_rate=filed_or_none(row.cell("execution_rate")),
        score=row.earned("score", "得分", problems),
        lines=lines,
        source=_label_cell(row) or row.name,
    )


def _points(row: Row, header: Sequence[Source], problems: list[Problem]) -> Datum:
    """What the form gives to execution: in its column, else in a header (预算执行情况（20分）)."""
    if row.cell("points") is None:
        for cell in header:
            if match := _POINTS_IN_HEADER.search(clean(cell.text)):
                return Datum("分值", Decimal(match[1]), POINTS, cell)
    return row.earned("points", "分值", problems)


def _source_line(
    row: Row, label: Source, group: _Group, units: MoneyUnits, problems: list[Problem]
) -> BudgetLine:
    name = _name_of_line(label)

    def money(meaning: str) -> Datum:
        unit = units.of(row.columns.get(meaning))
        return row.number(meaning, f"{name} {_LABELS[meaning]}", unit, problems, MONEY_UNITS)

    amounts = [money(meaning) for meaning in _MONEY]
    return BudgetLine(group, name, amounts[0], amounts[1], amounts[2], label)


def _name_of_line(label: Source) -> str:
    """A line's label without what numbers it or heads its group (2、资金结构：（1）基本支出)."""
    return _BEFORE_LABEL.sub("", squeeze(label.text)).strip("：:")


def _group_of(label: Source, before: _Group, block: Block) -> _Group:
    """The group of a line: that which its label heads, else that of the line before it."""
    text = squeeze(label.text)
    if _BY_NATURE.search(text) or _name_of_line(label) in block.form.labels["nature_labels"]:
        return "nature"
    return "source" if _BY_SOURCE.search(text) else before


def _nature_lines(table: FormTable, unit: str, problems: list[Problem]) -> Iterator[BudgetLine]:
    rows = tuple(rows_of(table, "nature", problems))
    for row in rows:
        if (cell := row.cell("income")) and clean(cell.text):
            yield _nature_line("income", cell, unit, problems)
    for row in rows:
        if (cell := row.cell("nature")) and clean(cell.text):
            yield _nature_line("nature", cell, unit, problems)


def _nature_line(
    group: Literal["income", "nature"], cell: Source, unit: str, problems: list[Problem]
) -> BudgetLine:
    """Read ``其中：一般公共预算：984.41``: the label, and what was spent behind the colon."""
    match = _AMOUNT.fullmatch(_AMONG.sub("", squeeze(cell.text)))
    label, amount = (match["label"], match["amount"]) if match else (clean(cell.text), "")
    title = f"{label} {_LABELS['actual_expenditure']}"
    spent = number_from(amount, cell, title, unit, problems, MONEY_UNITS)
    return BudgetLine(group, label, None, None, spent if spent.value is not None else None, cell)
