"""Many runs side by side: read by DuckDB, ranked, counted, held against the year before."""

import hashlib
import json
from decimal import Decimal
from pathlib import Path

import nbformat
import pytest
from lxml import html
from nbclient import NotebookClient

from jixiao import charts
from jixiao.batch.overview import write_overview
from jixiao.batch.prune import find_spares
from jixiao.charts import cohort_distribution
from jixiao.cli import run
from jixiao.cohort import Lines, compare
from jixiao.errors import JixiaoError
from jixiao.importers.results import open_results
from jixiao.rubric import load_checklist
from jixiao.workspace.places import VARIABLE, Workspace
from jixiao.workspace.runs import COHORT, OUTPUTS

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


# ---------------------------------------------------------------- charts and tables


def test_the_charts_say_what_they_draw(workspace):
    cohort = compared(workspace)
    assert [
        picture.title
        for picture in (
            charts.chart_distribution(cohort),
            charts.chart_differences(cohort),
            charts.chart_execution(cohort),
            charts.chart_checks(cohort, CHECKLIST),
            charts.chart_years(cohort),
            charts.chart_ranking(cohort),
        )
    ] == [
        "5 个单位中 5 个为优；中位数：自评 97.80 分，重算 94.25 分",
        "1 个单位自评高于重算，最多的是bb 局（高 7.30 分）；2 个低于重算",
        "红色预警 1 个（钱没花完而得分高）：cc 局；黄色预警 1 个",
        "2 个单位有严重程度高的发现；最常见的是 B-01“预算执行率等于执行数除以全年预算数”，2 个（40%）",
        "2024 年度重算得分的中位数 94.25 分，比 2023 年度降 2.75 分",
        "重算得分最低的是dd 局（70.00 分），最高的是aa 局等 2 个（98.00 分）",
    ]


def test_the_words_of_a_chart_have_every_number_of_it(workspace):
    cohort = compared(workspace)
    told = charts.chart_ranking(cohort).alt
    assert "第 1 名 aa 局 98.00（自评 97.80）" in told
    assert "第 4 名 dd 局 70.00（自评 未填）" in told
    assert "bb 局 +7.30" in charts.chart_differences(cohort).alt
    assert "cc 局 执行率 93.09%、得分率 98.00%" in charts.chart_execution(cohort).alt
    assert "2023 年度 2 个单位，重算 97.00 分，自评 97.40 分" in charts.chart_years(cohort).alt


def test_points_stand_where_their_rates_are_and_the_zones_behind_them(workspace):
    ax = charts.plot_execution(charts.execution_numbers(compared(workspace)))
    drawn = [
        (float(x), float(y))
        for line in ax.lines + [a for a in ax.artists if hasattr(a, "get_xdata")]
        if line.get_linestyle() == "None"
        for x, y in zip(line.get_xdata(), line.get_ydata(), strict=True)
    ]
    assert (93.09, 98.0) in drawn
    assert (60.0, 60.0) in drawn
    assert len(ax.patches) == 2


def test_where_there_is_nothing_to_draw_the_chart_says_why(workspace):
    results = [r for r in open_results(2024, "department", workspace=workspace) if r.unit == "ee"]
    alone = compare(results, 2024, "department", CHECKLIST)
    assert [
        chart.sentence
        for chart in (
            charts.chart_distribution(alone),
            charts.chart_differences(alone),
            charts.chart_execution(alone),
            charts.chart_checks(alone, CHECKLIST),
            charts.chart_years(alone),
            charts.chart_ranking(alone),
        )
    ] == [
        "没有一份得出重算总分，得分分布图从略。",
        "没有一份同时有自评总分和重算总分，自评与重算的差异图从略。",
        "没有一份同时有执行率和指标得分率，执行率与得分率的图从略。",
        "1 个单位的核查都没有发现，核查发现图从略。",
        "2024 年度以前没有完成的评价，年度变化图从略。",
        "得出重算总分的不足两个，排名图从略。",
    ]


@pytest.mark.parametrize(
    ("value", "width", "start"),
    [
        ("100", 1, 99),
        ("99", 1, 99),
        ("98.99", 1, 98),
        ("100.01", 1, 100),
        ("70", 5, 70),
        ("0", 10, 0),
    ],
)
def test_a_full_score_belongs_to_the_highest_band(value, width, start):
    assert cohort_distribution._band(Decimal(value), width) == start


# ---------------------------------------------------------------- the command


