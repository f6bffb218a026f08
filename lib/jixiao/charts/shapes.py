"""What the charts are drawn with (图形元素): bars, marks, labels and the key above them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal, TypeAlias, cast

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from jixiao.charts.labels import width
from jixiao.charts.style import DARK, EM, INK, MUTED, RED, SIZE, SMALL, size_of
from jixiao.datum import Datum

Point: TypeAlias = tuple[float, float]
Mark: TypeAlias = Literal["met", "unmet", "open", "bound", "beyond"]
Paint: TypeAlias = Literal[
    "frame", "filed", "recomputed", "accepted", "bad", "high", "medium", "low"
]

#: How a shape of each meaning is painted; told apart in grey by darkness, outline and hatch.
#: Any: keyword arguments of matplotlib, which its stubs type one by one.
PAINTS: dict[Paint, dict[str, Any]] = {
    "frame": {"facecolor": "#ffffff", "edgecolor": MUTED},
    "filed": {"facecolor": "#dde4ee", "edgecolor": "#62748c", "hatch": "////"},
    "recomputed": {"facecolor": DARK, "edgecolor": DARK},
    "accepted": {"facecolor": "#93a7c8", "edgecolor": DARK},
    "bad": {"facecolor": RED, "edgecolor": RED, "hatch": "\\\\\\\\", "hatchcolor": "#ffffff"},
    "high": {"facecolor": RED, "edgecolor": RED},
    "medium": {"facecolor": "#e0a35c", "edgecolor": "#8a5a1c"},
    "low": {"facecolor": "#f1f3f5", "edgecolor": MUTED},
}
#: How a point of each meaning is drawn: shape and colour; one that is only a bound is hollow.
MARKS: dict[Mark, tuple[str, str]] = {
    "met": ("o", DARK),
    "unmet": ("D", RED),
    "open": ("s", MUTED),
    "bound": ("o", DARK),
    "beyond": (">", DARK),
}


def length(datum: Datum) -> float:
    """Give a number as a length; 0 where it is absent or negative, and so not drawn."""
    return max(float(datum.value or 0), 0.0)


def bar(ax: Axes, paint: Paint, y: float, span: tuple[float, float], thick: float) -> Rectangle:
    """Draw a horizontal bar around `y`; `span` is its start and its length, in the axes' units."""
    start, long = span
    box = Rectangle((start, y - thick / 2), long, thick, linewidth=0.8, **PAINTS[paint])
    box.set_clip_on(False)
    ax.add_artist(box)
    return box


def row_label(ax: Axes, y: float, text: str) -> None:
    """Write a row's label left of the axis."""
    ax.text(
        -0.06 / size_of(ax)[0],
        y,
        text,
        transform=ax.get_yaxis_transform(),
        ha="right",
        va="center",
        linespacing=1.05,
    )


def note(ax: Axes, at: Point, text: str, *, bad: bool = False, gap: float = 0.05) -> None:
    """Write a value right of its bar, `gap` inches away; in red where the reader should look."""
    low, high = ax.get_xlim()
    x = at[0] + gap * (high - low) / size_of(ax)[0]
    ax.text(x, at[1], text, ha="left", va="center", color=RED if bad else INK)


def inside(ax: Axes, x: float, y: float, text: str, *, light: bool) -> None:
    """Write a short value into its bar, in white where the bar is dark."""
    ax.text(x, y, text, ha="center", va="center", color="#ffffff" if light else INK)


def room_for(ax: Axes, ends: Iterable[tuple[float, str]], low: float = 0.0) -> float:
    """Give the axis limit at which every bar and the note right of it fit into the drawing.

    Parameters
    ----------
    ends : the far end of each bar, `low` or more, with its note
    low : where the axis begins
    """
    across = size_of(ax)[0]
    limits = [
        low + (end - low) * across / max(across - width(text) * EM - 0.12, across * 0.25)
        for end, text in ends
    ]
    high = max(limits, default=low)
    return high if high > low else low + 1.0


def marks(
    ax: Axes, mark: Mark, xs: Iterable[float], ys: Iterable[float], *, hollow: bool = False
) -> None:
    """Draw points of one meaning."""
    shape, color = MARKS[mark]
    points = Line2D(list(xs), list(ys), linestyle="none", marker=shape, markersize=5.5)
    points.set(color=color, mfc="#ffffff" if hollow else color, mew=1.2, clip_on=False)
    ax.add_artist(points)


def lines(
    ax: Axes, pairs: Iterable[tuple[Point, Point]], color: str, *, thick: float = 0.8
) -> None:
    """Draw straight lines beneath everything else, in the axes' units."""
    ax.add_artist(LineCollection(list(pairs), colors=color, linewidths=thick, zorder=0.6))


def key(ax: Axes, entries: Iterable[tuple[Paint | Mark, str]]) -> None:
    """Say above the rows what the paints and marks mean; farther left where they need the room."""
    across, down = size_of(ax)
    signs = [(sign, text, 0.26 if sign in PAINTS else 0.1) for sign, text in entries]
    long = [wide + 0.06 + width(text) * EM * SMALL / SIZE for _, text, wide in signs]
    x, y = min(0.0, 1 - (sum(long) + 0.2 * (len(long) - 1)) / across), 1 + 0.14 / down
    for (sign, text, wide), step in zip(signs, long, strict=True):
        shape = _sample(sign, x, y, wide / across, 0.1 / down)
        shape.set(transform=ax.transAxes, clip_on=False)
        ax.add_artist(shape)
        start = x + (wide + 0.06) / across
        ax.text(start, y, text, transform=ax.transAxes, va="center", color=MUTED, size=SMALL)
        x += (step + 0.2) / across


def _sample(sign: Paint | Mark, x: float, y: float, wide: float, high: float) -> Artist:
    for paint, looks in PAINTS.items():
        if paint == sign:
            return Rectangle((x, y - high / 2), wide, high, linewidth=0.8, **looks)
    shape, color = MARKS[cast(Mark, sign)]
    face = "#ffffff" if sign == "bound" else color
    return Line2D([x + wide / 2], [y], marker=shape, markersize=5.0, color=color, mfc=face)
