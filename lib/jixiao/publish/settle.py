"""Ids, links and characters put in order (定稿): what a page needs before it can be drawn."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from jixiao.publish.notebook import Node

#: Ids the page itself uses.
PAGE_IDS = ("top", "main", "contents")
#: Keys whose strings are no words of a page.
_OPAQUE = frozenset({"kind", "mime", "align", "severity", "tone", "form", "code"})
_LINKS = ("href", "back")


@dataclass(slots=True)
class Survey:
    """What a node has: ids, the ids its links name, and words."""

    ids: list[str] = field(default_factory=list)
    hrefs: set[str] = field(default_factory=set)
    words: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, node: Node) -> Survey:
        """Walk through a node."""
        survey = cls()
        survey._visit(node)
        return survey

    def letters(self) -> set[str]:
        """Give the characters of the words."""
        return set("".join(self.words))

    def _visit(self, part: Node) -> None:
        for key, item in part.items():
            if not item:
                continue
            if isinstance(item, str):
                if key == "id":
                    self.ids.append(item)
                elif key in _LINKS:
                    self.hrefs.add(item)
                elif key not in _OPAQUE:
                    self.words.append(item)
            elif isinstance(item, list):
                self._visit_list(item)
            elif isinstance(item, dict):
                self._visit(item)

    def _visit_list(self, items: list[Any]) -> None:  # any part of a node's JSON
        for item in items:
            if isinstance(item, dict):
                self._visit(item)
            elif isinstance(item, list):
                self._visit_list(item)
            elif isinstance(item, str):
                self.words.append(item)


def settle(
    nodes: list[Node], surveys: list[Survey], ids: set[str], table: dict[int, str]
) -> list[Node]:
    """Rewrite the nodes that need it: an id twice, a link to nowhere, a character without glyph."""
    seen = set(PAGE_IDS)
    signs = set(map(chr, table))
    settled = []
    for node, survey in zip(nodes, surveys, strict=True):
        fresh = set(survey.ids)
        repeated = len(fresh) < len(survey.ids) or not seen.isdisjoint(fresh)
        unprintable = bool(signs) and not signs.isdisjoint(survey.letters())
        if repeated or unprintable or not survey.hrefs <= ids:
            settled.append(_rewritten(node, seen, ids, table))
        else:
            settled.append(node)
        seen |= fresh
    return settled


def _rewritten(value: Any, seen: set[str], ids: set[str], table: dict[int, str]) -> Any:
    if isinstance(value, list):
        return [_rewritten(item, seen, ids, table) for item in value]
    if isinstance(value, str):
        return value.translate(table)
    if not isinstance(value, dict):
        return value
    fresh: Node = {}
    for key, item in value.items():
        if key == "id":
            fresh[key] = item if item and item not in seen else None
            seen.add(item)
        elif key in _LINKS:
            fresh[key] = item if item in ids else None
        elif key in _OPAQUE:
            fresh[key] = item
        else:
            fresh[key] = _rewritten(item, seen, ids, table)
    return fresh
