"""Intake (收件), editions, who has not filed, and a workspace of one's own."""

import json
import re
import shutil
from pathlib import Path

import pytest
from tests.build import build_sheet, build_word, pieces_of
from tests.workbench import tree

from jixiao.cli import run
from jixiao.errors import BadFile
from jixiao.importers import read_document
from jixiao.importers.became import meanings_of, unread_cells
from jixiao.importers.folder import receive
from jixiao.importers.opening import open_filing
from jixiao.workspace.places import Workspace
from jixiao.workspace.register import top_level_blocks
from jixiao.workspace.roster import Unit, UnitName, unit_named, units_named_like
from jixiao.workspace.units import load_unit_year

REPOSITORY = Path(__file__).parent.parent
DATA = REPOSITORY / "tests/data"
SAMPLE = DATA / "ziyang-justice-2022.txt"
WATER = DATA / "filings/05-tianchang-water-2022.txt"
ROSTER = """units:
  - {id: ziyang-justice, names: [{name: 益阳市资阳区司法局}], parent: null, level: county, region: 湘}
  - {id: ziyang-audit, names: [{name: 益阳市资阳区审计局}], parent: null, level: county, region: 湘}
  - {id: tianchang-water, names: [{name: 天长市水利局}], parent: null, level: county, region: 皖}
"""


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    assert run(["init", str(tmp_path / "own")]) == 0
    monkeypatch.chdir(tmp_path / "own")
    (tmp_path / "own/params/units/roster.yaml").write_text(ROSTER, "utf-8")
    return Workspace(tmp_path / "own")


def intake(path, *options, unit="ziyang-justice", year="2022"):
    return run(["intake", str(path), "--unit", unit, "--year", year, *options])


# ---------------------------------------------------------------- intake


def test_a_filing_is_stored_read_and_written_down(workspace, capsys):
    assert intake(SAMPLE) == 0
    told = capsys.readouterr().out
    for words in ("益阳市资阳区司法局 2022", "project-1", "社区矫正", "已登记：params/units/"):
        assert words in told
    assert "13800138000" not in told
    stored = workspace.filing_folder("ziyang-justice", 2022) / "filing.txt"
    assert stored.read_bytes() == SAMPLE.read_bytes()
    unit_year = load_unit_year(workspace, "ziyang-justice", 2022)
    assert [(p.id, p.name) for p in unit_year.projects] == [("project-1", "社区矫正")]
    assert (unit_year.edition, unit_year.amendments) == (1, ())
    filing = open_filing("ziyang-justice", 2022, workspace)
    assert [e.key for e in filing.evaluations] == ["department", "project-1"]
    assert run(["score", "ziyang-justice", "2022", "--json"]) == 0
    scores = json.loads(capsys.readouterr().out)["evaluations"]
    assert [card["score_total"] for card in scores] == ["110", "104.16"]


def test_the_same_filing_again_is_nothing_to_do(workspace, capsys):
    intake(SAMPLE)
    before = tree(workspace.root)
    assert intake(SAMPLE) == 0
    assert "没有改动" in capsys.readouterr().out
    assert tree(workspace.root) == before


