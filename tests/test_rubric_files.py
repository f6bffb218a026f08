"""Mistakes in a rule book of a place: one broken file each, its place, and what was expected."""

import re
import shutil
from decimal import Decimal
from pathlib import Path

import pytest
from tests.ruled import evaluation, indicator

from jixiao.errors import BadFile, UnknownName
from jixiao.rubric import choose_rubric, choose_rubrics, load_rubric
from jixiao.scoring import score_evaluation

ROOT = Path(__file__).parent.parent
GUIDE = ROOT / "docs/add-a-rubric.md"
EXAMPLE = re.search(r"```yaml\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL).group(1)
STANDARD = (
    'score: {method: deduction, full_at: 100, worse: above, each: 1, deduct: "0.5", count: floor}'
)
CLAUSE = 'reference: [{title: 某市财政局 2023 年通知 第八条, href: null, note: ""}]'
ZERO_TO_TEN = 'from: 0, to: 10, ends: "[]", points: 5'
ABOVE_ZERO = 'from: 0, to: null, ends: "()", points: 5'
CHOICES = "    choices: {count: [floor, linear, ceil]}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copied = tmp_path / "params/rubrics"
    shutil.copytree(ROOT / "params/rubrics", copied)
    (copied / "my-city.yaml").write_text(EXAMPLE, "utf-8")
    return copied


def test_the_example_of_the_guide_is_a_rule_book(folder, sample_filing):
    book = load_rubric(folder, "my-city", 2023, "department")
    assert (book.extends, book.by_analogy) == ("mof-2013-53-department", False)
    assert [band.at_least.value for band in book.bands] == [80, 50, 0]
    assert [(rule.name, rule.points.value) for rule in book.indicators] == [("在职人员控制率", 5)]
    assert book.reference("grades").key == "mof-2020-10.grades"
    case = {"indicator": "在职人员控制率", "achieved": "100%", "points": 5, "claimed": 5}
    form = evaluation(indicator(case), kind="department")
    card = score_evaluation(sample_filing, form, book)
    assert (card.lines[0].score.value, card.rubric) == (5, "my-city")


def steps(entries: str, more: str = "") -> str:
    return f"score: {{method: steps, steps: [{entries}]{more}}}"


def intervals(*entries: str) -> str:
    listed = ", ".join("{" + entry + "}" for entry in entries)
    return f"score: {{method: intervals, intervals: [{listed}]}}"


@pytest.mark.parametrize(
    ("old", "new", "code", "words"),
    [
        ("default: false", "default: no", "rubric-default", "true（按年度选用）或 false"),
        ("default: false", "defalut: false", "yaml-unknown-key", "不认识的键 “defalut”"),
        ("default: false", "default: true", "rubric-extends", "不能沿用别的规则"),
        ("extends: mof-2013-53-department", "extends: my-city", "rubric-extends", "不绕圈"),
        ("{department: direct}", "{department: maybe}", "rubric-applies", "by_analogy（比照）"),
        ("{department: direct}", "{county: direct}", "yaml-unknown-key", "department、project"),
        ("{from: 2023, to: null}", "{from: 2023}", "yaml-missing-key", "缺少键 to"),
        ("  qualitative.bands:", "  qualitative.band:", "yaml-unknown-key", "qualitative.bands"),
        ("unit: \"%\"", "units: \"%\"", "yaml-unknown-key", "description、unit、values"),
        ("at_least: 50, at_most: 80", "at_least: 90, at_most: 80", "rubric-order", "由高到低"),
        ("at_least: 50", "at_least: half", "rubric-number", "“half”不是数"),
        ("href: null", "href: https://example.com/a", "rubric-href", "政府网站"),
        ("verified: true", "verified: \"true\"", "rubric-verified", "true 或 false"),
        (CLAUSE, "reference: 第八条", "rubric-reference", "依据的列表"),
        ("  staffing:  ", "  staffings:  ", "yaml-missing-key", "缺少键 name、category"),
        ("    points: 5", "    points: many", "rubric-number", "“many”不是数"),
        ("    points: 5", "    points: 0", "rubric-number", "大于 0 的分值"),
        ("    points: 5", "    points: 5\n    measure: staff_rate", "rubric-measure", "staffing_control_rate"),
        ("    points: 5", "    points: 5\n    needs: 编制数", "yaml-type", "文字的列表"),
        ("    points: 5", "    points: 5\n    not_applicable: half", "rubric-not-applicable", "得满分"),
        ("method: deduction", "method: deductions", "rubric-method", "没有方法“deductions”"),
        ("method: deduction", "method: deadline", "rubric-method", "这里可用的方法：intervals、steps"),
        ("{method: deduction, ", "{", "rubric-method", "没有写 method"),
        ("full_at: 100, ", "", "yaml-missing-key", "缺少键 full_at"),
        ("each: 1", "each: 0", "rubric-number", "大于 0 的数"),
        ("worse: above", "worse: over", "rubric-parameter", "above、below、either"),
        ("count: floor}", "count: half}", "rubric-parameter", "floor、linear、ceil"),
        ("count: floor}", "count: floor, ceiling: 3}", "yaml-unknown-key", "ceiling"),
        ("{count: [floor, linear, ceil]}", "{count: [linear, ceil]}", "rubric-choice", "其中有现用的“floor”"),
        ("{count: [floor, linear, ceil]}", "{count: [floor, floor]}", "rubric-choice", "不重复的列表"),
        ("{count: [floor, linear, ceil]}", "{count: [floor, half]}", "rubric-parameter", "“half”"),
        ("{count: [floor, linear, ceil]}", "{kount: [floor]}", "rubric-choice", "full_at、worse、each、deduct、count"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place(folder, old, new, code, words):
    refuse(folder, EXAMPLE.replace(old, new, 1), old, code, words)


@pytest.mark.parametrize(
    ("standard", "code", "words"),
    [
        (steps("{at_least: 60, points: 3}, {at_least: 90, points: 5}"), "rubric-order", "由高到低"),
        (steps("{at_least: 90, points: 6}"), "rubric-number", "得分“6”超出范围"),
        (steps("{at_least: 90}"), "yaml-missing-key", "缺少键 points"),
        (steps(""), "rubric-values", "没有档次"),
        (intervals(ZERO_TO_TEN, 'from: 10, to: 20, ends: "[]", points: 3'), "rubric-order", "互不重叠"),
        (intervals('from: 10, to: 0, ends: "[]", points: 5'), "rubric-order", "互不重叠"),
        (intervals('from: 0, to: 0, ends: "(]", points: 5'), "rubric-order", "互不重叠"),
        (intervals(ABOVE_ZERO, 'from: 9, to: 10, ends: "()", points: 3'), "rubric-order", "互不重叠"),
        (intervals('from: 0, to: 10, ends: "][", points: 5'), "rubric-parameter", "“[]”、“(]”、“[)”、“()”"),
        (intervals("from: 0, to: 10, points: 5"), "yaml-missing-key", "缺少键 ends"),
        ("score: {method: graded, bands: [{words: 一般, points: 3}]}", "rubric-words", "词的列表"),
        ("score: {method: graded, bands: [{words: [一般], points: 9}]}", "rubric-number", "超出范围"),
        ("score: {method: parts, deduct: -1}", "rubric-number", "大于 0 的数"),
    ],
)  # fmt: skip
def test_a_wrong_standard_is_told_with_its_place(folder, standard, code, words):
    text = EXAMPLE.replace(STANDARD, standard, 1).replace(CHOICES, "", 1)
    refuse(folder, text, STANDARD, code, words)


@pytest.mark.parametrize(
    ("value", "code", "words"),
    [
        ("{execution: 10, result: 90}", "rubric-weights", "“result”不是一级指标的编号"),
        ("{execution: 10, output+output: 90}", "rubric-weights", "“output”重复"),
        ("{execution: 10, output: -5}", "rubric-number", "小于 0"),
        ("[10, 90]", "yaml-mapping", "不是一组键值"),
    ],
)
def test_wrong_weights_are_told_with_their_place(folder, value, code, words):
    refuse(folder, with_rule("weights", value), "rules:", code, words)


@pytest.mark.parametrize(
    ("key", "value", "code", "words"),
    [
        ("not_applicable", "{satisfaction: ignore}", "rubric-not-applicable", "move_to outcome"),
        ("not_applicable", "{satisfaction: move_to nowhere}", "rubric-not-applicable", "full、drop"),
        ("satisfaction.score", "{method: steps, steps: [{at_least: 90, points: 10}]}", "rubric-out-of", "out_of: 10"),
        ("satisfaction.score", "{method: yes_no, yes: [是], no: [否]}", "rubric-method", "proportional、intervals"),
        ("quantitative.yes_no", "{method: yes_no, yes: [], no: [否]}", "rubric-words", "词的列表"),
        ("quantitative.deadline", "{method: deadline, late: per_day}", "yaml-missing-key", "缺少键 deduct"),
        ("quantitative.at_most", "{method: inverse, nothing_below: 60}", "yaml-unknown-key", "nothing_below"),
        ("quantitative.range", "{method: range, outside: half}", "rubric-parameter", "nothing、distance"),
        ("over_completion.review_at", "[30]", "rubric-number", "不是数"),
        ("merged_groups.split", "halves", "rubric-method", "“equal”"),
        ("rounding", "9", "rubric-number", "0 至 4 的整数"),
    ],
)  # fmt: skip
def test_a_wrong_rule_is_told_with_its_place(folder, key, value, code, words):
    refuse(folder, with_rule(key, value), "rules:", code, words)


def test_a_rule_without_a_method_leaves_no_choice(folder):
    text = with_rule("rounding", "2").replace(
        "    unit: x\n", "    unit: x\n    choices: {a: [b]}\n"
    )
    refuse(folder, text, "rules:", "rubric-choice", "无可选择")


@pytest.mark.parametrize(
    ("policy", "points", "on_100", "method"),
    [("drop_and_rescale", 10, "75", "drop_and_rescale"), ("full", 20, "87.50", "none_gives_full")],
)
def test_what_does_not_apply_goes_by_the_policy(
    folder, sample_filing, policy, points, on_100, method
):
    text = with_rule("not_applicable", f"{{satisfaction: {policy}}}")
    (folder / "my-city.yaml").write_text(text, "utf-8")
    book = load_rubric(folder, "my-city", 2023, "project")
    done = indicator({"target": "≥100件", "achieved": "75件"})
    none = indicator(
        {"subcategory": "满意度指标", "target": "≥90%", "achieved": "不适用", "claimed": 10},
        "满意度",
    )
    card = score_evaluation(sample_filing, evaluation(done, none), book)
    assert (card.lines[1].method, card.lines[1].status) == (method, "recomputed")
    assert (card.points_total.value, card.total_on_100.text) == (points, f"{on_100}分")


@pytest.mark.parametrize(
    ("done", "score"),
    [("2022年12月31日", 10), ("2023年1月3日", "8.50"), ("2023年2月28日", 0)],
)
def test_days_late_are_deducted_one_by_one(folder, sample_filing, done, score):
    rule = '{method: deadline, late: per_day, deduct: "0.5"}'
    (folder / "my-city.yaml").write_text(with_rule("quantitative.deadline", rule), "utf-8")
    book = load_rubric(folder, "my-city", 2023, "project")
    case = {"target": "2022年12月31日前", "achieved": done}
    line = score_evaluation(sample_filing, evaluation(indicator(case)), book).lines[0]
    assert (line.method, line.status) == ("deadline", "recomputed")
    assert line.score.value == Decimal(score)


def test_a_share_below_the_lowest_counts_for_nothing(folder, sample_filing):
    (folder / "my-city.yaml").write_text(
        with_rule("satisfaction.score", "{method: proportional, nothing_below: 60}"), "utf-8"
    )
    book = load_rubric(folder, "my-city", 2023, "project")
    for achieved, score in (("60%", 6), ("59.9%", 0), ("100%", 10)):
        case = {"subcategory": "满意度指标", "target": "≥95%", "achieved": achieved}
        line = score_evaluation(sample_filing, evaluation(indicator(case)), book).lines[0]
        assert (line.status, line.score.value) == ("recomputed", score)


def with_rule(key: str, value: str) -> str:
    rule = f"rules:\n  {key}:\n    description: x\n    unit: x\n    values: [{{from: 2023, value: {value}}}]\n"
    return EXAMPLE.replace("rules:\n", f"{rule}    reference: []\n    verified: false\n", 1)


def refuse(folder: Path, text: str, old: str, code: str, words: str) -> None:
    assert old in EXAMPLE
    assert text != EXAMPLE
    (folder / "my-city.yaml").write_text(text, "utf-8")
    with pytest.raises(BadFile) as caught:
        load_rubric(folder, "my-city", 2023, "department")
    assert (caught.value.code, words in str(caught.value)) == (code, True), str(caught.value)
    assert caught.value.where.startswith("params/rubrics/my-city.yaml")


def test_two_indicators_of_one_name_are_an_error(folder):
    path = folder / "my-city.yaml"
    second = EXAMPLE[EXAMPLE.index("  staffing:") :].replace("  staffing:", "  other:", 1)
    named = second.replace(
        "    points: 5\n",
        "    points: 5\n    name: “在职人员控制率”\n    category: 投入\n    subcategory: 预算配置\n",
    )
    path.write_text(EXAMPLE + named, "utf-8")
    with pytest.raises(BadFile, match="既是 staffing 又是 other"):
        load_rubric(folder, "my-city", 2023, "department")


def test_an_unknown_book_to_extend_lists_the_known(folder):
    text = EXAMPLE.replace("extends: mof-2013-53-department", "extends: mof-2013")
    (folder / "my-city.yaml").write_text(text, "utf-8")
    with pytest.raises(UnknownName, match="mof-2013-53-department、mof-2016-123"):
        load_rubric(folder, "my-city", 2023, "department")


def test_a_book_of_a_place_is_never_chosen_by_the_year(folder):
    for year in (2016, 2020, 2023):
        for kind in ("department", "project"):
            assert choose_rubric(folder, year, kind).id.startswith("mof-20")
    assert choose_rubric(folder, 2023, "department", "my-city").id == "my-city"


def test_a_book_is_for_the_kinds_it_applies_to(folder):
    chosen = choose_rubrics(folder, 2023, {}, "my-city")
    assert {kind: book.id for kind, book in chosen.items()} == {
        "department": "my-city",
        "project": "mof-2020-10",
    }
    with pytest.raises(BadFile, match="my-city 不适用于项目支出"):
        choose_rubric(folder, 2023, "project", "my-city")
    fixed = choose_rubrics(folder, 2023, {"project": "sichuan-2023"}, "my-city")
    assert fixed["project"].id == "sichuan-2023"


def test_a_changed_book_is_read_again(folder):
    path = folder / "my-city.yaml"
    assert choose_rubric(folder, 2023, "department", "my-city").bands[1].at_least.value == 50
    path.write_text(EXAMPLE.replace("at_least: 50", "at_least: 40"), "utf-8")
    assert choose_rubric(folder, 2023, "department", "my-city").bands[1].at_least.value == 40


def test_what_a_report_attaches_holds_every_rule(folder):
    book = load_rubric(folder, "my-city", 2023, "department")
    for rubric_id in ("my-city", "mof-2013-53-department", "mof-2020-10"):
        assert re.search(rf"^id: {rubric_id}\b", book.text, re.MULTILINE)
