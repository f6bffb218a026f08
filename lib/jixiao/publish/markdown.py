"""Markdown as data (文稿): what a writer typed, as headings, paragraphs, lists and tables.

Raw HTML comes out as the text it is. Addresses are printed, never linked: only links to a
place in the same report (``[…](#id)``) stay links.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import mistune

from jixiao.publish.notebook import Node

#: mistune's tokens are dicts of no declared shape.
_Token = dict[str, Any]
_parse = mistune.create_markdown(renderer=None, plugins=["table", "strikethrough"])


@lru_cache(maxsize=1024)
def nodes_of_markdown(source: str) -> tuple[Node, ...]:
    """Parse one markdown cell; the prose of a notebook is the same in every report."""
    tokens = _parse(source)
    return tuple(_blocks(tokens)) if isinstance(tokens, list) else ()


def _blocks(tokens: list[_Token]) -> Iterator[Node]:
    for token in tokens:
        node = _block(token)
        if node is not None:
            yield node


def _inner_blocks(tokens: list[_Token]) -> list[Node]:
    """Give the blocks inside a list or a quotation, where a heading is but a bold line."""
    return [
        {"kind": "paragraph", "runs": [run | {"strong": True} for run in node["runs"]]}
        if node["kind"] == "heading"
        else node
        for node in _blocks(tokens)
    ]


def _block(token: _Token) -> Node | None:
    match token["type"]:
        case "blank_line":
            return None
        case "heading":
            level = token["attrs"]["level"]
            return {"kind": "heading", "level": level, "runs": _runs(token["children"])}
        case "paragraph" | "block_text":
            return {"kind": "paragraph", "runs": _runs(token["children"])}
        case "list":
            return {
                "kind": "list",
                "ordered": bool(token["attrs"].get("ordered")),
                "start": token["attrs"].get("start", 1),
                "items": [_inner_blocks(item["children"]) for item in token["children"]],
            }
        case "block_quote":
            return {"kind": "quote", "blocks": _inner_blocks(token["children"])}
        case "block_code":
            return {"kind": "code", "text": token["raw"].rstrip("\n")}
        case "thematic_break":
            return {"kind": "rule"}
        case "table":
            return _table(token)
        case _:  # block_html, and whatever a later mistune may add: as typed
            raw = str(token.get("raw", "")).strip()
            return {"kind": "paragraph", "runs": [{"text": raw}]} if raw else None


def _table(token: _Token) -> Node:
    head: list[Node] = []
    rows: list[list[Node]] = []
    for part in token["children"]:
        if part["type"] == "table_head":
            head = [
                {
                    "label": "".join(run["text"] for run in _runs(cell["children"])),
                    "align": cell["attrs"].get("align") or "left",
                    "width": 1.0,
                }
                for cell in part["children"]
            ]
        else:
            rows += [
                [{"runs": _runs(cell["children"])} for cell in row["children"]]
                for row in part["children"]
            ]
    return {"kind": "table", "caption": "", "columns": head, "rows": rows, "notes": []}


def _runs(tokens: list[_Token]) -> list[Node]:
    runs: list[Node] = []
    for run in _inline(tokens, {}):
        previous = runs[-1] if runs else None
        if previous and _style(previous) == _style(run):
            runs[-1] = previous | {"text": previous["text"] + run["text"]}
        else:
            runs.append(run)
    return runs


def _style(run: Node) -> Node:
    return {key: value for key, value in run.items() if key != "text"}


_MARKS = {"strong": "strong", "emphasis": "emphasis", "strikethrough": "deleted"}


def _inline(tokens: list[_Token], style: Node) -> Iterator[Node]:
    for token in tokens:
        match token["type"]:
            case "strong" | "emphasis" | "strikethrough":
                yield from _inline(token["children"], style | {_MARKS[token["type"]]: True})
            case "codespan":
                yield {"text": token["raw"], "code": True} | style
            case "link":
                yield from _link(token, style)
            case "image":
                alternative = "".join(run["text"] for run in _inline(token["children"], {}))
                yield {"text": f"〔图：{alternative or '无说明'}〕"} | style
            case "softbreak":
                yield {"text": " "} | style
            case "linebreak":
                yield {"text": "\n"} | style
            case _:  # text, inline_html
                yield {"text": str(token.get("raw", ""))} | style


def _link(token: _Token, style: Node) -> Iterator[Node]:
    url = str(token["attrs"].get("url", ""))
    if url.startswith("#") and len(url) > 1:
        yield from _inline(token["children"], style | {"href": url[1:]})
        return
    words = list(_inline(token["children"], style))
    yield from words
    if "".join(run["text"] for run in words) != url:
        yield {"text": f"（{url}）"} | style
