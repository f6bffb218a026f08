"""A working as words and as JSON (底稿的文字与数据)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from functools import lru_cache
from typing import TypeAlias

from jixiao.datum.core import (
    ABSENT_TEXT,
    Constant,
    Correction,
    Datum,
    Reference,
    Source,
    Working,
    fixed,
    plain,
)

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"


def formula_of(datum: Datum) -> str:
    """Give the formula in labels (公式), empty for a number that was not computed.

    >>> from jixiao.datum.operations import percent
    >>> rate = percent("控制率", Datum.of(48, "人", "在职"), Datum.of(56, "人", "编制"))
    >>> formula_of(rate), substituted_of(rate)
    ('在职 ÷ 编制 × 100%', '48 ÷ 56 × 100%')
    """
    if not isinstance(datum.origin, Working):
        return ""
    labels = [operand.label or operand.text for operand in datum.origin.operands]
    return datum.origin.formula.format(*labels)


def substituted_of(datum: Datum) -> str:
    """Give the formula with the values put in (代入), empty for a filed number."""
    if not isinstance(datum.origin, Working):
        return ""
    return datum.origin.formula.format(*(operand_text(o) for o in datum.origin.operands))


def describe(datum: Datum) -> str:
    """Print a working: ``label = formula = substituted = value 〔sources〕``.

    >>> from jixiao.datum.operations import percent
    >>> print(describe(percent("控制率", Datum.of(48, "人", "在职"), Datum.of(56, "人", "编制"))))
    控制率 = 在职 ÷ 编制 × 100% = 48 ÷ 56 × 100% = 85.71%〔给定值；给定值〕
    """
    places = "；".join(place_of(leaf) for leaf in leaves_of(datum))
    steps = [datum.label, formula_of(datum), substituted_of(datum), datum.text]
    return " = ".join(step for step in steps if step) + f"〔{places}〕"


def place_of(datum: Datum) -> str:
    """Say where a leaf comes from: a cell's address, or a reference of the law."""
    match datum.origin:
        case Source():
            return datum.origin.address
        case Constant():
            return datum.origin.reference.text
        case Correction():
            word = "复核" if datum.origin.is_review else "更正"
            return f"{word}：{datum.origin.reason}"
        case Working():
            return f"底稿：{datum.label}"


def leaves_of(datum: Datum) -> tuple[Datum, ...]:
    """Give the filed numbers and figures of the law a number rests on, in order, once each."""
    found: dict[Datum, None] = {}
    _collect(datum, found)
    return tuple(found)


def _collect(datum: Datum, found: dict[Datum, None]) -> None:
    match datum.origin:
        case Working():
            for operand in datum.origin.rests_on:
                _collect(operand, found)
        case _:
            found.setdefault(datum)


def sources_of(datum: Datum) -> tuple[Source, ...]:
    """Give the cells a number rests on, in order, once each."""
    found: dict[Source, None] = {}
    for leaf in leaves_of(datum):
        origin = leaf.origin
        while isinstance(origin, Correction):
            origin = origin.original.origin
        if isinstance(origin, Source):
            found.setdefault(origin)
    return tuple(found)


def workings_of(datum: Datum) -> Iterator[Datum]:
    """Walk the computed numbers below and including `datum`, results before their operands."""
    if isinstance(datum.origin, Working):
        yield datum
        for operand in datum.origin.rests_on:
            yield from workings_of(operand)


def working_as_json(datum: Datum) -> dict[str, Json]:
    """Serialise a number down to its source leaves (DESIGN.md §4).

    Returns
    -------
    dict with ``label, value, unit`` and, computed: ``formula, substituted, reference,
    operands``, and ``decided_by`` where it is; filed: ``source``; of the law: ``constant``; amended: ``correction``.
    """
    value = None if datum.value is None else plain(datum.value)
    head: dict[str, Json] = {"label": datum.label, "value": value, "unit": datum.unit}
    match datum.origin:
        case Working():
            origin = datum.origin
            decided_by: list[Json] = [working_as_json(each) for each in origin.decided_by]
            return (
                head
                | {
                    "formula": formula_of(datum),
                    "substituted": substituted_of(datum),
                    "reference": origin.reference.text if origin.reference else None,
                    "operands": [working_as_json(operand) for operand in origin.operands],
                }
                | ({"decided_by": decided_by} if decided_by else {})
            )
        case Source():
            return head | {"source": source_as_json(datum.origin)}
        case Constant():
            return head | {"constant": reference_as_json(datum.origin.reference)}
        case Correction():
            return head | {
                "correction": {
                    "original": working_as_json(datum.origin.original),
                    "reason": datum.origin.reason,
                    "by": datum.origin.by,
                    "on": datum.origin.on,
                }
            }


def source_as_json(source: Source) -> dict[str, Json]:
    """Serialise an address as ``read --json`` does (DESIGN.md §4), without the digest."""
    return {
        "document": source.document,
        "part": source.part,
        "table": source.table,
        "row": source.row,
        "column": source.column,
        "line": source.line,
        "text": source.text,
    }


def reference_as_json(reference: Reference) -> dict[str, Json]:
    """Serialise a reference of the law."""
    return {
        "key": reference.key,
        "title": reference.title,
        "href": reference.href,
        "note": reference.note,
        "verified": reference.verified,
    }


@lru_cache(maxsize=16_384)
def anchor_of(datum: Datum) -> str:
    """Give a computed number's id in a report: the same working has the same id everywhere.

    >>> anchor_of(Datum.of(1)) == anchor_of(Datum.of(1)), anchor_of(Datum.of(1))[:2]
    (True, 'w-')
    """
    text = json.dumps(working_as_json(datum), ensure_ascii=False, sort_keys=True)
    return "w-" + hashlib.sha256(text.encode()).hexdigest()[:10]


def operand_text(operand: Datum) -> str:
    """Give an operand as a substituted formula shows it: without money units, with %.

    A computed operand that two places would cut shows four, so that rounding can be followed.
    """
    if operand.value is None:
        return ABSENT_TEXT
    digits, finer = operand.digits, fixed(operand.value, 4)
    if isinstance(operand.origin, Working) and not finer.endswith("00"):
        digits = finer
    text = digits + ("%" if operand.unit == "%" else "")
    return f"（{text}）" if operand.value < 0 else text
