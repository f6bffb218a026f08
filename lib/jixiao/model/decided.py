"""What reviewers decided (复核): of a finding, and of a line's score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Literal, TypeAlias

Verdict: TypeAlias = Literal["confirmed", "explained", "dismissed"]
#: How readers are told a verdict.
VERDICT_WORDS: Mapping[Verdict, str] = MappingProxyType(
    {"confirmed": "确认", "explained": "已说明", "dismissed": "不成立"}
)


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided of one finding, and why (复核决定).

    ``check`` and ``evaluation`` say which finding, ``cells`` is the `Finding.cells` it was decided
    on, and ``at`` its first address in words. An ``evaluation`` of None is the whole filing.
    """

    check: str
    evaluation: str | None
    cells: str
    at: str | None
    verdict: Verdict
    reason: str
    by: str
    on: str

    @property
    def words(self) -> str:
        """The decision in a sentence.

        >>> Decision("A-02", "department", "", None, "explained", "见来函", "张某某", "2023-05-04").words
        '已说明：见来函（张某某，2023-05-04）'
        """
        return f"{VERDICT_WORDS[self.verdict]}：{self.reason}（{self.by}，{self.on}）"


@dataclass(frozen=True, slots=True)
class ReviewedScore:
    """The score a reviewer gives one line, and why (复核得分), in 分.

    ``line`` is the line's name as the score table prints it, ``at`` its address where several
    have that name. ``claimed`` is the unit's score it was given on, None where none was filed.
    ``may_lapse`` : a newer edition was filed, so that its line may be there no more.
    """

    evaluation: str
    line: str
    at: str | None
    claimed: Decimal | None
    score: Decimal
    reason: str
    by: str
    on: str
    may_lapse: bool = False

    @property
    def words(self) -> str:
        """Who gave it, and why."""
        return f"复核：{self.reason}（{self.by}，{self.on}）"
