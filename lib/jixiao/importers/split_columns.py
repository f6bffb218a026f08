"""Columns that one word of a header spans and the rows below divide (一词多列)."""

from __future__ import annotations

from collections.abc import Sequence

from jixiao.importers.grid_columns import Column, GridRow

Meanings = tuple[str | None, ...]


def split_columns(
    columns: tuple[Column, ...], meanings: Meanings, below: Sequence[GridRow]
) -> tuple[tuple[Column, ...], Meanings]:
    """Divide the column of the indicators where 评价内容 stands over a category and its items.

    Only a form that has no column for categories is read so, and only where the first row below
    has a cell that begins with the column, ends inside it and is merged with the next row.
    """
    if "indicator" not in meanings or {"category", "subcategory"} & set(meanings) or not below[1:]:
        return columns, meanings
    at = meanings.index("indicator")
    whole = columns[at]
    first = next((cell for cell in below[0] if cell.start == whole.start), None)
    under = next((cell for cell in below[1] if cell.start == whole.start), None)
    if first is None or under is None or first.end >= whole.end or not under.goes_on:
        return columns, meanings
    parts = (
        Column(whole.source, whole.start, first.end),
        Column(whole.source, first.end, whole.end),
    )
    return (
        (*columns[:at], *parts, *columns[at + 1 :]),
        (*meanings[:at], "category", "indicator", *meanings[at + 1 :]),
    )
