"""The mail of ``jixiao batch`` (邮件): settled before anything runs, and never worth a result."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

import click

from jixiao.errors import BadFile, JixiaoError

if TYPE_CHECKING:
    from jixiao.batch.journal import Journal
    from jixiao.batch.mail import Post
    from jixiao.datum import Json

#: Lines of a mail; a batch that failed throughout is told in its log.
_MOST_LINES = 200


class Mail:
    """The mail of one batch; left by an error, it tells that error.

    The password is taken out of the environment, so that no notebook is given it.
    """

    def __init__(self, addresses: Sequence[str], plan: Path) -> None:
        self.addresses, self.plan = addresses, plan
        self.environment = dict(os.environ)
        self.password = os.environ.pop("JIXIAO_MAIL_PASSWORD", "")
        self.post: Post | None = None

    def __enter__(self) -> Mail:
        """Settle what can be settled without the plan, which may be no plan at all."""
        from jixiao.batch.mail import Post

        with suppress(BadFile):
            self.settle(Post())
        return self

    def settle(self, ordered: Post) -> None:
        """Settle whom it goes to and by which server.

        Raises
        ------
        BadFile : ``mail-setting``.
        """
        from jixiao.batch.mail import settle_post

        self.post = settle_post(ordered, self.addresses, self.environment)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Tell of a batch that did not come to its end."""
        if isinstance(error, JixiaoError):
            self._tell(f"批次 {self.plan.stem}：没有完成", str(error).split("\n"))

    def tell(self, summary: dict[str, Json], lines: Sequence[str], journal: Journal) -> None:
        """Tell of a batch that ended, and write down whether that could be sent."""
        if self.post is None:
            return
        counts = f"完成 {summary['done']}，失败 {summary['failed']}，没有报送 {summary['absent']}"
        why = self._tell(f"批次 {self.plan.stem}：{counts}", lines)
        with suppress(JixiaoError):
            journal.write(event="mail", to=list(self.post.to), sent=not why, message=why)

    def _tell(self, subject: str, lines: Sequence[str]) -> str:
        """Send; give why it could not be sent, which is a line on the terminal and no more."""
        from jixiao.batch.mail import compose, send

        if self.post is None:
            return ""
        rest = len(lines) - _MOST_LINES
        kept = [*lines[:_MOST_LINES], *([f"…… 另有 {rest} 行，见日志"] if rest > 0 else [])]
        place = [f"机器：{platform.node()}", f"计划：{self.plan.absolute()}"]
        try:
            send(
                self.post,
                compose(self.post, f"[jixiao] {subject}", [*kept, *place]),
                self.password,
            )
        except JixiaoError as error:
            click.echo(f"! {error}", err=True)
            return str(error)
        return ""
