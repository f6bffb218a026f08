"""Headers as they are worded (FAULTS.md A24, A25): 200 variants read alike; what is not understood is named."""

import itertools
from dataclasses import replace

import pytest
from tests.build import Box
from tests.formats import SAMPLE, codes, without_addresses
from tests.small_form import BUDGET_HEADER, FORMATS, INDICATOR_HEADER, SmallForm, read_form

from jixiao.errors import BadFile
from jixiao.importers import read_document, reading_as_json
from jixiao.importers.forms import known_forms

FORM = SmallForm()
#: The words units use for each column; the first is the official form's.
SYNONYMS = {
    "年初预算数": ("年初预算数", "年初预算"),
    "全年预算数": ("全年预算数", "调整后预算数", "全年调整预算数", "预算数"),
    "全年执行数": ("全年执行数", "预算执行数", "执行数"),
    "执行率": ("执行率", "预算执行率"),
    "三级指标": ("三级指标", "指标名称", "具体指标"),
    "年度指标值": ("年度指标值", "指标值", "年初目标值", "目标值", "预期值", "年度目标值", "预期指标值"),
    "实际完成值": ("实际完成值", "完成值", "全年实际值", "实际值", "全年完成值", "实际完成情况", "完成情况"),
    "分值": ("分值", "权重", "满分", "标准分"),
    "得分": ("得分", "自评得分", "实际得分"),
    "偏差原因分析及改进措施": (
        "偏差原因分析及改进措施", "偏差原因分析", "偏差原因", "未完成原因分析", "备注",
    ),
}  # fmt: skip
#: What stands around a word: spaces, line breaks, brackets of both widths, units, (A) and (B).
DECORATIONS = {
    "as it is": lambda word: word,
    "spaced out": " ".join,
    "with wide spaces": lambda word: f"　{word[0]}　{word[1:]}　",
    "on two lines": lambda word: f"{word[:2]}\n{word[2:]}",
    "with (A)": lambda word: f"{word}(A)",
    "with （B） on a line of its own": lambda word: f"{word}\n（B）",
    "with a unit in brackets": lambda word: f"{word}（%）",
    "with a colon": lambda word: f"{word}：",
    "with a year": lambda word: f"2022年{word}",
    "with a zero-width space": lambda word: f"{word[0]}\u200b{word[1:]}",
}
MONEY = ("年初预算数", "全年预算数", "全年执行数")


def variants() -> list[tuple[str, str, str]]:
    """Word, synonym, decoration: 200 of all there are, evenly taken."""
    every = [
        (word, synonym, name)
        for word, synonyms in SYNONYMS.items()
        for synonym, name in itertools.product(synonyms, DECORATIONS)
    ]
    # Seven shares no factor with the number of decorations: every one meets every word's kind.
    return [every[n * 7 % len(every)] for n in range(len(every))][:200]


def worded(word: str, text: str) -> SmallForm:
    def changed(header):
        return tuple(text if cell == word else cell for cell in header)

    return replace(
        FORM,
        budget_header=changed(BUDGET_HEADER),
        indicator_header=changed(INDICATOR_HEADER),
    )


def reading(filing):
    found = without_addresses(reading_as_json(filing, raw=True))
    return found["evaluations"]


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    return reading(read_form(tmp_path_factory.mktemp("plain"), FORM))


def test_there_are_200_variants():
    assert len(set(variants())) == 200
    assert {decoration for _, _, decoration in variants()} == set(DECORATIONS)
    assert {synonym for _, synonym, _ in variants()} == {
        word for words in SYNONYMS.values() for word in words
    }


@pytest.mark.parametrize(("word", "synonym", "decoration"), variants())
def test_a_header_is_read_however_it_is_worded(tmp_path, plain, word, synonym, decoration):
    ending = FORMATS[variants().index((word, synonym, decoration)) % len(FORMATS)]
    form = worded(word, DECORATIONS[decoration](synonym))
    found = read_form(tmp_path, form, ending=ending)
    unseen = {"control-character"} if "zero-width" in decoration else set()
    assert set(codes(found)) == unseen
    assert reading(found) == plain


