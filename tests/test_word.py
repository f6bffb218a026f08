"""Word documents: the sample gives the reading of its text; what Word can hide is said."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests import build
from tests.formats import SAMPLE, codes, read_bytes, sample_bytes, values, without_addresses

from jixiao.audit import audit_as_json, examine
from jixiao.importers import read_document
from jixiao.model import Filing
from jixiao.rubric import choose_rubric, load_checklist
from jixiao.scoring import score, scorecard_as_json
from jixiao.workspace.fonts import code_points

ROOT = Path(__file__).parent.parent
RUN = '<w:r><w:t xml:space="preserve">{}</w:t></w:r>'


@pytest.fixture(scope="module")
def text_filing() -> Filing:
    return read_document(SAMPLE)


def judged(filing: Filing) -> tuple[object, object]:
    """Scores and findings, addresses apart."""
    assert filing.year is not None
    rubrics = {
        kind: choose_rubric(ROOT / "params/rubrics", filing.year, kind)
        for kind in ("department", "project")
    }
    cards = score(filing, rubrics)
    checklist = load_checklist(ROOT / "params/checks.yaml")
    found = examine(filing, cards, rubrics, checklist, code_points())
    scored = [scorecard_as_json(card) for card in cards.values()]
    return without_addresses(scored), without_addresses(audit_as_json(found))


@pytest.mark.parametrize("ending", ["docx", "xlsx", "html"])
def test_the_sample_reads_scores_and_audits_as_its_text(
    tmp_path: Path, text_filing: Filing, ending: str
) -> None:
    found = read_bytes(tmp_path, sample_bytes(ending), f"sample.{ending}")
    assert found.document.format == ending
    assert values(found) == values(text_filing)
    assert found.problems == ()
    assert judged(found) == judged(text_filing)


@pytest.mark.parametrize("ending", ["docx", "xlsx", "html"])
def test_every_place_has_one_anchor(tmp_path: Path, ending: str) -> None:
    found = read_bytes(tmp_path, sample_bytes(ending), f"sample.{ending}")
    anchors = [line.anchor for line in found.lines]
    assert len(anchors) == len(set(anchors))
    cells = [cell for grid in found.grids for row in grid.rows for cell in row.cells]
    assert {cell.anchor for cell in cells} <= set(anchors)
    assert {cell.line for cell in cells} == {None}


def test_a_cell_is_addressed_by_its_place_in_the_table(tmp_path: Path) -> None:
    found = read_bytes(tmp_path, sample_bytes("docx"), "sample.docx")
    budget = found.evaluations[0].budget
    assert budget is not None
    source = budget.actual_expenditure.origin
    assert source.address == "附件2 第3行第5列"
    assert (source.table, source.row, source.column, source.text) == (2, 3, 5, "1008.22")


# --- what is merged, nested, boxed, noted ---


def word(*elements: str) -> bytes:
    return build.word_of(elements)


def para(inner: str, properties: str = "") -> str:
    return f"<w:p {build.W}>{properties}{inner}</w:p>"


def t(text: str) -> str:
    return RUN.format(text)


TITLE = build.paragraph("某某局2022年度部门整体支出绩效自评报告")


def lines(folder: Path, *elements: str) -> list[str]:
    found = read_bytes(folder, word(TITLE, *elements), "a.docx")
    return [line.text for line in found.lines[1:]]


BOX = (
    '<w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
    "<mc:Choice><w:drawing><w:txbxContent><w:p><w:r><w:t>框内</w:t></w:r></w:p></w:txbxContent>"
    "</w:drawing></mc:Choice><mc:Fallback><w:pict><w:txbxContent><w:p><w:r><w:t>框内</w:t></w:r></w:p>"
    "</w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
)


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        (t("一") + "<w:r><w:br/></w:r>" + t("二"), ["一", "二"]),
        (f"<w:sdt><w:sdtContent>{t('控件')}</w:sdtContent></w:sdt>", ["控件"]),
        (f"<w:hyperlink>{t('链接')}</w:hyperlink>", ["链接"]),
        (f"<w:smartTag>{t('标记')}</w:smartTag>", ["标记"]),
        (t("框外") + BOX, ["框外", "框内"]),
        ('<w:r><w:sym w:font="Symbol" w:char="F0B3"/></w:r>' + t("50件"), ["≥50件"]),
        ("<w:r><w:noBreakHyphen/></w:r>", ["-"]),
        ("<w:ruby><w:rt>" + t("zhu") + "</w:rt><w:rubyBase>" + t("注") + "</w:rubyBase></w:ruby>",
         ["注"]),
    ],
)  # fmt: skip
def test_nothing_printed_is_lost(tmp_path: Path, inner: str, expected: list[str]) -> None:
    assert lines(tmp_path, para(inner)) == expected


def test_block_content_controls_are_read(tmp_path: Path) -> None:
    inner = f"<w:sdt {build.W}><w:sdtContent>{para(t('控件中的一段'))}</w:sdtContent></w:sdt>"
    assert lines(tmp_path, inner) == ["控件中的一段"]


def test_tables_in_tables_stand_for_themselves(tmp_path: Path, text_filing: Filing) -> None:
    pieces = build.pieces_of(text_filing)
    body = "".join(
        build.paragraph(p) if isinstance(p, str) else build.word_table(p) + para("") for p in pieces
    )
    frame = f"<w:tbl {build.W}><w:tr><w:tc>{body}</w:tc></w:tr></w:tbl>"
    found = read_bytes(tmp_path, word(frame), "a.docx")
    assert values(found)["evaluations"] == values(text_filing)["evaluations"]


def test_a_merged_cell_counts_once_though_word_repeats_it(tmp_path: Path) -> None:
    found = read_bytes(tmp_path, sample_bytes("docx"), "sample.docx")
    group = found.evaluations[0].indicators[:4]
    assert [i.points.value if i.points else None for i in group] == [15, None, None, None]
    assert {i.points_shared_by for i in group} == {4}


def test_numbers_word_gives_by_itself_are_read(tmp_path: Path) -> None:
    numbering = (
        f'<w:numbering {build.W}><w:abstractNum w:abstractNumId="7"><w:lvl w:ilvl="0">'
        '<w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl>'
        '<w:lvl w:ilvl="1"><w:numFmt w:val="decimal"/><w:lvlText w:val="（%2）"/></w:lvl>'
        '</w:abstractNum><w:num w:numId="3"><w:abstractNumId w:val="7"/></w:num></w:numbering>'
    )

    def listed(text: str, level: int) -> str:
        properties = (
            f'<w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="3"/></w:numPr></w:pPr>'
        )
        return para(t(text), properties)

    content = word(
        TITLE, listed("概况", 0), listed("职责", 1), listed("机构", 1), listed("绩效", 0)
    )
    content = build.with_part(content, "word/numbering.xml", numbering)
    found = read_bytes(tmp_path, content, "a.docx")
    assert [line.text for line in found.lines[1:]] == [
        "一、概况", "（1）职责", "（2）机构", "二、绩效",
    ]  # fmt: skip
    assert [section.heading.text for section in found.sections][:2] == ["一、概况", "（1）职责"]


# --- what is not settled, or not printed (A19–A21) ---


@pytest.mark.parametrize(
    ("inner", "printed", "code", "words"),
    [
        (t("支出") + f"<w:ins>{t('99')}</w:ins>" + t("万元"), "支出99万元", "pending-revisions", "99"),
        ("<w:del><w:r><w:delText>88</w:delText></w:r></w:del>" + t("万元"), "万元",
         "pending-revisions", "删去 “88”"),
        (f"<w:moveFrom>{t('移走')}</w:moveFrom>" + t("留下"), "留下", "pending-revisions", "移走"),
        (f"<w:moveTo>{t('移来')}</w:moveTo>", "移来", "pending-revisions", "移来"),
        (t("可见") + "<w:r><w:rPr><w:vanish/></w:rPr><w:t>密</w:t></w:r>", "可见", "hidden-text", "密"),
    ],
)  # fmt: skip
def test_what_is_not_settled_or_not_seen_is_flagged_with_its_place(
    tmp_path: Path, inner: str, printed: str, code: str, words: str
) -> None:
    found = read_bytes(tmp_path, word(TITLE, para(inner)), "a.docx")
    assert found.lines[1].text == printed
    problem = found.problems[0]
    assert problem.code == code
    assert words in problem.message
    assert problem.source == found.lines[1]
    assert problem.blocks_scoring


def test_a_switch_turned_off_hides_nothing(tmp_path: Path) -> None:
    inner = '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>可见</w:t></w:r>'
    assert lines(tmp_path, para(inner)) == ["可见"]


def in_table(change: Callable[[str], str]) -> bytes:
    """The sample with its cell 1008.22 changed."""
    content = sample_bytes("docx")
    xml = '<w:t xml:space="preserve">1008.22</w:t>'
    return build.with_part(content, "word/document.xml", change(xml), xml)


def test_revisions_in_a_cell_are_flagged_at_the_cell(tmp_path: Path) -> None:
    inserted = in_table(lambda xml: xml + "</w:r><w:ins><w:r><w:t>9</w:t></w:r></w:ins><w:r>")
    found = read_bytes(tmp_path, inserted, "a.docx")
    problem = found.problems[0]
    assert (problem.code, problem.source.table) == ("pending-revisions", 1)
    assert problem.source.text == "1008.229"


def test_a_row_to_be_deleted_is_not_read_but_said(tmp_path: Path) -> None:
    row = "<w:tr><w:trPr><w:del/></w:trPr><w:tc><w:p><w:r><w:t>旧</w:t></w:r></w:p></w:tc></w:tr>"
    table = f"<w:tbl {build.W}>{row}<w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>"
    found = read_bytes(tmp_path, word(TITLE, table), "a.docx")
    assert "pending-revisions" in codes(found)
    assert "旧" not in "".join(line.text for line in found.lines)


def test_notes_are_read_behind_the_body(tmp_path: Path) -> None:
    notes = (
        f'<w:footnotes {build.W}><w:footnote w:type="separator" w:id="0"><w:p/></w:footnote>'
        f'<w:footnote w:id="2">{para(t("含上年结转。"))}</w:footnote></w:footnotes>'
    )
    relation = (
        '<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/footnotes" Target="footnotes.xml"/></Relationships>'
    )
    kind = (
        '<Override PartName="/word/footnotes.xml" ContentType="application/vnd.openxmlformats-'
        'officedocument.wordprocessingml.footnotes+xml"/></Types>'
    )
    content = word(TITLE, para(t("正文")))
    content = build.with_part(content, "word/footnotes.xml", notes)
    content = build.with_part(content, "word/_rels/document.xml.rels", relation, "</Relationships>")
    content = build.with_part(content, "[Content_Types].xml", kind, "</Types>")
    found = read_bytes(tmp_path, content, "a.docx")
    assert [line.text for line in found.lines[1:]] == ["正文", "含上年结转。"]


def test_an_embedded_document_is_said_to_be_unread(tmp_path: Path) -> None:
    found = read_bytes(tmp_path, word(TITLE, f"<w:altChunk {build.W}/>"), "a.docx")
    assert codes(found)[:1] == ["text-not-read"]
