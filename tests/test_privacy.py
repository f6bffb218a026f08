"""Private data: what is masked, how it is shown, and what only looks like it (twins)."""

import random

import pytest
from stdnum import luhn
from stdnum.cn import ric

from jixiao.model import mask_json, mask_private, private_data

ID_BODY = "11010119900101123"
ID = ID_BODY + ric.calc_check_digit(ID_BODY + "0")
ID_IN_X = next(
    body + "X"
    for body in (f"110101199001011{n:02d}" for n in range(100))
    if ric.calc_check_digit(body + "0") == "X"
)
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
    assert mask_private(once) == once


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
