"""Many evaluations side by side (横向比较): ranked, counted, held against the years before.

Every figure is taken from finished runs; nothing is judged again.
"""

from jixiao.cohort.changes import Change, YearFigures, change_of, figures_of_year
from jixiao.cohort.checks import CheckCount, count_checks
from jixiao.cohort.compare import Cohort, compare
from jixiao.cohort.figures import Figure, run_id
from jixiao.cohort.member import Lines, Member, Zone, excess_of, result_rate_of

__all__ = [
    "Change",
    "CheckCount",
    "Cohort",
    "Figure",
    "Lines",
    "Member",
    "YearFigures",
    "Zone",
    "change_of",
    "compare",
    "count_checks",
    "excess_of",
    "figures_of_year",
    "result_rate_of",
    "run_id",
]
