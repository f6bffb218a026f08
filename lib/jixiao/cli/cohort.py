"""``jixiao cohort`` (横向比较): the finished evaluations of a year side by side."""

from __future__ import annotations

import json
from pathlib import Path

import click

from jixiao.cli.report import print_outcome, progress_of, read_formats
from jixiao.cli.show import shown
from jixiao.cli.site import make_overview
from jixiao.cli.words import Command, read_year
from jixiao.workspace.files import ensure_writable
from jixiao.workspace.machine import ensure_descriptors
from jixiao.workspace.places import Workspace


@click.command(
    cls=Command,
    short_help="横向比较一个年度已完成的评价：排名、分布、预警、常见问题、与往年相比。",
    help="横向比较一个年度已完成的评价：排名、得分分布、自评与重算之差、执行预警、各项核查的发现、"
    "与往年相比。只读已有的运行结果，不重新评分。",
)
@click.argument("year", metavar="YEAR", callback=read_year)
@click.option(
    "--kind", metavar="NAME", default="department", help="department 部门整体（默认），project 项目"
)
@click.option("--under", metavar="ID", default="", help="只比较这个单位及其下级")
@click.option("--formats", metavar="LIST", default="html,pdf", help="格式，默认 html,pdf")
@click.option("--outputs", metavar="DIR", type=Path, help="输出目录，默认工作区的 outputs")
@click.option("--force", is_flag=True, help="已有运行也再运行一次，逐字节比较")
def cohort(
    year: int, kind: str, under: str, formats: str, outputs: Path | None, force: bool
) -> None:
    """Run the comparison, render it, and print where it lies."""
    workspace = Workspace.find()
    from jixiao.batch.cohort import Wanted, plan_cohort
    from jixiao.batch.run import execute

    plan = plan_cohort(workspace, Wanted(year, kind, under), read_formats(formats), outputs)
    ensure_writable(plan.outputs)
    ensure_descriptors()
    with progress_of(plan) as watch:
        outcome = execute(plan, force=force, watch=watch)
    print_outcome(outcome, _summary_line(outcome.folder))
    click.echo(f"总览：{shown(make_overview(workspace, plan.outputs).path)}")


def _summary_line(folder: Path) -> str:
    """Sum up the comparison in one line."""
    result = json.loads((folder / "result.json").read_bytes())
    now = result["years"][-1]
    return (
        f"{result['unit_name']} · 中位数：自评 {now['median_stated'] or '—'}，"
        f"重算 {now['median_recomputed'] or '—'} · 自评高于重算 {now['stated_above_recomputed']} · "
        f"红色预警 {now['red']}，黄色预警 {now['yellow']} · 有严重发现 {now['severe']}"
    )
