"""Where the blocks of a form begin (表块的起点), and where their headers end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jixiao.importers.forms import BlockForm, Form, known_forms, openings, words_of_categories
from jixiao.importers.raw import RawCell

#: Header columns we have no word for: at most so many stand behind the last known one.
_MOST_UNKNOWN_COLUMNS = 3
#: Words that stand behind each level of a header: 一级指标, 得分, 二级指标, 得分.
_EARNED = ("points", "score")


@dataclass(frozen=True, slots=True)
class Opening:
    """The cell a block begins with, as its index (起点)."""

    start: int
    form: Form
    block: BlockForm


def find_openings(cells: Sequence[RawCell]) -> list[Opening]:
    """Find the cells that open a block, in order; words inside a header open nothing."""
    found: list[Opening] = []
    names: set[str] = set()
    header_end = 0
    for index, cell in enumerate(cells):
        candidates = openings().get(cell.label, ()) if index >= header_end else ()
        for form, block in candidates:
            if (block.after and block.after not in names) or not _may_open(
                cells, index, block, found
            ):
                continue
            names.add(block.name)
            found.append(Opening(index - _spacers(cells, index, block), form, block))
            header_end = end_of_header(cells, index, block)
            break
    return found


def _may_open(
    cells: Sequence[RawCell], index: int, block: BlockForm, found: Sequence[Opening]
) -> bool:
    if block.name == "identity" and found and found[-1].block.name == "indicators":
        total = known_forms()[0].block("total").opens
        # Where the form before had its total on top, such a word is the top of the next one.
        on_top = any(cells[o.start].label in total for o in found if o.block.name == "identity")
        return cells[index].after_break and (on_top or cells[index].label not in total)
    if block.name == "identity" and found and found[-1].block.name == "identity":
        return False
    if block.name == "identity" and not found:
        return True
    if not block.columns or block.name == "identity":
        return cells[index].after_break or _spacers(cells, index, block) > 0
    followed = any(block.column(cell.text) for cell in cells[index : index + 3])
    if found and found[-1].block.name in (block.name, "total") and not followed:
        return False
    return followed or cells[index].after_break


def _spacers(cells: Sequence[RawCell], index: int, block: BlockForm) -> int:
    """Count the blank cells of the same row that an opening word stands behind."""
    word = cells[index]
    if word.label not in block.spaced:
        return 0
    if block.columns:
        # The rows below such a header have one such cell; more would shift their columns.
        return int(index > 0 and cells[index - 1].is_blank and cells[index - 1].after_break)
    first = index
    while first > 0 and not cells[first].after_break and cells[first - 1].is_blank:
        first -= 1
    return index - first if cells[first].after_break else 0


def end_of_header(cells: Sequence[RawCell], opening: int, block: BlockForm) -> int:
    """Give the index behind the last cell of the header that begins at an opening word."""
    if not block.columns or block.name == "identity":
        return opening + 1
    seen = {cells[opening].label}
    index = opening + 1
    while index < len(cells):
        ahead = index + 1 if cells[index].is_blank and index + 1 < len(cells) else index
        label = cells[ahead].label
        meaning = block.column(cells[ahead].text)
        again = meaning in _EARNED and block.column(cells[ahead - 1].text) not in _EARNED
        if meaning and (again or label not in seen):
            seen.add(label)
            index = ahead + 1
        elif rest := _unknown_columns(cells, index):
            index += rest
        else:
            break
    return index


def _unknown_columns(cells: Sequence[RawCell], index: int) -> int:
    """Count the cells from here to the end of the row, 0 where they are too many for a header."""
    categories, _ = words_of_categories()
    for count in range(_MOST_UNKNOWN_COLUMNS + 1):
        ahead = index + count
        if ahead >= len(cells) or cells[ahead].after_break or cells[ahead].label in categories:
            return count
    return 0
