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
    return tuple(_read(listed, place) for listed in mappings_of(entry, "corrections", where))


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
    if not _DATE.fullmatch(amendment.on):
        raise BadFile(
            "correction-date",
            f"on 是 “{amendment.on}”",
            where=f"{where} 第{entry.lines['on']}行",
            expected="日期，例如 “2023-05-04”",
        )
    if amendment.expect == amendment.value:
        raise BadFile(
            "correction-nothing",
            f"expect 与 value 都是 “{amendment.value}”，没有更正什么",
            where=f"{where} 第{entry.lines['value']}行",
            expected="与原文不同的文字",
        )
    return amendment


def _words(entry: Keyed, key: str, where: str) -> str:
    """Give the text of a cell: a number without quotation marks is one, nothing is an empty cell."""
    found = entry.get(key)
    if found is None or found == "":
        return ""
    return str(found) if type(found) is int else value_of(entry, key, str, where)
