"""`jixiao demo`: a province that ties, but for the contradictions it says were put there."""

from collections import Counter
from pathlib import Path

import pytest
import yaml
from tests.workbench import tree

from jixiao.audit import examine
from jixiao.batch.demo.drawing import draw
from jixiao.batch.demo.making import make_demo
from jixiao.batch.demo.planted import Planted
from jixiao.batch.demo.planting import plant
from jixiao.batch.demo.province import Wish, unit_at
from jixiao.batch.demo.writing import write
from jixiao.batch.order import load_order
from jixiao.cli import run
from jixiao.importers.documents import Received, read_received
from jixiao.importers.opening import read_filing, with_context
from jixiao.model import Audit, Filing
from jixiao.rubric import choose_rubric, load_checklist
from jixiao.scoring import score
from jixiao.workspace.places import VARIABLE, Workspace
from jixiao.workspace.units import KINDS, load_unit_year

PARAMS = Path(__file__).parents[1] / "params"
CHECKLIST = load_checklist(PARAMS / "checks.yaml")


def examined(filing: Filing, year: int) -> Audit:
    rubrics = {kind: choose_rubric(PARAMS / "rubrics", year, kind) for kind in KINDS}
    return examine(filing, score(filing, rubrics), rubrics, CHECKLIST)


def filed(number: int, year: int, seed: int) -> tuple[Filing, tuple[Planted, ...]]:
    """Read what a unit of the province filed; with it, what was planted."""
    draft, planted = plant(draw(unit_at(number, seed), year, seed), seed)
    content = write(draft)
    assert content == write(draft)
    return read_received((Received(f"filing.{draft.unit.format}", content),)), planted


def wanted(planted: tuple[Planted, ...]) -> set[tuple[str, str | None]]:
    return {
        (check, entry.evaluation or None)
        for entry in planted
        for check in (entry.check, *entry.follows)
    }


@pytest.fixture(scope="module")
def province() -> dict[tuple[int, int], tuple[Filing, tuple[Planted, ...]]]:
    """Sixty units, two years."""
    return {(n, year): filed(n, year, 7) for n in range(1, 61) for year in (2021, 2022)}


def test_all_is_found_that_was_planted_and_nothing_else_that_weighs(province):
    seen = Counter[str]()
    for (number, year), (filing, planted) in province.items():
        found = {
            (finding.id, finding.evaluation)
            for finding in examined(filing, year).findings
            if finding.severity != "low"
        }
        assert found == wanted(planted), (number, year)
        seen.update(entry.check for entry in planted)
    assert len(seen) >= 20, seen
    assert sum(not planted for _, planted in province.values()) > len(province) / 2


def test_filings_are_read_without_a_problem_in_every_format(province):
    assert {code.code for filing, _ in province.values() for code in filing.problems} == set()
    formats = Counter(filing.document.format for filing, _ in province.values())
    assert set(formats) == {"text", "html", "docx", "xlsx"}


def test_the_outturn_of_a_year_is_the_prior_outturn_of_the_next():
    for number in range(1, 20):
        earlier, later = (draw(unit_at(number, 3), year, 3).base for year in (2021, 2022))
        assert [line.outturn for line in earlier.lines if line.prior is not None] == [
            line.prior for line in later.lines if line.prior is not None
        ]


def test_a_unit_does_not_depend_on_how_many_there_are(tmp_path):
    few, more = (
        make_demo(tmp_path / name, Wish(count, 1, 3)).workspace
        for name, count in (("few", 2), ("more", 4))
    )
    for number in (1, 2):
        kept = few.filing_folder(f"demo-000{number}", 2024)
        assert tree(kept)
        assert tree(kept) == tree(more.filing_folder(kept.parent.name, 2024))


def test_the_same_order_gives_the_same_bytes_and_another_seed_others(tmp_path):
    trees = []
    for name, seed in (("a", 7), ("b", 7), ("c", 8)):
        make_demo(tmp_path / name, Wish(8, 2, seed))
        trees.append(tree(tmp_path / name))
    assert trees[0] == trees[1]
    assert trees[0].keys() != trees[2].keys() or trees[0] != trees[2]
    assert trees[0]["truth.yaml"] != trees[2]["truth.yaml"]


