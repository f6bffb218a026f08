"""Finding a form's blocks among the rows of a table that kept its cells (格表的表块)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise

from jixiao.datum import Source
from jixiao.importers.cells import clean, label_of
from jixiao.importers.forms import BlockForm, Form, known_forms, words_of_categories
from jixiao.importers.grid_columns import (
    Column,
    GridRow,
    Placed,
    align,
    columns_of,
    filled_cells,
    is_plain_number,
)
from jixiao.importers.grid_headers import (
    MOST_COLUMNS,
    header_of,
    is_key,
    lists_projects,
    pairs_inside,
    pairs_of,
    rows_below,
)
from jixiao.importers.headers import column_meanings
from jixiao.importers.lines import looks_like_heading, ordinal_of
from jixiao.importers.split_columns import split_columns
from jixiao.importers.tables import Block
from jixiao.importers.totals import TOTAL_ROW, total_row

_BELOW_CATEGORY = ("subcategory", "indicator")
_SIGNED = re.compile("[（(]?(?:单位|部门)?(?:盖章|签字|签章|公章|签名)[)）]?[:：]?")
_LABEL_AND_PLACE = 2
#: After these a row of labels and values belongs to the next form, or goes on with this one.
_BEFORE_MONEY = ("identity", "objectives")
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
            if not clean(sources[at].text) and (name := self._other_name(row, sources, at)):
                sources[at] = name
        self.rows.append(tuple(sources))

    def _other_name(self, row: GridRow, sources: Sequence[Source], at: int) -> Source | None:
        """What names a row without a word of its own there: 预算执行率 over all levels."""
        if cell := _covering(row, self.columns[at]):
            return cell.source
        if "category" not in self.meanings or at == 0:
            return None
        category = sources[self.meanings.index("category")]
        others = [s for s, m in zip(sources, self.meanings, strict=True) if m in _BELOW_CATEGORY]
        known = label_of(category.text) in words_of_categories()[0]
        return None if known or any(clean(other.text) for other in others) else category


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
        below = self.rows[index + 1] if index + 1 < len(self.rows) else ()
        if lists_projects(row, below) and not pairs_of(row, known_forms()[0].block("budget")):
            self.ended = True
            return 1
        if (opened := header_of(row)) and not self._is_indicator(filled):
            return self._header(index, *opened)
        if self._money(index, row):
            return 1
        if opened := self._labelled(filled):
            self._begin(Found(*opened, index))
            if opened[1].key_columns:
                self._texts(opened[1], filled)
            elif opened[1].name == "total":
                self._total(row)
            else:
                self._plain(filled)
            return 1
        self._body(row, filled)
        return 1

    def _is_indicator(self, filled: Sequence[Placed]) -> bool:
        """Whether a row is one of the indicators, though its words (预算执行, 预算调整数) are others'."""
        current = self.found[-1].block.name if self.found and not self.ended else None
        return current == "indicators" and any(map(is_plain_number, filled))

    def _begin(self, found: Found) -> None:
        if found.block.name == "identity" and "indicators" in self.names:
            self.names.clear()
            self.on_top = False
        self.names.add(found.block.name)
        self.indicators = found if found.block.name == "indicators" else self.indicators
        self.found.append(found)
        self.ended = False

    def _money(self, index: int, row: GridRow) -> bool:
        """Take a row of the budget that names its amounts one by one, or goes on doing so."""
        form = known_forms()[0]
        block = form.block("budget")
        current = self.found[-1] if self.found else None
        goes_on = current is not None and current.block is block and not current.headers
        if not goes_on and not (current is None or current.block.name in _BEFORE_MONEY):
            return False
        pairs = pairs_of(row, block)
        if not pairs or not (goes_on or any(is_key(block, label) for label, _ in pairs)):
            return False
        if not goes_on:
            self._begin(Found(form, block, index))
        _of_pairs(self.found[-1], pairs)
        return True

    def _total(self, row: GridRow) -> None:
        above = self.indicators
        found = total_row(row, above.columns, above.meanings) if above else total_row(row, (), ())
        self.found[-1].meanings = (*TOTAL_ROW, *(None for _ in found[len(TOTAL_ROW) :]))
        self.found[-1].rows.append(found)

    def _header(self, index: int, form: Form, block: BlockForm) -> int:
        row = self.rows[index]
        if pairs := pairs_of(row, block):
            self._begin(_of_pairs(Found(form, block, index), pairs))
            return 1
        if block.free_text and (pairs := pairs_inside(row, block)):
            self._begin(_of_pairs(Found(form, block, index), pairs))
            return 1
        first = index
        if self._stands_above(index, block):
            first -= 1
        height = 1 + rows_below(self.rows, index, block)
        headers = tuple(self.rows[first : index + height])
        own = block.meanings_of([cell.label for cell in headers[-1]])
        columns = columns_of(headers, own, block.meaning_of)[:MOST_COLUMNS]
        meanings = column_meanings([column.source.text for column in columns], block)
        columns, meanings = split_columns(columns, meanings, self.rows[index + height :])
        if block.free_text:
            meanings = _without_opening(columns, meanings, block)
        self._begin(Found(form, block, first, headers, columns, meanings))
        return height

    def _stands_above(self, index: int, block: BlockForm) -> bool:
        """Whether the row above, which opened nothing, is the upper half of this header."""
        if index == 0:
            return False
        if not any(cell.goes_on for cell in self.rows[index]):
            return self._blank_below(index, block)
        if self.found and not self.ended and self.found[-1].block.name != "identity":
            return False
        return any(block.meaning_of(cell.label) for cell in self.rows[index - 1])

    def _blank_below(self, index: int, block: BlockForm) -> bool:
        """Whether blanks stand under words of the header, where a page took its merges apart."""
        above = self.rows[index - 1]
        words = {cell.start for cell in above if block.meaning_of(cell.label)}
        under = [cell for cell in self.rows[index] if cell.is_blank and cell.start in words]
        return len(under) > 1 and not any(map(is_plain_number, above))

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

    def _texts(self, block: BlockForm, filled: Sequence[Placed]) -> None:
        """Take a row of words with their texts behind them: 年度总体目标 ｜ … ｜ 完成情况 ｜ …."""
        others = [
            (word, text)
            for word, text in pairwise(filled[2:])
            if block.meaning_of(word.label) and not block.meaning_of(text.label)
        ]
        found = _of_pairs(self.found[-1], [*list(pairwise(filled))[:1], *others])
        found.meanings = tuple(m or "expected" for m in found.meanings)

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
        if _SIGNED.fullmatch(clean(filled[-1].source.text)) and len(filled) == _LABEL_AND_PLACE:
            # 财政部门审核意见 ｜ （盖章）: what is signed stands behind the form.
            self.ended = True
        if current.headers and self._leaves(row, current):
            self.ended = True
        if self.ended:
            return
        alone = len(filled) == 1 and current.columns and _spans_most(filled[0], current.columns)
        if alone and current.block.name != "identity" and _is_heading(filled[0]):
            # 二、部门年度重点工作任务, across the table: another part of the form begins.
            self.ended = True
        elif alone and current.block.name in ("indicators", "budget"):
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
        if row[0].goes_on or row[0].is_blank or current.meanings[0] is not None:
            return False
        first = current.first + len(current.headers)
        below = (cells for cells in self.rows[first : first + 3] if filled_cells(cells))
        return any(cells[0].is_blank for cells in islice(below, 1))


