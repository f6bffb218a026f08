"""Chart: where points were lost (失分): from all points down to the recomputed score."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.axes import Axes

from jixiao.charts.labels import clean, number, short, spaced, wrap
from jixiao.charts.picture import Omission, Picture, omission_of, parts_of, picture_of
from jixiao.charts.shapes import Paint, bar, lines, note, room_for, row_label
from jixiao.charts.style import DARK, LABEL_EMS, MUTED, dress, house_style, new_axes
from jixiao.datum import Datum, subtract, sum_filed
from jixiao.model import Scorecard, ScoreLine

CAPTION = "从分值合计到重算得分"
#: Steps drawn one by one; smaller ones beyond these are drawn as one.
_MOST = 12
_ROW = 0.3


@dataclass(frozen=True, slots=True)
class Loss:
    """One step: the points a line lost (0 or less where it lost none), and the scores behind."""

    label: str
    lost: Datum
    remark: str

    @property
    def text(self) -> str:
        """The step in words: ``−4.84（自评 9，重算 5.16）``."""
        value = self.lost.value or 0
        size = number(self.lost).lstrip("−")
        return ("−" if value > 0 else "+" if value < 0 else "") + size + self.remark


@dataclass(frozen=True, slots=True)
class LossesNumbers:
    """What the chart of losses draws: all points, at least one step, the recomputed score."""

    points: Datum
    losses: tuple[Loss, ...]
    score: Datum
    claimed: Datum
    source: str

    @property
    def title(self) -> str:
        """Where most was lost."""
        worst = max(self.losses, key=lambda loss: loss.lost.require())
        start = f"满分 {spaced(self.points)}，重算得 {spaced(self.score)}"
        if (worst.lost.value or 0) <= 0:
            return f"{start}，没有失分"
        where = "失分在" if len(self.losses) == 1 else "失分最多的是"
        return f"{start}，{where}{short(worst.label)}（{spaced(worst.lost)}）"


def losses_numbers(scorecard: Scorecard) -> LossesNumbers | str:
    """Pick the lines that lost points or differ from the claim, or say why there are none."""
    missing = [line for line in scorecard.lines if line.score.value is None]
    if not scorecard.lines or scorecard.points_total.value is None:
        return "自评表没有填报分值，失分图从略。"
    if missing or scorecard.score_total.value is None:
        return f"{len(missing)} 项缺分值或得分，得不出重算总分，失分图从略。"
    losses = tuple(_loss(line) for line in scorecard.lines if _matters(line))
    if not losses:
        total = spaced(scorecard.score_total)
        return f"各项重算得分都等于分值，共 {total}，没有失分，失分图从略。"
    return LossesNumbers(
        scorecard.points_total,
        _largest(losses),
        scorecard.score_total,
        scorecard.claimed_sum,
        parts_of(line.source for line in scorecard.lines),
    )


def _matters(line: ScoreLine) -> bool:
    return line.score.value != line.points.value or bool(line.difference.value)


def _loss(line: ScoreLine) -> Loss:
    label = clean(line.path[-1]) if line.members and line.path else "预算执行"
    claim, score = number(line.claimed_score), number(line.score)
    remark = (
        f"（自评 {claim}，重算 {score}）"
        if line.difference.value
        else f"（自评、重算均为 {score}）"
    )
    return Loss(label, subtract(f"{label}失分", line.points, line.score), remark)


def _largest(losses: tuple[Loss, ...]) -> tuple[Loss, ...]:
    if len(losses) <= _MOST:
        return losses
    places = range(len(losses))
    large = sorted(places, key=lambda place: -abs(losses[place].lost.require()))[: _MOST - 1]
    kept = (losses[place] for place in sorted(large))
    others = [losses[place] for place in places if place not in large]
    label = f"其余 {len(others)} 项"
    return (*kept, Loss(label, sum_filed(label, *(loss.lost for loss in others)), ""))


def describe_losses(numbers: LossesNumbers) -> str:
    """Say the chart of losses in words (替代文字)."""
    rows = "；".join(f"{loss.label} {loss.text}" for loss in numbers.losses)
    return (
        f"阶梯图，{CAPTION}。分值合计 {spaced(numbers.points)}；{rows}；"
        f"重算得分 {spaced(numbers.score)}；自评各项得分合计 {spaced(numbers.claimed)}。"
    )


def plot_losses(numbers: LossesNumbers, ax: Axes | None = None) -> Axes:
    """Draw a staircase from all points to the recomputed score, each loss hatched in red.

    The axis need not begin at 0: totals are marks, not bars.
    """
    with house_style():
        names = ["分值合计", *(loss.label for loss in numbers.losses), "重算得分", "自评得分合计"]
        labels = [wrap(name, LABEL_EMS) for name in names]
        if ax is None:
            ax = new_axes(numbers.title, labels, _ROW * len(labels), key=False)
        _scale(ax, numbers)
        ax.set_ylim(-0.6, len(labels) - 0.4)
        for place, label in enumerate(labels):
            row_label(ax, len(labels) - 1.0 - place, label)
        at, y = float(numbers.points.require()), len(labels) - 1.0
        _mark(ax, at, y, number(numbers.points), MUTED)
        for loss in numbers.losses:
            y -= 1.0
            start, at = at, at - float(loss.lost.require())
            lines(ax, [((start, y), (start, y + 1))], MUTED)
            paint: Paint = "bad" if at <= start else "filed"
            bar(ax, paint, y, (min(start, at), abs(start - at)), 0.56)
            note(ax, (max(start, at), y), loss.text, bad=at < start)
        lines(ax, [((at, y - 1), (at, y))], MUTED)
        _mark(ax, float(numbers.score.require()), y - 1, number(numbers.score), DARK)
        if numbers.claimed.value is not None:
            _mark(ax, float(numbers.claimed.value), y - 2, number(numbers.claimed), MUTED)
    return ax


def _scale(ax: Axes, numbers: LossesNumbers) -> None:
    """Zoom on the steps; say on the axis where it begins."""
    at = float(numbers.points.require())
    others = (float(numbers.score.require()), float(numbers.claimed.value or at))
    starts = [at]
    for loss in numbers.losses:
        starts.append(at)
        at -= float(loss.lost.require())
    ends = [*starts, at, *others]
    low, top = min(ends), max(ends)
    low = max(0.0, low - 0.25 * max(top - low, 1.0))
    texts = [number(numbers.points), *(loss.text for loss in numbers.losses)]
    unit = "分" if low == 0 else "分（横轴不从 0 起）"
    high = room_for(ax, zip(starts, texts, strict=True), low)
    dress(ax, numbers.title, unit, (low, top, high), key=False)


def _mark(ax: Axes, x: float, y: float, text: str, color: str) -> None:
    lines(ax, [((x, y - 0.36), (x, y + 0.36))], color, thick=3.0)
    note(ax, (x, y), text)


def chart_losses(scorecard: Scorecard) -> Picture | Omission:
    """Picture where points were lost (失分图)."""
    numbers = losses_numbers(scorecard)
    if isinstance(numbers, str):
        return omission_of("losses", numbers)
    return picture_of(
        plot_losses(numbers),
        "losses",
        numbers.title,
        describe_losses(numbers),
        (CAPTION, f"{numbers.source}；评分规则 {scorecard.rubric}"),
    )
