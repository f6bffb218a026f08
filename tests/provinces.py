"""Filings of many provinces: pages under `data/provinces`, and what a careful reader reads off each.

A truth writes tables with bars. A value shared by n rows is written `15/4` on the first row of its
group and `/4` on the others; a column that a truth does not name is not compared, except that it
must be absent where every column of the contract is a plain one.
"""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from lxml import html
from tests import build

PROVINCES = Path(__file__).parent / "data" / "provinces"
NAMES = sorted(path.stem for path in PROVINCES.glob("*.html"))
MONEY = ("original_budget", "final_budget", "actual_expenditure")
BUDGET = (*MONEY, "points", "execution_rate", "score")
IDENTITY = ("kind", "project", "supervising_department", "implementing_unit", "money_unit")
SHARED = ("points", "score")
Cell = tuple[str, Any, Any]


def page_of(name: str) -> bytes:
    return (PROVINCES / f"{name}.html").read_bytes()


@cache
def truth_of(name: str) -> Any:
    return yaml.safe_load((PROVINCES / f"{name}.yaml").read_text("utf-8"))


# --- the same tables as a Word document and a workbook ---


def pieces_of_page(content: bytes) -> list[str | build.Rows]:
    """The lines and the tables of a page; a cell merged over rows stands in each of them."""
    body = html.document_fromstring(content.decode()).find("body")
    return [
        boxes_of(part) if part.tag == "table" else text_of(part)
        for part in body
        if isinstance(part.tag, str) and part.tag not in ("style", "script", "meta")
    ]


def text_of(element: Any) -> str:
    for line_break in element.iter("br"):
        line_break.tail = "\n" + (line_break.tail or "")
    return "".join(element.itertext()).strip("\n ")


def boxes_of(table: Any) -> build.Rows:
    rows: build.Rows = []
    above: dict[int, tuple[int, int]] = {}
    for row in table.iter("tr"):
        boxes: list[build.Box] = []
        below: dict[int, tuple[int, int]] = {}
        waiting, at = list(row), 0
        while waiting or any(start >= at for start in above):
            if at in above:
                width, left = above[at]
                box = build.Box("", width, goes_on=True)
            elif waiting:
                cell = waiting.pop(0)
                width, left = int(cell.get("colspan", 1)), int(cell.get("rowspan", 1))
                box = build.Box(text_of(cell), width, left)
            else:
                at = min(start for start in above if start >= at)
                continue
            if left > 1:
                below[at] = (width, left - 1)
            boxes.append(box)
            at += width
        above = below
        rows.append(boxes)
    return rows


BUILDERS = {
    "html": page_of,
    "docx": lambda name: build.build_word(pieces_of_page(page_of(name))),
    "xlsx": lambda name: build.build_sheet(pieces_of_page(page_of(name))),
}


# --- every cell the truth names: its place, what stands there, what was read ---


def cells_of(truth: Any, reading: Any) -> Iterator[Cell]:
    yield "unit", truth["unit"], reading["unit"]
    yield "year", truth["year"], reading["year"]
    found = reading["evaluations"]
    yield "number of evaluations", len(truth["evaluations"]), len(found)
    for expected, evaluation in zip(truth["evaluations"], found, strict=False):
        for key in IDENTITY:
            yield key, expected.get(key), evaluation[key]
        yield from _budget(expected, evaluation["budget"])
        for key in ("expected", "achievement"):
            yield key, (expected.get("objectives") or {}).get(key), evaluation["objectives"][key]
        yield from _indicators(expected["indicators"], evaluation["indicators"])
        yield from _total(expected.get("total"), evaluation["claimed_total"])


def _budget(expected: Any, budget: Any) -> Iterator[Cell]:
    if expected.get("budget") is None:
        yield "budget", None, budget
        return
    for name, value in zip(BUDGET, _values(expected["budget"]), strict=True):
        yield f"budget.{name}", value, (budget or {}).get(name)
    lines = (budget or {}).get("lines", [])
    rows = [_values(row) for row in expected.get("lines", "").splitlines()]
    yield "budget lines", len(rows), len(lines)
    for row, line in zip(rows, lines, strict=False):
        for name, value in zip(("group", "label", *MONEY), row, strict=True):
            yield f"{row[1]}.{name}", value, line[name]


def _indicators(expected: str, indicators: Any) -> Iterator[Cell]:
    names, *rows = [_values(row) for row in expected.splitlines()]
    yield "number of indicators", len(rows), len(indicators)
    for index, row in enumerate(rows):
        indicator = indicators[index] if index < len(indicators) else {}
        values = dict(zip(names, row, strict=True))
        for name in SHARED:
            value, _, count = (values.pop(name) or "").partition("/")
            shared = indicator.get(f"{name}_shared_by")
            yield f"{values['indicator']}.{name}", value or None, indicator.get(name)
            yield f"{values['indicator']}.{name}_shared_by", int(count or 1), shared
        for name, value in values.items():
            place = f"{values['indicator']}.{name}"
            if name == "parts":
                yield place, value, _parts(indicator.get("target_parts"))
            else:
                yield place, value, indicator.get(name)
        if "deviation_reason" not in values:
            place = f"{values['indicator']}.deviation_reason"
            yield place, None, indicator.get("deviation_reason")


def _parts(parts: Any) -> str | None:
    if parts is None:
        return None
    return " ".join(parts[key] or "~" for key in ("operator", "value", "unit"))


def _total(expected: Any, total: Any) -> Iterator[Cell]:
    values = _values(expected) if expected else [None] * 3
    for name, value in zip(("points", "score", "grade"), values, strict=True):
        yield f"total.{name}", value, (total or {}).get(name)


def _values(row: Any) -> list[Any]:
    return [value.strip() or None for value in str(row).split("|")]


def same(cell: Cell) -> bool:
    """Whether a cell was read as it stands; numbers are compared as numbers."""
    _, expected, found = cell
    if expected == found or (expected is None and found == ""):
        return True
    try:
        return Decimal(expected) == Decimal(found)
    except (InvalidOperation, TypeError, ValueError):
        return False
