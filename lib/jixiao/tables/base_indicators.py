"""Table of the indicators computed from the base data (基础数据指标), with points where there are."""

from __future__ import annotations

from jixiao.audit import Judgement
from jixiao.model import BaseIndicator
from jixiao.tables.block import Cell, Column, Run, Runs, Table, plain_runs
from jixiao.tables.display import Display
from jixiao.tables.runs import number_run, phrase_runs
from jixiao.tables.scores import range_runs
from jixiao.tables.workings import substituted_runs

_COLUMNS = (
    Column("指标", width=2.0),
    Column("数值", "right", 1.0),
    Column("算式", width=3.4),
    Column("说明", width=3.0),
)
_SCORED = (
    Column("指标", width=2.0),
    Column("数值", "right", 0.9),
    Column("分值", "right", 0.7),
    Column("得分", "right", 0.7),
    Column("可能范围", "right", 1.0),
    Column("算式", width=2.4),
    Column("说明", width=3.0),
)


def table_base_indicators(judgement: Judgement) -> Display:
    """Show the indicators of the base data (基础数据指标).

    Returns
    -------
    Display of a table with columns 指标 : text · 数值 : % · 算式 : links to the cells ·
    说明 : the missing input, or the convention used; where the rule book gives points, also
    分值, 得分 : 分 · 可能范围 : 分, over the choices the rule leaves
    """
    entries = judgement.card.indicators_of_base_data
    scored = any(entry.points for entry in entries)
    rows = tuple(_scored_row(entry) if scored else _row(entry) for entry in entries)
    columns = _SCORED if scored else _COLUMNS
    return Display(Table("t-base-indicators", "基础数据指标", columns, rows))


def _row(entry: BaseIndicator) -> tuple[Cell, ...]:
    return (
        Cell(plain_runs(entry.name), header=True),
        Cell((_value(entry),)),
        Cell(_from_what(entry)),
        Cell(_note(entry)),
    )


def _scored_row(entry: BaseIndicator) -> tuple[Cell, ...]:
    bounded = entry.low is not None and entry.high is not None
    return (
        Cell(plain_runs(entry.name), header=True),
        Cell((_value(entry),)),
        Cell((number_run(entry.points, unit=False),) if entry.points else plain_runs("—", "muted")),
        Cell((number_run(entry.score, unit=False),) if entry.score else plain_runs("—", "muted")),
        Cell(
            range_runs(entry.low, entry.high)
            if bounded and entry.low and entry.high
            else plain_runs("—", "muted")
        ),
        Cell(_from_what(entry)),
        Cell(_note(entry)),
    )


def _value(entry: BaseIndicator) -> Run:
    if entry.status == "computed":
        return number_run(entry.value)
    return Run("无数据", tone="muted")


def _from_what(entry: BaseIndicator) -> Runs:
    return substituted_runs(entry.value) if entry.status == "computed" else ()


def _note(entry: BaseIndicator) -> Runs:
    if entry.status == "no_data":
        what = f"缺{'、'.join(entry.missing)}" if entry.missing else entry.note
        return plain_runs(f"无数据：{what}", "muted")
    if not entry.drivers:
        return plain_runs(entry.note)
    said = plain_runs(f"{entry.note}；") if entry.note else ()
    return (*said, *phrase_runs(entry.drivers))
