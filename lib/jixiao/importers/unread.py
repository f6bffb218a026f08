"""Tables whose headers we do not understand (认不出的表头): named word by word, never guessed.

Rows tell what a table is even where its header does not: 产出指标 and 数量指标 stand under no other
header than that of the indicators, 年度资金总额 under no other than that of the budget.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from types import MappingProxyType

from jixiao.datum import Source
from jixiao.importers.cells import clean, label_of
from jixiao.importers.forms import known_forms, words_of_categories
from jixiao.importers.resemblance import BLOCK_NAMES, is_known, nearest, quoted
from jixiao.importers.tables import Block, FormTable
from jixiao.model import Problem, bare_label

Row = tuple[Source, ...]
#: Words too common to tell a block by.
_COMMON = frozenset({"合计", "总额", "其他", "其他资金"})
_SIGNS_NEEDED = 2
_LONGEST_WORD, _MOST_WORDS = 16, 40
_EXAMPLES = {
    "indicators": "“三级指标”“年度指标值”“实际完成值”“分值”“得分”",
    "budget": "“年初预算数”“全年预算数”“全年执行数”“分值”“得分”",
    "expenditure": "“2021年决算数”“2022年预算数”“2022年决算数”",
}
#: A header without one of these says nothing of what its rows hold.
_NEEDED: Mapping[str, tuple[frozenset[str], ...]] = MappingProxyType(
    {
        "indicators": (
            frozenset({"category", "subcategory", "indicator"}),
            frozenset({"target", "achieved", "worked", "points", "score"}),
        ),
        "budget": (frozenset({"original_budget", "final_budget", "actual_expenditure"}),),
        "expenditure": (frozenset({"prior_outturn", "budget", "outturn"}),),
    }
)
#: What is said of single cells below a header that is not understood follows from it.
_FOLLOWING = (
    "unknown-row",
    "empty-rows",
    "unknown-column",
    "table-ends-early",
    "rows-not-read",
)


@dataclass(frozen=True, slots=True)
class _Unread:
    """A header that is not understood: its block and words, and the row its block ends before."""

    block: str
    where: Source
    words: tuple[Source, ...]
    end: int | None

    @property
    def unknown(self) -> tuple[Source, ...]:
        """The words that stand on no header we know."""
        return tuple(cell for cell in self.words if not is_known(self.block, cell))


def name_unread(table: FormTable, problems: Sequence[Problem]) -> list[Problem]:
    """Add a problem for each header that is not understood, and drop those that follow from it."""
    kept = list(problems)
    for unread in _unread(table):
        kept = [problem for problem in kept if not _follows(problem, unread)]
        kept.append(_not_understood(unread))
    return kept


def is_unread(table: FormTable) -> bool:
    """Whether the rows of a table are those of a form whose header is not understood."""
    return any(_unread(table))


def _unread(table: FormTable) -> Iterator[_Unread]:
    if table.borderless:
        return
    for name, form in (
        ("budget", "score_table"),
        ("indicators", "score_table"),
        ("expenditure", "base_data"),
    ):
        block = table.block(name)
        if table.form not in ("", form) or (block and _is_understood(block)):
            continue
        found = _header_above(table, name, block)
        if found:
            yield found


def _is_understood(block: Block) -> bool:
    meanings = set(block.meanings())
    return all(needed & meanings for needed in _NEEDED[block.form.name])


def _header_above(table: FormTable, name: str, block: Block | None) -> _Unread | None:
    """Find the header that should stand above the rows by which a block is told."""
    cells = [cell for row in table.grid.rows for cell in row.cells]
    rows = [tuple(group) for _, group in groupby(cells, key=lambda cell: cell.row)]
    start = block.opening.row if block else None
    signs = [
        (index, cell)
        for index, row in enumerate(rows)
        for cell in row
        if (start is None or (cell.row or 0) > start) and _label(cell) in _signs()[name]
    ]
    if len({_label(cell) for _, cell in signs}) < _SIGNS_NEEDED:
        return None
    index, sign = signs[0]
    if start is not None:
        header = tuple(cell for row in rows[:index] for cell in row if (cell.row or 0) >= start)
    else:
        header = tuple(_row_before(rows, index, sign))
    words = tuple(c for c in header if 0 < len(clean(c.text)) < _LONGEST_WORD)[:_MOST_WORDS]
    return _Unread(name, next(iter(words), sign), words, _next_block(table, sign))


def _row_before(rows: Sequence[Row], index: int, sign: Source) -> Sequence[Source]:
    """The cells before one: of its row, where a text runs rows together, else of the row above."""
    row = rows[index]
    before = row[: row.index(sign)]
    if sum(bool(clean(cell.text)) for cell in before) < _SIGNS_NEEDED:
        return rows[index - 1] if index else ()
    labels = [i for i, cell in enumerate(before) if is_known("identity", cell)]
    return before[labels[-1] + 2 :] if labels else before


def _next_block(table: FormTable, sign: Source) -> int | None:
    """The number of the row in which the next known block begins."""
    starts = [block.opening.row or 0 for block in table.blocks]
    return min((start for start in starts if start > (sign.row or 0)), default=None)


def _follows(problem: Problem, unread: _Unread) -> bool:
    source, row = problem.source, unread.where.row
    if problem.code not in _FOLLOWING or source is None or source.row is None or row is None:
        return False
    if problem.code == "table-ends-early" and unread.block == "budget":
        return False
    return row <= source.row and (unread.end is None or source.row < unread.end)


@cache
def _signs() -> Mapping[str, frozenset[str]]:
    score_table, base_data = known_forms()
    categories, subcategories = words_of_categories()
    budget = score_table.block("budget").labels
    words = {
        "indicators": {word for word in categories | subcategories if word.endswith("指标")},
        "budget": {*budget["total_labels"], *budget["source_labels"]},
        "expenditure": set(base_data.block("expenditure").labels["top_labels"]),
    }
    return MappingProxyType({name: frozenset(found) - _COMMON for name, found in words.items()})


def _label(cell: Source) -> str:
    return bare_label(label_of(cell.text)).strip("：:")


def _not_understood(unread: _Unread) -> Problem:
    where, name = unread.where, BLOCK_NAMES[unread.block]
    words = f"有认不出的列 {quoted(unread.unknown)}" if unread.unknown else "没有读到列名"
    return Problem(
        "header-not-understood",
        f"{where.address} “{clean(where.text)[:20]}”：从下面各行看，这里应是{name}的表头，但{words}。"
        f"{nearest(unread.words)}这一部分没有读入，也没有猜测。应为表样中的列名，例如 "
        f"{_EXAMPLES[unread.block]}。请对照原件更正列名，或在 forms/ 中为这种表样补上这些列名"
        "（docs/add-a-form.md）。",
        where,
    )
