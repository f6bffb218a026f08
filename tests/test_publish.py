"""Reports: one HTML for a closed network, one PDF for the archive, both the same every time."""

import base64
import hashlib
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pikepdf
import pytest
from lxml import html as lxml_html
from nbconvert.exporters import get_exporter
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from tests import sample_report
from tests.browser import Page, browser
from tests.sample_report import NASTY, READING, RESULT, RUBRIC, sample_notebook

from jixiao import publish
from jixiao.errors import RunFailed
from jixiao.publish import html as html_module
from jixiao.publish import pdf as pdf_module
from jixiao.publish.document import compose
from jixiao.publish.shape import weighted
from jixiao.tables.block import Appendix, AppendixPart, Cell, Column, Note, Run, Table, plain_runs
from jixiao.tables.html import bundle
from jixiao.workspace import fonts

ROOT = Path(__file__).parents[1]
KILOBYTE = 1000
PRINTED_NASTY = NASTY.replace("𠮷", "〔U+20BB7〕")
# The smallest PNG: one grey pixel.
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg=="


@pytest.fixture(scope="module")
def nb() -> NotebookNode:
    return sample_notebook()


@pytest.fixture(scope="module")
def page(nb: NotebookNode) -> bytes:
    return publish.render_html(nb)


@pytest.fixture(scope="module")
def tree(page: bytes) -> lxml_html.HtmlElement:
    return lxml_html.document_fromstring(page.decode())


@pytest.fixture(scope="module")
def pdf_bytes(nb: NotebookNode) -> bytes:
    return publish.render_pdf(nb)


@pytest.fixture
def pdf(pdf_bytes: bytes) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(io.BytesIO(pdf_bytes)) as opened:
        yield opened


@pytest.fixture(scope="module")
def foreign() -> NotebookNode:
    """Any analyst's notebook, with what notebooks show."""
    frame = pd.DataFrame({"科目": ["办公费", "差旅费"], "金额": [12.5, 8.3]})
    styled = frame.style.set_caption("支出").highlight_max(subset=["金额"])._repr_html_()
    outputs = [
        new_output("display_data", {"text/html": styled, "text/plain": "<Styler>"}),
        new_output("stream", name="stdout", text="第一行\n\x1b[31m红\x1b[0m"),
        new_output("stream", name="stdout", text="字\n"),
        new_output("stream", name="stderr", text="警告\t制表"),
        new_output("display_data", {"image/png": PNG, "text/plain": "<Figure>"}),
        new_output("display_data", {"text/html": "<script>alert(1)</script>", "text/plain": "甲"}),
        new_output("display_data", {"text/markdown": "**乙** $x^2$ [外](https://example.org)"}),
        new_output("error", ename="ValueError", evalue="不是数", traceback=["\x1b[0;31m丙"]),
    ]
    prose = (
        "### 起头\n\n<script>x</script> 😀 与 `代码`\n\n> # 引文\n\n|a|b|\n|:-|-:|\n|甲|1|\n\n---\n"
    )
    return new_notebook(
        cells=[
            new_markdown_cell(prose),
            new_code_cell("1 + 1", outputs=outputs),
            new_markdown_cell(
                "# 后来的题\n\n```\n代码段\n```\n\n3. 三\n4. 四\n\n![图](http://x/y.png)"
            ),
        ]
    )


def only(found: list[Any]) -> Any:
    (item,) = found
    return item


# ---------------------------------------------------------------- HTML


def test_the_page_has_no_script_no_handler_and_no_outside_address(
    tree: lxml_html.HtmlElement,
) -> None:
    assert not tree.xpath("//script | //iframe | //object | //embed | //link | //form | //base")
    for element in tree.iter("*"):
        for name, value in element.attrib.items():
            assert not name.startswith("on"), name
            assert name not in ("style", "srcset", "action"), name
            if name == "href":
                assert value.startswith("#")
            if name == "src":
                assert value.startswith("data:image/")
            elif name != "content":
                assert "://" not in value
    style = only(tree.xpath("//style/text()"))
    assert "url(" not in style
    assert "@import" not in style


