"""Writing decisions (复核决定) into a unit's YAML; all else in it stays as it is."""

from __future__ import annotations

import json
from collections.abc import Sequence

from jixiao.model import Decision
from jixiao.workspace.files import write_atomically
from jixiao.workspace.places import Workspace
from jixiao.workspace.register import top_level_blocks
from jixiao.workspace.units import UnitYear, parse_unit_year
from jixiao.workspace.yaml_file import place_of

_KEYS = ("cells", "at", "decision", "reason", "by", "on")


def with_decisions(
    workspace: Workspace, unit_year: UnitYear, decisions: Sequence[Decision]
) -> UnitYear:
    """Give a unit's year with these decisions, each in place of one on the same finding.

    Nothing is written: the text is checked as it would be read again.

    Raises
    ------
    BadFile : the YAML would not be read again.
    """
    taken = {_key(decision): decision for decision in unit_year.decisions}
    known = frozenset(taken)
    taken |= {_key(decision): decision for decision in decisions}
    if tuple(taken.values()) == unit_year.decisions:
        return unit_year
    blocks = top_level_blocks(unit_year.text, place_of(unit_year.path))
    added = [decision for key, decision in taken.items() if key not in known]
    kept = [taken[key] for key in taken if key in known]
    standing = blocks.get("decisions", "")
    if tuple(kept) != unit_year.decisions or not unit_year.decisions:
        standing = "decisions:\n" + "".join(map(_written, kept))
    blocks["decisions"] = standing + "".join(map(_written, added))
    text = "".join(blocks.values())
    return parse_unit_year(workspace, unit_year.unit, unit_year.year, text)


def store_decisions(unit_year: UnitYear) -> None:
    """Write a unit's year that `with_decisions` made.

    Raises
    ------
    JixiaoError : ``cannot-write``; the file is as it was.
    """
    write_atomically(unit_year.path, unit_year.text.encode())


def _key(decision: Decision) -> tuple[str, str | None, str]:
    return decision.check, decision.evaluation, decision.cells


def _written(decision: Decision) -> str:
    values = {
        "cells": decision.cells,
        "at": decision.at,
        "decision": decision.verdict,
        "reason": decision.reason,
        "by": decision.by,
        "on": decision.on,
    }
    lines = [f"  - finding: {decision.check}\n"]
    if decision.evaluation is not None:
        lines.append(f"    evaluation: {decision.evaluation}\n")
    for name in _KEYS:
        value = values[name]
        if value is not None:
            lines.append(f"    {name}: {json.dumps(value, ensure_ascii=False)}\n")
    return "".join(lines)
