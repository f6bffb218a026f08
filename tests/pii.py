"""Filings with made-up private data in every place (个人信息语料): seeded, in four formats.

No number here was ever anybody's: they are drawn, their check digits computed. A document holds one
datum of each of several kinds, each in a disguise and a place of its own, beside statistics, office
telephones and a head's name that must stay.
"""

from __future__ import annotations

import io
import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import docx
import openpyxl
from openpyxl.comments import Comment
from stdnum import luhn
from stdnum.cn import ric
from tests.small_form import SmallForm, Written

FORMATS = ("docx", "xlsx", "html", "txt")
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张"
STEMS = "甲乙丙丁戊己庚辛壬癸"
PREFIXES = ("134", "135", "138", "139", "150", "159", "166", "177", "186", "188", "199")
PROVINCES = "湘京沪粤川云皖渝"
COUNTIES = ("110101", "310101", "440103", "500101")
HEAD, OFFICE, TOLD = "王某某", "0737-4123456", "受理164人次"


@dataclass(frozen=True)
class Kind:
    """One kind: the label in front of it, how one is drawn, whether only its label tells it."""

    name: str
    label: str
    draw: Callable[[random.Random], str]
    needs_label: bool = False


@dataclass(frozen=True)
class Planted:
    """One private datum: what it is, where and in what disguise, the text as written, in parts."""

    kind: str
    carrier: str
    disguise: str
    value: str
    parts: tuple[str, ...]


@dataclass
class Filed:
    """One filing with what was planted in it, and the plain numbers that must stay."""

    name: str
    content: bytes
    planted: list[Planted] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)


def mobile(chance: random.Random) -> str:
    return chance.choice(PREFIXES) + f"{chance.randrange(10**8):08d}"


def identity(chance: random.Random) -> str:
    birth = (
        f"{chance.randrange(1950, 2009)}{chance.randrange(1, 13):02d}{chance.randrange(1, 29):02d}"
    )
    body = f"{chance.choice(COUNTIES)}{birth}{chance.randrange(1000):03d}"
    return body + ric.calc_check_digit(body + "0")


def identity_in_x(chance: random.Random) -> str:
    while not (found := identity(chance)).endswith("X"):
        pass
    return found


def old_identity(chance: random.Random) -> str:
    birth = f"{chance.randrange(50, 99)}{chance.randrange(1, 13):02d}{chance.randrange(1, 29):02d}"
    return f"110101{birth}{chance.randrange(1000):03d}"


def card(chance: random.Random) -> str:
    body = f"62{chance.randrange(10**16):016d}"
    return body + luhn.calc_check_digit(body)


def mail(chance: random.Random) -> str:
    return f"person{chance.randrange(10**6)}@example.com"


def passport(chance: random.Random) -> str:
    return f"E{chance.randrange(10**8):08d}"


def plate(chance: random.Random) -> str:
    return f"{chance.choice(PROVINCES)}{chance.choice('ABCH')}{chance.randrange(10**5):05d}"


def weixin(chance: random.Random) -> str:
    return f"wx_{chance.choice('abcdef')}{chance.randrange(10**6):06d}"


def qq(chance: random.Random) -> str:
    return str(chance.randrange(10**8, 10**9))


def address(chance: random.Random) -> str:
    return f"某某县某某镇某某村{chance.randrange(1, 30)}组{chance.randrange(1, 99)}号"


def name(chance: random.Random) -> str:
    return f"{chance.choice(SURNAMES)}{chance.choice(STEMS)}{chance.choice(STEMS)}"


def abroad(chance: random.Random) -> str:
    return f"+8529{chance.randrange(10**7):07d}"


KINDS = (
    Kind("mobile", "联系电话", mobile),
    Kind("identity", "身份证号", identity),
    Kind("identity X", "身份证", identity_in_x),
    Kind("identity 15", "身份证号码", old_identity),
    Kind("bank", "银行卡号", card),
    Kind("email", "邮箱", mail),
    Kind("passport", "护照号", passport, needs_label=True),
    Kind("plate", "车牌", plate),
    Kind("weixin", "微信号", weixin, needs_label=True),
    Kind("qq", "QQ", qq, needs_label=True),
    Kind("address", "家庭住址", address, needs_label=True),
    Kind("name of preparer", "填表人", name, needs_label=True),
    Kind("name of contact", "联系人", name, needs_label=True),
    Kind("mobile abroad", "手机", abroad),
)
BY_NAME = {kind.name: kind for kind in KINDS}