def test_the_workspace_holds_what_the_truth_file_says(tmp_path):
    made = make_demo(tmp_path / "d", Wish(12, 3, 7))
    truth = yaml.safe_load((tmp_path / "d" / "truth.yaml").read_text("utf-8"))
    assert truth["seed"] == 7
    told = {(entry["unit"], entry["year"]): entry["planted"] for entry in truth["filings"]}
    assert "F-03" in {entry["check"] for planted in told.values() for entry in planted}
    for unit in made.workspace.units():
        for year in made.workspace.years(unit):
            unit_year = load_unit_year(made.workspace, unit, year)
            filing = with_context(read_filing(unit_year), made.workspace, unit_year)
            audit = examined(filing, year)
            found = {(f.id, f.evaluation) for f in audit.findings if f.severity != "low"}
            planted = told.pop((unit, year), [])
            assert found == {
                (check, entry["evaluation"])
                for entry in planted
                for check in (entry["check"], *entry["also"])
            }
    assert not told


def test_the_plan_names_every_unit_and_year(tmp_path):
    made = make_demo(tmp_path / "d", Wish(3, 2, 7))
    order = load_order(made.workspace, made.workspace.params / "batches" / "demo.yaml")
    assert order.units == ("demo-0001", "demo-0002", "demo-0003")
    assert order.years == (2023, 2024)
    assert order.formats == ("html", "pdf")


def test_every_command_works_there(tmp_path, capsys, monkeypatch):
    assert run(["demo", "--units", "2", "--years", "1", "--seed", "7", str(tmp_path / "d")]) == 0
    told = capsys.readouterr().out
    assert "单位 2 个，材料 2 份" in told
    assert "jixiao batch params/batches/demo.yaml" in told
    monkeypatch.setenv(VARIABLE, str(tmp_path / "d"))
    for command in ("score demo-0001 2024", "audit demo-0002 2024", "rubrics", "doctor"):
        assert run(command.split()) == 0, command
    assert "demo-0001" not in capsys.readouterr().err


@pytest.mark.slow
def test_a_batch_over_it_runs_to_reports(tmp_path, capsys, monkeypatch):
    assert run(["demo", "--units", "1", "--years", "1", "--seed", "7", str(tmp_path / "d")]) == 0
    monkeypatch.setenv(VARIABLE, str(tmp_path / "d"))
    plan = tmp_path / "d" / "params" / "batches" / "demo.yaml"
    assert run(["batch", str(plan), "--workers", "1"]) == 0, capsys.readouterr()
    outputs = Workspace(tmp_path / "d").outputs
    made = sorted(path.name for path in (outputs / "demo-0001/2024/department/current").iterdir())
    assert {"report.html", "report.pdf", "result.json"} <= set(made)
    assert "demo-0001" in (outputs / "index.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["--units", "0"], 2, "--units 是 0。应为1 至 20000 的整数"),
        (["--years", "6"], 2, "--years 是 6。应为1 至 5 的整数"),
        (["--units", "two"], 2, "选项 --units 的值不对。应为整数"),
        (["--seed"], 2, "缺少"),
    ],
)
def test_what_cannot_be_made_is_refused(tmp_path, capsys, arguments, status, words):
    assert run(["demo", str(tmp_path / "d"), *arguments]) == status
    assert words in capsys.readouterr().err
    assert not (tmp_path / "d").exists()


def test_a_folder_that_holds_something_is_left_as_it_is(tmp_path, capsys):
    (tmp_path / "notes.txt").write_text("x", "utf-8")
    assert run(["demo", str(tmp_path)]) == 1
    told = capsys.readouterr().err
    assert "已有内容" in told
    assert "请换一个目录" in told
    assert list(tree(tmp_path)) == ["notes.txt"]
