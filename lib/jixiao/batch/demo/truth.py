"""The truth file (真值文件): what was planted, for whoever compares it with what was found."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from jixiao.batch.demo.planted import Planted

_HEAD = """\
# 预埋的矛盾。没有列出的材料，各数相符；所列之外，各处也相符。
# check：应当发现它的核查项；also：它同时违反、也应当发现的核查项。
# evaluation：department、项目编号；空值表示整份材料。
# consistent：本应填报的；stated：实际填报的。
"""


@dataclass(frozen=True, slots=True)
class Contradicted:
    """A filing with contradictions in it (有预埋的材料)."""

    unit: str
    year: int
    planted: tuple[Planted, ...]


def truth_of(seed: int, contradicted: tuple[Contradicted, ...]) -> str:
    """Write the truth as YAML."""
    filings = "".join(line for filing in contradicted for line in _lines(filing))
    return f"{_HEAD}seed: {seed}\n" + (f"filings:\n{filings}" if filings else "filings: []\n")


def _lines(filing: Contradicted) -> Iterator[str]:
    yield f"  - unit: {filing.unit}\n    year: {filing.year}\n    planted:\n"
    for planted in filing.planted:
        yield f"      - check: {planted.check}\n        also: [{', '.join(planted.follows)}]\n"
        yield f"        evaluation: {planted.evaluation or 'null'}\n"
        for key in ("where", "consistent", "stated"):
            yield f"        {key}: {json.dumps(getattr(planted, key), ensure_ascii=False)}\n"
