"""Private data known by its form or its label (按标识识别): mail, plates, accounts, addresses, names.

All work on a folded text: colons and brackets are narrow there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from jixiao.model.privacy.kinds import PrivateDatum
from jixiao.model.privacy.names import is_name

_MAIL = re.compile(
    r"(?<![A-Za-z0-9._%+\-])([A-Za-z0-9][A-Za-z0-9._%+\-]{0,63})\s?(?:@|[(\[]at[)\]])\s?"
    r"([A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63})*\.[A-Za-z]{2,12})(?![A-Za-z0-9])"
)
#: Mail boxes of an office, which it publishes: nobody's own.
_OFFICE_BOX = re.compile(
    r"(?:office|info|admin|service|contact|webmaster|bgs|xxgk|zwgk|cwk|jubao|zixun)[0-9_\-]*", re.I
)
_PASSPORT = re.compile(
    r"(?:护照|通行证|港澳证|台胞证)(?:号码?)?\s*[:是为]?\s*([A-Za-z]{1,2}[ \-]?[0-9]{7,9})(?![0-9A-Za-z])"
)
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使][A-HJ-NP-Z][·•\- ]?"
    r"(?=[A-Z0-9]{0,5}[0-9])[A-HJ-NP-Z0-9]{4,5}[A-HJ-NP-Z0-9挂学警港澳](?![A-Za-z0-9])"
)
_ACCOUNT = re.compile(
    r"(?:(?:微\s?信|[Ww]e[Cc]hat|WECHAT|VX|vx|[Qq]{2})(?!公众)(?:号码?|ID|id)?)\s*"
    r"(?:[:是为]\s*|(?<=号)\s*|(?<=号码)\s*|(?<=\s\s))"
    r"([A-Za-z][A-Za-z0-9_\-]{5,19}|[1-9][0-9]{4,11}(?!\s?[0-9人次个条万亿元户件%.]))"
)
_HOME = r"(?:家庭|现|户籍|居住|经常居住|暂住|常住)\s*(?:住|所在)?\s*(?:地址|住址|地|址)|住\s*址|户口所在地"
_ADDRESS = re.compile(
    rf"(?:{_HOME})(?:[(][^()]*[)])?(?:\s*[:是为]\s*|\s{{2,}})([^\s,,。;、()][^\s,,。;()]{{3,60}})"
)
_TOWN = re.compile(r"^.{2,30}?(?:街道办事处|街道|[镇乡](?!政府)|苏木)")
_COUNTY = re.compile(r"^.{2,20}(?:自治县|自治旗|[县区市旗])")
_HAN = r"[\u4e00-\u9fff\u3400-\u4dbf\U00020000-\U000323af·]"
_NAME_LABEL = (
    r"(?:(?<![\u4e00-\u9fff])姓\s*名|(?:填\s*[表报写]|制\s*表|编\s*制|报\s*送|联\s*[系络]|经\s*办|承\s*办|录\s*入|统\s*计|撰\s*稿)"
    r"\s*(?:人员?|员)(?!\s*(?:数|次))"
    r"(?:\s*姓\s*名|\s*[(]\s*签[字名章]{1,2}\s*[)]|\s*[及和与、/]\s*(?:联系)?(?:电话|方式))?)"
)
_NO_NAME = (
    r"(?!联\s*系|电\s*话|手\s*机|单\s*位|部\s*门|科\s*室|日\s*期|时\s*间|签\s*[字名章]|盖\s*章|负\s*责|姓\s*名"
    r"|职\s*[务称位]|地\s*址|邮|备\s*注|填|审\s*[核批]|年\s*月|主\s*管|项\s*目|无(?:\s|$))"
)
_ONE_NAME = rf"{_NO_NAME}{_HAN}(?: {{0,3}}{_HAN}){{1,3}}"
_NAME = re.compile(
    rf"{_NAME_LABEL}(\s*:\s*|[ \t]{{2,}})({_ONE_NAME}(?:\s?[、/]\s?{_ONE_NAME})*)"
    r"(?=\s|[,。;、/()”’\"']|填|联|电|单|手|[0-9]|$)"
)
_EACH_NAME = re.compile(rf"{_HAN}(?: {{0,3}}{_HAN})*")
#: A cell that is a label alone: what stands beside or below it is what it names.
LABEL = re.compile(
    rf"\s*(?:{_NAME_LABEL}|{_HOME}|(?:联\s*系\s*)?(?:电\s*话|手\s*机|方\s*式)(?:\s*号\s*码?)?"
    r"|身份证(?:件)?(?:号码?)?|(?:银行)?卡号|(?:微\s?信|QQ)(?:号码?)?|护照(?:号码?)?|(?:联系人?)?姓名及电话)"
    r"\s*:?\s*"
)
_NAME_WORDS = re.compile(_NAME_LABEL)


def find_labelled(text: str) -> Iterator[PrivateDatum]:
    """Find mail, passports, plates, accounts, home addresses and labelled names in a folded text."""
    if "@" in text or "at" in text:
        for match in _MAIL.finditer(text):
            if not (match[2].lower().endswith(".gov.cn") and _OFFICE_BOX.fullmatch(match[1])):
                yield PrivateDatum("email", *match.span(), f"{match[1][0]}***@{match[2]}")
    for match in _PASSPORT.finditer(text):
        yield PrivateDatum("passport", *match.span(1), f"{match[1][0]}*****{match[1][-2:]}")
    for match in _PLATE.finditer(text):
        yield PrivateDatum("plate", *match.span(), f"{match[0][:2]}*****")
    for match in _ACCOUNT.finditer(text):
        yield PrivateDatum("account", *match.span(1), f"{match[1][0]}*****")
    for match in _ADDRESS.finditer(text):
        shown = _public_part(match[1])
        if match[1].rstrip("*") != shown:
            yield PrivateDatum("address", *match.span(1), f"{shown}****")
    for match in _NAME.finditer(text):
        for name in _EACH_NAME.finditer(match[2]):
            if ":" not in match[1] and not is_name(name[0]):
                continue
            start = match.start(2)
            shown = f"{name[0][0]}**"
            yield PrivateDatum("name", start + name.start(), start + name.end(), shown)


def _public_part(address: str) -> str:
    """Cut an address at the town (乡镇街道), else at the county.

    >>> _public_part("某某市某某区某某镇某某村3组"), _public_part("某某市某某区某某路1号")
    ('某某市某某区某某镇', '某某市某某区')
    """
    found = _TOWN.match(address) or _COUNTY.match(address)
    return found[0] if found else ""
