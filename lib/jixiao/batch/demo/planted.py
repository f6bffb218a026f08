"""What was planted (预埋记录)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Planted:
    """One contradiction: the check that must find it, where it stands, what was changed.

    ``follows`` are checks that must find it as well, for it contradicts them too.
    """

    check: str
    evaluation: str
    where: str
    consistent: str
    stated: str
    follows: tuple[str, ...] = ()
