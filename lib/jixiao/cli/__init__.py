"""The command line (命令行): words into calls, mistakes into one clear message.

Exit status: 0 done; 1 something wrong in a file or a run; 2 an unknown command, option, unit,
year, project or rule book; 130 or 143 stopped by a signal. Nothing of the notebook stack is
imported before a command needs it.
"""

from __future__ import annotations

import errno
import signal
import sys
from collections.abc import Sequence
from types import FrameType

import click

from jixiao import __version__
from jixiao.batch.starting import skip_slow_import
from jixiao.cli.batch import batch
from jixiao.cli.cohort import cohort
from jixiao.cli.demo import demo
from jixiao.cli.faults import written_down
from jixiao.cli.forms import forms
from jixiao.cli.house import doctor, lab
from jixiao.cli.intake import intake
from jixiao.cli.judging import audit, score
from jixiao.cli.proving import sign, verify
from jixiao.cli.prune import prune
from jixiao.cli.reading import read
from jixiao.cli.report import report
from jixiao.cli.reviewing import findings, letter
from jixiao.cli.rule_books import rubrics
from jixiao.cli.site import site
from jixiao.cli.starting import init
from jixiao.cli.words import Group, in_chinese
from jixiao.errors import JixiaoError
from jixiao.workspace.files import cause_of

#: What a stream says that leads to a full disk.
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})


class Stopped(KeyboardInterrupt):
    """A signal asked us to stop (中止)."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@click.group(
    cls=Group,
    help="绩效评价工作台：读取绩效自评材料，按评分规则重算，逐项核查，生成报告。",
    commands=[
        report,
        batch,
        cohort,
        site,
        prune,
        intake,
        read,
        score,
        audit,
        findings,
        letter,
        forms,
        sign,
        verify,
        rubrics,
        init,
        demo,
        lab,
        doctor,
    ],
)
@click.version_option(__version__, message="jixiao %(version)s", help="显示版本")
def commands() -> None:
    """Hold the commands."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and leave with its exit status."""
    skip_slow_import()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop)
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit status."""
    try:
        status = commands.main(
            None if arguments is None else list(arguments),
            prog_name="jixiao",
            standalone_mode=False,
        )
    except JixiaoError as error:
        return _tell(error)
    except click.Abort as abort:
        stopped = abort.__cause__
        number = stopped.number if isinstance(stopped, Stopped) else signal.SIGINT
        click.echo("已中止，没有留下写了一半的文件。", err=True)
        return 128 + number
    except click.ClickException as error:
        return _tell(in_chinese(error))
    except Exception as error:  # noqa: BLE001 - the last that could tell it in one line
        return _tell(_unwritten(error) or written_down(error))
    return status if isinstance(status, int) else 0


def _unwritten(error: Exception) -> JixiaoError | None:
    """Tell of standard output on a full disk; any other refusal is a fault of ours."""
    if not isinstance(error, OSError) or error.filename or error.errno not in _NO_ROOM:
        return None
    return JixiaoError(
        "cannot-print",
        f"输出写不下去：{cause_of(error)}",
        where="标准输出",
        action="请检查重定向到的文件所在的磁盘；已完成的运行不受影响",
    )


def _tell(error: JixiaoError) -> int:
    click.echo(str(error), err=True)
    return error.exit_status


def _stop(number: int, frame: FrameType | None) -> None:
    """Stop once in an orderly way; the same signal again ends the process at once."""
    signal.signal(number, signal.SIG_DFL)
    raise Stopped(number)
