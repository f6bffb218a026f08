"""Words that belong to another unit, another year or the form itself (E-04、E-05、E-09)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from jixiao.audit.desk import Case, Desk, Outcome, say_rest
from jixiao.audit.places import evaluation_of_line, place_at
from jixiao.datum import Source
from jixiao.model import Filed, Finding, Section

_HEAD_OF_NAME = 4
_YEARS = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})\s*年")


def check_copied_text(desk: Desk, case: Case) -> Iterator[Outcome]:
    """E-04: no other unit evaluates itself in this text, and no foreign trade's words stand in it.

    A name alone is no doubt: units work with each other. It must be the subject of an evaluation.
    """
    found = [*_other_units(desk, case), *_foreign_words(desk, case)]
    yield from found
    if case.filing.context is None:
        yield desk.skips("只有这一份文件，没有单位名册，没有查对其他单位的名称")
    yield from say_rest(desk, case, found)


def _other_units(desk: Desk, case: Case) -> Iterator[Finding]:
    names = case.filing.context.other_names if case.filing.context else ()
    by_head = _by_head(names)
    evaluates = re.compile("|".join(desk.entry.words("evaluates")))
    for line in case.filing.lines if by_head else ():
        for index in range(len(line.text) - _HEAD_OF_NAME + 1):
            for name in by_head.get(line.text[index : index + _HEAD_OF_NAME], ()):
                behind = line.text[index + len(name) :]
                if line.text.startswith(name, index) and evaluates.match(behind):
                    quoted = Filed(name, place_at(case.filing, line))
                    owner = Desk(desk.entry, evaluation_of_line(case.filing, line))
                    yield owner.found(
                        "自评的主体写的是另一个单位“",
                        quoted,
                        "”，疑为照抄",
                        where=(quoted.source,),
                        observed=("“", quoted, "”"),
                        expected=(f"本单位“{case.filing.unit}”",),
                    )


@lru_cache(maxsize=4)
def _by_head(names: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
    """Sort names by their first characters, so that a text is looked through once for all."""
    found: dict[str, tuple[str, ...]] = {}
    for name in sorted(names, key=len, reverse=True):
        if len(name) > _HEAD_OF_NAME:
            head = name[:_HEAD_OF_NAME]
            found[head] = (*found.get(head, ()), name)
    return found


def _foreign_words(desk: Desk, case: Case) -> Iterator[Finding]:
    """Find paragraphs with several words of a trade that nothing else in the filing speaks of."""
    trades = desk.entry.thresholds["trades"]
    least = int(desk.entry.number("words"))
    for section in case.filing.sections:
        own = ""
        for paragraph in section.paragraphs:
            for trade in trades if isinstance(trades, list) else ():
                there = [word for word in trade["words"] if word in paragraph.text]
                if len(there) < least:
                    continue
                own = own or _own_business(case, section.evaluation)
                if not any(mark in own for mark in trade["marks"]):
                    yield _foreign(desk, section, paragraph, there)


def _foreign(desk: Desk, section: Section, paragraph: Filed, words: list[str]) -> Finding:
    quoted = tuple(Filed(word, paragraph.source) for word in words)
    told = [piece for word in quoted for piece in ("“", word, "”")]
    return Desk(desk.entry, section.evaluation).found(
        "正文出现与本单位职责、本项目内容无关的词语",
        *told,
        "，疑为照抄其他材料",
        where=(paragraph.source,),
        observed=tuple(told),
        expected=("只写本单位、本项目的情况",),
    )


def _own_business(case: Case, key: str) -> str:
    """What the unit and the evaluation are about: names, duties, and all of the tables."""
    filing = case.filing
    parts = [
        filing.unit,
        *(row.name for row in (filing.base_data.expenditure if filing.base_data else ())),
    ]
    for evaluation in filing.evaluations:
        parts += [
            text.text for text in (evaluation.project, evaluation.objectives.expected) if text
        ]
        parts += [i.name for i in evaluation.indicators]
    parts += [
        section.heading.text + section.text
        for section in filing.sections
        if re.search("职责|职能|项目概况|机构设置|基本情况", section.heading.text)
    ]
    return "\n".join(parts)


def check_year_named(desk: Desk, case: Case) -> Iterator[Outcome]:
    """E-05: titles name the filing's year, and the objective is of that year."""
    year = case.filing.year
    if year is None:
        yield desk.skips("没有读到年度")
        return
    found = [*_wrong_years(desk, case, year)]
    yield from found
    yield from say_rest(desk, case, found)


def _wrong_years(desk: Desk, case: Case, year: int) -> Iterator[Finding]:
    first = case.filing.evaluations[0].key if case.filing.evaluations else None
    titled: list[tuple[str | None, Filed]] = [(e.key, e.title) for e in case.filing.evaluations]
    if case.filing.base_data is not None:
        titled.append((first, case.filing.base_data.title))
    for key, title in titled:
        named = {int(text) for text in _YEARS.findall(title.text)}
        if named and year not in named:
            yield _wrong_year(Desk(desk.entry, key), title, year)
    for evaluation in case.filing.evaluations:
        aim = evaluation.objectives.expected
        match = re.search(r"完成((?:19|20)[0-9]{2})年", aim.text) if aim else None
        if aim is not None and match is not None and int(match[1]) != year:
            quoted = Filed(match[0], aim.source)
            yield _wrong_year(Desk(desk.entry, evaluation.key), quoted, year)
    base = case.filing.base_data
    if base is not None and base.buildings is not None:
        told = base.buildings.year
        if told.value is not None and told.value != year and isinstance(told.origin, Source):
            quoted = Filed(f"{told.digits}年", told.origin)
            yield _wrong_year(Desk(desk.entry, first), quoted, year)


def _wrong_year(desk: Desk, text: Filed, year: int) -> Finding:
    return desk.found(
        "“",
        text,
        f"”的年度与本报告的 {year} 年度不同",
        where=(text.source,),
        observed=("“", text, "”"),
        expected=(f"{year} 年",),
    )


def check_prompts_left(desk: Desk, case: Case) -> Iterator[Outcome]:
    """E-09: no prompt of the form was left standing."""
    prompts = re.compile("|".join(desk.entry.words("prompts")))
    found = []
    for line in case.filing.lines:
        match = prompts.search(line.text)
        if match is None:
            continue
        place = place_at(case.filing, line)
        quoted = Filed(match[0].strip(), place)
        owner = Desk(desk.entry, evaluation_of_line(case.filing, line))
        found.append(
            owner.found(
                "模板的填写提示没有删去：“",
                quoted,
                "”",
                where=(place,),
                observed=("“", quoted, "”"),
                expected=("填写的内容",),
            )
        )
    yield from found
    yield from say_rest(desk, case, found)