WIDE = {code: code + 0xFEE0 for code in range(0x30, 0x3A)}
SPELLED = str.maketrans("0123456789", "零一二三四五六七八九")
BY_DIGITS = ("mobile", "identity", "identity 15", "bank")


def groups(value: str, sign: str) -> str:
    """A number in groups: 3-4-4 for a mobile, 6-8-4 for an identity number, fours for a card."""
    sizes = {11: (3, 4, 4), 18: (6, 8, 4), 15: (6, 6, 3)}.get(len(value), (4,) * 5)
    parts, start = [], 0
    for size in sizes:
        parts.append(value[start : start + size])
        start += size
    return sign.join(part for part in parts if part)


DISGUISES: dict[str, Callable[[str], str]] = {
    "plain": lambda value: value,
    "spaces": lambda value: groups(value, " "),
    "dashes": lambda value: groups(value, "-"),
    "wide": lambda value: value.translate(WIDE),
    "wide dashes": lambda value: groups(value, "－").translate(WIDE),
    "zero width": lambda value: groups(value, "\u200b"),
    "soft hyphen": lambda value: groups(value, "\u00ad"),
    "each apart": " ".join,
}
OF_MOBILES: dict[str, Callable[[str], str]] = {
    "+86": lambda value: f"+86 {value}",
    "wide +86": lambda value: f"＋８６-{value}",
    "numerals": lambda value: value.translate(SPELLED),
    "mixed numerals": lambda value: value[:3] + value[3:].translate(SPELLED),
}

#: Places of every format, and those of one.
CARRIERS = ("paragraph", "cell", "labelled cell", "footer", "torn lines", "torn cells", "file name")
OF_FORMAT = {
    "docx": ("hidden", "comment", "author"),
    "xlsx": ("comment", "author", "hidden", "sheet name"),
    "html": ("hidden", "comment", "author"),
    "txt": (),
}
UNREAD = frozenset({"comment", "author"})


def make_filing(seed: int) -> Filed:
    """Draw one filing."""
    chance = random.Random(seed)
    ending = FORMATS[seed % len(FORMATS)]
    filed = Filed(f"自评表{seed}.{ending}", b"")
    carriers = [*CARRIERS, *OF_FORMAT[ending]]
    form, numbers = _statistics(chance)
    filed.numbers = numbers
    extras: dict[str, str] = {}
    for carrier in carriers:
        planted = _draw(chance, carrier)
        if planted is None:
            continue
        filed.planted.append(planted)
        form = _placed(form, planted, extras, filed)
    filed.content = _written(form, ending, extras)
    return filed


def _draw(chance: random.Random, carrier: str) -> Planted | None:
    kind = chance.choice(KINDS)
    if carrier in ("torn lines", "torn cells"):
        kind = BY_NAME[
            chance.choice(("mobile", "identity") if carrier == "torn cells" else BY_DIGITS[:2])
        ]
    if carrier in ("file name", "author", "sheet name"):
        kind = BY_NAME[chance.choice(("mobile", "identity", "bank"))]
    value = kind.draw(chance)
    known = dict(DISGUISES) if kind.name in BY_DIGITS else {"plain": DISGUISES["plain"]}
    if kind.name == "mobile":
        known |= OF_MOBILES
    if carrier in ("file name", "sheet name"):
        known = {"plain": DISGUISES["plain"]}
    disguise = chance.choice(sorted(known))
    if carrier.startswith("torn"):
        cut = chance.randrange(6 if kind.name == "mobile" else 9, len(value) - 3)
        return Planted(kind.name, carrier, "torn", value, (value[:cut], value[cut:]))
    return Planted(kind.name, carrier, disguise, value, (known[disguise](value),))


