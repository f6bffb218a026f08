"""Chart: filed minus recomputed (自评减重算): who claims more, who claims less."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from matplotlib.axes import Axes

from jixiao.charts.labels import clean, short, wrap
from jixiao.charts.picture import Omission, Picture, omission_of, picture_of
from jixiao.charts.shapes import bar, key, lines, note, room_for, row_label
from jixiao.charts.style import MUTED, dress, house_style, new_axes
from jixiao.cohort import Cohort
from jixiao.datum import fixed

MOST = 20
_LABEL_EMS = 20.0


@dataclass(frozen=True, slots=True)
class DifferencesNumbers:
    """What the chart of differences draws: names with points, the most claimed first."""

    noun: str
    rows: tuple[tuple[str, Decimal], ...]
    above: int
    below: int
    same: int
    source: str

    @property
    def caption(self) -> str:
        """Which are drawn."""
        if len(self.rows) < self.above + self.below:
            return f"自评总分减重算得分，相差最多的 {len(self.rows)} 个"
        return "自评总分减重算得分，全部不一致的"

    @property
    def title(self) -> str:
        """How many claim more, by how much at most, and how many claim less or the same."""
        rest = [f"{self.below} 个低于重算"] if self.below else []
        rest += [f"{self.same} 个一致"] if self.same else []
        if not self.above:
            return f"没有{self.noun}自评高于重算；{'，'.join(rest)}"
        name, most = max(self.rows, key=lambda row: row[1])
        also = f"；{'，'.join(rest)}" if rest else ""
        return f"{self.above} 个{self.noun}自评高于重算，最多的是{short(name, 20)}（高 {fixed(most)} 分）{also}"


def differences_numbers(cohort: Cohort) -> DifferencesNumbers | str:
    """Pick the greatest differences, or say that there are none."""
    apart = [(clean(m.name), m.difference) for m in cohort.members if m.difference is not None]
    if not apart:
        return "没有一份同时有自评总分和重算总分，自评与重算的差异图从略。"
    rows = [(name, points) for name, points in apart if points]
    if not rows:
        return f"{len(apart)} 个{cohort.noun}的自评总分都等于重算得分，差异图从略。"
    largest = sorted(rows, key=lambda row: -abs(row[1]))[:MOST]
    return DifferencesNumbers(
        cohort.noun,
        tuple(sorted(largest, key=lambda row: -row[1])),
        sum(points > 0 for _, points in rows),
        sum(points < 0 for _, points in rows),
        len(apart) - len(rows),
        cohort.source,
    )


def describe_differences(numbers: DifferencesNumbers) -> str:
    """Say the chart of differences in words (替代文字)."""
    rows = "；".join(f"{name} {_signed(points)}" for name, points in numbers.rows)
    return f"条形图，{numbers.caption}，单位分。{rows}。"


def plot_differences(numbers: DifferencesNumbers, ax: Axes | None = None) -> Axes:
    """Draw bars from 0: to the right, in red, what was claimed too much."""
    with house_style():
        labels = [wrap(name, _LABEL_EMS) for name, _ in numbers.rows]
        if ax is None:
            ax = new_axes(numbers.title, labels, 0.27 * len(labels))
        ends = [float(points) for _, points in numbers.rows]
        low, top = min(0.0, *ends), max(0.0, *ends)
        high = room_for(
            ax, [(max(end, 0.0), _signed(p)) for end, (_, p) in _with(ends, numbers)], low
        )
        dress(ax, numbers.title, "分", (low, max(top, 0.0), high))
        ax.set_ylim(-0.6, len(labels) - 0.4)
        lines(ax, [((0.0, -0.6), (0.0, len(labels) - 0.4))], MUTED)
        for place, (label, (end, (_, points))) in enumerate(
            zip(labels, _with(ends, numbers), strict=True)
        ):
            y = len(labels) - 1.0 - place
            row_label(ax, y, label)
            bar(ax, "bad" if end > 0 else "filed", y, (min(end, 0.0), abs(end)), 0.58)
            note(ax, (max(end, 0.0), y), _signed(points), bad=end > 0)
        key(ax, (("bad", "自评高于重算"), ("filed", "自评低于重算")))
    return ax


def _with(
    ends: list[float], numbers: DifferencesNumbers
) -> list[tuple[float, tuple[str, Decimal]]]:
    return list(zip(ends, numbers.rows, strict=True))


def _signed(points: Decimal) -> str:
    return f"+{fixed(points)}" if points > 0 else fixed(points).replace("-", "−")


def chart_differences(cohort: Cohort) -> Picture | Omission:
    """Picture filed minus recomputed (自评与重算的差异图)."""
    numbers = differences_numbers(cohort)
    if isinstance(numbers, str):
        return omission_of("differences", numbers)
    return picture_of(
        plot_differences(numbers),
        "differences",
        numbers.title,
        describe_differences(numbers),
        (numbers.caption, numbers.source),
    )
