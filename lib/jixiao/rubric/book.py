"""Rule books as data (评分规则): loaded from ``params/rubrics``, checked, chosen by year.

A rule is one entry with a description, values in force from a budget year, a unit, references
and whether the original was verified. Code holds methods; every figure of the law is here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from jixiao.datum import Constant, Datum, Reference
from jixiao.errors import BadFile, UnknownName
from jixiao.model import Kind
from jixiao.rubric.reading import mapping_at
from jixiao.workspace.files import digest_bytes
from jixiao.workspace.known import Signature, signature_of
from jixiao.workspace.yaml_file import expect_keys, load_yaml_text, place_of, read_yaml_text

_TOP = ("id", "title", "number", "issued_by", "budget_years", "applies", "note", "rules")
_RULE = ("description", "unit", "values", "reference", "verified")
_REFERENCE = ("title", "href", "note")
#: Rules whose value names a method; each has one method so far.
_METHOD_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "budget_execution.rate": "actual_expenditure / final_budget",
        "budget_execution.score": "execution_rate",
        "quantitative.at_least": "proportional",
        "quantitative.at_most": "inverse",
        "quantitative.exact": "exact",
        "merged_groups.split": "equal",
    }
)
RULES = (
    "total_points",
    "weights",
    "budget_execution.rate",
    "budget_execution.score",
    "quantitative.at_least",
    "quantitative.at_most",
    "quantitative.exact",
    "qualitative.bands",
    "merged_groups.split",
    "grades",
    "rounding",
)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule in force (规则): its value, unit and references."""

    key: str
    description: str
    unit: str
    value: object
    reference: Reference


@dataclass(frozen=True, slots=True)
class Band:
    """One band of a qualitative judgement (定性档次), in % of the points, lower end included."""

    name: str
    at_least: Datum
    at_most: Datum
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grade:
    """One grade (评价等级) with its threshold, included."""

    name: str
    at_least: Datum


@dataclass(frozen=True, slots=True)
class Rubric:
    """A rule book in force for one budget year and kind of evaluation (评分规则)."""

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

    def rule(self, key: str) -> Rule:
        """Give the rule under `key`; a key outside `RULES` is an API mistake."""
        for rule in self.rules:
            if rule.key == key:
                return rule
        raise KeyError(key)

    def reference(self, key: str) -> Reference:
        """Give the reference of the rule under `key`."""
        return self.rule(key).reference

    def number_of(self, key: str, label: str) -> Datum:
        """Give a rule's figure as a number of the law."""
        rule = self.rule(key)
        return Datum(label, Decimal(str(rule.value)), rule.unit, Constant(rule.reference))

    def weight(self, name: str, label: str) -> Datum:
        """Give the weight of a category: ``execution output outcome satisfaction``."""
        rule = self.rule("weights")
        weights = rule.value if isinstance(rule.value, Mapping) else {}
        return Datum(label, Decimal(str(weights[name])), "分", Constant(rule.reference))

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


def rubric_ids(folder: Path) -> tuple[str, ...]:
    """List the rule books in `folder` by id (= file name)."""
    return tuple(sorted(path.stem for path in folder.glob("*.yaml")))


def load_rubric(folder: Path, rubric_id: str, year: int, kind: Kind) -> Rubric:
    """Load one rule book as in force for a budget year.

    Raises
    ------
    UnknownName : no such rule book.
    BadFile : unknown, missing or duplicate key; no value in force; wrong type.
    """
    if rubric_id not in rubric_ids(folder):
        raise UnknownName.among("unknown-rubric", "评分规则", rubric_id, rubric_ids(folder))
    path = folder / f"{rubric_id}.yaml"
    text, book = _load(path)
    where = place_of(path)
    if book["id"] != rubric_id:
        raise BadFile(
            "rubric-id",
            f"“{book['id']}”与文件名不同",
            where=f"{where} 的 id",
            expected=f"“{rubric_id}”",
        )
    rules = mapping_at(book["rules"], f"{where} 的 rules")
    expect_keys(rules, f"{where} 的 rules", required=RULES)
    how = str(mapping_at(book["applies"], f"{where} 的 applies").get(kind, ""))
    return Rubric(
        id=rubric_id,
        title=str(book["title"]),
        number=str(book["number"]),
        issued_by=str(book["issued_by"]),
        by_analogy=how == "by_analogy",
        note=str(book["note"] or ""),
        year=year,
        rules=tuple(_read_rule(where, rubric_id, key, rules[key], year) for key in RULES),
        text=text,
        sha256=digest_bytes(text.encode()),
    )


def choose_rubric(folder: Path, year: int, kind: Kind, rubric_id: str | None = None) -> Rubric:
    """Choose the rule book: the one fixed by `rubric_id`, else the one in force for `year`.

    Raises
    ------
    BadFile : no rule book, or more than one, is in force for the year.
    """
    paths = sorted(folder.glob("*.yaml"))
    return _choose(folder, tuple(map(signature_of, paths)), year, kind, rubric_id or "")


@lru_cache(maxsize=256)
def _choose(
    folder: Path, signatures: tuple[Signature, ...], year: int, kind: Kind, rubric_id: str
) -> Rubric:
    """Choose among the rule books as they are: `signatures` tell whether one was changed."""
    if rubric_id:
        return load_rubric(folder, rubric_id, year, kind)
    fitting = [name for name in rubric_ids(folder) if _in_force(folder / f"{name}.yaml", year)]
    if len(fitting) != 1:
        found = "、".join(fitting) or "没有一部"
        raise BadFile(
            "rubric-in-force",
            f"{year} 预算年度适用的评分规则有：{found}",
            where=f"{place_of(folder)} 的 budget_years",
            expected="恰好一部",
            action="请修改 budget_years，或在单位的 YAML 中用 rubrics 指定",
        )
    return load_rubric(folder, fitting[0], year, kind)


