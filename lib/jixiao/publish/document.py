"""An executed notebook as one document (报告文档): what both the HTML and the PDF draw.

`compose` turns cells into nodes, and settles what a page must have settled: one title, headings
that never skip a level, ids that are unique, links that lead somewhere, and characters that the
fonts can print.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from nbformat import NotebookNode

from jixiao.errors import JixiaoError
from jixiao.publish.foreign import joined, nodes_of_output
from jixiao.publish.markdown import nodes_of_markdown
from jixiao.publish.notebook import Node, find_result
from jixiao.tables.html import KINDS
from jixiao.workspace import fonts, media

#: Ids the page itself uses.
PAGE_IDS = ("top", "main", "contents")
#: Keys whose strings are no words of a page.
_OPAQUE = frozenset({"kind", "data", "mime", "align", "severity", "tone", "form", "code"})
_LINKS = ("href", "back")
_AUDIENCES = {"internal": "内部版", "public": "公开版"}
_CONTENTS_DEPTH = 3


class GlyphMissing(JixiaoError):
    """A character of our own prose that no font of ours can print (缺字)."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the table of contents (目录)."""

    id: str
    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """What is drawn (报告文档).

    ``cover`` holds label and value of each line below the title; ``targets`` are the ids that
    links lead to, ``dangling`` the ids that links name and nothing has.
    """

    title: str
    subject: str
    cover: tuple[tuple[str, str], ...]
    contents: tuple[Entry, ...]
    nodes: tuple[Node, ...]
    targets: frozenset[str]
    dangling: tuple[str, ...]


def compose(nb: NotebookNode, *, name: str = "") -> Document:
    """Make the document of a notebook.

    Parameters
    ----------
    name : what a notebook without a heading is called.

    Raises
    ------
    GlyphMissing : our own prose has a character no font of ours can print.
    """
    available = fonts.code_points()
    prose, nodes = _read_cells(nb)
    if _is_ours(nb, nodes):
        _require_glyphs(prose, available)
    surveys = [_Survey.of(node) for node in nodes]
    ids = {name for survey in surveys for name in survey.ids}
    targets = {name for survey in surveys for name in survey.hrefs}
    used = set(map(ord, set().union(*(survey.letters() for survey in surveys))))
    table = fonts.replacements(used, available)
    settled = _settle(nodes, surveys, ids, table)
    title, rest = _take_title(settled)
    about = _About.of(nb)
    outline = _Outline(about.title or title or name or "未命名报告")
    drawn = tuple(outline.number(node) for node in rest)
    return Document(
        title=outline.title.translate(table),
        subject=about.subject.translate(
            fonts.replacements(set(map(ord, about.subject)), available)
        ),
        cover=tuple((label, fonts.printable(value, available)) for label, value in about.cover),
        contents=tuple(outline.entries),
        nodes=drawn,
        targets=frozenset(targets & ids),
        dangling=tuple(sorted(targets - ids)),
    )


# ---------------------------------------------------------------- cells → nodes


def _read_cells(nb: NotebookNode) -> tuple[list[tuple[int, Node]], list[Node]]:
    """Give our prose with the number of its cell, and all nodes in their order."""
    prose: list[tuple[int, Node]] = []
    nodes: list[Node] = []
    for number, cell in enumerate(nb.cells, 1):
        if cell.cell_type == "markdown":
            found = nodes_of_markdown(joined(cell.source))
            prose += [(number, node) for node in found]
            nodes += found
        elif cell.cell_type == "code":
            nodes += _nodes_of_code(cell)
    return prose, nodes


def _nodes_of_code(cell: NotebookNode) -> Iterator[Node]:
    source = joined(cell.source)
    if source.strip():
        yield {"kind": "source", "text": source.rstrip()}
    for output in _coalesced(cell.get("outputs", [])):
        block = output.get("data", {}).get(media.BLOCK)
        if not isinstance(block, dict) or block.get("kind") not in KINDS:
            yield from nodes_of_output(output)
        elif block["kind"] == "figure":
            yield from _figure(block, output["data"])
        else:
            yield block


