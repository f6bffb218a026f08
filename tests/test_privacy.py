"""Private data: what is masked, how it is shown, and what only looks like it (twins)."""

import random
from collections import Counter
from contextlib import suppress
from dataclasses import fields, is_dataclass, replace

import pytest
from stdnum import luhn
from stdnum.cn import ric
from tests.conftest import SAMPLE
from tests.formats import without_addresses
from tests.small_form import SmallForm, read_form

from jixiao.audit import audit_as_json, examine
from jixiao.datum import Datum, sources_of
from jixiao.errors import BadFile
from jixiao.importers import read_document
from jixiao.model import find_private, mask_filing, mask_json, mask_private, private_data
from jixiao.model.privacy.finding import masked_by
from jixiao.model.privacy.pieces import find_in_pieces
from jixiao.scoring import score, scorecard_as_json
from jixiao.workspace.fonts import code_points

ID_BODY = "11010119900101123"
ID = ID_BODY + ric.calc_check_digit(ID_BODY + "0")
ID_IN_X = next(
    body + "X"
    for body in (f"110101199001011{n:02d}" for n in range(100))
    if ric.calc_check_digit(body + "0") == "X"
)
#: Numbers nobody has been shown to hold; put together here so that none stands in the tree.
OTHER, THIRD = ("13" + digits for digits in ("900139000", "700137000"))
CARD = "622202123456789012" + luhn.calc_check_digit("622202123456789012")

MASKED = [
    # mobile numbers, and the ways they are hidden
    ("mobile", "电话13800138000", "电话138****8000"),
    ("mobile", "１３８００１３８０００", "138****8000"),
    ("mobile", "138 0013 8000", "138****8000"),
    ("mobile", "138-0013-8000", "138****8000"),
    ("mobile", "138—0013—8000", "138****8000"),
    ("mobile", "1 3 8 0 0 1 3 8 0 0 0", "138****8000"),
    ("mobile", "+86 138 0013 8000", "138****8000"),
    ("mobile", "＋８６－13800138000", "138****8000"),
    ("mobile", "(+86)13800138000", "138****8000"),
    ("mobile", "138\u200b0013\u200b8000", "138****8000"),
    ("mobile", "138\u00ad00138000", "138****8000"),
    ("mobile", "一三八零零一三八零零零", "138****8000"),
    ("mobile", "幺三八〇〇幺三八〇〇〇", "138****8000"),
    ("mobile", "壹叁捌零零壹叁捌零零零", "138****8000"),
    ("mobile", "1三8零0一3八0零0", "138****8000"),
    ("mobile", "⑴ ①③⑧⓪⓪①③⑧⓪⓪⓪", "⑴ 138****8000"),
    ("mobile", "𝟏𝟑𝟖𝟎𝟎𝟏𝟑𝟖𝟎𝟎𝟎", "138****8000"),
    ("mobile", "张某某13800138000，", "张某某138****8000，"),
    ("mobile", "tel:13800138000", "tel:138****8000"),
    ("mobile", "13800138000元旦值班", "138****8000元旦值班"),
    ("mobile", "+852 9123 4567", "+852*****567"),
    # identity numbers
    ("identity", f"身份证{ID}", f"身份证11{'*' * 13}{ID[-3:]}"),
    ("identity", ID_IN_X.lower(), f"11{'*' * 13}{ID_IN_X[-3:]}"),
    ("identity", f"{ID[:6]} {ID[6:14]} {ID[14:]}", f"11{'*' * 13}{ID[-3:]}"),
    ("identity", f"{ID[:6]}\u200b{ID[6:]}", f"11{'*' * 13}{ID[-3:]}"),
    ("identity", "110101900101123", "11**********123"),
    ("identity", f"身份证号：{ID[:17]}{(int(ID[17]) + 1) % 10}", None),
    # bank cards
    ("bank", f"卡号{CARD}", f"卡号{'*' * 15}{CARD[-4:]}"),
    ("bank", "4111 1111 1111 1111", "************1111"),
    ("bank", "银行卡号：6222021234567890", "银行卡号：************7890"),
    # by form
    ("email", "邮箱zhang.mou@example.com。", "邮箱z***@example.com。"),
    ("email", "ｚｈａｎｇ＠example.com", "z***@example.com"),
    ("email", "zhang(at)example.com", "z***@example.com"),
    ("email", "zhangmou@justice.gov.cn", "z***@justice.gov.cn"),
    ("plate", "湘H·A1234车辆", "湘H*****车辆"),
    ("plate", "湘HD12345", "湘H*****"),
    # by label
    ("passport", "护照号：E12345678", "护照号：E*****78"),
    ("account", "微信号：zhang_2020", "微信号：z*****"),
    ("account", "QQ：123456789", "QQ：1*****"),
    ("address", "家庭住址：某某市某某区某某镇某某村3组12号", "家庭住址：某某市某某区某某镇****"),
    ("address", "住址：某某省某某市某某区某某路1号", "住址：某某省某某市某某区****"),
    ("name", "填表人：张某某", "填表人：张**"),
    ("name", "填 报 人 ： 张 某 某", "填 报 人 ： 张**"),
    ("name", "联系人：张某某、李某某", "联系人：张**、李**"),
    ("name", "经办人（签字）：张某", "经办人（签字）：张**"),
    ("name", "制表人:欧阳某某 2023", "制表人:欧** 2023"),
    ("name", "联系人及电话：张某某13800138000", "联系人及电话：张**138****8000"),
    ("name", "项目联络员：张某某", "项目联络员：张**"),
]

