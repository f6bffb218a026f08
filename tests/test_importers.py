"""The sample filing read cell by cell, then mutated, cut, re-encoded: nothing invented, no crash."""

import json
import random
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from jixiao.errors import BadFile
from jixiao.importers import mask_private, name_projects, read_document, reading_as_json
from jixiao.model import Filing

SAMPLE = Path(__file__).parent / "data" / "ziyang-justice-2022.txt"
TRUTH = Path(__file__).parent / "cases" / "ziyang-justice-2022" / "reading.yaml"
TEXT = SAMPLE.read_text("utf-8")
LINES = TEXT.split("\n")


@pytest.fixture(scope="module")
def filing() -> Filing:
    return read_document(SAMPLE)


@pytest.fixture(scope="module")
def reading(filing: Filing) -> Any:
    return reading_as_json(filing)


def read_text(folder: Path, text: str | bytes) -> Filing:
    path = folder / "filing.txt"
    path.write_bytes(text.encode("utf-8") if isinstance(text, str) else text)
    return read_document(path)


def lines_of(first: int, last: int) -> str:
    """Lines of the sample, counted from 1, both ends included."""
    return "\n".join(LINES[first - 1 : last]) + "\n"


def values(found: Any) -> Any:
    """A reading without addresses, so that inserted blank lines do not matter."""
    if isinstance(found, dict):
        return {
            k: values(v) for k, v in found.items() if k not in ("source", "document", "documents")
        }
    return [values(item) for item in found] if isinstance(found, list) else found


# --- the sample, against what a careful reader wrote down by hand ---


def differences(expected: Any, found: Any, place: str) -> list[str]:
    if isinstance(expected, dict):
        found = found | {"line": found["source"]["line"]} if "source" in found else found
        if "text_starts" in expected:
            found = found | {"text_starts": found["text"][:12] or None}
        return [
            d for k, v in expected.items() for d in differences(v, found.get(k), f"{place}.{k}")
        ]
    if isinstance(expected, list):
        if len(expected) != len(found):
            return [f"{place}: {len(expected)} ≠ {len(found)}"]
        pairs = enumerate(zip(expected, found, strict=True))
        return [d for i, (e, f) in pairs for d in differences(e, f, f"{place}[{i}]")]
    if expected == found or is_same_number(expected, found):
        return []
    return [f"{place}: {expected!r} ≠ {found!r}"]


def is_same_number(expected: Any, found: Any) -> bool:
    try:
        return Decimal(expected) == Decimal(found)
    except (ArithmeticError, TypeError, ValueError):
        return False


def test_the_sample_is_read_as_a_careful_reader_reads_it(reading: Any) -> None:
    truth = yaml.safe_load(TRUTH.read_text("utf-8"))
    statements = truth.pop("statements")
    assert differences(truth, reading, "") == []
    found = {(s["source"]["line"], s["label"]): s for s in reading["statements"]}
    for statement in statements:
        read = found[statement["line"], statement["label"]]
        assert is_same_number(statement["value"], read["value"]), statement
        # The filing writes 结余18.38万 and the unit is kept as written; the reader supplied 元.
        assert read["unit"] in (statement["unit"], statement["unit"].removesuffix("元"))


def test_addresses_name_the_cell(filing: Filing) -> None:
    department, project = filing.evaluations
    assert department.budget is not None
    source = department.budget.actual_expenditure.origin
    assert (source.part, source.table, source.row, source.column) == ("附件2", 2, 3, 5)
    first = department.indicators[0]
    assert (first.source.row, first.source.column, first.source.line) == (12, 4, 281)
    assert first.source.text == "\t1、受理行政复议案件"
    assert first.points is not None
    assert first.points.origin.text == "\t\n15"
    assert project.indicators[0].source.part == "社区矫正 附件"
    assert {s.heading.source.part for s in filing.sections} == {"正文", "社区矫正 正文"}
    assert [grid.number for grid in filing.grids] == [1, 2, 3]
    assert len(filing.lines) == 854
    assert filing.lines[280].text == "\t1、受理行政复议案件"


