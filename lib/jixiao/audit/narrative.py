"""Checks of the narrative against the tables and of its form (E 文字与表格)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from jixiao.audit.budget import RATE_LABEL, rate_of, rate_places
from jixiao.audit.desk import Case, Desk, Outcome, arithmetic, decimals_shown, places_of, say_rest
from jixiao.audit.places import evaluation_of_line, place_at
from jixiao.datum import Datum, Source, convert, read_quantity, subtract
from jixiao.datum.core import fixed
from jixiao.model import Evaluation, Filed, Finding, Phrase, Piece, Section, Statement
from jixiao.rubric import Subject
from jixiao.scoring import three_public_total
from jixiao.scoring.base_data import THREE_PUBLIC

_CHINESE = "一二三四五六七八九十"


def check_narrative_figure(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """E-01: a figure of the narrative is the table's, where its subject names a cell."""
    statements = [s for s in case.filing.statements if s.evaluation == evaluation.key]
    if not statements:
        yield desk.skips("正文没有可以核对的数字")
        return
    unmatched = 0
    for statement in statements:
        cell = _cell_named(case, evaluation, statement) if _is_this_year(case, statement) else None
        if cell is None or statement.datum.value is None or not _comparable(statement, cell):
            unmatched += 1
            continue
        yield _compare(desk, evaluation, statement, cell)
    if unmatched:
        yield desk.skips(f"正文另有 {unmatched} 个数字，主体、年度或单位与表中单元格对不上，未比较")


def _compare(desk: Desk, evaluation: Evaluation, statement: Statement, cell: Datum) -> Outcome:
    stated = rate_places(evaluation, cell) if cell.label == RATE_LABEL else ()
    shown = decimals_shown(_number_in(statement))
    in_its_unit = convert(cell, statement.datum.unit)
    if fixed(statement.datum.require(), shown) == fixed(in_its_unit.require(), shown):
        return desk.holds(f"正文“{statement.label}", statement.datum, "”：", *arithmetic(cell))
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


def _is_this_year(case: Case, statement: Statement) -> bool:
    """Whether a sentence speaks of the filing's year, by name or by naming none."""
    return statement.year is None or statement.year == case.filing.year


def _number_in(statement: Statement) -> str:
    return statement.datum.digits


def _comparable(statement: Statement, cell: Datum) -> bool:
    """Whether both are, or can be converted into, one unit."""
    return cell.value is not None and convert(statement.datum, cell.unit).unit == cell.unit


def _cell_named(case: Case, evaluation: Evaluation, statement: Statement) -> Datum | None:
    project = evaluation.project.text if evaluation.project else ""
    labels = {statement.label, statement.label.removeprefix(project)}
    for subject in case.checklist.subjects:
        if subject.of in ("any", evaluation.kind) and labels & set(subject.words):
            return _resolve_subject(case, evaluation, subject)
    name = re.sub(r"\s", "", statement.label)
    for indicator in evaluation.indicators:
        quantity = indicator.achieved.quantity
        if indicator.name == name and quantity.is_number and not quantity.is_bound:
            return indicator.achieved.datum(indicator.name)
    return None


def _resolve_subject(case: Case, evaluation: Evaluation, subject: Subject) -> Datum | None:
    cells = [_resolve(case, evaluation, path) for path in subject.paths]
    if any(cell is None or cell.value is None for cell in cells):
        return None
    present = [cell for cell in cells if cell is not None]
    if len(present) == 2:
        if present[0].unit != present[1].unit:
            return None
        return subtract(subject.words[0], present[0], present[1])
    return present[0]


def _resolve(case: Case, evaluation: Evaluation, path: str) -> Datum | None:
    """Follow a path of ``params/checks.yaml`` to a cell."""
    head, _, rest = path.partition(".")
    base, budget = case.filing.base_data, evaluation.budget
    if head == "execution_rate":
        return rate_of(case, evaluation)
    if head == "budget" and budget:
        return _datum(budget, rest)
    if head in ("income", "nature") and budget:
        lines = (ln for ln in budget.lines if ln.group == head and ln.label.startswith(rest))
        return next((line.actual_expenditure for line in lines), None)
    if head == "base" and base:
        label, _, column = rest.partition(".")
        if label in THREE_PUBLIC:
            return three_public_total(base, column)
        row = base.row(label)
        return _datum(row, column) if row else None
    if head == "staff" and base and base.staff:
        return _datum(base.staff, rest)
    if head == "claimed_total" and evaluation.claimed_total:
        return _datum(evaluation.claimed_total, rest)
    return None


def _datum(owner: object, name: str) -> Datum | None:
    value = getattr(owner, name, None)
    return value if isinstance(value, Datum) else None


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
