"""What rule books and the checklist share in being read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from jixiao.datum import Reference
from jixiao.errors import BadFile
from jixiao.workspace.yaml_file import expect_keys

_REFERENCE = ("title", "href", "note")
#: Addresses a rule may cite: those of governments, where laws and standards are published.
_OFFICIAL = re.compile(r"https?://[^/]*\.gov(?:\.[a-z]{2})?(?:[/:]|$)")


def mapping_at(value: object, where: str) -> dict[str, object]:
    """Give the mapping at `where`, which must be one.

    Raises
    ------
    BadFile : the value is not a mapping.
    """
    if not isinstance(value, dict):
        raise BadFile("yaml-mapping", f"“{value}”不是一组键值", where=where, expected="键: 值")
    return value


def number_at(where: str, value: object) -> Decimal:
    """Give the number at `where`: an integer, or a decimal in quotation marks.

    Raises
    ------
    BadFile : the value is not a number.
    """
    expected = '整数，或加引号的小数，例如 "0.5"'
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise BadFile("rubric-number", f"“{value}”不是数", where=where, expected=expected)
    try:
        number = Decimal(str(value))
    except ArithmeticError as error:
        raise BadFile(
            "rubric-number", f"“{value}”不是数", where=where, expected=expected
        ) from error
    if not number.is_finite():
        raise BadFile("rubric-number", f"“{value}”不是数", where=where, expected=expected)
    return number


def read_reference(place: str, full_key: str, rule: Mapping[str, object]) -> Reference:
    """Read what a rule rests on, and whether the original was verified.

    Raises
    ------
    BadFile : not a list of title, href and note; an address that is no official site's.
    """
    if not isinstance(rule["verified"], bool):
        raise BadFile(
            "rubric-verified",
            f"“{rule['verified']}”不是真假值",
            where=f"{place}.verified",
            expected="true 或 false",
        )
    listed = rule["reference"]
    if not isinstance(listed, list):
        raise BadFile(
            "rubric-reference",
            "不是列表",
            where=f"{place}.reference",
            expected="依据的列表，可为空 []",
        )
    for entry in listed:
        cited = mapping_at(entry, f"{place}.reference")
        expect_keys(cited, f"{place}.reference", required=_REFERENCE)
        href = cited["href"]
        if href is not None and not _OFFICIAL.match(str(href)):
            raise BadFile(
                "rubric-href",
                f"“{href}”不是政府、法律或标准网站",
                where=f"{place}.reference 的 href",
                expected="政府网站的地址，或 null",
            )
    if not listed:
        return Reference("未注明依据", key=full_key)
    titles = "；".join(str(entry["title"]) for entry in listed)
    notes = "；".join(str(entry["note"]) for entry in listed if entry["note"])
    link = next((str(entry["href"]) for entry in listed if entry["href"]), None)
    return Reference(titles, full_key, link, notes, bool(rule["verified"]))
