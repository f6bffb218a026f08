"""The judged model as tables (表): blocks for reports and JupyterLab, DataFrames for analysts."""

from jixiao.tables.appraisal import table_appraisal, table_narrative
from jixiao.tables.base_indicators import table_base_indicators
from jixiao.tables.cohort import (
    list_figures,
    summarise_cohort,
    table_changes,
    table_checks,
    table_ranking,
    table_runs,
    table_warnings,
    table_years,
)
from jixiao.tables.cohort_result import CohortResult, cohort_as_json, show_cohort
from jixiao.tables.filing import (
    list_amended,
    list_appendix,
    list_problems,
    table_corrections,
    table_filing,
    table_provenance,
)
from jixiao.tables.findings import (
    list_findings,
    table_decisions,
    table_not_checked,
    table_passed,
)
from jixiao.tables.frames import frame_findings, frame_indicators, frame_scores
from jixiao.tables.grids import list_reading_problems, list_unread, show_grids
from jixiao.tables.restatement import restatement_as_json, table_restatement
from jixiao.tables.result import Result, result_as_json, show_result
from jixiao.tables.scores import table_indicators, table_scores
from jixiao.tables.summary import summarise
from jixiao.tables.workings import list_workings, table_rules

__all__ = [
    "CohortResult",
    "Result",
    "cohort_as_json",
    "frame_findings",
    "frame_indicators",
    "frame_scores",
    "list_amended",
    "list_appendix",
    "list_figures",
    "list_findings",
    "list_problems",
    "list_reading_problems",
    "list_unread",
    "list_workings",
    "restatement_as_json",
    "result_as_json",
    "show_cohort",
    "show_grids",
    "show_result",
    "summarise",
    "summarise_cohort",
    "table_appraisal",
    "table_base_indicators",
    "table_changes",
    "table_checks",
    "table_corrections",
    "table_decisions",
    "table_filing",
    "table_indicators",
    "table_narrative",
    "table_not_checked",
    "table_passed",
    "table_provenance",
    "table_ranking",
    "table_restatement",
    "table_rules",
    "table_runs",
    "table_scores",
    "table_warnings",
    "table_years",
]
