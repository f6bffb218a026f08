"""Chart: how the totals of many evaluations are spread (得分分布), filed against recomputed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from matplotlib.axes import Axes

from jixiao.charts.picture import Omission, Picture, omission_of, picture_of
from jixiao.charts.shapes import Paint, bar, key, note, room_for, row_label
from jixiao.charts.style import dress, house_style, new_axes
from jixiao.cohort import Cohort

CAPTION = "各分数段的个数（含下限，最高一段含上限）"
_WIDTHS, _MOST_BANDS = (1, 2, 5, 10, 20), 12
_FULL = Decimal(100)
_BEYOND = "100 以上"


@dataclass(frozen=True, slots=True)
class Band:
    """One band of points (分数段): how many filed a total in it, how many were recomputed to it."""

    label: str
    stated: int
    recomputed: int


@dataclass(frozen=True, slots=True)
class DistributionNumbers:
    """What the chart of the distribution draws: bands from the highest down, at least one."""

    noun: str
    bands: tuple[Band, ...]
    grades: tuple[tuple[str, int], ...]
    medians: tuple[str, str]
    source: str

    @property
    def title(self) -> str:
        """The grades, and the two medians."""
        count = sum(number for _, number in self.grades)
        grades = "、".join(f"{number} 个为{grade}" for grade, number in self.grades)
        stated, recomputed = self.medians
        return f"{count} 个{self.noun}中 {grades}；中位数：自评 {stated}，重算 {recomputed}"


def distribution_numbers(cohort: Cohort) -> DistributionNumbers | str:
    """Count totals by band, or say why there is nothing to draw."""
    runs = [member.run for member in cohort.members]
    recomputed = [run.on_100 for run in runs if run.on_100 is not None]
    stated = [run.stated for run in runs if run.stated is not None]
    if not recomputed:
        return "没有一份得出重算总分，得分分布图从略。"
    width = _width(min(*recomputed, *stated, _FULL))
    counts = [Counter(_band(value, width) for value in values) for values in (stated, recomputed)]
    there = set(counts[0]) | set(counts[1])
    bands = [
        Band(_label(start, width), counts[0][start], counts[1][start])
        for start in range(max(there), min(there) - 1, -width)
    ]
    order = ("优", "良", "中", "差")
    grades = Counter(run.grade for run in runs)
    return DistributionNumbers(
        cohort.noun,
        tuple(bands),
        tuple((grade, grades[grade]) for grade in order if grades[grade]),
        (cohort.figures.stated.text, cohort.figures.recomputed.text),
        cohort.source,
    )


def _width(least: Decimal) -> int:
    span = _FULL - least
    return next((width for width in _WIDTHS if span <= width * (_MOST_BANDS - 1)), _WIDTHS[-1])


def _band(value: Decimal, width: int) -> int:
    """Give the lower end of a value's band; 100 belongs to the band below it."""
    if value > _FULL:
        return 100
    start = int((value / width).to_integral_value(ROUND_FLOOR)) * width
    return min(start, 100 - width)


def _label(start: int, width: int) -> str:
    return _BEYOND if start >= _FULL else f"{start}–{start + width}"


def describe_distribution(numbers: DistributionNumbers) -> str:
    """Say the chart of the distribution in words (替代文字)."""
    rows = "；".join(
        f"{band.label} 分：自评 {band.stated} 个，重算 {band.recomputed} 个"
        for band in numbers.bands
        if band.stated or band.recomputed
    )
    return f"条形图，{CAPTION}。{rows}。"


def plot_distribution(numbers: DistributionNumbers, ax: Axes | None = None) -> Axes:
    """Draw two bars a band: filed hatched above, recomputed solid below."""
    with house_style():
        labels = [band.label for band in numbers.bands]
        if ax is None:
            ax = new_axes(numbers.title, labels, 0.34 * len(labels))
        most = float(max(max(band.stated, band.recomputed) for band in numbers.bands))
        high = room_for(ax, [(most, str(int(most)))])
        dress(ax, numbers.title, "个", (0.0, most, high))
        ax.set_ylim(-0.5, len(labels) - 0.5)
        for place, band in enumerate(numbers.bands):
            y = len(labels) - 1.0 - place
            row_label(ax, y, band.label)
            for shift, paint, count in _bars(band):
                if count:
                    bar(ax, paint, y + shift, (0.0, float(count)), 0.34)
                    note(ax, (float(count), y + shift), str(count))
        key(ax, (("filed", "自评总分"), ("recomputed", "重算（折百）")))
    return ax


def _bars(band: Band) -> tuple[tuple[float, Paint, int], ...]:
    return (0.2, "filed", band.stated), (-0.2, "recomputed", band.recomputed)


def chart_distribution(cohort: Cohort) -> Picture | Omission:
    """Picture the distribution of the totals (得分分布图)."""
    numbers = distribution_numbers(cohort)
    if isinstance(numbers, str):
        return omission_of("distribution", numbers)
    return picture_of(
        plot_distribution(numbers),
        "distribution",
        numbers.title,
        describe_distribution(numbers),
        (CAPTION, numbers.source),
    )