def _load(path: Path) -> tuple[str, dict[str, object]]:
    text = read_yaml_text(path)
    book = load_yaml_text(text, place_of(path))
    expect_keys(book, place_of(path), required=_TOP)
    return text, book


def _in_force(path: Path, year: int) -> bool:
    _, book = _load(path)
    where = f"{place_of(path)} 的 budget_years"
    span = mapping_at(book["budget_years"], where)
    expect_keys(span, where, required=("from", "to"))
    first, last = span["from"], span["to"]
    for bound in (first, last):
        if bound is not None and not isinstance(bound, int):
            raise BadFile("rubric-years", f"“{bound}”不是年份", where=where, expected="年份或 null")
    after = not isinstance(first, int) or first <= year
    before = not isinstance(last, int) or year <= last
    return after and before


def _read_rule(where: str, rubric_id: str, key: str, entry: object, year: int) -> Rule:
    place = f"{where} 的 rules.{key}"
    rule = mapping_at(entry, place)
    expect_keys(rule, place, required=_RULE)
    if not isinstance(rule["verified"], bool):
        raise BadFile(
            "rubric-verified",
            f"“{rule['verified']}”不是真假值",
            where=f"{place}.verified",
            expected="true 或 false",
        )
    value = _value_in_force(place, rule["values"], year)
    _check_value(place, key, value)
    return Rule(
        key,
        str(rule["description"]),
        str(rule["unit"]),
        value,
        _read_reference(place, rubric_id, key, rule),
    )


def _value_in_force(place: str, values: object, year: int) -> object:
    if not isinstance(values, list) or not values:
        raise BadFile(
            "rubric-values",
            "没有数值",
            where=f"{place}.values",
            expected="按年度列出的 from 与 value",
        )
    chosen: list[tuple[int, object]] = []
    for entry in values:
        dated = mapping_at(entry, f"{place}.values")
        expect_keys(dated, f"{place}.values", required=("from", "value"))
        first = dated["from"]
        start = first if isinstance(first, int) else 0
        if start <= year:
            chosen.append((start, dated["value"]))
    if not chosen:
        raise BadFile(
            "rubric-values",
            f"{year} 预算年度没有生效的数值",
            where=f"{place}.values",
            expected=f"一个 from ≤ {year} 的数值",
        )
    return max(chosen, key=lambda pair: pair[0])[1]


def _check_value(place: str, key: str, value: object) -> None:
    """Check the shape of the few rules that are not a word."""
    where = f"{place}.values"
    if key == "rounding" and value not in (0, 1, 2, 3, 4):
        raise BadFile(
            "rubric-number", f"“{value}”不是小数位数", where=where, expected="0 至 4 的整数"
        )
    if key == "total_points":
        _number(where, value)
    elif key in _METHOD_NAMES and value != _METHOD_NAMES[key]:
        raise BadFile(
            "rubric-method", f"没有方法“{value}”", where=where, expected=f"“{_METHOD_NAMES[key]}”"
        )
    elif key == "weights":
        weights = mapping_at(value, where)
        expect_keys(weights, where, required=("execution", "output", "outcome", "satisfaction"))
        for weight in weights.values():
            _number(where, weight)
    elif key in ("qualitative.bands", "grades"):
        names = (
            ("name", "at_least", "at_most", "words") if key != "grades" else ("name", "at_least")
        )
        if not isinstance(value, list) or not value:
            raise BadFile("rubric-values", "没有档次", where=where, expected="由高到低的档次")
        for entry in value:
            band = mapping_at(entry, where)
            expect_keys(band, where, required=names)
            _number(where, band["at_least"])
            if "at_most" in band:
                _number(where, band["at_most"])
        lows = [Decimal(str(mapping_at(entry, where)["at_least"])) for entry in value]
        if lows != sorted(lows, reverse=True):
            raise BadFile("rubric-order", "档次没有由高到低排列", where=where, expected="由高到低")


def _number(where: str, value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise BadFile(
            "rubric-number",
            f"“{value}”不是数",
            where=where,
            expected='整数，或加引号的小数，例如 "0.5"',
        )
    try:
        if not Decimal(str(value)).is_finite():
            raise ArithmeticError(value)
    except ArithmeticError as error:
        raise BadFile(
            "rubric-number", f"“{value}”不是数", where=where, expected="整数，或加引号的小数"
        ) from error


def _read_reference(place: str, rubric_id: str, key: str, rule: Mapping[str, object]) -> Reference:
    listed = rule["reference"]
    if not isinstance(listed, list):
        raise BadFile(
            "rubric-reference",
            "不是列表",
            where=f"{place}.reference",
            expected="依据的列表，可为空 []",
        )
    for entry in listed:
        cited = mapping_at(entry, f"{place}.reference")
        expect_keys(cited, f"{place}.reference", required=_REFERENCE)
    full_key = f"{rubric_id}.{key}"
    if not listed:
        return Reference("未注明依据", key=full_key)
    titles = "；".join(str(entry["title"]) for entry in listed)
    notes = "；".join(str(entry["note"]) for entry in listed if entry["note"])
    href = next((str(entry["href"]) for entry in listed if entry["href"]), None)
    return Reference(titles, full_key, href, notes, bool(rule["verified"]))


def _entries(value: object) -> list[dict[str, object]]:
    return list(value) if isinstance(value, list) else []


def _words(value: object) -> tuple[str, ...]:
    return tuple(str(word) for word in value) if isinstance(value, list) else ()


def _constant(label: str, value: object, unit: str, reference: Reference) -> Datum:
    return Datum(label, Decimal(str(value)), unit, Constant(reference))
