"""A document as the JSON that ``report.typ`` draws (排版数据).

Where there is nothing but text, runs and cells become plain strings: Typst draws those fastest.
Ids that no link leads to are left out for the same reason.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

from jixiao.publish.document import Document
from jixiao.publish.notebook import Attachment, Node
from jixiao.tables.html import KINDS, Placed, place, width_of
from jixiao.workspace import fonts, media
from jixiao.workspace.files import digest_bytes

#: A string, or a list of strings and dictionaries; ``words`` of the template takes both.
Words: TypeAlias = "str | list[str | Node]"

_TOOL = "绩效评价工作台"
#: A word longer than this may be broken anywhere.
_LONG_WORD = re.compile(r"[!-~]{28,}")
_ZERO_WIDTH_SPACE = "\u200b"
#: What a line of the appendix has room for, in characters, and what one column may ask of it.
_LINE = 67.0
_WIDEST_COLUMN = 24.0
_GUTTER = 0.8
#: How many lines of a column a cell may fill; a page has room for some seventy.
_TALLEST_CELL = 40
_WORD = re.compile(r"[!-~]+")


class Shaper:
    """Shapes one document; pictures that are no SVG become files beside the data."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._targets = document.targets
        self.files: dict[str, bytes] = {}

    def shape(self, attachments: tuple[Attachment, ...]) -> Node:
        """Give the data of the whole document."""
        document = self._document
        return {
            "title": document.title,
            "subject": document.subject,
            "author": _TOOL,
            "cover": [[label, _breakable(value)] for label, value in document.cover],
            "contents": bool(document.contents),
            "fonts": {
                "sans": fonts.SANS_FAMILY,
                "serif": fonts.SERIF_FAMILY,
                "mono": ["DejaVu Sans Mono", fonts.SANS_FAMILY],
            },
            "attachments": [
                {
                    "name": attachment.name,
                    "mime": attachment.mime,
                    "relationship": attachment.relationship,
                    "description": attachment.description,
                    "sha256": _breakable(digest_bytes(attachment.data)),
                    "bytes": len(attachment.data),
                }
                for attachment in attachments
            ],
            "nodes": [self._node(node) for node in document.nodes if node["kind"] != "source"],
        }

    def _node(self, node: Node) -> Node:
        kind = node["kind"]
        if kind in KINDS:
            return self._block(node)
        if kind == "heading":
            # The title of the document is a title: its sections are the first level.
            level = node["level"] - 1
            return {
                "kind": kind,
                "level": level,
                "id": self._id(node),
                "runs": self._words(node["runs"]),
            }
        if kind == "paragraph":
            return {"kind": kind, "runs": self._words(node["runs"])}
        if kind == "list":
            return node | {"items": [[self._node(part) for part in item] for item in node["items"]]}
        if kind == "quote":
            return {"kind": kind, "blocks": [self._node(part) for part in node["blocks"]]}
        if "text" in node:
            return node | {"tone": node.get("tone") or "", "text": _breakable(node["text"])}
        return node

    def _block(self, node: Node) -> Node:
        kind = node["kind"]
        level = min(node.get("level", 3), 6) - 1
        shaped: Node = {"kind": kind, "id": self._id(node), "level": level}
        shown = bool(node.get("title")) and node.get("title_shown", True) and kind != "figure"
        if shown:
            shaped["heading"] = node["title"]
        inner = min(level + shown, 6)
        match kind:
            case "table":
                return shaped | self._table(node)
            case "summary":
                return shaped | self._summary(node)
            case "findings":
                items = [self._finding(item, inner) for item in node["items"]]
                return shaped | {"empty": node["empty"], "items": items}
            case "workings":
                return shaped | {"items": [self._working(item) for item in node["items"]]}
            case "appendix":
                return shaped | {"parts": [self._part(part, inner) for part in node["parts"]]}
            case "note":
                return shaped | {
                    "tone": node.get("tone") or "",
                    "bullets": bool(node.get("bullets")),
                    "sentences": self._lines(node["sentences"]),
                }
            case _:
                return shaped | self._figure(node)

    # ------------------------------------------------------------ blocks

    def _table(self, node: Node) -> Node:
        columns = node["columns"]
        labels = [column["label"] for column in columns]
        placed = place(node["rows"], len(columns))
        return {
            "caption": node.get("caption") or "",
            "head": labels if any(labels) else [],
            "shares": [max(column["width"], 0.1) for column in columns],
            "aligns": [column["align"] for column in columns],
            "cells": [self._cell(cell) for row in placed for cell, _ in row],
            "notes": self._lines(node["notes"]),
        }

    def _summary(self, node: Node) -> Node:
        figures = [
            {
                "label": figure["label"],
                "value": self._words(figure["value"]),
                "note": self._words(figure["note"]),
                "tone": figure.get("tone") or "",
            }
            for figure in node["figures"]
        ]
        return {"figures": figures, "sentences": self._lines(node["sentences"])}

    def _finding(self, item: Node, level: int) -> Node:
        return {
            "id": self._id(item),
            "level": level,
            "severity": item["severity"],
            "consequence": bool(item.get("consequence")),
            "check": item["check"],
            "title": _breakable(item["title"]),
            "message": self._words(item["message"]),
            "facts": [
                {"label": fact["label"], "runs": self._words(fact["runs"])}
                for fact in item["facts"]
            ],
        }

    def _working(self, item: Node) -> Node:
        return {
            "id": self._id(item),
            "label": _breakable(item["label"]),
            "value": item["value"],
            "steps": self._lines(item["steps"]),
            "leaves": self._lines(item["leaves"]),
            "reference": self._words(item["reference"]),
            "back": item.get("back"),
        }

    def _part(self, part: Node, level: int) -> Node:
        if part["form"] == "grid":
            rows = list(self._rows_of_boxes(part["rows"]))
        else:
            rows = [
                {"boxes": False, "cells": [self._cell(cell) for cell in row]}
                for row in part["rows"]
            ]
        return {"title": part["title"], "level": level, "rows": rows}

    def _rows_of_boxes(self, rows: list[list[Node]]) -> Iterator[Node]:
        """Give each cell with its width in percent; what a cell above fills stays blank."""
        width = width_of(rows)
        placed = place(rows, width)
        shares = _shares(placed, width)
        for row in placed:
            widths = [sum(shares[at : at + cell.get("columns", 1)]) for cell, at in row]
            cells = [self._cell(cell, spanning=False) for cell, _ in row]
            if any(_is_tall(cell, share) for (cell, _), share in zip(row, widths, strict=True)):
                yield {"boxes": False, "cells": [cell for cell in cells if cell != ""]}
                continue
            boxes: list[list[Any]] = []
            done = 0
            for (cell, at), share, shaped in zip(row, widths, cells, strict=True):
                if at > done:
                    boxes.append([sum(shares[done:at]), ""])
                boxes.append([round(share, 2), shaped])
                done = at + cell.get("columns", 1)
            yield {"boxes": True, "cells": boxes}

    def _figure(self, node: Node) -> Node:
        shaped: Node = {
            "title": node.get("title") or "",
            "alt": node.get("alt") or node.get("title") or "图",
            "caption": self._words(node.get("caption") or []),
            "source": self._words(node.get("source") or []),
        }
        if node.get("mime") == media.SVG:
            shaped["svg"] = weighted(node["data"])
        elif node.get("data"):
            name = f"picture-{len(self.files) + 1}.{node['mime'].rpartition('/')[2]}"
            self.files[name] = base64.b64decode(node["data"])
            shaped["file"] = name
        return shaped

    # ------------------------------------------------------------ cells, runs

    def _id(self, part: Node) -> str:
        name = part.get("id")
        return name if name in self._targets else ""

    def _cell(self, cell: Node, *, spanning: bool = True) -> str | Node:
        words = self._words(cell["runs"])
        shaped: Node = {key: cell[key] for key in ("tone", "header") if cell.get(key)}
        if spanning:
            shaped |= {key: cell[key] for key in ("columns", "rows") if cell.get(key, 1) > 1}
        if cell.get("id") in self._targets:
            shaped["id"] = cell["id"]
        return words if isinstance(words, str) and not shaped else shaped | {"runs": words}

    def _lines(self, lines: Iterable[list[Node]]) -> list[Words]:
        return [self._words(line) for line in lines]

    def _words(self, runs: list[Node]) -> Words:
        if all(len(run) == 1 for run in runs):
            return _breakable("".join([run["text"] for run in runs]))
        return [self._run(run) for run in runs]

    def _run(self, run: Node) -> str | Node:
        shaped = {key: value for key, value in run.items() if value}
        if shaped.get("id") not in self._targets:
            shaped.pop("id", None)
        text = _breakable(run["text"])
        return text if shaped.keys() <= {"text"} else shaped | {"text": text}


