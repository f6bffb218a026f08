"""What the audit comes to (核查小结): figures of the narrative against the tables, warning, quality."""

from __future__ import annotations

from collections import Counter

from jixiao.audit import Judgement
from jixiao.audit.appraisal import Quality
from jixiao.audit.figures import VERDICTS, Comparison
from jixiao.rubric import Checklist
from jixiao.tables.block import Cell, Column, Note, Run, Runs, Table, Tone, plain_runs
from jixiao.tables.display import Display
from jixiao.tables.runs import number_run, phrase_runs

_COLOURS: dict[str | None, tuple[str, Tone | None]] = {
    "red": ("红色预警", "bad"),
    "yellow": ("黄色预警", "warn"),
    "none": ("无预警", "good"),
    None: ("不能判断", "muted"),
}
_TONES: dict[str, Tone] = {"agreed": "good", "different": "bad", "not_matched": "muted"}


def table_narrative(judgement: Judgement) -> Display:
    """List the figures of the narrative with the cells they speak of (正文数字与表格对照).

    Returns
    -------
    Display of a table with columns
        正文所述 : subject · 正文数字, 表中数字 : links · 表中项目 : label · 结论 : 相符 | 不符 | 未对上;
        of a note where the narrative has no figures
    """
    comparisons = judgement.appraisal.comparisons
    if not comparisons:
        words = plain_runs("正文没有可以核对的数字。")
        return Display(Note("n-narrative", (words,), "正文数字与表格对照", "muted"))
    counts = Counter(comparison.verdict for comparison in comparisons)
    told = "，".join(f"{word} {counts[verdict]}" for verdict, word in VERDICTS.items())
    columns = (
        Column("正文所述", width=3.4),
        Column("正文数字", "right", 1.4),
        Column("表中项目", width=2.6),
        Column("表中数字", "right", 1.4),
        Column("结论", "center", 0.9),
    )
    notes = (
        plain_runs(
            "按主体、年度与单位对照；约数、区间和其他年度的数不对照。未对上只说明表中没有找到同一主体的单元格。"
        ),
    )
    rows = tuple(_row(comparison) for comparison in comparisons)
    title = f"正文数字与表格对照（{len(rows)} 个：{told}）"
    return Display(Table("t-narrative", title, columns, rows, notes))


def _row(comparison: Comparison) -> tuple[Cell, ...]:
    statement, cell = comparison.statement, comparison.cell
    verdict = Run(VERDICTS[comparison.verdict], tone=_TONES[comparison.verdict])
    return (
        Cell(plain_runs(statement.label or statement.text[:20]), header=True),
        Cell((number_run(statement.datum),)),
        Cell(plain_runs(cell.label) if cell else ()),
        Cell((number_run(cell),) if cell else ()),
        Cell((verdict,)),
    )


def table_appraisal(judgement: Judgement, checklist: Checklist) -> Display:
    """Show the warning and the house's quality score (预警与材料质量分).

    Returns
    -------
    Display of a table with columns 项目 : text · 结果 : text · 怎样得出 : arithmetic
    """
    appraisal = judgement.appraisal
    quality = appraisal.quality
    word, tone = _COLOURS[appraisal.alarm.colour]
    entries: list[tuple[str, Runs, Runs]] = [
        ("系统式预警", (Run(word, tone=tone),), phrase_runs(appraisal.alarm.reason)),
        ("材料质量分（非官方）", plain_runs(_score(quality)), plain_runs(_costs(quality))),
    ]
    if quality.apart is not None:
        beyond = f"超过 {checklist.appraisal.bands[-1]}%" if checklist.appraisal.bands else ""
        band = f"不超过 {quality.band}%" if quality.band is not None else beyond
        apart = (number_run(quality.apart),)
        entries.append(("自评与重算相差", apart, plain_runs(f"占重算得分的比例，{band}")))
    rows = tuple(
        (Cell(plain_runs(name), header=True), Cell(result), Cell(how))
        for name, result, how in entries
    )
    columns = (
        Column("项目", width=1.6),
        Column("结果", "center", 1.2),
        Column("怎样得出", width=5.0),
    )
    notes = (
        plain_runs(
            f"{checklist.appraisal.reference.title}：满分 100，每项发现按严重程度扣分，"
            "后果与复核认为已说明、不成立的不扣，每组至多扣 "
            f"{checklist.appraisal.group_cap} 分，扣至 0 为止；只说明材料还要改多少，不是绩效等级。"
        ),
    )
    return Display(Table("t-appraisal", "预警与材料质量分", columns, rows, notes))


def _score(quality: Quality) -> str:
    return f"{quality.score} 分" + (f"（{quality.grade}）" if quality.grade else "")


def _costs(quality: Quality) -> str:
    counts = "、".join(f"{word} {count} 项" for word, count in quality.counts)
    costs = " − ".join(f"{group} 组 {cost}" for group, cost in quality.costs)
    return f"100 − {costs} = {quality.score}（{counts}）" if costs else "没有发现，不扣分"
