"""``jixiao demo`` (示例): a synthetic province, for tests, measurements and a first try."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from jixiao.batch.demo.province import LAST_YEAR, MOST_UNITS, MOST_YEARS, Wish
from jixiao.cli.words import Command
from jixiao.errors import UnknownName


def _within(least: int, most: int) -> Callable[[click.Context, click.Parameter, int], int]:
    """Make a click callback that takes a number in a range, in Chinese."""

    def read(context: click.Context, parameter: click.Parameter, value: int) -> int:
        if least <= value <= most:
            return value
        raise UnknownName(
            "bad-value", f"--{parameter.name} 是 {value}", expected=f"{least} 至 {most} 的整数"
        )

    return read


@click.command(
    cls=Command,
    short_help="生成虚构省份的工作区，预埋已知矛盾，供试用和测试。",
    help="生成一个虚构省份的工作区：单位名册、自评材料（文本、网页、Word、Excel）、批次计划，以及"
    "预埋的矛盾清单 truth.yaml。同样的参数生成同样的文件。",
)
@click.argument("folder", metavar="DIR", type=Path)
@click.option(
    "--units",
    metavar="N",
    type=int,
    default=20,
    callback=_within(1, MOST_UNITS),
    help=f"单位数，1 至 {MOST_UNITS}，默认 20",
)
@click.option(
    "--years",
    metavar="M",
    type=int,
    default=2,
    callback=_within(1, MOST_YEARS),
    help=f"年度数，1 至 {MOST_YEARS}，默认 2；最后一年是 {LAST_YEAR}",
)
@click.option("--seed", metavar="S", type=int, default=1, help="种子：任一整数，默认 1")
def demo(folder: Path, units: int, years: int, seed: int) -> None:
    """Make a province, and say what is in it and what comes next."""
    from jixiao.batch.demo.making import PLAN, TRUTH, make_demo  # Word and Excel: 0.3 s

    made = make_demo(folder.absolute(), Wish(units, years, seed))
    formats = "、".join(f"{name} {count}" for name, count in made.formats.items())
    planted = sum(len(filing.planted) for filing in made.contradicted)
    click.echo(f"示例工作区：{made.workspace.root}")
    click.echo(f"单位 {units} 个，材料 {made.filings} 份（{formats}）")
    click.echo(f"其中 {len(made.contradicted)} 份预埋矛盾 {planted} 处，见 {TRUTH}")
    click.echo("下一步：")
    click.echo(f"  cd {folder}")
    click.echo(f"  jixiao batch {PLAN}")
