"""Chart: points by category (各类得分), filed against recomputed, within the points to be had."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.axes import Axes

from jixiao.charts.labels import clean, listed, number, short, signed, spaced, wrap
from jixiao.charts.picture import Omission, Picture, omission_of, parts_of, picture_of
from jixiao.charts.shapes import Paint, bar, key, length, note, room_for, row_label
from jixiao.charts.style import LABEL_EMS, MOST_ROWS, dress, house_style, new_axes
from jixiao.datum import Datum, add, subtract, sum_filed
from jixiao.model import Scorecard, ScoreLine

CAPTION = "各类指标的分值、自评得分与重算得分"
EXECUTION = "预算执行"


@dataclass(frozen=True, slots=True)
class Category:
    """One category of a scorecard (一级指标或预算执行): its points and both scores, in 分.

    ``recomputed`` is the part of the score that numbers and rules decide; the rest of it is the
    claim, left standing.
    """

    name: str
    points: Datum
    claimed: Datum
    score: Datum
    difference: Datum
    recomputed: Datum


@dataclass(frozen=True, slots=True)
class PointsNumbers:
    """What the chart of points draws: categories in the table's order, at least one."""

    categories: tuple[Category, ...]
    coverage: Datum
    stated_total: Datum
    claimed_sum: Datum
    source: str

    @property
    def title(self) -> str:
        """The largest difference, or that there is none; and whether the total adds up."""
        return self._message + self._total

    @property
    def _message(self) -> str:
        apart = [c for c in self.categories if c.difference.value]
        if apart:
            worst = max(apart, key=lambda c: abs(c.difference.require()))
            by = "按执行率应为" if worst.name == EXECUTION else "重算为"
            more = f"；另有 {len(apart) - 1} 类不一致" if len(apart) > 1 else ""
            claim, score = spaced(worst.claimed), spaced(worst.score)
            return f"{short(worst.name)}得分自评 {claim}，{by} {score}{more}"
        unknown = [short(c.name) for c in self.categories if c.difference.value is None]
        if unknown:
            rest = "" if len(unknown) == len(self.categories) else "；其余各类自评与重算一致"
            return f"{listed(unknown)}缺分值或得分，无法重算{rest}"
        if self.coverage.value:
            return f"能重算的部分（占分值 {self.coverage.text}）得分与自评一致"
        return "没有能按数字和规则重算的得分，全部采信自评"

    @property
    def _total(self) -> str:
        stated, added = self.stated_total, self.claimed_sum
        if stated.value is None or added.value is None or stated.value == added.value:
            return ""
        return f"；自评总分填 {spaced(stated)}，各项相加为 {spaced(added)}"


def points_numbers(scorecard: Scorecard) -> PointsNumbers | str:
    """Pick points and scores by category, or say why there is nothing to draw.

    Returns
    -------
    PointsNumbers, or a sentence where no category has points or a score.
    """
    groups: dict[str, list[ScoreLine]] = {}
    for line in scorecard.lines:
        name = clean(line.path[0]) if line.members and line.path else EXECUTION
        groups.setdefault(name, []).append(line)
    categories = tuple(_category(name, lines) for name, lines in groups.items())
    drawn = tuple(c for c in categories if any(d.value is not None for d in _three(c)))
    if not drawn:
        return "自评表没有填报分值和得分，各类得分图从略。"
    parts = parts_of(line.source for line in scorecard.lines)
    return PointsNumbers(
        drawn[:MOST_ROWS], scorecard.coverage, scorecard.stated_total, scorecard.claimed_sum, parts
    )


def _category(name: str, lines: list[ScoreLine]) -> Category:
    claimed = add(f"{name}自评得分", *(line.claimed_score for line in lines))
    score = add(f"{name}重算得分", *(line.score for line in lines))
    return Category(
        name,
        add(f"{name}分值", *(line.points for line in lines)),
        claimed,
        score,
        subtract(f"{name}重算减自评", score, claimed),
        sum_filed(f"{name}重算得分", *(e.score for e in lines if e.status == "recomputed")),
    )


