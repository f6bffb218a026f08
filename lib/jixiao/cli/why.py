"""``jixiao batch PLAN --why UNIT YEAR`` (为何要重做): what would run, and what changed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jixiao.cli.show import print_json
from jixiao.errors import UnknownName
from jixiao.workspace.places import Workspace

if TYPE_CHECKING:
    from jixiao.batch.order import Order
    from jixiao.batch.why import Change, Why

_KINDS = {
    "filing": "报送材料",
    "params": "参数",
    "rubric": "评分规则",
    "notebook": "笔记本",
    "package": "本程序",
    "versions": "Python 与软件包的版本",
    "lock": "锁定文件",
    "fonts": "字体",
    "setting": "运行设定",
}
_DIFFERENCES = {"added": "新增", "removed": "没有了", "changed": "变了"}
_SETTINGS = {
    "schema": "运行目录的格式",
    "notebook": "用哪个笔记本",
    "audience": "读者",
    "formats": "格式",
    "parameters": "笔记本参数",
}


def tell_why(workspace: Workspace, plan: Path, outputs: Path, asked: tuple[str, int]) -> list[Why]:
    """Say of each run of one unit and year in a plan whether it is to do, and why.

    Raises
    ------
    UnknownName : the plan does not cover this unit and year; exit status 2.
    """
    from jixiao.batch.jobs import plan_batch
    from jixiao.batch.order import load_order
    from jixiao.batch.plan import plan_run
    from jixiao.batch.why import explain

    order = load_order(workspace, plan)
    batch = plan_batch(workspace, _narrowed(order, *asked), outputs)
    return [
        explain(
            plan_run(
                workspace,
                job.unit,
                job.year,
                job.key,
                job.notebook,
                dict(job.parameters),
                order.formats,
                job.audience,
                outputs=outputs,
            )
        )
        for job in batch.jobs
    ]


def _narrowed(order: Order, unit: str, year: int) -> Order:
    if unit not in order.units:
        raise UnknownName.among("unknown-unit", "计划中的单位编号", unit, order.units)
    if year not in order.years:
        known = tuple(map(str, order.years))
        raise UnknownName.among("unknown-year", "计划中的年度", str(year), known)
    return replace(order, units=(unit,), years=(year,))


def print_why(found: list[Why], *, as_json: bool) -> None:
    """Print what would be done with each run, and why."""
    if as_json:
        print_json([why.as_json() for why in found])
        return
    for why in found:
        click.echo(f"{why.name}：{_sentence(why)}")
        for change in why.changes:
            click.echo(f"  · {_line(change)}")
        if why.failure:
            click.echo(f"  上次失败：{' '.join(why.failure.split())}")


def _sentence(why: Why) -> str:
    match why.state:
        case "unchanged":
            return f"没有变化，运行 {why.run} 在，完好，不会重做"
        case "not-current":
            return f"运行 {why.run} 在，完好，只需把 {why.pointer} 指向它，不会重做"
        case "damaged":
            return f"将会重做，原有的运行已损坏（{why.damage}）"
        case "changed":
            return f"将会重做，与现有的运行 {why.current} 相比，有 {len(why.changes)} 处变化"
        case _:
            return "将会运行，还没有成功的运行"


def _line(change: Change) -> str:
    from jixiao.batch.why import kind_of

    kind = _KINDS[kind_of(change.name)]
    name = _SETTINGS.get(change.name, change.name)
    return f"{kind}：{name} {_DIFFERENCES[change.difference]}"
