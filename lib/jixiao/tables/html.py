"""Blocks as accessible HTML (报告块 → HTML), for JupyterLab and for the report alike.

The template escapes every text; a block never brings markup of its own.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from functools import cache
from importlib.resources import files
from typing import Any, TypeAlias

from jinja2 import Environment, StrictUndefined, Template

from jixiao.model import SEVERITY_WORDS
from jixiao.tables.block import Block
from jixiao.tables.markup import attributes, rows, runs
from jixiao.workspace import media

#: The JSON of a block, as `as_json` gives it or as it came out of a notebook.
BlockJson: TypeAlias = dict[str, Any]
#: A cell with the column it stands in, its spans cut to what the table has room for.
Placed: TypeAlias = tuple[BlockJson, int]

KINDS = frozenset({"table", "summary", "findings", "workings", "appendix", "note", "figure"})
_ALIGN_CLASS = {"left": "", "right": "r", "center": "c"}


def bundle(block: Block) -> dict[str, Any]:
    """Make the mimebundle a display object returns: the block, its HTML, and its title.

    >>> from jixiao.tables.block import Note, plain_runs
    >>> sorted(bundle(Note("n", (plain_runs("无"),))))
    ['application/vnd.jixiao.block+json', 'text/html', 'text/plain']
    """
    block_json: BlockJson = block.as_json()  # type: ignore[assignment]  # every block is an object
    return {
        media.BLOCK: block_json,
        media.HTML: _framed(render(block_json)),
        media.TEXT: title_of(block_json),
    }


def title_of(block: BlockJson) -> str:
    """Give the caption or title of a block, for where nothing else can be shown."""
    return str(block.get("caption") or block.get("title") or block["kind"])


def render(
    block: BlockJson,
    *,
    keep_ids: Container[str] | None = None,
    level: int = 3,
) -> str:
    """Draw a block as HTML.

    Parameters
    ----------
    block : the block's JSON. A key ``label`` names its region, where the caption is not unique;
        ``title_shown`` False leaves a title out that the heading above already gives.
    keep_ids : ids the block may print; None for all. A link to another id becomes plain text.
    level : heading level of its title, 2 to 6.
    """
    if keep_ids is not None:
        block = _without_ids(block, keep_ids)
    return str(_template().module.draw(_prepared(block, level), min(level, 6)))  # type: ignore[attr-defined]


def _framed(html: str) -> str:
    """Give JupyterLab the few rules it needs; the report has a style sheet of its own."""
    return f'<style>{_read("blocks.css")}</style><div class="jixiao">{html}</div>'


@cache
def _template() -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined)
    environment.globals.update(attributes=attributes, runs=runs, rows=rows)
    return environment.from_string(_read("blocks.html.j2"))


@cache
def _read(name: str) -> str:
    return files("jixiao.tables").joinpath(name).read_text("utf-8")


def _prepared(block: BlockJson, level: int) -> BlockJson:
    """Add what the template needs besides the data: alignments, shares of the width, levels."""
    shown = block.get("title", "") if block.get("title_shown", True) else ""
    more: BlockJson = {
        "id": block.get("id"),
        "shown_title": shown,
        "item_level": min(level + bool(shown), 6),
    }
    match block["kind"]:
        case "table":
            columns = block["columns"]
            total = sum(column["width"] for column in columns) or 1
            more["columns"] = [
                {
                    "label": column["label"],
                    "class": _ALIGN_CLASS[column["align"]],
                    "share": f"p{_twentieths(column['width'] / total)}",
                }
                for column in columns
            ]
            more["headed"] = any(column["label"] for column in columns)
            classes = [column["class"] for column in more["columns"]]
            more["placed"] = [
                [(cell, classes[at]) for cell, at in row]
                for row in place(block["rows"], len(classes))
            ]
        case "findings":
            more["severities"] = SEVERITY_WORDS
        case "appendix":
            more["parts"] = [
                part
                | {"placed": _unaligned(part["rows"]), "label": part.get("label", part["title"])}
                if part["form"] == "grid"
                else part
                for part in block["parts"]
            ]
    return block | more


def _twentieths(share: float) -> int:
    """Round a share of the width to a whole 5 %: style sheets hold a class for each."""
    return max(5, min(100, round(share * 20) * 5))


def _unaligned(rows: list[list[BlockJson]]) -> list[list[tuple[BlockJson, str]]]:
    return [[(cell, "") for cell, _ in row] for row in place(rows, width_of(rows))]


def width_of(rows: Iterable[list[BlockJson]]) -> int:
    """Give the number of columns of a grid (列数)."""
    return max((sum(cell.get("columns", 1) for cell in row) for row in rows), default=1) or 1


def place(rows: list[list[BlockJson]], width: int) -> list[list[Placed]]:
    """Find the column of each cell (落位), cutting spans that do not fit.

    A cell for which a row has no room any more is left out; a row that ends early is filled up
    with empty cells, so that every renderer sees a full grid.

    >>> cell = {"runs": [], "columns": 1, "rows": 2}
    >>> [[at for _, at in row] for row in place([[cell, cell], []], 3)]
    [[0, 1, 2], [2]]
    """
    if all(len(row) == width and _simple(row) for row in rows):
        return [list(zip(row, range(width), strict=True)) for row in rows]
    taken: list[set[int]] = [set() for _ in rows]
    return [list(_place_row(row, y, width, taken)) for y, row in enumerate(rows)]


def _simple(row: list[BlockJson]) -> bool:
    return all(cell.get("columns", 1) == 1 and cell.get("rows", 1) == 1 for cell in row)


def _place_row(row: list[BlockJson], y: int, width: int, taken: list[set[int]]) -> Iterator[Placed]:
    cells = iter(row)
    for x in range(width):
        if x in taken[y]:
            continue
        cell: BlockJson = next(cells, {"runs": []})
        free = next((at for at in range(x, width) if at in taken[y]), width)
        columns = min(max(cell.get("columns", 1), 1), free - x)
        deep = min(max(cell.get("rows", 1), 1), len(taken) - y)
        for line in taken[y : y + deep]:
            line.update(range(x, x + columns))
        changed = columns != cell.get("columns", 1) or deep != cell.get("rows", 1)
        yield (cell | {"columns": columns, "rows": deep} if changed else cell), x


def _without_ids(value: Any, keep: Container[str]) -> Any:  # any part of a block's JSON
    if isinstance(value, list):
        return [_without_ids(item, keep) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: None
        if key in ("id", "href", "back") and item not in keep
        else _without_ids(item, keep)
        for key, item in value.items()
    }
