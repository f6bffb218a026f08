"""Official forms: what was read is filled in and reads the same again; texts stay texts."""

import hashlib
import io
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import docx
import openpyxl
import pytest
from docx.oxml.ns import qn
from hypothesis import given, settings
from tests import layouts
from tests.build import build_word
from tests.formats import BUILDERS, SAMPLE, codes, read_content, sample_bytes, values
from tests.small_form import INDICATOR_HEADER, SmallForm, Written, read_form
from tests.test_fuzz import EDITS, LINES
from tests.test_layouts import truth_of

from jixiao.cli import run
from jixiao.errors import BadFile
from jixiao.importers import read_document
from jixiao.importers.documents import Received, read_received
from jixiao.importers.naming import name_projects
from jixiao.importers.opening import open_filing
from jixiao.model import Amendment, Filing
from jixiao.publish.forms import FORMATS, fill_forms
from jixiao.workspace.places import Workspace

ROOT = Path(__file__).parents[1]
FILINGS = sorted((SAMPLE.parent / "filings").glob("*.txt"))
PROVINCES = sorted((SAMPLE.parent / "provinces").glob("*.html"))
#: Problems of a table that is not understood; a filled form has none of them.
MISREAD = {"unknown-row", "unknown-columns", "unknown-table", "unreadable-number", "cells-lost"}
TABLES = ("unit", "year", "evaluations", "base_data", "footer")


def filled(filing: Filing, to: str) -> Filing:
    """The filing as its own filled forms are read."""
    return read_content(fill_forms(filing, to), f"forms.{to}")


def tables_of(filing: Filing) -> dict[str, object]:
    """What the official tables hold; narrative, statements and problems do not stand in them."""
    return {key: found for key, found in values(filing).items() if key in TABLES}


def small(form: SmallForm, tmp_path: Path) -> Filing:
    return read_form(tmp_path, form, ending="docx")


def sheet_of(filing: Filing, name: str) -> openpyxl.worksheet.worksheet.Worksheet:
    book = openpyxl.load_workbook(io.BytesIO(fill_forms(filing, "xlsx")))
    return next(sheet for sheet in book if sheet.title.startswith(name))


def cells_in(sheet: openpyxl.worksheet.worksheet.Worksheet) -> dict[str, object]:
    """Each filled cell by its value."""
    return {cell.value: cell for row in sheet.iter_rows() for cell in row if cell.value is not None}


# ---------------------------------------------------------------- read → forms → read


@pytest.mark.parametrize("to", FORMATS)
@pytest.mark.parametrize("path", [SAMPLE, *FILINGS, *PROVINCES], ids=lambda path: path.stem[:12])
def test_filled_forms_read_as_the_filing(path, to):
    filing = read_document(path)
    again = filled(filing, to)
    assert tables_of(again) == tables_of(filing)
    assert not MISREAD & set(codes(again))
    assert told(again) == (told(filing) if to == "docx" else [])


def told(filing: Filing) -> list[tuple[str, int, str, str]]:
    """The narrative: headings, levels, texts, and whose report they stand in."""
    return [(s.heading.text, s.level, s.text, s.evaluation) for s in filing.sections]


@pytest.mark.parametrize("to", FORMATS)
@pytest.mark.parametrize("number", ["03", "05", "09", "12", "14", "20"])
def test_forms_filled_from_word_layouts_read_as_they_do(number, to):
    pieces = layouts.pieces_of_truth(truth_of(number), layouts.layout_of(number))
    filing = read_content(build_word(pieces), "filing.docx")
    again = filled(filing, to)
    assert tables_of(again) == tables_of(filing)
    assert tables_of(filled(again, to)) == tables_of(filing)


@pytest.mark.parametrize("ending", BUILDERS)
def test_the_sample_of_each_format_fills_the_same_forms(sample_filing, ending):
    filing = read_content(sample_bytes(ending), f"sample.{ending}")
    for to in FORMATS:
        assert tables_of(filled(filing, to)) == tables_of(sample_filing)