TWINS = [
    "支出13800138000元",
    "13800138000.00",
    "13,800,138,000",
    "共13800138000 元",
    "13800138000万元",
    "18.38 19.62 13.80 01.38",
    "02012345678",
    "0737-1234567",
    "办公电话：0737-12345678",
    "12800138000",
    "110101199013011237",
    f"{ID[:17]}{(int(ID[17]) + 1) % 10}",
    "4111111111111112",
    "项目编码：4111111111111111",
    "财预〔2020〕10号",
    "20230425153322",
    "91430902MA4L000000",
    "27267e787086769634b4e69f3cd477c68c2b0ab7032c16c251413800138000",
    "邮箱：office@example.gov.cn",
    "微信公众号：zixishifa",
    "微信12345人次关注",
    "QQ群发 35000 条",
    "办公地址：某某市某某区某某路1号",
    "单位负责人：张某某",
    "联系人数：12人",
    "填表人　　联系电话",
    "填表人：    填报日期：2023.4.25",
    "二〇二三年四月二十五日",
    "三公经费一二三四五六七八",
    "湘A区2023年",
    "受理164人次，13件",
]


@pytest.mark.parametrize(("kind", "text", "shown"), MASKED)
def test_private_data_is_masked(kind, text, shown):
    assert kind in [found.kind for found in private_data(text)]
    if shown is not None:
        assert mask_private(text) == shown


@pytest.mark.parametrize("text", TWINS)
def test_what_only_looks_private_stays(text):
    assert mask_private(text) == text


@pytest.mark.parametrize("text", [text for _, text, _ in MASKED])
def test_masking_twice_is_masking_once(text):
    once = mask_private(text)
    assert private_data(once) == ()


def test_what_stands_around_keeps_its_form():
    text = "（一）电\u200b话：　１３８\u200b００１３８０００ ，\u3000另见　附件２"
    assert mask_private(text) == "（一）电\u200b话：　138****8000 ，\u3000另见　附件２"


def test_plain_numbers_of_json_are_amounts():
    assert mask_json(["13800138000", "见13800138000"]) == ["13800138000", "见138****8000"]


@pytest.mark.parametrize("seed", range(3))
def test_amounts_in_words_and_figures_are_never_masked(seed):
    chance = random.Random(seed)
    for _ in range(300):
        amount = chance.randrange(1, 10 ** chance.randrange(2, 13))
        for text in (f"{amount}.{amount % 100:02d}", f"{amount:,}", f"{amount}万元", f"{amount}元"):
            assert mask_private(text) == text


# --- torn over lines and cells ---


