"""Bad input by the command a user gives: one clear message or the finding, and nothing half-written."""

import hashlib
import json
import subprocess
from pathlib import Path

import pikepdf
import pytest
from tests.test_reproducible import check_out

from jixiao.cli import run

FILING = "data/filings/ziyang-justice/2022/filing.txt"
UNIT_FILE = "params/units/ziyang-justice/2022.yaml"


@pytest.fixture
def place(tmp_path, monkeypatch) -> Path:
    """A copy of the repository to spoil, as the working folder."""
    checkout = check_out(tmp_path / "checkout")
    monkeypatch.chdir(checkout)
    monkeypatch.delenv("JIXIAO_WORKSPACE", raising=False)
    return checkout


def refile(place: Path, change) -> None:
    """Change the filing's bytes, and its digest in the unit's file."""
    path = place / FILING
    old = path.read_bytes()
    path.write_bytes(change(old))
    unit = place / UNIT_FILE
    before, after = (hashlib.sha256(data).hexdigest() for data in (old, path.read_bytes()))
    unit.write_text(unit.read_text("utf-8").replace(before, after), "utf-8")


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


SPOILT = {
    "missing file": (lambda p: (p / FILING).unlink(), 1, ("filing.txt", "filing-missing")),
    "wrong hash": (
        lambda p: (p / FILING).write_bytes((p / FILING).read_bytes() + b"\n"),
        1,
        ("filing.txt", "sha256", "filing-changed"),
    ),
    "rubric with an unknown key": (
        lambda p: edit(p / "params/rubrics/mof-2020-10.yaml", "  weights:", "  wieghts:"),
        1,
        ("params/rubrics/mof-2020-10.yaml", "wieghts", "weights", "yaml-unknown-key"),
    ),
    "unknown rubric": (
        lambda p: edit(p / UNIT_FILE, "rubrics:", "rubrics: {project: mof-2099-1}\n#"),
        2,
        ("mof-2099-1", "mof-2016-123、mof-2020-10", "unknown-rubric"),
    ),
    "checklist with an unknown key": (
        lambda p: edit(p / "params/checks.yaml", "    does:", "    doas:"),
        1,
        ("params/checks.yaml", "doas", "yaml-unknown-key"),
    ),
    "no text": (lambda p: refile(p, lambda _: b"\x89PNG\r\n\x1a\n\0\0\0"), 1, ("filing.txt", "文本")),
    "empty": (lambda p: refile(p, lambda _: b""), 1, ("filing.txt", "empty-file")),
    "word file": (lambda p: refile(p, lambda _: b"PK\3\4" + b"x" * 99), 1, ("broken-archive",)),
    "no form": (lambda p: refile(p, lambda _: "今天天气很好。\n".encode()), 1, ("unknown-form",)),
    "no notebook": (
        lambda p: (p / "notebooks/department_evaluation.ipynb").unlink(),
        1,
        ("notebooks/department_evaluation.ipynb", "notebook-missing"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SPOILT)
def test_a_spoilt_input_is_said_and_leaves_nothing(name, place, capsys):
    spoil, status, expected = SPOILT[name]
    spoil(place)
    assert run(["report", "ziyang-justice", "2022"]) == status
    told = capsys.readouterr()
    for words in expected:
        assert words in told.err, told.err
    assert "Traceback" not in told.err + told.out
    assert len(told.err.strip().splitlines()) <= 3
    assert not (place / "outputs").exists() or not list((place / "outputs").rglob("*.*"))


def result_of(place: Path, key: str) -> dict:
    folder = place / "outputs/ziyang-justice/2022" / key / "current"
    return json.loads((folder / "result.json").read_text("utf-8"))


@pytest.mark.slow
def test_a_character_without_a_glyph_is_a_finding_and_prints_as_its_number(place, pdftotext):
    refile(
        place,
        lambda data: data.replace("受理行政复议案件".encode(), "受理𠮷行政复议案件".encode(), 2),
    )
    assert run(["report", "ziyang-justice", "2022", "--project", "community-correction"]) == 0
    assert run(["report", "ziyang-justice", "2022"]) == 0
    found = [f for f in result_of(place, "department")["audit"]["findings"] if f["id"] == "H-01"]
    assert found
    assert {f["code"] for f in found} == {"glyph-missing"}
    folder = place / "outputs/ziyang-justice/2022/department/current"
    assert "受理〔U+20BB7〕行政复议案件" in (folder / "report.html").read_text("utf-8")
    command = [pdftotext, str(folder / "report.pdf"), "-"]
    assert (
        "〔U+20BB7〕" in subprocess.run(command, capture_output=True, text=True, check=True).stdout
    )


@pytest.mark.slow
def test_a_table_that_ends_early_is_said_and_no_row_is_invented(place):
    refile(place, lambda data: b"\n".join(data.split(b"\n")[:745]))
    options = ["--project", "community-correction", "--formats", "html"]
    assert run(["report", "ziyang-justice", "2022", *options]) == 0
    result = result_of(place, "community-correction")
    assert [line["path"][1] for line in result["score"]["lines"][1:]] == [
        "数量指标", "质量指标", "时效指标", "成本指标", "经济效益指标",
    ]  # fmt: skip
    assert result["score"]["stated_total"] is None
    page = place / "outputs/ziyang-justice/2022/community-correction/current/report.html"
    assert "到这里就结束了" in page.read_text("utf-8")
    assert (result["score"]["score_total"], result["score"]["grade"]) == (None, None)
    undecided = {entry["id"]: entry["reason"] for entry in result["audit"]["not_checked"]}
    assert all("没有读完整" in undecided[check] for check in ("A-01", "A-02", "A-03", "A-04"))


@pytest.mark.slow
def test_a_project_the_unit_file_does_not_list_is_evaluated_all_the_same(place):
    text = (place / UNIT_FILE).read_text("utf-8")
    start = text.index("projects:")
    end = text.index("rubrics:")
    (place / UNIT_FILE).write_text(text[:start] + "projects: []\n" + text[end:], "utf-8")
    assert (
        run(["report", "ziyang-justice", "2022", "--project", "project-1", "--formats", "html"])
        == 0
    )
    assert result_of(place, "project-1")["score"]["total_on_100"] == "94.69"


@pytest.mark.slow
def test_private_data_in_a_cited_paragraph_is_masked_in_every_file(place, capsys):
    secret = "2022年资阳区财政安排社区矫正项目资金38万元，联系13800138000，资金到位率100%。"
    plain = "2022年资阳区财政安排社区矫正项目资金38万元，资金到位率100%。"
    refile(place, lambda data: data.replace(plain.encode(), secret.encode()))
    assert secret in (place / FILING).read_text("utf-8")
    assert run(["report", "ziyang-justice", "2022", "--project", "community-correction"]) == 0
    folder = place / "outputs/ziyang-justice/2022/community-correction/current"
    with pikepdf.open(folder / "report.pdf") as pdf:
        attached = [pdf.attachments[name].get_file().read_bytes() for name in pdf.attachments]
    data = [path.read_bytes() for path in folder.iterdir() if path.suffix != ".pdf"] + attached
    assert len(data) > 6
    assert not [found for found in data if b"13800138000" in found or "张某某".encode() in found]
    for command in ("read", "score", "audit"):
        capsys.readouterr()
        assert run([command, str(place / FILING), "--json"]) == 0
        assert "13800138000" not in capsys.readouterr().out
