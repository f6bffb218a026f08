"""Rows of a table that are running text (表中的文字行): titles, notes, lines between two tables.

A sheet is one grid from top to bottom, and Word files often hold a whole annex in one table: the
annex mark, the title, the year and the unit stand in rows of their own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from jixiao.importers.cells import is_blank, label_of, squeeze
from jixiao.importers.forms import known_forms, openings
from jixiao.importers.lines import (
    annex_mark,
    begins_note,
    is_report_title,
    looks_like_heading,
    table_title,
)

#: So many filled cells side by side are a row of a table, known or not.
_CELLS_OF_A_ROW = 3
_NAME_OF_UNIT = re.compile(r"[\u4e00-\u9fff（）()·]{4,30}")
_ROWS_AHEAD = 3
_LONGEST_NAME = 24


def rows_of_text(rows: Sequence[Sequence[str]], covered: Sequence[bool]) -> list[bool]:
    """Tell for each row whether it is running text.

    Parameters
    ----------
    rows : the texts of each row's cells.
    covered : whether a cell from above reaches into the row.

    >>> rows_of_text([["附件2"], ["单位：万元", ""], ["项目名称", "甲"], ["注：无"]], [False] * 4)
    [True, True, False, True]
    """
    found: list[bool] = []
    for index, row in enumerate(rows):
        filled = [text for text in row if not is_blank(text)]
        is_text = not covered[index] and (
            _is_apart(rows, index, filled) or (_between(found) and _is_sparse(filled))
        )
        found.append(is_text)
    return found


def is_word_of_form(text: str) -> bool:
    """Whether a cell holds a word that opens a block, or names a unit or a project."""
    label = label_of(text)
    return label in openings() or label in _names() or _is_made_as_name(label)


@cache
def _names() -> frozenset[str]:
    blocks = (block for form in known_forms() for block in form.blocks)
    return frozenset(w for block in blocks if block.name == "identity" for w in block.columns)


def _is_made_as_name(label: str) -> bool:
    """Whether a word not listed is made as those that name a unit or a project are."""
    patterns = known_forms()[0].block("identity").patterns
    return len(label) <= _LONGEST_NAME and any(words.fullmatch(label) for words, _ in patterns)


def opens_part(text: str) -> bool:
    """Whether a line is an annex mark or a title."""
    return bool(annex_mark(text) or is_report_title(text) or table_title(text))


def _between(above: Sequence[bool]) -> bool:
    """Whether no table has begun since the last row of text."""
    return not above or above[-1]


def _is_apart(rows: Sequence[Sequence[str]], index: int, filled: Sequence[str]) -> bool:
    """Whether a row is text wherever it stands."""
    if not filled:
        return False
    if len(filled) > 1 or begins_note(filled[0]):
        return begins_note(filled[0])
    if opens_part(filled[0]):
        return True
    ahead = rows[index + 1 : index + 1 + _ROWS_AHEAD]
    below = next((texts for row in ahead if (texts := [t for t in row if not is_blank(t)])), [])
    if _NAME_OF_UNIT.fullmatch(squeeze(filled[0])) and len(below) == 1:
        return is_report_title(below[0])
    return looks_like_heading(filled[0]) and any(map(is_word_of_form, below[:2]))


def _is_sparse(filled: Sequence[str]) -> bool:
    return len(filled) < _CELLS_OF_A_ROW and not any(map(is_word_of_form, filled))
