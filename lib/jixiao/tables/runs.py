"""Phrases and numbers as runs of text with links (文字与链接).

A filed number links to its cell, a computed one to its working, a figure of the law to its rule.
"""

from __future__ import annotations

import re

from jixiao.datum import Constant, Correction, Datum, Reference, Source, Working, anchor_of
from jixiao.model import Filed, Phrase, mask_private
from jixiao.tables.block import Run, Runs, Tone

#: Stands behind every text and number that a person put in place of another.
CORRECTED = "〔更正〕"


def href_of(datum: Datum) -> str:
    """Give the id a number links to."""
    match datum.origin:
        case Source():
            return datum.origin.anchor
        case Constant():
            return rule_id(datum.origin.reference)
        case Correction():
            return href_of(datum.origin.original)
        case Working():
            return anchor_of(datum)


def rule_id(reference: Reference) -> str:
    """Give the id of a rule in the list of rules."""
    return "rule-" + re.sub(r"[^a-z0-9]+", "-", (reference.key or "none").lower()).strip("-")


def place_id(datum: Datum) -> str | None:
    """Give the id of the place where a computed number is shown, for the way back."""
    if isinstance(datum.origin, Working):
        return "n-" + anchor_of(datum).removeprefix("w-")
    return None


def number_run(datum: Datum, tone: Tone | None = None, *, unit: bool = True) -> Run:
    """Show a number as a link to where it comes from; absent is a muted dash."""
    if datum.value is None:
        return Run("—", href=_absent_href(datum), tone="muted")
    text = datum.text if unit else datum.digits
    if isinstance(datum.origin, Correction) and not datum.origin.is_review:
        text += CORRECTED
    return Run(text, href=href_of(datum), id=place_id(datum), tone=tone)


def _absent_href(datum: Datum) -> str | None:
    return href_of(datum) if isinstance(datum.origin, Source | Correction) else None


def filed_run(filed: Filed, tone: Tone | None = None) -> Run:
    """Quote a text of the filing as a link to its cell."""
    text = mask_private(filed.text) + (CORRECTED if filed.amendment else "")
    return Run(text, href=filed.source.anchor, tone=tone)


def phrase_runs(phrase: Phrase) -> Runs:
    """Turn a phrase into runs."""
    runs: list[Run] = []
    for piece in phrase:
        match piece:
            case str():
                runs.append(Run(piece))
            case Datum():
                runs.append(number_run(piece))
            case Filed():
                runs.append(filed_run(piece))
            case Reference():
                runs.append(reference_run(piece))
    return tuple(runs)


def reference_run(reference: Reference) -> Run:
    """Name a clause as a link to the list of rules."""
    return Run(reference.text, href=rule_id(reference), tone="muted")


def source_run(source: Source) -> Run:
    """Name an address as a link to the cell."""
    return Run(source.address, href=source.anchor)


def place_runs(sources: tuple[Source, ...]) -> Runs:
    """List addresses, each a link, the part of the filing named once for its cells."""
    by_part: dict[str, list[Source]] = {}
    for source in sources:
        by_part.setdefault(source.part, []).append(source)
    runs: list[Run] = []
    for part, places in by_part.items():
        runs.append(Run(f"{'；' if runs else ''}{part} "))
        for number, source in enumerate(places):
            runs += [Run("、")] if number else []
            runs.append(Run(_short_address(source), href=source.anchor))
    return tuple(runs)


def _short_address(source: Source) -> str:
    if source.row is not None:
        return f"第{source.row}行第{source.column}列"
    return f"原文第{source.line}行"
