"""``jixiao prune`` (清理): remove what nothing points to."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import click

from jixiao.cli.show import shown
from jixiao.cli.words import Command
from jixiao.workspace.places import Workspace

_KINDS = {"run": "旧的运行", "failed": "失败的运行", "damaged": "损坏的运行", "leftover": "残留"}


@click.command(
    cls=Command,
    help="清理输出目录：旧的运行、早于现有运行的失败与损坏、已退出进程的残留。current 所指的从不删除。",
)
@click.option(
    "--outputs",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="输出目录，默认工作区的 outputs",
)
@click.option("--dry-run", is_flag=True, help="只列出将会删除什么，不删除")
def prune(outputs: Path | None, dry_run: bool) -> int:
    """Remove or list what may go; 1 while a batch holds the folder."""
    from jixiao.batch.holding import holding
    from jixiao.batch.prune import find_spares, remove

    place = (outputs or Workspace.find().outputs).absolute()
    count = size = 0
    spares = find_spares(place)
    first = next(spares, None)
    if first is None:
        click.echo("没有可清理的")
        return 0
    # The list is made again inside the lock, where no batch can change it.
    with nullcontext() if dry_run else holding(place, "jixiao prune", wait=False):
        for spare in find_spares(place):
            if dry_run or remove(spare):
                count, size = count + 1, size + spare.size
                click.echo(f"{shown(spare.path)}　{_KINDS[spare.kind]}，{_megabytes(spare.size)}")
    did = "将会删除" if dry_run else "已删除"
    click.echo(f"{did} {count} 项，{'可' if dry_run else ''}腾出 {_megabytes(size)}")
    return 0


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB"
