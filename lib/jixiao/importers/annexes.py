"""What a filing should hold and does not (缺少的材料): the report, its annexes, the project tables."""

from __future__ import annotations

from jixiao.model import LOST_ROWS, Evaluation, Filing

REPORT = "自评报告正文"
BASE_DATA = "部门整体支出绩效评价基础数据表"
DEPARTMENT_TABLE = "部门整体支出绩效自评表"
PROJECT_TABLE = "项目支出绩效自评表"


def missing_annexes(filing: Filing) -> tuple[str, ...]:
    """Name the parts that a complete filing has and this one lacks or breaks off in.

    A filing of projects alone needs no department's tables; a department with project expenditure
    needs at least one project's table.
    """
    missing: list[str] = []
    narratives = {section.evaluation for section in filing.sections}
    tables = {evaluation.key: evaluation for evaluation in filing.evaluations}
    if not narratives:
        missing.append(REPORT)
    if filing.base_data or "department" in narratives or "department" in tables:
        missing += [] if filing.base_data else [BASE_DATA]
        missing += [] if "department" in tables else [DEPARTMENT_TABLE]
        if not any(e.kind == "project" for e in filing.evaluations) and _has_projects(filing):
            missing.append(PROJECT_TABLE)
    lacking = [key for key in sorted(narratives) if key != "department" and key not in tables]
    missing += [f"{PROJECT_TABLE}（{key}）" for key in lacking]
    broken = {p.evaluation for p in filing.problems if p.code in LOST_ROWS}
    missing += [f"{_name(e)}（不完整）" for key, e in tables.items() if key in broken]
    return tuple(dict.fromkeys(missing))


def _has_projects(filing: Filing) -> bool:
    row = filing.base_data.row("项目支出") if filing.base_data else None
    return row is not None and bool(row.outturn.value)


def _name(evaluation: Evaluation) -> str:
    if evaluation.kind == "department":
        return DEPARTMENT_TABLE
    return f"{PROJECT_TABLE}（{evaluation.project.text if evaluation.project else evaluation.key}）"
