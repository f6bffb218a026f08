"""Chart: year on year (年度变化): where the middle of the totals lies, filed and recomputed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from matplotlib.axes import Axes

from jixiao.charts.picture import Omission, Picture, omission_of, picture_of
from jixiao.charts.shapes import bar, key, marks, note, room_for, row_label
from jixiao.charts.style import dress, house_style, new_axes
from jixiao.cohort import Cohort, YearFigures
from jixiao.datum import fixed

CAPTION = "各年度自评与重算的中位数，框内是重算得分居中的一半"


@dataclass(frozen=True, slots=True)
class YearsNumbers:
    """What the chart of years draws: two years or more, the latest first."""

    noun: str
    years: tuple[YearFigures, ...]
    source: str

    @property
    def title(self) -> str:
        """The median and its change from the year drawn before it."""
        now, before = self.years[0], self.years[1]
        message = f"{now.year} 年度重算得分的中位数 {now.recomputed.text}"
        if now.recomputed.value is None or before.recomputed.value is None:
            return message
        change = now.recomputed.value - before.recomputed.value
        word = "升" if change > 0 else "降"
        if not fixed(change).strip("-0."):
            return f"{message}，与 {before.year} 年度持平"
        return f"{message}，比 {before.year} 年度{word} {fixed(abs(change))} 分"


def years_numbers(cohort: Cohort) -> YearsNumbers | str:
    """Pick the years with a median, or say why there is nothing to draw."""
    years = tuple(y for y in reversed(cohort.years) if y.recomputed.value is not None)
    if len(years) < 2:
        return f"{cohort.year} 年度以前没有完成的评价，年度变化图从略。"
    return YearsNumbers(cohort.noun, years[:10], cohort.source)


def describe_years(numbers: YearsNumbers) -> str:
    """Say the chart of years in words (替代文字)."""
    rows = "；".join(
        f"{y.year} 年度 {y.count.text}{numbers.noun}，{_text(y)}" for y in numbers.years
    )
    return f"点图，{CAPTION}。{rows}。"


def _text(year: YearFigures) -> str:
    return f"重算 {year.recomputed.text}，自评 {year.stated.text}"


def plot_years(numbers: YearsNumbers, ax: Axes | None = None) -> Axes:
    """Draw a frame around the middle half, a point for each median."""
    with house_style():
        labels = [f"{y.year} 年度\n（{y.count.text}）" for y in numbers.years]
        if ax is None:
            ax = new_axes(numbers.title, labels, 0.5 * len(labels))
        spans = [_span(year) for year in numbers.years]
        low, top = min(s[0] for s in spans), max(s[1] for s in spans)
        low = max(0.0, low - 0.15 * max(top - low, 1.0))
        ends = [(end, _text(y)) for (_, end), y in zip(spans, numbers.years, strict=True)]
        high = room_for(ax, ends, low)
        dress(ax, numbers.title, "分（横轴不从 0 起）" if low else "分", (low, top, high))
        ax.set_ylim(-0.6, len(labels) - 0.4)
        for place, (label, year) in enumerate(zip(labels, numbers.years, strict=True)):
            y = len(labels) - 1.0 - place
            row_label(ax, y, label)
            if year.middle is not None:
                start, end = map(float, year.middle)
                bar(ax, "frame", y, (start, end - start), 0.5)
            for value, is_stated in ((year.stated.value, True), (year.recomputed.value, False)):
                if value is not None:
                    marks(
                        ax, "bound" if is_stated else "met", [float(value)], [y], hollow=is_stated
                    )
            note(ax, (ends[place][0], y), ends[place][1], gap=0.1)
        key(ax, (("met", "重算中位数"), ("bound", "自评中位数"), ("frame", "重算居中的一半")))
    return ax


def _span(year: YearFigures) -> tuple[float, float]:
    values: list[Decimal] = [v for v in (year.stated.value, year.recomputed.value) if v is not None]
    values += year.middle or ()
    return float(min(values)), float(max(values))


def chart_years(cohort: Cohort) -> Picture | Omission:
    """Picture the medians year on year (年度变化图)."""
    numbers = years_numbers(cohort)
    if isinstance(numbers, str):
        return omission_of("years", numbers)
    return picture_of(
        plot_years(numbers),
        "years",
        numbers.title,
        describe_years(numbers),
        (CAPTION, numbers.source),
    )
