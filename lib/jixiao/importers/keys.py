"""Which narrative and which table belong to one evaluation (评价的编号)."""

from __future__ import annotations

from dataclasses import dataclass, field

from jixiao.importers.cells import squeeze
from jixiao.model import Kind


@dataclass(slots=True)
class _Entry:
    key: str
    kind: Kind
    name: str
    has_narrative: bool = False
    has_table: bool = False


@dataclass(slots=True)
class Keys:
    """Hands out ``department`` and ``project-1``, ``project-2`` … in the document's order.

    >>> keys = Keys()
    >>> keys.for_narrative("project", "社区矫正"), keys.for_table("project", "社区矫正经费")
    ('project-1', 'project-1')
    >>> keys.for_table("project", "普法"), keys.for_table("department", "")
    ('project-2', 'department')
    """

    entries: list[_Entry] = field(default_factory=list)

    def for_narrative(self, kind: Kind, name: str) -> str:
        """Give the key of a narrative: a new one, unless its table came before it."""
        entry = self._matching(kind, name, lacking_table=False) or self._new(kind, name)
        entry.has_narrative = True
        return entry.key

    def for_table(self, kind: Kind, name: str) -> str:
        """Give the key of a table: that of the narrative before it, if it has none yet."""
        entry = self._matching(kind, name, lacking_table=True)
        entry = entry or self._waiting(kind) or self._new(kind, name)
        entry.has_table = True
        return entry.key

    def without_table(self) -> list[str]:
        """Give the keys of narratives whose table never came."""
        return [entry.key for entry in self.entries if not entry.has_table]

    def _matching(self, kind: Kind, name: str, *, lacking_table: bool) -> _Entry | None:
        squeezed = squeeze(name)
        for entry in self.entries:
            free = not (entry.has_table if lacking_table else entry.has_narrative)
            other = squeeze(entry.name)
            same = kind == "department" or (
                squeezed and other and (squeezed in other or other in squeezed)
            )
            if free and entry.kind == kind and same:
                return entry
        return None

    def _waiting(self, kind: Kind) -> _Entry | None:
        waiting = [e for e in self.entries if e.kind == kind and not e.has_table]
        return waiting[-1] if waiting else None

    def _new(self, kind: Kind, name: str) -> _Entry:
        number = sum(entry.kind == kind for entry in self.entries) + 1
        key = "department" if (kind, number) == ("department", 1) else f"{kind}-{number}"
        self.entries.append(_Entry(key, kind, name))
        return self.entries[-1]
