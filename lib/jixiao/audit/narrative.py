"""Checks of the narrative against the tables and of its form (E 文字与表格)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from jixiao.audit.budget import rate_places
from jixiao.audit.desk import Case, Desk, Outcome, arithmetic, places_of, say_rest
from jixiao.audit.figures import Comparison, compare_figures
from jixiao.audit.places import evaluation_of_line, place_at
from jixiao.datum import Datum, Source, read_quantity
from jixiao.model import Evaluation, Filed, Finding, Phrase, Piece, Section

_CHINESE = "一二三四五六七八九十"


def check_narrative_figure(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """E-01: a figure of the narrative is the table's, where its subject names a cell."""
    comparisons = compare_figures(case, evaluation)
    if not comparisons:
        yield desk.skips("正文没有可以核对的数字")
        return
    for comparison in comparisons:
        if comparison.cell is not None:
            yield _compared(desk, evaluation, comparison, comparison.cell)
    if unmatched := sum(comparison.cell is None for comparison in comparisons):
        yield desk.skips(f"正文另有 {unmatched} 个数字，主体、年度或单位与表中单元格对不上，未比较")


def _compared(desk: Desk, evaluation: Evaluation, comparison: Comparison, cell: Datum) -> Outcome:
    statement = comparison.statement
    if comparison.verdict == "agreed":
        return desk.holds(f"正文“{statement.label}", statement.datum, "”：", *arithmetic(cell))
    stated = rate_places(evaluation, cell) if comparison.is_rate else ()
    return desk.found(
        f"正文“{statement.label}",
        statement.datum,
        f"”，表中{cell.label}为 ",
        cell,
        where=(*places_of(statement.datum), *stated, *places_of(cell)),
        observed=("正文 ", statement.datum),
        expected=("正文 ", cell),
        formula=arithmetic(cell),
    )


def check_heading_numbers(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """E-06: the headings of the first level are numbered on, in one style."""
    sections = [
        s
        for s in case.filing.sections
        if s.evaluation == evaluation.key and s.level == 1 and s.number
    ]
    if len(sections) < 2:
        yield desk.skips("正文没有带序号的标题")
        return
    styles = {"chinese" if _style(s) in _CHINESE else "arabic" for s in sections}
    values = [_value(s) for s in sections]
    breaks = [
        (before, after)
        for before, after in pairwise(sections)
        if _value(after) != _value(before) + 1
    ]
    if values[0] != 1:
        breaks.insert(0, (sections[0], sections[0]))
    if len(styles) == 1 and not breaks:
        yield desk.holds("一级标题序号：", " ".join(s.number for s in sections))
        return
    parts = []
    if len(styles) > 1:
        parts.append("汉字与阿拉伯数字混用")
    if breaks:
        parts.append("不连续")
    yield desk.found(
        f"一级标题序号{'，'.join(parts)}：",
        *_numbers(sections),
        where=tuple(s.heading.source for s in sections),
        observed=_numbers(sections),
        expected=("一、二、三、……逐一递增",),
    )


def _numbers(sections: list[Section]) -> Phrase:
    pieces: list[Piece] = []
    for section in sections:
        pieces += [" "] if pieces else []
        pieces.append(Filed(section.number, section.heading.source))
    return tuple(pieces)


def _style(section: Section) -> str:
    return section.number.strip("（()） 　")[:1]


def _value(section: Section) -> int:
    text = re.sub(r"[^0-9０-９一二三四五六七八九十]", "", section.number)
    value = read_quantity(text).value
    return int(value) if value is not None else 0


def check_conversion_debris(desk: Desk, case: Case) -> Iterator[Outcome]:
    """E-10: no debris of a conversion, no listed misspelling."""
    found = list(_misfits(desk, case))
    yield from found
    yield from say_rest(desk, case, found)


def _misfits(desk: Desk, case: Case) -> Iterator[Finding]:
    debris = re.compile("|".join(desk.entry.words("debris")))
    typos = desk.entry.thresholds["typos"]
    right = {str(k): str(v) for k, v in typos.items()} if isinstance(typos, dict) else {}
    for line in case.filing.lines:
        debris_there = [match[0] for match in debris.finditer(line.text)]
        typos_there = [wrong for wrong in right if wrong in line.text]
        if not debris_there and not typos_there:
            continue
        owner = Desk(desk.entry, evaluation_of_line(case.filing, line))
        place = place_at(case.filing, line)
        for text in debris_there:
            yield _debris(owner, text, place, "文档转换残留", "删去")
        for wrong in typos_there:
            yield _debris(owner, wrong, place, "疑为错别字", f"“{right[wrong]}”")


def _debris(desk: Desk, text: str, place: Source, what: str, expected: str) -> Finding:
    quoted = Filed(text, place)
    return desk.found(
        f"{what}：“",
        quoted,
        "”",
        where=(place,),
        observed=("“", quoted, "”"),
        expected=(expected,),
    )
