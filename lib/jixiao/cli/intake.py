"""``jixiao intake`` (收件): take in what a unit sent, and write it down."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import click

from jixiao.cli.reading import show_filing
from jixiao.cli.show import print_table
from jixiao.cli.words import Command, read_year
from jixiao.importers.intake import Ask, Receipt, Sent, take_in
from jixiao.model import mask_private
from jixiao.workspace.places import Workspace
from jixiao.workspace.yaml_file import place_of


@click.command(
    cls=Command,
    help="登记收到的自评材料：保存原件，读入并显示读到的内容，写出单位的 YAML。"
    "同一年度再次登记，成为新的一版。",
)
@click.argument("path", metavar="FILE|FOLDER", type=Path)
@click.option("--unit", metavar="ID", required=True, help="单位编号，见 params/units/roster.yaml")
@click.option("--year", metavar="YYYY", required=True, callback=read_year, help="评价年度")
@click.option("--reason", metavar="理由", default="", help="重新报送的理由，同一年度再次登记时必填")
@click.option("--yes", is_flag=True, help="材料中的单位名称或年度不同时，仍按所给的登记")
def intake(path: Path, unit: str, year: int, reason: str, yes: bool) -> None:
    """Take in a file or folder, and show what became of it."""
    today = datetime.now().astimezone().date().isoformat()
    sent = Sent(path, unit, year, reason.strip(), today)
    receipt = take_in(Workspace.find(), sent, _asking(always=yes))
    show_filing(receipt.filing)
    _show_receipt(receipt, path)


def _asking(*, always: bool) -> Ask:
    """Ask at a terminal; elsewhere only ``--yes`` says yes."""

    def ask(question: str) -> bool:
        if always:
            return True
        return sys.stdin.isatty() and click.confirm(mask_private(question), default=False)

    return ask


def _show_receipt(receipt: Receipt, path: Path) -> None:
    year = receipt.unit_year
    where = place_of(year.path)
    if not receipt.is_new:
        click.echo(f"{path.name} 已登记在 {where}（第 {year.edition} 版），没有改动。")
        return
    print_table(
        "项目编号（可在 YAML 中改，改后各年保持一致）",
        ("编号", "名称"),
        [(project.id, mask_private(project.name)) for project in year.projects],
    )
    click.echo(f"原件：{'、'.join(place_of(document.path) for document in year.documents)}")
    counts = f"，采用第 {year.edition} 版，旧版保留" if year.superseded else ""
    click.echo(f"已登记：{where}{counts}")
    click.echo(f"下一步：jixiao report {year.unit} {year.year}")
