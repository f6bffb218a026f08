"""The law as data (评分规则、核查清单): loaded from ``params``, checked, chosen by year."""

from jixiao.rubric.book import (
    RULES,
    Band,
    Grade,
    Rubric,
    Rule,
    choose_rubric,
    load_rubric,
    rubric_ids,
)
from jixiao.rubric.checklist import CheckEntry, Checklist, Subject, load_checklist
from jixiao.rubric.opening import open_checklist, open_rubrics, rubrics_of

__all__ = [
    "RULES",
    "Band",
    "CheckEntry",
    "Checklist",
    "Grade",
    "Rubric",
    "Rule",
    "Subject",
    "choose_rubric",
    "load_checklist",
    "load_rubric",
    "open_checklist",
    "open_rubrics",
    "rubric_ids",
    "rubrics_of",
]
