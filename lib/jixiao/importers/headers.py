"""The header of a block (表头): one row, or two with merged cells above."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jixiao.importers.cells import label_of
from jixiao.importers.forms import BlockForm
from jixiao.importers.raw import RawCell

#: 分值 or 得分 right behind a level's name is what that level may earn.
_POINTS_OF_LEVEL = {
    "category": "category_points",
    "subcategory": "subcategory_points",
    "indicator": "points",
}
#: Which columns stand under one merged header cell: 绩效指标, and 年度指标值.
_UNDER_OPENING = frozenset({"category", "subcategory", "indicator"})
_UNDER_TARGET = frozenset({"operator", "target", "unit"})


def header_rows(cells: Sequence[RawCell], block: BlockForm) -> tuple[tuple[RawCell, ...], ...]:
    """Give the rows of a header; the last has one cell for each column, in the table's order.

    In two rows, 绩效指标 spans the three levels below it and 年度指标值 its sign, value and
    unit: the words of the second row take the place of those that span them.
    """
    below = next((i for i, cell in enumerate(cells) if _is(cell, block, {"category"})), 0)
    if not any(_is(cell, block, {"achieved", "points", "score"}) for cell in cells[:below]):
        return (tuple(cells),)
    top, bottom = cells[:below], cells[below:]
    return tuple(top), tuple(_columns(top, bottom, block))


def _columns(
    top: Sequence[RawCell], bottom: Sequence[RawCell], block: BlockForm
) -> Iterator[RawCell]:
    spans = any(_is(cell, block, {"operator", "unit"}) for cell in bottom)
    for index, cell in enumerate(top):
        if index == 0:
            yield from (under for under in bottom if _is(under, block, _UNDER_OPENING))
        elif spans and _is(cell, block, {"target"}):
            yield from (under for under in bottom if _is(under, block, _UNDER_TARGET))
        else:
            yield cell


def _is(cell: RawCell, block: BlockForm, meanings: frozenset[str] | set[str]) -> bool:
    return block.column(cell.text) in meanings


def column_meanings(texts: Sequence[str], form: BlockForm) -> tuple[str | None, ...]:
    """Tell what each column means by its header, and by its neighbour where words repeat.

    >>> from jixiao.importers.forms import known_forms
    >>> form = known_forms()[0].block("indicators")
    >>> column_meanings(["一级指标", "分值", "二级指标", "分值", "三级指标", "分值", "得分"], form)[:4]
    ('category', 'category_points', 'subcategory', 'subcategory_points')
    """
    meanings = form.meanings_of([label_of(text) for text in texts])
    earned = [index for index, meaning in enumerate(meanings) if meaning in ("points", "score")]
    for index in earned:
        level = _POINTS_OF_LEVEL.get(meanings[index - 1] or "") if index else None
        if level and (level != "points" or "score" in meanings[index + 1 :]):
            meanings[index] = level
    if "points" not in meanings and meanings.count("subcategory_points") == 1:
        # The only points of a form are those its indicators share.
        meanings[meanings.index("subcategory_points")] = "points"
    return tuple(meanings)
