"""Methods as rule books name them (计分方法的写法): a name, its parameters, the choices left open.

What a method does is code (`jixiao.scoring`); which one a rule uses, with which figures, is data.
A rule that can be read in more than one way lists the readings under ``choices``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import product
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
        "inverse": ((), ("nothing_below",)),
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
        "money_weighted_mean": ((), ()),
    }
)
#: Where an interval without an end goes to.
_FAR = Decimal(10**18)
_STEP = ("at_least", "points")
_INTERVAL = ("from", "to", "ends", "points")
_BAND = ("words", "points")
#: Which ends belong to an interval: ``[]`` both, ``(]`` the upper, ``[)`` the lower, ``()`` none.
ENDS = ("[]", "(]", "[)", "()")


@dataclass(frozen=True, slots=True)
class Method:
    """A method with its parameters (计分方法), and what the rule leaves to choose."""

    name: str
    parameters: Mapping[str, object] = field(default_factory=dict)
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def word(self, name: str) -> str:
        """Give a parameter as a word, empty where it is left out."""
        return str(self.parameters.get(name, ""))

    def number(self, name: str) -> Decimal | None:
        """Give a parameter as a number, None where it is left out."""
        value = self.parameters.get(name)
        return None if value is None else Decimal(str(value))

    def entries(self, name: str) -> tuple[dict[str, object], ...]:
        """Give a parameter that is a list of mappings, empty where it is left out."""
        value = self.parameters.get(name)
        return tuple(value) if isinstance(value, list) else ()

    def readings(self) -> Iterator[Method]:
        """Give every way the rule may be read, the one that stands first.

        >>> rule = Method("deduction", {"count": "floor"}, {"count": ("floor", "ceil")})
        >>> [reading.word("count") for reading in rule.readings()]
        ['floor', 'ceil']
        """
        yield replace(self, choices={})
        for values in product(*self.choices.values()):
            chosen = dict(zip(self.choices, values, strict=True))
            if any(self.word(name) != value for name, value in chosen.items()):
                yield Method(self.name, {**self.parameters, **chosen})


def read_method(value: object, choices: object, allowed: tuple[str, ...], where: str) -> Method:
    """Read a method as a rule gives it: its name alone, or a mapping with parameters.

    Raises
    ------
    BadFile : an unknown method, parameter or word; a choice that the value is not one of.
    """
    stated = {"method": value} if isinstance(value, str) else mapping_at(value, where)
    name = stated.get("method")
    if not isinstance(name, str) or name not in allowed:
        raise BadFile(
            "rubric-method",
            f"没有方法“{name}”" if name else "没有写 method",
            where=where,
            expected=f"这里可用的方法：{'、'.join(allowed)}",
        )
    required, optional = PARAMETERS[name]
    expect_keys(stated, where, required=("method", *required), optional=optional)
    parameters = {key: entry for key, entry in stated.items() if key != "method"}
    for key, entry in parameters.items():
        _check_parameter(key, entry, f"{where}.{key}")
    return Method(name, parameters, _read_choices(choices, parameters, where))


def _read_choices(
    choices: object, parameters: Mapping[str, object], where: str
) -> dict[str, tuple[str, ...]]:
    if choices is None:
        return {}
    place = f"{where} 的 choices"
    read: dict[str, tuple[str, ...]] = {}
    for name, listed in mapping_at(choices, place).items():
        if name not in parameters:
            raise BadFile(
                "rubric-choice",
                f"“{name}”不是这个方法的参数",
                where=place,
                expected="、".join(parameters) or "没有参数可选",
            )
        values = tuple(map(str, listed)) if isinstance(listed, list) else ()
        if str(parameters[name]) not in values or len(set(values)) < len(values):
            raise BadFile(
                "rubric-choice",
                f"{name} 的可选值是“{listed}”",
                where=place,
                expected=f"不重复的列表，其中有现用的“{parameters[name]}”",
            )
        for value in values:
            _check_parameter(name, value, f"{place}.{name}")
        read[name] = values
    return read


def _check_parameter(name: str, value: object, where: str) -> None:
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


def check_awards(method: Method, out_of: Decimal | None, where: str) -> None:
    """Check that what a method awards is known to be out of how many points, and no more.

    Raises
    ------
    BadFile : points without a whole, or above it, or below 0.
    """
    if method.name not in ("graded", "steps", "deduction", "intervals", "parts"):
        return
    whole = out_of if out_of is not None else method.number("out_of")
    if whole is None:
        raise BadFile(
            "rubric-out-of",
            "没有写这些得分是多少分中的",
            where=where,
            expected="out_of: 10 之类的满分",
        )
    for key in ("steps", "intervals", "bands"):
        for entry in method.entries(key):
            if not 0 <= number_at(where, entry["points"]) <= whole:
                raise BadFile(
                    "rubric-number",
                    f"得分“{entry['points']}”超出范围",
                    where=where,
                    expected=f"0 至 {whole}",
                )


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
