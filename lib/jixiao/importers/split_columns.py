"""Columns that one word of a header spans and the rows below divide (一词多列)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jixiao.importers.cells import is_blank
from jixiao.importers.grid_columns import Column, GridRow

Meanings = tuple[str | None, ...]
#: What stands under 年度指标值 in three cells, or in two: ≥ ｜ 95 ｜ %.
_PARTS_OF_TARGET = {3: ("operator", "target", "unit"), 2: ("operator", "target")}
_ROWS_TO_LOOK_AT = 8
_TWO_CELLS = 3  # edges


def split_columns(
    columns: tuple[Column, ...], meanings: Meanings, below: Sequence[GridRow]
) -> tuple[tuple[Column, ...], Meanings]:
    """Divide the columns that several cells of the rows below stand under.

    年度指标值 may stand over operator, value and unit; 评价内容 over a category and its items,
    where the form has no column for categories and the category is merged over its rows.
    """
    if "indicator" not in meanings:
        return columns, meanings
    meanings = _with_blanks(columns, meanings)
    found: list[tuple[Column, str | None]] = []
    for column, meaning in zip(columns, meanings, strict=True):
        found.extend(_parts(column, meaning, meanings, below))
    return tuple(column for column, _ in found), tuple(meaning for _, meaning in found)


def _with_blanks(columns: Sequence[Column], meanings: Meanings) -> Meanings:
    """Name 年度指标值 and the two blank words behind it, where a page took the merge apart."""
    if "target" not in meanings or {"operator", "unit"} & set(meanings):
        return meanings
    at = meanings.index("target")
    blank = [is_blank(column.source.text) for column in columns[at + 1 : at + 3]]
    if blank != [True, True]:
        return meanings
    return (*meanings[:at], *_PARTS_OF_TARGET[3], *meanings[at + 3 :])


def _parts(
    column: Column, meaning: str | None, meanings: Meanings, below: Sequence[GridRow]
) -> Iterator[tuple[Column, str | None]]:
    names: Sequence[str | None] = (meaning,)
    edges = [column.start, column.end]
    if meaning == "target" and not {"operator", "unit"} & set(meanings):
        edges = max(
            (_edges(row, column) for row in below[:_ROWS_TO_LOOK_AT]), key=len, default=edges
        )
        names = _PARTS_OF_TARGET.get(len(edges) - 1, names)
    elif meaning == "indicator" and not {"category", "subcategory"} & set(meanings):
        merged = below[1:] and any(c.goes_on and c.start == column.start for c in below[1])
        edges = _edges(below[0], column) if merged else edges
        names = ("category", "indicator") if len(edges) == _TWO_CELLS else names
    if len(names) == 1:
        edges = [column.start, column.end]
    for name, start, end in zip(names, edges[:-1], edges[1:], strict=True):
        yield Column(column.source, start, end), name


def _edges(row: GridRow, column: Column) -> list[int]:
    """Where the cells of a row begin that stand under a column, and where the column ends."""
    starts = [c.start for c in row if column.start <= c.start and c.end <= column.end]
    return [*starts, column.end] if starts[:1] == [column.start] else [column.start, column.end]
