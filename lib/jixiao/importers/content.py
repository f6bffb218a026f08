"""What a document holds in the order it is printed (内容): running text, and tables of cells.

The readers of Word, Excel and HTML give this; text exports are cut into the same by their words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Remark:
    """Something a reader met at one place (提示): a code and the words behind the address."""

    code: str
    words: str


@dataclass(frozen=True, slots=True)
class Text:
    """One paragraph of running text; in a sheet with the row and column it stands in."""

    text: str
    row: int | None = None
    column: int | None = None
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a row with its place in the table, counted from 1, and how far it reaches.

    A cell merged over several rows holds its text in the first; in each row below stands an
    empty cell that is ``covered``. Cells merged over columns are one cell.
    """

    text: str
    row: int
    column: int
    columns: int = 1
    remarks: tuple[Remark, ...] = ()
    covered: bool = False


@dataclass(frozen=True, slots=True)
class CellTable:
    """One table: rows of cells from left to right."""

    rows: tuple[tuple[Cell, ...], ...]


Piece: TypeAlias = Text | CellTable


@dataclass(frozen=True, slots=True)
class Sheet:
    """One stretch of a document (工作表): of a workbook its sheet, else the whole, without name."""

    name: str
    pieces: tuple[Piece, ...]
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class Content:
    """All that is printed of a document (内容), and what its reader met."""

    format: str
    sheets: tuple[Sheet, ...]
    remarks: tuple[Remark, ...] = ()
