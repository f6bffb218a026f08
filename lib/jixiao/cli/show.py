"""Tables and JSON on the terminal (终端输出)."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path

import click

from jixiao.datum import Datum, Json, display
from jixiao.model import Filed

#: Columns where the output is not a terminal.
_WIDTH = 120
DASH = "—"


def print_json(value: Json) -> None:
    """Print JSON and nothing else."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=1))


def shown(path: Path) -> str:
    """Give a path from the current folder on; one outside it in full."""
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else relative


def print_table(
    title: str, headings: Sequence[str], rows: Iterable[Sequence[str]], *, whole: bool = False
) -> None:
    """Print a table; a heading that ends with ``>`` is of a column of numbers.

    With `whole` no text is cut short: long words of Chinese are broken over lines.
    """
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title, box=box.SIMPLE_HEAD, title_justify="left", pad_edge=False)
    for heading in headings:
        number = heading.endswith(">")
        table.add_column(
            heading.rstrip(">"),
            justify="right" if number else "left",
            overflow="fold" if whole else "ellipsis",
        )
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    console = Console(width=None if sys.stdout.isatty() else _WIDTH, highlight=False)
    console.print(table)


def text_of(value: Datum | Filed | Decimal | None) -> str:
    """Give a number or a filed text as it is shown; a dash for what is not there."""
    match value:
        case None:
            return DASH
        case Decimal():
            return display(value)
        case Datum():
            return DASH if value.value is None else display(value.value)
        case _:
            return value.text or DASH
