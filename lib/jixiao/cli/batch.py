"""``jixiao batch`` (批量): many units and years, as a plan orders them."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jixiao.cli.mail import Mail
from jixiao.cli.show import print_json
from jixiao.cli.showing import showing
from jixiao.cli.site import make_overview
from jixiao.cli.summary import summary_lines
from jixiao.cli.why import print_why, tell_why
from jixiao.cli.words import Command, read_year
from jixiao.errors import BadFile, JixiaoError
from jixiao.workspace.files import ensure_writable
from jixiao.workspace.machine import ensure_descriptors
from jixiao.workspace.places import Workspace

if TYPE_CHECKING:
    from jixiao.batch.jobs import Batch
    from jixiao.batch.journal import Journal
    from jixiao.batch.supervisor import Ended, Setting
    from jixiao.datum import Json

#: What cannot be read is told by the reader of YAML, in Chinese.
_PATH = click.Path(path_type=Path, readable=False)


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
@click.option(
    "--mail",
    metavar="ADDRESS",
    multiple=True,
    help="结束后把汇总寄到这个地址，可以写多次；服务器与口令在环境变量 JIXIAO_MAIL_* 里",
)
@click.option("--json", "as_json", is_flag=True, help="最后只输出 JSON 汇总")
def batch(
    plan: Path,
    workers: int | None,
    outputs: Path | None,
    force: bool,
    wait: bool,
    why: tuple[str, int] | None,
    mail: tuple[str, ...],
    as_json: bool,
) -> int:
    """Run a plan; 0 all done, 1 some failed, 2 a bad plan."""
    from jixiao.batch.supervisor import Setting

    workspace = Workspace.find()
    place = (outputs or workspace.outputs).absolute()
    if why:
        with _bad_plan():
            print_why(tell_why(workspace, plan, place, why), as_json=as_json)
        return 0
    with Mail(mail, plan) as post:
        planned = _planned(workspace, plan, place, post)
        count = workers or planned.order.workers or os.cpu_count() or 1
        ensure_writable(place)
        ensure_descriptors(count)
        ended, summary, journal = _hold_and_run(
            planned, Setting(workspace, place, count, force), wait=wait
        )
    lines = list(summary_lines(planned, ended, summary, journal.path))
    try:
        print_json(summary) if as_json else click.echo("\n".join(lines))
    finally:
        post.tell(summary, lines, journal)  # also where nobody reads what is printed
    return 1 if summary["failed"] else 0


def _hold_and_run(
    planned: Batch, setting: Setting, *, wait: bool
) -> tuple[list[Ended], dict[str, Json], Journal]:
    """Run the batch while no other uses its folder."""
    from jixiao.batch.holding import holding
    from jixiao.batch.journal import Journal

    with holding(setting.outputs, planned.order.name, wait=wait):
        journal = Journal.begin(setting.outputs, planned, setting.workers)
        ended, summary = _run(planned, setting, journal)
        for audience in planned.order.audiences:
            _write_overview(setting.workspace, setting.outputs, audience)
    return ended, summary, journal


def _run(planned: Batch, setting: Setting, journal: Journal) -> tuple[list[Ended], dict[str, Json]]:
    """Run the batch, writing down each run as it ends, and the sum even where it is stopped."""
    from jixiao.batch.journal import summary_of
    from jixiao.batch.supervisor import Supervisor

    ended: list[Ended] = []
    began = time.monotonic()
    log = _Log()
    try:
        with showing(len(planned.jobs), setting.workers) as show:

            def tell(run: Ended) -> None:
                ended.append(run)
                log.keep(lambda: journal.ended(run))
                show.ended(run)

            supervisor = Supervisor(planned, setting, tell, show.at)
            supervisor.run()
        if why := supervisor.unforked:
            log.keep(lambda: journal.write(event="kernels", warm=False, message=why))
            click.echo(f"! 没有用预热的内核（{why}），每份约慢一秒；结果相同", err=True)
    finally:
        summary = summary_of(planned, ended, time.monotonic() - began)
        log.keep(lambda: journal.end(summary))
    return ended, summary


class _Log:
    """Keeps lines of the log; that one cannot be written is said once, and ends no batch."""

    def __init__(self) -> None:
        self.is_lost = False

    def keep(self, write: Callable[[], None]) -> None:
        try:
            write()
        except JixiaoError as error:
            if not self.is_lost:
                click.echo(f"! 日志没有写全：{error}", err=True)
            self.is_lost = True


def _write_overview(workspace: Workspace, outputs: Path, audience: str) -> None:
    """Make the page over all runs; where it cannot be, the runs are no worse for it."""
    try:
        make_overview(workspace, outputs, audience)
    except JixiaoError as error:
        click.echo(f"总览页没有更新：{error}", err=True)


def _planned(workspace: Workspace, plan: Path, outputs: Path, post: Mail) -> Batch:
    """Check the plan, the mail's setting too; what is wrong is exit status 2, and nothing ran."""
    from jixiao.batch.jobs import plan_batch
    from jixiao.batch.order import load_order

    with _bad_plan():
        order = load_order(workspace, plan)
        post.settle(order.mail)
        return plan_batch(workspace, order, outputs)


@contextmanager
def _bad_plan() -> Iterator[None]:
    """Give what is wrong with a plan exit status 2."""
    try:
        yield
    except BadFile as error:
        error.exit_status = 2
        raise