def _three(category: Category) -> tuple[Datum, Datum, Datum]:
    return category.points, category.claimed, category.score


def describe_points(numbers: PointsNumbers) -> str:
    """Say the chart of points in words (替代文字)."""
    rows = "；".join(
        f"{c.name}：分值 {spaced(c.points)}，自评 {spaced(c.claimed)}，重算 {spaced(c.score)}"
        f"（其中重算 {number(c.recomputed)}）"
        for c in numbers.categories
    )
    return f"条形图，{CAPTION}。{rows}。"


def plot_points(numbers: PointsNumbers, ax: Axes | None = None) -> Axes:
    """Draw points as frames, the filed scores hatched and the recomputed ones solid in them.

    Parameters
    ----------
    ax : axes to draw into; a figure of the house's own where there are none.
    """
    with house_style():
        labels = [_label(category) for category in numbers.categories]
        if ax is None:
            ax = new_axes(numbers.title, labels, 0.44 * len(labels))
        rows = [(c, _far(c), _notes(c)) for c in numbers.categories]
        high = room_for(ax, [(far, text) for _, far, texts in rows for text in texts])
        dress(ax, numbers.title, "分", (0.0, max(far for _, far, _ in rows), high))
        ax.set_ylim(-0.5, len(rows) - 0.5)
        for place, (label, (category, far, texts)) in enumerate(zip(labels, rows, strict=True)):
            y = len(rows) - 1.0 - place
            row_label(ax, y, label)
            _draw(ax, category, y)
            note(ax, (far, y + 0.19), texts[0])
            note(ax, (far, y - 0.19), texts[1], bad=bool(category.difference.value))
        over = any((c.difference.value or 0) < 0 for c in numbers.categories)
        key(ax, _KEY if over else _KEY[:-1])
    return ax


_KEY: tuple[tuple[Paint, str], ...] = (
    ("frame", "分值"),
    ("filed", "自评得分"),
    ("recomputed", "按规则重算"),
    ("accepted", "采信自评"),
    ("bad", "自评高于重算"),
)


def _label(category: Category) -> str:
    return f"{wrap(category.name, LABEL_EMS)}\n（{spaced(category.points)}）"


def _notes(category: Category) -> tuple[str, str]:
    apart = f"（{signed(category.difference)}）" if category.difference.value else ""
    return f"自评 {number(category.claimed)}", f"重算 {number(category.score)}{apart}"


def _far(category: Category) -> float:
    return max(length(datum) for datum in _three(category))


def _draw(ax: Axes, category: Category, y: float) -> None:
    points, claimed, score = (length(datum) for datum in _three(category))
    bar(ax, "frame", y, (0.0, points), 0.82)
    bar(ax, "filed", y + 0.19, (0.0, claimed), 0.3)
    solid = min(length(category.recomputed), score)
    if score > solid:
        bar(ax, "accepted", y - 0.19, (solid, score - solid), 0.3)
    if solid:
        bar(ax, "recomputed", y - 0.19, (0.0, solid), 0.3)
    if claimed > score and category.score.value is not None:
        bar(ax, "bad", y - 0.19, (score, claimed - score), 0.3)


def chart_points(scorecard: Scorecard) -> Picture | Omission:
    """Picture the points by category (各类得分图), filed against recomputed."""
    numbers = points_numbers(scorecard)
    if isinstance(numbers, str):
        return omission_of("points", numbers)
    share = f"（按数字和规则重算的分值占 {spaced(numbers.coverage)}，其余沿用自评）"
    caption = CAPTION + (share if numbers.coverage.value is not None else "")
    return picture_of(
        plot_points(numbers),
        "points",
        numbers.title,
        describe_points(numbers),
        (caption, f"{numbers.source}；评分规则 {scorecard.rubric}"),
    )
