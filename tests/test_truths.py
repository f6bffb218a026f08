"""Every filing built from its truth in its own layout, in every format: each cell read as it stands.

What a layout is, `tests/layouts.py` says. The counts are the cells compared.
"""

import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from tests import build, layouts
from tests.formats import BUILDERS, read_content
from tests.layouts import Pieces
from tests.test_layouts import cells_of, different, truth_of

from jixiao.errors import BadFile
from jixiao.importers import reading_as_json

CELLS = {"03": 94, "05": 95, "09": 128, "12": 42, "14": 77, "20": 85}
TEXTS: dict[str, Callable[[Pieces], bytes]] = {
    "commas": layouts.build_commas,
    "tabbed": layouts.build_tabbed,
    "piped": layouts.build_piped,
}
VARIANTS: dict[str, Callable[[Pieces], Pieces]] = {
    "as filed": lambda pieces: pieces,
    "titles in rows": layouts.titles_inside,
    "several tables": layouts.split_at_blocks,
    "one table": layouts.one_table,
    "headings above blocks": layouts.headings_above,
    "white space around": layouts.spaced_out,
    "blank rows and columns": layouts.with_blanks,
}


def pieces_of(number: str) -> Pieces:
    return layouts.pieces_of_truth(truth_of(number), layouts.layout_of(number))


def reading(number: str, ending: str, change: Callable[[Pieces], Pieces]) -> Any:
    pieces = change(pieces_of(number))
    return reading_as_json(read_content(BUILDERS[ending](pieces), f"filing.{ending}"))


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("ending", BUILDERS)
@pytest.mark.parametrize("number", CELLS)
def test_every_cell_is_read(number: str, ending: str, variant: str) -> None:
    cells = cells_of(truth_of(number), reading(number, ending, VARIANTS[variant]))
    assert different(cells) == []
    assert len(cells) == CELLS[number]


@pytest.mark.parametrize("layout", TEXTS)
@pytest.mark.parametrize("number", CELLS)
def test_every_cell_of_a_text_is_read(number: str, layout: str) -> None:
    found = reading_as_json(read_content(TEXTS[layout](pieces_of(number)), "filing.txt"))
    cells = cells_of(truth_of(number), found)
    assert different(cells) == []
    assert len(cells) == CELLS[number]


# --- what Word and web pages put around cells ---

ROW, CELL, PARAGRAPH, RUN, TABLE = (
    re.compile(f"<w:{tag}(?: [^>]*)?>.*?</w:{tag}>", re.DOTALL)
    for tag in ("tr", "tc", "p", "r", "tbl")
)
CONTROL = "<w:sdt><w:sdtPr/><w:sdtContent>{}</w:sdtContent></w:sdt>"
BOX = (
    "<w:p><w:r><w:pict><v:shape xmlns:v='urn:schemas-microsoft-com:vml'><v:textbox><w:txbxContent>"
    "{}</w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>"
)
FRAME = "<w:tbl><w:tr><w:tc>{}<w:p/></w:tc></w:tr></w:tbl>"
AROUND: dict[str, tuple[re.Pattern[str], str]] = {
    "rows in controls": (ROW, CONTROL),
    "cells in controls": (CELL, CONTROL),
    "paragraphs in controls": (PARAGRAPH, CONTROL),
    "runs in controls": (RUN, CONTROL),
    "runs in links": (RUN, "<w:hyperlink><w:smartTag>{}</w:smartTag></w:hyperlink>"),
    "tables in text boxes": (TABLE, BOX),
    "tables in tables": (TABLE, FRAME),
    "tables in tables in tables": (TABLE, FRAME.format(FRAME)),
}


@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize("number", CELLS)
def test_what_word_puts_around_a_cell_changes_nothing(number: str, around: str) -> None:
    content = build.build_word(pieces_of(number))
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        document = parts.read("word/document.xml").decode()
    pattern, wrapping = AROUND[around]
    wrapped = pattern.sub(lambda match: wrapping.format(match[0]), document)
    assert wrapped != document
    found = read_content(build.with_part(content, "word/document.xml", wrapped), "filing.docx")
    assert different(cells_of(truth_of(number), reading_as_json(found))) == []


def changed_document(number: str, change: Callable[[str], str]) -> Any:
    content = build.build_word(pieces_of(number))
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        document = parts.read("word/document.xml").decode()
    assert change(document) != document
    return read_content(
        build.with_part(content, "word/document.xml", change(document)), "filing.docx"
    )


