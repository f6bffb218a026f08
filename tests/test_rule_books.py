"""The rule books beside the national ones, as cases an accountant can check: tests/cases."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from tests.ruled import at, budget, compare, evaluation, indicator

from jixiao.audit import judge
from jixiao.datum import Datum, Source, sources_of
from jixiao.importers.documents import Received, read_received
from jixiao.model import Filing, words
from jixiao.rubric import MEASURES, PARAMETERS, Rubric, load_rubric
from jixiao.scoring import METHODS, score_evaluation, scorecard_as_json
from jixiao.scoring.marks import mark
from jixiao.scoring.measures import MEASURES as COMPUTED
from jixiao.scoring.standards import STANDARDS
from jixiao.tables import table_base_indicators
from jixiao.workspace.yaml_file import load_yaml

TESTS = Path(__file__).parent
BOOKS = TESTS.parent / "params/rubrics"
NAMES = ("mof-2021-101", "hubei-20", "sichuan-2023", "jiangxi-2017", "changsha-yuhua", "yueyang")
STAGES = ("投入", "过程", "产出", "效果")
CASES = {name: load_yaml(TESTS / f"cases/{name}.yaml") for name in NAMES}


def book(name: str) -> Rubric:
    kind = "department" if name in ("changsha-yuhua", "yueyang") else "project"
    return load_rubric(BOOKS, name, int(str(CASES[name].get("year", 2022))), kind)


def cases(section: str) -> list:
    return [
        pytest.param(name, case, id=f"{name}：{case['name']}")
        for name, listed in CASES.items()
        for case in listed.get(section) or ()
    ]


def without_base_data(filing: Filing) -> Filing:
    return replace(filing, base_data=None, evaluations=())


@pytest.mark.parametrize(("name", "case"), cases("cases"))
def test_an_indicator_is_scored_as_the_case_says(name, case, sample_filing):
    rubric = book(name)
    rubric.rule(case["clause"])
    line = score_evaluation(sample_filing, evaluation(indicator(case)), rubric).lines[0]
    compare(line, case)
    assert str(case.get("drivers", "")) in words(line.reason)


@pytest.mark.parametrize(("name", "case"), cases("execution"))
def test_execution_is_scored_as_the_case_says(name, case, sample_filing):
    rubric = book(name)
    rubric.rule(case["clause"])
    line = score_evaluation(sample_filing, evaluation(budget=budget(case)), rubric).lines[0]
    compare(line, case)
    assert str(case.get("drivers", "")) in words(line.reason)


@pytest.mark.parametrize(("name", "case"), cases("weights"))
def test_weights_are_those_for_the_categories_of_the_form(name, case):
    found = book(name).expected_weights(frozenset(case["form"]))
    assert {key: weight.value for key, weight in found} == case["expected"]
    assert sum(weight.require() for _, weight in found) == 100


@pytest.mark.parametrize(("name", "case"), cases("standards"))
def test_a_standard_gives_what_the_case_says(name, case):
    rule = next(each for each in book(name).indicators if each.key == case["clause"])
    value = at(case["value"]).datum(rule.name, "%")
    found = mark(rule.method, rule.points, value, rule.reference)
    score = Decimal(str(case["score"]))
    assert found.score.value == score
    assert found.low.value == Decimal(str(case.get("low", score)))
    assert found.high.value == Decimal(str(case.get("high", score)))
    assert str(case.get("drivers", "")) in words(found.drivers)
    assert bool(found.drivers) == (found.low.value != found.high.value)
    assert sources_of(found.score)


@pytest.mark.parametrize(("name", "case"), cases("faults"))
def test_conditions_not_met_are_deducted(name, case):
    rule = next(each for each in book(name).indicators if each.key == case["clause"])
    faults = Datum.of(case["faults"], "项")
    found = mark(rule.method, rule.points, faults, rule.reference)
    assert found.score.value == Decimal(str(case["score"]))


@pytest.mark.parametrize(("name", "case"), cases("lines"))
def test_a_filed_line_is_matched_by_name(name, case, sample_filing):
    rubric = book(name)
    assert rubric.indicator_named(case["indicator"]).key == case["clause"]
    form = evaluation(indicator(case), kind="department")
    line = score_evaluation(without_base_data(sample_filing), form, rubric).lines[0]
    compare(line, case)
    assert str(case.get("drivers", "")) in words(line.reason)


def test_points_of_the_indicator_systems():
    yuhua = book("changsha-yuhua").indicators
    by_category: dict[str, Decimal] = {}
    for rule in yuhua:
        by_category[rule.category] = by_category.get(rule.category, Decimal(0)) + (
            rule.points.require()
        )
    assert by_category == {"投入": 13, "过程": 61, "产出及效率": 26}
    framework = load_rubric(BOOKS, "mof-2013-53-department", 2022, "department").indicators
    assert len(framework) == 28
    assert [rule.points for rule in framework] == [None] * 28
    counts = [sum(rule.category == name for rule in framework) for name in STAGES]
    assert counts == [5, 15, 4, 4]


def test_of_two_indicators_of_one_name_the_subcategory_tells():
    framework = load_rubric(BOOKS, "mof-2013-53-department", 2022, "department")
    assert framework.indicator_named("管理制度健全性", "资产管理").key == "asset_rules"
    assert framework.indicator_named("管理制度健全性", "预算管理").key == "budget_rules"
    assert framework.indicator_named("没有的指标") is None


def test_data_and_code_name_the_same_methods_and_measures():
    assert set(MEASURES) == set(COMPUTED)
    assert set(PARAMETERS) <= set(METHODS) | {"graded"}
    assert set(STANDARDS) <= set(PARAMETERS)


def test_the_sample_under_yuhua(sample_filing):
    department = sample_filing.evaluation("department")
    rubric = load_rubric(BOOKS, "changsha-yuhua", 2022, "department")
    found = score_evaluation(sample_filing, department, rubric).indicators_of_base_data
    scored = {
        each.name: (f"{each.value.value:.2f}", each.score.value, each.points.value)
        for each in found
        if each.score is not None
    }
    assert scored == {
        "在职人员控制率": ("85.71", 5, 5),
        "预算控制率": ("3.98", 4, 5),
        "公用经费控制率": ("58.20", 8, 8),
        "三公经费控制率": ("35.90", 8, 8),
    }
    for each in found[:16]:
        if each.name not in scored:
            assert each.status == "no_data"
            assert each.missing
            assert each.value.value is None


def test_the_framework_alone_sets_no_points(sample_filing):
    department = sample_filing.evaluation("department")
    rubric = load_rubric(BOOKS, "mof-2013-53-department", 2022, "department")
    found = score_evaluation(sample_filing, department, rubric).indicators_of_base_data
    assert [each.score for each in found] == [None] * len(found)
    assert {each.name for each in found if each.status == "computed"} >= {
        "在职人员控制率", "公用经费控制率", "三公经费控制率", "预算完成率", "预算调整率",
    }  # fmt: skip


@pytest.fixture(scope="module")
def hunan_2018() -> Filing:
    path = TESTS / "data/filings/20-hunan-form-base-data-2018.txt"
    return read_received((Received(path.name, path.read_bytes()),))


def test_an_old_scorecard_is_recomputed_line_by_line(hunan_2018):
    rubric = load_rubric(BOOKS, "changsha-yuhua", 2018, "department")
    card = score_evaluation(hunan_2018, hunan_2018.evaluation("department"), rubric)
    staffing, three_public, *_ = card.lines
    assert (staffing.status, staffing.claimed_score.value, staffing.score.value) == (
        "recomputed", 8, 8,
    )  # fmt: skip
    assert (three_public.status, three_public.score.value, three_public.points.value) == (
        "recomputed", 0, 8,
    )  # fmt: skip
    assert {each.name: each.score for each in card.indicators_of_base_data}["预算控制率"] is None
    completed = with_adjustment(hunan_2018)
    card = score_evaluation(completed, completed.evaluation("department"), rubric)
    control = {each.name: each for each in card.indicators_of_base_data}["预算控制率"]
    assert (f"{control.value.value:.2f}", control.score.value) == ("39.94", 0)


def with_adjustment(filing: Filing) -> Filing:
    """Complete the row of the adjustment, two figures of which the text cannot place."""
    rows = tuple(
        replace(
            row,
            budget=at("1922.76").datum("年初预算", "万元"),
            outturn=at("2690.62").datum("调整后预算", "万元"),
        )
        if row.name == "部门整体支出预算调整"
        else row
        for row in filing.base_data.expenditure
    )
    return replace(filing, base_data=replace(filing.base_data, expenditure=rows))


def test_a_filed_rate_gives_way_to_the_base_data(sample_filing):
    case = {"indicator": "在职人员控制率", "achieved": "100%", "points": 5, "claimed": 5}
    form = evaluation(indicator(case), kind="department")
    line = score_evaluation(sample_filing, form, book("changsha-yuhua")).lines[0]
    assert (line.status, line.score.value) == ("recomputed", 5)
    assert "按基础数据算得在职人员控制率 85.71%" in words(line.reason)
    assert any(isinstance(s, Source) and s.text.strip() == "56" for s in sources_of(line.score))


def test_a_filed_adjustment_gives_the_rate_of_control():
    path = TESTS / "data/published/hunan-scorecard-2018.html"
    filing = read_received((Received(path.name, path.read_bytes()),))
    rubric = load_rubric(BOOKS, "changsha-yuhua", 2018, "department")
    card = score_evaluation(filing, filing.evaluation("department"), rubric)
    found = {each.name: each for each in card.indicators_of_base_data}
    assert (found["预算控制率"].value.text, found["预算控制率"].score.value) == ("2.24%", 4)
    procurement = found["政府采购执行率"]
    assert [procurement.low.value, procurement.score.value, procurement.high.value] == [4, 6, 6]
    assert "不满一个单位怎样计" in words(procurement.drivers)
    assert [
        (line.members[0].name, line.method) for line in card.lines if line.status == "recomputed"
    ] == [
        ("在职人员控制率", "deduction"),
        ("“三公经费”变动率", "deduction"),
        ("新建楼堂馆所面积控制率", "none_gives_full"),
        ("公用经费控制率", "deduction"),
        ("重点工作实际完成率", "coefficient"),
        ("社会公众或服务对象满意度", "intervals"),
    ]


def test_buildings_filed_as_none_give_full_points(sample_filing):
    none = at("无").datum("实际规模", "㎡"), at("无").datum("批复规模", "㎡")
    buildings = replace(
        sample_filing.base_data.buildings,
        actual_floor_area=none[0],
        approved_floor_area=none[1],
    )
    filing = replace(sample_filing, base_data=replace(sample_filing.base_data, buildings=buildings))
    card = score_evaluation(filing, filing.evaluation("department"), book("changsha-yuhua"))
    found = {each.name: each for each in card.indicators_of_base_data}
    area, money = found["新建楼堂馆所面积控制率"], found["新建楼堂馆所投资概算控制率"]
    assert (area.score.value, area.method, area.missing) == (5, "none_gives_full", ())
    assert (money.score, money.missing) == (None, ("实际投资", "预算投资"))


def test_json_keeps_its_keys_and_gains_the_points(sample_filing):
    department = sample_filing.evaluation("department")
    card = score_evaluation(sample_filing, department, book("changsha-yuhua"))
    staffing = scorecard_as_json(card)["indicators_of_base_data"][0]
    working = staffing.pop("score_working")
    assert working["label"] == "在职人员控制率得分"
    assert staffing.pop("working")["label"] == "在职人员控制率"
    assert staffing == {
        "name": "在职人员控制率", "value": "85.71", "unit": "%", "status": "computed",
        "missing": [], "note": None, "points": "5", "score": "5", "low": "5", "high": "5",
        "method": "deduction", "drivers": None,
    }  # fmt: skip


def test_the_report_shows_points_only_where_the_book_sets_them(sample_filing, rubrics, checklist):
    plain = judge(sample_filing, "department", rubrics, checklist)
    scored = judge(
        sample_filing, "department", rubrics | {"department": book("changsha-yuhua")}, checklist
    )
    without, table = (table_base_indicators(each).block for each in (plain, scored))
    assert [column.label for column in without.columns] == ["指标", "数值", "算式", "说明"]
    assert [column.label for column in table.columns] == [
        "指标", "数值", "分值", "得分", "可能范围", "算式", "说明",
    ]  # fmt: skip
    texts = [["".join(run.text for run in cell.runs) for cell in row] for row in table.rows]
    assert texts[0][:5] == ["在职人员控制率", "85.71%", "5", "5", "5"]
    assert texts[1][1:5] == ["无数据", "8", "—", "—"]
    assert texts[1][6] == "无数据：缺三公经费上年预算数"
