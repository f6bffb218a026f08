"""The satisfaction told in the narrative against that of the table (E-02 满意度)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jixiao.audit.desk import Case, Desk, Outcome, listed, places_of
from jixiao.audit.figures import compare_figures, is_alike
from jixiao.datum import Datum
from jixiao.model import Evaluation, Filed, Section, Statement


def check_narrative_satisfaction(
    desk: Desk, case: Case, evaluation: Evaluation
) -> Iterator[Outcome]:
    """E-02: a satisfaction of the narrative is one of those in the table.

    A figure whose subject names an indicator in full is E-01's. One of another group of people
    counts only where the text says how the indicators of the table were met.
    """
    filed = _in_the_table(evaluation)
    told = list(_told(desk, case, evaluation))
    if not filed or not told:
        yield desk.skips("正文或表中没有满意度的数字")
        return
    for statement in told:
        equal = [d for d in filed if d.value == statement.datum.value]
        if equal:
            yield desk.holds(f"正文“{statement.label}", statement.datum, "”：", equal[0])
        elif _speaks_of(desk, case, statement, filed):
            yield desk.found(
                f"正文“{statement.label}",
                statement.datum,
                "”，表中满意度为 ",
                *listed(tuple(filed)),
                where=(*places_of(statement.datum), *places_of(*filed)),
                observed=("正文 ", statement.datum),
                expected=("与表中一致：", *listed(tuple(filed))),
            )


def _in_the_table(evaluation: Evaluation) -> list[Datum]:
    return [
        indicator.achieved.datum(indicator.name)
        for indicator in evaluation.indicators
        if "满意" in indicator.category + indicator.name
        and indicator.achieved.quantity.is_number
        and indicator.achieved.quantity.unit in ("%", None)
    ]


def _told(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Statement]:
    aims = desk.entry.words("aims")
    for comparison in compare_figures(case, evaluation):
        statement = comparison.statement
        is_aim = any(word in statement.text for word in aims)
        if comparison.cell is None and not is_aim and _is_told(case, statement):
            yield statement


def _is_told(case: Case, statement: Statement) -> bool:
    """Whether a figure is this year's satisfaction in per cent."""
    if statement.datum.value is None or statement.datum.unit != "%":
        return False
    this_year = statement.year in (None, case.filing.year)
    return this_year and re.search("满意(?:度|率)", statement.label) is not None


def _speaks_of(desk: Desk, case: Case, statement: Statement, filed: list[Datum]) -> bool:
    """Whether a satisfaction of the text must be one of the table's."""
    label = statement.label
    if label in desk.entry.words("whole") or any(is_alike(label, cell.label) for cell in filed):
        return True
    section = _section_of(case, statement)
    headings = desk.entry.words("headings")
    return section is not None and any(word in section.heading.text for word in headings)


def _section_of(case: Case, statement: Statement) -> Section | None:
    origin = statement.datum.origin
    for section in case.filing.sections:
        if section.evaluation == statement.evaluation and _holds(section.paragraphs, origin):
            return section
    return None


def _holds(paragraphs: tuple[Filed, ...], origin: object) -> bool:
    return any(paragraph.source == origin for paragraph in paragraphs)
