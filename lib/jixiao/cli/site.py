"""``jixiao site`` (总览): one page over all runs."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jixiao.cli.show import shown
from jixiao.cli.words import Command
from jixiao.errors import UnknownName
from jixiao.workspace.files import ensure_writable
from jixiao.workspace.places import Workspace
from jixiao.workspace.runs import AUDIENCES, INTERNAL

if TYPE_CHECKING:
    from jixiao.batch.overview import Overview


@click.command(cls=Command, help="生成总览页 outputs/index.html：单位 × 年度，离线可查找、排序。")
@click.option(
    "--outputs",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="输出目录，默认工作区的 outputs",
)
@click.option(
    "--audience",
    metavar="NAME",
    default=INTERNAL,
    help="读者：internal（默认）或 public，只列公开版，写入 outputs/public.html",
)
def site(outputs: Path | None, audience: str) -> int:
    """Write the page and print where it lies."""
    workspace = Workspace.find()
    place = (outputs or workspace.outputs).absolute()
    if audience not in AUDIENCES:
        raise UnknownName.among("unknown-audience", "读者", audience, AUDIENCES)
    made = make_overview(workspace, place, audience)
    counts = Counter(row.state for row in made.rows)
    click.echo(f"完成 {counts['done']}，失败 {counts['failed']}，没有运行 {counts['absent']}")
    click.echo(shown(made.path))
    return 0


def make_overview(workspace: Workspace, outputs: Path, audience: str = INTERNAL) -> Overview:
    """Write the page over all runs of an audience, with the names of the register.

    Raises
    ------
    JixiaoError : no such folder, ``cannot-write``, or a mistake in the register.
    """
    from jixiao.batch.overview import write_overview
    from jixiao.workspace.roster import load_roster

    if outputs.is_dir():
        ensure_writable(outputs)
    return write_overview(outputs, load_roster(workspace), audience)