def _of_pairs(found: Found, pairs: Sequence[tuple[Placed, Placed]]) -> Found:
    labels = [label for label, _ in pairs]
    more = tuple(Column(cell.source, cell.start, cell.end) for cell in labels)
    found.columns = (*found.columns, *more)
    found.meanings = column_meanings([c.source.text for c in found.columns], found.block)
    values = tuple(value.source for _, value in pairs)
    found.rows[:] = [(*found.rows[0], *values)] if found.rows else [values]
    return found


def _without_opening(
    columns: Sequence[Column], meanings: Sequence[str | None], block: BlockForm
) -> tuple[str | None, ...]:
    """Leave out the word that opens a block of texts where another column means the same.

    In 总体目标完成情况 ｜ 总体目标 ｜ 全年实际完成情况 the first word is no column.
    """
    return tuple(
        None
        if meaning in meanings[index + 1 :] and block.opened_by(label_of(column.source.text))
        else meaning
        for index, (column, meaning) in enumerate(zip(columns, meanings, strict=True))
    )


def _is_heading(cell: Placed) -> bool:
    """Whether a cell is the heading of a part: 一、部门年度目标."""
    ordinal = ordinal_of(cell.source.text)
    return ordinal is not None and ordinal.style == "hanzi" and looks_like_heading(cell.source.text)


def _first_word(filled: Sequence[Placed]) -> Placed:
    """The first cell of a row that is no number; a form may print points before everything."""
    return next((cell for cell in filled if not is_plain_number(cell)), filled[0])


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
