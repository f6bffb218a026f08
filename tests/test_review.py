"""What a reviewer sends (问题清单、复核意见), and the decisions that come back."""

import io
import shutil
from pathlib import Path

import docx
import pytest
from openpyxl import load_workbook

from jixiao.cli import run
from jixiao.importers.opening import open_filing
from jixiao.workspace.places import Workspace
from jixiao.workspace.units import load_unit_year

REPOSITORY = Path(__file__).parent.parent
UNIT, YEAR = "ziyang-justice", 2022
FILLED = {"决定": "已说明", "理由": "单位来函说明", "复核人": "张某某", "日期": "2023-05-04"}


@pytest.fixture
def place(tmp_path, monkeypatch):
    for name in ("params", "data", "notebooks"):
        shutil.copytree(REPOSITORY / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    return Workspace(tmp_path)


def exported(path="list.xlsx"):
    assert run(["findings", UNIT, str(YEAR), "--to", "xlsx", "-o", path, "--force"]) == 0
    return load_workbook(path)


def columns_of(book):
    return {cell.value: place for place, cell in enumerate(book.active[1], start=1)}


def fill(book, row, **texts):
    columns = columns_of(book)
    for name, text in texts.items():
        book.active.cell(row, columns[name]).value = text


def test_the_list_has_a_row_for_each_finding_and_a_choice_of_decisions(place, capsys):
    book = exported()
    sheet, columns = book.active, columns_of(book)
    assert run(["findings", UNIT, str(YEAR)]) == 0
    told = capsys.readouterr().out.splitlines()
    assert f"发现 {sheet.max_row - 1} 项，已决定 0 项" in told[-1]
    assert sheet.freeze_panes == "C2"
    assert sheet.auto_filter.ref.endswith(str(sheet.max_row))
    (offered,) = sheet.data_validations.dataValidation
    heights = [sheet.row_dimensions[row].height for row in range(2, sheet.max_row + 1)]
    assert min(heights) < max(heights) <= 409
    assert offered.formula1 == '"确认,已说明,不成立"'
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    points = next(row for row in rows if row[columns["编号"] - 1] == "A-02")
    assert points[columns["自评"] - 1] == "department"
    assert "110" in points[columns["所填"] - 1]
    assert "附件2" in points[columns["出处"] - 1]
    assert all(cell.data_type in "sn" for row in sheet.iter_rows(min_row=2) for cell in row)
    text = " ".join(str(value) for row in rows for value in row)
    assert "138****8000" in text
    assert "13800138000" not in text


def test_the_same_findings_give_the_same_bytes(place):
    exported("a.xlsx"), exported("b.xlsx")
    assert Path("a.xlsx").read_bytes() == Path("b.xlsx").read_bytes()


def test_decisions_filled_in_are_read_back(place, capsys):
    book = exported()
    fill(book, 2, **FILLED)
    fill(book, 4, **(FILLED | {"决定": "不成立", "日期": "2023年5月4日"}))
    book.save("list.xlsx")
    assert run(["findings", "--from", "list.xlsx"]) == 0
    assert "读回 2 项决定，改写了 1 份 YAML" in capsys.readouterr().out
    unit_year = load_unit_year(place, UNIT, YEAR)
    assert [(d.verdict, d.on) for d in unit_year.decisions] == [
        ("explained", "2023-05-04"),
        ("dismissed", "2023-05-04"),
    ]
    assert run(["findings", "--from", "list.xlsx"]) == 0
    assert "2 项决定都已登记，没有改动" in capsys.readouterr().out
    again = exported("again.xlsx")
    assert again.active.cell(2, columns_of(again)["决定"]).value == "已说明"
    assert run(["findings", UNIT, str(YEAR)]) == 0
    assert "已决定 2 项" in capsys.readouterr().out


def test_another_decision_takes_the_place_of_the_first(place):
    book = exported()
    fill(book, 2, **FILLED)
    book.save("list.xlsx")
    run(["findings", "--from", "list.xlsx"])
    fill(book, 2, **(FILLED | {"决定": "确认"}))
    fill(book, 3, **FILLED)
    book.save("list.xlsx")
    run(["findings", "--from", "list.xlsx"])
    unit_year = load_unit_year(place, UNIT, YEAR)
    assert [d.verdict for d in unit_year.decisions] == ["confirmed", "explained"]
    assert open_filing(UNIT, YEAR, place).decisions == unit_year.decisions


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"决定": "同意"}, "第2行：决定是 “同意”，应为确认、已说明、不成立"),
        ({"理由": None}, "第2行：理由没有填"),
        ({"复核人": None}, "第2行：复核人没有填"),
        ({"日期": "昨天"}, "第2行：日期是 “昨天”"),
        ({"日期": "2023-02-30"}, "第2行：日期是 “2023-02-30”"),
        ({"指纹": "0" * 12}, "与现在的核查发现对不上：第2行"),
        ({"单位编号": None}, "单位编号被删去了"),
    ],
)
def test_a_row_that_cannot_be_taken_is_named_and_nothing_is_written(place, capsys, changed, words):
    before = place.unit_file(UNIT, YEAR).read_bytes()
    book = exported()
    fill(book, 2, **(FILLED | changed))
    fill(book, 3, **FILLED)
    book.save("list.xlsx")
    assert run(["findings", "--from", "list.xlsx"]) == 1
    said = capsys.readouterr().err
    assert words in said
    assert "没有写入任何决定" in said
    assert place.unit_file(UNIT, YEAR).read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04broken"])
