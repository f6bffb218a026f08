"""A restated filing (重报): what it changed against the edition before it, and what the score became."""

import os
import shutil
from pathlib import Path

import pytest

from jixiao import tables
from jixiao.audit import Judgement, judge
from jixiao.batch.folders import make_current, manifest_bytes
from jixiao.batch.prune import find_spares
from jixiao.batch.report import plan_report
from jixiao.cli import run as command
from jixiao.datum import Json
from jixiao.importers.opening import open_filing
from jixiao.model import Restatement, text_of_value
from jixiao.rubric import open_checklist, open_rubrics
from jixiao.workspace.files import commit_folder
from jixiao.workspace.places import Workspace
from jixiao.workspace.runs import pointers_of_key, run_key, superseded_edition

REPOSITORY = Path(__file__).parents[1]
TEXT = (REPOSITORY / "tests/data/ziyang-justice-2022.txt").read_text("utf-8")
UNIT, YEAR, PROJECT = "ziyang-justice", 2022, "community-correction"


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    for folder in ("params", "data", "notebooks"):
        shutil.copytree(REPOSITORY / folder, tmp_path / folder)
    shutil.copy(REPOSITORY / "requirements.lock", tmp_path)
    monkeypatch.chdir(tmp_path)
    return Workspace(tmp_path)


SCORE = ("\t51.63%\n\t\u30009", "\t51.63%\n\t\u30005")
SPENT = ("\t\u300019.62\n\t10分", "\t\u300038\n\t10分")


def restate(workspace: Workspace, *changes: tuple[str, str]) -> None:
    """File again, with one text in place of another."""
    text = TEXT
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    received = workspace.root / "second.txt"
    received.write_text(text, "utf-8")
    asked = ["--unit", UNIT, "--year", str(YEAR), "--reason", "单位来函更正"]
    assert command(["intake", str(received), *asked]) == 0


def judged(workspace: Workspace, key: str, audience: str = "internal") -> Judgement:
    filing = open_filing(UNIT, YEAR, workspace, audience=audience)
    rubrics = open_rubrics(UNIT, YEAR, workspace=workspace)
    return judge(filing, key, rubrics, open_checklist(workspace))


def told(restatement: Restatement | None) -> list[tuple[str, str, str]]:
    assert restatement
    return [
        (" ".join(c.name), text_of_value(c.before), text_of_value(c.after))
        for c in restatement.changes
    ]


def test_a_first_edition_has_nothing_to_compare(workspace):
    judgement = judged(workspace, PROJECT)
    assert judgement.restatement is None
    assert tables.result_as_json(judgement, UNIT, "internal")["restatement"] is None
    assert "只报送过一版" in str(tables.table_restatement(judgement).block.as_json())


def test_each_changed_cell_is_told_with_both_values(workspace):
    restate(workspace, SCORE, ("\n\t164人", "\n\t154人"))
    restatement = judged(workspace, PROJECT).restatement
    assert told(restatement) == [
        ("预算资金 得分", "9分", "5分"),
        ("接收社区矫正对象 完成值", "164人", "154人"),
    ]
    assert told(judged(workspace, "department").restatement) == []
    before, after = restatement.changes[1].before, restatement.changes[1].after
    assert before.source.address == after.source.address
    assert before.source.document == "filing.txt"


def test_the_effect_on_the_score_is_that_of_both_editions_scored_apart(workspace):
    old = judged(workspace, PROJECT).card
    restate(workspace, SPENT)
    judgement = judged(workspace, PROJECT)
    restatement, new = judgement.restatement, judgement.card
    assert restatement.total.before.value == old.score_total.value
    assert restatement.total.after == new.score_total
    difference = new.score_total.require() - old.score_total.require()
    assert restatement.total.difference.value == difference != 0
    effect = next(e for e in restatement.effects if e.line == ("预算执行率",))
    assert (effect.before.text, effect.after.text) == ("5.16分", "10分")
    lines = {change.line for change in restatement.changes if change.name[0] == "预算资金"}
    assert lines == {("预算执行率",)}


def test_a_line_taken_out_or_put_in_is_told(workspace):
    restate(workspace, ("化解矛盾、维护社会稳定", "化解信访积案"))
    names = {name for name, _, _ in told(judged(workspace, "department").restatement)}
    assert {"化解矛盾、维护社会稳定 指标值", "化解信访积案 指标值"} <= names


