"""``jixiao init`` (新建工作区): a workspace of one's own, outside the program."""

from __future__ import annotations

from pathlib import Path

import click

from jixiao.cli.words import Command
from jixiao.workspace.starting import make_workspace


@click.command(
    cls=Command,
    short_help="新建一个自己的工作区，放真实的自评材料与报告。",
    help="新建一个自己的工作区：评分规则、核查清单、笔记本，以及放置原件与报告的目录。"
    "真实的自评材料含个人信息，应放在这里，不放进程序的源码目录。",
)
@click.argument("folder", metavar="DIR", type=Path)
def init(folder: Path) -> None:
    """Make a workspace, and say what comes next."""
    workspace = make_workspace(folder.absolute())
    click.echo(f"工作区：{workspace.root}")
    click.echo("下一步：")
    click.echo(f"  cd {folder}")
    click.echo("  在 params/units/roster.yaml 登记单位（文件中有写法）")
    click.echo("  jixiao intake 收到的文件 --unit 单位编号 --year 年度")
    click.echo("  jixiao report 单位编号 年度，或 jixiao batch params/batches/nightly.yaml")
