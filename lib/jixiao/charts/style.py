"""The house style of charts (图表样式): one font, fixed margins, few colours, no state left behind.

Everything is a supported matplotlib setting. Text stays text in the SVG; margins come from the
labels' estimated widths, because measuring them by drawing (``bbox_inches="tight"``) draws every
chart twice.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import matplotlib
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from jixiao.charts.labels import widest, wrap
from jixiao.workspace import fonts

FONT = fonts.SANS_FAMILY
#: What a reader without our font sees, on Linux, macOS and Windows in turn.
FONT_STACK = f"'{FONT}','Source Han Sans SC','PingFang SC','Microsoft YaHei',sans-serif"
SIZE, SMALL, TITLE_SIZE = 8.5, 7.5, 10.5
EM = SIZE / 72
#: The text width of an A4 page, 160 mm, in inches; and the most a chart may take of its height.
WIDTH, TALLEST = 6.3, 8.8
#: Rows a chart draws at most; more would not be legible on one page.
MOST_ROWS = 40
#: Ems of the title that fit on a line, and of a label before it is wrapped.
TITLE_EMS = (WIDTH - 0.1) * 72 / TITLE_SIZE
LABEL_EMS = 15.0
_TITLE_LINE = TITLE_SIZE * 1.4 / 72

INK, MUTED, LINE = "#1a1a1a", "#4f5b66", "#b8c0c8"
DARK, RED = "#1d3a6b", "#a3191f"

_SETTINGS: dict[str, Any] = {
    "font.family": [FONT],
    "font.size": SIZE,
    "text.parse_math": False,
    "text.usetex": False,
    "text.color": INK,
    "axes.linewidth": 0.8,
    "axes.edgecolor": LINE,
    "hatch.linewidth": 0.8,
    "svg.fonttype": "none",
    "svg.hashsalt": "jixiao",
    "figure.dpi": 72.0,
    "savefig.dpi": 72.0,
}


@contextmanager
def house_style() -> Iterator[None]:
    """Draw in the house style whatever the reader's own matplotlib settings say."""
    add_font()
    # Any: the stubs list the settings' names one by one and give each a type of its own.
    now: Any = matplotlib.rcParams
    # Setting only what differs spares matplotlib the validation of 300 values a chart.
    differing: Any = {key: value for key, value in _settings().items() if now[key] != value}
    with matplotlib.rc_context(differing):
        yield


@cache
def add_font() -> None:
    """Make the font of the package known to matplotlib, once a process."""
    font_manager.fontManager.addfont(fonts.font_files().sans)


@cache
def _settings() -> dict[str, Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", matplotlib.MatplotlibDeprecationWarning)
        defaults = dict(matplotlib.rcParamsDefault.items())
    kept = {key: value for key, value in defaults.items() if not key.startswith("backend")}
    return kept | _SETTINGS


def new_axes(title: str, labels: Iterable[str], inches: float, *, key: bool = True) -> Axes:
    """Make a figure of page width with room for `title`, the `labels` and a key.

    Parameters
    ----------
    title : the message; wrapped to two lines at most.
    labels : the texts left of the axis, already wrapped.
    inches : height of the drawing area; a page's height at most.
    """
    lines = wrap(title, TITLE_EMS).count("\n") + 1
    top, bottom = lines * _TITLE_LINE + (0.36 if key else 0.12), 0.42
    body = min(inches, TALLEST - top - bottom)
    height = top + body + bottom
    left = widest(labels) * EM + 0.16
    figure = Figure(figsize=(WIDTH, height))
    FigureCanvasSVG(figure)
    place = (left / WIDTH, bottom / height, 1 - (left + 0.1) / WIDTH, body / height)
    return figure.add_axes(place)


def size_of(ax: Axes) -> tuple[float, float]:
    """Width and height of the drawing area, in inches."""
    figure, box = ax.get_figure(root=True), ax.get_position()
    across, down = figure.get_size_inches() if isinstance(figure, Figure) else (WIDTH, WIDTH)
    return float(box.width * across), float(box.height * down)


def untitle(ax: Axes) -> None:
    """Take the title off a chart that a report gives one, and the room it took.

    A report prints title, name and source as text beside the picture; the same sentence twice
    would be noise.
    """
    figure, box = ax.get_figure(root=True), ax.get_position()
    if not isinstance(figure, Figure):
        return
    title = ax.get_title(loc="left")
    wide, high = figure.get_size_inches()
    lower = high - (title.count("\n") + 1) * _TITLE_LINE
    ax.set_title("", loc="left")
    figure.set_size_inches(wide, lower)
    ax.set_position((box.x0, box.y0 * high / lower, box.width, box.height * high / lower))


def dress(
    ax: Axes, title: str, unit: str, ends: tuple[float, float, float], *, key: bool = True
) -> None:
    """Set the title, the unit and the few ticks of a chart of rows; take away everything else.

    The title starts at the page's edge, not at the axis, and clears the key above the rows.

    Parameters
    ----------
    ends : where the axis begins, where the data end, and where the drawing ends
    """
    (low, top, high), box = ends, ax.get_position()
    ax.set_title(
        wrap(title, TITLE_EMS),
        loc="left",
        x=-(box.x0 - 0.01) / box.width,
        y=1.0,
        pad=24.0 if key else 9.0,
        fontsize=TITLE_SIZE,
        color=INK,
    )
    ax.set_xlim(low, high)
    ax.patch.set_visible(False)
    for side in ("top", "right", "left"):
        ax.spines[side].set_visible(False)
    ax.yaxis.set_visible(False)
    locator = MaxNLocator(5, steps=[1, 2, 5, 10], integer=unit == "项")
    ticks = [tick for tick in locator.tick_values(low, top) if low <= tick <= top]
    ax.set_xticks(ticks, [f"{tick:.10g}" for tick in ticks])
    ax.xaxis.set_tick_params(bottom=False, pad=2, labelsize=SMALL, labelcolor=MUTED)
    ax.set_xlabel(unit, loc="right", labelpad=1, color=MUTED, fontsize=SMALL)
