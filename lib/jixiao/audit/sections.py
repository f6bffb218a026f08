"""Whether the narrative says what it must (E-07 必备章节、E-11 问题与措施)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from jixiao.audit.desk import Case, Desk, Outcome
from jixiao.datum import Datum, Source
from jixiao.model import Evaluation, Filed, Section

_NO_NARRATIVE = "没有分章节的正文"
_BREAK = re.compile(r"[，,、；;。！\n]")


def check_required_sections(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """E-07: problems and measures have a section of their own, and it says something."""
    sections = _sections(case, evaluation)
    if len([s for s in sections if s.level == 1]) < int(desk.entry.number("sections")):
        yield desk.skips(_NO_NARRATIVE)
        return
    least = int(desk.entry.number("characters"))
    found = False
    for name in ("problems", "measures"):
        words = desk.entry.words(name)
        there = _whole_sections(sections, words)
        if not there and not _told_elsewhere(case, evaluation, words):
            found = True
            yield desk.found(
                f"正文没有写“{words[0]}”",
                where=(sections[0].heading.source,),
                observed=("没有这一部分",),
                expected=(f"有“{words[0]}”的章节",),
            )
    for heading, text, lacking in _short(desk, sections, least):
        found = True
        length = Datum("一节的字数", Decimal(_length(text)), "字", heading.source)
        shortest = desk.entry.threshold("characters", "须核对的字数", "字")
        missing = "、".join(lacking)
        yield desk.found(
            "“",
            heading,
            "”一节只有 ",
            length,
            f"，没有写明{missing}",
            where=(heading.source,),
            observed=(length, f"，没有写明{missing}"),
            expected=(f"写明{missing}（", shortest, " 以下的一节须核对）"),
        )
    if not found:
        yield desk.holds("问题与措施都已写明")


def check_problems_and_measures(
    desk: Desk, case: Case, evaluation: Evaluation
) -> Iterator[Outcome]:
    """E-11: for the problems told there is a measure, and it concerns one of them."""
    sections = _sections(case, evaluation)
    problems = _whole_sections(sections, desk.entry.words("problems"))
    if not problems:
        yield desk.skips("正文没有写明存在的问题")
        return
    measures = _whole_sections(sections, desk.entry.words("measures"))
    if not measures:
        yield desk.skips("正文没有改进措施的章节")
        return
    heading, told = problems[0][0], _text(problems)
    if _says_none(desk, told) or not told:
        yield desk.skips("正文写明没有问题，或没有写出问题")
        return
    both = problems[0][0] == measures[0][0]
    answer = _measures_in(desk, told) if both else _text(measures)
    if answer and (both or _common(desk, told, answer)):
        yield desk.holds("“", heading, "”所述问题有对应的措施")
        return
    about = "没有写改进措施" if not answer else "与下文的措施没有一处对应"
    places: list[Source] = [heading.source, *_paragraphs(problems)]
    places += [] if both else [measures[0][0].source]
    yield desk.found(
        "“",
        heading,
        f"”所述的问题{about}",
        where=tuple(places),
        observed=tuple(Filed(_opening(p.text), p) for p in _paragraphs(problems)[:1])
        or ("没有内容",),
        expected=("对每个问题写明改进措施",),
    )


def _sections(case: Case, evaluation: Evaluation) -> list[Section]:
    return [s for s in case.filing.sections if s.evaluation == evaluation.key]


def _whole_sections(
    sections: Sequence[Section], words: Sequence[str]
) -> list[tuple[Filed, tuple[Filed, ...]]]:
    """Give the sections whose heading has one of the words, with all that stands below them."""
    found = []
    for index, section in enumerate(sections):
        if section.level > 2 or not any(word in section.heading.text for word in words):
            continue
        paragraphs = list(section.paragraphs)
        for below in sections[index + 1 :]:
            if below.level <= section.level:
                break
            paragraphs += [below.heading, *below.paragraphs]
        found.append((section.heading, tuple(paragraphs)))
    return found


def _short(
    desk: Desk, sections: Sequence[Section], least: int
) -> Iterator[tuple[Filed, str, list[str]]]:
    """Give the short sections with what their headings promise and their texts do not hold."""
    words = (*desk.entry.words("problems"), *desk.entry.words("measures"))
    for heading, paragraphs in _whole_sections(sections, words):
        text = "".join(p.text for p in paragraphs)
        if _length(text) >= least or _says_none(desk, text):
            continue
        lacking = []
        if "原因" in heading.text and not _has(text, desk.entry.words("because")):
            lacking.append("原因")
        promised = any(word in heading.text for word in desk.entry.words("measures"))
        if promised and not _measures_in(desk, text):
            lacking.append("措施")
        if lacking:
            yield heading, text, lacking


def _has(text: str, words: Sequence[str]) -> bool:
    return any(word in text for word in words)


def _told_elsewhere(case: Case, evaluation: Evaluation, words: Sequence[str]) -> bool:
    """Whether it is said under another heading, or in the table's reasons."""
    text = "".join(s.heading.text + s.text for s in _sections(case, evaluation))
    reasons = "".join(i.deviation_reason.text for i in evaluation.indicators if i.deviation_reason)
    return any(word in text + reasons for word in words)


def _says_none(desk: Desk, text: str) -> bool:
    stripped = re.sub(r"\s|[。，,.]", "", text)
    return not stripped or any(
        stripped.startswith(word) and len(stripped) <= len(word) + 6
        for word in desk.entry.words("none")
    )


def _measures_in(desk: Desk, text: str) -> str:
    """Keep the clauses of a joint section that say what will be done."""
    lacking, doing = desk.entry.words("lacking"), desk.entry.words("doing")
    clauses = (clause.strip() for clause in _BREAK.split(text))
    return "".join(
        clause
        for clause in clauses
        if any(word in clause for word in doing) and not any(word in clause for word in lacking)
    )


def _common(desk: Desk, problems: str, measures: str) -> bool:
    """Whether problems and measures share a word of two characters that means something."""
    idle = "".join(desk.entry.words("idle"))
    pairs = {problems[i : i + 2] for i in range(len(problems) - 1)}
    return any(
        re.fullmatch(r"[\u4e00-\u9fff]{2}", pair) and pair not in idle and pair in measures
        for pair in pairs
    )


def _text(found: Sequence[tuple[Filed, tuple[Filed, ...]]]) -> str:
    return "\n".join(p.text for _, paragraphs in found for p in paragraphs)


def _paragraphs(found: Sequence[tuple[Filed, tuple[Filed, ...]]]) -> list[Source]:
    return [p.source for _, paragraphs in found for p in paragraphs]


def _opening(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"


def _length(text: str) -> int:
    return len(re.sub(r"\s", "", text))