def test_datums_carry_labels_and_units(filing: Filing) -> None:
    base = filing.base_data
    assert base is not None
    row = base.row("公用经费")
    assert row is not None
    assert (row.outturn.label, row.outturn.unit) == ("公用经费 2022年决算数", "万元")
    assert base.staff is not None
    assert base.staff.authorized_posts.text == "56人"
    assert base.buildings is not None
    assert base.buildings.year.text == "2021年"
    assert base.buildings.approved_floor_area.unit == "㎡"
    shared = filing.evaluations[1].indicators[8]
    assert shared.points is not None
    assert shared.points.text == "10分"
    assert shared.category_points is not None
    assert shared.category_points.origin.line == 618


def test_a_figure_has_its_subject(filing: Filing) -> None:
    found = {(s.datum.origin.line, s.label): s.datum for s in filing.statements}
    assert found[40, "接收社区矫正对象"].text == "164名"
    assert found[40, "安置帮教对象"].text == "1351人"
    assert found[45, "全区调解组织共排查出矛盾纠纷"].value is None
    assert found[497, "排查出重点社区正对象"].origin.text.startswith("（一）开展重点人员")
    assert found[517, "城市居民满意度"].text == "95%"
    assert found[511, "结余"].text == "18.38万"


# --- privacy ---


def test_the_footer_is_masked_unless_raw(filing: Filing, reading: Any) -> None:
    raw = reading_as_json(filing, raw=True)
    assert raw["footer"]["preparer"] == "张某某"
    assert raw["footer"]["telephone"] == "13800138000"
    text = json.dumps(reading, ensure_ascii=False)
    assert "张某某" not in text
    assert "13800138000" not in text
    assert mask_private(LINES[203]).startswith(
        "填表人：张**  填报日期： 2023.4.25 联系电话：138****8000"
    )


def test_private_data_in_running_text_is_masked(tmp_path: Path) -> None:
    text = TEXT.replace("无其他需要说明的情况。", "联系人：李某某，电话１３９-0013 9000。")
    found = json.dumps(reading_as_json(read_text(tmp_path, text)), ensure_ascii=False)
    assert "李**" in found
    assert "９-0013" not in found


# --- projects and their ids ---


def test_projects_get_their_ids(filing: Filing) -> None:
    named = name_projects(filing, {"社区矫正": "community-correction"})
    assert [e.key for e in named.evaluations] == ["department", "community-correction"]
    keys = {s.evaluation for s in named.sections} | {s.evaluation for s in named.statements}
    assert keys == {"department", "community-correction"}


@pytest.mark.parametrize(
    ("names", "code"),
    [
        ({"普法宣传": "publicity"}, "project-not-in-filing"),
        ({"社区矫正": "department"}, "project-id-twice"),
    ],
)
def test_a_wrong_project_list_is_an_error(filing: Filing, names: dict[str, str], code: str) -> None:
    with pytest.raises(BadFile) as caught:
        name_projects(filing, names)
    assert caught.value.code == code
    assert "社区矫正" in str(caught.value) or "department" in str(caught.value)


# --- encodings and files that are no text ---


@pytest.mark.parametrize(
    "encoding", ["utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-be", "utf-32"]
)
def test_every_encoding_gives_the_same_reading(tmp_path: Path, reading: Any, encoding: str) -> None:
    text = TEXT
    content = text.encode(encoding, "ignore")
    if encoding == "utf-16-be":
        content = b"\xfe\xff" + content
    found = reading_as_json(read_text(tmp_path, content))
    assert values(found) == values(reading)


