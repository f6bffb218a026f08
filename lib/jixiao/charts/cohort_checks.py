"""Chart: findings by check (各项核查的发现): which contradictions are common."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from matplotlib.axes import Axes

from jixiao.charts.labels import wrap
from jixiao.charts.picture import Omission, Picture, omission_of, picture_of
from jixiao.charts.shapes import Paint, bar, key, note, room_for, row_label
from jixiao.charts.style import dress, house_style, new_axes
from jixiao.cohort import CheckCount, Cohort
from jixiao.datum import fixed
from jixiao.model import Severity
from jixiao.rubric import Checklist

MOST = 20
_LABEL_EMS = 22.0
_PAINTS: dict[Severity, Paint] = {"high": "high", "medium": "medium", "low": "low"}


@dataclass(frozen=True, slots=True)
class ChecksNumbers:
    """What the chart of checks draws: the most common first, at least one."""

    noun: str
    count: int
    severe: int
    rows: tuple[tuple[str, CheckCount], ...]
    others: int
    source: str

    @property
    def caption(self) -> str:
        """What a bar is, and how many checks are not drawn."""
        more = f"；另有 {self.others} 项核查的发现较少，没有画出" if self.others else ""
        return f"有该项核查发现的{self.noun}数{more}"

    @property
    def title(self) -> str:
        """The most common finding, and how many have a grave one."""
        title, most = self.rows[0]
        share = share_of(len(most.runs.runs), self.count)
        return (
            f"{self.severe} 个{self.noun}有严重程度高的发现；最常见的是 {most.check}“{title}”，"
            f"{len(most.runs.runs)} 个（{share}）"
        )


def share_of(part: int, whole: int) -> str:
    """Give a share in whole per cent.

    >>> share_of(5, 40)
    '13%'
    """
    return f"{fixed(Decimal(part) / whole * 100, 0)}%"


def checks_numbers(cohort: Cohort, checklist: Checklist) -> ChecksNumbers | str:
    """Pick the most common findings, or say that there are none."""
    if not cohort.checks:
        return f"{len(cohort.members)} 个{cohort.noun}的核查都没有发现，核查发现图从略。"
    titles = {entry.id: entry.title for entry in checklist.entries}
    rows = tuple((titles.get(c.check, "其他"), c) for c in cohort.checks[:MOST])
    severe = len(cohort.figures.severe.runs)
    others = len(cohort.checks) - len(rows)
    return ChecksNumbers(cohort.noun, len(cohort.members), severe, rows, others, cohort.source)


def describe_checks(numbers: ChecksNumbers) -> str:
    """Say the chart of checks in words (替代文字)."""
    rows = "；".join(f"{c.check} {title} {len(c.runs.runs)} 个" for title, c in numbers.rows)
    return f"条形图，{numbers.caption}，共 {numbers.count} 个{numbers.noun}。{rows}。"


def plot_checks(numbers: ChecksNumbers, ax: Axes | None = None) -> Axes:
    """Draw a bar a check, painted by its gravity."""
    with house_style():
        labels = [wrap(f"{c.check} {title}", _LABEL_EMS) for title, c in numbers.rows]
        if ax is None:
            ax = new_axes(numbers.title, labels, 0.27 * len(labels))
        ends = [float(len(c.runs.runs)) for _, c in numbers.rows]
        texts = [f"{int(end)} 个（{share_of(int(end), numbers.count)}）" for end in ends]
        high = room_for(ax, zip(ends, texts, strict=True))
        dress(ax, numbers.title, "个", (0.0, max(ends), max(high, 4.0)))
        ax.set_ylim(-0.6, len(labels) - 0.4)
        for place, (label, (_, count)) in enumerate(zip(labels, numbers.rows, strict=True)):
            y = len(labels) - 1.0 - place
            row_label(ax, y, label)
            bar(ax, _PAINTS[count.severity], y, (0.0, ends[place]), 0.6)
            note(ax, (ends[place], y), texts[place])
        key(ax, (("high", "高"), ("medium", "中"), ("low", "低")))
    return ax


def chart_checks(cohort: Cohort, checklist: Checklist) -> Picture | Omission:
    """Picture the findings by check (各项核查的发现图)."""
    numbers = checks_numbers(cohort, checklist)
    if isinstance(numbers, str):
        return omission_of("checks", numbers)
    return picture_of(
        plot_checks(numbers),
        "checks",
        numbers.title,
        describe_checks(numbers),
        (numbers.caption, numbers.source),
    )