@pytest.mark.parametrize("to", FORMATS)
def test_the_projects_of_a_workspace_keep_their_tables(to):
    filing = open_filing("ziyang-justice", 2022, Workspace(ROOT))
    again = name_projects(filled(filing, to), {"社区矫正": "community-correction"})
    assert tables_of(again) == tables_of(filing)


@pytest.mark.parametrize("to", FORMATS)
def test_columns_of_some_provinces_are_kept(tmp_path, to):
    header = (*INDICATOR_HEADER[:6], "得分系数", *INDICATOR_HEADER[6:8], "复核得分", "偏差原因分析")
    rows = (
        ("", "产出指标（60分）", "数量指标", "1、培训人次", "≥200人次", "210", "100%", "30", "30", "28", ""),
        ("", "", "", "2、培训班次", "5期", "4期", "80%", "30", "24", "24", "疫情"),
    )  # fmt: skip
    form = SmallForm(indicator_header=header, indicators=rows, total=(("总分", "60", "54", "良"),))
    filing = small(form, tmp_path)
    again = filled(filing, to)
    assert tables_of(again) == tables_of(filing)
    evaluation = again.evaluations[0]
    assert [i.coefficient.text for i in evaluation.indicators] == ["100%", "80%"]
    assert [str(i.review_score.value) for i in evaluation.indicators] == ["28", "24"]
    assert str(evaluation.indicators[0].category_points.value) == "60"
    assert evaluation.claimed_total.grade.text == "良"


@pytest.mark.parametrize("to", FORMATS)
def test_what_was_filed_instead_of_a_number_stays(tmp_path, to):
    form = SmallForm().with_budget("——", "38", "约20", "10", "51.63%", "无")
    filing = small(form, tmp_path)
    again = filled(filing, to)
    assert tables_of(again) == tables_of(filing)
    texts = {cell.text for grid in again.grids for row in grid.rows for cell in row.cells}
    assert {"——", "约20", "无"} <= texts


@pytest.mark.parametrize("to", FORMATS)
def test_a_blank_that_is_not_shared_is_not_read_as_shared(tmp_path, to):
    rows = (
        ("", "产出指标", "数量指标", "培训人次", "200人次", "210人次", "30", "30", ""),
        ("", "", "数量指标", "培训班次", "5期", "4期", "", "", ""),
    )
    filing = small(SmallForm(indicators=rows), tmp_path)
    assert [i.points_shared_by for i in filing.evaluations[0].indicators] == [1, 1]
    assert tables_of(filled(filing, to)) == tables_of(filing)


def test_a_cell_that_was_not_there_is_not_filled_with_its_neighbour(tmp_path):
    header = (*INDICATOR_HEADER[:7], "复核得分", "偏差原因分析")
    rows = [("", "", "", "", "", "210人次", "7", "6", "")]
    first = ("", "产出指标", "数量指标", "培训人次", "200人次", "210人次", "30", "29", "")
    filing = small(SmallForm(indicator_header=header, indicators=(first, *rows)), tmp_path)
    again = filled(filing, "docx")
    assert [i.score and i.score.value for i in again.evaluations[0].indicators] == [None, None]
    assert tables_of(again) == tables_of(filing)


def test_a_corrected_text_is_filled_in_as_corrected(tmp_path):
    content = Written((SmallForm(),)).content("docx")
    place = small(SmallForm(), tmp_path).evaluations[0].indicators[0]
    at = place.achieved.source.address
    amendment = Amendment(None, at, "210人次", "208人次", "笔误", "审核人", "2023-05-01")
    filing = read_received((Received("form.docx", content),), (amendment,))
    again = filled(filing, "docx")
    assert again.evaluations[0].indicators[0].achieved.text == "208人次"
    lines = [line.text for line in again.lines]
    assert (
        f"注：原件 {at} 填的是 “210人次”，已更正为 “208人次”（笔误；审核人，2023-05-01）" in lines
    )
    assert tables_of(again) == tables_of(filing)


