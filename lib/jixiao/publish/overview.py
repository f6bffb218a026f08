"""The page over all runs (总览): units × years, sortable and searchable without a network.

The one page with a script: its policy allows that script alone, by its digest. The rows are data
in the page; the script shows a hundred at a time, as text nodes. Without scripts the first rows
stand in the page as a plain table.
"""

from __future__ import annotations

import base64
import hashlib
import json
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Literal, TypeAlias

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from jixiao.model import SEVERITY_WORDS

State: TypeAlias = Literal["done", "failed", "absent"]
STATES = {"done": "完成", "failed": "失败", "absent": "没有运行"}
#: Rows that stand in the page for a browser without scripts: 400 bytes each.
PLAIN_ROWS = 2_000
_MOST_APART = 8
#: Bars of the distribution, ten points each; the height of the tallest.
_BARS, _HEIGHT = 10, 90


@dataclass(frozen=True, slots=True)
class Row:
    """One unit, year and key of the overview (总览的一行).

    Scores are texts as in ``result.json``; None where there is none. ``run`` is the run's folder,
    empty where there is no valid run; ``reason`` says why a run failed.
    """

    unit: str
    name: str
    year: int
    key: str
    title: str
    state: State
    stated: str | None = None
    recomputed: str | None = None
    on_100: str | None = None
    grade: str | None = None
    high: int | None = None
    medium: int | None = None
    low: int | None = None
    run: str = ""
    formats: tuple[str, ...] = ()
    reason: str = ""

    @property
    def difference(self) -> Decimal | None:
        """The stated total minus the recomputed one, both on 100."""
        if self.stated is None or self.on_100 is None:
            return None
        return Decimal(self.stated) - Decimal(self.on_100)

    @property
    def folder(self) -> str:
        """Where the run lies, from the page on."""
        return f"{self.unit}/{self.year}/{self.key}/{self.run}" if self.run else ""


@dataclass(frozen=True, slots=True)
class Review:
    """A comparison of many (横向比较): what it is called, where its page lies."""

    title: str
    href: str


def render_overview(rows: Sequence[Row], reviews: Sequence[Review] = ()) -> bytes:
    """Render the page; the same rows and comparisons give the same bytes."""
    template = _environment().get_template("overview.html.j2")
    apart = sorted((row for row in rows if row.difference), key=_most_apart_first)
    page = template.render(
        style=Markup(_text("report.css", "overview.css")),
        style_digest=_digest(_text("report.css", "overview.css")),
        script=Markup(_text("overview.js")),
        script_digest=_digest(_text("overview.js")),
        data=Markup(_data(rows)),
        states=STATES,
        counts=Counter(row.state for row in rows),
        found={name: sum(getattr(row, name) or 0 for row in rows) for name in SEVERITY_WORDS},
        severities=SEVERITY_WORDS,
        units=len({row.unit for row in rows}),
        years=sorted({row.year for row in rows}),
        grades=sorted({row.grade for row in rows if row.grade}, key=_order_of),
        bars=_bars(rows),
        height=_HEIGHT,
        apart=apart[:_MOST_APART],
        plain=rows[:PLAIN_ROWS],
        total=len(rows),
        reviews=reviews,
    )
    return page.encode() + b"\n"


def _most_apart_first(row: Row) -> tuple[Decimal, str, int, str]:
    return (-abs(row.difference or Decimal(0)), row.unit, row.year, row.key)


_GRADES = "优良中差"


def _order_of(grade: str) -> tuple[int, str]:
    place = _GRADES.find(grade[:1])
    return (place if place >= 0 else len(_GRADES), grade)


def _data(rows: Iterable[Row]) -> str:
    """Give the rows as JSON that no text in it can end early."""
    listed = [
        (
            *(row.unit, row.name, row.year, row.key, row.title, row.state),
            *(row.stated, row.recomputed, row.on_100, _signed(row.difference), row.grade),
            *(row.high, row.medium, row.low, row.run, list(row.formats), row.reason),
        )
        for row in rows
    ]
    text = json.dumps(listed, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _signed(value: Decimal | None) -> str | None:
    """Write a difference with its sign.

    >>> _signed(Decimal("4.31")), _signed(Decimal("-2")), _signed(Decimal("0.00")), _signed(None)
    ('+4.31', '-2', '0.00', None)
    """
    if value is None:
        return None
    return f"{value:+}" if value else "0.00"


@dataclass(frozen=True, slots=True)
class _Bar:
    """Recomputed scores of one range of ten points."""

    first: int
    count: int
    height: int
    tone: str


def _bars(rows: Iterable[Row]) -> list[_Bar]:
    """Count recomputed scores by tens; 100 belongs to the last ten."""
    scores = [Decimal(row.on_100) for row in rows if row.on_100 is not None]
    counts = Counter(max(0, min(_BARS - 1, int(score) // 10)) for score in scores)
    most = max(counts.values(), default=1)
    return [
        _Bar(
            first=10 * number,
            count=counts[number],
            height=math.ceil(counts[number] * _HEIGHT / most),
            tone="good"
            if number == 9
            else "low"
            if number == 8
            else "warn"
            if number > 5
            else "bad",
        )
        for number in range(_BARS)
    ]


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("jixiao.publish", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["signed"] = _signed
    return environment


@cache
def _text(*names: str) -> str:
    folder = files("jixiao.publish")
    return "\n".join(folder.joinpath(name).read_text("utf-8").strip() for name in names)


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