def _breakable(text: str) -> str:
    """Let a very long word be broken, and give tabs the room they stand for."""
    if "\t" in text:
        text = text.expandtabs(4)
    return _LONG_WORD.sub(lambda match: _ZERO_WIDTH_SPACE.join(match[0]), text)


def _shares(placed: list[list[Placed]], width: int) -> list[float]:
    """Give each column a share of the line, in percent.

    A column gets room for its longest unbreakable word, and of what is left as much as its
    longest text asks for: no cell runs into its neighbour as long as the words fit the line.
    """
    words, texts = [2.0] * width, [2.0] * width
    for row in placed:
        for cell, at in row:
            if cell.get("columns", 1) == 1:
                text = _text(cell)
                words[at] = max(words[at], *map(_ems, _WORD.findall(text)), 0.0)
                texts[at] = max(texts[at], min(_ems(text), _WIDEST_COLUMN))
    words = [min(word, _WIDEST_COLUMN) + _GUTTER for word in words]
    wishes = [max(text + _GUTTER - word, 0.0) for text, word in zip(texts, words, strict=True)]
    spare = max(_LINE - sum(words), 0.0) / max(sum(wishes), 0.01)
    ems = [word + wish * spare for word, wish in zip(words, wishes, strict=True)]
    return [99.9 * column / sum(ems) for column in ems]