@pytest.mark.parametrize("ending", FORMATS)
@pytest.mark.parametrize("seed", range(6))
def test_columns_may_stand_in_another_order(tmp_path, plain, ending, seed):
    """The columns behind the levels, and the amounts, in six other orders."""
    order = list(itertools.permutations(range(4, 8)))[1 + seed * 4]
    indicators = [0, 1, 2, 3, *order, 8]
    amounts = [0, 1, *list(itertools.permutations((2, 3, 4)))[seed % 5 + 1], 5, 6, 7]
    form = replace(
        FORM,
        budget_header=tuple(FORM.budget_header[n] for n in amounts),
        budget=tuple(tuple(row[n] for n in amounts) for row in FORM.budget),
        indicator_header=tuple(FORM.indicator_header[n] for n in indicators),
        indicators=tuple(tuple(row[n] for n in indicators) for row in FORM.indicators),
    )
    assert reading(read_form(tmp_path, form, ending=ending)) == plain


# --- two columns of one meaning ---


@pytest.mark.parametrize("ending", FORMATS)
def test_two_columns_of_one_meaning_are_named(tmp_path, ending):
    header = (*INDICATOR_HEADER[:7], "权重", "得分")
    found = read_form(tmp_path, replace(FORM, indicator_header=header), ending=ending)
    problem = next(p for p in found.problems if p.code == "ambiguous-column")
    assert "“分值”（第7列）、“权重”（第8列） 含义相同" in problem.message
    assert "请核对原件" in problem.message
    assert problem.source.row == 8 + (ending == "xlsx")


def test_two_budget_columns_of_the_base_data_are_named(tmp_path):
    text = SAMPLE.read_text("utf-8").replace("\t2021年决算数", "\t2022年调整预算数", 1)
    path = tmp_path / "filing.txt"
    path.write_text(text.replace("调整预算数", "年初预算数"), "utf-8")
    (problem,) = read_document(path).problems
    assert problem.code == "ambiguous-column"
    assert "“2022年年初预算数”（第2列）、“2022年预算数”（第3列）" in problem.message


# --- headers over two rows, headers printed again ---


@pytest.mark.parametrize("ending", FORMATS)
def test_a_header_printed_again_on_a_new_page_is_no_row(tmp_path, plain, ending):
    rows = (*FORM.indicators[:2], INDICATOR_HEADER, *FORM.indicators[2:])
    found = read_form(tmp_path, replace(FORM, indicators=rows), ending=ending)
    assert codes(found) == []
    assert reading(found) == plain


@pytest.mark.parametrize("ending", ["docx", "xlsx", "html"])
def test_a_header_over_two_rows_is_read(tmp_path, plain, ending):
    tall = [Box(word, 1 + (word == "偏差原因分析及改进措施"), 2) for word in INDICATOR_HEADER[4:]]
    low = [Box("", box.columns, goes_on=True) for box in tall]
    top = (Box("绩效指标", 3), *tall)
    below = (Box("一级指标"), Box("二级指标"), Box("三级指标"), *low)
    rows = [(*map(Box, row[1:8]), Box(row[8], 2)) for row in FORM.indicators]
    form = replace(FORM, indicator_header=top, indicators=(below, *rows))
    found = read_form(tmp_path, form, ending=ending)
    assert codes(found) == []
    assert reading(found) == plain


# --- headers that are not understood ---

UNREAD = ("评议事项", "甲类", "乙类", "丙类", "愿望", "所得", "轻重", "评语", "附言")
HEADERS = {
    "no word known": (UNREAD, 0),
    "the opening known": (("绩效指标", *UNREAD[1:]), 0),
    "the levels known": ((*INDICATOR_HEADER[:4], *UNREAD[4:]), 4),
}


