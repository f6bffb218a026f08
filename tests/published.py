"""Filings in the layouts that units really publish, and how a first reading of them is recorded.

The words of the headers, the order and the merging of the columns and the way of writing values
are those of published forms; names, figures and sentences are made up. Every truth says in
`provenance` where its layout comes from: `page` a published page, `software` the screens of a
finance system, `memory` general knowledge of the form.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from lxml import html
from tests import build
from tests.formats import read_content
from tests.provinces import Cell, cells_of, pieces_of_page, same

from jixiao.importers import reading_as_json

PUBLISHED = Path(__file__).parent / "data" / "published"
NAMES = sorted(path.stem for path in PUBLISHED.glob("*.html"))
STAFF = ("authorized_posts", "staff_in_post", "staffing_control_rate")
SPENDING = ("label", "prior_outturn", "budget", "outturn")
BUILDINGS = (
    "approved_floor_area",
    "actual_floor_area",
    "floor_area_control_rate",
    "approved_investment",
    "actual_investment",
    "investment_control_rate",
)


def source_of(name: str) -> bytes:
    return (PUBLISHED / f"{name}.html").read_bytes()


@cache
def truth_of(name: str) -> Any:
    return yaml.safe_load((PUBLISHED / f"{name}.yaml").read_text("utf-8"))


def formats_of(name: str) -> list[str]:
    return truth_of(name).get("formats", list(BUILDERS))


def dressed(name: str) -> bytes:
    """The page as a site publishes it: menus, wrappers and the mark-up a word processor leaves."""
    body = html.document_fromstring(source_of(name).decode()).find("body")
    for cell in body.iter("td"):
        wrap = html.Element("p", {"class": "MsoNormal", "align": "center"})
        span = html.Element("span", {"style": "font-family:宋体;font-size:10.5pt"})
        span.text, cell.text = cell.text or "\N{NO-BREAK SPACE}", None
        span.extend(list(cell))
        wrap.append(span)
        cell.append(wrap)
    inner = "".join(
        html.tostring(part, encoding="unicode") for part in body if isinstance(part.tag, str)
    )
    return PAGE.format(inner=inner).encode()


PAGE = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>信息公开</title>
<style>.nav{{float:left}}</style></head><body>
<div class="nav"><ul><li><a href="/">首页</a></li><li><a href="/zwgk">政务公开</a></li>
<li><a href="/hd">互动交流</a></li></ul></div>
<div class="position">当前位置：<a href="/">首页</a> &gt; 政府信息公开 &gt; 财政预决算</div>
<table class="info"><tr><td>索引号：</td><td>000014349/2023-00012</td><td>发布日期：</td>
<td>2023-09-28</td></tr></table>
<div class="content"><div id="zoom">{inner}</div></div>
<div class="share">【打印】【关闭】</div>
<div class="footer">主办：某某县人民政府办公室　联系电话：0000-0000000</div></body></html>"""

BUILDERS = {
    "html": dressed,
    "docx": lambda name: build.build_word(pieces_of_page(source_of(name))),
    "xlsx": lambda name: build.build_sheet(pieces_of_page(source_of(name))),
}


def taken_apart(name: str) -> bytes:
    """The workbook of a filing whose merged cells were taken apart and left blank."""
    pieces: list[str | build.Rows] = []
    for piece in pieces_of_page(source_of(name)):
        if isinstance(piece, str):
            pieces.append(piece)
            continue
        rows = [
            [
                build.Box(box.text if first and not box.goes_on else "")
                for box in row
                for first in (True, *[False] * (box.columns - 1))
            ]
            for row in piece
        ]
        pieces.append(rows)
    return build.build_sheet(pieces)


def reading_of(name: str, ending: str) -> Any:
    return reading_as_json(read_content(BUILDERS[ending](name), f"{name}.{ending}"), raw=True)


def cells(name: str, reading: Any) -> Iterator[Cell]:
    """Every cell the truth names, those of the base data included."""
    truth = truth_of(name)
    yield from cells_of(truth, reading)
    if "base_data" in truth:
        yield from _base_data(truth["base_data"], reading["base_data"] or {})


def _base_data(expected: Any, found: Any) -> Iterator[Cell]:
    staff = found.get("staff") or {}
    for key, value in zip(STAFF, _values(expected["staff"]), strict=True):
        yield f"staff.{key}", value, staff.get(key)
    rows = [_values(row) for row in expected["expenditure"].splitlines()]
    lines = found.get("expenditure") or []
    yield "expenditure rows", len(rows), len(lines)
    for index, row in enumerate(rows):
        line = lines[index] if index < len(lines) else {}
        for key, value in zip(SPENDING, row, strict=True):
            yield f"expenditure.{row[0]}.{key}", value, line.get(key)
    buildings = found.get("buildings") or {}
    for key, value in zip(BUILDINGS, _values(expected["buildings"]), strict=True):
        yield f"buildings.{key}", value, buildings.get(key)
    yield "austerity_measures", expected["austerity_measures"], found.get("austerity_measures")


def _values(row: Any) -> list[str | None]:
    return [value.strip() or None for value in str(row).split("|")]


def wrong_cells(name: str, ending: str, reading: Any) -> list[Cell]:
    return wrong_among(list(cells(name, reading)), ending)


def wrong_among(found: list[Cell], ending: str) -> list[Cell]:
    wrong = [cell for cell in found if not same(cell)]
    if ending == "xlsx":
        # openpyxl writes =100% as a formula, which is what Excel makes of it, too.
        wrong = [cell for cell in wrong if not str(cell[1]).startswith("=")]
    return wrong
