"""A rule book in force (评分规则): its rules by key, its bands, grades, weights and indicators.

A rule is one entry with a description, values in force from a budget year, a unit, references
and whether the original was verified. Code holds methods; every figure of the law is data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from jixiao.datum import Constant, Datum, Reference
from jixiao.rubric.method import Method
from jixiao.rubric.rule import Band, Grade, IndicatorRule, Rule


@dataclass(frozen=True, slots=True)
class Rubric:
    """A rule book in force for one budget year and kind of evaluation (评分规则).

    Rules it leaves to the book it ``extends`` keep that book's references. ``text`` holds all
    the YAML the rules were read from.
    """

    id: str
    title: str
    number: str
    issued_by: str
    by_analogy: bool
    note: str
    year: int
    rules: tuple[Rule, ...]
    text: str
    sha256: str
    indicators: tuple[IndicatorRule, ...] = ()
    extends: str | None = None
    #: Category keys with the words that mark them in a form.
    categories: tuple[tuple[str, str], ...] = ()

    def find(self, key: str) -> Rule | None:
        """Give the rule under `key`, None where the book has none."""
        return next((rule for rule in self.rules if rule.key == key), None)

    def rule(self, key: str) -> Rule:
        """Give the rule under `key`; a key the book does not have is an API mistake."""
        found = self.find(key)
        if found is None:
            raise KeyError(key)
        return found

    def reference(self, key: str) -> Reference:
        """Give the reference of the rule under `key`."""
        return self.rule(key).reference

    def method(self, key: str) -> Method:
        """Give the method of the rule under `key`."""
        method = self.rule(key).method
        if method is None:
            raise KeyError(key)
        return method

    def number_of(self, key: str, label: str) -> Datum:
        """Give a rule's figure as a number of the law."""
        rule = self.rule(key)
        return Datum(label, Decimal(str(rule.value)), rule.unit, Constant(rule.reference))

    def weight(self, name: str, label: str) -> Datum:
        """Give the weight of a category, or of several with one weight, ``outcome+satisfaction``."""
        rule = self.rule("weights")
        weights = rule.value if isinstance(rule.value, Mapping) else {}
        return Datum(label, Decimal(str(weights[name])), "分", Constant(rule.reference))

    @property
    def divides_otherwise(self) -> bool:
        """Whether the weights are not one for each of the four usual categories."""
        return any("+" in name or name == "cost" for name in self._weights("weights"))

    def expected_weights(self, present: frozenset[str]) -> tuple[tuple[str, Datum], ...]:
        """Give the weights for a form that has these categories, joint ones as ``a+b``.

        A form without cost has the book's other division, and the points of what does not
        apply go where the book moves them.
        """
        without = self.find("weights.without_cost") is not None and "cost" not in present
        rule = self.rule("weights.without_cost" if without else "weights")
        weights = dict(self._weights(rule.key))
        for name in tuple(weights):
            policy, _, target = self.not_applicable(name).partition(" ")
            if policy == "move_to" and name not in present and target in weights:
                weights[target] += weights.pop(name)
        return tuple(
            (name, Datum(f"{name}权重", weight, "分", Constant(rule.reference)))
            for name, weight in weights.items()
        )

    def _weights(self, key: str) -> dict[str, Decimal]:
        value = self.rule(key).value
        weights = value if isinstance(value, Mapping) else {}
        return {name: Decimal(str(weight)) for name, weight in weights.items()}

    def indicator_named(self, name: str, subcategory: str = "") -> IndicatorRule | None:
        """Find the rule of an indicator by its name or another name of it, marks left out.

        Of two with one name, the one under `subcategory` is meant.
        """
        wanted = bare_name(name)
        found = [
            indicator
            for indicator in self.indicators
            if wanted in map(bare_name, (indicator.name, *indicator.aliases))
        ]
        same = (each for each in found if each.subcategory == subcategory)
        return next(same, found[0] if found else None)

    def not_applicable(self, category: str) -> str:
        """Say what the book does with a category that does not apply, empty where nothing."""
        rule = self.find("not_applicable")
        policies = rule.value if rule and isinstance(rule.value, Mapping) else {}
        return str(policies.get(category, ""))

    @property
    def places(self) -> int:
        """How many places a line's score is rounded to."""
        return int(str(self.rule("rounding").value))

    @property
    def bands(self) -> tuple[Band, ...]:
        """The bands of a qualitative judgement, best first."""
        rule = self.rule("qualitative.bands")
        return tuple(
            Band(
                str(entry["name"]),
                _constant(f"{entry['name']}下限", entry["at_least"], "%", rule.reference),
                _constant(f"{entry['name']}上限", entry["at_most"], "%", rule.reference),
                _words(entry["words"]),
            )
            for entry in _entries(rule.value)
        )

    @property
    def grades(self) -> tuple[Grade, ...]:
        """The grades, best first."""
        rule = self.rule("grades")
        return tuple(
            Grade(
                str(entry["name"]),
                _constant(f"{entry['name']}等下限", entry["at_least"], "分", rule.reference),
            )
            for entry in _entries(rule.value)
        )


def bare_name(name: str) -> str:
    """Take quotation marks, spaces and line ends off an indicator's name.

    >>> bare_name("“三公经费” 变动率")
    '三公经费变动率'
    """
    return "".join(character for character in name if character not in " \t\n\u3000“”\"'‘’")


def _entries(value: object) -> list[dict[str, object]]:
    return list(value) if isinstance(value, list) else []


def _words(value: object) -> tuple[str, ...]:
    return tuple(str(word) for word in value) if isinstance(value, list) else ()


def _constant(label: str, value: object, unit: str, reference: Reference) -> Datum:
    return Datum(label, Decimal(str(value)), unit, Constant(reference))