def test_a_second_filing_is_an_edition_beside_the_first(workspace, capsys):
    intake(SAMPLE)
    path = workspace.unit_file("ziyang-justice", 2022)
    cell = next(
        c
        for grid in open_filing("ziyang-justice", 2022, workspace).grids
        for row in grid.rows
        for c in row.cells
        if c.text.strip() == "969.65"
    )
    entry = (
        f"corrections:  # 电话核实\n  - {{at: {cell.address}, expect: '969.65', value: '969.56', "
        "reason: 来函, by: 张某某, on: 2023-05-04}\n"
    )
    path.write_text(path.read_text("utf-8").replace("corrections: []\n", entry), "utf-8")
    second = workspace.root / "restated.txt"
    second.write_text(SAMPLE.read_text("utf-8").replace("969.65", "969.60"), "utf-8")
    before = tree(workspace.root)
    assert intake(second) == 1
    assert "将成为第 2 版" in capsys.readouterr().err
    assert tree(workspace.root) == before
    assert intake(second, "--reason", "单位来函更正预算") == 0
    assert "采用第 2 版，旧版保留" in capsys.readouterr().out
    unit_year = load_unit_year(workspace, "ziyang-justice", 2022)
    (first,) = unit_year.superseded
    assert (unit_year.edition, first.number, first.reason) == (2, 1, "单位来函更正预算")
    assert [d.name for d in unit_year.documents] == ["edition-2/filing.txt"]
    assert first.documents[0].path.read_bytes() == SAMPLE.read_bytes()
    assert "# 电话核实" in unit_year.text
    filing = open_filing("ziyang-justice", 2022, workspace)
    assert str(filing.base_data.row("支出总额").budget.value) == "969.60"
    assert filing.amended == ()
    assert intake(SAMPLE, "--reason", "再报") == 1
    assert "这是已被替换的第 1 版" in capsys.readouterr().err
    third = workspace.root / "third.txt"
    third.write_text(SAMPLE.read_text("utf-8").replace("969.65", "969.61"), "utf-8")
    assert intake(third, "--reason", "再次更正") == 0
    unit_year = load_unit_year(workspace, "ziyang-justice", 2022)
    assert [e.number for e in unit_year.superseded] == [1, 2]


def test_a_project_keeps_its_id_over_the_years(workspace):
    intake(SAMPLE)
    path = workspace.unit_file("ziyang-justice", 2022)
    path.write_text(path.read_text("utf-8").replace("project-1", "correction"), "utf-8")
    next_year = workspace.root / "2023.txt"
    next_year.write_text(SAMPLE.read_text("utf-8").replace("2022年", "2023年"), "utf-8")
    assert intake(next_year, year="2023") == 0
    unit_year = load_unit_year(workspace, "ziyang-justice", 2023)
    assert [project.id for project in unit_year.projects] == ["correction"]


