"""Three hundred strings that want to be code (注入串), and a report that holds each in twelve fields."""

from __future__ import annotations

from collections.abc import Callable

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook, new_output

from jixiao.tables.block import (
    Appendix,
    AppendixPart,
    Block,
    Cell,
    Column,
    FindingItem,
    Findings,
    KeyFigure,
    Note,
    Run,
    Summary,
    Table,
    WorkingItem,
    Workings,
    plain_runs,
)
from jixiao.tables.html import bundle

SHAPES = (
    "<script>alert(1)</script>",
    "<script src=//example.org/x.js></script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<a href=javascript:alert(1)>甲</a>",
    "<a href=data:text/html,<script>alert(1)</script>>甲</a>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<body onload=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<video><source onerror=alert(1)></video>",
    "<audio src=x onerror=alert(1)>",
    "<object data=javascript:alert(1)></object>",
    "<embed src=javascript:alert(1)>",
    "<form action=javascript:alert(1)><input type=submit></form>",
    "<input autofocus onfocus=alert(1)>",
    "<select autofocus onfocus=alert(1)></select>",
    "<style>@import 'https://example.org/x.css';</style>",
    "<link rel=stylesheet href=//example.org/x.css>",
    "<base href=https://example.org/>",
    "<meta http-equiv=refresh content=0;url=https://example.org/>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<template><img src=x onerror=alert(1)></template>",
    "<marquee onstart=alert(1)>乙</marquee>",
    "<p style=background:url(https://example.org/x.png)>乙</p>",
    "{{7*7}}{% import os %}",
    "<?php echo 1 ?><%= 7*7 %>",
    "#eval(\"1\") $x$ \\input{/etc/passwd}",
)  # fmt: skip
WRAPS: tuple[Callable[[str], str], ...] = (
    lambda text: text,
    lambda text: f'">{text}',
    lambda text: f"'>{text}",
    lambda text: f"</td></table></title></textarea>{text}",
    lambda text: f"-->{text}<!--",
    lambda text: f"]]>{text}",
    lambda text: f"<!DOCTYPE x>{text.upper()}",
    lambda text: "&quot;&gt;" + text.replace("<", "&lt;").replace(">", "&gt;"),
    lambda text: "＂＞" + text.replace("<", "＜").replace(">", "＞"),
    lambda text: (
        f"\\u0022 onmouseover=alert(1) x='{text.replace('javascript:', 'java&#09;script:')}"
    ),
)
STRINGS = tuple(wrap(shape) for shape in SHAPES for wrap in WRAPS)
FIELDS = (
    "cell of a table", "head of a row", "note of a table", "title of a finding", "message of a finding",
    "fact of a finding", "name of a working", "step of a working", "cell of the original",
    "sentence of the summary", "key figure", "printed output",
)  # fmt: skip


def report_of(strings: tuple[str, ...]) -> NotebookNode:
    """A notebook as a run leaves it, with every string in every field."""
    cells = [
        new_code_cell("table", outputs=[new_output("display_data", bundle(block))])
        for block in _blocks(strings)
    ]
    printed = new_output("stream", name="stdout", text="\n".join(strings) + "\n")
    nb = new_notebook(cells=[*cells, new_code_cell("print()", outputs=[printed])])
    for number, cell in enumerate(nb.cells):
        cell["id"] = f"cell-{number}"
        cell["execution_count"] = None
    nbformat.validate(nb)
    return nb


def _blocks(strings: tuple[str, ...]) -> tuple[Block, ...]:
    rows = tuple((Cell((Run(s),), header=True), Cell(plain_runs(s))) for s in strings)
    return (
        Table("t-in", "表", (Column("甲"), Column("乙")), rows, tuple(map(plain_runs, strings))),
        Findings("f-in", "发现", tuple(_finding(n, s) for n, s in enumerate(strings))),
        Workings("w-in", "底稿", tuple(_working(n, s) for n, s in enumerate(strings))),
        Appendix("a-in", "原文", (AppendixPart("附件", "grid", tuple((Cell(plain_runs(s)),) for s in strings)),)),
        Summary(
            "s-in", "摘要", tuple(KeyFigure("数", plain_runs(s)) for s in strings), tuple(map(plain_runs, strings))
        ),
        Note("n-in", tuple(map(plain_runs, strings[:1])), "说明"),
    )  # fmt: skip


def _finding(number: int, text: str) -> FindingItem:
    return FindingItem(
        f"x-{number}", "A-01", "points-total", "high", text, plain_runs(text), (("原文", plain_runs(text)),)
    )  # fmt: skip


def _working(number: int, text: str) -> WorkingItem:
    return WorkingItem(f"w-{number:010x}", text, "1", (plain_runs(text),), (), (), None)
