"""What a restated filing changed (重报对照): each cell before and after, and what the score became."""

from __future__ import annotations

from jixiao.audit import Judgement
from jixiao.datum import Datum, Json, compact, source_as_json
from jixiao.model import (
    Change,
    Effect,
    Restatement,
    Value,
    mask_private,
    source_of_value,
    text_of_value,
)
from jixiao.tables.block import Block, Cell, Column, Note, Run, Runs, Table, plain_runs
from jixiao.tables.display import Display
from jixiao.tables.runs import number_run, source_run

_EMPTY = "（空）"


def table_restatement(judgement: Judgement) -> Display:
    """Show what the filing changed against the edition before it (重报对照).

    Returns
    -------
    Display of a table with columns
        改动之处 : name · 第 N 版, 第 N+1 版 : text, with address · 对得分的影响 : 分, once a score line;
        of a note for a first edition, and where nothing changed or the earlier one cannot be read
    """
    return Display(_block(judgement))


def restatement_as_json(restatement: Restatement | None) -> Json:
    """Serialise for ``result.json``; None for a first edition."""
    if restatement is None:
        return None
    return {
        "edition": restatement.edition,
        "superseded": restatement.superseded.edition,
        "on": restatement.superseded.on,
        "reason": restatement.superseded.reason,
        "claimed": _effect_as_json(restatement.claimed),
        "score": _effect_as_json(restatement.total),
        "effects": [_effect_as_json(effect) for effect in restatement.effects],
        "changes": [_change_as_json(change) for change in restatement.changes],
    }


def _block(judgement: Judgement) -> Block:
    context = judgement.filing.context
    superseded = context.superseded if context else None
    if superseded is None:
        return Note("n-restatement", (plain_runs("本年度只报送过一版。"),), "重报", "muted")
    restatement = judgement.restatement
    told = f"第 {superseded.edition + 1} 版替代第 {superseded.edition} 版（{superseded.on}，{superseded.reason}）"
    if restatement is None:
        words = plain_runs(f"{told}。{superseded.missing}")
        return Note("n-restatement", (words,), "重报", "warn")
    if not restatement.changes:
        return Note("n-restatement", (plain_runs(f"{told}，本表没有改动。"),), "重报", "muted")
    columns = (
        Column("改动之处", width=2.6),
        Column(f"第 {superseded.edition} 版", width=2.4),
        Column(f"第 {restatement.edition} 版", width=2.4),
        Column("对得分的影响", "right", 1.6),
    )
    notes: list[Runs] = [plain_runs(f"{told}；旧版材料与报告保留。"), _totals(restatement)]
    return Table("t-restatement", "重报改动", columns, tuple(_rows(restatement)), tuple(notes))


def _rows(restatement: Restatement) -> list[tuple[Cell, ...]]:
    """One row a change; the effect of a line stands at its first change."""
    effects = {effect.line: effect for effect in restatement.effects}
    told: set[tuple[str, ...]] = set()
    rows: list[tuple[Cell, ...]] = []
    for change in restatement.changes:
        effect = effects.get(change.line) if change.line and change.line not in told else None
        told.add(change.line)
        rows.append(
            (
                Cell(plain_runs("　".join(change.name)), header=True),
                Cell(_old(change)),
                Cell(_new(change)),
                Cell(_effect(effect) if effect else plain_runs("—", "muted")),
            )
        )
    return rows


def _old(change: Change) -> Runs:
    """An address of the earlier edition is no link: its cells are not those of this report."""
    source = source_of_value(change.before)
    text = mask_private(text_of_value(change.before)) or _EMPTY
    address = (Run(f"　{source.address}", tone="muted"),) if source and source.address else ()
    return (Run(text), *address)


def _new(change: Change) -> Runs:
    source = source_of_value(change.after)
    text = mask_private(text_of_value(change.after)) or _EMPTY
    if isinstance(change.after, Datum) and change.after.value is not None:
        return (number_run(change.after),)
    return (Run(text), Run("　"), source_run(source)) if source else (Run(text),)


def _effect(effect: Effect) -> Runs:
    runs = (number_run(effect.before), Run(" → "), number_run(effect.after))
    if effect.difference.value is None:
        return runs
    return (*runs, Run("（"), number_run(effect.difference), Run("）"))


def _totals(restatement: Restatement) -> Runs:
    claimed, total = _effect(restatement.claimed), _effect(restatement.total)
    return (Run("自评各项之和 "), *claimed, Run("；重算合计 "), *total, Run("。"))


def _effect_as_json(effect: Effect) -> dict[str, Json]:
    return {
        "line": list(effect.line),
        "before": _number(effect.before),
        "after": _number(effect.after),
        "difference": _number(effect.difference),
    }


def _change_as_json(change: Change) -> dict[str, Json]:
    return {
        "name": list(change.name),
        "before": _value_as_json(change.before),
        "after": _value_as_json(change.after),
        "line": list(change.line),
    }


def _value_as_json(value: Value) -> Json:
    if value is None:
        return None
    source = source_of_value(value)
    return {
        "text": text_of_value(value) or None,
        "source": source_as_json(source) if source else None,
    }


def _number(datum: Datum) -> Json:
    return None if datum.value is None else compact(datum.value)
