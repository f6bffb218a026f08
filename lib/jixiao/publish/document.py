"""An executed notebook as one document (报告文档): what both the HTML and the PDF draw.

`compose` turns cells into nodes, and settles what a page must have settled: one title, headings
that never skip a level, ids that are unique, links that lead somewhere, and characters that the
fonts can print.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass

from nbformat import NotebookNode

from jixiao.errors import JixiaoError
from jixiao.publish.about import About
from jixiao.publish.foreign import joined, nodes_of_output
from jixiao.publish.markdown import nodes_of_markdown
from jixiao.publish.notebook import Node
from jixiao.publish.settle import PAGE_IDS, Survey, settle
from jixiao.tables.html import KINDS
from jixiao.workspace import fonts, media

_CONTENTS_DEPTH = 3
#: What nbconvert calls a notebook that came without a file name.
_UNNAMED = "Notebook"


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
    name : what a notebook without a title is called; nbconvert's own default is no name.

    Raises
    ------
    GlyphMissing : our own prose has a character no font of ours can print.
    """
    available = fonts.code_points()
    prose, nodes = _read_cells(nb)
    if _is_ours(nb, nodes):
        _require_glyphs(prose, available)
    surveys = [Survey.of(node) for node in nodes]
    ids = {name for survey in surveys for name in survey.ids} - set(PAGE_IDS)
    targets = {name for survey in surveys for name in survey.hrefs}
    used = set(map(ord, set().union(*(survey.letters() for survey in surveys))))
    table = fonts.replacements(used, available)
    settled = settle(nodes, surveys, ids, table)
    title, rest = _take_title(settled)
    about = About.of(nb)
    named = name if name != _UNNAMED else ""
    outline = _Outline(about.title or title or named or "未命名报告", ids)
    drawn = tuple(outline.number(node) for node in rest)
    return Document(
        title=fonts.printable(outline.title, available),
        subject=fonts.printable(about.subject, available),
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
            found = [node for node in nodes_of_markdown(joined(cell.source)) if not _is_blank(node)]
            prose += [(number, node) for node in found]
            nodes += found
        elif cell.cell_type == "code":
            nodes += _nodes_of_code(cell)
    return prose, nodes


def _is_blank(node: Node) -> bool:
    return node["kind"] == "heading" and not text_of(node["runs"]).strip()


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


# ---------------------------------------------------------------- our own prose


def _is_ours(nb: NotebookNode, nodes: list[Node]) -> bool:
    """Whether the prose is of our own templates: such a notebook shows blocks of ours."""
    return "jixiao" in nb.metadata or any(
        node["kind"] in KINDS - {"table", "figure"} for node in nodes
    )


def _require_glyphs(prose: list[tuple[int, Node]], available: frozenset[int]) -> None:
    for number, node in prose:
        text = "".join(Survey.of(node).words)
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

    def __init__(self, title: str, taken: Container[str]) -> None:
        self.title = title
        self._taken = taken
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
        while name in self._taken:
            name += "-"
        if level <= _CONTENTS_DEPTH and self._current.strip():
            self.entries.append(Entry(name, level, self._current))
        return node | {"level": level, "id": name}

    def _label(self, name: str) -> str:
        """Give a name no other region has: a reader jumps between regions by name."""
        self._labels[name] = self._labels.get(name, 0) + 1
        return name if self._labels[name] == 1 else f"{name}（{self._labels[name]}）"
