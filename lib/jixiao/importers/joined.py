"""Tables of which a text kept not even the blanks (连写表), as OCR gives them: 09 of the filings.

The rows are found by their end: coefficient, points × score run together, 是 or 否. Digits are cut
where coefficient × points = score; where no cut or several do that, the cells are lost.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate

from jixiao.importers.cells import label_of
from jixiao.importers.lines import Line
from jixiao.importers.raw import RawCell, RawTable

_FEWEST_ROWS = 3
_HEADER = (
    r"(?P<indicator>指标名称)(?P<unit>计量单位)(?P<operator>指标性质)(?P<target>年初指标值)"
    r"(?:调整指标值)?(?P<achieved>\S{2,8}?值)(?P<coefficient>得分系数[（(]%[)）])"
    r"(?P<points>指标权重[（(]分[)）])(?P<score>指标得分[（(]分[)）])(?P<core>是否核心指标)"
)
_RATE = r"(?:100|[1-9]?[0-9](?:\.[0-9]+)?)%"
_ROW_END = re.compile(rf"(?P<coefficient>{_RATE})(?P<both>[0-9.]{{2,8}})(?P<core>[是否])")
_TITLE = re.compile(r"[\u4e00-\u9fff]{2,20}自评表")
_TOTAL = re.compile(r"(?P<label>自评总分[（(]分[)）])(?P<score>[0-9]+(?:\.[0-9]+)?)")
_BUDGET = re.compile(
    r"(?P<opening>部门预算执行情况).{0,8}?(?P<original>年初预算数)(?P<final>全年[^数]{0,8}预算数)"
    r"(?P<actual>全年执行数)(?P<rate>执行率[（(]%[)）])?(?:执行率[（(]%[)）])?(?P<points>执行率权重)"
    rf"(?P<score>执行率得分[（(]分[)）])(?P<money>[^%]{{0,20}}?)(?P<filed>{_RATE})(?P<both>[0-9.]+)"
)
_PAGE = re.compile(r"^(?:绩效指标)?\s*(?:[0-9]{1,3}、)?[“”\s]*")
_NATURES = ("定量指标", "定性指标")
_VALUE = r"(?:[到第≥≤])?[0-9O][0-9O.,]*(?:%|[次份篇个件人场项天户]|万?元)?"
_VALUES = re.compile(rf"(?P<first>{_VALUE})(?P<second>{_VALUE})?$")
_TWICE = re.compile(r"([\u4e00-\u9fff]{1,3})\1$")


@dataclass(frozen=True, slots=True)
class _Text:
    """The lines as one text, and the line each character stands on."""

    text: str
    starts: tuple[int, ...]
    lines: Sequence[Line]

    def cell(self, text: str, at: int, *, begins: bool = False, lost: bool = False) -> RawCell:
        line = self.lines[max(bisect_right(self.starts, at) - 1, 0)]
        return RawCell(line.number, text, begins, label_of(text), lost)


def joined_table(
    lines: Sequence[Line], *, ends_document: bool
) -> Iterator[tuple[Line, ...] | RawTable]:
    """Give title and table where the lines hold a table run together; else nothing."""
    text = "".join(line.text for line in lines)
    ends = list(_ROW_END.finditer(text))
    header = re.search(_HEADER, text)
    if header is None or len(ends) < _FEWEST_ROWS:
        return
    starts = accumulate((len(line.text) for line in lines[:-1]), initial=0)
    whole = _Text(text, tuple(starts), lines)
    title = _TITLE.search(text, 0, header.start())
    if title:
        yield (Line(lines[0].number, title[0]),)
    cells = [*_top(whole), *_header(whole, header)]
    start = header.end()
    for end in ends:
        cells.extend(_row(whole, start, end))
        start = end.end()
    rest = text[start:].strip()
    yield RawTable(tuple(cells), ends_document, "joined", is_cut=bool(rest) and ends_document)


def _top(whole: _Text) -> Iterator[RawCell]:
    if total := _TOTAL.search(whole.text):
        yield whole.cell(total["label"], total.start(), begins=True)
        yield whole.cell(total["score"], total.start("score"))
    if (budget := _BUDGET.search(whole.text)) is None:
        return
    names = ("opening", "original", "final", "actual", "rate", "points", "score")
    for name in names:
        yield whole.cell(budget[name] or "执行率(%)", budget.start(), begins=name == "opening")
    at = budget.start("filed")
    yield whole.cell("", at, begins=True)
    for _ in range(3):
        yield whole.cell("", at, lost=True)
    yield whole.cell(budget["filed"], at)
    yield from _points_and_score(whole, budget["both"], budget["filed"], budget.start("both"))


def _header(whole: _Text, header: re.Match[str]) -> Iterator[RawCell]:
    for name, word in header.groupdict().items():
        yield whole.cell(word, header.start(name), begins=name == "indicator")


def _row(whole: _Text, start: int, end: re.Match[str]) -> Iterator[RawCell]:
    text = whole.text[start : end.start()]
    page = _PAGE.match(text)
    at = start + (page.end() if page else 0)
    head = whole.text[at : end.start()]
    name, values = _values(head)
    name, nature = _nature(name)
    name, unit = _unit(name, values)
    yield whole.cell(name, at, begins=True)
    yield whole.cell(unit, at)
    yield whole.cell(nature, at)
    for value in values:
        yield whole.cell(value, end.start())
    yield whole.cell(end["coefficient"], end.start())
    yield from _points_and_score(whole, end["both"], end["coefficient"], end.start("both"))
    yield whole.cell(end["core"], end.start("core"))


def _values(head: str) -> tuple[str, tuple[str, str]]:
    """Cut target and result off the end: numbers, or one word filed twice (高高)."""
    if twice := _TWICE.search(head):
        return head[: twice.start()], (twice[1], twice[1])
    if (found := _VALUES.search(head)) and found["second"]:
        return head[: found.start()], (found["first"], found["second"])
    return head, ("", "")


def _nature(name: str) -> tuple[str, str]:
    """Cut 定量指标 off the end, also where OCR shuffled its characters (性标定指)."""
    for nature in _NATURES:
        if sorted(name[-len(nature) :]) == sorted(nature):
            return name[: -len(nature)], nature
    return name, ""


def _unit(name: str, values: tuple[str, str]) -> tuple[str, str]:
    """Cut the unit off: what the values end with, or what is no Chinese character (%, tot扁)."""
    if foreign := re.search(r"[%A-Za-z]", name):
        return name[: foreign.start()], name[foreign.start() :]
    unit = values[1].lstrip("0123456789O.,")
    if unit and name.endswith(unit):
        return name.removesuffix(unit), unit
    return name, ""


def _points_and_score(whole: _Text, both: str, rate: str, at: int) -> Iterator[RawCell]:
    cuts = [
        index
        for index in range(1, len(both))
        if (points := _decimal(both[:index])) is not None
        and (score := _decimal(both[index:])) is not None
        and points * Decimal(rate.rstrip("%")) == score * 100
    ]
    if len(cuts) == 1:
        yield whole.cell(both[: cuts[0]], at)
        yield whole.cell(both[cuts[0] :], at)
    else:
        yield whole.cell("", at, lost=True)
        yield whole.cell("", at, lost=True)


def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if re.fullmatch(r"(?:0|[1-9][0-9]*)(?:\.[0-9]+)?", text) else None
