"""A cell of a sheet as it is displayed (单元格显示值): no float noise, no hidden digits of a date."""

from __future__ import annotations

import datetime as dt
import re
from decimal import ROUND_HALF_UP, Context, Decimal

#: Excel keeps 15 digits; what stands behind them is noise of the binary number.
_DIGITS = Context(prec=15, rounding=ROUND_HALF_UP)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LITERAL = re.compile(r'"([^"]*)"|\\(.)|[_*].|\[[^\]]*\]')
_PERCENT = re.compile(r"[0#?,]*(?:\.(?P<decimals>[0#?]*))?%")
_PLACES = re.compile(r"[0#?]")
_DECIMALS = re.compile(r"\.(0+)(?!0*[Ee])")
_DATE = re.compile("年|[./-]")


def shown(value: object, number_format: str) -> str | None:
    """Give the text of a value in its number format; None where it is no text and no number.

    >>> shown(0.98, "0.00%"), shown(1008.2199999999999, "General"), shown(10, '0"分"')
    ('98.00%', '1008.22', '10分')
    >>> shown(38, "#,##0.00"), shown(969.65, "0.0")
    ('38.00', '969.65')
    >>> shown(float("inf"), "General") is None
    True
    """
    match value:
        case bool():
            return "TRUE" if value else "FALSE"
        case str():
            return _unescaped(value)
        case int() | float() | Decimal():
            return _number(value, number_format)
        case dt.datetime() | dt.date():
            return _date(value, number_format)
        case dt.time() | dt.timedelta():
            return str(value)
        case _:
            return None


def _unescaped(text: str) -> str:
    """Undo the escapes of OOXML; a carriage return is no part of a text."""
    plain = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text
    return plain.replace("\r\n", "\n").replace("\r", "\n")


def _number(value: float | Decimal, number_format: str) -> str | None:
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not number.is_finite() or abs(number.adjusted()) > 30:
        return None
    exact = _DIGITS.plus(number)
    section = number_format.split(";", maxsplit=1)[0]
    bare = _LITERAL.sub("", section)
    if percent := _PERCENT.search(bare):
        places = Decimal(1).scaleb(-len(percent["decimals"] or ""))
        scaled = _DIGITS.multiply(exact, Decimal(100))
        return f"{scaled.quantize(places, ROUND_HALF_UP):f}%"
    before, behind = _literals(section)
    return f"{before}{_plain(exact, bare)}{behind}"


def _plain(number: Decimal, number_format: str) -> str:
    """All digits of a number, and as many zeros behind the point as its format displays."""
    text = f"{number:f}"
    whole, _, decimals = text.partition(".")
    shown_places = _DECIMALS.search(number_format)
    decimals = decimals.rstrip("0").ljust(len(shown_places[1]) if shown_places else 0, "0")
    return f"{whole}.{decimals}" if decimals else whole


def _literals(section: str) -> tuple[str, str]:
    """The words a number format prints before and behind the number."""
    words = _LITERAL.sub(lambda match: "\0" * len(match[0]), section)
    digits = list(_PLACES.finditer(words))
    if not digits:
        return "", ""
    first, last = digits[0].start(), digits[-1].end()

    def printed(part: str) -> str:
        found = (match[1] or match[2] or "" for match in _LITERAL.finditer(part))
        return "".join(found).strip()

    return printed(section[:first]), printed(section[last:])


def _date(value: dt.date, number_format: str) -> str:
    """Write a date in the manner of its format: 2023年4月25日, 2023.4.25, 2023-4-25."""
    format_ = _LITERAL.sub(lambda match: match[1] or match[2] or "", number_format).lower()
    found = _DATE.search(format_)
    mark = found[0] if found else "/"
    has_day = "d" in format_ or "日" in format_
    parts = [str(value.year), str(value.month), *([str(value.day)] if has_day else [])]
    if mark == "年":
        return "".join(part + unit for part, unit in zip(parts, "年月日", strict=False))
    clock = ""
    if isinstance(value, dt.datetime) and value.time() != dt.time() and "h" in format_:
        clock = f" {value:%H:%M}"
    return mark.join(parts) + clock
