"""Chart: execution against result (执行率与得分率), with the zones of warning."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon
from matplotlib.ticker import MaxNLocator

from jixiao.charts.labels import clean, listed, short, wrap
from jixiao.charts.picture import Omission, Picture, omission_of, picture_of
from jixiao.charts.shapes import Mark, key, marks
from jixiao.charts.style import (
    INK,
    MUTED,
    RED,
    SMALL,
    TITLE_EMS,
    TITLE_SIZE,
    house_style,
    new_axes,
)
from jixiao.cohort import Cohort, Lines, Zone, result_rate_of
from jixiao.datum import compact, fixed

CAPTION = "每一点是一份评价：横轴预算执行率，纵轴指标自评得分率"
#: Beyond this a point is drawn at the edge, as an arrow: a rate of 3000 % would hide the rest.
_MOST = Decimal(120)
#: The least executed are named, where there is room right of them.
_NAMED, _NAMED_SHARE = 5, 0.6
_WORDS: dict[Zone, str] = {"red": "红色预警", "yellow": "黄色预警", "clear": "没有预警"}
_AMBER = "#7a4d12"
_MARKS: dict[Zone, Mark] = {"red": "unmet", "yellow": "open", "clear": "met"}


@dataclass(frozen=True, slots=True)
class Spot:
    """One point (一点): execution and result in %, and its zone."""

    name: str
    execution: Decimal
    result: Decimal
    zone: Zone


@dataclass(frozen=True, slots=True)
class ExecutionNumbers:
    """What the chart of execution draws: at least one point, and where the zones begin."""

    noun: str
    spots: tuple[Spot, ...]
    left_out: int
    lines: Lines
    source: str

    def count(self, zone: Zone) -> int:
        """How many lie in a zone."""
        return sum(spot.zone == zone for spot in self.spots)

    @property
    def worst(self) -> tuple[Spot, ...]:
        """Those in the red zone, the least executed first."""
        red = (spot for spot in self.spots if spot.zone == "red")
        return tuple(sorted(red, key=lambda spot: (spot.execution, spot.name)))

    @property
    def title(self) -> str:
        """How many are in the red zone, which, and how many in the yellow."""
        yellow = self.count("yellow")
        also = f"；黄色预警 {yellow} 个" if yellow else "；没有黄色预警"
        if not self.worst:
            return f"{len(self.spots)} 个{self.noun}没有红色预警{also}"
        names = listed((short(spot.name, 18) for spot in self.worst), 2)
        return f"红色预警 {len(self.worst)} 个（钱没花完而得分高）：{names}{also}"

    @property
    def caption(self) -> str:
        """What a point is, where the zones begin, and what is not drawn."""
        red, yellow = compact(self.lines.red), compact(self.lines.yellow)
        without = f"。另有 {self.left_out} 个没有执行率或得分率，没有画出" if self.left_out else ""
        return (
            f"{CAPTION}。红色：得分率高出执行率的部分超过得分率的 {red}%；黄色：执行率低于 {yellow}%"
            f"（{self.lines.reference}）{without}"
        )


def execution_numbers(cohort: Cohort) -> ExecutionNumbers | str:
    """Pick execution and result rates, or say why there is nothing to draw."""
    spots = []
    for member in cohort.members:
        result, execution = result_rate_of(member.run), member.run.execution_rate
        if result is not None and execution is not None and member.zone is not None:
            spots.append(Spot(clean(member.name), execution, result, member.zone))
    if not spots:
        return "没有一份同时有执行率和指标得分率，执行率与得分率的图从略。"
    left_out = len(cohort.members) - len(spots)
    return ExecutionNumbers(cohort.noun, tuple(spots), left_out, cohort.lines, cohort.source)


def describe_execution(numbers: ExecutionNumbers) -> str:
    """Say the chart of execution in words (替代文字)."""
    worst = "；".join(
        f"{spot.name} 执行率 {fixed(spot.execution)}%、得分率 {fixed(spot.result)}%"
        for spot in numbers.worst[:20]
    )
    counts = "，".join(f"{word} {numbers.count(zone)} 个" for zone, word in _WORDS.items())
    return f"散点图，{CAPTION}。{counts}。{f'红色预警的：{worst}。' if worst else ''}"


def plot_execution(numbers: ExecutionNumbers, ax: Axes | None = None) -> Axes:
    """Draw the points over the zones; the least executed in the red zone are named."""
    with house_style():
        if ax is None:
            ax = new_axes(numbers.title, ["100　　"], 3.1)
        xs = [float(min(spot.execution, _MOST)) for spot in numbers.spots]
        ys = [float(spot.result) for spot in numbers.spots]
        yellow = float(numbers.lines.yellow)
        left, right = min(*xs, yellow) - 4.0, max(*xs, 100.0) + 1.5
        low, high = max(0.0, min(*ys, 90.0) - 2.0), max(*ys, 100.0) + 2.5
        _dress(ax, numbers.title, (left, right), (low, high))
        _zones(ax, numbers.lines, (left, right), (low, high))
        for zone, mark in _MARKS.items():
            at = [i for i, spot in enumerate(numbers.spots) if spot.zone == zone]
            inside = [i for i in at if numbers.spots[i].execution <= _MOST]
            marks(
                ax, mark, [xs[i] for i in inside], [ys[i] for i in inside], hollow=zone == "clear"
            )
            over = [i for i in at if numbers.spots[i].execution > _MOST]
            marks(ax, "beyond", [xs[i] for i in over], [ys[i] for i in over])
        _name(ax, numbers.worst[:_NAMED])
        key(ax, (("unmet", "红色预警"), ("open", "黄色预警"), ("bound", "没有预警")))
    return ax


def _name(ax: Axes, spots: tuple[Spot, ...]) -> None:
    """Name points in a staircase, the leftmost lowest, so that no line runs through a name."""
    (left, right), (low, high) = ax.get_xlim(), ax.get_ylim()
    step, lowest = (high - low) * 0.06, high
    for spot in reversed(spots):
        x, y = float(spot.execution), float(spot.result)
        if x > left + _NAMED_SHARE * (right - left):
            continue
        lowest = min(y - step, lowest - step)
        ax.add_artist(Line2D([x, x], [y, lowest - step * 0.3], color=RED, linewidth=0.5))
        text = f" {short(spot.name, 20)} {fixed(spot.execution)}%"
        ax.text(x, lowest, text, ha="left", va="center", fontsize=SMALL, color=INK)


def _dress(ax: Axes, title: str, across: tuple[float, float], upwards: tuple[float, float]) -> None:
    box = ax.get_position()
    ax.set_title(
        wrap(title, TITLE_EMS),
        loc="left",
        x=-(box.x0 - 0.01) / box.width,
        y=1.0,
        pad=24.0,
        fontsize=TITLE_SIZE,
        color=INK,
    )
    ax.set_xlim(*across)
    ax.set_ylim(*upwards)
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    for axis, bounds in ((ax.xaxis, across), (ax.yaxis, upwards)):
        ticks = MaxNLocator(6, steps=[1, 2, 5, 10]).tick_values(*bounds)
        shown = [tick for tick in ticks if bounds[0] <= tick <= bounds[1]]
        axis.set_ticks(shown, [f"{tick:.10g}" for tick in shown])
        axis.set_tick_params(length=0, pad=2, labelsize=SMALL, labelcolor=MUTED)
    ax.set_xlabel("预算执行率（%）", loc="right", labelpad=1, color=MUTED, fontsize=SMALL)
    ax.set_ylabel("指标自评得分率（%）", loc="top", labelpad=2, color=MUTED, fontsize=SMALL)


def _zones(
    ax: Axes, zones: Lines, across: tuple[float, float], upwards: tuple[float, float]
) -> None:
    """Tint the zones and name them: red above a line through the origin, yellow left below it."""
    (left, right), (low, high) = across, upwards
    slope = float(zones.red_begins(Decimal(1)))
    crossing = min(right, high / slope)
    red = [(left, max(low, left * slope)), (crossing, high), (left, high)]
    if left * slope < low:
        red.insert(1, (low / slope, low))
    ax.add_patch(Polygon(red, closed=True, facecolor="#f6dcdd", edgecolor="none", zorder=0.2))
    yellow = float(zones.yellow)
    below = [(left, low), (yellow, low), (yellow, min(high, yellow * slope)), (left, left * slope)]
    if yellow * slope > low:
        ax.add_patch(
            Polygon(
                [(x, max(y, low)) for x, y in below],
                closed=True, facecolor="#fbeed8", edgecolor="none", zorder=0.2,
            )
        )  # fmt: skip
        ax.text(left + 0.6, low + 0.4, "黄色预警区", va="bottom", color=_AMBER, fontsize=SMALL)
    ax.plot([low / slope, crossing], [low, crossing * slope], color=RED, linewidth=0.9, zorder=0.5)
    ax.text(left + 0.6, high - 0.4, "红色预警区", va="top", color=RED, fontsize=SMALL)


def chart_execution(cohort: Cohort) -> Picture | Omission:
    """Picture execution against result (执行率与得分率图)."""
    numbers = execution_numbers(cohort)
    if isinstance(numbers, str):
        return omission_of("execution", numbers)
    return picture_of(
        plot_execution(numbers),
        "execution",
        numbers.title,
        describe_execution(numbers),
        (numbers.caption, numbers.source),
    )