@pytest.mark.parametrize(
    ("pieces", "cells", "shown"),
    [
        (["联系电话1380013", "8000，谢谢"], False, ["联系电话138****", "8000，谢谢"]),
        (["联系电话：138", "0013", "8000"], False, ["联系电话：138", "****", "8000"]),
        (["联系电话", "1380013", "8000"], True, ["联系电话", "138****", "8000"]),
        (["电话", "", "１３８００１３", "８０００"], True, ["电话", "", "138****", "8000"]),
        (["填表人", "张某某", "联系电话", "13800138000"], True, ["填表人", "张**", "联系电话", "138****8000"]),
        (["填 报 人：", "张 某 某"], True, ["填 报 人：", "张**"]),
        (["姓名", "张某某", "职务", "科员"], True, ["姓名", "张**", "职务", "科员"]),
        (["微信", "zhang_2020"], True, ["微信", "z*****"]),
        (["家庭住址", "某某县某某乡某某村"], True, ["家庭住址", "某某县某某乡****"]),
        ([ID[:10], ID[10:]], True, ["11********", f"*****{ID[-3:]}"]),
        ([f"身份证{ID[:6]}", ID[6:]], False, ["身份证11****", f"*********{ID[-3:]}"]),
    ],
)  # fmt: skip
def test_what_is_torn_apart_is_masked_where_it_stands(pieces, cells, shown):
    found = find_in_pieces(pieces, cells=cells)
    assert [masked_by(text, inside) for text, inside in zip(pieces, found, strict=True)] == shown


@pytest.mark.parametrize(
    ("pieces", "cells"),
    [
        (["187", "3320", "4510"], True),
        (["人数", "187", "3320", "4510"], True),
        (["187", "3320", "4510"], False),
        (["联系人", "联系电话"], True),
        (["填表人", "", "填报日期"], True),
        (["联系人", "", "年初预算数"], True),
        (["联系人", "三级指标"], True),
        (["单位负责人", "姓名", "张某某"], True),
        (["姓名", "职务", "单位"], True),
        (["经办人", "金额"], True),
        (["支出1380013", "8000元"], True),
    ],
)
def test_statistics_side_by_side_stay(pieces, cells):
    assert not any(find_in_pieces(pieces, cells=cells))


# --- a whole filing ---


def plant(**cells):
    """The small form with private data wherever a unit may put them."""
    form = SmallForm()
    return replace(
        form.with_indicator(0, reason=f"请与李某某（{OTHER}）联系"),
        name="培训经费",
        above=("联系人：李某某", *form.above),
        below=(
            ("备注", f"身份证{ID}", "1380013", "8000"),
            ("联系人", "李某某", "手机", THIRD, *([""] * 5)),
        ),
        after=("填表人：张某某  填报日期：2023.4.25  联系电话：13800138000  单位负责人：王某某",),
    )


@pytest.mark.parametrize("ending", ["txt", "docx", "xlsx", "html"])
def test_a_masked_filing_holds_nothing_private(tmp_path, ending):
    filing = read_form(tmp_path, plant(), ending=ending)
    masked = mask_filing(filing)
    said = repr(masked)
    for value in ("张某某", "李某某", "13800138000", OTHER, THIRD, ID, "王某某"):
        assert value in repr(filing)
        assert (value in said) == (value == "王某某"), value
    kinds = Counter(one.kind for one in masked.masked)
    assert kinds["mobile"] >= 3
    assert kinds["identity"] == 1
    assert {one.shown for one in masked.masked if one.kind == "name"} == {"张**", "李**"}


@pytest.mark.parametrize("ending", ["txt", "docx"])
def test_masking_changes_no_number_and_no_address(tmp_path, ending):
    filing = read_form(tmp_path, plant(), ending=ending)
    masked = mask_filing(filing)
    assert numbers_of(masked) == numbers_of(filing)
    assert [line.anchor for line in masked.lines] == [line.anchor for line in filing.lines]


def test_a_quotation_cut_short_shows_no_part_of_a_number(tmp_path):
    long = f"材料暂缺联系电话{OTHER}另行补报"
    form = replace(SmallForm(), below=((long, "1", "2", "3", "4", "5"),))
    masked = mask_filing(read_form(tmp_path, form, ending="docx"))
    assert [one.shown for one in masked.masked][:1] == [f"{OTHER[:3]}****{OTHER[-4:]}"]
    assert OTHER[:6] not in repr(masked.problems)


