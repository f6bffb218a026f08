"""Chart: the lowest of many evaluations (得分排名): each one's total as filed and as recomputed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from matplotlib.axes import Axes

from jixiao.charts.labels import clean, short, wrap
from jixiao.charts.picture import Omission, Picture, omission_of, picture_of
from jixiao.charts.shapes import key, lines, marks, note, room_for, row_label
from jixiao.charts.style import LINE, RED, dress, house_style, new_axes
from jixiao.cohort import Cohort
from jixiao.datum import fixed

#: All are drawn where they are no more than this; else the lowest.
MOST = 20
_LABEL_EMS = 20.0


@dataclass(frozen=True, slots=True)
class Place:
    """One row (一行): rank, name, both totals."""

    rank: int
    name: str
    recomputed: Decimal
    stated: Decimal | None

    @property
    def text(self) -> str:
        """Both totals in words, once where they are equal."""
        if self.stated == self.recomputed:
            return fixed(self.recomputed)
        stated = "未填" if self.stated is None else fixed(self.stated)
        return f"{fixed(self.recomputed)}（自评 {stated}）"


@dataclass(frozen=True, slots=True)
class RankingNumbers:
    """What the chart of the ranking draws: from the higher to the lowest, at least one."""

    noun: str
    count: int
    places: tuple[Place, ...]
    first: tuple[str, ...]
    highest: Decimal
    source: str

    @property
    def caption(self) -> str:
        """Which are drawn."""
        if len(self.places) == self.count:
            return "全部的重算得分与自评总分，由高到低"
        return f"重算得分最低的 {len(self.places)} 个（共 {self.count} 个），由高到低"

    @property
    def title(self) -> str:
        """The lowest and the highest."""
        last = self.places[-1]
        others = f"等 {len(self.first)} 个" if len(self.first) > 1 else ""
        return (
            f"重算得分最低的是{short(last.name, 20)}（{fixed(last.recomputed)} 分），"
            f"最高的是{short(self.first[0], 20)}{others}（{fixed(self.highest)} 分）"
        )


def ranking_numbers(cohort: Cohort) -> RankingNumbers | str:
    """Pick the lowest, or say why there is nothing to draw."""
    ranked = [
        Place(member.rank, clean(member.name), member.run.on_100, member.run.stated)
        for member in cohort.members
        if member.rank is not None and member.run.on_100 is not None
    ]
    if len(ranked) < 2:
        return "得出重算总分的不足两个，排名图从略。"
    first = tuple(place.name for place in ranked if place.rank == 1)
    return RankingNumbers(
        cohort.noun,
        len(ranked),
        tuple(ranked[-MOST:]),
        first,
        ranked[0].recomputed,
        cohort.source,
    )


def describe_ranking(numbers: RankingNumbers) -> str:
    """Say the chart of the ranking in words (替代文字)."""
    rows = "；".join(f"第 {p.rank} 名 {p.name} {p.text}" for p in numbers.places)
    return f"点图，{numbers.caption}，单位分。{rows}。"


def plot_ranking(numbers: RankingNumbers, ax: Axes | None = None) -> Axes:
    """Draw two points a row, joined in red where the filed total is the higher one."""
    with house_style():
        places = numbers.places
        labels = [wrap(f"{p.rank}　{p.name}", _LABEL_EMS) for p in places]
        if ax is None:
            ax = new_axes(numbers.title, labels, 0.27 * len(labels))
        totals = [v for p in places for v in (p.recomputed, p.stated) if v is not None]
        low, top = float(min(totals)), float(max(totals))
        low = max(0.0, low - 0.08 * max(top - low, 1.0))
        ends = [(float(max(p.recomputed, p.stated or p.recomputed)), p.text) for p in places]
        high = room_for(ax, ends, low)
        dress(ax, numbers.title, "分（横轴不从 0 起）" if low else "分", (low, top, high))
        ax.set_ylim(-0.6, len(places) - 0.4)
        for row, (label, place, (end, text)) in enumerate(zip(labels, places, ends, strict=True)):
            y = len(places) - 1.0 - row
            row_label(ax, y, label)
            lines(ax, [((low, y), (float(place.recomputed), y))], LINE, thick=0.5)
            is_above = place.stated is not None and place.stated > place.recomputed
            if place.stated is not None:
                pair = ((float(place.recomputed), y), (float(place.stated), y))
                lines(ax, [pair], RED if is_above else LINE, thick=2.2)
                marks(ax, "bound", [float(place.stated)], [y], hollow=True)
            marks(ax, "met", [float(place.recomputed)], [y])
            note(ax, (end, y), text, bad=is_above, gap=0.1)
        key(ax, (("met", "重算（折百）"), ("bound", "自评总分")))
    return ax


def chart_ranking(cohort: Cohort) -> Picture | Omission:
    """Picture the lowest totals (排名图)."""
    numbers = ranking_numbers(cohort)
    if isinstance(numbers, str):
        return omission_of("ranking", numbers)
    return picture_of(
        plot_ranking(numbers),
        "ranking",
        numbers.title,
        describe_ranking(numbers),
        (numbers.caption, numbers.source),
    )
