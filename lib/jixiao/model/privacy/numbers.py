"""Private numbers by their digits (号码): mobile numbers, identity numbers, bank cards.

All work on a folded text. What a check digit or a numbering plan can decide is decided by
python-stdnum and phonenumbers; statistics are none of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberType
from stdnum import luhn
from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from jixiao.model.privacy.folding import digits_of
from jixiao.model.privacy.kinds import PrivateDatum

_NUMERAL = "[0-9〇○零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖]"
_THIN = "[ \\-]?"
_WIDE = "[_ \\-./·*]{0,3}"
#: An amount, a rate, a part of a longer number: no telephone.
_ENDS = r"(?![0-9]|[.][0-9]|,[0-9]{3}(?![0-9])|\s?(?:万|亿|元(?![旦宵])|%|‰|㎡|平方))"
_STARTS = rf"(?<![0-9.])(?<![0-9],)(?:[(]?\+?86[)]?{_WIDE})?"
#: Written 3-4-4 with any separators, or with at most one space or dash at any place: amounts in
#: a row (18.38 19.62 …) are neither.
_MOBILE = re.compile(
    rf"{_STARTS}(1(?:[3-9][0-9]{_WIDE}[0-9]{{4}}{_WIDE}[0-9]{{4}}"
    rf"|{_THIN}[3-9](?:{_THIN}[0-9]){{9}})){_ENDS}"
)
_SPELLED = re.compile(
    rf"(?<!{_NUMERAL})([1一幺壹]{_THIN}[3-9三四五六七八九叁肆伍陆柒捌玖]"
    rf"(?:{_THIN}{_NUMERAL}){{9}})(?!{_NUMERAL}|\s?(?:万|亿|元))"
)
_ABROAD = re.compile(r"\+(?!86)[1-9][0-9]{0,2}(?:[ \-]?[0-9]){6,12}(?![0-9])")
_LONG = re.compile(
    rf"(?<!{_NUMERAL})(?<!\.){_NUMERAL}(?:{_THIN}{_NUMERAL}){{13,18}}(?!{_NUMERAL}|[.][0-9])"
)
_ENDS_IN_X = re.compile(
    rf"(?<!{_NUMERAL}){_NUMERAL}(?:{_THIN}{_NUMERAL}){{16}}{_THIN}[Xx](?![A-Za-z])"
)
_TOLD_IDENTITY = re.compile(
    r"身份证(?:件)?(?:号码?)?\s*[:是为]?\s*([0-9](?:[ \-]?[0-9Xx]){14,17})(?![0-9A-Za-z])"
)
_TOLD_BANK = re.compile(r"(?:银行)?卡号\s*[:是为]?\s*([0-9](?:[ \-]?[0-9]){11,20})(?![0-9])")
#: First digits of cards issued in China, and of the international schemes, with their lengths.
_CARD = re.compile(
    r"62[0-9]{14,17}|4[0-9]{15}|5[1-5][0-9]{14}|35[0-9]{14}|(?:60|65|6[89]|84|87|9[0-9])[0-9]{14,17}"
)
#: Before a number that an office gave to a thing, not a bank to a person.
_OF_A_THING = re.compile(r"(?:编码|代码|编号|文号|号令|流水号|订单号|条码)[^\n]{0,6}$")
#: The first two digits of identity numbers: provinces, and those of Taiwan, Hong Kong, Macao.
_PROVINCE = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")
_LONGEST_TOKEN = 24
_GAP = re.compile("[ -]")
#: Names of runs and cells, as we make them.
_OWN_DIGEST = re.compile(r"[0-9a-f]{12}")


def find_numbers(text: str) -> Iterator[PrivateDatum]:
    """Find mobile, identity and bank numbers in a folded text."""
    for pattern in (_MOBILE, _SPELLED):
        for match in pattern.finditer(text):
            if pattern is _SPELLED and match[0].isascii():
                continue
            if _is_mobile(digits_of(match[1])) and not _is_in_a_token(text, *match.span(1)):
                yield PrivateDatum("mobile", *match.span(), mask_digits(digits_of(match[1])))
    for match in _ABROAD.finditer(text):
        if _is_mobile_abroad(match[0]):
            digits = digits_of(match[0])
            shown = f"+{digits[:3]}{'*' * (len(digits) - 6)}{digits[-3:]}"
            yield PrivateDatum("mobile", *match.span(), shown)
    yield from _find_long(text)


def mask_digits(digits: str) -> str:
    """Mask a mobile, identity or bank number by its length.

    >>> mask_digits("13800138000"), mask_digits("110101199001011237"), mask_digits("4111111111111111")
    ('138****8000', '11*************237', '************1111')
    """
    if len(digits) == 11:
        return f"{digits[:3]}****{digits[-4:]}"
    if len(digits) in (15, 18):
        return f"{digits[:2]}{'*' * (len(digits) - 5)}{digits[-3:]}"
    return f"{'*' * (len(digits) - 4)}{digits[-4:]}"


def is_identity(digits: str) -> bool:
    """Check an identity number: 18 digits by check digit and date (GB 11643), 15 by date and place.

    >>> is_identity("11010519491231002X")
    True
    >>> is_identity("110101199001011230"), is_identity("110101901301123")
    (False, False)
    """
    if len(digits) not in (15, 18) or not _PROVINCE.match(digits) or not digits[:-1].isdigit():
        return False
    try:
        if len(digits) == 18:
            ric.get_birth_date(digits)
            return bool(ric.calc_check_digit(digits) == digits[17])
        long = f"{digits[:6]}19{digits[6:]}"
        ric.get_birth_date(long)
        ric.get_birth_place(long)
    except (ValidationError, ValueError, KeyError):  # KeyError: a place that is no county
        return False
    return digits.isdigit()


def is_card(digits: str) -> bool:
    """Check a bank card: issuer's digits, length, and Luhn's check digit."""
    return _CARD.fullmatch(digits) is not None and luhn.is_valid(digits)


def _find_long(text: str) -> Iterator[PrivateDatum]:
    for pattern in (_ENDS_IN_X, _LONG):
        for match in pattern.finditer(text):
            if not _is_in_a_token(text, *match.span()):
                yield from _identity_or_card(text, *match.span())
    for match in _TOLD_IDENTITY.finditer(text):
        digits = digits_of(match[1])
        shown = f"{digits[:2]}{'*' * (len(digits) - 5)}{digits[-3:]}"
        yield PrivateDatum("identity", *match.span(1), shown)
    for match in _TOLD_BANK.finditer(text):
        digits = digits_of(match[1])
        yield PrivateDatum("bank", *match.span(1), f"{'*' * (len(digits) - 4)}{digits[-4:]}")


def _identity_or_card(text: str, first: int, last: int) -> Iterator[PrivateDatum]:
    """Find what a run of digits holds: all of it, or some of its groups, as in “3-110101…”."""
    gaps = [first + gap.start() for gap in _GAP.finditer(text[first:last])]
    bounds = [first, *(gap + 1 for gap in gaps)], [*gaps, last]
    for start in bounds[0]:
        for end in reversed(bounds[1]):
            digits = digits_of(text[start:end]) if end - start >= 15 else ""
            if is_identity(digits):
                yield PrivateDatum("identity", start, end, mask_digits(digits))
                return
            if is_card(digits) and not _OF_A_THING.search(text[max(0, start - 12) : start]):
                yield PrivateDatum("bank", start, end, f"{'*' * (len(digits) - 4)}{digits[-4:]}")
                return


def _is_mobile(digits: str) -> bool:
    """Ask the numbering plan whether a mobile can have this number."""
    try:
        number = phonenumbers.parse(digits, "CN")
    except NumberParseException:
        return False
    return phonenumbers.number_type(number) == PhoneNumberType.MOBILE


def _is_mobile_abroad(text: str) -> bool:
    try:
        number = phonenumbers.parse(text)
    except NumberParseException:
        return False
    return phonenumbers.is_possible_number(number)


def _is_in_a_token(text: str, start: int, end: int) -> bool:
    """Whether the digits stand in a digest or an id: letters and digits without a gap."""
    before = after = 0
    while start - before > 0 and _is_alphanumeric(text[start - before - 1]):
        before += 1
    while end + after < len(text) and _is_alphanumeric(text[end + after]):
        after += 1
    if not before and not after:
        return False
    token = text[start - before : end + after]
    return len(token) >= _LONGEST_TOKEN or _OWN_DIGEST.fullmatch(token) is not None


def _is_alphanumeric(sign: str) -> bool:
    return sign.isascii() and sign.isalnum()
