"""Finding a form's blocks among the rows of a table that kept its cells (格表的表块)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from jixiao.datum import Source, read_quantity
from jixiao.importers.cells import clean, label_of
from jixiao.importers.forms import BlockForm, Form, known_forms
from jixiao.importers.grid_columns import Column, GridRow, Placed, align, columns_of, filled_cells
from jixiao.importers.headers import column_meanings
from jixiao.importers.tables import Block
from jixiao.importers.totals import TOTAL_ROW, total_row

_LONGEST_WORD = 24
#: A header of more columns is no header of a form.
_MOST_COLUMNS = 60
#: After these a row of labels and values belongs to the next form, or goes on with this one.
_BESIDE_IDENTITY = (None, "identity", "total", "remarks")


@dataclass(slots=True)
class Found:
    """One block while its rows are gathered: where it begins, its header, the rows below."""

    form: Form
    block: BlockForm
    first: int
    headers: tuple[GridRow, ...] = ()
    columns: tuple[Column, ...] = ()
    meanings: tuple[str | None, ...] = ()
    rows: list[tuple[Source, ...]] = field(default_factory=list)

    def finished(self) -> Block:
        """The block as the readers of the forms take it."""
        header = tuple(column.source for column in self.columns)
        return Block(self.block, header, tuple(self.rows), self.meanings or None)

    def add(self, row: GridRow) -> None:
        """Take a row of the body, put under the columns."""
        if not self.columns:
            self.rows.append(tuple(cell.source for cell in row))
            return
        sources = list(align(row, self.columns))
        if "indicator" in self.meanings and len(filled_cells(row)) > 1:
            at = self.meanings.index("indicator")
            if not clean(sources[at].text) and (cell := _covering(row, self.columns[at])):
                sources[at] = cell.source
        self.rows.append(tuple(sources))


def find_grid_blocks(rows: Sequence[GridRow]) -> list[Found]:
    """Cut the rows of a table into the blocks of the forms we know; rows before them are left."""
    finder = _Finder(rows)
    index = 0
    while index < len(rows):
        index += finder.take(index)
    return finder.found


@dataclass(slots=True)
class _Finder:
    rows: Sequence[GridRow]
    found: list[Found] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    on_top: bool = False
    indicators: Found | None = None
    ended: bool = False

    def take(self, index: int) -> int:
        """Take the row at `index`, and those that are its header too; give how many."""
        row = self.rows[index]
        filled = filled_cells(row)
        if not filled:
            if self.found and self.found[-1].columns and not self.found[-1].rows:
                self.found[-1].add(row)
            return 1
        if opened := _header_of(row):
            return self._header(index, *opened)
        if opened := self._labelled(filled):
            self._begin(Found(*opened, index))
            if opened[1].key_columns:
                _of_pairs(self.found[-1], list(pairwise(filled))[:1])
                if self.found[-1].meanings == (None,):
                    self.found[-1].meanings = ("expected",)
            elif opened[1].name == "total":
                self._total(row)
            else:
                self._plain(filled)
            return 1
        self._body(row, filled)
        return 1

    def _begin(self, found: Found) -> None:
        if found.block.name == "identity" and "indicators" in self.names:
            self.names.clear()
            self.on_top = False
        self.names.add(found.block.name)
        self.indicators = found if found.block.name == "indicators" else self.indicators
        self.found.append(found)
        self.ended = False

    def _total(self, row: GridRow) -> None:
        above = self.indicators
        found = total_row(row, above.columns, above.meanings) if above else total_row(row, (), ())
        self.found[-1].meanings = (*TOTAL_ROW, *(None for _ in found[len(TOTAL_ROW) :]))
        self.found[-1].rows.append(found)

    def _header(self, index: int, form: Form, block: BlockForm) -> int:
        row = self.rows[index]
        if pairs := _pairs(row, block):
            self._begin(_of_pairs(Found(form, block, index), pairs))
            return 1
        first = index
        if self._stands_above(index, block):
            first -= 1
        height = 1 + _goes_on_below(self.rows, index, block)
        headers = tuple(self.rows[first : index + height])
        own = [block.meaning_of(cell.label) for cell in headers[-1]]
        columns = columns_of(headers, own)[:_MOST_COLUMNS]
        meanings = column_meanings([column.source.text for column in columns], block)
        if block.free_text and block.opened_by(label_of(columns[0].source.text)):
            # 总体目标完成情况 ｜ 总体目标 ｜ 全年实际完成情况: the first word opens, and is no column.
            meanings = (None, *meanings[1:])
        self._begin(Found(form, block, first, headers, columns, meanings))
        return height

    def _stands_above(self, index: int, block: BlockForm) -> bool:
        """Whether the row above, which opened nothing, is the upper half of this header."""
        if index == 0 or not any(cell.goes_on for cell in self.rows[index]):
            return False
        if self.found and not self.ended and self.found[-1].block.name != "identity":
            return False
        return any(block.meaning_of(cell.label) for cell in self.rows[index - 1])

    def _labelled(self, filled: Sequence[Placed]) -> tuple[Form, BlockForm] | None:
        """The block that a row opens by the word in its first filled cell."""
        for form in known_forms():
            for block in form.blocks:
                if block.name == "identity":
                    if _names(block, filled) and self._may_begin():
                        return form, block
                elif block.after and block.after not in self.names:
                    continue
                elif self._opens(block, filled):
                    return form, block
        return None

    def _opens(self, block: BlockForm, filled: Sequence[Placed]) -> bool:
        """Whether a word alone opens a block: one that has no header, or that may do without."""
        word = _first_word(filled)
        if block.free_text and block.key_columns:
            is_pair = len(filled) > 1 and self.found and self.found[-1].block.name != "indicators"
            return block.opened_by(word.label) or bool(is_pair and block.meaning_of(word.label))
        return not block.key_columns and block.opened_by(word.label)

    def _may_begin(self) -> bool:
        """Whether the first rows of a form can stand here."""
        current = self.found[-1].block.name if self.found else None
        return current in _BESIDE_IDENTITY or self.ended or self.on_top

    def _body(self, row: GridRow, filled: Sequence[Placed]) -> None:
        if not self.found:
            return
        current = self.found[-1]
        if current.headers and self._leaves(row, current):
            self.ended = True
        if self.ended:
            return
        alone = len(filled) == 1 and current.columns and _spans_most(filled[0], current.columns)
        if alone and current.block.name in ("indicators", "budget"):
            current.rows.append((filled[0].source,))
        elif current.block.name == "total" and len(filled) == 1:
            # Behind the last row one cell alone is running text, as a workbook has it.
            self.ended = True
        elif current.columns:
            current.add(row)
        elif current.block.name in ("identity", "total"):
            self._plain(filled)

    def _plain(self, filled: Sequence[Placed]) -> None:
        """Take a row of labels and values; the total above everything else is remembered."""
        current = self.found[-1]
        current.add(tuple(filled))
        if current.block.name == "identity":
            words = {current.block.meaning_of(cell.label) for cell in filled}
            self.on_top = self.on_top or "claimed_score" in words

    def _leaves(self, row: GridRow, current: Found) -> bool:
        """Whether another word stands where the block's own, merged over its rows, has ended."""
        opening = current.headers[-1][0]
        if current.block.name == "indicators" or not row or row[0].start != opening.start:
            return False
        if not row[0].goes_on and not row[0].is_blank and current.meanings[0] is None:
            return any(cells[0].goes_on for cells in self.rows[current.first + 1 :][:1])
        return False