@pytest.mark.parametrize(
    ("unit", "year", "status", "words"),
    [
        ("ziyang-audit", "2022", 1, ("登记的编号是 ziyang-justice", "--unit ziyang-justice")),
        ("ziyang-justice", "2021", 1, ("材料写的是 2022 年度", "--year 2022")),
        ("nobody", "2022", 2, ("没有登记单位编号 “nobody”", "roster.yaml")),
        ("ziyang-justice", "22", 2, ("四位年份",)),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_stored(
    workspace, capsys, unit, year, status, words
):
    before = tree(workspace.root)
    assert intake(SAMPLE, unit=unit, year=year) == status
    told = capsys.readouterr().err
    assert all(word in told for word in words), told
    assert tree(workspace.root) == before


def test_a_near_miss_of_the_name_asks(workspace, capsys, monkeypatch):
    near = workspace.root / "near.txt"
    near.write_text(
        SAMPLE.read_text("utf-8").replace("益阳市资阳区司法局", "资阳区司法局"), "utf-8"
    )
    assert intake(near) == 1
    told = capsys.readouterr().err
    assert "登记为 “益阳市资阳区司法局”" in told
    assert "--yes" in told
    asked = []

    def confirm(question, **_):
        asked.append(question)
        return True

    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("click.confirm", confirm)
    assert intake(near) == 0
    assert asked == [
        "材料中的单位是 “资阳区司法局”，ziyang-justice 登记为 “益阳市资阳区司法局”。两个名称相近。是同一单位吗？"
    ]
    assert load_unit_year(workspace, "ziyang-justice", 2022).names[-1] == "资阳区司法局"
    codes = [p.code for p in open_filing("ziyang-justice", 2022, workspace).problems]
    assert "unit-differs" not in codes


def test_a_folder_is_one_filing(workspace, capsys):
    """The report, the annexes and the project's table in files of their own read as one."""
    whole = read_document(SAMPLE)
    pieces = pieces_of(whole)
    first = next(i for i, piece in enumerate(pieces) if isinstance(piece, list | tuple))
    tables = [i for i, piece in enumerate(pieces) if not isinstance(piece, str)]
    folder = workspace.root / "sent"
    folder.mkdir()
    cut = tables[1]
    (folder / "附件1、2.xlsx").write_bytes(build_sheet(pieces[first:cut]))
    (folder / "自评报告.docx").write_bytes(build_word(pieces[:first]))
    (folder / "项目.docx").write_bytes(build_word(pieces[cut:]))
    (folder / "~$自评报告.docx").write_bytes(b"lock")
    (folder / "盖章页.pdf").write_bytes(b"%PDF-1.4")
    assert run(["read", str(folder), "--json"]) == 0
    reading = json.loads(capsys.readouterr().out)
    assert len(reading["documents"]) == 3
    assert {"department"} < {e["key"] for e in reading["evaluations"]}
    assert "file-not-read" in {p["code"] for p in reading["problems"]}
    assert intake(folder) == 0
    names = [d.name for d in load_unit_year(workspace, "ziyang-justice", 2022).documents]
    assert len(names) == 4
    assert all(name.startswith("filing-") for name in names)
    assert open_filing("ziyang-justice", 2022, workspace).base_data is not None


def test_folders_are_taken_in_order(tmp_path):
    for name in ("附件10.txt", "附件2.txt", "自评报告.txt", "附件一.txt", ".hidden"):
        (tmp_path / name).write_text("测试")
    assert [f.name for f in receive(tmp_path)] == [
        "自评报告.txt",
        "附件一.txt",
        "附件2.txt",
        "附件10.txt",
    ]
    (tmp_path / "更多").mkdir()
    with pytest.raises(BadFile, match=r"还有文件夹：更多.*请整理文件夹.*\[filing-folder\]"):
        receive(tmp_path)


def test_the_documents_are_there_before_the_yaml_names_them(workspace, monkeypatch):
    """Stopped between two writes, a new edition leaves the one that counts as it was."""
    intake(SAMPLE)
    yaml = workspace.unit_file("ziyang-justice", 2022)
    before = yaml.read_bytes()
    second = workspace.root / "second.txt"
    second.write_text(SAMPLE.read_text("utf-8").replace("969.65", "969.60"), "utf-8")
    from jixiao.workspace import register

    written = []

    def stop(path, data):
        written.append(path.name)
        if path == yaml:
            raise KeyboardInterrupt
        register_write(path, data)

    register_write = register.write_atomically
    monkeypatch.setattr(register, "write_atomically", stop)
    run(["intake", str(second), "--unit", "ziyang-justice", "--year", "2022", "--reason", "来函"])
    assert written == ["filing.txt", "2022.yaml"]
    assert yaml.read_bytes() == before
    assert open_filing("ziyang-justice", 2022, workspace).document.file == "filing.txt"


def test_top_level_blocks_join_to_the_text():
    text = "# 头\nunit: a\nfiling:\n  - file: x\n\n# 注\ncorrections: []\n"
    assert "".join(top_level_blocks(text, "x").values()) == text


# ---------------------------------------------------------------- names


UNITS = (
    Unit("a", (UnitName("某某市司法局", None, 2018), UnitName("某某市司法局（新）", 2019, None)), None, "city", "x"),
    Unit("b", (UnitName("某某市审计局", None, None),), None, "city", "x"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "year", "found"),
    [
        ("某某市司法局", 2018, "a"),
        ("某某市司法局", 2019, None),
        ("某某市司法局(新)", 2019, "a"),
        (" 某某市 审计局", 2022, "b"),
        ("某某市财政局", 2022, None),
    ],
)
def test_names_are_matched_exactly_in_their_years(name, year, found):
    unit = unit_named(UNITS, name, year)
    assert (unit.id if unit else None) == found


@pytest.mark.parametrize(
    ("name", "near"),
    [("某某市司法局机关", ["a"]), ("某某市审计局本级", ["b"]), ("别处财政局", [])],
)
def test_near_misses_are_listed(name, near):
    assert [unit.id for unit in units_named_like(UNITS, name)] == near


# ---------------------------------------------------------------- doctor and init


def test_the_doctor_says_who_has_not_filed_and_what_is_missing(workspace, capsys):
    intake(SAMPLE)
    assert intake(WATER, unit="tianchang-water") == 0
    capsys.readouterr()
    assert run(["doctor"]) == 0
    told = capsys.readouterr().out
    assert "! 2022 年度没有报送 1 个单位：ziyang-audit" in told
    assert "✓ ziyang-justice 2022：材料齐全，未改动" in told
    assert "! tianchang-water 2022：缺 自评报告正文" in told
    assert "2 项请留意" in told


@pytest.mark.parametrize(
    ("removed", "missing"),
    [
        ("附件1", "部门整体支出绩效评价基础数据表"),
        ("附件2", "部门整体支出绩效自评表"),
    ],
)
def test_the_doctor_names_a_missing_annex(workspace, capsys, removed, missing):
    text = SAMPLE.read_text("utf-8")
    start = text.index(f"\n{removed}\n")
    end = text.index("\n附件2\n") if removed == "附件1" else text.index("社区矫正项目", start)
    end = text.rindex("\n", 0, end) if removed == "附件2" else end
    path = workspace.root / "cut.txt"
    path.write_text(text[:start] + text[end:], "utf-8")
    assert intake(path) == 0
    capsys.readouterr()
    run(["doctor", "ziyang-justice"])
    told = capsys.readouterr().out
    assert "ziyang-justice 2022：缺" in told
    assert missing in told
    assert "没有报送" not in told


def test_a_unit_without_registration_is_said(workspace, capsys):
    shutil.copytree(REPOSITORY / "params/units/ziyang-justice", workspace.unit_folder / "stray")
    assert run(["doctor"]) == 1
    assert "✗ stray 有材料而没有登记" in capsys.readouterr().out
    assert run(["doctor", "nobody"]) == 2


def test_a_workspace_of_ones_own_is_whole(workspace):
    files = set(tree(workspace.root))
    for part in ("params/rubrics", "notebooks"):
        names = [path.name for path in (REPOSITORY / part).iterdir() if path.is_file()]
        assert {f"{part}/{name}" for name in names} <= files
    assert {"params/checks.yaml", "README.md", ".gitignore", "params/units/roster.yaml"} <= files


def test_a_folder_with_something_in_it_is_left_alone(workspace, capsys):
    before = tree(workspace.root)
    assert run(["init", str(workspace.root)]) == 1
    assert "已有内容" in capsys.readouterr().err
    assert tree(workspace.root) == before


# ---------------------------------------------------------------- what cells became


def test_every_cell_of_the_sample_became_something():
    assert [c.address for c in unread_cells(read_document(SAMPLE))] == []


def test_a_heading_nobody_knows_is_not_taken_over(tmp_path):
    path = tmp_path / "odd.txt"
    path.write_text(re.sub(r"年度\s*指标值", "甲乙丙丁", SAMPLE.read_text("utf-8")), "utf-8")
    texts = [c.text.strip() for c in unread_cells(read_document(path))]
    assert texts.count("甲乙丙丁") == 2
    assert "≥1600件" in texts


def test_what_a_cell_became_is_told_apart():
    filing = read_document(SAMPLE)
    indicator = filing.evaluations[0].indicators[0]
    meanings = meanings_of(filing)
    cells = (indicator.indicator, indicator.target, indicator.achieved)
    assert [meanings[c.source.anchor] for c in cells] == ["name", "target", "target"]
    assert meanings[filing.base_data.row("支出总额").budget.origin.anchor] == "number"
    assert set(meanings.values()) == {"name", "target", "number", "words", "label"}
