"""Findings, passed checks and undecided ones as blocks (核查发现、核查通过、未核查)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from jixiao.audit import Judgement
from jixiao.model import (
    VERDICT_WORDS,
    Decision,
    Finding,
    Severity,
    Verdict,
    mask_private,
)
from jixiao.rubric import Checklist
from jixiao.tables.block import (
    Cell,
    Column,
    FindingItem,
    Findings,
    Note,
    Run,
    Runs,
    Table,
    Tone,
    plain_runs,
)
from jixiao.tables.display import Display
from jixiao.tables.runs import phrase_runs, place_runs, reference_run
from jixiao.tables.workings import numbered_findings

_TITLES: Mapping[Severity, str] = MappingProxyType(
    {
        "high": "严重程度高：结果无效或违反规定",
        "medium": "严重程度中：必须说明",
        "low": "严重程度低：形式问题",
    }
)
_DECISION_TONES: Mapping[Verdict, Tone] = MappingProxyType(
    {"confirmed": "bad", "explained": "good", "dismissed": "muted"}
)


def list_findings(judgement: Judgement, checklist: Checklist, severity: Severity) -> Display:
    """List the findings of one severity with both addresses and the arithmetic (核查发现).

    Open ones come first, those with a reviewer's decision after them. Consequences stand beneath
    their cause, whatever their own severity, and are not counted with it.
    """
    ids = {id(finding): finding_id for finding, finding_id in numbered_findings(judgement)}
    groups = [g for g in judgement.audit.grouped() if g[0].severity == severity]
    items = tuple(
        _item(finding, checklist, ids[id(finding)], ids[id(group[0])] if place else "")
        for group in sorted(groups, key=_is_settled)
        for place, finding in enumerate(group)
    )
    settled = sum(_is_settled(group) for group in groups)
    below = len(items) - len(groups)
    counts = (
        f"{len(groups)} 项",
        f"已决定 {settled} 项" if settled else "",
        f"另有 {below} 项由其引起" if below else "",
    )
    title = f"{_TITLES[severity]}（{'，'.join(count for count in counts if count)}）"
    return Display(Findings(f"findings-{severity}", title, items, empty="没有发现。"))


def _is_settled(group: tuple[Finding, ...]) -> bool:
    return group[0].decision is not None


def _item(finding: Finding, checklist: Checklist, finding_id: str, above: str) -> FindingItem:
    """Show a finding; `above` is the id of the cause it stands beneath, empty where there is none."""
    facts: list[tuple[str, Runs]] = [
        ("所填", phrase_runs(finding.observed)),
        ("应为", phrase_runs(finding.expected)),
    ]
    if finding.formula:
        facts.append(("算式", phrase_runs(finding.formula)))
    facts.append(("出处", place_runs(finding.where)))
    facts.append(("依据", (reference_run(finding.reference),)))
    if finding.cause:
        # The cells of another evaluation's cause are not in this report.
        told = finding.cause.id + ("" if above else "，见另一张自评表的报告")
        facts.append(("起因", (Run(told, href=above or None),)))
    if finding.decision:
        tone = _DECISION_TONES[finding.decision.verdict]
        facts.append(("复核", plain_runs(mask_private(finding.decision.words), tone)))
    if finding.asked_again:
        told = f"所依据的单元格已变，须重新决定；原为{mask_private(finding.asked_again.words)}"
        facts.append(("复核", plain_runs(told, "warn")))
    return FindingItem(
        id=finding_id,
        check=finding.id,
        code=finding.code,
        severity=finding.severity,
        title=checklist.entry(finding.id).title,
        message=phrase_runs(finding.message),
        facts=tuple(facts),
        is_consequence=bool(above),
    )


def table_decisions(judgement: Judgement) -> Display:
    """Show what reviewers decided, and whether it still stands (复核决定).

    Returns
    -------
    Display of a table with columns 编号 : link to the finding · 决定, 理由, 复核人, 日期, 状态 : text;
    of a note where there are none
    """
    rows = []
    for finding, finding_id in numbered_findings(judgement):
        if finding.decision:
            state = plain_runs("有效", "good")
            rows.append(_decision_row(finding.decision, finding_id, state))
        if finding.asked_again:
            state = plain_runs("单元格已变，须重新决定", "warn")
            rows.append(_decision_row(finding.asked_again, finding_id, state))
    for decision in judgement.audit.lapsed:
        rows.append(_decision_row(decision, None, plain_runs("已不再发现", "muted")))
    if not rows:
        nothing = plain_runs("还没有复核决定。用 jixiao findings 导出问题清单，填写后读回。")
        return Display(Note("n-decisions", (nothing,), "复核决定", "muted"))
    columns = (
        Column("编号", "center", 0.7),
        Column("决定", "center", 0.9),
        Column("理由", width=4.0),
        Column("复核人", width=0.9),
        Column("日期", width=1.1),
        Column("状态", width=1.6),
    )
    return Display(Table("t-decisions", f"复核决定（{len(rows)} 项）", columns, tuple(rows)))


def _decision_row(decision: Decision, finding_id: str | None, state: Runs) -> tuple[Cell, ...]:
    texts = (VERDICT_WORDS[decision.verdict], decision.reason, decision.by, decision.on)
    return (
        Cell((Run(decision.check, href=finding_id),), header=True),
        *(Cell(plain_runs(mask_private(text))) for text in texts),
        Cell(state),
    )


def table_passed(judgement: Judgement, checklist: Checklist) -> Display:
    """List what was checked and holds, with its arithmetic (核查通过).

    Returns
    -------
    Display of a table with columns 编号 : text · 核查内容 : text · 核对 : links to the cells
    """
    columns = (
        Column("编号", "center", 0.7),
        Column("核查内容", width=2.6),
        Column("核对", width=6.0),
    )
    by_check: dict[str, list[Runs]] = {}
    for entry in judgement.audit.passed:
        by_check.setdefault(entry.id, []).append(phrase_runs(entry.formula))
    rows = tuple(
        (
            Cell(plain_runs(check_id), header=True),
            Cell(plain_runs(checklist.entry(check_id).title)),
            Cell(_in_one(formulas)),
        )
        for check_id, formulas in by_check.items()
    )
    return Display(Table("t-passed", f"核查通过（{len(rows)} 项）", columns, rows))


def _in_one(parts: list[Runs]) -> Runs:
    """Join runs of several sentences with semicolons."""
    runs: list[Run] = []
    for part in parts:
        runs += [Run("；")] if runs else []
        runs += part
    return tuple(runs)


def table_not_checked(judgement: Judgement, checklist: Checklist) -> Display:
    """List what could not be decided, and why (未核查).

    Returns
    -------
    Display of a table with columns 编号, 核查内容, 原因 : text
    """
    columns = (
        Column("编号", "center", 0.7),
        Column("核查内容", width=3.0),
        Column("原因", width=5.0),
    )
    rows = tuple(
        (
            Cell(plain_runs(entry.id), header=True),
            Cell(plain_runs(checklist.entry(entry.id).title)),
            Cell((Run(entry.reason),)),
        )
        for entry in judgement.audit.not_checked
    )
    return Display(Table("t-not-checked", f"未能核查（{len(rows)} 项）", columns, rows))
