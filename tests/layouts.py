"""Filings built from their truths: what a careful reader read, put back into the form it stood in.

A layout (`data/layouts/*.yaml`) is a list of lines; one with bars is a table, a row on each line:

    项目资金\n（万元） | | 年初预算数 | 全年预算数
    ^ | 年度资金总额 | {total.year_start} | {total.full_year}
    * ^ | {l1}^ | {l2}^ | {l3}

``<`` belongs to the cell at its left, ``^`` to the one above; ``{…}`` names a value of the truth,
and ``{…}^`` belongs to the cell above where that says the same. A row behind ``*`` is repeated for
each indicator, one behind ``+`` for each subcategory, one behind ``&0:6`` for the first six rows of
the base data.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml
from openpyxl import load_workbook
from tests.build import Box, Rows, build_sheet

from jixiao.importers.sheet_value import shown

LAYOUTS = Path(__file__).parent / "data" / "layouts"
_VALUE = re.compile(r"\{([\w.]+)\}")
_SOME_ROWS = re.compile(r"&([0-9]+):([0-9]+)")
Pieces = list[str | Rows]


def layout_of(name: str) -> list[str]:
    return yaml.safe_load((LAYOUTS / f"{name}.yaml").read_text("utf-8"))


def pieces_of_truth(truth: Mapping[str, Any], layout: list[str]) -> Pieces:
    """The document in order, for each table of the truth the whole layout."""
    pieces: Pieces = []
    for table in truth["tables"]:
        values = {**truth, **table, **table.get("funding", {})}
        for piece in layout:
            is_table = "|" in piece
            pieces.append(_table(piece, values) if is_table else _filled(piece, values))
    return pieces


def _table(text: str, values: Mapping[str, Any]) -> Rows:
    rows: Rows = []
    lines = [line for line in text.splitlines() if line.strip()]
    behind = [line[1:] for line in lines if line[0] == "+"]
    for line in lines:
        if line[0] == "*":
            for scope, is_last in _indicators(values):
                for each in [line[1:], *(behind if is_last else ())]:
                    _add(rows, each, scope)
        elif some := _SOME_ROWS.match(line):
            for row in values["base_data"]["rows"][int(some[1]) : int(some[2])]:
                _add(
                    rows, line[some.end() :], {**row, "item": row["item"].removeprefix("项目支出:")}
                )
        elif line[0] != "+":
            _add(rows, line, values)
    widths = {sum(box.columns for box in row) for row in rows}
    assert len(widths) == 1, f"rows of different widths: {widths} in {text}"
    return rows


def _indicators(values: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], bool]]:
    """Each indicator with what stands for its levels, and whether it is its subcategory's last."""
    first, second = values.get("level1_stated", {}), values.get("level2_stated", {})
    for (l1, l2), group in groupby(
        values["indicators"], key=lambda row: (row.get("l1"), row.get("l2"))
    ):
        rows = list(group)
        for number, row in enumerate(rows, start=1):
            scope = {"number": number, "l1_points": first.get(l1), "l2_points": second.get(l2)}
            printed = {"target": row["target_as_printed"]} if "target_as_printed" in row else {}
            yield {**scope, **row, **printed}, number == len(rows)


def _add(rows: Rows, line: str, values: Mapping[str, Any]) -> None:
    row: list[Box] = []
    for at, written in enumerate(cell.strip() for cell in line.split("|")):
        if written == "<":
            row[-1].columns += 1
        else:
            text = _filled(written.removesuffix("^"), values)
            above = _start(rows, at) if written.endswith("^") else None
            goes_on = above is not None and (written == "^" or above.text == text)
            row.append(Box("" if goes_on else text, goes_on=goes_on))
            if above is not None and goes_on:
                above.rows += 1
    for box in row:
        column = sum(other.columns for other in row[: row.index(box)])
        start = _start(rows, column) if box.goes_on else box
        assert start is not None, f"nothing stands above {line}"
        assert start.columns == box.columns, f"a merged cell changes its width in {line}"
    rows.append(row)


def _start(rows: Rows, column: int) -> Box | None:
    """The box that reaches down to a column of the last row."""
    for row in reversed(rows):
        at = 0
        for box in row:
            if at == column and not box.goes_on:
                return box
            if at == column:
                break
            at += box.columns
        else:
            return None
    return None


def _filled(text: str, values: Mapping[str, Any]) -> str:
    def value(match: re.Match[str]) -> str:
        found: Any = values
        for key in match[1].split("."):
            found = found[int(key)] if isinstance(found, list) else (found or {}).get(key)
        return "" if found is None else str(found)

    return _VALUE.sub(value, text).replace("\\n", "\n")


# --- text ---


def build_tabbed(pieces: Pieces) -> bytes:
    """One cell a line behind a tab, a blank line between rows, as Word saves tables as text."""

    def table(rows: Rows) -> str:
        return "\n\n".join("\n".join(f"\t{box.text}" for box in row) for row in rows) + "\n"

    return _text(pieces, table)


