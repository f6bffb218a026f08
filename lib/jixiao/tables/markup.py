"""Runs and cells as HTML (文字与单元格 → HTML): the inner loop of every page.

A report has thousands of cells, and a template macro costs fifty times what these do. Every text
is escaped here, in `_escaped`; nothing else writes what it was given.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape as _escaped
from typing import Any

from markupsafe import Markup

_MARKS = {"code": "code", "deleted": "del", "emphasis": "em", "strong": "strong"}


def attributes(id: str | None, tone: str | None = None, classes: str = "") -> Markup:  # noqa: A002
    """Write the id and the class of an element.

    >>> str(attributes("n-1", "bad", "r")), str(attributes(None))
    (' id="n-1" class="r t-bad"', '')
    """
    return Markup(_attributes(id, tone, classes))


def runs(items: Iterable[dict[str, Any]]) -> Markup:
    """Write runs of text.

    >>> str(runs([{"text": "a<b "}, {"text": "5.16", "href": "w-1", "tone": "bad"}]))
    'a&lt;b <a href="#w-1" class="t-bad">5.16</a>'
    """
    return Markup(_runs(items))


def rows(placed: Iterable[list[tuple[dict[str, Any], str]]]) -> Markup:
    """Write the rows of a table's body: cells with the class their column gives them."""
    lines = ("<tr>" + "".join([_cell(*pair) for pair in row]) + "</tr>" for row in placed)
    return Markup("\n".join(lines))


def _cell(cell: dict[str, Any], align: str) -> str:
    tag, scope = ("th", ' scope="row"') if cell.get("header") else ("td", "")
    if (columns := cell.get("columns", 1)) > 1:
        scope += f' colspan="{columns:d}"'
    if (deep := cell.get("rows", 1)) > 1:
        scope += f' rowspan="{deep:d}"'
    more = _attributes(cell.get("id"), cell.get("tone"), align)
    return f"<{tag}{scope}{more}>{_runs(cell['runs'])}</{tag}>"


def _attributes(identity: str | None, tone: str | None, classes: str) -> str:
    text = f' id="{_escaped(identity)}"' if identity else ""
    if tone:
        classes = f"{classes} t-{tone}" if classes else f"t-{tone}"
    return f'{text} class="{_escaped(classes)}"' if classes else text


def _runs(items: Iterable[dict[str, Any]]) -> str:
    return "".join([_escaped(run["text"]) if len(run) == 1 else _run(run) for run in items])


def _run(run: dict[str, Any]) -> str:
    text = _escaped(run["text"])
    if not _MARKS.keys().isdisjoint(run):
        for key, tag in _MARKS.items():
            if run.get(key):
                text = f"<{tag}>{text}</{tag}>"
    more = _attributes(run.get("id"), run.get("tone"), "")
    if href := run.get("href"):
        return f'<a href="#{_escaped(href)}"{more}>{text}</a>'
    return f"<span{more}>{text}</span>" if more else text
