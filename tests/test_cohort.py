"""Many runs side by side: read by DuckDB, ranked, counted, held against the year before."""

import hashlib
import json
from decimal import Decimal
from pathlib import Path

import pytest

from jixiao.cohort import Lines, compare
from jixiao.errors import JixiaoError
from jixiao.importers.results import open_results
from jixiao.rubric import load_checklist
from jixiao.workspace.places import Workspace
from jixiao.workspace.runs import OUTPUTS

ROOT = Path(__file__).parents[1]
CHECKLIST = load_checklist(ROOT / "params" / "checks.yaml")


def line(points: str, claimed: str | None, *, rate: str | None = None) -> dict:
    working = None
    if rate is not None:
        rated = {"label": "预算执行率", "value": rate, "unit": "%", "operands": []}
        whole = {"label": "分值", "value": points, "unit": "分"}
        working = {"label": "得分", "value": claimed, "unit": "分", "operands": [whole, rated]}
    members = [] if rate is not None else ["指标"]
    found = {"path": ["x"], "members": members, "points": points, "claimed_score": claimed}
    return found | {"score": claimed, "method": "execution_rate", "working": working}


def result_of(unit: str, year: int, **changed) -> dict:
    """What a run's result.json holds, as far as a comparison asks for it."""
    rate, claimed = changed.pop("rate", "98"), changed.pop("claimed", "88")
    score = {
        "rubric": "mof-2020-10",
        "lines": [line("10", "9.8", rate=rate), line("90", claimed)],
        "stated_total": changed.pop("stated", "97.80"),
        "total_on_100": changed.pop("on_100", "97.80"),
        "low_on_100": "97.80",
        "high_on_100": "97.80",
        "grade": "优",
    }
    findings = [
        {"id": check, "severity": severity, "evaluation": "department"}
        for check, severity in changed.pop("findings", ())
    ]
    named = {"schema": "jixiao.result/1", "unit": unit, "unit_name": f"{unit} 局", "year": year}
    named |= {"key": "department", "project": None, "score": score, "audit": {"findings": findings}}
    return named | changed


