"""What of the form itself was left in, or changed (表样): prompts, empty rows, header words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jixiao.datum import Source, read_quantity
from jixiao.importers.cells import clean, label_of, squeeze
from jixiao.importers.forms import Form, known_forms
from jixiao.importers.rows import Row
from jixiao.importers.tables import Block, FormTable
from jixiao.importers.warnings import ambiguous_column, prompt_left, unknown_columns
from jixiao.model import Problem

_EMPTY_NAME = re.compile(
    r"(?:指标)?[0-9０-９一二三四五六七八九十]{0,3}[、:：.．]*[/／…\-—.。]*|[…·.。]+|不适用|不涉及|暂?无"
)
_DOTS = re.compile("[…·.。]*")
_YEAR = re.compile("(?:19|20)[0-9]{2}|上年")
_FILLED = ("target", "achieved", "points", "score")


def is_empty(row: Row) -> bool:
    """Whether a row of indicators is one of the form's own that nobody filled (指标2：, ……)."""
    if not _EMPTY_NAME.fullmatch(squeeze(row.text("indicator"))):
        return False
    return all(read_quantity(row.text(name)).is_absent for name in _FILLED)


def is_placeholder(row: Row) -> bool:
    """Whether a row holds nothing but the dots by which a form says that more may follow."""
    return all(_DOTS.fullmatch(squeeze(cell.text)) for cell in row.cells)


def is_subtotal(row: Row) -> bool:
    """Whether a row adds up the rows above it (小计, 产出指标小计)."""
    words = known_forms()[0].block("indicators").labels.get("subtotal_labels", ())
    levels = ("category", "subcategory", "indicator")
    return bool(words) and any(label_of(row.text(level)).endswith(words) for level in levels)


def questions_of_form(table: FormTable) -> Iterator[Problem]:
    """Give what is odd about the form: prompts left in, header words unknown or twice."""
    form = next((form for form in known_forms() if form.name == table.form), None)
    for block in table.blocks if form else ():
        yield from _prompts(block, form)
        if block.form.name != "identity" and not table.is_cut(block.header) and block.header:
            yield from _header(block)


def _prompts(block: Block, form: Form | None) -> Iterator[Problem]:
    patterns = form.prompts if form else ()
    for row in block.rows:
        for cell in row:
            text = clean(cell.text)
            if any(re.search(pattern, text) for pattern in patterns):
                yield prompt_left(cell)


def _header(block: Block) -> Iterator[Problem]:
    unknown: list[Source] = []
    known: dict[str, list[Source]] = {}
    meanings = block.meanings()
    first = next((index for index, meaning in enumerate(meanings) if meaning), 0)
    for index, (cell, meaning) in enumerate(zip(block.header, meanings, strict=True)):
        if meaning == "ignored" or (index < first and block.known):
            continue
        if meaning:
            known.setdefault(_of_year(meaning, cell), []).append(cell)
        elif clean(cell.text) and label_of(cell.text) not in (
            block.form.opens | set(block.form.labels.get("parts", ()))
        ):
            unknown.append(cell)
    if unknown:
        yield unknown_columns(unknown, block.form.name)
    for cells in known.values():
        if len(cells) > 1 and block.form.name in ("budget", "indicators", "expenditure"):
            yield ambiguous_column(cells, block.form.name)


def _of_year(meaning: str, cell: Source) -> str:
    """A column's meaning with the year its word names: 2021年决算数 is not 2022年决算数."""
    year = _YEAR.match(label_of(cell.text))
    return f"{meaning} {year[0]}" if year and meaning != "budget" else meaning
