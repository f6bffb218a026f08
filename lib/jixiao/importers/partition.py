"""Cutting a block's cells into rows (分行), where blank lines are only hints.

The cheapest cut wins: rows of the header's width cost nothing, a row of another width costs 1,
and so on. The costs are an order of preferences, not measurements.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from jixiao.importers.raw import RawCell

_CUT_WITHOUT_BREAK = 0.6
_BREAK_INSIDE = 0.02
_WRONG_FIRST_CELL = 0.7
_ODD_WIDTH = 1.0
_ONE_CELL_OFF = 0.35
_ODD_AND_BROKEN = 1.5


def cut_into_rows(
    cells: Sequence[RawCell], width: int, begins_row: Callable[[RawCell], bool], *, open_end: bool
) -> tuple[tuple[RawCell, ...], ...]:
    r"""Cut cells into rows of `width`, short rows standing alone where the sum does not fit.

    Parameters
    ----------
    begins_row : whether a cell may be the first of a full row.
    open_end : the document stops here, so the last row may be incomplete.

    >>> cells = [RawCell(n, "\tx", n in (1, 3, 4, 7)) for n in range(1, 10)]
    >>> [len(row) for row in cut_into_rows(cells, 3, lambda cell: True, open_end=False)]
    [3, 3, 3]
    >>> [len(row) for row in cut_into_rows(cells, 6, lambda cell: True, open_end=False)]
    [6, 3]
    """
    count = len(cells)
    breaks = [0]
    for cell in cells:
        breaks.append(breaks[-1] + cell.after_break)
    cost = [0.0] + [float("inf")] * count
    came_from = [0] * (count + 1)
    for end in range(1, count + 1):
        cut = 0.0 if end == count or cells[end].after_break else _CUT_WITHOUT_BREAK
        for start in range(max(0, end - 2 * width - 2), end):
            inside = breaks[end] - breaks[start + 1]
            size = end - start
            price = cost[start] + cut + inside * _BREAK_INSIDE
            if size == width:
                price += 0 if begins_row(cells[start]) else _WRONG_FIRST_CELL
            elif open_end and end == count and size < width:
                price += _ODD_WIDTH
            else:
                price += _odd_price(size, width, inside)
            if price < cost[end] - 1e-9:
                cost[end], came_from[end] = price, start
    return _walk_back(cells, came_from)


def _odd_price(size: int, width: int, breaks_inside: int) -> float:
    if not breaks_inside:
        return _ODD_WIDTH
    return _ODD_WIDTH + (_ONE_CELL_OFF if abs(size - width) == 1 else _ODD_AND_BROKEN)


def _walk_back(
    cells: Sequence[RawCell], came_from: Sequence[int]
) -> tuple[tuple[RawCell, ...], ...]:
    rows: list[tuple[RawCell, ...]] = []
    end = len(cells)
    while end:
        start = came_from[end]
        rows.append(tuple(cells[start:end]))
        end = start
    return tuple(reversed(rows))