LATE = re.compile("<w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc>")
SPAN = re.compile('<w:tc><w:tcPr><w:gridSpan w:val="([0-9]+)"/>(.*?</w:tc>)', re.DOTALL)


def each_column_a_cell(match: re.Match[str]) -> str:
    """A merged cell in the old way: one cell for each column, those behind the first go on."""
    first = f'<w:tc><w:tcPr><w:hMerge w:val="restart"/>{match[2]}'
    return first + "<w:tc><w:tcPr><w:hMerge/></w:tcPr><w:p/></w:tc>" * (int(match[1]) - 1)


@pytest.mark.parametrize("number", ["03", "05", "09", "12", "14"])  # 20 merges no columns
def test_cells_merged_in_the_old_way_keep_their_width(number: str) -> None:
    found = changed_document(number, lambda document: SPAN.sub(each_column_a_cell, document))
    assert different(cells_of(truth_of(number), reading_as_json(found))) == []


def test_a_row_that_begins_further_right_keeps_its_columns() -> None:
    starts = '<w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr>'
    found = changed_document("14", lambda document: LATE.sub(starts, document))
    assert different(cells_of(truth_of("14"), reading_as_json(found))) == []


def test_a_word_of_many_runs_is_one_word() -> None:
    content = build.build_word(pieces_of("14"))
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        document = parts.read("word/document.xml").decode()
    text = re.compile('<w:t xml:space="preserve">([^<&]+)</w:t>')

    def divided(match: re.Match[str]) -> str:
        return '</w:r><w:proofErr w:type="spellStart"/><w:r>'.join(
            f'<w:t xml:space="preserve">{character}</w:t>' for character in match[1]
        )

    changed = build.with_part(content, "word/document.xml", text.sub(divided, document))
    found = reading_as_json(read_content(changed, "filing.docx"))
    assert different(cells_of(truth_of("14"), found)) == []


PAGES = {
    "as a browser saves it": lambda page: page.upper().replace(b"UTF-8", b"utf-8"),
    "cells never closed": lambda page: re.sub(rb"</(?:td|tr|p)>", b"", page),
    "heads of cells": lambda page: page.replace(b"<td", b"<th").replace(b"</td", b"</th"),
    "styles of Word": lambda page: re.sub(
        rb"<p>",
        b"<p class=MsoNormal style='mso-pagination:none'><span lang=EN-US><o:p></o:p>",
        page,
    ),
    "three frames around": lambda page: re.sub(
        rb"(<table border.*?</table>)",
        rb"<table><tr><td><div><table><tr><td>\1</td></tr></table></div></td></tr></table>",
        page,
        flags=re.DOTALL,
    ),
    "comments and scripts": lambda page: page.replace(
        b"<td", b"<!-- <td>x</td> --><script>var a = '<td>1</td>';</script><td"
    ),
}


@pytest.mark.parametrize("kind", PAGES)
@pytest.mark.parametrize("number", CELLS)
def test_what_a_page_puts_around_a_cell_changes_nothing(number: str, kind: str) -> None:
    page = PAGES[kind](build.build_page(pieces_of(number)))
    found = reading_as_json(read_content(page, "filing.html"))
    assert different(cells_of(truth_of(number), found)) == []


# --- where a page ends, and what stands between indicators ---

HEADER = ("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分",
          "偏差原因分析及改进措施")  # fmt: skip
FIRST = 10  # the row of the first indicator of 14


def boxes(*texts: str) -> list[build.Box]:
    return [build.Box(text) for text in texts]


def between(*added: build.Box) -> Callable[[Pieces], Pieces]:
    """A row put between the indicators of 14."""

    def change(pieces: Pieces) -> Pieces:
        layouts.insert_row(pieces[-1], FIRST + 4, list(added))
        return pieces

    return change


def page_ends(row: int, header: bool, *lines: str) -> Callable[[Pieces], Pieces]:
    """The table of 14 in two, the header again on the second page or not."""

    def change(pieces: Pieces) -> Pieces:
        above, below = layouts.cut_at(pieces[-1], FIRST + row)
        again = [boxes("绩效指标", *HEADER)] if header else []
        return [*pieces[:-1], above, "", *lines, [*again, *below]]

    return change


