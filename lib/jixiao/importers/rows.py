"""Reading the rows of a block by the meaning of their columns (按列读行)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from jixiao.datum import Datum, Source
from jixiao.importers.cells import POINTS, clean, read_number, read_points
from jixiao.importers.lines import begins_note
from jixiao.importers.tables import Block, FormTable
from jixiao.model import Problem


@dataclass(frozen=True, slots=True)
class Row:
    """One row with its columns by meaning (行); a cell that is not there is None."""

    cells: tuple[Source, ...]
    columns: dict[str, int]

    def cell(self, meaning: str) -> Source | None:
        """Give the cell in the column of this meaning, None where there is none."""
        index = self.columns.get(meaning)
        return self.cells[index] if index is not None and index < len(self.cells) else None

    def text(self, meaning: str) -> str:
        """Give the text of a cell, "" where it is blank or not there."""
        cell = self.cell(meaning)
        return clean(cell.text) if cell else ""

    def number(
        self,
        meaning: str,
        label: str,
        unit: str,
        problems: list[Problem],
        accepted: Sequence[str] = (),
    ) -> Datum:
        """Read a number; absent, with the row's name as its place, where there is no cell."""
        cell = self.cell(meaning)
        if cell is None:
            return Datum(label, None, unit, self.name)
        return read_number(cell, label, unit, problems, accepted)

    def earned(self, meaning: str, label: str, problems: list[Problem]) -> Datum:
        """Read points or a score; a weight of 10% is ten points of a hundred."""
        cell = self.cell(meaning)
        if cell is None:
            return Datum(label, None, POINTS, self.name)
        return read_points(cell, label, problems)

    @property
    def is_filled(self) -> bool:
        """Whether any of its cells holds a text."""
        return any(clean(cell.text) for cell in self.cells)

    @property
    def name(self) -> Source:
        """The first cell of the row that holds a text, else its first cell."""
        return next((cell for cell in self.cells if clean(cell.text)), self.cells[0])


def rows_of(table: FormTable, name: str, problems: list[Problem]) -> Iterator[Row]:
    """Give the full rows of the blocks of this name, and the row in which the document ends.

    A row of another width is an ``unknown-row``: its cells cannot be told apart by column.
    """
    for block in table.blocks:
        if block.form.name != name:
            continue
        columns = block.columns()
        for cells in block.rows:
            if len(cells) == block.width or (table.is_cut(cells) and len(cells) < block.width):
                yield Row(cells, columns)
            elif any(clean(cell.text) for cell in cells):
                problems.extend(unknown_row(cells, block))


def unknown_row(cells: Sequence[Source], block: Block) -> list[Problem]:
    """Say that a row was not read; a footer inside the table is no row."""
    filled = [cell for cell in cells if clean(cell.text)]
    if not filled or begins_note(filled[0].text):
        return []
    words = " ｜ ".join(clean(cell.text)[:20] for cell in filled[:4])
    width = f" {block.width} 格" if block.width else "表样中的一行"
    where = filled[0]
    return [
        Problem(
            "unknown-row",
            f"{where.address} “{words}”：这一行有 {len(cells)} 格，认不出各格的含义，没有读入。"
            f"应为{width}。请对照原件检查这一行是否缺格或多格。",
            where,
        )
    ]