def test_what_is_no_list_is_refused(place, capsys, content):
    Path("x.xlsx").write_bytes(content)
    assert run(["findings", "--from", "x.xlsx"]) == 1
    assert "x.xlsx" in capsys.readouterr().err


def test_a_plan_lists_every_unit_of_it(place, capsys):
    plan = place.params / "batches/one.yaml"
    plan.write_text(f"units: [{UNIT}]\nyears: [{YEAR}]\nnotebooks: [department_evaluation]\n")
    assert run(["findings", str(plan), "--to", "xlsx"]) == 0
    assert Path("one-findings.xlsx").is_file()
    assert run(["findings", str(plan), "--to", "xlsx"]) == 1
    assert "没有覆盖" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        ([], 2, "缺少单位编号与年度"),
        (["nobody", "2022"], 2, "nobody"),
        (["ziyang-justice"], 2, "缺少年度"),
        (["ziyang-justice", "2022", "--to", "pdf"], 2, "xlsx"),
        (["--from", "gone.xlsx"], 1, "读不到文件"),
    ],
)
def test_a_wrong_call_says_what_was_expected(place, capsys, arguments, status, words):
    assert run(["findings", *arguments]) == status
    assert words in capsys.readouterr().err


def letter_texts():
    assert run(["letter", UNIT, str(YEAR), "-o", "letter.docx", "--force"]) == 0
    content = Path("letter.docx").read_bytes()
    document = docx.Document(io.BytesIO(content))
    cells = [[cell.text for cell in row.cells] for row in document.tables[1].rows]
    return content, [p.text for p in document.paragraphs], cells


def test_the_letter_asks_about_open_and_confirmed_findings(place):
    first, paragraphs, rows = letter_texts()
    assert "绩效自评复核意见" in paragraphs
    assert rows[0] == ["序号", "编号", "问题", "出处", "依据", "请单位办理", "单位答复"]
    causes = [row for row in rows[1:] if "." not in row[0]]
    severities = [row[1].split("\n")[1] for row in causes]
    assert severities == sorted(severities, key="高中低".index)
    assert all(row[6] == "" and row[3] and row[5] for row in rows[1:])
    again, *_ = letter_texts()
    assert first == again
    book = exported()
    columns = columns_of(book)
    check = book.active.cell(2, columns["编号"]).value
    fill(book, 2, **FILLED)
    fill(book, 3, **(FILLED | {"决定": "确认"}))
    book.save("list.xlsx")
    assert run(["findings", "--from", "list.xlsx"]) == 0
    _, _, fewer = letter_texts()
    assert len(fewer) == len(rows) - 1
    assert sum(row[1].startswith(check) for row in fewer) == (
        sum(row[1].startswith(check) for row in rows) - 1
    )
    assert sum("复核已确认：单位来函说明" in row[5] for row in fewer) == 1


def test_in_the_letter_only_a_cause_asks(place):
    _, paragraphs, rows = letter_texts()
    at = next(i for i, row in enumerate(rows) if row[1].startswith("A-02"))
    number = rows[at][0]
    below = [row for row in rows if row[0].startswith(f"{number}.")]
    assert rows[at + 1 : at + 1 + len(below)] == below
    assert [row[1].split("\n")[0] for row in below] == ["A-01", "A-04"]
    assert all(row[5] == f"由第 {number} 项引起，随该项一并更正，不必另行答复。" for row in below)
    assert rows[at][5].startswith("请调整各行分值，使合计等于规定的总分")
    assert rows[at][5].endswith("如认为无误，请书面说明并附佐证。")
    asked = {row[1].split("\n")[0]: row[5] for row in rows[1:] if "." not in row[0]}
    assert len(set(asked.values())) == len(asked)
    assert asked["E-06"] == "请理顺标题序号。"
    causes = sum(row[0].isdigit() for row in rows)
    told = f"共 {causes} 项"
    also = f"另有 {len(rows) - 1 - causes} 项由其引起"
    assert any(told in text and also in text for text in paragraphs)


def test_the_list_names_the_cause_of_a_consequence(place, capsys):
    book = exported()
    columns = columns_of(book)
    rows = list(book.active.iter_rows(min_row=2, values_only=True))
    total = next(row for row in rows if row[columns["编号"] - 1] == "A-01")
    points = next(row for row in rows if row[columns["编号"] - 1] == "A-02")
    assert points[columns["起因"] - 1] is None
    assert points[columns["指纹"] - 1] in total[columns["起因"] - 1]
    assert total[columns["起因"] - 1].startswith("A-02（部门整体，")
    assert run(["findings", UNIT, str(YEAR)]) == 0
    assert f"由 A-02 {points[columns['指纹'] - 1]} 引起" in capsys.readouterr().out


def test_the_letter_shows_scores_and_no_private_data(place):
    _, paragraphs, rows = letter_texts()
    document = docx.Document("letter.docx")
    scores = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert scores[1][:6] == ["部门整体", "110", "100", "110", "110", "100（优）"]
    text = "\n".join([*paragraphs, *(cell for row in rows for cell in row)])
    assert "13800138000" not in text
