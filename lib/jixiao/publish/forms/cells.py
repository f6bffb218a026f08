"""An official table without a format (表): pages, rows and cells, as both writers take them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from jixiao.publish.forms.narrative import Paragraph

#: What XML cannot hold; Word and Excel files are XML.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

Align: TypeAlias = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell (单元格): its text, and how many columns and rows it covers.

    ``rows`` is 0 where the cell above goes on. ``is_label`` : a word of the form, not of the
    unit. ``is_number`` : a column of numbers, which a sheet keeps as numbers.
    """

    text: str
    columns: int = 1
    rows: int = 1
    align: Align = "left"
    is_label: bool = False
    is_number: bool = False


Row: TypeAlias = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One table (表): the widths of its columns in millimetres, and its rows.

    ``identity_rows`` at the top say whose table it is; ``heading`` is the index of the row that
    names the columns of the longest block.
    """

    widths: tuple[float, ...]
    rows: tuple[Row, ...]
    identity_rows: int
    heading: int | None


@dataclass(frozen=True, slots=True)
class Page:
    """One official form (表样): the annex, its title, the table, and what stands around it.

    ``narrative`` is the running text of the report that the form is annexed to.
    """

    annex: str
    name: str
    title: str
    above: tuple[str, ...]
    table: Table
    below: tuple[str, ...]
    is_landscape: bool
    narrative: tuple[Paragraph, ...] = ()


def label(text: str, columns: int = 1, rows: int = 1) -> Cell:
    """Make a cell with a word of the form."""
    return Cell(text, columns, rows, "center", is_label=True)


def words(text: str, columns: int = 1, rows: int = 1) -> Cell:
    """Make a cell with running text."""
    return Cell(text, columns, rows)


def value(text: str, columns: int = 1, rows: int = 1) -> Cell:
    """Make a cell with a short text, centred: a target, a result."""
    return Cell(text, columns, rows, "center")


def number(text: str, columns: int = 1, rows: int = 1) -> Cell:
    """Make a cell of a column of numbers."""
    return Cell(text, columns, rows, "center", is_number=True)


def amount(text: str, columns: int = 1) -> Cell:
    """Make a cell of a column of money."""
    return Cell(text, columns, 1, "right", is_number=True)


def goes_on(columns: int = 1, *, is_label: bool = False) -> Cell:
    """Make a cell into which the one above goes on."""
    return Cell("", columns, 0, "center", is_label)


def printable(text: str) -> str:
    r"""Take out what an XML file cannot hold.

    >>> printable("合格\x07率")
    '合格率'
    """
    return _NOT_IN_XML.sub("", text)
