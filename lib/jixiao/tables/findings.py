"""Findings, passed checks and undecided ones as blocks (核查发现、核查通过、未核查)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from jixiao.audit import Judgement
from jixiao.model import Finding, Severity
from jixiao.rubric import Checklist
from jixiao.tables.block import (
    Cell,
    Column,
    FindingItem,
    Findings,
    Run,
    Runs,
    Table,
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


def list_findings(judgement: Judgement, checklist: Checklist, severity: Severity) -> Display:
    """List the findings of one severity with both addresses and the arithmetic (核查发现)."""
    items = tuple(
        _item(finding, checklist, finding_id)
        for finding, finding_id in numbered_findings(judgement)
        if finding.severity == severity
    )
    title = f"{_TITLES[severity]}（{len(items)} 项）"
    return Display(Findings(f"findings-{severity}", title, items, empty="没有发现。"))


def _item(finding: Finding, checklist: Checklist, finding_id: str) -> FindingItem:
    facts: list[tuple[str, Runs]] = [
        ("所填", phrase_runs(finding.observed)),
        ("应为", phrase_runs(finding.expected)),
    ]
    if finding.formula:
        facts.append(("算式", phrase_runs(finding.formula)))
    facts.append(("出处", place_runs(finding.where)))
    facts.append(("依据", (reference_run(finding.reference),)))
    if finding.cause:
        facts.append(("起因", plain_runs(f"{finding.cause} 的后果")))
    return FindingItem(
        id=finding_id,
        check=finding.id,
        code=finding.code,
        severity=finding.severity,
        title=checklist.entry(finding.id).title,
        message=phrase_runs(finding.message),
        facts=tuple(facts),
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