@settings(max_examples=12)
@given(EDITS)
def test_whatever_is_read_is_filled_in_or_refused(edits):
    lines = list(LINES)
    for number, text in edits:
        lines[number] = text
    again = refused = None
    try:
        filing = read_content("\n".join(lines).encode("utf-8", "replace"), "filing.txt")
        again = filled(filing, "xlsx")
    except BadFile as error:
        refused = error.where
    assert refused or (
        again and tables_of(again)["evaluations"] == tables_of(filing)["evaluations"]
    )


# ---------------------------------------------------------------- refused


def test_what_a_sheet_cannot_hold_is_refused_not_cut(tmp_path):
    filing = small(SmallForm().with_indicator(3, reason="长" * 40_000), tmp_path)
    assert filled(filing, "docx").evaluations[0].indicators[3].deviation_reason is not None
    with pytest.raises(BadFile) as refused:
        fill_forms(filing, "xlsx")
    for words in ("form.docx", "学员满意度 偏差原因", "读回成了", "[forms-differ]"):
        assert words in str(refused.value)


def test_a_filing_without_tables_has_nothing_to_fill():
    narrative = "某某局\n2022年度部门整体支出绩效自评报告\n一、基本情况\n单位职责。\n"
    with pytest.raises(BadFile, match="没有可以填的表"):
        fill_forms(read_content(narrative.encode(), "report.txt"), "docx")


# ---------------------------------------------------------------- Word


def test_the_word_document_merges_what_the_filing_shares(sample_filing):
    document = docx.Document(io.BytesIO(fill_forms(sample_filing, "docx")))
    base, department, project = document.tables
    texts = [paragraph.text for paragraph in document.paragraphs if paragraph.text]
    assert texts[:2] == ["益阳市资阳区司法局", "2022年度整体支出绩效自评报告"]
    title = texts.index("2022年度部门整体支出绩效评价基础数据表")
    assert texts[title - 1] == "附件1"
    heading = next(n for n, row in enumerate(department.rows) if "三级指标" in _texts(row))
    points = _texts(department.rows[heading]).index("分值")
    group = [department.rows[heading + n].cells[points]._tc for n in range(1, 5)]
    assert len(set(map(id, group))) == 1
    assert group[0] is not department.rows[heading + 5].cells[points]._tc
    assert _texts(department.rows[-1])[:1] == ["总分"]
    assert _texts(project.rows[0])[::8] == ["项目名称", "社区矫正"]
    assert "　　　　其中：1、运行维护经费" in [row.cells[0].text for row in base.rows]


def test_the_whole_report_is_in_the_document_and_none_of_our_findings(sample_filing):
    document = docx.Document(io.BytesIO(fill_forms(sample_filing, "docx")))
    texts = [paragraph.text for paragraph in document.paragraphs]
    for section in sample_filing.sections:
        assert section.heading.source.text.strip() in texts
    assert texts.index("一、单位基本情况") < texts.index("附件1", texts.index("一、单位基本情况"))
    margins = document.sections[0]
    assert (round(margins.top_margin.mm), round(margins.left_margin.mm)) == (37, 28)
    whole = document.element.body.xpath("string()")
    assert not [word for word in ("重算", "核查发现", "复核意见") if word in whole]


def _texts(row: docx.table._Row) -> list[str]:
    return [cell.text for cell in row.cells]


def test_the_word_document_is_ready_for_a4(sample_filing):
    document = docx.Document(io.BytesIO(fill_forms(sample_filing, "docx")))
    sizes = [(round(s.page_width.mm), round(s.page_height.mm)) for s in document.sections]
    report, form, landscape = (210, 297), (210, 297), (297, 210)
    assert sizes == [report, form, landscape, report, landscape]
    repeated = [
        row.cells[0].text
        for table in document.tables
        for row in table.rows
        if row._tr.trPr is not None and row._tr.trPr.find(qn("w:tblHeader")) is not None
    ]
    assert repeated == ["预算部门", "项目名称", "主管部门"]
    fonts = {f.get(qn("w:eastAsia")) for f in document.element.body.iter(qn("w:rFonts"))}
    assert fonts == {"宋体", "黑体", "楷体", "仿宋"}
    assert not [rel for rel in document.part.package.rels.values() if "thumbnail" in rel.reltype]
    assert document.core_properties.title == "益阳市资阳区司法局2022年度绩效自评表"


