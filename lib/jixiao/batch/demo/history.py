"""What two years of one unit say of each other (历年勾稽): last year's outturn, told twice."""

from __future__ import annotations

from collections.abc import Iterator

from jixiao.batch.demo.draft import Draft
from jixiao.batch.demo.planted import Planted


def told_otherwise(before: Draft, now: Draft) -> Iterator[Planted]:
    """Find rows whose prior outturn is not what the filing of the year before said.

    Contradictions are planted year by year: one in last year's outturn, or in this year's column
    for last year, makes the two filings differ, and a check that knows both must find it.
    """
    earlier = {line.key: line.outturn for line in before.base.lines}
    for line in now.base.lines:
        outturn = earlier.get(line.key)
        if line.prior is None or outturn is None or line.prior == outturn:
            continue
        where = f"附件1 {line.label.strip('　')} {now.year - 1}年决算数"
        yield Planted("F-03", "department", where, str(outturn), str(line.prior))
