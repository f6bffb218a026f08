"""Tables of scores and indicators (评分表、指标表): filed, recomputed, difference."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from jixiao.audit import Judgement
from jixiao.datum import Correction, Datum
from jixiao.model import Indicator, ReviewedScore, ScoreLine, mask_private
from jixiao.scoring import name_of_line
from jixiao.tables.block import Cell, Column, Run, Runs, Table, Tone, plain_runs
from jixiao.tables.display import Display
from jixiao.tables.runs import filed_run, number_run, phrase_runs

STATUS_WORDS: Mapping[str, str] = MappingProxyType(
    {"recomputed": "重算", "accepted": "采信", "missing": "缺项"}
)
_SCORE_COLUMNS = (
    Column("指标", width=3.3),
    Column("分值", "right", 0.85),
    Column("自评", "right", 0.85),
    Column("重算", "right", 0.9),
    Column("差异", "right", 0.9),
    Column("状态", "center", 0.9),
    Column("可能范围", "right", 1.3),
    Column("说明", width=4.6),
)


_REVIEWED = Column("复核", "right", 0.9)


def table_scores(judgement: Judgement) -> Display:
    """Show every scored line (评分表).

    Returns
    -------
    Display of a table with columns
        指标 : text · 分值, 自评, 重算, 差异 (重算 − 自评) : 分 · 状态 : 重算 | 采信 | 缺项 ·
        可能范围 : 分, low to high · 说明 : why a line was accepted or is missing; with 复核 : 分
        behind 重算 where a reviewer scored a line
    """
    card = judgement.card
    is_reviewed = any(line.reviewed or line.review_again for line in card.lines)
    rows = [_score_row(line) for line in card.lines]
    rows.append(_total_row(judgement))
    columns = list(_SCORE_COLUMNS)
    if is_reviewed:
        columns.insert(4, _REVIEWED)
        rows = [
            (*row[:4], Cell(reviewed), *row[4:])
            for row, reviewed in zip(rows, _reviewed_column(judgement), strict=True)
        ]
    notes: tuple[Runs, ...] = (
        plain_runs(
            "差异 = 重算 − 自评。重算：由数字与规则确定；采信：须由人判断，保留自评得分并给出规则允许的"
            "范围；缺项：分值或得分没有填报。"
        ),
        (
            Run("重算覆盖率 "),
            number_run(card.coverage),
            Run("：由数字与规则重算的分值占全部分值的比例。折算百分制 "),
            number_run(card.total_on_100),
            Run("，可能在 "),
            number_run(card.low_on_100),
            Run(" 至 "),
            number_run(card.high_on_100),
            Run(" 之间。"),
        ),
    )
    notes += tuple(map(_review_note, (ln for ln in card.lines if ln.reviewed or ln.review_again)))
    notes += tuple(map(_lapsed_note, card.lapsed_reviews))
    return Display(Table("t-scores", "评分表：自评与重算", tuple(columns), tuple(rows), notes))


def _reviewed_column(judgement: Judgement) -> tuple[Runs, ...]:
    """Give the reviewed score of each line, and of the total below them."""
    card = judgement.card
    column: list[Runs] = []
    for line in card.lines:
        if line.review_again:
            column.append(plain_runs("须重核", "warn"))
        elif line.reviewed:
            column.append((number_run(line.reviewed, "strong", unit=False),))
        else:
            column.append(plain_runs("—", "muted"))
    total = card.reviewed_total
    column.append((number_run(total, "strong", unit=False),) if total else plain_runs(""))
    return tuple(column)


def _review_note(line: ScoreLine) -> Runs:
    """Say who reviewed a line and why, or that it is to be reviewed again."""
    name = Run(f"{name_of_line(line)}：")
    if line.review_again:
        entry = line.review_again
        claimed = "空白" if entry.claimed is None else str(entry.claimed)
        told = (
            f"自评得分已不是复核时的 {claimed}，须重新复核；原复核 {entry.score} 分，{entry.words}"
        )
        return (name, Run(mask_private(told), tone="warn"))
    origin = line.reviewed.origin if line.reviewed else None
    if not isinstance(origin, Correction):
        return (name,)
    told = f"复核 {line.reviewed.digits if line.reviewed else ''} 分，{origin.reason}（{origin.by}，{origin.on}）"
    return (name, Run(mask_private(told)))


def _lapsed_note(entry: ReviewedScore) -> Runs:
    """Say that a reviewed line is there no more."""
    told = (
        f"{entry.line}：新版材料的评分表没有这一行，或有几行同名，复核得分不再计入，须重新复核；"
        f"原复核 {entry.score} 分，{entry.words}"
    )
    return (Run(mask_private(told), tone="warn"),)


def _score_row(line: ScoreLine) -> tuple[Cell, ...]:
    difference = line.difference
    tone: Tone | None = None
    if difference.value:
        tone = "bad" if difference.value < 0 else "warn"
    return (
        Cell(_path_runs(line), header=True),
        Cell((number_run(line.points, unit=False),)),
        Cell((number_run(line.claimed_score, unit=False),)),
        Cell((number_run(line.score, tone, unit=False),)),
        Cell(
            (number_run(difference, tone, unit=False),)
            if difference.value
            else plain_runs("—", "muted")
        ),
        Cell(plain_runs(STATUS_WORDS[line.status], _status_tone(line))),
        Cell(range_runs(line.low, line.high)),
        Cell(phrase_runs(line.reason)),
    )


def _status_tone(line: ScoreLine) -> Tone:
    tones: dict[str, Tone] = {"recomputed": "good", "accepted": "muted", "missing": "bad"}
    return tones[line.status]


def _path_runs(line: ScoreLine) -> Runs:
    if not line.members:
        return plain_runs("预算执行率", "strong")
    if len(line.members) == 1:
        return (
            Run(line.path[-2] + "：" if len(line.path) > 1 else "", tone="muted"),
            filed_run(line.members[0].indicator),
        )
    runs = [Run(line.path[-1], tone="strong"), Run("：")]
    for index, member in enumerate(line.members):
        runs += [Run("；")] if index else []
        runs.append(filed_run(member.indicator))
    return tuple(runs)


def range_runs(low: Datum, high: Datum) -> Runs:
    """Show a range of scores, one number where its ends meet."""
    if low.value is None or high.value is None:
        return plain_runs("—", "muted")
    if low.value == high.value:
        return (number_run(high, unit=False),)
    return (number_run(low, unit=False), Run("–"), number_run(high, unit=False))


def _total_row(judgement: Judgement) -> tuple[Cell, ...]:
    card = judgement.card
    stated = card.stated_total
    note: Runs = (
        (Run("自评各项之和；所填总分 "), number_run(stated)) if stated.value is not None else ()
    )
    return (
        Cell(plain_runs("合计", "strong"), header=True),
        Cell((number_run(card.points_total, "strong", unit=False),)),
        Cell((number_run(card.claimed_sum, "strong", unit=False),)),
        Cell((number_run(card.score_total, "strong", unit=False),)),
        Cell(plain_runs("")),
        Cell(plain_runs("")),
        Cell(range_runs(card.low, card.high)),
        Cell(note),
    )


def table_indicators(judgement: Judgement) -> Display:
    """Show the indicators as filed (绩效指标原表).

    Returns
    -------
    Display of a table with columns 一级指标, 二级指标, 三级指标, 年度指标值, 实际完成值 : text ·
    分值, 得分 : 分, on the first line of a merged group · 偏差原因 : text
    """
    columns = (
        Column("一级", width=1.3),
        Column("二级", width=1.6),
        Column("三级指标", width=2.6),
        Column("指标值", "right", 1.1),
        Column("完成值", "right", 1.1),
        Column("分值", "right", 0.85),
        Column("得分", "right", 0.7),
        Column("偏差原因及措施", width=2.2),
    )
    rows = tuple(_indicator_row(indicator) for indicator in judgement.evaluation.indicators)
    return Display(Table("t-indicators", "绩效指标（按所填）", columns, rows))


def _indicator_row(indicator: Indicator) -> tuple[Cell, ...]:
    reason = indicator.deviation_reason
    return (
        Cell(plain_runs(indicator.category)),
        Cell(plain_runs(indicator.subcategory)),
        Cell((filed_run(indicator.indicator),), header=True),
        Cell((filed_run(indicator.target),)),
        Cell((filed_run(indicator.achieved),)),
        Cell(_shared(indicator.points, indicator.points_shared_by)),
        Cell(_shared(indicator.score, indicator.score_shared_by)),
        Cell((filed_run(reason),) if reason else ()),
    )


def _shared(datum: Datum | None, shared_by: int) -> Runs:
    """Show a value, or a mark for one that is shared with the line above."""
    if datum is None:
        return plain_runs("〃", "muted")
    return (number_run(datum, unit=False),)
