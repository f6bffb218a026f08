"""A table as it comes out of a text (原始表格): cells in order, without addresses yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from jixiao.importers.cells import is_blank

Rows: TypeAlias = tuple[tuple["RawCell", ...], ...]
#: How a text keeps the cells of a table apart.
Layout: TypeAlias = Literal["tabbed", "piped", "spaced", "joined"]


@dataclass(frozen=True, slots=True)
class RawCell:
    """One cell as found: the line it begins on and its characters, line breaks included.

    ``after_break`` : a row may begin here. ``label`` : its text as a form's YAML writes labels.
    ``lost`` : a blank put where the text does not decide what stands.
    """

    line: int
    text: str
    after_break: bool
    label: str = ""
    lost: bool = False

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
