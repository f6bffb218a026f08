"""What each cell of a filing became (读作何物): a name, a number, a target, words, a label, nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Literal, TypeAlias

from jixiao.datum import Correction, Datum, Source, read_quantity
from jixiao.importers.cells import clean, label_of, without_ordinal
from jixiao.importers.forms import known_forms, words_of_categories
from jixiao.importers.lines import table_title
from jixiao.model import Filed, Filing, Indicator

#: ``unread``: the cell holds something, and nothing was made of it.
Meaning: TypeAlias = Literal["label", "name", "target", "number", "words", "unread"]
_EMPTY_ROW = re.compile(r"(?:指标\s*[0-9一二三四五六]{0,2}\s*[:：]?)?[\s/….·—-]*")
_OF_INDICATOR: dict[str, Meaning] = {"indicator": "name", "target": "target", "achieved": "target"}


def meanings_of(filing: Filing) -> dict[str, Meaning]:
    """Give for each cell that is not blank, by its anchor, what it became."""
    found: dict[str, Meaning] = {}
    for part in (filing.evaluations, filing.base_data, filing.footer, filing.unit_source):
        for source, meaning in _read(part, "words"):
            found.setdefault(source.anchor, meaning)
    names = {text for e in filing.evaluations for i in e.indicators for text in _classes(i)}
    names.add(filing.unit)
    targets = {_row(i.source): i.target.text for e in filing.evaluations for i in e.indicators}
    for grid in filing.grids:
        for row in grid.rows:
            for cell in row.cells:
                text = clean(cell.text)
                if not text or cell.anchor in found or _is_empty(text):
                    continue
                of_target = text in targets.get(_row(cell), "")
                found[cell.anchor] = "target" if of_target else _other(text, names)
    return found


def _row(source: Source) -> tuple[int | None, int | None]:
    return source.table, source.row


def _is_empty(text: str) -> bool:
    """Whether a cell holds a dash, a stroke, or the number of a row left empty (指标2：)."""
    return _EMPTY_ROW.fullmatch(text) is not None or read_quantity(text).is_absent


def unread_cells(filing: Filing) -> tuple[Source, ...]:
    """List the cells that hold something of which nothing was made, in order."""
    meanings = meanings_of(filing)
    cells = (cell for grid in filing.grids for row in grid.rows for cell in row.cells)
    return tuple(cell for cell in cells if meanings.get(cell.anchor) == "unread")


def _read(value: object, meaning: Meaning) -> Iterator[tuple[Source, Meaning]]:
    """Walk what was understood; every address in it was read as something."""
    if isinstance(value, Datum):
        origin = value.origin
        while isinstance(origin, Correction):
            origin = origin.original.origin
        if isinstance(origin, Source) and value.value is not None:
            yield origin, "number"
    elif isinstance(value, Filed):
        yield value.source, meaning
    elif isinstance(value, Source):
        yield value, "label"
    elif isinstance(value, tuple):
        for item in value:
            yield from _read(item, meaning)
    elif is_dataclass(value) and not isinstance(value, type):
        of_indicator = isinstance(value, Indicator)
        own = [f for f in fields(value) if f.name != "source"]
        own += [f for f in fields(value) if f.name == "source"]
        for field in own:
            inner = _OF_INDICATOR.get(field.name, meaning) if of_indicator else meaning
            yield from _read(getattr(value, field.name), inner)


def _classes(indicator: Indicator) -> tuple[str, str]:
    return indicator.category, indicator.subcategory


def _other(text: str, names: set[str]) -> Meaning:
    label = without_ordinal(label_of(text))
    return "label" if text in names or label in names or _is_label(text) else "unread"


def _is_label(text: str) -> bool:
    """Whether a form prints these words: headings of columns and blocks, classes, titles."""
    label = without_ordinal(label_of(text))
    classes = words_of_categories()
    if label in classes[0] or label in classes[1]:
        return True
    blocks = [block for form in known_forms() for block in form.blocks]
    printed = (word for block in blocks for words in block.labels.values() for word in words)
    headed = any(block.column(text) or block.opened_by(label_of(text)) for block in blocks)
    return headed or label in printed or table_title(text) is not None
