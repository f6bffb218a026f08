"""Charts (图): the judged model → pictures that say what they show, or why there is none.

In a notebook: ``chart_points(scorecard)`` displays a `Picture`, or an `Omission` where there is
nothing to draw. On axes of one's own: ``plot_points(numbers, ax)`` with the numbers that
``points_numbers(scorecard)`` picks (a sentence where there are none); ``describe_points`` gives
the same in words. All charts make this family of four. A chart draws what `scoring` and `audit`
computed; it judges nothing.
"""

from jixiao.charts.achievement import (
    achievement_numbers,
    chart_achievement,
    describe_achievement,
    plot_achievement,
)
from jixiao.charts.budget import budget_numbers, chart_budget, describe_budget, plot_budget
from jixiao.charts.cohort_checks import (
    chart_checks,
    checks_numbers,
    describe_checks,
    plot_checks,
)
from jixiao.charts.cohort_differences import (
    chart_differences,
    describe_differences,
    differences_numbers,
    plot_differences,
)
from jixiao.charts.cohort_distribution import (
    chart_distribution,
    describe_distribution,
    distribution_numbers,
    plot_distribution,
)
from jixiao.charts.cohort_execution import (
    chart_execution,
    describe_execution,
    execution_numbers,
    plot_execution,
)
from jixiao.charts.cohort_ranking import (
    chart_ranking,
    describe_ranking,
    plot_ranking,
    ranking_numbers,
)
from jixiao.charts.cohort_years import (
    chart_years,
    describe_years,
    plot_years,
    years_numbers,
)
from jixiao.charts.findings import (
    chart_findings,
    describe_findings,
    findings_numbers,
    plot_findings,
)
from jixiao.charts.losses import chart_losses, describe_losses, losses_numbers, plot_losses
from jixiao.charts.picture import Omission, Picture
from jixiao.charts.points import chart_points, describe_points, plot_points, points_numbers
from jixiao.charts.project_lines import (
    chart_project_lines,
    describe_project_lines,
    plot_project_lines,
    project_lines_numbers,
)
from jixiao.charts.style import house_style
from jixiao.charts.three_public_expenses import (
    chart_three_public_expenses,
    describe_three_public_expenses,
    plot_three_public_expenses,
    three_public_expenses_numbers,
)

__all__ = [
    "Omission",
    "Picture",
    "achievement_numbers",
    "budget_numbers",
    "chart_achievement",
    "chart_budget",
    "chart_checks",
    "chart_differences",
    "chart_distribution",
    "chart_execution",
    "chart_findings",
    "chart_losses",
    "chart_points",
    "chart_project_lines",
    "chart_ranking",
    "chart_three_public_expenses",
    "chart_years",
    "checks_numbers",
    "describe_achievement",
    "describe_budget",
    "describe_checks",
    "describe_differences",
    "describe_distribution",
    "describe_execution",
    "describe_findings",
    "describe_losses",
    "describe_points",
    "describe_project_lines",
    "describe_ranking",
    "describe_three_public_expenses",
    "describe_years",
    "differences_numbers",
    "distribution_numbers",
    "execution_numbers",
    "findings_numbers",
    "house_style",
    "losses_numbers",
    "plot_achievement",
    "plot_budget",
    "plot_checks",
    "plot_differences",
    "plot_distribution",
    "plot_execution",
    "plot_findings",
    "plot_losses",
    "plot_points",
    "plot_project_lines",
    "plot_ranking",
    "plot_three_public_expenses",
    "plot_years",
    "points_numbers",
    "project_lines_numbers",
    "ranking_numbers",
    "three_public_expenses_numbers",
    "years_numbers",
]