def _figure(block: Node, data: Node) -> Iterator[Node]:
    """Give a chart: its picture, and the words that belong to it."""
    pictures = nodes_of_output({"output_type": "display_data", "data": data})
    picture = pictures[0] if pictures and pictures[0]["kind"] == "figure" else {}
    yield picture | block


def _coalesced(outputs: list[Node]) -> Iterator[Node]:
    """Join the pieces of one stream."""
    last: Node | None = None
    for output in outputs:
        if output["output_type"] != "stream":
            if last is not None:
                yield last
            last = None
            yield output
        elif last is not None and last.get("name") == output.get("name"):
            last["text"] += joined(output["text"])
        else:
            if last is not None:
                yield last
            last = {
                "output_type": "stream",
                "name": output.get("name"),
                "text": joined(output["text"]),
            }
    if last is not None:
        yield last


# ---------------------------------------------------------------- ids, links, characters


@dataclass(slots=True)
class _Survey:
    """What a node has: ids, the ids its links name, and words."""

    ids: list[str] = field(default_factory=list)
    hrefs: set[str] = field(default_factory=set)
    words: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, node: Node) -> _Survey:
        survey = cls()
        survey._visit(node)
        return survey

    def letters(self) -> set[str]:
        """Give the characters of the words."""
        return set("".join(self.words))

    def _visit(self, part: Node) -> None:
        for key, item in part.items():
            if not item:
                continue
            if isinstance(item, str):
                if key == "id":
                    self.ids.append(item)
                elif key in _LINKS:
                    self.hrefs.add(item)
                elif key not in _OPAQUE:
                    self.words.append(item)
            elif isinstance(item, list):
                self._visit_list(item)
            elif isinstance(item, dict):
                self._visit(item)

    def _visit_list(self, items: list[Any]) -> None:  # any part of a node's JSON
        for item in items:
            if isinstance(item, dict):
                self._visit(item)
            elif isinstance(item, list):
                self._visit_list(item)
            elif isinstance(item, str):
                self.words.append(item)


def _settle(
    nodes: list[Node], surveys: list[_Survey], ids: set[str], table: dict[int, str]
) -> list[Node]:
    """Rewrite the nodes that need it: an id twice, a link to nowhere, a character without glyph."""
    seen = set(PAGE_IDS)
    signs = set(map(chr, table))
    settled = []
    for node, survey in zip(nodes, surveys, strict=True):
        fresh = set(survey.ids)
        repeated = len(fresh) < len(survey.ids) or not seen.isdisjoint(fresh)
        unprintable = bool(signs) and not signs.isdisjoint(survey.letters())
        if repeated or unprintable or not survey.hrefs <= ids:
            settled.append(_rewritten(node, seen, ids, table))
        else:
            settled.append(node)
        seen |= fresh
    return settled


def _rewritten(value: Any, seen: set[str], ids: set[str], table: dict[int, str]) -> Any:
    if isinstance(value, list):
        return [_rewritten(item, seen, ids, table) for item in value]
    if isinstance(value, str):
        return value.translate(table)
    if not isinstance(value, dict):
        return value
    fresh: Node = {}
    for key, item in value.items():
        if key == "id":
            fresh[key] = item if item and item not in seen else None
            seen.add(item)
        elif key in _LINKS:
            fresh[key] = item if item in ids else None
        elif key in _OPAQUE:
            fresh[key] = item
        else:
            fresh[key] = _rewritten(item, seen, ids, table)
    return fresh


def _is_ours(nb: NotebookNode, nodes: list[Node]) -> bool:
    """Whether the prose is of our own templates: such a notebook shows blocks of ours."""
    return "jixiao" in nb.metadata or any(
        node["kind"] in KINDS - {"table", "figure"} for node in nodes
    )


def _require_glyphs(prose: list[tuple[int, Node]], available: frozenset[int]) -> None:
    for number, node in prose:
        text = "".join(_Survey.of(node).words)
        if absent := fonts.missing(text, available):
            signs = "、".join(f"“{sign}”（U+{ord(sign):04X}）" for sign in absent)
            raise GlyphMissing(
                "glyph-missing-in-template",
                f"我们的字体没有 {signs}",
                where=f"笔记本第 {number} 个单元（文稿）",
                expected="Noto Sans SC 有的字",
                action="请在笔记本的文稿里换用别的字或符号",
            )