# ---------------------------------------------------------------- Excel


@pytest.mark.parametrize("text", ["=1+1", "+3", "-5件", "@SUM(A1)", "=cmd|'/c calc'!A1", "#N/A"])
def test_a_text_of_a_unit_is_never_a_formula(tmp_path, text):
    filing = small(SmallForm().with_indicator(0, name=text), tmp_path)
    cell = cells_in(sheet_of(filing, "附件3"))[text]
    assert (cell.data_type, cell.quotePrefix) == ("s", text[0] != "#")
    with zipfile.ZipFile(io.BytesIO(fill_forms(filing, "xlsx"))) as archive:
        sheets = [archive.read(name) for name in archive.namelist() if "/sheet" in name]
    assert sheets
    assert not any(b"<f>" in sheet or b"<f " in sheet for sheet in sheets)


def test_what_looks_like_an_escape_of_excel_stays(tmp_path):
    filing = small(SmallForm().with_indicator(0, name="指标_x0041_率"), tmp_path)
    assert filled(filing, "xlsx").evaluations[0].indicators[0].name == "指标_x0041_率"


@pytest.mark.parametrize(
    ("filed", "stored", "number_format"),
    [
        ("1008.22", 1008.22, "0.00"),
        ("38", 38, "0"),
        ("0.1", 0.1, "0.0"),
        ("-5", -5, "0"),
        ("21.00", 21, "0.00"),
        ("0.000000001", 1e-9, "0.000000000"),
        ("12345678901234567890", "12345678901234567890", "General"),
        ("3800元", "3800元", "General"),
    ],
)
def test_numbers_are_numbers_where_they_read_back(tmp_path, filed, stored, number_format):
    filing = small(SmallForm().with_budget("1", "2", filed, "10分", "51.63%", "5.16"), tmp_path)
    cells = cells_in(sheet_of(filing, "附件3"))
    assert cells[stored].number_format == number_format
    rate = cells[0.5163]
    assert (rate.data_type, rate.number_format) == ("n", "0.00%")
    assert cells[10].data_type == "n"


def test_the_workbook_is_ready_for_a4(sample_filing):
    book = openpyxl.load_workbook(io.BytesIO(fill_forms(sample_filing, "xlsx")))
    assert book.sheetnames == ["附件1 基础数据表", "附件2 部门自评表", "附件3 社区矫正"]
    for sheet in book:
        assert sheet.page_setup.paperSize == 9
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.fitToWidth == 1
        heading = int(sheet.print_title_rows.strip("$").partition(":")[0].strip("$"))
        assert {"三级指标", "2022年预算数"} & {cell.value for cell in sheet[heading]}
        wrapped = [
            cell.alignment.wrap_text for row in sheet.iter_rows() for cell in row if cell.value
        ]
        assert all(wrapped)
    orientations = [sheet.page_setup.orientation for sheet in book]
    assert orientations == ["portrait", "landscape", "landscape"]


def test_a_long_form_goes_over_several_pages(tmp_path):
    rows = [("", "", "", f"{n}、指标", "1件", "1件", "1", "1", "") for n in range(2, 60)]
    first = ("", "产出指标", "数量指标", "1、指标", "1件", "1件", "1", "1", "")
    sheet = sheet_of(small(SmallForm(indicators=(first, *rows)), tmp_path), "附件3")
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert cells_in(sheet)["数量指标"].alignment.vertical == "top"
    short = sheet_of(small(SmallForm(), tmp_path), "附件3")
    assert (short.page_setup.fitToWidth, short.page_setup.fitToHeight) == (1, 1)


def test_project_names_make_sheet_names(tmp_path):
    form = SmallForm(name="水利[一期]/维修:'经费'" + "长" * 40)
    filing = read_form(tmp_path, form, form, ending="docx")
    book = openpyxl.load_workbook(io.BytesIO(fill_forms(filing, "xlsx")))
    assert len(book.sheetnames) == 2
    assert all(len(name) <= 31 for name in book.sheetnames)
    assert tables_of(filled(filing, "xlsx")) == tables_of(filing)


