"""Corrections (更正): which cell they mean, what stands beside them, and what they cannot be."""

import json
import re
import shutil
from functools import cache
from pathlib import Path

import pytest
from tests.build import build_page, build_sheet, build_word, pieces_of

from jixiao.audit import judge
from jixiao.datum import Correction, Source, sources_of, working_as_json
from jixiao.errors import BadFile
from jixiao.importers import reading_as_json
from jixiao.importers.documents import Received, read_received
from jixiao.importers.opening import open_filing
from jixiao.model import Amendment
from jixiao.rubric import open_checklist, open_rubrics
from jixiao.tables import list_appendix, result_as_json, table_corrections
from jixiao.workspace.places import Workspace

REPOSITORY = Path(__file__).parent.parent
TEXT = (REPOSITORY / "tests/data/ziyang-justice-2022.txt").read_text("utf-8")
SAMPLE = Received("filing.txt", TEXT.encode())


def amendment(at, expect, value, document=None):
    return Amendment(document, at, expect, value, "单位来函更正", "张某某", "2023-05-04")


@cache
def read(*amendments, received=SAMPLE):
    return read_received((received,), amendments)


def address_of(filing, text):
    cells = [cell for grid in filing.grids for row in grid.rows for cell in row.cells]
    return next(cell for cell in cells if cell.text.strip() == text)


def test_a_corrected_amount_stands_in_the_filing_and_keeps_what_was_filed():
    cell = address_of(read(), "969.65")
    filing = read(amendment(cell.address, "969.65", "969.56"))
    row = filing.base_data.row("支出总额")
    assert (str(row.budget.value), row.budget.unit) == ("969.56", "万元")
    origin = row.budget.origin
    assert isinstance(origin, Correction)
    assert (str(origin.original.value), origin.original.origin) == ("969.65", cell)
    assert (origin.reason, origin.by, origin.on) == ("单位来函更正", "张某某", "2023-05-04")
    assert working_as_json(row.budget)["correction"]["original"]["source"]["text"] == cell.text
    assert sources_of(row.budget) == (cell,)


def test_a_corrected_text_keeps_the_characters_as_found():
    before = read().evaluation("department").indicators[0]
    filing = read(amendment(before.target.source.address, before.target.text, "≥60件"))
    after = filing.evaluation("department").indicators[0]
    assert (after.target.text, after.target.source) == ("≥60件", before.target.source)
    assert isinstance(after.target.datum("年度指标值").origin, Correction)
    assert after.achieved.amendment is None


def test_a_correction_changes_nothing_else():
    cell = address_of(read(), "969.65")
    plain = reading_as_json(read())
    amended = reading_as_json(read(amendment(cell.address, "969.65", "969.56")))
    assert amended.pop("corrections") == [
        {
            "source": plain["base_data"]["expenditure"][0]["source"]
            | {"row": cell.row, "column": cell.column, "line": cell.line, "text": cell.text},
            "value": "969.56",
            "reason": "单位来函更正",
            "by": "张某某",
            "on": "2023-05-04",
        }
    ]
    assert amended["base_data"]["expenditure"][0].pop("budget") == "969.56"
    assert plain["base_data"]["expenditure"][0].pop("budget") == "969.65"
    assert plain.pop("corrections") == []
    assert amended == plain


def test_a_corrected_heading_is_understood():
    odd = Received("filing.txt", re.sub(r"年度\s*指标值", "甲乙丙", TEXT).encode())
    before = read(received=odd)
    assert before.evaluation("department").indicators[0].target.text == ""
    corrected = [
        amendment(source.address, "甲乙丙", "年度指标值")
        for source in (c for g in before.grids for r in g.rows for c in r.cells)
        if source.text.strip() == "甲乙丙"
    ]
    assert corrected
    after = read(*corrected, received=odd)
    assert [i.target.text for i in after.evaluation("department").indicators] == [
        i.target.text for i in read().evaluation("department").indicators
    ]
    assert len(after.amended) == len(corrected)


def test_an_emptied_cell_is_absent():
    cell = address_of(read(), "969.65")
    filing = read(amendment(cell.address, "969.65", ""))
    budget = filing.base_data.row("支出总额").budget
    assert budget.value is None
    assert isinstance(budget.origin, Correction)


def test_a_line_of_the_narrative_is_corrected_by_its_number():
    line = next(line for line in read().lines if "2022年度" in line.text and line.table is None)
    filing = read(amendment(f"原文第{line.line}行", line.text, "改过的一行"))
    texts = [p.text for section in filing.sections for p in section.paragraphs]
    assert "改过的一行" in texts or filing.amended[0].source == line
    assert line in filing.lines


@pytest.mark.parametrize("build", [build_word, build_sheet, build_page])
def test_a_cell_of_an_office_document_is_corrected(build):
    received = Received("filing", build(pieces_of(read())))
    cell = address_of(read(received=received), "969.65")
    assert isinstance(cell, Source)
    filing = read(amendment(cell.address, "969.65", "969.56"), received=received)
    assert str(filing.base_data.row("支出总额").budget.value) == "969.56"
    assert filing.amended[0].source == cell


FORESTRY = "14-linxiang-forestry-2023.txt"
IN_LINES = Received(FORESTRY, (REPOSITORY / "tests/data/filings" / FORESTRY).read_bytes())


