"""Dates as a filing writes them (日期), compared without a clock: a day, or all days of a month."""

from __future__ import annotations

import re
from dataclasses import dataclass

from jixiao.datum import strip_blank

_DATE = re.compile(
    r"(?:(?P<year>(?:19|20)[0-9]{2})(?:年|[.\-/]))?(?P<month>[0-9]{1,2})(?:月|[.\-/])?"
    r"(?:(?P<day>[0-9]{1,2})日?)?(?:底|末|份)?(?:前|以前|之前|完成)?"
)
_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True, slots=True)
class Days:
    """The first and the last day a date may mean (日期的最早与最晚), counted from 1 March 0."""

    first: int
    last: int


def read_days(text: str, year: int) -> Days | None:
    """Read a date; one without a year is of `year`, one without a day is all of its month.

    >>> due, done = read_days("12月底前", 2022), read_days("2022.12.31", 2022)
    >>> due.last == done.last, due.last - due.first
    (True, 30)
    >>> read_days("13月", 2022) is None, read_days("达标", 2022) is None
    (True, True)
    """
    match = _DATE.fullmatch(re.sub(r"\s+", "", strip_blank(text)))
    if match is None or not (match["year"] or "月" in text):
        return None
    in_year, month = int(match["year"] or year), int(match["month"])
    if not 1 <= month <= 12:
        return None
    longest = _LENGTHS[month - 1] + (month == 2 and _is_leap(in_year))
    if match["day"] is None:
        return Days(_ordinal(in_year, month, 1), _ordinal(in_year, month, longest))
    day = int(match["day"])
    if not 1 <= day <= longest:
        return None
    return Days(_ordinal(in_year, month, day), _ordinal(in_year, month, day))


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _ordinal(year: int, month: int, day: int) -> int:
    """Count days in a year that begins in March, so that the leap day comes last."""
    year -= month < 3
    months = (153 * ((month + 9) % 12) + 2) // 5
    return 365 * year + year // 4 - year // 100 + year // 400 + months + day