BETWEEN: dict[str, Callable[[Pieces], Pieces]] = {
    "the header again": between(*boxes(*HEADER)),
    "a subtotal": between(build.Box("小计", 5), *boxes("50", "50", "")),
    "a subtotal in its columns": between(
        build.Box("产出指标小计", 3), *boxes("", "", "50", "50", "")
    ),
    "a page's end": page_ends(4, False),
    "a page's end within a category": page_ends(3, False),
    "a page's end, the header again": page_ends(3, True),
    "a page's end, a line, the header again": page_ends(3, True, "（续表）"),
}


@pytest.mark.parametrize("what", BETWEEN)
@pytest.mark.parametrize("ending", BUILDERS)
def test_what_stands_between_indicators_is_none(ending: str, what: str) -> None:
    cells = cells_of(truth_of("14"), reading("14", ending, BETWEEN[what]))
    assert different(cells) == []
    assert len(cells) == CELLS["14"]


# --- several evaluations in one file ---

TOGETHER = ("14", "05", "12", "03")


def each_by_its_truth(found: Any) -> None:
    for number, evaluation in zip(TOGETHER, found["evaluations"], strict=True):
        truth = truth_of(number)
        own = {"year": truth["year"], "evaluations": [evaluation]}
        assert different(cells_of(truth, own)) == []


@pytest.mark.parametrize("variant", ["as filed", "titles in rows", "several tables"])
@pytest.mark.parametrize("ending", BUILDERS)
def test_evaluations_one_behind_the_other_stay_apart(ending: str, variant: str) -> None:
    pieces = [piece for number in TOGETHER for piece in VARIANTS[variant](pieces_of(number))]
    found = read_content(BUILDERS[ending](pieces), f"filings.{ending}")
    each_by_its_truth(reading_as_json(found))


def test_evaluations_in_one_table_stay_apart() -> None:
    pieces = layouts.one_table([piece for number in TOGETHER for piece in pieces_of(number)])
    each_by_its_truth(reading_as_json(read_content(build.build_word(pieces), "filings.docx")))


def test_evaluations_on_sheets_of_their_own_are_named_by_them() -> None:
    book = build.build_sheets({f"附表{number}": pieces_of(number) for number in TOGETHER})
    found = read_content(book, "filings.xlsx")
    each_by_its_truth(reading_as_json(found))
    assert [grid.part for grid in found.grids] == [f"附表{number}" for number in TOGETHER]


# --- which points are shared ---


def shared(change: Callable[[build.Rows], None], ending: str) -> list[tuple[str | None, int]]:
    """The scores of 14 with how many indicators share each, its table changed."""
    pieces = pieces_of("14")
    change(pieces[-1])
    found = reading_as_json(read_content(BUILDERS[ending](pieces), f"filing.{ending}"))
    rows = found["evaluations"][0]["indicators"]
    return [(row["score"], row["score_shared_by"]) for row in rows][:4]


SCORE = 7
ROWS = slice(10, 14)


@pytest.mark.parametrize("ending", BUILDERS)
def test_a_score_merged_over_two_kinds_is_shared_by_both(ending: str) -> None:
    def change(rows: build.Rows) -> None:
        first, *others = [row[SCORE] for row in rows[ROWS]][1:3]
        first.rows += 1
        others[0].text, others[0].goes_on = "", True

    assert shared(change, ending) == [("10", 1), ("10", 2), (None, 2), ("15", 1)]


@pytest.mark.parametrize("ending", BUILDERS)
def test_a_blank_score_that_is_not_merged_is_missing(ending: str) -> None:
    def change(rows: build.Rows) -> None:
        cells = [row[SCORE] for row in rows[ROWS]]
        cells[1].text = ""
        cells[2].rows += 1
        cells[3].text, cells[3].goes_on = "", True

    assert shared(change, ending) == [("10", 1), (None, 1), ("15", 2), (None, 2)]


@pytest.mark.parametrize("ending", BUILDERS)
def test_a_form_that_merges_nothing_shares_by_its_levels(ending: str) -> None:
    def change(rows: build.Rows) -> None:
        rows[ROWS][1][SCORE].text = ""

    assert shared(change, ending) == [("10", 2), (None, 2), ("15", 1), ("15", 1)]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'a,b,c\nd,"e,f\ng,h,i\nj,k,l\n', r"引号不成对.*另存为 .xlsx.*\[not-text\]"),
        ("姓名,年龄,住址\n甲,1,2\n乙,3,4\n丙,5,6\n".encode(), r"认不出.*\[unknown-form\]"),
    ],
)
def test_a_broken_or_foreign_csv_is_refused(content: bytes, words: str) -> None:
    with pytest.raises(BadFile, match=words):
        read_content(content, "filing.csv")