@pytest.fixture
def ready(workspace) -> Workspace:
    """The same workspace with the notebook and the law, so that the command runs in it."""
    for name in ("notebooks/cohort_review.ipynb", "params/checks.yaml"):
        (workspace.root / name).parent.mkdir(exist_ok=True)
        (workspace.root / name).write_bytes((ROOT / name).read_bytes())
    return workspace


def in_jupyterlab(workspace: Workspace) -> dict:
    """Run the notebook as JupyterLab does, and give the result it shows."""
    nb = nbformat.read(workspace.notebooks / "cohort_review.ipynb", as_version=4)
    (cell,) = [cell for cell in nb.cells if "parameters" in cell.metadata.get("tags", [])]
    cell.source = cell.source.replace("2022", "2024")
    NotebookClient(nb, resources={"metadata": {"path": str(workspace.notebooks)}}).execute()
    return nb.cells[-1].outputs[0].data["application/vnd.jixiao.result+json"]


@pytest.mark.slow
def test_one_command_makes_the_report_and_every_number_leads_to_a_run(ready, capsys, monkeypatch):
    monkeypatch.setenv(VARIABLE, str(ready.root))
    assert run(["cohort", "2024"]) == 0
    told = capsys.readouterr().out
    assert "5 个单位" in told
    assert "红色预警 1，黄色预警 1" in told
    folder = ready.outputs / "cohort_review" / "2024" / "department" / "current"
    assert (folder / "report.pdf").read_bytes().startswith(b"%PDF-")
    page = html.parse(folder / "report.html").getroot()
    ids = {element.get("id") for element in page.iter() if element.get("id")}
    targets = {link.get("href").removeprefix("#") for link in page.iter("a")}
    assert targets <= ids
    for name in ("t-ranking", "t-warnings", "t-years", "t-changes"):
        block = page.get_element_by_id(name)
        bare = [
            text
            for cell in block.xpath(".//tbody//td")
            for text in cell.xpath(".//text()[not(ancestor::a)]")
            if "." in text
        ]
        assert bare == [], name
    for name in ("aa", "bb"):
        assert (
            "0123456789ab" in page.get_element_by_id(f"run-{name}-2023-department").text_content()
        )
    result = json.loads((folder / "result.json").read_bytes())
    assert in_jupyterlab(ready) == result
    assert [m["rank"] for m in result["members"]] == [1, 1, 3, 4, None]
    manifest = json.loads((folder / "manifest.json").read_bytes())
    read = {i["name"]: i["sha256"] for i in manifest["inputs"] if i["name"].startswith("outputs/")}
    assert read == {f"outputs/{r['run']}/result.json": r["sha256"] for r in result["runs"]}

    assert run(["cohort", "2024"]) == 0
    assert "输入没有变化" in capsys.readouterr().out
    store(ready.outputs, result_of("ff", 2024))
    assert run(["cohort", "2024", "--formats", "html"]) == 0
    assert "6 个单位" in capsys.readouterr().out
    (review,) = html.parse(ready.outputs / "index.html").getroot().xpath("//header//a")
    assert review.text == "2024 部门整体"
    assert (ready.outputs / review.get("href")).is_file()
    spare = [
        s.path.parent.parent.parent.name for s in find_spares(ready.outputs) if s.kind == "run"
    ]
    assert spare == [COHORT]
    assert [row.unit for row in write_overview(ready.outputs).rows if row.unit == COHORT] == []


@pytest.mark.slow
def test_it_reads_the_outputs_it_is_told_to(ready, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv(VARIABLE, str(ready.root))
    elsewhere = tmp_path / "elsewhere"
    store(elsewhere, result_of("bb", 2024))
    store(elsewhere, result_of("cc", 2024))
    assert run(["cohort", "2024", "--formats", "html", "--outputs", str(elsewhere)]) == 0
    assert "2 个单位" in capsys.readouterr().out
    assert (elsewhere / "cohort_review/2024/department/current/report.html").is_file()
    assert not (ready.outputs / "cohort_review").exists()


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["24"], 2, "不是年度"),
        (["2022"], 1, "请先运行批次"),
        (["2024", "--kind", "unit"], 2, "department"),
        (["2024", "--under", "zz"], 2, "zz"),
        (["2024", "--formats", "doc"], 2, "doc"),
        (["2024", "--kind", "project"], 1, "2024 年度没有完成的项目支出评价"),
    ],
)
def test_what_cannot_be_compared_is_said(ready, capsys, monkeypatch, arguments, status, words):
    monkeypatch.setenv(VARIABLE, str(ready.root))
    assert run(["cohort", *arguments]) == status
    assert words in capsys.readouterr().err
    assert not (ready.outputs / "cohort_review").exists()