def test_line_ends_do_not_matter(tmp_path: Path, reading: Any) -> None:
    found = reading_as_json(read_text(tmp_path, TEXT.replace("\n", "\r\n")))
    assert values(found) == values(reading)


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (b"", "empty-file", "空的"),
        (b" \r\n\n", "empty-file", "空的"),
        (b"PK\x03\x04....word/document.xml", "broken-archive", "文件损坏"),
        (b"%PDF-1.7 ...", "unsupported-format", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", "unsupported-format", "另存为 .docx"),
        (b"<!DOCTYPE html><table>", "unknown-form", "认不出"),
        (b"<?xml version='1.0'?><a/>", "unsupported-format", "XML"),
        (b"ab\0cd", "not-text", "NUL"),
        (TEXT.encode("utf-16-le"), "not-text", "BOM"),
        (TEXT.encode("big5", "ignore"), "encoding", "UTF-8 或 GB18030"),
        (TEXT.encode()[:3000] + b"\xff\xfe\xfd" + TEXT.encode()[3000:], "encoding", "第"),
        ("今天天气很好。".encode(), "unknown-form", "今天天气很好"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(
    tmp_path: Path, content: bytes, code: str, words: str
) -> None:
    with pytest.raises(BadFile) as caught:
        read_text(tmp_path, content)
    assert caught.value.code == code
    assert words in str(caught.value)
    assert caught.value.expected


@pytest.mark.parametrize(("name", "code"), [("none.txt", "no-such-file"), (".", "is-a-folder")])
def test_a_path_that_is_no_file(tmp_path: Path, name: str, code: str) -> None:
    with pytest.raises(BadFile) as caught:
        read_document(tmp_path / name)
    assert caught.value.code == code


def test_the_name_in_addresses_can_be_given(tmp_path: Path) -> None:
    path = tmp_path / "某局.txt"
    path.write_text(TEXT, "utf-8")
    found = read_document(path, file="data/filings/a/2022/report.txt")
    assert found.document.file == "data/filings/a/2022/report.txt"
    assert {line.document for line in found.lines} == {found.document.file}


# --- layout: blank lines are hints, words decide ---


@pytest.mark.parametrize("share", [0.02, 0.2, 1.0])
def test_blank_lines_inside_cells_change_nothing(
    tmp_path: Path, reading: Any, share: float
) -> None:
    chance = random.Random(7)
    for _ in range(4):
        lines = []
        for line in LINES:
            lines.append(line)
            if line.startswith("\t") and chance.random() < share:
                lines.append(chance.choice(["", "　", "  "]))
        assert values(reading_as_json(read_text(tmp_path, "\n".join(lines)))) == values(reading)


def test_rows_are_found_without_any_blank_line(tmp_path: Path, reading: Any) -> None:
    kept = [line for n, line in enumerate(LINES) if n < 63 or line.startswith("\t") or line.strip()]
    assert values(reading_as_json(read_text(tmp_path, "\n".join(kept)))) == values(reading)


PARTS = {
    "annex 1 missing": (lines_of(1, 62) + lines_of(205, 854), ["department", "project-1"], 19),
    "only the score table": (lines_of(205, 490), ["department"], 19),
    "a table without a title": (lines_of(207, 490), ["department"], 19),
    "only the project": (lines_of(491, 854), ["project-1"], 20),
    "two projects": (
        TEXT + "\n" + lines_of(491, 854).replace("社区矫正", "普法宣传"),
        ["department", "project-1", "project-2"],
        19,
    ),
    "two tables without a word between": (
        TEXT + "\n" + lines_of(532, 854).replace("社区矫正", "普法宣传"),
        ["department", "project-1", "project-2"],
        19,
    ),
    "annexes first": (
        lines_of(63, 490) + lines_of(1, 62) + lines_of(491, 854),
        ["department", "project-1"],
        19,
    ),
    "no explanation, no footer, no title between": (
        lines_of(1, 199) + lines_of(207, 854),
        ["department", "project-1"],
        19,
    ),
    "other header words": (
        TEXT.replace("实际完成值", "全年实际值")
        .replace("\t年度\n指标值", "\t年初目标值\n(A)")
        .replace("\t分值\n\t得分\n\t偏差", "\t权重\n\t自评得分\n\t偏差"),
        ["department", "project-1"],
        19,
    ),
}


@pytest.mark.parametrize("name", PARTS)
def test_neighbouring_filings_are_read_too(tmp_path: Path, name: str) -> None:
    text, keys, indicators = PARTS[name]
    found = read_text(tmp_path, text)
    assert [e.key for e in found.evaluations] == keys
    assert len(found.evaluations[0].indicators) == indicators
    assert all(e.claimed_total and e.budget for e in found.evaluations)
    assert found.unit == "益阳市资阳区司法局"
    untitled = ["year-missing"] if name == "a table without a title" else []
    assert [problem.code for problem in found.problems] == untitled


def test_money_in_yuan_keeps_its_unit(tmp_path: Path) -> None:
    found = read_text(tmp_path, TEXT.replace("（万元）", "（元）"))
    assert {e.money_unit for e in found.evaluations} == {"元"}
    assert found.base_data is not None
    assert found.base_data.expenditure[0].outturn.unit == "元"


def test_an_amount_that_looks_like_a_month_is_an_amount(tmp_path: Path) -> None:
    found = read_text(tmp_path, TEXT.replace("\t969.65", "\t2023.4"))
    assert found.evaluations[0].budget is not None
    assert found.evaluations[0].budget.original_budget.text == "2023.4万元"
    assert found.problems == ()


def test_blank_points_of_a_new_group_are_missing_not_merged(tmp_path: Path) -> None:
    text = TEXT.replace("\t改善\n\t5\n\n\t5\n", "\t改善\n\t\n\n\t5\n").replace(
        "\t　改善\n\t　改善\n\t5\n\n\t5", "\t　改善\n\t　改善\n\t\n\n\t5"
    )
    indicator = read_text(tmp_path, text).evaluations[0].indicators[13]
    assert indicator.name == "生态环境"
    assert indicator.points is not None
    assert (indicator.points.value, indicator.points_shared_by) == (None, 2)
    assert indicator.score is not None
    assert indicator.score.text == "5分"


# --- problems: said, never fatal ---


@pytest.mark.parametrize(
    ("before", "after", "code", "words"),
    [
        (
            "\t1008.22\n\t10分",
            "\t1008.22万\n\t10分",
            "unreadable-number",
            "“1008.22万”：不是以万元计的数",
        ),
        ("\t　19.62\n\t10分", "\t②\n\t10分", "unreadable-number", "附件 第4行第5列"),
        ("\t　19.62\n\t10分", "\t约20\n\t10分", "unreadable-number", "不是一个确定的数"),
        ("\t2.全年排查出矛盾纠纷\n", "\t2.全年排查出矛盾纠纷\n\t多一格\n", "unknown-row", "10 格"),
        ("受理行政复议案件50件", "受理行政复议\ufffd件50件", "replacement-character", "U+FFFD"),
        ("受理行政复议案件50件", "受理\u202e行政复议案件50件", "control-character", "U+202E"),
        ("受理行政复议案件50件", "受理\ue123行政复议案件50件", "private-use-character", "U+E123"),
        ("\t总分\n\t100分\n\t100分\n", "", "table-ends-early", "后面应有：总分"),
    ],
)
def test_what_is_odd_is_said(
    tmp_path: Path, before: str, after: str, code: str, words: str
) -> None:
    assert before in TEXT
    found = read_text(tmp_path, TEXT.replace(before, after, 1))
    assert [problem.code for problem in found.problems] == [code]
    assert words in found.problems[0].message
    assert found.problems[0].source is not None


def test_unseen_characters_are_no_part_of_a_value(tmp_path: Path, reading: Any) -> None:
    text = TEXT.replace("受理行政复议案件\n\t　≥50件", "受理行政\u200b复议案件\n\t　≥5\u200b0件")
    indicator = reading_as_json(read_text(tmp_path, text))["evaluations"][0]["indicators"][0]
    assert indicator["indicator"] == "受理行政复议案件"
    assert indicator["target_parts"] == {"operator": "≥", "value": "50", "unit": "件"}


def test_a_note_inside_a_cell_does_not_end_the_table(tmp_path: Path) -> None:
    text = TEXT.replace("\t　智慧矫正建设因", "\t说明：\n说明：原因如下\n一、搬迁\n智慧矫正建设因")
    found = read_text(tmp_path, text)
    assert len(found.evaluations[1].indicators) == 20
    reason = found.evaluations[1].indicators[8].deviation_reason
    assert reason is not None
    assert reason.text.startswith("说明：说明：原因如下一、搬迁智慧矫正")
    assert found.problems == ()


def test_a_missing_money_unit_is_said(tmp_path: Path) -> None:
    found = read_text(tmp_path, TEXT.replace("\t项目资金\n（万元）", "\t项目资金"))
    assert [problem.code for problem in found.problems] == ["money-unit-missing"]
    assert found.problems[0].evaluation == "project-1"


def test_a_report_without_a_kind_goes_with_its_table(tmp_path: Path) -> None:
    text = lines_of(491, 854).replace("社区矫正项目资金绩效自评报告", "绩效自评报告")
    found = read_text(tmp_path, text)
    assert {section.evaluation for section in found.sections} == {"project-1"}
    assert {section.heading.source.part for section in found.sections} == {"社区矫正 正文"}


# --- cut off anywhere ---


@pytest.mark.parametrize("first", range(12))
def test_a_file_cut_after_any_line_invents_nothing(
    tmp_path: Path, reading: Any, first: int
) -> None:
    whole = {
        (e["key"], i["source"]["line"]): i for e in reading["evaluations"] for i in e["indicators"]
    }
    for count in range(first, len(LINES), 12):
        text = "\n".join(LINES[:count])
        if count <= 2:
            with pytest.raises(BadFile):
                read_text(tmp_path, text)
            continue
        found: Any = reading_as_json(read_text(tmp_path, text))
        cut_in_table = not (489 < count < 492 or count == 853)
        codes = {problem["code"] for problem in found["problems"]}
        assert codes == ({"table-ends-early"} if cut_in_table else set()), count
        for evaluation in found["evaluations"]:
            for indicator in evaluation["indicators"]:
                original = whole[evaluation["key"], indicator["source"]["line"]]
                for key in ("target", "achieved", "points", "score"):
                    assert indicator[key] in (original[key], None), (count, key)


@pytest.mark.parametrize("count", range(4000, 4006))
def test_a_file_cut_inside_a_character_is_read(tmp_path: Path, count: int) -> None:
    found = read_text(tmp_path, TEXT.encode()[:count])
    assert found.unit == "益阳市资阳区司法局"
    assert "table-ends-early" in {problem.code for problem in found.problems}


# --- chance ---

EDITS = st.lists(
    st.tuples(
        st.sampled_from(["delete", "copy", "untab", "tab", "clip", "append"]),
        st.integers(0, len(LINES) - 1),
        st.integers(0, len(LINES) - 1),
        st.sampled_from(["\u200b", "\ufffd", "\x07", "②", "1e400", "（", "\t", "9", "总分"]),
    ),
    max_size=40,
)


@given(EDITS)
def test_no_edit_makes_the_reader_crash(
    tmp_path_factory: pytest.TempPathFactory, edits: list[tuple[str, int, int, str]]
) -> None:
    lines = list(LINES)
    for kind, at, other, piece in edits:
        line = lines[at % len(lines)]
        changed = {
            "delete": [],
            "copy": [line, lines[other % len(lines)]],
            "untab": [line.lstrip("\t")],
            "tab": ["\t" + line],
            "clip": [line[: other % (len(line) + 1)]],
            "append": [line + piece],
        }
        lines[at % len(lines) : at % len(lines) + 1] = changed[kind]
    found = read_text(tmp_path_factory.mktemp("edited"), "\n".join(lines))
    json.dumps(reading_as_json(found), ensure_ascii=False)


def test_a_cell_of_thousands_of_lines_is_read_in_one_walk(tmp_path):
    """No time is asserted: before, this took a minute, and the test's own limit would stop it."""
    lines = LINES[:]
    lines[198] += "\n" + "\n".join("一、节约用电" for _ in range(3000))
    path = tmp_path / "filing.txt"
    path.write_text("\n".join(lines), "utf-8")
    assert read_document(path).base_data.austerity_measures.text.count("节约用电") == 3000
