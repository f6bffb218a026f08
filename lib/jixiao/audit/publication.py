"""Whether and how it may be published (G-04 公开时限、G-05 涉密、G-06 公文版式)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jixiao.audit.desk import Case, Desk, Outcome, say_rest
from jixiao.audit.places import evaluation_of_line, place_at
from jixiao.datum import Source
from jixiao.model import Filed, Finding

_NUMBERED = re.compile(
    r"[\u4e00-\u9fff]{2,12}(?P<open>[〔\[［【(（])(?P<year>[0-9]{2,4})(?P<close>[〕\]］】)）])(?P<word>第?)(?P<number>[0-9]{1,4})号"
)
_TOP_LINES = 12


def check_published(desk: Desk, case: Case) -> Iterator[Outcome]:
    """G-04: published in time, with a link, as far as the register says so."""
    context = case.filing.context
    published = context.published if context else None
    if published is None:
        yield desk.skips("没有登记公开日期与链接（单位 YAML 的 published）")
        return
    days = int(desk.entry.number("days"))
    parts = []
    if published.on is None:
        parts.append("没有公开日期")
    if published.href is None:
        parts.append("没有公开链接")
    if published.days is not None and published.days > days:
        parts.append(
            f"{published.on} 公开，距批复（{published.approved}）{published.days} 日，超过 {days} 日"
        )
    if parts:
        yield desk.found(
            f"登记的公开情况：{'，'.join(parts)}",
            where=_title(case),
            observed=(f"公开日期 {published.on or '空白'}，链接 {published.href or '空白'}",),
            expected=(f"批复后 {days} 日内公开，并登记链接",),
        )
    elif published.days is None:
        yield desk.skips("没有登记批复日期（published 的 approved），不能判断是否按时公开")
    else:
        yield desk.holds(f"{published.approved} 批复，{published.on} 公开，{published.days} 日")


def _title(case: Case) -> tuple[Source, ...]:
    if case.filing.evaluations:
        return (case.filing.evaluations[0].title.source,)
    return case.filing.lines[:1]


def check_secrets(desk: Desk, case: Case) -> Iterator[Outcome]:
    """G-05: no mark of secrecy, and no term that names a secret; a person must look."""
    marks = re.compile("|".join(desk.entry.words("marks")))
    denied = desk.entry.words("denied")
    found: list[Finding] = []
    for line in case.filing.lines:
        for match in marks.finditer(line.text):
            if line.text[: match.start()].endswith(denied):
                continue
            place = place_at(case.filing, line)
            quoted = Filed(match[0].strip(), place)
            owner = Desk(desk.entry, evaluation_of_line(case.filing, line))
            found.append(
                owner.found(
                    "出现疑似涉密标志或用语“",
                    quoted,
                    "”，公开前须由保密审查人员判断",
                    where=(place,),
                    observed=("“", quoted, "”"),
                    expected=("公开文件不含国家秘密、工作秘密",),
                )
            )
    yield from found
    yield from say_rest(desk, case, found)


def check_official_layout(desk: Desk, case: Case) -> Iterator[Outcome]:
    """G-06: the document number of a formal letter is written as GB/T 9704 has it.

    Type area and fonts are not in what is read; a self-evaluation without a number is no letter.
    """
    for line in case.filing.lines[:_TOP_LINES]:
        match = _NUMBERED.fullmatch(re.sub(r"\s", "", line.text))
        if match is None:
            continue
        wrong = list(_wrong(match))
        if not wrong:
            yield desk.holds("发文字号“", Filed(match[0], line), "”合乎版式")
            return
        yield _misprinted(Desk(desk.entry, None), match[0], line, wrong)
        return
    yield desk.skips("没有发文字号，不是正式公文，不适用公文版式")


def _wrong(match: re.Match[str]) -> Iterator[str]:
    if (match["open"], match["close"]) != ("〔", "〕"):
        yield "年份应括入六角括号〔〕"
    if len(match["year"]) != 4:
        yield "年份应标全称"
    if match["word"] or match["number"].startswith("0"):
        yield "序号不编虚位，不加“第”字"


def _misprinted(desk: Desk, text: str, line: Source, wrong: list[str]) -> Finding:
    quoted = Filed(text, line)
    return desk.found(
        "发文字号“",
        quoted,
        f"”不合公文版式：{'；'.join(wrong)}",
        where=(line,),
        observed=("“", quoted, "”"),
        expected=("形如“X财〔2023〕5号”",),
    )
