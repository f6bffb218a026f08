"""``jixiao forms`` (填表): the official tables filled from what was read."""

from __future__ import annotations

import os
from pathlib import Path

import click

from jixiao.cli.reviewing import check_output
from jixiao.cli.words import Command, read_year
from jixiao.errors import UnknownName
from jixiao.importers.opening import read_filing
from jixiao.model import mask_private
from jixiao.workspace.files import write_atomically
from jixiao.workspace.places import Workspace
from jixiao.workspace.units import load_unit_year

_FORMATS = ("docx", "xlsx")


@click.command(
    cls=Command,
    help="把读到的内容填进官方表样：附件1 基础数据表、附件2 部门整体支出绩效自评表、附件3 起为项目支出绩效自评表；"
    "docx 还有各份报告的正文，合起来是完整的自评报告。"
    "按填报原样填写，含填表人、电话等个人信息，只供内部使用。",
    short_help="把读到的内容填进官方表样，存为 Word 或 Excel。",
)
@click.argument("unit", metavar="UNIT")
@click.argument("year", metavar="YEAR", callback=read_year)
@click.option("--to", metavar="FORMAT", help="格式，必须给出：docx（Word）或 xlsx（Excel）")
@click.option(
    "--output",
    "-o",
    metavar="FILE",
    type=Path,
    help="写到哪个文件，默认是当前目录的 <单位>-<年度>-forms.<格式>",
)
@click.option("--force", is_flag=True, help="文件已经存在时覆盖它")
def forms(unit: str, year: int, to: str | None, output: Path | None, force: bool) -> None:
    """Fill the official tables, and print the path."""
    if to is None:
        raise UnknownName(
            "missing-option", "缺少选项 --to", expected=f"格式之一：{'、'.join(_FORMATS)}"
        )
    if to not in _FORMATS:
        raise UnknownName.among("unknown-format", "格式", to, _FORMATS)
    path = output or Path(f"{unit}-{year}-forms.{to}")
    unit_year = load_unit_year(Workspace.find(), unit, year)
    check_output(path, to, force=force)
    filing = read_filing(unit_year)
    from jixiao.publish.forms import fill_forms

    content = fill_forms(filing, to)
    write_atomically(path.absolute(), content)
    for problem in filing.problems:
        click.echo(f"! {mask_private(problem.message)} [{problem.code}]")
    count = len(filing.evaluations) + (filing.base_data is not None)
    click.echo(f"已填 {count} 张表，读回核对一致：{os.path.relpath(path)}")
