"""Plain numbers that are statistics (统计数据): read as a number, or under a heading that says so.

Eleven figures in a cell of their own may be an amount in 元 or somebody's telephone; the model and
the headings know which.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from jixiao.datum import Correction, Datum, Source
from jixiao.model.filed import Filed
from jixiao.model.filing import Filing
from jixiao.model.privacy.folding import fold
from jixiao.model.privacy.labelled import LABEL
from jixiao.model.privacy.numbers import is_identity

_PLAIN = re.compile(r"[0-9]+")
_OF_A_PERSON = re.compile(r"电\s*话|手\s*机|联\s*系|方\s*式|[卡账帐]\s*号|身份证|证件|护照|微信|QQ")
_OF_A_STATISTIC = re.compile(
    r"元|金额|预算|决算|支出|收入|经费|资金|资产|负债|合计|总计|小计|数量|面积|规模|结转|结余|执行"
    r"|人数|人次|户数|件数|次数|余额|款|费|年度|上年|本年|期初|期末|年初|年末|(?:19|20)[0-9]{2}年"
)


class Statistics:
    """Says which plain numbers of a filing are statistics; it looks closer only where asked."""

    def __init__(self, filing: Filing) -> None:
        self._filing = filing
        self._read: frozenset[tuple[int, ...]] | None = None

    def holds(self, source: Source, text: str) -> bool:
        """Whether the text is a plain number and its place holds a statistic."""
        plain = fold(text).text.strip() if len(text) > 9 else ""
        if not _PLAIN.fullmatch(plain) or is_identity(plain):
            return False
        left, above = self._headings(source)
        if any(map(_OF_A_PERSON.search, left)) or any(_is_label(head) for head in above):
            return False
        return any(map(_OF_A_STATISTIC.search, left + above)) or self._is_read(source)

    def number_at(self, source: Source) -> str:
        """Give the statistic that a place holds, as it is written; empty where there is none."""
        return source.text.strip() if self.holds(source, source.text) else ""

    def _headings(self, source: Source) -> tuple[list[str], list[str]]:
        """Give the texts left of a cell, and those above it."""
        beside: list[str] = []
        above: list[str] = []
        for grid in self._filing.grids:
            if grid.number != source.table:
                continue
            for cell in (cell for row in grid.rows for cell in row.cells):
                row, column = cell.row or 0, cell.column or 0
                if cell.row == source.row and column < (source.column or 0):
                    beside.append(cell.text)
                elif cell.column == source.column and row < (source.row or 0):
                    above.append(cell.text)
        return beside, above

    def _is_read(self, source: Source) -> bool:
        if self._read is None:
            self._read = frozenset(_numbers((self._filing.evaluations, self._filing.base_data)))
        return _key(source) in self._read


def _is_label(head: str) -> bool:
    """Whether a heading is nothing but a label of somebody's numbers."""
    return len(head) > 1 and LABEL.fullmatch(fold(head).text) is not None


def _key(source: Source) -> tuple[int, ...]:
    if source.table is None:
        return source.document_number, source.line or 0
    return source.document_number, source.table, source.row or 0, source.column or 0


def _numbers(value: object) -> Iterator[tuple[int, ...]]:
    """Give the places that numbers and targets were read from."""
    match value:
        case Datum():
            origin = value.origin
            while isinstance(origin, Correction):
                origin = origin.original.origin
            if isinstance(origin, Source) and value.value is not None:
                yield _key(origin)
        case Filed():
            if value.quantity.is_number:
                yield _key(value.source)
        case tuple():
            for item in value:
                yield from _numbers(item)
        case Source():
            return
        case _ if is_dataclass(value):
            for each in fields(value):
                yield from _numbers(getattr(value, each.name))
