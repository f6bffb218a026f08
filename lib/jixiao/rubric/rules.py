"""The rules of a book, read and checked (规则的读取): the value in force, its shape, its method."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from jixiao.errors import BadFile
from jixiao.rubric.method import Method, check_awards, read_method
from jixiao.rubric.reading import mapping_at, number_at, read_reference
from jixiao.rubric.rule import Rule
from jixiao.workspace.yaml_file import expect_keys

_RULE = ("description", "unit", "values", "reference", "verified")
_BAND = ("name", "at_least", "at_most", "words")
_RATES = ("intervals", "steps", "deduction")
#: Rules that name a method, with the methods each may name.
METHODS_OF: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "budget_execution.score": ("execution_rate", *_RATES),
        "quantitative.at_least": ("proportional",),
        "quantitative.at_most": ("inverse",),
        "quantitative.exact": ("exact",),
        "quantitative.range": ("range",),
        "quantitative.deadline": ("deadline",),
        "quantitative.yes_no": ("yes_no",),
        "satisfaction.score": ("proportional", *_RATES),
        "cost.control": _RATES,
    }
)
#: Rules whose value is one of a few words.
_WORDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "budget_execution.rate": ("actual_expenditure / final_budget",),
        "merged_groups.split": ("equal",),
    }
)
_NUMBERS = ("total_points", "budget_execution.reason_below", "over_completion.review_at")


def read_rule(
    where: str, rubric_id: str, key: str, entry: object, year: int, categories: tuple[str, ...]
) -> Rule:
    """Read one rule as it is in force for a budget year.

    Raises
    ------
    BadFile : a wrong key, type, word or number; no value in force.
    """
    place = f"{where} 的 rules.{key}"
    rule = mapping_at(entry, place)
    expect_keys(rule, place, required=_RULE, optional=("choices",))
    reference = read_reference(place, f"{rubric_id}.{key}", rule)
    value = value_in_force(place, rule["values"], year)
    method = _check_value(f"{place}.values", key, value, rule.get("choices"), categories)
    return Rule(key, str(rule["description"]), str(rule["unit"]), value, reference, method)


def value_in_force(place: str, values: object, year: int) -> object:
    """Give the value of the latest ``from`` up to `year`."""
    where = f"{place}.values"
    if not isinstance(values, list) or not values:
        raise BadFile(
            "rubric-values", "没有数值", where=where, expected="按年度列出的 from 与 value"
        )
    chosen: list[tuple[int, object]] = []
    for entry in values:
        dated = mapping_at(entry, where)
        expect_keys(dated, where, required=("from", "value"))
        first = dated["from"]
        start = first if isinstance(first, int) else 0
        if start <= year:
            chosen.append((start, dated["value"]))
    if not chosen:
        raise BadFile(
            "rubric-values",
            f"{year} 预算年度没有生效的数值",
            where=where,
            expected=f"一个 from ≤ {year} 的数值",
        )
    return max(chosen, key=lambda pair: pair[0])[1]


def _check_value(
    where: str, key: str, value: object, choices: object, categories: tuple[str, ...]
) -> Method | None:
    """Check a value's shape, and read the method it names."""
    if key in METHODS_OF:
        method = read_method(value, choices, METHODS_OF[key], where)
        check_awards(method, None, where)
        return method
    if choices is not None:
        raise BadFile(
            "rubric-choice", f"{key} 没有方法，无可选择", where=where, expected="不写 choices"
        )
    if key == "rounding" and value not in (0, 1, 2, 3, 4):
        raise BadFile(
            "rubric-number", f"“{value}”不是小数位数", where=where, expected="0 至 4 的整数"
        )
    if key in _NUMBERS:
        number_at(where, value)
    elif key in _WORDS and value not in _WORDS[key]:
        raise BadFile(
            "rubric-method", f"没有方法“{value}”", where=where, expected=f"“{_WORDS[key][0]}”"
        )
    elif key in ("weights", "weights.without_cost"):
        _check_weights(where, value, categories)
    elif key in ("qualitative.bands", "grades"):
        _check_thresholds(where, value, _BAND if key != "grades" else ("name", "at_least"))
    elif key == "not_applicable":
        _check_not_applicable(where, value, categories)
    elif key == "overrides":
        for override in value if isinstance(value, list) else [value]:
            expect_keys(mapping_at(override, where), where, required=("name", "when"))
    return None


def _check_weights(where: str, value: object, categories: tuple[str, ...]) -> None:
    named: list[str] = []
    for names, weight in mapping_at(value, where).items():
        for name in names.split("+"):
            if name not in categories or name in named:
                raise BadFile(
                    "rubric-weights",
                    f"“{name}”{'重复' if name in named else '不是一级指标的编号'}",
                    where=where,
                    expected=f"{'、'.join(categories)}；几类共用一个权重写 a+b",
                )
            named.append(name)
        if number_at(where, weight) < 0:
            raise BadFile("rubric-number", f"“{weight}”小于 0", where=where, expected="不小于 0")


def _check_thresholds(where: str, value: object, names: tuple[str, ...]) -> None:
    if not isinstance(value, list) or not value:
        raise BadFile("rubric-values", "没有档次", where=where, expected="由高到低的档次")
    lows: list[Decimal] = []
    for entry in value:
        band = mapping_at(entry, where)
        expect_keys(band, where, required=names)
        lows.append(number_at(where, band["at_least"]))
        if "at_most" in band:
            number_at(where, band["at_most"])
    if lows != sorted(lows, reverse=True):
        raise BadFile("rubric-order", "档次没有由高到低排列", where=where, expected="由高到低")


def _check_not_applicable(where: str, value: object, categories: tuple[str, ...]) -> None:
    for name, policy in mapping_at(value, where).items():
        words = policy.split(" ") if isinstance(policy, str) else [""]
        moved = words[0] == "move_to" and len(words) == 2 and words[1] in categories
        if name not in categories or not (moved or words in (["full"], ["drop_and_rescale"])):
            raise BadFile(
                "rubric-not-applicable",
                f"“{name}: {policy}”",
                where=where,
                expected="一级指标的编号: full、drop_and_rescale 或 move_to 另一编号，"
                "例如 satisfaction: move_to outcome",
            )