def _placed(form: SmallForm, planted: Planted, extras: dict[str, str], filed: Filed) -> SmallForm:
    label, written = BY_NAME[planted.kind].label, planted.parts[0]
    told = f"{label}：{written}"
    match planted.carrier:
        case "paragraph":
            return replace(form, above=(f"本项目由专人负责，{told}。", *form.above))
        case "cell":
            return form.with_indicator(1, reason=f"材料不全，{told}")
        case "labelled cell":
            return replace(form, top=((label, written), *form.top))
        case "footer":
            return replace(
                form, after=(*form.after, f"{told}  单位负责人：{HEAD}  办公电话：{OFFICE}")
            )
        case "torn lines":
            return replace(
                form, above=(f"{label}{written}", f"{planted.parts[1]}，请知悉。", *form.above)
            )
        case "torn cells":
            return replace(form, below=((label, *planted.parts), *form.below))
        case "file name":
            stem, _, ending = filed.name.rpartition(".")
            filed.name = f"{stem}-{written}.{ending}"
            return form
    extras[planted.carrier] = told if planted.carrier != "sheet name" else written
    return form


def _statistics(chance: random.Random) -> tuple[SmallForm, list[str]]:
    """A form whose budget is in 元 now and then, and a table of plain numbers under it."""
    numbers: list[str] = []

    def amount() -> str:
        size = chance.choice((10**3, 10**5, 10**7, 10**9, 10**10, 2 * 10**10))
        whole = chance.randrange(1, size)
        text = str(whole) if chance.random() < 0.4 else f"{whole}.{chance.randrange(100):02d}"
        numbers.append(text)
        return text

    words = ("支出", "收入", "资产", "经费", "数量", "面积", "结余", "人数")
    rows = [
        ("科目", *(f"{year}年{chance.choice(words)}" for year in range(2015, 2022)), "金额（元）")
    ]
    rows += [(f"{chance.choice(words)}{n}", *(amount() for _ in range(8))) for n in range(20)]
    form = replace(SmallForm(), below=tuple(rows), after=(f"填报日期：2023.4.25　{TOLD}",))
    return form.with_budget(amount(), amount(), amount(), "10", "51.63%", "5.16"), numbers


def _written(form: SmallForm, ending: str, extras: dict[str, str]) -> bytes:
    content = Written((form,)).content(ending)
    match ending:
        case "docx":
            return _into_word(content, extras)
        case "xlsx":
            return _into_sheet(content, extras)
        case "html":
            return _into_page(content, extras)
    return content


def _into_word(content: bytes, extras: dict[str, str]) -> bytes:
    document = docx.Document(io.BytesIO(content))
    if "author" in extras:
        document.core_properties.author = extras["author"]
    paragraph = document.add_paragraph("附注")
    if "hidden" in extras:
        paragraph.add_run(extras["hidden"]).font.hidden = True
    if "comment" in extras:
        document.add_comment(
            paragraph.runs[0], text=extras["comment"], author="某某", initials="某"
        )
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _into_sheet(content: bytes, extras: dict[str, str]) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.active
    if "author" in extras:
        book.properties.creator = extras["author"]
    if "comment" in extras:
        sheet.cell(1, 1).comment = Comment(extras["comment"], "某某")
    if "sheet name" in extras:
        sheet.title = f"表{extras['sheet name']}"
    if "hidden" in extras:
        hidden = book.create_sheet("备查")
        hidden.cell(1, 1, extras["hidden"])
        hidden.sheet_state = "hidden"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _into_page(content: bytes, extras: dict[str, str]) -> bytes:
    text = content.decode()
    if "hidden" in extras:
        text = text.replace("</body>", f'<p style="display:none">{extras["hidden"]}</p></body>')
    if "comment" in extras:
        text = text.replace("</body>", f"<!-- {extras['comment']} --></body>")
    if "author" in extras:
        text = text.replace("<head>", f'<head><meta name="author" content="{extras["author"]}">')
    return text.encode()


def bare(text: str) -> str:
    """A text with every disguise taken off, so that a value in it is found however it is written."""
    text = text.translate({code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)})
    text = text.translate(
        {
            ord(sign): digit
            for digit, sign in ((str(n), c) for n, c in enumerate("零一二三四五六七八九"))
        }
    )
    return re.sub(r"[\s\u200b\u00ad\-]|\\u200b|\\xad|\\n|\\t", "", text)
