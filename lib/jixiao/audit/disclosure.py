"""Checks of what must not be published, and of what cannot be printed (G 公开、H 字形)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from jixiao.audit.desk import Case, Desk, Outcome, say_rest
from jixiao.audit.places import evaluation_of_line, place_at
from jixiao.datum import Source
from jixiao.model import Filed, Filing, Finding, find_private, private_data

_KINDS: Mapping[str, str] = MappingProxyType(
    {"mobile": "手机号码", "identity": "居民身份证号码", "bank": "银行卡号"}
)


def check_private_data(desk: Desk, case: Case) -> Iterator[Outcome]:
    """G-01: no mobile, identity or bank number in the document."""
    for kind, cell, shown in _private_numbers(case.filing):
        quoted = Filed(shown, cell)
        yield desk.found(
            f"文件中有{_KINDS[kind]} ",
            quoted,
            "，公开前必须去掉",
            where=(cell,),
            observed=(quoted,),
            expected=("不出现个人号码",),
        )


def _private_numbers(filing: Filing) -> Iterator[tuple[str, Source, str]]:
    """Give the kind, the place and the masked form of each; of a masked filing, from its log."""
    if filing.masked is not None:
        found = [(one.kind, one.source, one.shown) for one in filing.masked]
    else:
        inside = find_private(filing).found.items()
        found = [(one.kind, source, one.masked) for source, all_of in inside for one in all_of]
    return (one for one in found if one[0] in _KINDS)


def check_preparer_phone(desk: Desk, case: Case) -> Iterator[Outcome]:
    """G-02: the preparer's name does not stand beside a personal telephone number."""
    footer = case.filing.footer
    if footer is None or footer.preparer is None:
        yield desk.skips("没有填表人")
        return
    phone = footer.telephone
    if phone is None or not _is_mobile(case.filing, phone.text):
        yield desk.holds("填表人一栏没有个人手机号")
        return
    name = Filed(f"{footer.preparer.text[:1]}**", footer.preparer.source)
    yield desk.found(
        "填表人 ",
        name,
        " 与个人手机号 ",
        phone,
        " 同时出现",
        where=(footer.preparer.source, phone.source),
        observed=(name, "，", phone),
        expected=("只留职务，或办公电话",),
    )


def _is_mobile(filing: Filing, text: str) -> bool:
    if filing.masked is not None:
        return any(one.kind == "mobile" and one.shown in text for one in filing.masked)
    return any(one.kind == "mobile" for one in private_data(text))


def check_head_signature(desk: Desk, case: Case) -> Iterator[Outcome]:
    """G-03: the head of the unit signed."""
    footer = case.filing.footer
    if footer is None:
        yield desk.skips("没有表尾的签字栏")
        return
    if footer.head is not None and not footer.head.quantity.is_absent:
        yield desk.holds("单位负责人已签字")
        return
    printed = re.compile(str(desk.entry.thresholds["printed"]))
    if not any(printed.search(line.text) for line in case.filing.lines):
        yield desk.skips("表上没有印单位负责人签字的地方")
        return
    place = footer.preparer or footer.date or footer.telephone
    if place is None:
        yield desk.skips("没有表尾的签字栏")
        return
    yield desk.found(
        "“单位负责人签字”处空白",
        where=(place.source,),
        observed=("空白",),
        expected=("单位负责人签字",),
    )


def check_glyphs(desk: Desk, case: Case) -> Iterator[Outcome]:
    """H-01: every character of the filing can be printed."""
    if case.code_points is None:
        yield desk.skips("没有提供报告字体的字符表")
        return
    found = list(_unprintable(desk, case, case.code_points))
    yield from found
    yield from say_rest(desk, case, found)


def _unprintable(desk: Desk, case: Case, code_points: frozenset[int]) -> Iterator[Finding]:
    for line in case.filing.lines:
        place = Desk(desk.entry, evaluation_of_line(case.filing, line))
        for character in dict.fromkeys(line.text):
            if ord(character) in code_points or _is_unprinted(character):
                continue
            cell = place_at(case.filing, line)
            quoted = Filed(character, cell)
            shown = f"〔U+{ord(character):04X}〕"
            yield place.found(
                "报告字体没有字符“",
                quoted,
                f"”的字形，报告中印作{shown}",
                where=(cell,),
                observed=("“", quoted, f"”（{shown}）"),
                expected=("通用规范汉字表内的字，或在复核时核对原件",),
            )


def _is_unprinted(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) in ("Cc", "Cf")
