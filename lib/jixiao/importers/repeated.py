"""Rows that stand in a table twice (重复的行): flagged with both addresses.

Both are kept as filed, and sums are those of the table as it stands: which of the two is one too
many, or whether two alike are meant, only the unit can say.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator

from jixiao.datum import Source
from jixiao.importers.cells import clean
from jixiao.model import BudgetLine, ExpenditureRow, Indicator, Problem


def repeated_indicators(indicators: Iterable[Indicator]) -> Iterator[Problem]:
    """Find indicators that stand in two rows with the same target and the same result."""
    yield from _repeated(
        (
            ((i.category, i.subcategory, i.name, i.target.text, i.achieved.text), i.source)
            for i in indicators
            if i.name
        ),
        "指标",
        "目标值和完成值",
    )


def repeated_lines(lines: Iterable[BudgetLine]) -> Iterator[Problem]:
    """Find lines of a budget that stand there twice with the same amounts."""
    amounts = (
        (line, (line.original_budget, line.final_budget, line.actual_expenditure)) for line in lines
    )
    yield from _repeated(
        (
            ((line.group, line.label, *(a.value if a else None for a in three)), line.source)
            for line, three in amounts
            if any(a and a.value for a in three)
        ),
        "项资金",
        "各数",
    )


def repeated_expenditure(rows: Iterable[ExpenditureRow]) -> Iterator[Problem]:
    """Find rows of the base data that stand there twice with the same amounts."""
    amounts = ((row, (row.prior_outturn, row.budget, row.outturn)) for row in rows)
    yield from _repeated(
        (
            ((row.name, row.level, *(amount.value for amount in three)), row.source)
            for row, three in amounts
            if any(amount.value for amount in three)
        ),
        "项支出",
        "各数",
    )


def _repeated(rows: Iterable[tuple[Hashable, Source]], what: str, alike: str) -> Iterator[Problem]:
    seen: dict[Hashable, Source] = {}
    for key, source in rows:
        first = seen.setdefault(key, source)
        if first is not source:
            yield Problem(
                "row-repeated",
                f"{source.address} “{clean(source.text)[:20]}”：与 {first.address} 是同一{what}，"
                f"{alike}也相同。两行都按原样保留，合计也按原表。同一{what}应只填一次。"
                "请核对原件，去掉多出的一行。",
                source,
            )
