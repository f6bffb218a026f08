"""Which rows of a table that kept its cells are headers (格表的表头), and which label their values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from jixiao.importers.cells import clean, label_of
from jixiao.importers.forms import BlockForm, Form, known_forms
from jixiao.importers.grid_columns import GridRow, Placed, filled_cells, is_plain_number

_LONGEST_WORD = 24
_LABEL_AND_TEXT = re.compile(r"(?P<label>[^:：\s]{2,12})\s*[:：]\s*(?P<text>\S.*)", re.DOTALL)
#: A header of more columns is no header of a form.
MOST_COLUMNS = 60
#: So many cells side by side are no label with its value.
_CELLS_OF_LIST = 4


def header_of(row: GridRow) -> tuple[Form, BlockForm] | None:
    """The block whose header a row is: the one most of whose words stand in it."""
    labels = [c.label for c in row[:MOST_COLUMNS] if 0 < len(c.label) <= _LONGEST_WORD]
    if len(labels) == 0:
        return None
    best: tuple[int, Form, BlockForm] | None = None
    for form in known_forms():
        for block in form.blocks:
            known = set(block.meanings_of(labels))
            count = len(known & block.key_columns)
            opened = any(label in block.opens for label in labels) and len(known - {None}) > 1
            enough = count >= block.fewest and block.required <= known
            if block.key_columns and (enough or (count and opened)):
                words = len(known - {None})
                best = max(best or (0, form, block), (words, form, block), key=lambda b: b[0])
    return best[1:] if best else None


def lists_projects(row: GridRow, below: GridRow = ()) -> bool:
    """Whether a row heads a list of projects, one below the other, which is no form.

    It names a project beside amounts, or stands over a row of as many cells without any label.
    """
    form = known_forms()[0]
    filled, under = filled_cells(row), filled_cells(below)
    if _CELLS_OF_LIST <= len(filled) == len(under):
        known = [form.block("identity").meaning_of(cell.label) for cell in filled]
        if {"project"} == set(known) - {None} and not any(map(_is_label, under)):
            return all(len(cell.label) <= _LONGEST_WORD for cell in filled)
    labels = {c.label for c in row[:MOST_COLUMNS] if 0 < len(c.label) <= _LONGEST_WORD}
    if not any(form.block("identity").meaning_of(label) == "project" for label in labels):
        return False
    return len({form.block("budget").meaning_of(label) for label in labels} - {None}) > 1


def _is_label(cell: Placed) -> bool:
    return known_forms()[0].block("identity").meaning_of(cell.label) is not None


def rows_below(rows: Sequence[GridRow], index: int, block: BlockForm) -> int:
    """How many rows below a header's first belong to it: words under words that span them."""
    if index + 1 >= len(rows):
        return 0
    upper, lower = rows[index], rows[index + 1]
    height = 1
    if not filled_cells(lower) and index + 2 < len(rows):
        # A blank row that a unit left between the two rows of a header.
        lower, height = rows[index + 2], 2
    new = filled_cells(lower)
    words = sum(cell.label in block.columns for cell in new)
    if words > 1 and 2 * words > len(new) and not any(is_plain_number(cell) for cell in new):
        return height
    if not new or not any(cell.goes_on for cell in lower):
        return 0
    known = 0
    for cell in new:
        above = next((c for c in upper if c.start <= cell.start and cell.end <= c.end), None)
        spans = above is not None and above.end - above.start > cell.end - cell.start
        if not spans or is_plain_number(cell):
            return 0
        known += (
            cell.label in block.labels.get("parts", ()) or block.meaning_of(cell.label) is not None
        )
    return height if known > 0 else 0


def pairs_of(row: GridRow, block: BlockForm) -> list[tuple[Placed, Placed]]:
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
    numbers = [is_plain_number(value) for _, value in pairs]
    return pairs if any(numbers) else []


def pairs_inside(row: GridRow, block: BlockForm) -> list[tuple[Placed, Placed]]:
    """Labels with their texts in the same cell (预期目标：扶持12个村), if no cell is a label alone."""
    pairs: list[tuple[Placed, Placed]] = []
    for cell in filled_cells(row):
        told = _LABEL_AND_TEXT.fullmatch(clean(cell.source.text))
        if told and block.meaning_of(label_of(told["label"])):
            word = replace(cell, source=replace(cell.source, text=told["label"]))
            pairs.append((word, replace(cell, source=replace(cell.source, text=told["text"]))))
        elif block.meaning_of(cell.label) and not block.opened_by(cell.label):
            return []
    return pairs


def is_key(block: BlockForm, cell: Placed) -> bool:
    """Whether a word is one of those by which a block's header is known."""
    return block.meaning_of(cell.label) in block.key_columns