def _ems(text: str) -> float:
    """Estimate the width of a text: a Chinese character is one, a Latin one about 0.58."""
    return sum(0.58 if sign < "\u2000" else 1.0 for sign in text)


def _is_tall(cell: Node, share: float) -> bool:
    """Whether a cell might grow taller than a page in a column of `share` percent."""
    return _ems(_text(cell)) > _TALLEST_CELL * share / 100 * _LINE


def _text(cell: Node) -> str:
    return "".join(run["text"] for run in cell["runs"])


# ---------------------------------------------------------------- charts

_BOLD = re.compile(r'style="(?=[^"]*\b(?:font|font-weight):\s*(bold|[5-9]00)\b)')
_SVG_TAG = re.compile(r"<svg\b")


def weighted(svg: str) -> str:
    """Say the weight of a chart's letters in the way Typst reads it.

    Typst sets a variable font in an SVG at its thinnest unless the variation is named.

    >>> weighted('<svg><text style="font: 700 10px x">a</text></svg>').count("wght")
    2
    """
    svg = _BOLD.sub(_named_weight, svg[svg.find("<svg") :])
    return _SVG_TAG.sub("<svg font-variation-settings=\"'wght' 400\"", svg, count=1)


def _named_weight(match: re.Match[str]) -> str:
    weight = "700" if match[1] == "bold" else match[1]
    return f"style=\"font-variation-settings: 'wght' {weight}; "
