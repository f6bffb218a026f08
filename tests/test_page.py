"""Published pages: spans, tables in tables, charsets, menus; what a browser shows and no more."""

from pathlib import Path

import pytest
from tests import build
from tests.formats import SAMPLE, codes, read_bytes, sample_bytes, values

from jixiao.errors import BadFile
from jixiao.importers import read_document

TITLE = "<h1>某某局2022年度部门整体支出绩效自评报告</h1>"


def lines(folder: Path, body: str) -> list[str]:
    found = read_bytes(folder, f"<html><body>{TITLE}{body}</body></html>".encode(), "a.html")
    return [line.text for line in found.lines[1:]]


def table(folder: Path, rows: str) -> list[list[str]]:
    page = f"<html><body>{TITLE}<table>{rows}</table></body></html>"
    grid = read_bytes(folder, page.encode(), "a.html").grids[0]
    return [[cell.text for cell in row.cells] for row in grid.rows]


@pytest.mark.parametrize("around", [False, True])
def test_the_site_around_the_document_is_left_out(tmp_path: Path, around: bool) -> None:
    text = read_document(SAMPLE)
    page = build.build_page(build.pieces_of(text), around=around)
    found = read_bytes(tmp_path, page, "sample.html")
    assert values(found) == values(text)
    printed = "".join(line.text for line in found.lines)
    assert "政务公开" not in printed.replace("政务公开栏", "")
    assert "网站地图" not in printed
    assert "var a" not in printed


@pytest.mark.parametrize("charset", ["gb2312", "gbk", "utf-8", "utf-16"])
def test_the_charset_is_found(tmp_path: Path, charset: str) -> None:
    page = sample_bytes("html").decode().replace("utf-8", charset)
    encoded = page.encode("gb18030" if charset.startswith("gb") else charset, "ignore")
    found = read_bytes(tmp_path, encoded, "a.html")
    assert values(found) == values(read_document(SAMPLE))


def test_a_page_in_big5_is_read_by_its_own_word(tmp_path: Path) -> None:
    page = "<meta charset=big5><p>績效自評"
    with pytest.raises(BadFile, match="績效"):
        read_bytes(tmp_path, page.encode("big5"), "a.html")


def test_a_charset_that_the_bytes_contradict_is_not_believed(tmp_path: Path) -> None:
    page = sample_bytes("html").replace(b"utf-8", b"gb2312")
    assert read_bytes(tmp_path, page, "a.html").unit == "益阳市资阳区司法局"


def test_a_page_that_names_no_charset_is_decoded_as_any_text(tmp_path: Path) -> None:
    page = sample_bytes("html").decode().replace("<meta charset='utf-8'>", "")
    assert read_bytes(tmp_path, page.encode("gb18030"), "a.html").unit == "益阳市资阳区司法局"


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("<tr><td rowspan=2>甲<td>乙<tr><td>丙", [["甲", "乙"], ["", "丙"]]),
        ("<tr><td>甲<td rowspan=2>乙<tr><td>丙", [["甲", "乙"], ["丙", ""]]),
        ("<tr><td rowspan=2 colspan=2>甲<td>乙<tr><td>丙", [["甲", "乙"], ["", "丙"]]),
        ("<tr><td rowspan=3>甲<td rowspan=2>乙<td>1<tr><td>2<tr><td>丙<td>3",
         [["甲", "乙", "1"], ["", "", "2"], ["", "丙", "3"]]),
        ("<tr><td rowspan=99>甲<td colspan=0>乙<tr><td>丙", [["甲", "乙"], ["", "丙"]]),
        ("<tr><td>一<br>二<p>三</p></td>", [["一\n二\n三"]]),
        ("<tr><td>绩效\n  自评</td><td>a\n b</td>", [["绩效自评", "a b"]]),
        ("<thead><tr><th>头</thead><tbody><tr><td>身</tbody>", [["头"], ["身"]]),
    ],
)  # fmt: skip
def test_spans_keep_the_columns(tmp_path: Path, rows: str, expected: list[list[str]]) -> None:
    assert table(tmp_path, rows) == expected


def test_lines_end_where_a_browser_ends_them(tmp_path: Path) -> None:
    body = (
        "<p>一<b>二</b>三<br>四</p><div>五<div>六</div>七</div>&nbsp;&nbsp;八<ol><li>九<li>十</ol>"
    )
    assert lines(tmp_path, body) == ["一二三", "四", "五", "六", "七", "  八", "1.九", "2.十"]


def test_what_is_hidden_in_a_table_is_said(tmp_path: Path) -> None:
    page = sample_bytes("html").decode()
    changed = page.replace("<p>969.65</p>", "<p>969.65<span style='display:none'>密</span></p>")
    found = read_bytes(tmp_path, changed.encode(), "a.html")
    assert codes(found) == ["hidden-text", "hidden-text"]
    assert found.problems[0].source is not None
    assert found.problems[0].source.text == "969.65"
    assert "密" in found.problems[0].message


def test_entities_of_a_page_open_no_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("机密")
    page = (
        f'<!DOCTYPE html [<!ENTITY x SYSTEM "file://{tmp_path}/secret">]>'
        f"<html><body>{TITLE}<p>&x;</p></body></html>"
    )
    found = read_bytes(tmp_path, page.encode(), "a.html")
    assert "机密" not in "".join(line.text for line in found.lines)


@pytest.mark.parametrize(
    ("page", "code"),
    [
        (b"<html>" + b"<div>" * 100_000, "broken-page"),
        (b"<html><body><table>" + b"<tr><td rowspan=9999>" * 3_000, "page-too-large"),
        (b"<html><body><p>" + "今天天气很好。".encode(), "unknown-form"),
        (b"<html></html>", "unknown-form"),
    ],
)
def test_what_is_no_filing_is_refused(tmp_path: Path, page: bytes, code: str) -> None:
    with pytest.raises(BadFile) as caught:
        read_bytes(tmp_path, page, "a.html")
    assert caught.value.code == code