def test_of_several_cells_on_one_line_only_the_one_meant_is_corrected():
    before = read(received=IN_LINES).evaluations[0].indicators
    row = next(i for i in before if i.indicator.text == "钢结构圈养围栏")
    assert {row.points.origin.line, row.score.origin.line} == {row.source.line}
    assert row.points.origin.text.strip() == row.score.origin.text.strip() == "10"
    score = amendment(row.score.origin.address, "10", "8")
    filing = read(score, received=IN_LINES)
    after = filing.evaluations[0].indicators
    assert [i.indicator for i in after] == [i.indicator for i in before]
    changed = [i for i, was in zip(after, before, strict=True) if i != was]
    assert [(str(i.points.value), str(i.score.value)) for i in changed] == [("10", "8")]
    assert changed[0].target == row.target
    assert changed[0].score.origin.original == row.score


def test_a_cell_that_the_text_does_not_have_cannot_be_corrected():
    second = read(received=IN_LINES).grids[0].rows[9].cells
    assert [cell.text for cell in second[1:4]] == ["", "数量指标", "钢结构圈养围栏"]
    with pytest.raises(BadFile, match=r"不是单独的一格.*原文第\d+行.*\[correction-part\]"):
        read(amendment(second[1].address, "", "产出指标"), received=IN_LINES)


@pytest.mark.parametrize(
    ("at", "expect", "value", "words"),
    [
        ("附件9 第3行第5列", "1", "2", r"附件9 第3行第5列.*没有这个单元格.*\[correction-address\]"),
        ("附件1", "969.65", "2", r"没有这个单元格。应为例如：附件.*\[correction-address\]"),
        (
            "原文第2行",
            "不是这句",
            "2",
            r"现在的文字是 “.+”，不是 “不是这句”.*\[correction-expect\]",
        ),
    ],
)
def test_a_correction_that_matches_nothing_is_an_error(at, expect, value, words):
    with pytest.raises(BadFile, match=words) as raised:
        read(amendment(at, expect, value))
    assert "请核对原件" in str(raised.value)


def test_one_cell_is_corrected_once():
    cell = address_of(read(), "969.65")
    twice = amendment(cell.address, "969.65", "1"), amendment(cell.address, "969.65", "2")
    with pytest.raises(BadFile, match=r"更正了两次.*\[correction-twice\]"):
        read(*twice)


# ---------------------------------------------------------------- in a workspace


@pytest.fixture
def workspace(tmp_path):
    for folder in ("params", "data"):
        shutil.copytree(REPOSITORY / folder, tmp_path / folder)
    return Workspace(tmp_path)


def correct(workspace, entry):
    path = workspace.unit_file("ziyang-justice", 2022)
    path.write_text(path.read_text("utf-8").replace("corrections: []", f"corrections:\n{entry}"))


def test_the_units_yaml_corrects_its_filing(workspace):
    cell = address_of(open_filing("ziyang-justice", 2022, workspace), "969.65")
    correct(
        workspace,
        f"  - {{at: {cell.address}, expect: '969.65', value: '969.56', "
        "reason: 单位来函, by: 张某某, on: '2023-05-04'}\n",
    )
    filing = open_filing("ziyang-justice", 2022, workspace)
    assert str(filing.base_data.row("支出总额").budget.value) == "969.56"


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ("  - {at: x, expect: a, value: b, reason: r, by: y}\n", r"缺少键 on"),
        (
            "  - {at: x, expect: a, value: b, reason: r, by: y, on: 昨天}\n",
            r"on 是 “昨天”.*2023-05-04.*\[correction-date\]",
        ),
        (
            "  - {at: x, expect: 1, value: 1, reason: r, by: y, on: 2023-05-04}\n",
            r"没有更正什么.*\[correction-nothing\]",
        ),
        (
            "  - {at: 附件1 第99行第1列, expect: a, value: b, reason: r, by: y, on: 2023-05-04}\n",
            r"附件1 第99行第1列.*没有这个单元格.*\[correction-address\]",
        ),
        ("  - {at: x, expct: a}\n", r"不认识的键 “expct”"),
    ],
)
def test_a_mistaken_correction_has_an_address(workspace, entry, words):
    correct(workspace, entry)
    with pytest.raises(BadFile, match=words):
        open_filing("ziyang-justice", 2022, workspace)


def test_a_report_shows_a_correction_next_to_the_original(workspace):
    cell = address_of(open_filing("ziyang-justice", 2022, workspace), "969.65")
    correct(
        workspace,
        f"  - {{at: {cell.address}, expect: '969.65', value: '969.56', "
        "reason: 单位来函, by: 张某某, on: '2023-05-04'}\n",
    )
    filing = open_filing("ziyang-justice", 2022, workspace)
    checklist = open_checklist(workspace)
    rubrics = open_rubrics("ziyang-justice", 2022, "", workspace)
    judgement = judge(filing, "department", rubrics, checklist, None)
    table = json.dumps(table_corrections(judgement).block.as_json(), ensure_ascii=False)
    for words in (cell.address, "969.65", "969.56", "单位来函", "2023-05-04"):
        assert words in table
    appendix = json.dumps(list_appendix(judgement).block.as_json(), ensure_ascii=False)
    assert f'"id": "{cell.anchor}"' in appendix
    assert "　→ 969.56〔更正〕" in appendix
    result = result_as_json(judgement, "ziyang-justice", "internal")
    assert [entry["value"] for entry in result["corrections"]] == ["969.56"]