def test_the_report_shows_the_changes_and_no_link_into_the_old_edition(workspace):
    restate(workspace, SCORE)
    judgement = judged(workspace, PROJECT)
    shown = tables.table_restatement(judgement).block.as_json()
    text = str(shown)
    assert "第 2 版替代第 1 版" in text
    assert "单位来函更正" in text
    row = next(row for row in shown["rows"] if "预算资金" in str(row))
    links = [run["href"] for run in row[1]["runs"] if run.get("href")]
    assert links == []
    assert any(run.get("href") for run in row[2]["runs"])
    result = tables.result_as_json(judgement, UNIT, "internal")["restatement"]
    assert (result["edition"], result["superseded"]) == (2, 1)
    assert result["claimed"]["difference"] == "-4"
    assert [change["name"] for change in result["changes"]] == [["预算资金", "得分"]]


def test_the_numbers_of_the_comparison_open_onto_their_workings(workspace):
    restate(workspace, SPENT)
    judgement = judged(workspace, PROJECT)
    workings = str(tables.list_workings(judgement).block.as_json())
    assert "第 1 版自评材料的重算得分合计" in workings


def test_the_public_edition_masks_the_old_one_too(workspace):
    restate(workspace, ("主要职责", "主要职责（电话13800138000）"))
    judgement = judged(workspace, "department", audience="public")
    text = str(tables.result_as_json(judgement, UNIT, "public")["restatement"])
    assert "13800138000" not in text
    assert "138****8000" in text


def test_an_edition_that_cannot_be_read_is_told(workspace):
    restate(workspace, SCORE)
    (workspace.filing_folder(UNIT, YEAR) / "filing.txt").write_text("别的", "utf-8")
    judgement = judged(workspace, PROJECT)
    assert judgement.restatement is None
    shown = str(tables.table_restatement(judgement).block.as_json())
    assert "第 1 版的材料不能采用" in shown


def test_the_documents_of_the_old_edition_decide_the_run(workspace):
    restate(workspace, SCORE)
    plan = plan_report(workspace, UNIT, YEAR, project=PROJECT)[0]
    names = {item.name for item in plan.inputs}
    assert f"data/filings/{UNIT}/{YEAR}/filing.txt" in names
    assert f"data/filings/{UNIT}/{YEAR}/edition-2/filing.txt" in names


# ---------------------------------------------------------------- runs of an earlier edition


def stored(key: Path, edition: int, audience: str = "internal") -> Path:
    """A whole run of an edition, made current."""
    decided: dict[str, Json] = {
        "schema": "jixiao.run/1", "key": key.name, "unit": UNIT, "year": YEAR, "audience": audience,
        **({"edition": edition} if edition > 1 else {}),
    }  # fmt: skip
    files = {"report.ipynb": b"{}", "result.json": b"{}"}
    run = run_key(decided)
    whole = files | {"manifest.json": manifest_bytes(decided, run, files)}
    folder = commit_folder(key, run, whole)
    make_current(folder, audience)
    return folder


def test_the_run_of_the_old_edition_stays_and_is_marked(tmp_path):
    key = tmp_path / UNIT / str(YEAR) / "department"
    first = stored(key, 1)
    assert pointers_of_key(key) == {"current": first.name}
    second = stored(key, 2)
    assert pointers_of_key(key) == {"current": second.name, "edition-1": first.name}
    assert (superseded_edition(first), superseded_edition(second)) == (1, None)
    third = stored(key, 3)
    public = stored(key, 3, "public")
    assert pointers_of_key(key) == {
        "current": third.name,
        "edition-1": first.name,
        "edition-2": second.name,
        "public": public.name,
    }
    for age, name in enumerate((third, public, second, first), 1):
        os.utime(name, (1e9 - age, 1e9 - age))
    assert list(find_spares(tmp_path)) == []


def test_another_run_of_the_same_edition_marks_nothing(tmp_path):
    key = tmp_path / UNIT / str(YEAR) / "department"
    first, public = stored(key, 1), stored(key, 1, "public")
    assert first != public
    assert pointers_of_key(key) == {"current": first.name, "public": public.name}


def test_the_plan_of_a_restated_filing_names_its_edition(workspace):
    assert "edition" not in plan_report(workspace, UNIT, YEAR, project=PROJECT)[0].decided
    restate(workspace, SCORE)
    assert plan_report(workspace, UNIT, YEAR, project=PROJECT)[0].decided["edition"] == 2
