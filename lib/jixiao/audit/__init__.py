"""Question the document (核查): every check, what it found, what holds, what stays undecided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from jixiao.audit.accounts import (
    check_expenditure_tree,
    check_income_nature,
    check_line_over_budget,
    check_spending_without_budget,
)
from jixiao.audit.achieved import (
    check_all_full_marks,
    check_deduction_reason,
    check_line_score,
    check_unmet_full_score,
)
from jixiao.audit.achievement import check_achieved_figure
from jixiao.audit.adjustment import check_adjustment_rate, check_over_budget
from jixiao.audit.annexes import check_department_rate, check_project_amounts
from jixiao.audit.appraisal import Appraisal, appraisal_as_json, appraise
from jixiao.audit.as_json import audit_as_json, finding_as_json
from jixiao.audit.assets import (
    check_buildings_year,
    check_procurement,
    check_staff_quota,
    check_staffing_rate,
)
from jixiao.audit.budget import (
    check_budget_equals_actual,
    check_execution_rate,
    check_execution_score,
    check_low_execution,
    check_low_execution_reason,
)
from jixiao.audit.classification import check_foreign_indicator, check_misplaced_indicator
from jixiao.audit.completion import check_band, check_over_completion
from jixiao.audit.consequences import link_causes
from jixiao.audit.copied import check_copied_text, check_prompts_left, check_year_named
from jixiao.audit.coverage import check_cost, check_number_of_indicators, check_satisfaction
from jixiao.audit.decided import decide, first_place
from jixiao.audit.desk import Case, Check, Desk, FilingCheck, Outcome, run_check
from jixiao.audit.disclosure import (
    check_glyphs,
    check_head_signature,
    check_preparer_phone,
    check_private_data,
)
from jixiao.audit.history import (
    check_final_accounts,
    check_prior_outturn,
    check_score_volatility,
    check_target_unchanged,
)
from jixiao.audit.indicators import (
    check_achieved_is_bound,
    check_all_equal_targets,
    check_duplicate_indicator,
    check_target_back_filled,
    check_target_form,
    check_vague_target,
    check_value_type,
)
from jixiao.audit.narrative import (
    check_conversion_debris,
    check_heading_numbers,
    check_narrative_figure,
)
from jixiao.audit.objectives import check_objectives_answered
from jixiao.audit.points import check_concentrated_points, check_score_digits
from jixiao.audit.progress import check_progress_claimed
from jixiao.audit.project_funds import check_project_funds
from jixiao.audit.publication import check_official_layout, check_published, check_secrets
from jixiao.audit.reasons import (
    check_empty_reason,
    check_reason_at_full_score,
    check_saving_not_earned,
)
from jixiao.audit.restating import restate
from jixiao.audit.satisfaction import check_narrative_satisfaction
from jixiao.audit.sections import check_problems_and_measures, check_required_sections
from jixiao.audit.stocks import check_stock_and_flow
from jixiao.audit.sums import (
    check_category_points,
    check_conclusion,
    check_grade_word,
    check_merged_points,
    check_points_total,
    check_points_total_score,
    check_points_without_score,
    check_score_range,
)
from jixiao.audit.three_public_expenses import (
    check_three_public_control,
    check_three_public_total,
)
from jixiao.audit.weights import check_category_weights
from jixiao.audit.wording import check_direction, check_one_measure, check_rate_above_whole
from jixiao.datum import Reference
from jixiao.errors import UnknownName
from jixiao.model import (
    Audit,
    BaseData,
    Evaluation,
    Filing,
    Finding,
    NotChecked,
    Objectives,
    Passed,
    Restatement,
    Scorecard,
)
from jixiao.rubric import Checklist, Rubric
from jixiao.scoring import score
from jixiao.scoring.units import in_one_unit

__all__ = [
    "CHECKS",
    "DEPARTMENT_CHECKS",
    "FILING_CHECKS",
    "PROJECT_CHECKS",
    "Judgement",
    "appraisal_as_json",
    "appraise_all",
    "audit_as_json",
    "decide",
    "examine",
    "finding_as_json",
    "first_place",
    "judge",
]

#: Checks of every evaluation.
CHECKS: tuple[tuple[str, Check], ...] = (
    ("A-01", check_points_total_score),
    ("A-02", check_points_total),
    ("A-03", check_category_points),
    ("A-04", check_category_weights),
    ("A-05", check_score_range),
    ("A-06", check_points_without_score),
    ("A-07", check_merged_points),
    ("A-08", check_concentrated_points),
    ("A-09", check_grade_word),
    ("A-10", check_score_digits),
    ("A-11", check_conclusion),
    ("B-01", check_execution_rate),
    ("B-02", check_execution_score),
    ("B-03", check_low_execution),
    ("B-04", check_low_execution_reason),
    ("B-05", check_budget_equals_actual),
    ("B-06", check_adjustment_rate),
    ("B-07", check_over_budget),
    ("C-01", check_achieved_is_bound),
    ("C-02", check_value_type),
    ("C-03", check_target_back_filled),
    ("C-04", check_all_equal_targets),
    ("C-05", check_target_form),
    ("C-06", check_vague_target),
    ("C-07", check_misplaced_indicator),
    ("C-08", check_cost),
    ("C-09", check_satisfaction),
    ("C-11", check_foreign_indicator),
    ("C-12", check_one_measure),
    ("C-13", check_number_of_indicators),
    ("C-14", check_direction),
    ("C-15", check_rate_above_whole),
    ("D-01", check_line_score),
    ("D-02", check_unmet_full_score),
    ("D-03", check_deduction_reason),
    ("D-04", check_reason_at_full_score),
    ("D-05", check_empty_reason),
    ("D-06", check_over_completion),
    ("D-07", check_band),
    ("D-08", check_all_full_marks),
    ("D-09", check_progress_claimed),
    ("D-10", check_saving_not_earned),
    ("E-01", check_narrative_figure),
    ("E-01", check_achieved_figure),
    ("E-02", check_narrative_satisfaction),
    ("E-03", check_stock_and_flow),
    ("E-06", check_heading_numbers),
    ("E-07", check_required_sections),
    ("E-08", check_objectives_answered),
    ("E-11", check_problems_and_measures),
    ("F-01", check_target_unchanged),
    ("F-02", check_score_volatility),
)
#: Checks of the department's own evaluation and its annexes.
DEPARTMENT_CHECKS: tuple[tuple[str, Check], ...] = (
    ("B-08", check_department_rate),
    ("B-09", check_project_amounts),
    ("B-10", check_expenditure_tree),
    ("B-11", check_income_nature),
    ("B-12", check_spending_without_budget),
    ("B-13", check_line_over_budget),
    ("B-14", check_three_public_total),
    ("B-15", check_three_public_control),
    ("B-16", check_procurement),
    ("B-17", check_staffing_rate),
    ("B-18", check_staff_quota),
    ("B-19", check_buildings_year),
    ("F-03", check_prior_outturn),
    ("F-04", check_final_accounts),
)
#: Those of them that need the base data only.
BASE_DATA_CHECKS: tuple[tuple[str, Check], ...] = tuple(
    entry for entry in DEPARTMENT_CHECKS if entry[0] not in ("B-08", "B-09", "B-11")
)
#: Checks of a project's evaluation.
PROJECT_CHECKS: tuple[tuple[str, Check], ...] = (("B-20", check_project_funds),)
#: Checks of the whole filing.
FILING_CHECKS: tuple[tuple[str, FilingCheck], ...] = (
    ("C-10", check_duplicate_indicator),
    ("E-04", check_copied_text),
    ("E-05", check_year_named),
    ("E-09", check_prompts_left),
    ("E-10", check_conversion_debris),
    ("G-01", check_private_data),
    ("G-02", check_preparer_phone),
    ("G-03", check_head_signature),
    ("G-04", check_published),
    ("G-05", check_secrets),
    ("G-06", check_official_layout),
    ("H-01", check_glyphs),
)


def examine(
    filing: Filing,
    cards: Mapping[str, Scorecard],
    rubrics: Mapping[str, Rubric],
    checklist: Checklist,
    code_points: frozenset[int] | None = None,
) -> Audit:
    """Question a filing by every check (核查). Pure; never raises for what a unit wrote.

    Parameters
    ----------
    cards : evaluation key → scorecard, as `scoring.score` gives them
    rubrics : evaluation key or kind → rule book
    code_points : characters the report's fonts have; None leaves H-01 undecided

    Returns
    -------
    Audit ; each check ends at least once: a finding, passed, or not checked with its reason. The
        findings carry the filing's decisions, and each consequence stands under its cause.
    """
    case = _case(filing, cards, rubrics, checklist, code_points)
    outcomes = sorted(_outcomes(case), key=lambda outcome: outcome.id)
    audit = Audit(
        tuple(o for o in outcomes if isinstance(o, Finding)),
        tuple(o for o in outcomes if isinstance(o, NotChecked)),
        tuple(o for o in outcomes if isinstance(o, Passed)),
    )
    return link_causes(decide(audit, filing.decisions), case)


def appraise_all(
    filing: Filing,
    cards: Mapping[str, Scorecard],
    rubrics: Mapping[str, Rubric],
    checklist: Checklist,
    audit: Audit,
) -> tuple[Appraisal, ...]:
    """Sum up each evaluation of a filing: figures compared, warning, quality score (核查小结)."""
    case = _case(filing, cards, rubrics, checklist, None)
    return tuple(
        appraise(case, evaluation, audit.of(evaluation.key, whole_filing=not number).findings)
        for number, evaluation in enumerate(case.filing.evaluations)
    )


def _case(
    filing: Filing,
    cards: Mapping[str, Scorecard],
    rubrics: Mapping[str, Rubric],
    checklist: Checklist,
    code_points: frozenset[int] | None,
) -> Case:
    filing = in_one_unit(filing)
    by_key = {e.key: rubrics.get(e.key) or rubrics[e.kind] for e in filing.evaluations}
    return Case(filing, cards, by_key, checklist, code_points)


@dataclass(frozen=True, slots=True)
class Judgement:
    """One evaluation of a filing, scored and questioned: what a report shows (评价结论)."""

    filing: Filing
    evaluation: Evaluation
    rubric: Rubric
    card: Scorecard
    audit: Audit
    appraisal: Appraisal
    restatement: Restatement | None = None


def judge(
    filing: Filing,
    key: str,
    rubrics: Mapping[str, Rubric],
    checklist: Checklist,
    code_points: frozenset[int] | None = None,
) -> Judgement:
    """Score and question a filing, and keep what concerns one evaluation (评价).

    The first evaluation of a filing, as a rule the department's, also owns the checks of the
    whole filing.

    Raises
    ------
    UnknownName : the filing has no evaluation with this key.
    """
    evaluation = filing.evaluation(key)
    if evaluation is None:
        known = tuple(e.key for e in filing.evaluations)
        raise UnknownName.among("unknown-evaluation", "自评", key, known)
    filing = in_one_unit(filing)
    evaluation = filing.evaluation(key) or evaluation
    cards = score(filing, rubrics)
    audit = examine(filing, cards, rubrics, checklist, code_points)
    first = filing.evaluations[0].key == key
    rubric = rubrics.get(key) or rubrics[evaluation.kind]
    own = audit.of(key, whole_filing=first)
    case = _case(filing, cards, rubrics, checklist, code_points)
    appraisal = appraise(case, evaluation, own.findings)
    restatement = restate(filing, cards[key], rubrics)
    return Judgement(filing, evaluation, rubric, cards[key], own, appraisal, restatement)


def _outcomes(case: Case) -> Iterator[Outcome]:
    if case.department is None and (base := case.filing.base_data):
        alone = _department_without_form(base)
        for check_id, check in BASE_DATA_CHECKS:
            desk = _desk(case, check_id, alone.key)
            yield from run_check(check(desk, case, alone), desk)
    for evaluation in case.filing.evaluations:
        special = DEPARTMENT_CHECKS if evaluation.kind == "department" else PROJECT_CHECKS
        for check_id, check in (*CHECKS, *special):
            desk = _desk(case, check_id, evaluation.key)
            yield from run_check(check(desk, case, evaluation), desk)
    for check_id, filing_check in FILING_CHECKS:
        desk = _desk(case, check_id, None)
        yield from run_check(filing_check(desk, case), desk)


def _desk(case: Case, check_id: str, key: str | None) -> Desk:
    """Set up a check with the basis that is in force for the filing's year."""
    entry = case.checklist.entry(check_id)
    rubric = case.rubrics.get(key or "")
    year = case.filing.year
    if entry.rule and rubric:
        entry = replace(entry, reference=rubric.reference(entry.rule))
    elif entry.since and year and year < entry.since:
        title = f"本工作台约定（所引办法适用于 {entry.since} 年度起）"
        entry = replace(entry, reference=Reference(title, f"check.{check_id}", verified=True))
    return Desk(entry, key)


def _department_without_form(base: BaseData) -> Evaluation:
    """Stand in for a department that filed its base data and no self-evaluation form."""
    return Evaluation(
        "department", "department", None, None, None, "万元", base.title, None,
        Objectives(None, None), (), None,
    )  # fmt: skip