def test_the_policy_allows_the_one_style_sheet_and_nothing_else(
    tree: lxml_html.HtmlElement,
) -> None:
    style = only(tree.xpath("//style/text()"))
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = only(tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content"))
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def test_ids_are_unique_and_links_lead_somewhere(tree: lxml_html.HtmlElement) -> None:
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {href.removeprefix("#") for href in tree.xpath("//@href")} <= set(ids)


def test_a_link_to_nowhere_is_printed_without_link(
    nb: NotebookNode, tree: lxml_html.HtmlElement
) -> None:
    assert publish.dangling_links(nb) == ("w-nowhere",)
    assert "无此底稿" in tree.text_content()
    assert not tree.xpath("//a[text()='无此底稿']")


def test_there_is_one_title_and_headings_never_skip(tree: lxml_html.HtmlElement) -> None:
    levels = [
        int(node.tag[1])
        for node in tree.xpath(
            "//*[re:match(name(), '^h[1-6]$')]",
            namespaces={"re": "http://exslt.org/regular-expressions"},
        )
    ]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert tree.get("lang") == "zh-CN"


def test_contents_name_the_sections(tree: lxml_html.HtmlElement) -> None:
    assert tree.xpath("//nav//a/text()")[:3] == ["评价摘要", "得分情况", "预算执行"]


def test_nasty_text_is_printed_as_it_is(tree: lxml_html.HtmlElement) -> None:
    text = tree.text_content()
    assert text.count(PRINTED_NASTY) == 4  # a table, a finding, a note, the appendix
    assert "𠮷" not in text
    assert "<em>原样</em>" in text


def test_the_cover_tells_what_the_report_is_about(tree: lxml_html.HtmlElement) -> None:
    cover = dict(
        zip(tree.xpath("//header//dt/text()"), tree.xpath("//header//dd/text()"), strict=True)
    )
    assert cover["评价单位"] == "益阳市资阳区司法局"
    assert cover["评价年度"] == "2022年度"
    assert cover["自评材料"] == f"sha256 {RESULT['document']['sha256'][:12]}…"
    assert cover["版本"] == "内部版"


def test_code_is_folded_and_can_be_left_out(nb: NotebookNode, tree: lxml_html.HtmlElement) -> None:
    assert tree.xpath("//details[not(@open)]/summary/text()")[0] == "代码"
    exporter = html_module.JixiaoHTMLExporter(exclude_input=True)
    assert "<details" not in exporter.from_notebook_node(nb)[0]


def test_the_page_is_small(page: bytes) -> None:
    without_pictures = re.sub(rb"data:image/[^\"]*", b"", page)
    assert len(without_pictures) < 300 * KILOBYTE


def test_a_preprocessor_of_the_user_is_heard(nb: NotebookNode) -> None:
    exporter = html_module.JixiaoHTMLExporter(
        preprocessors=["nbconvert.preprocessors.ClearOutputPreprocessor"]
    )
    exporter.register_preprocessor("nbconvert.preprocessors.ClearOutputPreprocessor", enabled=True)
    assert "<table" not in exporter.from_notebook_node(nb)[0]


# ---------------------------------------------------------------- the page in a browser


@pytest.fixture(scope="module")
def tab(chromium: str) -> Iterator[Page]:
    with browser(chromium) as opened:
        yield opened


@pytest.fixture(scope="module")
def file(page: bytes, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_bytes(page)
    return path


@pytest.mark.browser
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_page_asks_for_nothing_and_is_accessible(
    tab: Page, file: Path, axe: str, dark: bool
) -> None:
    tab.emulate(dark=dark)
    tab.open(file)
    assert tab.requests == [file.as_uri()]
    assert tab.messages == []
    assert [(found["id"], found["nodes"][0]["html"]) for found in tab.axe(axe)] == []


@pytest.mark.browser
def test_the_page_fits_a_telephone(tab: Page, file: Path) -> None:
    tab.emulate(width=320, height=640)
    tab.open(file)
    assert tab.evaluate("document.documentElement.scrollWidth") == 320
    tab.emulate()


@pytest.mark.browser
def test_a_number_leads_to_its_working_and_back(tab: Page, file: Path) -> None:
    tab.emulate()
    tab.open(file)
    tab.evaluate("document.querySelector('#scores a[href^=\"#w-\"]').click()")
    assert tab.evaluate("document.querySelector(':target').className") == "working"
    tab.evaluate("document.querySelector(':target .back').click()")
    assert tab.evaluate("document.querySelector(':target').closest('table') !== null")
    tab.evaluate("document.querySelector('.working a[href^=\"#c1-\"]').click()")
    assert tab.evaluate("document.querySelector(':target').tagName") == "TD"


# ---------------------------------------------------------------- PDF


def test_the_pdf_says_what_it_conforms_to(pdf: pikepdf.Pdf) -> None:
    with pdf.open_metadata() as metadata:
        assert metadata["pdfaid:part"] == "3"
        assert metadata["pdfaid:conformance"] == "A"
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"].startswith("部门整体支出绩效评价报告（")
    assert str(pdf.Root.Lang).startswith("zh")
    assert bool(pdf.Root.MarkInfo.Marked)
    assert str(pdf.docinfo["/CreationDate"]).startswith("D:20000101")


def test_the_data_is_attached(nb: NotebookNode, pdf: pikepdf.Pdf) -> None:
    expected = {
        "report.ipynb": ("application/x-ipynb+json", "/Source", publish.notebook_bytes(nb)),
        "result.json": ("application/json", "/Data", publish.json_bytes(RESULT)),
        "reading.json": ("application/json", "/Data", publish.json_bytes(READING)),
        "rubric.yaml": ("application/yaml", "/Supplement", RUBRIC.encode()),
    }
    found = {}
    for name, attached in pdf.attachments.items():
        file = attached.get_file()
        relation = str(attached.obj.AFRelationship)
        found[name] = (file.mime_type, relation, file.read_bytes())
        assert attached.description
    assert found == expected


def test_the_bytes_of_the_notebook_need_not_be_made_twice(
    nb: NotebookNode, pdf_bytes: bytes
) -> None:
    assert publish.render_pdf(nb, publish.notebook_bytes(nb)) == pdf_bytes


def test_one_document_serves_both_formats(nb: NotebookNode, page: bytes, pdf_bytes: bytes) -> None:
    """Whatever one format does with it, the other finds it as it was."""
    document = publish.compose(nb)
    for _ in range(2):
        assert publish.render_html(nb, document) == page
        assert publish.render_pdf(nb, None, document) == pdf_bytes


def test_the_bookmarks_are_the_sections(pdf: pikepdf.Pdf) -> None:
    with pdf.open_outline() as outline:
        titles = [item.title for item in outline.root]
    assert titles == [
        "评价摘要",
        "得分情况",
        "核查发现",
        "计算底稿",
        "原文附录",
        "评价结果",
    ]


def test_numbers_link_to_their_workings_and_cells(pdf: pikepdf.Pdf) -> None:
    links = [
        annotation
        for page in pdf.pages
        for annotation in page.get("/Annots", [])
        if annotation.Subtype == "/Link"
    ]
    assert len(links) > 250
    assert not [link for link in links if "/A" in link and link.A.S == "/URI"]


def test_only_our_fonts_are_in_the_pdf(pdf: pikepdf.Pdf) -> None:
    names = {
        str(font.BaseFont).rpartition("+")[2]
        for page in pdf.pages
        for font in page.Resources.get("/Font", {}).values()
    }
    families = {re.split("[-,]", name)[0] for name in names}
    assert families == {"NotoSansSC", "NotoSerifSC"}


def test_the_words_can_be_taken_out_of_the_pdf(
    pdf_bytes: bytes, pdftotext: str, tmp_path: Path
) -> None:
    (tmp_path / "report.pdf").write_bytes(pdf_bytes)
    command = [pdftotext, "-enc", "UTF-8", "report.pdf", "-"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True)
    text = re.sub(r"\s+", "", done.stdout.decode())
    for sentence in (
        "本报告按现行评分规则重新计算每一项得分，与单位自评结果对照",
        "各项分值合计110分，与表头所写100分不符",
        "三公经费中因公出国（境）费用未填报",
        "得分=分值×全年执行数÷全年预算数",
        "公务接待费",  # in a chart
        "—2—",
        re.sub(r"\s+", "", PRINTED_NASTY),
    ):
        assert sentence in text
    assert sample_report.LONG_WORD in text.replace("\u200b", "")


def test_a_page_of_prose_is_that_of_the_standard(pdftotext: str, tmp_path: Path) -> None:
    """GB/T 9704: 22 lines of 28 characters of size 3 in 156 mm by 225 mm; dashes about the number."""
    nb = new_notebook(cells=[new_markdown_cell("# 题目\n\n" + "绩" * 28 * 60)])
    (tmp_path / "page.pdf").write_bytes(publish.render_pdf(nb))
    done = subprocess.run([pdftotext, "-layout", "-enc", "UTF-8", "page.pdf", "-"],
                          cwd=tmp_path, capture_output=True, check=True)  # fmt: skip
    pages = done.stdout.decode().split("\f")
    whole = next(page for page in pages if page.count("绩") > 500)
    lines = [line.strip() for line in whole.splitlines() if "绩" in line]
    assert [len(line) for line in lines[1:]] == [28] * 21
    assert len(lines[0]) in (26, 28)
    assert re.search(r"—\s*\d+\s*—", whole)
    boxes = words_of(pdftotext, tmp_path)
    left, right = min(box[0] for box in boxes), max(box[2] for box in boxes)
    top, bottom = min(box[1] for box in boxes), max(box[3] for box in boxes)
    millimetre = 72 / 25.4
    assert right - left == pytest.approx(156 * millimetre, abs=3)
    assert top == pytest.approx(37 * millimetre, abs=6)
    # From the first line to the foot of the last: 21 times the pitch, and one character.
    assert bottom - top == pytest.approx(21 * 225 * millimetre / 22 + 15.75, abs=2)


def words_of(pdftotext: str, folder: Path) -> list[tuple[float, ...]]:
    """The boxes of the lines of prose on the fullest page."""
    done = subprocess.run([pdftotext, "-bbox", "page.pdf", "-"],
                          cwd=folder, capture_output=True, check=True)  # fmt: skip
    text = done.stdout.decode()
    pages = [re.findall(r'<word xMin="(\S+)" yMin="(\S+)" xMax="(\S+)" yMax="(\S+)">绩', page)
             for page in text.split("<page ")]  # fmt: skip
    return [tuple(map(float, box)) for box in max(pages, key=len)]


def test_the_last_page_has_the_digests_of_what_is_attached(
    pdf: pikepdf.Pdf, pdf_bytes: bytes, pdftotext: str, tmp_path: Path
) -> None:
    (tmp_path / "report.pdf").write_bytes(pdf_bytes)
    last = str(len(pdf.pages))
    done = subprocess.run([pdftotext, "-f", last, "-enc", "UTF-8", "report.pdf", "-"],
                          cwd=tmp_path, capture_output=True, check=True)  # fmt: skip
    text = re.sub(r"[\s\u200b]+", "", done.stdout.decode())
    assert len(pdf.attachments) == 4
    for name, attached in pdf.attachments.items():
        data = attached.get_file().read_bytes()
        assert name in text
        assert hashlib.sha256(data).hexdigest() in text
        assert str(len(data)) in text


def test_what_typst_refuses_becomes_a_failure_in_words(
    nb: NotebookNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    press = pdf_module._press()
    monkeypatch.setattr(press, "_template", b"#panic(1)")
    with pytest.raises(RunFailed, match="PDF 排版失败") as caught:
        publish.render_pdf(nb)
    assert caught.value.code == "pdf-failed"


def test_letters_of_a_chart_keep_their_weight() -> None:
    svg = '<?xml version="1.0"?>\n<svg><text style="font: 700 9px x">a</text></svg>'
    assert weighted(svg) == (
        "<svg font-variation-settings=\"'wght' 400\">"
        "<text style=\"font-variation-settings: 'wght' 700; font: 700 9px x\">a</text></svg>"
    )


# ---------------------------------------------------------------- the same every time

SCRIPT = """
import hashlib
from jixiao import publish
from tests.sample_report import sample_notebook
nb = sample_notebook()
for data in (publish.notebook_bytes(nb), publish.render_html(nb), publish.render_pdf(nb)):
    print(hashlib.sha256(data).hexdigest())
"""


@pytest.mark.slow
def test_the_same_notebook_gives_the_same_bytes_anywhere(
    nb: NotebookNode, page: bytes, pdf_bytes: bytes
) -> None:
    here = [publish.notebook_bytes(nb), page, pdf_bytes]
    found = [hashlib.sha256(data).hexdigest() for data in here]
    for seed, zone, language in (("0", "Asia/Shanghai", "C"), ("7", "America/New_York", "C.UTF-8")):
        environment = os.environ | {
            "PYTHONHASHSEED": seed,
            "TZ": zone,
            "LC_ALL": language,
            "PYTHONUTF8": "1",
            "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "lib"))),
        }
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT], env=environment, capture_output=True, check=True
        )
        assert done.stdout.decode().split() == found


def test_rendering_leaves_the_notebook_as_it_was(nb: NotebookNode) -> None:
    before = nbformat.writes(nb)
    publish.render_html(nb)
    publish.render_pdf(nb)
    assert nbformat.writes(nb) == before


def test_notebook_bytes_are_what_nbformat_writes(nb: NotebookNode, foreign: NotebookNode) -> None:
    nb.metadata["signature"] = "none"
    for notebook in (nb, foreign):
        written = nbformat.v4.writes(notebook).encode() + b"\n"
        assert publish.notebook_bytes(notebook) == written
    del nb.metadata["signature"]


def test_json_bytes_keep_the_order_and_end_with_a_newline() -> None:
    value = {"b": [], "a": {"分": [1, 2.5, None, True, "\n"]}, "c": {}}
    assert (
        publish.json_bytes(value)
        == json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"
    )


# ---------------------------------------------------------------- results, fonts


def test_the_result_is_that_of_the_last_code_cell(nb: NotebookNode, foreign: NotebookNode) -> None:
    assert publish.result_of(nb) == RESULT
    with pytest.raises(RunFailed, match="没有输出评价结果") as caught:
        publish.result_of(foreign)
    assert caught.value.code == "result-missing"


def test_all_fonts_print_the_same_characters() -> None:
    files = fonts.font_files()
    covered = [fonts._covered(path) for path in (files.sans, files.serif, files.variable_sans)]
    assert covered[0] == covered[2]
    assert set(map(ord, "预算绩效①②≥≤％—…“”〔〕×÷㎡〃")) <= fonts.code_points()
    assert ord("𠮷") not in fonts.code_points()
    assert fonts.printable("a\u200b\u202e𠮷", fonts.code_points()) == "a〔U+202E〕〔U+20BB7〕"


def test_our_own_prose_must_be_printable(nb: NotebookNode) -> None:
    bad = new_notebook(cells=[*nb.cells, new_markdown_cell("𠮷")])
    with pytest.raises(publish.GlyphMissing, match=r"“𠮷”（U\+20BB7）") as caught:
        publish.render_html(bad)
    assert caught.value.code == "glyph-missing-in-template"
    assert f"第 {len(bad.cells)} 个单元" in str(caught.value)


# ---------------------------------------------------------------- any notebook


def test_any_notebook_becomes_a_page(foreign: NotebookNode) -> None:
    tree = lxml_html.document_fromstring(publish.render_html(foreign).decode())
    text = tree.text_content()
    assert not tree.xpath("//script | //b")
    assert tree.xpath("//caption/text()") == ["支出"]
    assert tree.xpath("//td[@class='r']/text()") == ["1", "12.500000", "8.300000"]
    assert "第一行\n红字" in text
    assert "甲" in text
    assert "外（https://example.org）" in text
    assert "运行出错 ValueError: 不是数" in text
    assert "<script>x</script> 〔U+1F600〕" in text
    assert tree.xpath("//ol/@start") == ["3"]
    assert tree.xpath("//img/@src") == [f"data:image/png;base64,{PNG}"]
    assert tree.xpath("//h1/text()") == ["未命名报告"]
    assert tree.xpath("//main//h2/text()") == ["起头", "后来的题"]


def test_any_notebook_becomes_a_pdf(foreign: NotebookNode) -> None:
    with pikepdf.open(io.BytesIO(publish.render_pdf(foreign))) as opened:
        assert list(opened.attachments) == ["report.ipynb"]


def test_an_empty_notebook_becomes_a_report() -> None:
    empty = new_notebook()
    assert b"<main" in publish.render_html(empty)
    assert publish.render_pdf(empty).startswith(b"%PDF")


def test_nbconvert_finds_the_exporters(foreign: NotebookNode, tmp_path: Path) -> None:
    path = tmp_path / "any.ipynb"
    nbformat.write(foreign, path)
    for name in ("html.JixiaoHTMLExporter", "pdf.JixiaoPDFExporter"):
        exporter = get_exporter(f"jixiao.publish.{name}")()
        content, resources = exporter.from_filename(str(path))
        assert content
        assert resources["output_extension"] in (".html", ".pdf")


WEIRD = (
    "\x07\x00\x7f\x85\ufffe",
    "a\r\nb\rc\u2028d\u2029",
    "שלום عربي ﷺ",
    "e\u0301\u0302 葛\U000e0100 𠮷\ufe0f 👨\u200d👩",
    "\u202eabc\u2066",
    "\t\t　全角　",
    "",
    "汉" * 3000,
    "a" * 3000,
    '#let x = 1 \\ " $$ @label <label> // /* *b* _i_ = h `raw` ]) } #eval("1")',
)


def _weird_notebook() -> NotebookNode:
    cells = tuple(Cell(plain_runs(text), id=f"c1-1-{at}") for at, text in enumerate(WEIRD))
    block = Appendix(
        "main",
        WEIRD[-1],
        (AppendixPart(WEIRD[-1], "grid", (cells, cells[:2])), AppendixPart("", "text", (cells,))),
    )
    table = Table("t", WEIRD[-1], (Column("", "right", 0.0), Column("a")), ((*cells,), ()))
    links = Note("section-1", tuple((Run(text, href="main"),) for text in WEIRD))
    outputs = [new_output("display_data", bundle(each)) for each in (block, table, links)]
    svg = '<svg xmlns="http://www.w3.org/2000/svg"><text y="9">&#x20BB7;&#60;</text></svg>'
    outputs += [
        new_output("display_data", {"image/svg+xml": svg}),
        new_output("error", ename=WEIRD[0], evalue=WEIRD[-1], traceback=list(WEIRD)),
        new_output("stream", text="\n".join(WEIRD)),
    ]
    return new_notebook(cells=[new_markdown_cell("## 题"), new_code_cell("x", outputs=outputs)])


def test_weird_texts_are_printed_and_break_nothing() -> None:
    notebook = _weird_notebook()
    tree = lxml_html.document_fromstring(publish.render_html(notebook).decode())
    assert tree.xpath("//@id").count("main") == 1
    assert "〔U+202E〕abc〔U+2066〕" in tree.text_content()
    assert WEIRD[-1] in tree.text_content()
    assert publish.render_pdf(notebook).startswith(b"%PDF")


@pytest.mark.slow
def test_every_character_said_to_be_printable_is() -> None:
    signs = [chr(code) for code in sorted(fonts.code_points())]
    lines = ["".join(signs[at : at + 80]) for at in range(0, len(signs), 80)]
    block = Note("n", tuple((Run(line), Run(line, tone="strong")) for line in lines))
    cell = new_code_cell("x", outputs=[new_output("display_data", bundle(block))])
    assert publish.render_pdf(new_notebook(cells=[cell])).startswith(b"%PDF")


@pytest.mark.parametrize("depths", ["#\n##\n####", "###\n#\n##", "######\n######", "##\n#\n#"])
def test_the_outline_never_skips(depths: str) -> None:
    source = "\n".join(f"{depth} 题{number}" for number, depth in enumerate(depths.split("\n")))
    document = compose(new_notebook(cells=[new_markdown_cell(source)]))
    levels = [1, *(node["level"] for node in document.nodes if node["kind"] == "heading")]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert min(levels[1:], default=2) == 2
