"""The parameters of methods (计分方法的参数): which each has, and what they may be."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from jixiao.errors import BadFile
from jixiao.rubric.reading import mapping_at, number_at
from jixiao.workspace.yaml_file import expect_keys

_COUNTS = ("floor", "linear", "ceil")
#: Words a parameter may take; a parameter not listed here is a number, or a list of its own.
WORDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "count": _COUNTS,
        "worse": ("above", "below", "either"),
        "outside": ("nothing", "distance"),
        "late": ("nothing", "per_day"),
        "project": ("unfinished", "finished"),
        "of": ("value", "size"),
    }
)
#: Each method with its required and optional parameters.
PARAMETERS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = MappingProxyType(
    {
        "execution_rate": ((), ()),
        "proportional": ((), ("nothing_below",)),
        "inverse": ((), ()),
        "exact": ((), ()),
        "range": (("outside",), ()),
        "deadline": (("late",), ("deduct",)),
        "yes_no": (("yes", "no"), ()),
        "graded": (("bands",), ("out_of",)),
        "steps": (("steps",), ("out_of", "at_most", "project")),
        "deduction": (("full_at", "worse", "each", "deduct", "count"), ("out_of",)),
        "intervals": (("intervals",), ("out_of", "of")),
        "parts": (("deduct",), ("out_of",)),
        "coefficient": ((), ()),
    }
)
#: Where an interval without an end goes to.
_FAR = Decimal(10**18)
_STEP = ("at_least", "points")
_INTERVAL = ("from", "to", "ends", "points")
_BAND = ("words", "points")
#: Which ends belong to an interval: ``[]`` both, ``(]`` the upper, ``[)`` the lower, ``()`` none.
ENDS = ("[]", "(]", "[)", "()")


def check_parameter(name: str, value: object, where: str) -> None:
    """Check one parameter: a known word, a number, or a list in order.

    Raises
    ------
    BadFile : it is none of these.
    """
    if name in WORDS:
        if value not in WORDS[name]:
            raise BadFile(
                "rubric-parameter", f"“{value}”", where=where, expected="、".join(WORDS[name])
            )
    elif name in ("yes", "no"):
        _words_at(value, where)
    elif name == "steps":
        _check_steps(value, where)
    elif name == "intervals":
        _check_intervals(value, where)
    elif name == "bands":
        for band in _listed(value, where):
            expect_keys(band, where, required=_BAND)
            _words_at(band["words"], where)
            number_at(where, band["points"])
    elif number_at(where, value) <= 0 and name in ("each", "deduct", "out_of"):
        raise BadFile("rubric-number", f"“{value}”不大于 0", where=where, expected="大于 0 的数")


def _check_steps(value: object, where: str) -> None:
    lows = []
    for step in _listed(value, where):
        expect_keys(step, where, required=_STEP)
        lows.append(number_at(where, step["at_least"]))
        number_at(where, step["points"])
    if lows != sorted(set(lows), reverse=True):
        raise BadFile("rubric-order", "各档没有由高到低排列", where=where, expected="由高到低")


def _check_intervals(value: object, where: str) -> None:
    """Intervals go up, and none overlaps the one before it; a gap leaves the score open."""
    last: tuple[Decimal, bool] | None = None
    for number, interval in enumerate(_listed(value, where)):
        expect_keys(interval, where, required=_INTERVAL)
        number_at(where, interval["points"])
        ends = str(interval["ends"])
        if ends not in ENDS:
            raise BadFile(
                "rubric-parameter",
                f"“{ends}”不是区间端点的写法",
                where=f"{where}.ends",
                expected="、".join(f"“{each}”" for each in ENDS),
            )
        low = _end(interval["from"], -_FAR, where), ends[0] == "("
        high = _end(interval["to"], _FAR, where), ends[1] == "]"
        empty = low[0] > high[0] or (low[0] == high[0] and ends != "[]")
        if empty or (number and last is not None and low < last):
            raise BadFile(
                "rubric-order",
                "区间重叠，或没有由低到高排列",
                where=where,
                expected="由低到高、互不重叠",
            )
        last = high


def _end(value: object, open_end: Decimal, where: str) -> Decimal:
    return open_end if value is None else number_at(where, value)


def _listed(value: object, where: str) -> list[dict[str, object]]:
    if not isinstance(value, list) or not value:
        raise BadFile("rubric-values", "没有档次", where=where, expected="档次的列表")
    return [mapping_at(entry, where) for entry in value]


def _words_at(value: object, where: str) -> None:
    if not isinstance(value, list) or not value or not all(isinstance(v, str) for v in value):
        raise BadFile(
            "rubric-words", f"“{value}”", where=where, expected="词的列表，例如 [是, 达标]"
        )
