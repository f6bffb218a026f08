"""Reading the rows of a block by the meaning of their columns (按列读行)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from jixiao.datum import Datum, Source
from jixiao.importers.cells import POINTS, clean, read_number, read_points
from jixiao.importers.lines import begins_note
from jixiao.importers.tables import Block, FormTable
from jixiao.importers.warnings import columns_disagree
from jixiao.model import Problem

#: What two columns cannot both say.
_VALUES = ("original_budget", "final_budget", "actual_expenditure", "execution_rate", "points",
           "score", "review_score", "target", "achieved")  # fmt: skip


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
        twice = _columns_twice(block)
        for cells in block.rows:
            if len(cells) == block.width or (table.is_cut(cells) and len(cells) < block.width):
                yield Row(_decided(cells, twice, problems), columns)
            elif any(clean(cell.text) for cell in cells):
                problems.extend(unknown_row(cells, block))


def _columns_twice(block: Block) -> list[list[int]]:
    """The columns that claim the same meaning, where that meaning is a value."""
    found: dict[str, list[int]] = {}
    for index, meaning in enumerate(block.meanings()):
        if meaning in _VALUES and block.form.name in ("budget", "indicators"):
            found.setdefault(meaning, []).append(index)
    return [indexes for indexes in found.values() if len(indexes) > 1]


def _decided(
    cells: tuple[Source, ...], twice: Sequence[Sequence[int]], problems: list[Problem]
) -> tuple[Source, ...]:
    """Take what columns of one meaning agree on; what they do not agree on is absent."""
    found = list(cells)
    for indexes in twice:
        filled = [cells[at] for at in indexes if at < len(cells) and clean(cells[at].text)]
        if len({clean(cell.text) for cell in filled}) == 1:
            found[indexes[0]] = filled[0]
        elif filled:
            found[indexes[0]] = replace(filled[0], text="")
            problems.append(columns_disagree(filled))
    return tuple(found)


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
