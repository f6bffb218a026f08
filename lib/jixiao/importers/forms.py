"""The forms we know (表样), as data: the words on them and what a column means.

The words live in ``forms/*.yaml`` of this package and are read once. A file that says
``extends:`` adds the words of a province to a form (docs/add-a-form.md).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import yaml

from jixiao.importers.cells import label_of, without_ordinal

_YEAR = re.compile(r"^[0-9]{4}年度?")
_NUMBER_BEHIND = re.compile(r"(?<=[\u4e00-\u9fff])[0-9一二三四五六七八九十]{1,3}分?$")
_SHORTEST_BEGINNING, _LONGEST_WORD = 4, 24
#: Behind a known word these make another one of it: 完成情况说明, 得分率.
_OTHER_WORD = re.compile("说明|原因|依据|标准|材料|来源|解释|率")
_NAMES = ("score_table", "base_data")
_LISTS = ("total_labels", "top_labels", "source_labels", "closing_labels", "parts", "nature_labels",
          "subtotal_labels")  # fmt: skip
_OTHERWISE = ("words", "before", "behind", "beside")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Otherwise:
    """Words that take a meaning only where no other column has it (视上下文而定的词).

    ``before`` and ``behind`` are meanings of which one must stand to the right or to the left,
    ``beside`` those of which one must stand right behind.
    """

    meaning: str
    words: frozenset[str]
    before: frozenset[str] = frozenset()
    behind: frozenset[str] = frozenset()
    beside: frozenset[str] = frozenset()

    def fits(self, index: int, label: str, meanings: Sequence[str | None]) -> bool:
        """Whether the word at `index` of a header has this meaning there."""
        if label not in self.words or self.meaning in meanings:
            return False
        right = not self.before or bool(self.before.intersection(meanings[index + 1 :]))
        if self.beside and not self.beside.intersection(meanings[index + 1 : index + 2]):
            return False
        return right and (not self.behind or bool(self.behind.intersection(meanings[:index])))


@dataclass(frozen=True, slots=True, eq=False)
class BlockForm:
    """One block of a form (表块): what opens it, and the words of its header row.

    ``columns`` gives for each word of the header the meaning of the column under it.
    ``spaced`` are opening words that stand behind a blank cell of the same row; ``spacer``
    says that every row below the header begins with a blank cell (a vertical merge).
    ``after`` names the block without which this one cannot begin. In a table that kept its cells
    any row with ``fewest`` of the ``key_columns``, among them those ``required``, is the block's
    header, whatever opens it.
    """

    name: str
    opens: frozenset[str]
    columns: Mapping[str, str]
    spaced: frozenset[str]
    spacer: bool
    free_text: bool
    after: str | None
    labels: Mapping[str, tuple[str, ...]]
    key_columns: frozenset[str] = frozenset()
    fewest: int = 2
    required: frozenset[str] = frozenset()
    patterns: tuple[tuple[re.Pattern[str], str], ...] = ()
    otherwise: tuple[Otherwise, ...] = ()

    def column(self, text: str) -> str | None:
        """Tell what the column under a header cell means, None where the word is not known."""
        return self.meaning_of(label_of(text))

    def meaning_of(self, label: str) -> str | None:
        """Tell what the column under a label means.

        The word itself decides, else the longest known word it begins with, else the first of the
        ``patterns`` that it is made by.
        """
        label = _YEAR.sub("", label)
        if not label or label in self.columns:
            return self.columns.get(label)
        for size in range(min(len(label) - 1, _LONGEST_WORD), _SHORTEST_BEGINNING - 1, -1):
            if label[:size] in self.columns and not _OTHER_WORD.search(label[size:]):
                return self.columns[label[:size]]
        if len(label) > _LONGEST_WORD or label in self.opens:
            return None
        return next((name for words, name in self.patterns if words.fullmatch(label)), None)

    def meanings_of(self, labels: Sequence[str]) -> list[str | None]:
        """Tell what the columns of a header mean, each by its word and by those beside it."""
        meanings = [self.meaning_of(label) for label in labels]
        for other in self.otherwise:
            for index, label in enumerate(labels):
                if other.fits(index, label, meanings):
                    meanings[index] = other.meaning
        return meanings

    def opened_by(self, label: str) -> bool:
        """Whether a label is a word that opens the block, numbered or not (年度目标1)."""
        if label in self.opens:
            return True
        if len(label) > _LONGEST_WORD:
            return False
        bare = without_ordinal(_YEAR.sub("", label))
        return bare in self.opens or _NUMBER_BEHIND.sub("", bare) in self.opens


@dataclass(frozen=True, slots=True)
class Form:
    """One official table (表样): its titles and its blocks from top to bottom.

    ``categories`` gives for each category (一级指标) the subcategories (二级指标) under it.
    ``prompts`` are the patterns of the form's own instructions, which units leave in.
    """

    name: str
    titles: tuple[str, ...]
    blocks: tuple[BlockForm, ...]
    categories: Mapping[str, tuple[str, ...]]
    prompts: tuple[str, ...]

    def block(self, name: str) -> BlockForm:
        """Give the block of this name."""
        return next(block for block in self.blocks if block.name == name)


@cache
def known_forms() -> tuple[Form, ...]:
    r"""Load the forms of this package, the words of the provinces added.

    >>> [form.name for form in known_forms()]
    ['score_table', 'base_data']
    >>> known_forms()[0].block("indicators").column("年度\n指标值")
    'target'
    """
    folder = files("jixiao.importers").joinpath("forms")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".yaml"))
    # Any: what YAML holds; the shape is checked by the tests of this package.
    contents: list[dict[str, Any]] = [
        yaml.load(folder.joinpath(name).read_text("utf-8"), Loader=_LOADER) for name in names
    ]
    forms = {content["name"]: content for content in contents if "extends" not in content}
    for content in contents:
        if "extends" in content:
            _extend(forms[content["extends"]], content)
    return tuple(_form(forms[name]) for name in _NAMES)


@cache
def words_of_categories() -> tuple[frozenset[str], frozenset[str]]:
    """Give the words of all categories (一级指标) and of all subcategories (二级指标)."""
    forms = known_forms()
    subcategories = frozenset(w for f in forms for words in f.categories.values() for w in words)
    return frozenset(word for form in forms for word in form.categories), subcategories


@cache
def openings() -> Mapping[str, tuple[tuple[Form, BlockForm], ...]]:
    """Give for each opening word the blocks it may open."""
    found: dict[str, tuple[tuple[Form, BlockForm], ...]] = {}
    for form in known_forms():
        for block in form.blocks:
            for word in block.opens:
                found[word] = (*found.get(word, ()), (form, block))
    return MappingProxyType(found)


def _extend(form: dict[str, Any], more: Mapping[str, Any]) -> None:
    """Add the words of `more` to those of a form: lists grow, blocks go by their name."""
    for key, value in more.items():
        if key in ("name", "extends"):
            continue
        if key == "blocks":
            blocks = {block["name"]: block for block in form["blocks"]}
            for block in value:
                if block["name"] in blocks:
                    _extend(blocks[block["name"]], block)
                else:
                    form["blocks"].append(block)
        elif isinstance(value, dict):
            _extend(form.setdefault(key, {}), value)
        elif isinstance(value, list):
            form[key] = [*form.get(key, ()), *value]
        else:
            form[key] = value


def _form(content: dict[str, Any]) -> Form:
    categories = {word: tuple(below) for word, below in content.get("categories", {}).items()}
    return Form(
        content["name"],
        tuple(content["titles"]),
        tuple(_block(entry) for entry in content["blocks"]),
        MappingProxyType(categories),
        tuple(content.get("prompts", ())),
    )


def _block(entry: dict[str, Any]) -> BlockForm:
    columns = entry.get("columns", {})
    words = {word: meaning for meaning, listed in columns.items() for word in listed}
    labels: dict[str, tuple[str, ...]] = {key: tuple(entry[key]) for key in _LISTS if key in entry}
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
        key_columns=frozenset(entry.get("key_columns", ())),
        fewest=entry.get("fewest", 2),
        required=frozenset(entry.get("required", ())),
        patterns=tuple(
            (re.compile(words), meaning) for meaning, words in entry.get("patterns", {}).items()
        ),
        otherwise=tuple(
            Otherwise(meaning, *(frozenset(said.get(key, ())) for key in _OTHERWISE))
            for meaning, listed in entry.get("otherwise", {}).items()
            for said in (listed if isinstance(listed, list) else [listed])
        ),
    )