# ---------------------------------------------------------------- title, cover, outline


def _take_title(nodes: list[Node]) -> tuple[str, list[Node]]:
    """Take the title off: the first heading, if it is one of the first level."""
    for index, node in enumerate(nodes):
        if node["kind"] == "heading":
            if node["level"] == 1:
                return text_of(node["runs"]), nodes[:index] + nodes[index + 1 :]
            break
    return "", nodes


def text_of(runs: list[Node]) -> str:
    """Give the words of runs."""
    return "".join(run["text"] for run in runs)


class _Outline:
    """Gives headings their level and id, and blocks the level of their title."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.entries: list[Entry] = []
        self._above: list[int] = []
        self._current = title
        self._count = 0
        self._labels: dict[str, int] = {}

    def number(self, node: Node) -> Node:
        """Give the node with its place in the outline."""
        if node["kind"] == "heading":
            return self._heading(node)
        if node["kind"] not in KINDS:
            return node
        name = (
            str(node.get("caption") or node.get("title") or "") if node["kind"] != "figure" else ""
        )
        more: Node = {
            "level": len(self._above) + 2,
            "title_shown": bool(name) and name != self._current,
            "label": self._label(name or {"table": "表格"}.get(node["kind"], "")),
        }
        if node["kind"] == "appendix":
            more["parts"] = [
                part | {"label": self._label(part["title"] or "原文")} for part in node["parts"]
            ]
        return node | more

    def _heading(self, node: Node) -> Node:
        while self._above and self._above[-1] >= node["level"]:
            self._above.pop()
        self._above.append(node["level"])
        level = min(len(self._above) + 1, 6)
        self._count += 1
        self._current = text_of(node["runs"])
        name = f"section-{self._count}"
        if level <= _CONTENTS_DEPTH and self._current.strip():
            self.entries.append(Entry(name, level, self._current))
        return node | {"level": level, "id": name}

    def _label(self, name: str) -> str:
        """Give a name no other region has: a reader jumps between regions by name."""
        self._labels[name] = self._labels.get(name, 0) + 1
        return name if self._labels[name] == 1 else f"{name}（{self._labels[name]}）"


@dataclass(frozen=True, slots=True)
class _About:
    """What the cover says."""

    title: str
    subject: str
    cover: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, nb: NotebookNode) -> _About:
        """Read it from ``metadata.jixiao``, else from the result, else from the parameters."""
        own = nb.metadata.get("jixiao", {})
        parameters = nb.metadata.get("papermill", {}).get("parameters", {})
        known = {**parameters, **_known(find_result(nb) or {}), **own}
        unit = str(known.get("unit_name") or known.get("unit") or "")
        year = f"{known['year']}年度" if known.get("year") else ""
        digest = str(known.get("filing_sha256") or "")[:12]
        audience = str(known.get("audience") or "")
        lines = (
            ("评价单位", unit),
            ("评价年度", year),
            ("评价项目", str(known.get("project") or "")),
            ("评分规则", str(known.get("rubric") or "")),
            ("自评材料", f"sha256 {digest}…" if digest else ""),
            ("版本", _AUDIENCES.get(audience, audience)),
        )
        return cls(
            title=str(own.get("title") or ""),
            subject=" · ".join(part for part in (unit, year) if part),
            cover=tuple((label, value) for label, value in lines if value),
        )


def _known(result: Node) -> Node:
    """Take what the cover needs out of ``result.json``."""
    known: Node = {
        key: result[key]
        for key in ("unit", "unit_name", "year", "project", "audience")
        if isinstance(result.get(key), str | int)
    }
    rubric, document = result.get("rubric"), result.get("document")
    if isinstance(rubric, dict):
        rubric = " ".join(str(rubric[key]) for key in ("title", "number") if rubric.get(key))
    if rubric:
        known["rubric"] = rubric
    if isinstance(document, dict) and document.get("sha256"):
        known["filing_sha256"] = document["sha256"]
    return known
