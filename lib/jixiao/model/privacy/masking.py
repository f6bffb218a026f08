"""The masked model (公开用的模型): a filing in which no text holds private data, and a log of it.

Every text of the filing is masked: cells, lines, narrative, footer, names of documents, corrections
and decisions. Numbers are never touched: what was read as a number stays as it was filed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields, is_dataclass, replace
from functools import cache
from typing import Any, TypeAlias, TypeVar

from jixiao.datum import Correction, Datum, Source
from jixiao.model.context import Superseded
from jixiao.model.decided import Decision
from jixiao.model.filed import Filed
from jixiao.model.filing import Document, Filing, Masked, Problem
from jixiao.model.privacy.finding import masked_by
from jixiao.model.privacy.pieces import find_in_lines
from jixiao.model.privacy.searching import Private, find_private

T = TypeVar("T")
_QUOTED = re.compile("“[^”]*”")
#: So many signs of a private text tell nothing.
_SHORTEST_PART = 3
#: A text of a place and what is shown in its stead.
Shown: TypeAlias = tuple[tuple[str, str], ...]
#: Fields that name, count or point, and never quote what was filed.
_NEVER = frozenset(
    {
        *("sha256", "format", "key", "kind", "code", "check", "verdict", "on", "href", "group"),
        *("unit", "money_unit"),
    }
)


def mask_filing(filing: Filing) -> Filing:
    """Mask every text of a filing (公开版的模型); its log is `Filing.masked`.

    No number, score or address changes, and a text keeps its form around what was masked.
    """
    private = find_private(filing)
    masker = _Masker(private)
    masked = masker.mask(replace(filing, context=None))
    context = filing.context
    if context is not None:
        prior = None if context.prior is None else mask_filing(context.prior)
        superseded = _mask_superseded(context.superseded, masker)
        context = replace(
            masker.mask(replace(context, prior=None, superseded=None)),
            prior=prior,
            superseded=superseded,
        )
    log = tuple(
        Masked(found.kind, masker.source(source), found.masked)
        for source, inside in private.found.items()
        for found in inside
    )
    return replace(masked, context=context, masked=log)


def _mask_superseded(superseded: Superseded | None, masker: _Masker) -> Superseded | None:
    """Mask the edition before by what is private in itself, and the words about it."""
    if superseded is None or superseded.filing is None:
        return masker.mask(superseded)
    told = masker.mask(replace(superseded, filing=None))
    return replace(told, filing=mask_filing(superseded.filing))


@dataclass(slots=True)
class _Masker:
    """Masks values of the model; what holds nothing private is given back as it is."""

    private: Private
    sources: dict[Source, Source] = field(default_factory=dict)
    texts: dict[tuple[str, Shown], str] = field(default_factory=dict)

    def mask(self, value: T, place: Source | None = None) -> T:
        """Mask a value of any type of the model."""
        masked: Any = self._mask(value, place)
        return masked  # type: ignore[no-any-return]

    # Any: a value of any type of the model.
    def _mask(self, value: Any, place: Source | None) -> Any:
        match value:
            case None | bool() | int():
                return value
            case str():
                return value if value.isdecimal() and len(value) < 7 else self.text(value, place)
            case Source():
                return self.source(value)
            case tuple():
                masked = tuple(self._mask(item, place) for item in value)
                return value if all(map(_is, masked, value)) else masked
            case Document():
                return replace(value, file=self.text(value.file, None))
        return self._fields(value, place) if is_dataclass(value) else value

    # Any: a dataclass of the model.
    def _fields(self, value: Any, place: Source | None) -> Any:
        place = _place_of(value) or place
        if isinstance(value, Problem):
            value = self._problem(value)
        changed = {}
        for name in _texts_of(type(value)):  # type: ignore[arg-type]  # a class is hashable
            before = getattr(value, name)
            after = before[:1] + "**" if name == "by" else self._mask(before, place)
            if after is not before:
                changed[name] = after
        return replace(value, **changed) if changed else value

    def _problem(self, problem: Problem) -> Problem:
        """Mask a message: it may quote every cell of its row, cut short, or what was hidden."""
        message = problem.message
        if problem.code == "hidden-text":
            message = _QUOTED.sub("“…”", message)  # no reader of the document has seen it
        if problem.source is not None:
            row = self.private.shown_in_row(problem.source) or self.private.shown_at(problem.source)
            message = self.text(message, problem.source, row)
            for private, _ in row:
                message = _without_cut(message, private)
        return problem if message == problem.message else replace(problem, message=message)

    def source(self, source: Source) -> Source:
        """Mask the characters of an address, and the name of its document."""
        known = self.sources.get(source)
        if known is None:
            found = self.private.found.get(source)
            text = (
                self.text(source.text, source) if found is None else masked_by(source.text, found)
            )
            document, part = self.text(source.document, None), self.text(source.part, None)
            same = (text, document, part) == (source.text, source.document, source.part)
            known = source if same else replace(source, text=text, document=document, part=part)
            self.sources[source] = known
        return known

    def text(self, text: str, place: Source | None, more: Shown = ()) -> str:
        """Mask a text that was taken from a place of the filing, and perhaps from others."""
        shown: Shown = (*more, *(self.private.shown_at(place) if place else ()))
        number = self.private.statistics.number_at(place) if place else ""
        if number and number in text:  # a statistic stays, also where a sentence quotes it
            return number.join(self.text(part, None, shown) for part in text.split(number))
        known = self.texts.get((text, shown))
        if known is None:
            known = text
            for private, instead in shown:
                known = known.replace(private, instead)
            known = self.private.without_names(masked_by(known, find_in_lines(known)))
            self.texts[text, shown] = known
        return text if known == text else known  # what did not change stays the same object


def _without_cut(text: str, private: str) -> str:
    """Mask the beginning of a private text where a quotation ends in it.

    >>> _without_cut("“电话138001380”：没有读入", "13800138000")
    '“电话***”：没有读入'
    """
    for length in range(len(private) - 1, _SHORTEST_PART, -1):
        for end in "”…":
            text = text.replace(private[:length] + end, "***" + end)
    return text


def _is(one: object, other: object) -> bool:
    return one is other


@cache
def _texts_of(kind: type) -> tuple[str, ...]:
    never = _NEVER | {"cells"} if kind is Decision else _NEVER  # a digest, there
    return tuple(each.name for each in fields(kind) if each.name not in never)


# Any: a dataclass of the model.
def _place_of(value: Any) -> Source | None:
    """Give the place a value was read from, None where it has none of its own."""
    match value:
        case Datum():
            origin = value.origin
            while isinstance(origin, Correction):
                origin = origin.original.origin
            return origin if isinstance(origin, Source) else None
        case Filed():
            return value.source
    for name in ("source", "datum", "heading"):
        held = getattr(value, name, None)
        if isinstance(held, Source):
            return held
        if isinstance(held, Datum | Filed):
            return _place_of(held)
    return None
