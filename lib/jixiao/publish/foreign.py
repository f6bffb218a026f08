"""Outputs that are not ours, as data (其他输出): streams, texts, pictures, HTML tables, errors.

HTML is cleaned by nh3 down to tables and text, and even then only its text is taken: no markup
of an output reaches a page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from html.parser import HTMLParser

import nh3

from jixiao.publish.markdown import nodes_of_markdown
from jixiao.publish.notebook import Node
from jixiao.workspace import media

_ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
_TABLE_TAGS = {"table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td"}
_TEXT_TAGS = {"p", "div", "br", "li", "ul", "ol", "pre", "h1", "h2", "h3", "h4", "h5", "h6"}
_PICTURES = ("image/png", "image/jpeg")
_MAX_SPAN = 100
#: A character of an SVG written as a number: it must be seen, to know whether a font has it.
_ENTITY = re.compile(r"&#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}));")


def nodes_of_output(output: Node) -> tuple[Node, ...]:
    """Turn one output of a code cell into nodes, taking the richest form we can draw."""
    match output["output_type"]:
        case "stream":
            tone = "muted" if output.get("name") == "stderr" else None
            return _text_node(output.get("text", ""), tone)
        case "error":
            title = f"{output.get('ename', '')}: {output.get('evalue', '')}"
            trace = without_colours("\n".join(output.get("traceback", [])))
            return ({"kind": "error", "title": title, "text": trace},)
        case _:
            return _nodes_of_bundle(output.get("data", {}))


def _nodes_of_bundle(data: Node) -> tuple[Node, ...]:
    if media.SVG in data:
        picture = _ENTITY.sub(_character, joined(data[media.SVG]))
        return ({"kind": "figure", "mime": media.SVG, "data": picture},)
    for mime in _PICTURES:
        if mime in data:
            picture = "".join(joined(data[mime]).split())
            return ({"kind": "figure", "mime": mime, "data": picture},)
    if media.HTML in data and (found := nodes_of_html(joined(data[media.HTML]))):
        return found
    if "text/markdown" in data:
        return nodes_of_markdown(joined(data["text/markdown"]))
    return _text_node(data.get(media.TEXT, ""), None)


def _character(match: re.Match[str]) -> str:
    code = int(match[1], 16) if match[1] else int(match[2])
    return chr(code) if 0x7F < code <= 0x10FFFF else match[0]


def joined(text: str | list[str]) -> str:
    """Give a text that nbformat may have split into lines."""
    return text if isinstance(text, str) else "".join(text)


def without_colours(text: str) -> str:
    r"""Take the terminal's colour codes out of a text.

    >>> without_colours("\x1b[0;31mValueError\x1b[0m")
    'ValueError'
    """
    return _ANSI.sub("", text)


def _text_node(text: str | list[str], tone: str | None) -> tuple[Node, ...]:
    plain = without_colours(joined(text)).rstrip()
    return ({"kind": "output", "text": plain, "tone": tone},) if plain.strip() else ()


@lru_cache(maxsize=64)
def nodes_of_html(html: str) -> tuple[Node, ...]:
    """Take tables and text out of an HTML output; scripts, styles and addresses vanish."""
    cleaned = nh3.clean(
        html,
        tags=_TABLE_TAGS | _TEXT_TAGS,
        clean_content_tags={"script", "style", "template", "title", "svg", "math"},
        attributes={"th": {"colspan", "rowspan"}, "td": {"colspan", "rowspan"}},
        url_schemes=set(),
        strip_comments=True,
    )
    reader = _Reader()
    reader.feed(cleaned)
    reader.close()
    return tuple(reader.nodes())


class _Reader(HTMLParser):
    """Reads what nh3 left: well-formed tables and text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._found: list[Node] = []
        self._words: list[str] = []
        self._table: Node | None = None
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a table, a row, a cell, or a new line of text."""
        if tag == "table":
            self._depth += 1
            if self._depth == 1:
                self._end_text()
                self._table = {"caption": "", "head": [], "rows": []}
        elif self._table is None:
            if tag in _TEXT_TAGS:
                self._words.append("\n")
        elif tag == "tr":
            self._table["rows"].append([])
        elif tag in ("td", "th"):
            self._words = []
            self._open_cell(tag, dict(attrs))
        elif tag == "caption":
            self._words = []

    def handle_endtag(self, tag: str) -> None:
        """Close what `handle_starttag` opened."""
        if tag == "table":
            self._depth -= 1
            if self._depth == 0 and self._table is not None:
                self._found.append(_table_node(self._table))
                self._table = None
                self._words = []
        elif self._table is None:
            if tag in _TEXT_TAGS:
                self._words.append("\n")
        elif tag in ("td", "th") and self._table["rows"] and self._table["rows"][-1]:
            self._table["rows"][-1][-1]["runs"] = [{"text": _squeezed(self._words)}]
            self._words = []
        elif tag == "caption":
            self._table["caption"] = _squeezed(self._words)
            self._words = []

    def handle_data(self, data: str) -> None:
        """Collect text."""
        self._words.append(data)

    def nodes(self) -> Iterator[Node]:
        """Give what was found, the last text included."""
        self._end_text()
        yield from self._found

    def _open_cell(self, tag: str, attributes: dict[str, str | None]) -> None:
        if self._table is None:
            return
        if not self._table["rows"]:
            self._table["rows"].append([])
        self._table["rows"][-1].append(
            {
                "runs": [],
                "header": tag == "th",
                "columns": _span(attributes.get("colspan")),
                "rows": _span(attributes.get("rowspan")),
            }
        )

    def _end_text(self) -> None:
        for line in "".join(self._words).split("\n"):
            if words := line.strip():
                self._found.append({"kind": "paragraph", "runs": [{"text": words}]})
        self._words = []


def _squeezed(words: list[str]) -> str:
    return " ".join("".join(words).split())


def _span(value: str | None) -> int:
    return min(int(value), _MAX_SPAN) if value and value.isdecimal() and int(value) > 0 else 1


_NUMBER = re.compile(r"\s*[+\-−]?[\d.,]+\s*%?\s*")


def _table_node(table: Node) -> Node:
    """Shape a table: its first row heads it if all its cells are headings."""
    rows = [row for row in table["rows"] if row]
    width = max((sum(cell["columns"] for cell in row) for row in rows), default=1)
    labels = [""] * width
    if rows and all(cell["header"] for cell in rows[0]):
        at = 0
        for cell in rows.pop(0):
            labels[at] = "".join(run["text"] for run in cell["runs"])
            at += cell["columns"]
    columns = [
        {"label": label, "align": _alignment(rows, index), "width": 1.0}
        for index, label in enumerate(labels)
    ]
    caption = table["caption"]
    return {"kind": "table", "caption": caption, "columns": columns, "rows": rows, "notes": []}


def _alignment(rows: list[list[Node]], index: int) -> str:
    cells = [row[index] for row in rows if index < len(row)]
    texts = ["".join(run["text"] for run in cell["runs"]) for cell in cells if not cell["header"]]
    return "right" if texts and all(_NUMBER.fullmatch(text) for text in texts if text) else "left"
