"""``jixiao batch`` (批量): many units and years, as a plan orders them."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import click

from jixiao.cli.bar import can_show_bars, showing_batch
from jixiao.cli.show import print_json, shown
from jixiao.cli.site import make_overview
from jixiao.cli.why import print_why, tell_why
from jixiao.cli.words import Command, read_year
from jixiao.errors import BadFile, JixiaoError
from jixiao.workspace.files import ensure_writable
from jixiao.workspace.places import Workspace

if TYPE_CHECKING:
    from jixiao.batch.jobs import Batch, Job
    from jixiao.batch.journal import Journal
    from jixiao.batch.supervisor import Ended, Setting
    from jixiao.datum import Json

_PATH = click.Path(path_type=Path)
_LINE_SECONDS = 30.0


def _read_asked(
    context: click.Context, parameter: click.Parameter, value: tuple[str, str] | None
) -> tuple[str, int] | None:
    """Read a unit and a year; a click callback."""
    year = read_year(context, parameter, value[1]) if value else None
    return (value[0], year) if value and year else None


@click.command(
    cls=Command,
    help="按计划批量评价：单位 × 年度。全部核对无误才开始；已有且完好的不再运行，中断后再次运行即可续做。",
)
@click.argument("plan", metavar="PLAN.yaml", type=_PATH)
@click.option("--workers", metavar="N", type=click.IntRange(1), help="同时运行几份，默认处理器个数")
@click.option("--outputs", metavar="DIR", type=_PATH, help="输出目录，默认工作区的 outputs")
@click.option("--force", is_flag=True, help="已有运行也再运行一次，逐字节比较")
@click.option("--wait", is_flag=True, help="输出目录被另一个批次占用时等它结束")
@click.option(
    "--why",
    nargs=2,
    metavar="UNIT YEAR",
    callback=_read_asked,
    help="不运行，只说明这个单位和年度为何要重做",
)
@click.option("--json", "as_json", is_flag=True, help="最后只输出 JSON 汇总")
def batch(
    plan: Path,
    workers: int | None,
    outputs: Path | None,
    force: bool,
    wait: bool,
    why: tuple[str, int] | None,
    as_json: bool,
) -> int:
    """Run a plan; 0 all done, 1 some failed, 2 a bad plan."""
    from jixiao.batch.holding import holding
    from jixiao.batch.journal import Journal
    from jixiao.batch.supervisor import Setting

    workspace = Workspace.find()
    place = (outputs or workspace.outputs).absolute()
    if why:
        with _bad_plan():
            print_why(tell_why(workspace, plan, place, why), as_json=as_json)
        return 0
    planned = _planned(workspace, plan, place)
    count = workers or planned.order.workers or os.cpu_count() or 1
    ensure_writable(place)
    with holding(place, planned.order.name, wait=wait):
        journal = Journal.begin(place, planned, count)
        ended, summary = _run(planned, Setting(workspace, place, count, force), journal)
        _write_overview(workspace, place)
    if as_json:
        print_json(summary)
    else:
        _print_summary(planned, ended, summary, journal.path)
    return 1 if summary["failed"] else 0


def _run(planned: Batch, setting: Setting, journal: Journal) -> tuple[list[Ended], dict[str, Json]]:
    """Run the batch, writing down each run as it ends, and the sum even where it is stopped."""
    from jixiao.batch.journal import summary_of
    from jixiao.batch.supervisor import Supervisor

    ended: list[Ended] = []
    began = time.monotonic()
    try:
        with _showing(planned, setting.workers) as show:

            def tell(run: Ended) -> None:
                ended.append(run)
                journal.ended(run)
                show.ended(run)

            Supervisor(planned, setting, tell, show.at).run()
    finally:
        summary = summary_of(planned, ended, time.monotonic() - began)
        journal.end(summary)
    return ended, summary


def _write_overview(workspace: Workspace, outputs: Path) -> None:
    """Make the page over all runs; where it cannot be, the runs are no worse for it."""
    try:
        make_overview(workspace, outputs)
    except JixiaoError as error:
        click.echo(f"总览页没有更新：{error}", err=True)


def _planned(workspace: Workspace, plan: Path, outputs: Path) -> Batch:
    """Check the plan; whatever is wrong with it is exit status 2, and nothing ran."""
    from jixiao.batch.jobs import plan_batch
    from jixiao.batch.order import load_order

    with _bad_plan():
        return plan_batch(workspace, load_order(workspace, plan), outputs)


@contextmanager
def _bad_plan() -> Iterator[None]:
    """Give what is wrong with a plan exit status 2."""
    try:
        yield
    except BadFile as error:
        error.exit_status = 2
        raise


class Show(Protocol):
    """Shows a batch while it runs."""

    def at(self, worker: int, job: Job, cell: int, of: int) -> None:
        """Show what a worker is at."""

    def ended(self, run: Ended) -> None:
        """Show a run that ended."""


@contextmanager
def _showing(planned: Batch, workers: int) -> Iterator[Show]:
    """Show a bar on a terminal; lines elsewhere, few enough for a log."""
    if can_show_bars():
        with showing_batch(len(planned.jobs), workers) as bars:
            yield bars
    else:
        yield _Lines(len(planned.jobs))


class _Lines:
    """Prints failures at once, and how far the batch is every half minute."""

    def __init__(self, total: int) -> None:
        self.total, self.done, self.failed = total, 0, 0
        self.began = self.said = time.monotonic()

    def at(self, worker: int, job: Job, cell: int, of: int) -> None:
        """Say nothing of single cells."""

    def ended(self, run: Ended) -> None:
        """Count; say a failure, and now and then how far it is."""
        self.done += not run.is_failed
        self.failed += run.is_failed
        if run.is_failed:
            click.echo(f"✗ {failure_line(run)}", err=True)
        now = time.monotonic()
        if now - self.said > _LINE_SECONDS:
            self.said = now
            left = self.total - self.done - self.failed
            rate = (self.done + self.failed) / (now - self.began)
            click.echo(
                f"完成 {self.done}，失败 {self.failed}，余 {left}，每分钟 {rate * 60:.0f} 份，"
                f"约余 {left / rate / 60:.0f} 分钟",
                err=True,
            )


def failure_line(run: Ended) -> str:
    """Tell a failure in one line: unit, year, key, why, and where its notebook lies."""
    tries = f"（试了 {run.attempts} 次）" if run.attempts > 1 else ""
    where = f"　{shown(Path(run.folder))}" if run.folder and Path(run.folder).is_dir() else ""
    return f"{run.job.name}{tries}：{' '.join(run.message.split())}{where}"


def _print_summary(planned: Batch, ended: list[Ended], summary: dict[str, Json], log: Path) -> None:
    from jixiao.batch.supervisor import slowest

    counts = {run.status: 0 for run in ended}
    for run in ended:
        counts[run.status] += 1
    words = {
        "made": "新做",
        "unchanged": "输入没有变化",
        "confirmed": "再次运行且相同",
        "repaired": "修复",
        "failed": "失败",
    }
    listed = "，".join(f"{words[key]} {counts[key]}" for key in words if key in counts)
    click.echo(
        f"批次 {planned.order.name}：共 {len(planned.jobs)} 份，{listed}，用时 {summary['seconds']} 秒"
    )
    if planned.absent:
        named = "、".join(f"{unit} {year}" for unit, year in planned.absent[:10])
        more = " 等" if len(planned.absent) > 10 else ""
        click.echo(f"没有报送 {len(planned.absent)} 份：{named}{more}")
    if slow := slowest(ended, 3):
        click.echo(f"最慢：{'，'.join(f'{run.job.name} {run.seconds:.1f} 秒' for run in slow)}")
    for run in ended:
        if run.is_failed:
            click.echo(f"✗ {failure_line(run)}")
    click.echo(f"日志：{shown(log)}")
    if (page := log.parents[1] / "index.html").exists():
        click.echo(f"总览：{shown(page)}")
