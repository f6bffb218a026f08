"""``jixiao report`` (生成报告): run the notebooks of one unit and year, and say where they lie."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jixiao.cli.bar import can_show_bars, showing_cells
from jixiao.cli.show import shown
from jixiao.cli.words import Command, read_year
from jixiao.errors import JixiaoError, UnknownName
from jixiao.model import SEVERITY_WORDS
from jixiao.workspace.files import ensure_writable
from jixiao.workspace.machine import ensure_descriptors
from jixiao.workspace.places import Workspace
from jixiao.workspace.runs import AUDIENCES

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from jixiao.batch.plan import Audience, RunPlan
    from jixiao.batch.run import Outcome

_STATUS = {
    "made": "完成",
    "unchanged": "输入没有变化，沿用已有的运行",
    "confirmed": "再次运行，与已有的逐字节相同",
    "repaired": "完成",
}
_SHOWN = ("report.ipynb", "report.html", "report.pdf")


@click.command(cls=Command, help="生成一个单位一个年度的报告：部门整体与各项目。")
@click.argument("unit", metavar="UNIT")
@click.argument("year", metavar="YEAR", callback=read_year)
@click.option("--project", metavar="ID", help="只生成这一个项目")
@click.option("--formats", metavar="LIST", default="html,pdf", help="格式，默认 html,pdf")
@click.option(
    "--audience",
    metavar="NAME",
    default="internal",
    help="读者：internal（内部，默认）或 public（公开，隐去个人信息）",
)
@click.option("--outputs", metavar="DIR", type=Path, help="输出目录，默认工作区的 outputs")
@click.option("--force", is_flag=True, help="已有运行也再运行一次，逐字节比较")
def report(
    unit: str,
    year: int,
    project: str | None,
    formats: str,
    audience: str,
    outputs: Path | None,
    force: bool,
) -> int:
    """Run, render, and print the paths; 1 where a run failed."""
    workspace = Workspace.find()
    from jixiao.batch.failure import keep_fault
    from jixiao.batch.report import plan_report
    from jixiao.batch.run import execute

    plans = plan_report(
        workspace,
        unit,
        year,
        project=project,
        formats=read_formats(formats),
        audience=_read_audience(audience),
        outputs=outputs,
    )
    ensure_writable((outputs or workspace.outputs).absolute())
    ensure_descriptors()
    failed = 0
    for plan in plans:
        try:
            with progress_of(plan) as watch:
                outcome = execute(plan, force=force, watch=watch)
        except JixiaoError as error:
            click.echo(f"✗ {error}", err=True)
            failed += 1
        except Exception as error:  # noqa: BLE001 - a fault of ours spoils one run, as in a batch
            click.echo(f"✗ {keep_fault(plan, error)}", err=True)
            failed += 1
        else:
            print_outcome(outcome, summary_line(outcome.folder))
    if failed:
        click.echo(f"完成 {len(plans) - failed} 份，失败 {failed} 份", err=True)
    return 1 if failed else 0


def read_formats(listed: str) -> tuple[str, ...]:
    """Read a list of formats with commas."""
    names = tuple(name.strip() for name in listed.split(",") if name.strip())
    if not names:
        raise UnknownName("unknown-format", "没有给出格式", expected="html、pdf，或两者用逗号隔开")
    return names


def _read_audience(name: str) -> Audience:
    match name:
        case "internal" | "public":
            return name
    raise UnknownName.among("unknown-audience", "读者", name, AUDIENCES)


def print_outcome(outcome: Outcome, line: str) -> None:
    """Print what became of a run, a line that sums it up, and where its files lie."""
    plan = outcome.plan
    click.echo(f"{plan.name}：{_STATUS[outcome.status]}")
    if outcome.note:
        click.echo(f"  {outcome.note}")
    click.echo(f"  {line}")
    for name in _SHOWN:
        path = outcome.folder / name
        if path.exists():
            click.echo(f"  {shown(path)}")


def summary_line(folder: Path) -> str:
    """Sum up ``result.json`` in one line: stated, recomputed, findings by severity."""
    result = json.loads((folder / "result.json").read_bytes())
    card = result.get("score") or {}
    audit = result.get("audit") or {}
    counted = audit.get("counts") or Counter(f["severity"] for f in audit.get("findings", ()))
    counts = [f"{word} {counted.get(key, 0)}" for key, word in SEVERITY_WORDS.items()]
    if follow := len(audit.get("findings", ())) - sum(counted.values()):
        counts.append(f"另有 {follow} 项由其引起")
    stated, total = card.get("stated_total"), card.get("total_on_100")
    grade = card.get("grade")
    scores = f"自评 {stated or '未填'} → 重算 {total or '不能得出'}/100"
    return f"{scores}{f'（{grade}）' if grade else ''} · 核查发现：{'，'.join(counts)}"


def progress_of(plan: RunPlan) -> AbstractContextManager[Callable[[NotebookNode, int], None]]:
    """Show the cell being run: a bar on a terminal, a line for each heading elsewhere."""
    return showing_cells(plan.name) if can_show_bars() else nullcontext(_Lines(plan.name))


class _Lines:
    """Prints a line whenever a heading is reached."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, nb: NotebookNode, index: int) -> None:
        heading = heading_at(nb, index)
        if heading:
            click.echo(f"{self.name} [{index + 1}/{len(nb.cells)}] {heading}", err=True)


def heading_at(nb: NotebookNode, index: int) -> str:
    """Give the heading that the markdown cell at `index` begins with, else an empty text."""
    cell = nb.cells[index]
    first = cell.source.lstrip().partition("\n")[0] if cell.cell_type == "markdown" else ""
    return first.lstrip("#").strip() if first.startswith("#") else ""