def _header_of(row: GridRow) -> tuple[Form, BlockForm] | None:
    """The block whose header a row is: the one most of whose words stand in it."""
    labels = {c.label for c in row[:_MOST_COLUMNS] if 0 < len(c.label) <= _LONGEST_WORD}
    if len(labels) == 0:
        return None
    best: tuple[int, Form, BlockForm] | None = None
    for form in known_forms():
        for block in form.blocks:
            known = {block.meaning_of(label) for label in labels}
            count = len(known & block.key_columns)
            opened = any(label in block.opens for label in labels) and len(known - {None}) > 1
            if block.key_columns and (count >= block.fewest or (count and opened)):
                words = len(known - {None})
                best = max(best or (0, form, block), (words, form, block), key=lambda b: b[0])
    return best[1:] if best else None


def _goes_on_below(rows: Sequence[GridRow], index: int, block: BlockForm) -> int:
    """How many rows below a header's first belong to it: words under words that span them."""
    if index + 1 >= len(rows):
        return 0
    upper, lower = rows[index], rows[index + 1]
    new = filled_cells(lower)
    if not new or not any(cell.goes_on for cell in lower):
        return 0
    known = 0
    for cell in new:
        above = next((c for c in upper if c.start <= cell.start and cell.end <= c.end), None)
        spans = above is not None and above.end - above.start > cell.end - cell.start
        if not spans or read_quantity(clean(cell.source.text)).is_number:
            return 0
        known += (
            cell.label in block.labels.get("parts", ()) or block.meaning_of(cell.label) is not None
        )
    return int(known > 0)


def _pairs(row: GridRow, block: BlockForm) -> list[tuple[Placed, Placed]]:
    """Labels with their values behind them in one row (年初预算数 ｜ 100 ｜ 全年预算数 ｜ 120)."""
    filled = filled_cells(row)
    pairs = [
        (label, value)
        for label, value in pairwise(filled)
        if block.meaning_of(label.label) and not block.meaning_of(value.label)
    ]
    if block.free_text:
        labels = [cell for cell in filled if block.meaning_of(cell.label)]
        return pairs if len(pairs) == len(labels) else []
    numbers = [read_quantity(clean(value.source.text)).is_number for _, value in pairs]
    return pairs if any(numbers) else []


def _of_pairs(found: Found, pairs: Sequence[tuple[Placed, Placed]]) -> Found:
    labels = [label for label, _ in pairs]
    found.columns = tuple(Column(cell.source, cell.start, cell.end) for cell in labels)
    found.meanings = column_meanings([cell.source.text for cell in labels], found.block)
    found.rows.append(tuple(value.source for _, value in pairs))
    return found


def _first_word(filled: Sequence[Placed]) -> Placed:
    """The first cell of a row that is no number; a form may print points before everything."""
    words = (c for c in filled if not read_quantity(clean(c.source.text[:40])).is_number)
    return next(words, filled[0])


def _names(block: BlockForm, filled: Sequence[Placed]) -> bool:
    """Whether a row begins with a label of the first rows of a form."""
    return any(block.meaning_of(cell.label) for cell in filled[:2] if len(cell.label) < 60)


def _covering(row: GridRow, column: Column) -> Placed | None:
    """The filled cell that reaches over a column from the left."""
    return next(
        (c for c in filled_cells(row) if c.start < column.start and c.end >= column.end), None
    )


def _spans_most(cell: Placed, columns: Sequence[Column]) -> bool:
    width = columns[-1].end - columns[0].start
    return 2 * (cell.end - cell.start) > width
