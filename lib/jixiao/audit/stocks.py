"""What was there, came, went and is there now (E-03 存量与流量)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from jixiao.audit.desk import Case, Desk, Outcome, arithmetic, places_of
from jixiao.audit.figures import says_the_same
from jixiao.datum import Datum, add, convert, subtract
from jixiao.model import Evaluation, Statement

#: Words of a subject that say nothing of what is counted.
_IDLE = re.compile(r"人数|总数|数量|对象|人员|近几年来|近年来|我区|我县|我市|全区|全县|全市|（.*）")
_YEAR = re.compile(r"（(?:[0-9]{4}年|今年|去年|上年|本年)）")


def check_stock_and_flow(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """E-03: what was there, and came, less what went, is what is there.

    Made only where the text plainly tells all four of one subject, counted in one unit.
    """
    told = [
        s
        for s in case.filing.statements
        if s.evaluation == evaluation.key and s.datum.value is not None
    ]
    stock = _stock(case, told)
    if stock is None:
        yield desk.skips("正文没有同一对象上年末与本年末的存量")
        return
    opening, closing = stock
    flows = [s for s in told if _flows_of(case, closing, s)]
    came = _distinct(desk, flows, "in")
    went = _distinct(desk, flows, "out")
    if not came or not went:
        yield desk.skips(f"正文没有同时写明“{_subject(closing)}”的增加与减少")
        return
    unit = closing.datum.unit
    total = convert(opening.datum, unit)
    for flow in came:
        total = add("应有存量", total, convert(flow.datum, unit))
    for flow in went:
        total = subtract("应有存量", total, convert(flow.datum, unit))
    if says_the_same(closing, total):
        yield desk.holds(*arithmetic(total), "，正文所述 ", closing.datum)
        return
    data = [s.datum for s in (opening, *came, *went, closing)]
    yield desk.found(
        f"正文“{_YEAR.sub('', closing.label)}”上年末 ",
        opening.datum,
        *_said("，增加 ", came),
        *_said("，减少 ", went),
        "，本年末应为 ",
        total,
        "，所述为 ",
        closing.datum,
        where=places_of(*data),
        observed=("本年末 ", closing.datum),
        expected=("本年末 ", total),
        formula=_chain(opening, came, went, total),
    )


def _said(words: str, flows: list[Statement]) -> Iterator[str | Datum]:
    for number, flow in enumerate(flows):
        yield "、" if number else words
        yield flow.datum


def _chain(
    opening: Statement, came: list[Statement], went: list[Statement], total: Datum
) -> tuple[str | Datum, ...]:
    pieces: list[str | Datum] = [opening.datum]
    for sign, flows in ((" + ", came), (" − ", went)):
        for flow in flows:
            pieces += [sign, flow.datum]
    return (*pieces, " = ", total)


def _stock(case: Case, told: list[Statement]) -> tuple[Statement, Statement] | None:
    """Find one subject's number of the year before and of this year, told of one paragraph."""
    year = case.filing.year
    if year is None:
        return None
    stocks = [s for s in told if _YEAR.search(s.label)]
    for closing in stocks:
        if _year_of(closing, year) != year:
            continue
        for opening in stocks:
            last_year = _year_of(opening, year) == year - 1
            if last_year and _is_of_one_kind(opening, closing):
                return opening, closing
    return None


def _is_of_one_kind(opening: Statement, closing: Statement) -> bool:
    """Whether two stocks are of one subject, in one paragraph and in one unit."""
    one_place = opening.datum.origin == closing.datum.origin
    same = one_place and _subject(opening) == _subject(closing)
    return same and convert(opening.datum, closing.datum.unit).unit == closing.datum.unit


def _year_of(statement: Statement, year: int) -> int | None:
    match = _YEAR.search(statement.label)
    word = match[0].strip("（）") if match else ""
    if word in ("今年", "本年"):
        return year
    if word in ("去年", "上年"):
        return year - 1
    return int(word[:4]) if word[:4].isdigit() else None


def _subject(statement: Statement) -> str:
    return _IDLE.sub("", statement.label)


def _flows_of(case: Case, closing: Statement, flow: Statement) -> bool:
    """Whether a figure of this year counts the same thing as a stock, coming or going."""
    if flow.year not in (None, case.filing.year) or not _counts_alike(closing, flow):
        return False
    one, other = _subject(closing), _subject(flow)
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.find_longest_match(0, len(one), 0, len(other)).size >= 2


def _counts_alike(closing: Statement, flow: Statement) -> bool:
    people = {"人", "名"}
    units = {closing.datum.unit, flow.datum.unit}
    return len(units) == 1 or units == people


def _distinct(desk: Desk, flows: list[Statement], way: str) -> list[Statement]:
    """Keep each flow once that begins with a verb of coming, or of going."""
    verbs = desk.entry.words(way)
    kept: dict[str, Statement] = {}
    for flow in flows:
        if flow.label.startswith(verbs):
            kept.setdefault(flow.label, flow)
    return list(kept.values())
