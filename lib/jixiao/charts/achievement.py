"""Chart: each indicator's achieved value as a rate of its target (指标完成率)."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.axes import Axes

from jixiao.charts.labels import listed, number, short, with_remarks, wrap
from jixiao.charts.picture import Omission, Picture, omission_of, parts_of, picture_of
from jixiao.charts.rates import Rate, rate_of
from jixiao.charts.shapes import Mark, key, lines, marks, note, room_for, row_label
from jixiao.charts.style import LABEL_EMS, LINE, MOST_ROWS, MUTED, dress, house_style, new_axes
from jixiao.model import Evaluation

CAPTION = "各项指标实际完成值占年度指标值的比率"
#: A rate beyond this is drawn at the edge, beside its figure.
_WHOLE, _FAR = 100.0, 200.0
#: Up to so many rows there is room for names of two lines.
_ROOMY = 28


@dataclass(frozen=True, slots=True)
class AchievementNumbers:
    """Indicators with a rate, at least one, in the table's order, out of `total` indicators."""

    rates: tuple[Rate, ...]
    total: int
    source: str

    @property
    def drawn(self) -> tuple[Rate, ...]:
        """The rates a page holds: those farthest from 100 % where there are more."""
        places = range(len(self.rates))
        far = sorted(places, key=lambda place: -self.rates[place].distance)[:MOST_ROWS]
        return tuple(self.rates[place] for place in sorted(far))

    @property
    def title(self) -> str:
        """How many of the indicators that can be compared reached their target."""
        start = f"{self.total} 项指标中 {len(self.rates)} 项可以计算完成率"
        for standing, verdict in (("unmet", "没有达到指标值"), ("open", "低于指标值")):
            found = [rate for rate in self.rates if rate.standing == standing]
            if found:
                names = listed(f"{short(rate.label)} {number(rate.rate)}%" for rate in found)
                return f"{start}，{len(found)} 项{verdict}：{names}"
        bounds = sum(bool(rate.bound) for rate in self.rates)
        return f"{start}，都达到指标值" + (f"（{bounds} 项只填了界限）" if bounds else "")

    @property
    def remarks(self) -> str:
        """What is not in the picture."""
        remarks = ""
        if without := self.total - len(self.rates):
            remarks += f"{without} 项是文字、没有填报或单位不同，未画。"
        if hidden := len(self.rates) - len(self.drawn):
            remarks += f"另有 {hidden} 项更接近 100%，未画。"
        return remarks


def achievement_numbers(evaluation: Evaluation) -> AchievementNumbers | str:
    """Compute each indicator's rate where both values are numbers, or say why there are none."""
    indicators = evaluation.indicators
    if not indicators:
        return "自评表没有绩效指标，完成率图从略。"
    rates = tuple(rate for each in indicators if (rate := rate_of(each)))
    if not rates:
        return (
            f"{len(indicators)} 项指标的年度指标值与实际完成值不都是同一单位的数，"
            "无法计算完成率，完成率图从略。"
        )
    return AchievementNumbers(rates, len(indicators), parts_of(each.source for each in indicators))


def describe_achievement(numbers: AchievementNumbers) -> str:
    """Say the chart of achievement in words (替代文字)."""
    rows = "；".join(f"{rate.label} {rate.text}" for rate in numbers.drawn)
    return f"点图，{CAPTION}，100% 为达到指标值。{rows}。{numbers.remarks}"


def plot_achievement(numbers: AchievementNumbers, ax: Axes | None = None) -> Axes:
    """Draw each rate as a point on a stem from 100 %; hollow where only a bound was filed."""
    with house_style():
        rates = numbers.drawn
        most = 2 if len(rates) <= _ROOMY else 1
        labels = [wrap(rate.label, LABEL_EMS, most) for rate in rates]
        if ax is None:
            ax = new_axes(numbers.title, labels, (0.235 if most == 1 else 0.28) * len(labels))
        places = [min(float(rate.rate.require()), _FAR) for rate in rates]
        heights = [len(labels) - 1.0 - place for place in range(len(labels))]
        low = max(0.0, min(*places, _WHOLE) - 10.0)
        ends = [(max(at, _WHOLE), rate.text) for at, rate in zip(places, rates, strict=True)]
        high = room_for(ax, [*ends, (_WHOLE + 5, "")], low)
        dress(ax, numbers.title, "完成率（%）", (low, max(*places, _WHOLE), high))
        ax.set_ylim(-0.7, len(labels) - 0.3)
        stems = zip(places, heights, strict=True)
        lines(ax, [((_WHOLE, y), (at, y)) for at, y in stems if at != _WHOLE], LINE, thick=1.2)
        lines(ax, [((_WHOLE, -0.7), (_WHOLE, len(labels) - 0.3))], MUTED, thick=1.0)
        for y, label, (end, text), rate in zip(heights, labels, ends, rates, strict=True):
            row_label(ax, y, label)
            note(ax, (end, y), text, bad=rate.standing == "unmet", gap=0.09)
        _draw_points(ax, rates, places, heights)
    return ax


_SIGNS: tuple[tuple[Mark, str], ...] = (
    ("met", "达到指标值"),
    ("unmet", "没有达到"),
    ("open", "低于指标值（未写方向）"),
    ("beyond", "超过 200%"),
    ("bound", "空心：只填了界限，不是结果"),
)


def _draw_points(
    ax: Axes, rates: tuple[Rate, ...], places: list[float], heights: list[float]
) -> None:
    groups: dict[tuple[Mark, bool], list[int]] = {}
    for index, rate in enumerate(rates):
        beyond = rate.rate.require() > int(_FAR)
        mark: Mark = "beyond" if beyond else rate.standing
        groups.setdefault((mark, bool(rate.bound)), []).append(index)
    for (mark, hollow), indices in groups.items():
        xs, ys = [places[i] for i in indices], [heights[i] for i in indices]
        marks(ax, mark, xs, ys, hollow=hollow)
    shown = {mark for mark, _ in groups} | {"bound" for _, hollow in groups if hollow}
    key(ax, [(sign, text) for sign, text in _SIGNS if sign in shown])


def chart_achievement(evaluation: Evaluation) -> Picture | Omission:
    """Picture each indicator's achieved value against its target (指标完成率图)."""
    numbers = achievement_numbers(evaluation)
    if isinstance(numbers, str):
        return omission_of("achievement", numbers)
    return picture_of(
        plot_achievement(numbers),
        "achievement",
        numbers.title,
        describe_achievement(numbers),
        (with_remarks(CAPTION, numbers.remarks), numbers.source),
    )