# ---------------------------------------------------------------- the same bytes


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A copy of this repository's params and data, and the current folder."""
    for name in ("params", "data"):
        shutil.copytree(ROOT / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    return Workspace(tmp_path)


MAKE = """
import hashlib, sys
from pathlib import Path
from jixiao.importers import read_document
from jixiao.publish.forms import FORMATS, fill_forms
filing = read_document(Path(sys.argv[1]))
for to in FORMATS:
    print(hashlib.sha256(fill_forms(filing, to)).hexdigest())
"""


def test_two_processes_write_the_same_bytes(sample_filing):
    def digests(seed: str, zone: str) -> list[str]:
        done = subprocess.run(
            [sys.executable, "-c", MAKE, str(SAMPLE)],
            env=os.environ | {"PYTHONHASHSEED": seed, "TZ": zone},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.split()

    first = digests("1", "UTC")
    assert first == digests("4242", "Asia/Shanghai")
    assert first == [hashlib.sha256(fill_forms(sample_filing, to)).hexdigest() for to in FORMATS]


@pytest.mark.parametrize("to", FORMATS)
def test_a_form_carries_no_clock(sample_filing, to):
    with zipfile.ZipFile(io.BytesIO(fill_forms(sample_filing, to))) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.namelist()[0] == "[Content_Types].xml"
        properties = archive.read("docProps/core.xml")
    assert b"dcterms:created" not in properties
    assert b"dcterms:modified" not in properties


# ---------------------------------------------------------------- the command


def test_forms_are_written_once_and_again_by_force(workspace, capsys):
    command = ["forms", "ziyang-justice", "2022", "--to"]
    for to in FORMATS:
        assert run([*command, to]) == 0
        assert capsys.readouterr().out == (
            f"已填 3 张表，读回核对一致：ziyang-justice-2022-forms.{to}\n"
        )
    path = workspace.root / "ziyang-justice-2022-forms.docx"
    written = path.read_bytes()
    assert (
        tables_of(read_document(path))["base_data"] == tables_of(read_document(SAMPLE))["base_data"]
    )
    assert run([*command, "docx"]) == 1
    assert "[output-exists]" in capsys.readouterr().err
    path.write_bytes(b"")
    assert run([*command, "docx", "--force"]) == 0
    assert path.read_bytes() == written
    assert run([*command, "xlsx", "-o", "表/新.xlsx"]) == 0
    assert (workspace.root / "表" / "新.xlsx").is_file()


def test_the_forms_hold_the_corrections_of_a_unit(workspace, capsys):
    path = workspace.unit_file("ziyang-justice", 2022)
    correction = (
        'corrections:\n  - {at: 附件1 第4行第3列, expect: "969.65", value: "969.56", '
        'reason: 单位来函, by: 张某某, "on": 2023-05-04}'
    )
    path.write_text(path.read_text("utf-8").replace("corrections: []", correction), "utf-8")
    assert run(["forms", "ziyang-justice", "2022", "--to", "xlsx"]) == 0
    found = read_document(workspace.root / "ziyang-justice-2022-forms.xlsx")
    assert str(found.base_data.expenditure[0].budget.value) == "969.56"
    notes = [line.text for line in found.lines if line.text.startswith("注：")]
    assert len(notes) == 1
    assert "填的是 “969.65”，已更正为 “969.56”（单位来函；张某某，2023-05-04）" in notes[0]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("forms ziyang-justice 2022", "缺少选项 --to"),
        ("forms ziyang-justice 2022 --to pdf", "docx、xlsx"),
        ("forms ziyang-justice 2022 --to docx -o a.xlsx", "以 .docx 结尾"),
        ("forms nobody 2022 --to docx", "[unknown-unit]"),
        ("forms ziyang-justice 2021 --to docx", "2022"),
        ("forms --blank --to docx", "--blank"),
    ],
)
def test_what_is_unknown_gives_2_and_writes_nothing(workspace, capsys, line, expected):
    assert run(line.split()) == 2
    assert expected in capsys.readouterr().err
    assert not list(workspace.root.glob("*.docx")) + list(workspace.root.glob("*.xlsx"))
