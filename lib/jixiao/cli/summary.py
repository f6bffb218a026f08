"""What a batch has come to (汇总), in lines for a terminal, a log or a mail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from jixiao.cli.show import shown
from jixiao.model import mask_private

if TYPE_CHECKING:
    from jixiao.batch.jobs import Batch
    from jixiao.batch.supervisor import Ended
    from jixiao.datum import Json

_STATUS = {
    "made": "新做",
    "unchanged": "输入没有变化",
    "confirmed": "再次运行且相同",
    "repaired": "修复",
    "failed": "失败",
}
_MOST_NAMED = 10


def summary_lines(
    planned: Batch, ended: Sequence[Ended], summary: dict[str, Json], log: Path
) -> Iterator[str]:
    """Sum up a batch: counts, who has not filed, the slowest, each failure, where the log lies."""
    from jixiao.batch.supervisor import slowest

    counts = Counter(run.status for run in ended)
    listed = "，".join(f"{words} {counts[key]}" for key, words in _STATUS.items() if counts[key])
    yield (
        f"批次 {planned.order.name}：共 {len(planned.jobs)} 份，{listed}，用时 {summary['seconds']} 秒"
    )
    if planned.absent:
        named = "、".join(f"{unit} {year}" for unit, year in planned.absent[:_MOST_NAMED])
        more = " 等" if len(planned.absent) > _MOST_NAMED else ""
        yield f"没有报送 {len(planned.absent)} 份：{named}{more}"
    if slow := slowest(ended, 3):
        yield f"最慢：{'，'.join(f'{run.job.name} {run.seconds:.1f} 秒' for run in slow)}"
    for run in ended:
        if run.is_failed:
            yield f"✗ {failure_line(run)}"
    yield f"日志：{shown(log)}"
    if (page := log.parents[1] / "index.html").exists():
        yield f"总览：{shown(page)}"


def failure_line(run: Ended) -> str:
    """Tell a failure in one line: unit, year, key, why, and where its notebook lies.

    What a notebook said may quote a filing, so personal data in it are masked.
    """
    tries = f"（试了 {run.attempts} 次）" if run.attempts > 1 else ""
    where = f"　{shown(Path(run.folder))}" if run.folder and Path(run.folder).is_dir() else ""
    message = " ".join(run.message.split()).removeprefix(f"{run.job.name}：")
    return f"{run.job.name}{tries}：{mask_private(message)}{where}"
