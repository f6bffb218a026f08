"""Corrections of a filing (更正) in a unit's YAML: who put what in place of what, and why."""

from __future__ import annotations

import re

from jixiao.errors import BadFile
from jixiao.model import Amendment
from jixiao.workspace.yaml_file import (
    Keyed,
    expect_keys,
    mappings_of,
    optional_of,
    text_of,
    value_of,
)

_KEYS = ("at", "expect", "value", "reason", "by", "on")
_DATE = re.compile(r"(19|20)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")


def read_corrections(entry: Keyed, where: str) -> tuple[Amendment, ...]:
    """Read the list under ``corrections``.

    Raises
    ------
    BadFile : an entry without address, expected text, new value, reason, person or date.
    """
    place = f"{where} 的 corrections"
    return tuple(
        _read(listed, f"{place} 第 {number} 条")
        for number, listed in enumerate(mappings_of(entry, "corrections", where), start=1)
    )


def _read(entry: Keyed, where: str) -> Amendment:
    expect_keys(entry, where, required=_KEYS, optional=("document",))
    amendment = Amendment(
        document=optional_of(entry, "document", str, where),
        at=text_of(entry, "at", where),
        expect=_words(entry, "expect", where),
        value=_words(entry, "value", where),
        reason=text_of(entry, "reason", where),
        by=text_of(entry, "by", where),
        on=text_of(entry, "on", where),
    )
    check_amendment(amendment, where)
    return amendment


def check_amendment(amendment: Amendment, where: str) -> None:
    """Check that a correction has all it needs; `where` names it in errors.

    Raises
    ------
    BadFile : no reason or person, not a date, or nothing changed.
    """
    for key, text in (("reason", amendment.reason), ("by", amendment.by)):
        if not text.strip():
            raise BadFile(
                "correction-unexplained",
                f"{key} 是空的",
                where=where,
                expected="更正的理由（reason）与更正人（by）",
                action="请写明为什么更正、谁更正的",
            )
    if not _DATE.fullmatch(amendment.on):
        raise BadFile(
            "correction-date",
            f"on 是 “{amendment.on}”",
            where=where,
            expected="日期，例如 “2023-05-04”",
            action="请写明更正的日期",
        )
    if amendment.expect == amendment.value:
        raise BadFile(
            "correction-nothing",
            f"expect 与 value 都是 “{amendment.value}”，没有更正什么",
            where=where,
            expected="与原文不同的文字",
            action="请改正 value，或删去这条更正",
        )


def _words(entry: Keyed, key: str, where: str) -> str:
    """Give the text of a cell: a number without quotation marks is one, nothing is an empty cell."""
    found = entry.get(key)
    if found is None or found == "":
        return ""
    return str(found) if type(found) is int else value_of(entry, key, str, where)