def store(outputs: Path, result: dict, run: str = "0123456789ab") -> Path:
    """Lay a run down as a batch does, ``current`` as a file, as where links cannot be made."""
    folder = outputs / result["unit"] / str(result["year"]) / result["key"] / run
    folder.mkdir(parents=True)
    data = json.dumps(result, ensure_ascii=False).encode()
    (folder / "result.json").write_bytes(data)
    listed = {"name": "result.json", "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
    (folder / "manifest.json").write_text(json.dumps({"run": run, "files": [listed]}), "utf-8")
    (folder.parent / "current").write_text(f"{run}\n", "utf-8")
    return folder


@pytest.fixture
def workspace(tmp_path, monkeypatch) -> Workspace:
    """Five units, two years."""
    monkeypatch.delenv(OUTPUTS, raising=False)
    units = tmp_path / "params" / "units"
    units.mkdir(parents=True)
    roster = ["units:"]
    for name in ("aa", "bb", "cc", "dd", "ee"):
        parent = "null" if name in ("aa", "ee") else "aa"
        roster.append(
            f"  - {{id: {name}, names: [{{name: {name} 局}}], parent: {parent}, level: county, region: x}}"
        )
    (units / "roster.yaml").write_text("\n".join(roster) + "\n", "utf-8")
    outputs = tmp_path / "outputs"
    store(outputs, result_of("aa", 2023, on_100="95", stated="97"))
    store(outputs, result_of("bb", 2023, on_100="99"))
    store(
        outputs, result_of("aa", 2024, on_100="98", findings=[("B-01", "high"), ("A-09", "medium")])
    )
    store(
        outputs, result_of("bb", 2024, on_100="90.5", stated="97.80", findings=[("B-01", "high")])
    )
    store(outputs, result_of("cc", 2024, on_100="98", rate="93.09", claimed="88.2"))
    store(outputs, result_of("dd", 2024, on_100="70", rate="60", claimed="54", stated=None))
    store(outputs, result_of("ee", 2024, on_100=None, claimed=None))
    return Workspace(tmp_path)


def compared(workspace: Workspace, **options):
    return compare(
        open_results(2024, "department", workspace=workspace, **options),
        2024,
        "department",
        CHECKLIST,
    )


def test_numbers_are_read_as_they_stand_in_the_results(workspace):
    results = {(r.unit, r.year): r for r in open_results(2024, "department", workspace=workspace)}
    found = results["cc", 2024]
    assert (found.on_100, found.stated) == (Decimal("98"), Decimal("97.80"))
    assert found.execution_rate == Decimal("93.09")
    assert [(ln.is_execution, ln.points, ln.claimed) for ln in found.lines] == [
        (True, Decimal(10), Decimal("9.8")),
        (False, Decimal(90), Decimal("88.2")),
    ]
    assert found.run == "cc/2024/department/0123456789ab"
    folder = workspace.outputs / found.run
    assert found.sha256 == hashlib.sha256((folder / "result.json").read_bytes()).hexdigest()
    assert results["ee", 2024].on_100 is None


def test_equals_share_a_rank_and_who_has_no_total_comes_last(workspace):
    members = compared(workspace).members
    assert [(m.run.unit, m.rank) for m in members] == [
        ("aa", 1), ("cc", 1), ("bb", 3), ("dd", 4), ("ee", None),
    ]  # fmt: skip
    assert [m.difference for m in members] == [
        Decimal("-0.20"), Decimal("-0.20"), Decimal("7.30"), None, None,
    ]  # fmt: skip


def test_zones_are_those_of_the_warning_rule(workspace):
    zones = {m.run.unit: m.zone for m in compared(workspace).members}
    assert zones == {"aa": "clear", "bb": "clear", "cc": "red", "dd": "yellow", "ee": None}


@pytest.mark.parametrize(
    ("result", "execution", "zone"),
    [
        ("100", "95", "clear"),  # exceeds by 5 % of itself: not more than 5 %
        ("100", "94.99", "red"),
        ("80", "80", "clear"),
        ("80", "79.99", "yellow"),
        ("100", "60", "red"),  # red is tested first
        ("0", "50", None),
    ],
)
def test_the_zones_begin_where_the_rule_says(result, execution, zone):
    lines = Lines.of(CHECKLIST.entry("B-03"))
    assert (lines.red, lines.yellow) == (Decimal(5), Decimal(80))
    assert lines.zone_of(Decimal(result), Decimal(execution)) == zone


def test_findings_are_counted_by_check_the_most_common_first(workspace):
    counts = compared(workspace).checks
    assert [(c.check, c.severity, c.runs.text, c.findings) for c in counts] == [
        ("B-01", "high", "2 个", 2),
        ("A-09", "medium", "1 个", 1),
    ]
    assert [run.unit for run in counts[0].runs.runs] == ["aa", "bb"]


def test_years_are_summed_up_alike_and_changes_are_of_the_same_unit(workspace):
    cohort = compared(workspace)
    assert [(y.year, y.count.text, y.recomputed.text, y.above.text) for y in cohort.years] == [
        (2023, "2 个", "97.00 分", "1 个"),
        (2024, "5 个", "94.25 分", "1 个"),
    ]
    assert [(c.now.unit, c.points) for c in cohort.changes] == [
        ("bb", Decimal("-8.5")),
        ("aa", Decimal(3)),
    ]


def test_a_subtree_is_compared_alone(workspace):
    assert [m.run.unit for m in compared(workspace, under="aa").members] == ["aa", "cc", "bb", "dd"]
    with pytest.raises(JixiaoError, match="zz"):
        compared(workspace, under="zz")


def test_only_whole_runs_that_count_are_read(workspace):
    store(workspace.outputs, result_of("ff", 2024), "abcdefabcdef")
    (workspace.outputs / "ff/2024/department/current").unlink()
    damaged = workspace.outputs / "bb/2024/department/0123456789ab/result.json"
    damaged.write_bytes(damaged.read_bytes()[:-20])
    store(workspace.outputs, result_of("gg", 2024) | {"schema": "own/1"})
    units = {
        r.unit for r in open_results(2024, "department", workspace=workspace) if r.year == 2024
    }
    assert units == {"aa", "cc", "dd", "ee"}


def test_where_there_is_nothing_to_compare_it_says_what_to_do(workspace):
    for year, kind in ((2022, "department"), (2024, "project")):
        with pytest.raises(JixiaoError) as told:
            open_results(year, kind, workspace=workspace)
        assert "请先运行批次" in str(told.value)
        assert told.value.code == "no-results"
