"""Sections with weights, grades, and what overrides a grade (分节加权、等级、否决).

A grade is given for the total as it is printed, rounded, so that text and table agree.
"""

from __future__ import annotations

from collections.abc import Mapping

from jixiao.datum import Constant, Datum, Reference, round_half_up, weighted_mean
from jixiao.rubric import Rubric


def grade_of(total: Datum, rubric: Rubric, facts: frozenset[str] = frozenset()) -> str | None:
    """Give the grade of a total: an override of the book by these facts, else by the thresholds.

    None where there is no total and nothing overrides.
    """
    rule = rubric.find("overrides")
    for override in rule.value if rule and isinstance(rule.value, list) else ():
        if override["when"] in facts:
            return str(override["name"])
    if total.value is None:
        return None
    for grade in rubric.grades:
        if total.value >= grade.at_least.require():
            return grade.name
    return None


def weigh_sections(rubric: Rubric, sections: Mapping[str, Datum]) -> Datum:
    """Weigh the scores of sections by the book's weights (加权合计), as printed.

    Parameters
    ----------
    sections : score in %, by the name of the weight; all that the book weighs

    Returns
    -------
    Datum in %, rounded half up to the book's places.
    """
    weights = rubric.expected_weights(frozenset(sections))
    pairs = tuple((sections[name], weight) for name, weight in weights)
    reference = rubric.reference("weights")
    mean = weighted_mean("加权得分", pairs, reference=reference)
    return round_half_up("总得分", mean, rubric.places, reference=rubric.reference("rounding"))


def score_section(label: str, answers: tuple[Datum | None, ...], reference: Reference) -> Datum:
    """Average the answers of a section (分节得分); a question that does not apply is left out.

    Returns
    -------
    Datum in %, rounded half up to a whole number.

    >>> law = Reference("规则", verified=True)
    >>> yes, no = Datum.of(100, "%"), Datum.of(0, "%")
    >>> score_section("二", (yes, yes, yes, yes, yes, no, no, no, None), law).text
    '63%'
    """
    one = Datum("每题", Datum.of(1).value, "题", Constant(reference))
    given = tuple((answer, one) for answer in answers if answer is not None)
    return round_half_up(label, weighted_mean(label, given, reference=reference), 0)
