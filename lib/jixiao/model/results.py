"""What a finished run came to (运行结果), as its ``result.json`` says: read, never judged again."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from jixiao.model.judged import Severity


@dataclass(frozen=True, slots=True)
class ScoredLine:
    """One line of a scorecard (评分行), in 分; the line of budget execution has no indicators."""

    is_execution: bool
    points: Decimal | None
    claimed: Decimal | None
    score: Decimal | None


@dataclass(frozen=True, slots=True)
class Found:
    """One finding (核查发现): its check, how grave, and whose it is (None: the whole filing)."""

    check: str
    severity: Severity
    evaluation: str | None


@dataclass(frozen=True, slots=True)
class RunResult:
    """The result of one run (运行结果): whose, what was claimed, what came out.

    ``run`` is the path of its folder from the outputs folder on, ``sha256`` that of its
    ``result.json``. ``stated`` is the unit's own total; ``on_100``, ``low`` and ``high`` are the
    recomputed one and its range, on 100. ``execution_rate`` is in %.
    """

    run: str
    sha256: str
    unit: str
    name: str
    year: int
    key: str
    project: str | None
    rubric: str
    stated: Decimal | None
    on_100: Decimal | None
    low: Decimal | None
    high: Decimal | None
    grade: str | None
    execution_rate: Decimal | None
    lines: tuple[ScoredLine, ...]
    findings: tuple[Found, ...]
