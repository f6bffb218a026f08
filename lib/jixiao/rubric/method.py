"""Methods as rule books name them (计分方法的写法): a name, its parameters, the choices left open.

What a method does is code (`jixiao.scoring`); which one a rule uses, with which figures, is data.
A rule that can be read in more than one way lists the readings under ``choices``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import product

from jixiao.errors import BadFile
from jixiao.rubric.parameters import PARAMETERS, check_parameter
from jixiao.rubric.reading import mapping_at, number_at
from jixiao.workspace.yaml_file import expect_keys


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
        check_parameter(key, entry, f"{where}.{key}")
    method = Method(name, parameters, _read_choices(choices, parameters, where))
    if any(each.word("late") == "per_day" for each in method.readings()):
        expect_keys(stated, where, required=("method", *required, "deduct"))
    return method


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
            check_parameter(name, value, f"{place}.{name}")
        read[name] = values
    return read


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
