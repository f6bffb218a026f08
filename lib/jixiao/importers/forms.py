"""The forms we know (表样), as data: the words on them and what a column means.

The words live in ``forms/*.yaml`` of this package and are read once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import yaml

from jixiao.importers.cells import label_of

_YEAR = re.compile(r"^[0-9]{4}年度?")
_NAMES = ("score_table", "base_data")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class BlockForm:
    """One block of a form (表块): what opens it, and the words of its header row.

    ``columns`` gives for each word of the header the meaning of the column under it.
    ``spaced`` are opening words that stand behind a blank cell of the same row; ``spacer``
    says that every row below the header begins with a blank cell (a vertical merge).
    ``after`` names the block without which this one cannot begin.
    """

    name: str
    opens: frozenset[str]
    columns: Mapping[str, str]
    spaced: frozenset[str]
    spacer: bool
    free_text: bool
    after: str | None
    labels: Mapping[str, tuple[str, ...]]

    def column(self, text: str) -> str | None:
        """Tell what the column under a header cell means, None where the word is not known."""
        label = _YEAR.sub("", label_of(text))
        if label in self.columns:
            return self.columns[label]
        longest = sorted(self.columns, key=len, reverse=True)
        return next((self.columns[w] for w in longest if len(w) > 3 and label.startswith(w)), None)


@dataclass(frozen=True, slots=True)
class Form:
    """One official table (表样): its titles and its blocks from top to bottom."""

    name: str
    titles: tuple[str, ...]
    blocks: tuple[BlockForm, ...]

    def block(self, name: str) -> BlockForm:
        """Give the block of this name."""
        return next(block for block in self.blocks if block.name == name)


@cache
def known_forms() -> tuple[Form, ...]:
    r"""Load the forms of this package.

    >>> [form.name for form in known_forms()]
    ['score_table', 'base_data']
    >>> known_forms()[0].block("indicators").column("年度\n指标值")
    'target'
    """
    return tuple(_load(name) for name in _NAMES)


@cache
def openings() -> Mapping[str, tuple[tuple[Form, BlockForm], ...]]:
    """Give for each opening word the blocks it may open."""
    found: dict[str, tuple[tuple[Form, BlockForm], ...]] = {}
    for form in known_forms():
        for block in form.blocks:
            for word in block.opens:
                found[word] = (*found.get(word, ()), (form, block))
    return MappingProxyType(found)


def _load(name: str) -> Form:
    text = files("jixiao.importers").joinpath("forms", f"{name}.yaml").read_text("utf-8")
    # Any: what YAML holds; the shape is checked by the tests of this package.
    content: dict[str, Any] = yaml.load(text, Loader=_LOADER)
    blocks = tuple(_block(entry) for entry in content["blocks"])
    return Form(content["name"], tuple(content["titles"]), blocks)


def _block(entry: dict[str, Any]) -> BlockForm:
    columns = entry.get("columns", {})
    words = {word: meaning for meaning, listed in columns.items() for word in listed}
    labels: dict[str, tuple[str, ...]] = {
        key: tuple(entry[key]) for key in ("total_labels", "top_labels") if key in entry
    }
    labels |= {f"children of {key}": tuple(v) for key, v in entry.get("children", {}).items()}
    return BlockForm(
        name=entry["name"],
        opens=frozenset(entry["opens"]),
        columns=MappingProxyType(words),
        spaced=frozenset(entry.get("spaced", ())),
        spacer=entry.get("spacer", False),
        free_text=entry.get("free_text", False),
        after=entry.get("after"),
        labels=MappingProxyType(labels),
    )