@pytest.mark.parametrize("ending", FORMATS)
@pytest.mark.parametrize("name", HEADERS)
def test_a_header_not_understood_is_named_word_by_word(tmp_path, name, ending):
    header, known = HEADERS[name]
    found = read_form(tmp_path, replace(FORM, indicator_header=header), ending=ending)
    assert codes(found) == ["header-not-understood"]
    (problem,) = found.problems
    for word in UNREAD[4:]:
        assert f"“{word}”" in problem.message
    assert "应是绩效指标的表头" in problem.message
    assert "docs/add-a-form.md" in problem.message
    assert problem.source.row in {"docx": (8,), "html": (8,)}.get(ending, (8, 9))
    assert ("个词中认得" in problem.message) is (name != "no word known")
    (evaluation,) = found.evaluations
    for indicator in evaluation.indicators:
        amounts = [each.value for each in (indicator.points, indicator.score) if each]
        assert (indicator.target.text, {*amounts} - {None}) == ("", set())
    assert found.is_incomplete("project-1")
    assert evaluation.budget.final_budget.text == "38万元"
    assert len(evaluation.indicators) in (0, known)


@pytest.mark.parametrize("ending", FORMATS)
@pytest.mark.parametrize("opening", ["资金（万元）", "项目资金（万元）"])
def test_a_budget_header_not_understood_is_named(tmp_path, opening, ending):
    header = (opening, "", "年初数", "全年数", "执行情况", "分数", "比例", "打分")
    found = read_form(tmp_path, replace(FORM, budget_header=header), ending=ending)
    assert codes(found) == ["header-not-understood"]
    (problem,) = found.problems
    assert "“年初数”、“全年数”、“执行情况”" in problem.message
    assert "应是预算资金的表头" in problem.message
    (evaluation,) = found.evaluations
    budget = evaluation.budget
    assert budget is None or budget.final_budget.value is None
    assert len(evaluation.indicators) == 4


def test_a_base_data_header_not_understood_is_named(tmp_path):
    text = SAMPLE.read_text("utf-8")
    for year in ("2021年决算数", "2022年预算数", "2022年决算数"):
        text = text.replace(f"\t{year}", f"\t{year[:5]}金额", 1)
    path = tmp_path / "filing.txt"
    path.write_text(text, "utf-8")
    found = read_document(path)
    assert codes(found) == ["header-not-understood"]
    assert "应是经费控制情况的表头" in found.problems[0].message
    assert "“2021年金额”" in found.problems[0].message


# --- a document of no form we know ---

OTHER = (
    ("工号", "姓名", "职务", "得分"),
    ("1", "甲", "主任", "90"),
    ("2", "乙", "副主任", "85"),
)


@pytest.mark.parametrize("ending", ["docx", "xlsx", "html"])
def test_an_unknown_form_names_its_tables_words_and_the_nearest_form(tmp_path, ending):
    form = type("Rows", (SmallForm,), {"rows": lambda self: list(OTHER)})(
        above=("某单位人员考核表",)
    )
    with pytest.raises(BadFile) as caught:
        read_form(tmp_path, form, ending=ending)
    told = str(caught.value)
    assert caught.value.code == "unknown-form"
    assert caught.value.where == f"form.{ending}"
    assert "文件中有 1 张表" in told
    assert "“工号 ｜ 姓名 ｜ 职务 ｜ 得分”" in told
    assert f"第{1 + (ending == 'xlsx')}行第1列" in told
    assert "认不出 “工号”、“姓名”、“职务”" in told
    assert "最接近的是绩效自评表的" in told
    assert "（4 个词中认得 1 个）" in told
    assert "docs/add-a-form.md" in told


def test_a_table_of_no_form_beside_one_that_is_read_is_named(tmp_path):
    other = type("Rows", (SmallForm,), {"rows": lambda self: list(OTHER)})(above=("人员考核表",))
    found = read_form(tmp_path, FORM, other, ending="docx")
    assert codes(found) == ["unknown-table"]
    assert "“工号 ｜ 姓名 ｜ 职务 ｜ 得分”：认不出的表，没有读入" in found.problems[0].message
    assert len(found.evaluations[0].indicators) == 4


def test_every_synonym_is_a_word_of_the_forms():
    columns = {word for form in known_forms() for block in form.blocks for word in block.columns}
    assert {word for words in SYNONYMS.values() for word in words} <= columns
