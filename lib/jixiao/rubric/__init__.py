"""The law as data (评分规则、核查清单): loaded from ``params``, checked, chosen by year."""

from jixiao.rubric.book import Rubric, bare_name
from jixiao.rubric.checklist import CheckEntry, Checklist, Subject, load_checklist
from jixiao.rubric.choosing import choose_rubric, choose_rubrics
from jixiao.rubric.heads import read_head, rubric_ids
from jixiao.rubric.in_words import interval_text, method_in_words, value_in_words
from jixiao.rubric.indicators import MEASURES
from jixiao.rubric.loading import load_rubric
from jixiao.rubric.method import Method, read_method
from jixiao.rubric.opening import open_checklist, open_rubrics, rubrics_of
from jixiao.rubric.parameters import PARAMETERS
from jixiao.rubric.rule import OPTIONAL_RULES, RULES, Band, Grade, IndicatorRule, Rule

__all__ = [
    "MEASURES",
    "OPTIONAL_RULES",
    "PARAMETERS",
    "RULES",
    "Band",
    "CheckEntry",
    "Checklist",
    "Grade",
    "IndicatorRule",
    "Method",
    "Rubric",
    "Rule",
    "Subject",
    "bare_name",
    "choose_rubric",
    "choose_rubrics",
    "interval_text",
    "load_checklist",
    "load_rubric",
    "method_in_words",
    "open_checklist",
    "open_rubrics",
    "read_head",
    "read_method",
    "rubric_ids",
    "rubrics_of",
    "value_in_words",
]
