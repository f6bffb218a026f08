"""A table as it comes out of a text (原始表格): cells in order, without addresses yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal, TypeAlias

from jixiao.importers.cells import is_blank

Rows: TypeAlias = tuple[tuple["RawCell", ...], ...]
#: How a text keeps the cells of a table apart.
#: ``gridded``: rows and columns are known, from a document that has cells.
Layout: TypeAlias = Literal["gridded", "tabbed", "piped", "spaced", "joined"]


@dataclass(frozen=True, slots=True)
class RawCell:
    """One cell as found: the line it begins on and its characters, line breaks included.

    ``after_break`` : a row may begin here. ``label`` : its text as a form's YAML writes labels.
    ``lost`` : a blank put where the text does not decide what stands. ``at`` and ``width`` : the
    first column of the grid it covers and how many, 0 where the text has no grid. ``covered`` :
    it belongs to the cell above. ``place`` : which it is of the cells of its line, from 1; 0 where
    it has its lines to itself, or was put in.
    """

    line: int
    text: str
    after_break: bool
    label: str = ""
    lost: bool = False
    at: int = 0
    width: int = 1
    covered: bool = False
    place: int = 0

    @property
    def is_blank(self) -> bool:
        """Whether the cell holds nothing but white space."""
        return is_blank(self.text)


@dataclass(frozen=True, slots=True)
class RawTable:
    """The cells of one table, whether the document ends with them, and how they stand apart.

    ``is_cut`` : words behind the last row begin another one that the document does not hold.
    """

    cells: tuple[RawCell, ...]
    ends_document: bool
    layout: Layout = "tabbed"
    is_cut: bool = False


def rows_at_breaks(cells: Sequence[RawCell]) -> Rows:
    """Give the rows as the document has them."""
    starts = [index for index, cell in enumerate(cells) if cell.after_break or not index]
    return tuple(tuple(cells[a:b]) for a, b in pairwise([*starts, len(cells)]))


def tell_apart(table: RawTable) -> RawTable:
    """Number the cells of each line where a line may hold more than its cell."""
    if table.layout in ("gridded", "tabbed"):
        return table
    seen = Counter[int]()
    cells = []
    for cell in table.cells:
        seen[cell.line] += 1
        cells.append(replace(cell, place=seen[cell.line]))
    return replace(table, cells=tuple(cells))
