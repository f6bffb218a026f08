"""Apply the rule book (评分): a filing and its rubrics in, scorecards out. Pure."""

from jixiao.scoring.as_json import base_indicator_as_json, line_as_json, scorecard_as_json
from jixiao.scoring.base_data import children_of, control_indicators, three_public_total
from jixiao.scoring.methods import METHODS
from jixiao.scoring.reviewed import name_of_line
from jixiao.scoring.scorecard import groups_of, score, score_evaluation

__all__ = [
    "METHODS",
    "base_indicator_as_json",
    "children_of",
    "control_indicators",
    "groups_of",
    "line_as_json",
    "name_of_line",
    "score",
    "score_evaluation",
    "scorecard_as_json",
    "three_public_total",
]
