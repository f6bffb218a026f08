"""Blocks as HTML: whatever a unit wrote comes out as text, and a table is a table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html
from tests.sample_report import NASTY

from jixiao.tables.block import (
    Appendix,
    AppendixPart,
    Block,
    Cell,
    Column,
    FindingItem,
    Findings,
    KeyFigure,
    Note,
    Run,
    Summary,
    Table,
    WorkingItem,
    Workings,
    plain_runs,
)
from jixiao.tables.html import bundle, place, render
from jixiao.workspace import media

WORDS = plain_runs(NASTY)
CELL = Cell(WORDS, header=True, id="c1-1-1", tone="bad")
BLOCKS: tuple[Block, ...] = (
    Table("t", NASTY, (Column(NASTY), Column("分", "right")), ((CELL, Cell(WORDS)),), (WORDS,)),
    Summary("s", NASTY, (KeyFigure(NASTY, WORDS, WORDS, "good"),), (WORDS,)),
    Findings("f", NASTY, (FindingItem("a", NASTY, "x", "high", NASTY, WORDS, ((NASTY, WORDS),)),)),
    Findings("f", NASTY, (), NASTY),
    Workings("w", NASTY, (WorkingItem("i", NASTY, NASTY, (WORDS,), (WORDS,), WORDS, "back"),)),
    Appendix(
        "x",
        NASTY,
        (AppendixPart(NASTY, "grid", ((CELL,),)), AppendixPart(NASTY, "text", ((CELL,),))),
    ),
    Note("n", (WORDS,), title=NASTY, tone="warn", bullets=True),
)


def tree(text: str) -> lxml_html.HtmlElement:
    return lxml_html.fragment_fromstring(text, create_parent="div")


def drawn(block: Block, **options: object) -> lxml_html.HtmlElement:
    return tree(render(block.as_json(), **options))  # type: ignore[arg-type]


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: type(block).__name__)
def test_what_a_unit_wrote_comes_out_as_text(block: Block) -> None:
    element = drawn(block)
    assert NASTY in element.text_content()
    assert not element.xpath("//script | //b | //style | //@onclick | //@style")


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: type(block).__name__)
def test_an_attribute_holds_no_quote(block: Block) -> None:
    quoted = block.as_json() | {"id": '"><script>', "label": '"><script>'}  # type: ignore[operator]
    assert not tree(render(quoted)).xpath("//script")


@given(st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=40))
def test_any_text_survives(text: str) -> None:
    run = Run(text, href="w-1", tone="bad")
    assert drawn(Note("n", ((run,),))).xpath("string(.//a)") == text


def test_a_table_has_caption_scopes_and_alignment() -> None:
    block = Table(
        "t",
        "得分对照",
        (Column("指标"), Column("分值", "right"), Column("")),
        ((Cell(plain_runs("执行率"), header=True), Cell(plain_runs("10")), Cell(())),),
    )
    element = drawn(block)
    assert element.xpath("string(.//caption)") == "得分对照"
    assert element.xpath("//thead//th/@scope") == ["col", "col"]
    assert element.xpath("//tbody//th/@scope") == ["row"]
    assert element.xpath("//td[@class='r']/text()") == ["10"]
    (region,) = element.xpath("//div[@role='region']")
    assert (region.get("tabindex"), region.get("aria-label")) == ("0", "得分对照")


def test_a_heading_has_the_level_it_is_given() -> None:
    block = Findings("f", "高", (FindingItem("a", "A-01", "x", "high", "合计", (), ()),))
    assert [node.tag for node in drawn(block, level=3).xpath("//h3 | //h4")] == ["h3", "h4"]
    untitled = block.as_json() | {"title_shown": False}  # type: ignore[operator]
    assert [node.tag for node in tree(render(untitled, level=3)).xpath("//*[self::h3]")] == ["h3"]


def test_severity_is_said_in_words_too() -> None:
    block = Findings("f", "", (FindingItem("a", "A-01", "x", "medium", "合计", (), ()),))
    element = drawn(block)
    assert element.xpath("string(//span[@class='badge'])") == "中"


def test_only_ids_that_are_kept_are_printed_and_linked() -> None:
    runs = (Run("有", href="w-1", id="n-1"), Run("无", href="w-2", id="n-2"))
    element = tree(render(Note("n", (runs,)).as_json(), keep_ids={"n", "w-1", "n-1"}))  # type: ignore[arg-type]
    assert element.xpath("//@id") == ["n", "n-1"]
    assert element.xpath("//@href") == ["#w-1"]
    assert "无" in element.text_content()


def test_a_bundle_carries_the_data_html_of_its_own_scope_and_a_title() -> None:
    found = bundle(BLOCKS[0])
    assert found[media.BLOCK] == BLOCKS[0].as_json()
    assert found[media.TEXT] == NASTY
    element = tree(found[media.HTML])
    (style,) = element.xpath("//style/text()")
    rules = [line for line in style.splitlines() if "{" in line]
    assert all(line.startswith(".jixiao") for line in rules)
    assert element.xpath("//div[@class='jixiao']//table")


@pytest.mark.parametrize(
    ("rows", "width", "expected"),
    [
        ([[(1, 1), (1, 1)]], 2, [[(0, 1, 1), (1, 1, 1)]]),
        ([[(3, 1)]], 2, [[(0, 2, 1)]]),
        ([[(1, 5), (1, 1)], [(1, 1)]], 2, [[(0, 1, 2), (1, 1, 1)], [(1, 1, 1)]]),
        ([[(1, 1)]], 3, [[(0, 1, 1), (1, 1, 1), (2, 1, 1)]]),
        ([[(1, 1), (1, 2)], [(2, 1)]], 2, [[(0, 1, 1), (1, 1, 2)], [(0, 1, 1)]]),
        ([[(1, 1)] * 3], 2, [[(0, 1, 1), (1, 1, 1)]]),
        ([[(0, 0)]], 1, [[(0, 1, 1)]]),
    ],
    ids=["plain", "too wide", "too deep", "short row", "into a span", "too many", "no span"],
)
def test_cells_find_their_columns(
    rows: list[list[tuple[int, int]]], width: int, expected: list[list[tuple[int, int, int]]]
) -> None:
    cells = [[{"runs": [], "columns": c, "rows": r} for c, r in row] for row in rows]
    placed = place(cells, width)
    found = [[(at, c.get("columns", 1), c.get("rows", 1)) for c, at in row] for row in placed]
    assert found == expected