def test_names_below_a_heading_are_masked_and_nothing_else_is(tmp_path):
    rows = (
        ("姓名", "职务", "单位", "签字"),
        ("李某某", "科员", "某某中心", ""),
        ("欧阳某某", "会计", "某某中心", ""),
        ("年末结余", "数量", "某某中心", "5"),
        ("张小红旗手", "表彰", "某某中心", ""),
    )
    masked = mask_filing(
        read_form(tmp_path, replace(SmallForm(), below=rows, after=()), ending="docx")
    )
    assert sorted(one.shown for one in masked.masked) == ["李**", "欧**"]


def test_an_amount_of_eleven_figures_stays_and_a_telephone_beside_it_does_not(tmp_path):
    form = replace(
        SmallForm().with_budget("13800138000", OTHER, OTHER, "10", "100%", "10"),
        below=(("联系电话", THIRD, *([""] * 7)),),
    )
    masked = mask_filing(read_form(tmp_path, form, ending="docx"))
    assert "13800138000" in repr(masked)
    assert THIRD not in repr(masked)


def test_a_filing_without_private_data_is_the_same_object_inside(tmp_path):
    form = replace(SmallForm(), after=())
    filing = read_form(tmp_path, form)
    masked = mask_filing(filing)
    assert masked.masked == ()
    assert masked.evaluations is filing.evaluations
    assert masked.lines == filing.lines


def test_in_forms_as_units_publish_them_only_persons_are_found():
    """The tree names nobody: what stands there of persons is 张某某, 李某某 and one number."""
    found = Counter[str]()
    files = [
        path for path in sorted((SAMPLE.parent).rglob("*")) if path.suffix in (".html", ".txt")
    ]
    assert len(files) > 50
    for path in files:
        with suppress(BadFile):
            inside = find_private(read_document(path)).found.values()
            found.update(one.masked for all_of in inside for one in all_of)
    assert set(found) == {"张**", "李**", "138****8000"}


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """The sample with private data in its narrative, a table's cells and its file's name."""
    text = SAMPLE.read_text("utf-8")
    telling = "2022年资阳区财政安排社区矫正项目资金38万元"
    assert telling in text
    text = text.replace(
        telling,
        f"联系人：李某某，{telling}，见{OTHER[:3]}-{OTHER[3:7]} {OTHER[7:]}，邮箱li@example.com",
    )
    text = text.replace("\t受理行政复议案件", f"\t受理行政复议案件，身份证{ID}", 1)
    path = tmp_path_factory.mktemp("planted") / "填表人张某某13800138000.txt"
    path.write_text(text, "utf-8")
    return read_document(path)


def test_masking_changes_no_score_and_no_finding(planted, rubrics, checklist):
    masked = mask_filing(planted)
    cards, public_cards = score(planted, rubrics), score(masked, rubrics)
    assert list(cards) == list(public_cards)
    for key, card in cards.items():
        public = without_addresses(mask_json(scorecard_as_json(public_cards[key])))
        assert public == without_addresses(mask_json(scorecard_as_json(card)))
    internal = examine(planted, cards, rubrics, checklist, code_points())
    public = examine(masked, public_cards, rubrics, checklist, code_points())
    assert [told(one) for one in public.findings] == [told(one) for one in internal.findings]
    assert len(public.passed) == len(internal.passed)
    assert len(public.not_checked) == len(internal.not_checked)
    said = str(audit_as_json(public))
    for value in ("李某某", "13800138000", f"{OTHER[:3]}-{OTHER[3:7]}", "li@example", ID, "张某某"):
        assert value not in said


def told(finding):
    """What a finding is, and of which places, by the cells a decision on it would name."""
    places = [source.anchor for source in finding.where]
    return finding.id, finding.code, finding.severity, finding.evaluation, places, finding.cells


def numbers_of(value):
    """Every number of a model with its place."""
    if isinstance(value, Datum):
        places = [(s.document_number, s.anchor) for s in sources_of(value)]
        return [(value.value, value.unit, places)]
    if isinstance(value, tuple):
        return [found for item in value for found in numbers_of(item)]
    if is_dataclass(value):
        return [found for each in fields(value) for found in numbers_of(getattr(value, each.name))]
    return []