def build_piped(pieces: Pieces) -> bytes:
    """One row a line between bars."""

    def table(rows: Rows) -> str:
        return "\n".join(
            "| " + " | ".join(box.text.replace("\n", "") for box in row) + " |" for row in rows
        )

    return _text(pieces, table)


def build_commas(pieces: Pieces) -> bytes:
    """As Excel saves a sheet as CSV: a merged cell's text in its first place, blanks in the others."""
    sheet = load_workbook(io.BytesIO(build_sheet(pieces))).active
    written = io.StringIO()
    rows = ([_displayed(cell) for cell in row] for row in sheet.iter_rows())
    csv.writer(written).writerows(rows)
    return written.getvalue().encode("gb18030")


def _displayed(cell: Any) -> str:
    return "" if cell.value is None else shown(cell.value, cell.number_format) or ""


def _text(pieces: Pieces, table: Any) -> bytes:
    return "\n".join(p if isinstance(p, str) else table(p) for p in pieces).encode() + b"\n"


# --- variants: the same filing, otherwise laid out ---


def width_of(rows: Rows) -> int:
    return max(sum(box.columns for box in row) for row in rows)


def titles_inside(pieces: Pieces) -> Pieces:
    """The lines above a table as rows of the table."""
    found: Pieces = []
    above: list[str] = []
    for piece in pieces:
        if isinstance(piece, str):
            above.append(piece)
            continue
        width = width_of(piece)
        found.append([*([Box(text, width)] for text in above if text), *piece])
        above = []
    return [*found, *above]


def split_at_blocks(pieces: Pieces) -> Pieces:
    """Each block in a table of its own, as where its author drew them one by one."""
    return _split(pieces, heading=False)


def headings_above(pieces: Pieces) -> Pieces:
    """Each block in a table of its own, a heading above it."""
    return _split(pieces, heading=True)


def _split(pieces: Pieces, *, heading: bool) -> Pieces:
    found: Pieces = []
    for piece in pieces:
        if isinstance(piece, str):
            found.append(piece)
            continue
        for number, part in enumerate(_blocks(piece), start=1):
            found += [f"（{'一二三四五六七八九十'[number - 1]}）填报内容" if heading else "", part]
    return found


def _blocks(rows: Rows) -> Iterator[Rows]:
    """The rows cut where a header begins: no cell goes on and there are other cells than above."""
    part: Rows = []
    for row in rows:
        whole = not any(box.goes_on for box in row)
        if part and whole and len(row) > 2 and len(row) != len(part[-1]) and row[0].rows > 1:
            yield part
            part = []
        part.append(row)
    yield part


def one_table(pieces: Pieces) -> Pieces:
    """All tables and the lines between them as one table, narrower rows stretched at their end."""
    width = max(width_of(piece) for piece in pieces if not isinstance(piece, str))
    joined: Rows = []
    for piece in titles_inside(pieces):
        if isinstance(piece, str):
            joined.append([Box(piece, width)])
            continue
        for row in piece:
            row[-1].columns += width - sum(box.columns for box in row)
        joined += piece
    return [joined]


def spaced_out(pieces: Pieces) -> Pieces:
    """White space before and behind every text, as hands leave it."""
    for box in (
        box for piece in pieces if not isinstance(piece, str) for row in piece for box in row
    ):
        box.text = f" {box.text}　" if box.text else box.text
    return [f"  {piece} " if isinstance(piece, str) else piece for piece in pieces]


def with_blanks(pieces: Pieces) -> Pieces:
    """A blank column at the end, and a blank row behind each that nothing crosses."""
    found: Pieces = []
    for piece in pieces:
        if isinstance(piece, str):
            found += [piece, ""]
            continue
        rows: Rows = []
        for number, row in enumerate(piece):
            rows.append([*row, Box("")])
            crossed = number + 1 < len(piece) and any(box.goes_on for box in piece[number + 1])
            if not crossed:
                rows.append([Box(""), Box("", width_of(piece))])
        found.append(rows)
    return found


def insert_row(rows: Rows, at: int, boxes: list[Box]) -> None:
    """Put a row between others; boxes that reach over it, at its left, go on through it."""
    through: list[Box] = []
    for box in rows[at]:
        if not box.goes_on:
            break
        start = _start(rows[:at], sum(other.columns for other in through))
        assert start is not None
        start.rows += 1
        through.append(Box("", box.columns, goes_on=True))
    rows.insert(at, [*through, *boxes])


def cut_at(rows: Rows, at: int) -> tuple[Rows, Rows]:
    """The table in two, as where a page ends; what reached over the cut is blank behind it."""
    below = rows[at:]
    column = 0
    for box in below[0]:
        start = _start(rows[:at], column) if box.goes_on else None
        if start is not None:
            reach = next(
                (n for n, row in enumerate(below) if not _goes_on_at(row, column)), len(below)
            )
            start.rows -= reach
            box.goes_on, box.rows = False, reach
        column += box.columns
    return rows[:at], below


def _goes_on_at(row: list[Box], column: int) -> bool:
    at = 0
    for box in row:
        if at == column:
            return box.goes_on
        at += box.columns
    return False
