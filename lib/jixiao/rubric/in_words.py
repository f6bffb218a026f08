"""A rule's value as an accountant reads it (规则的文字)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from jixiao.rubric.book import Rubric
from jixiao.rubric.method import Method
from jixiao.rubric.rule import Rule

_READINGS: Mapping[str, str] = MappingProxyType(
    {
        "floor": "只计满的个数",
        "linear": "按比例计",
        "ceil": "不足一个按一个计",
        "unfinished": "项目未完成",
        "finished": "项目已完成",
        "nothing": "不得分",
        "distance": "按与最近一端的比例",
        "per_day": "按天扣分",
        "above": "超过",
        "below": "低于",
        "either": "超过或低于",
    }
)
_POLICIES: Mapping[str, str] = MappingProxyType(
    {"full": "得满分", "drop_and_rescale": "剔除后折算", "move_to": "分值并入"}
)


def value_in_words(rule: Rule, rubric: Rubric) -> str:
    """Give what a rule sets, empty where its description says it all."""
    if rule.method is not None:
        return method_in_words(rule.method)
    value, names = rule.value, dict(rubric.categories)
    if rule.key in ("weights", "weights.without_cost") and isinstance(value, Mapping):
        parts = (
            f"{'＋'.join(names.get(name, name) for name in key.split('+'))} {weight}"
            for key, weight in value.items()
        )
        return "，".join(parts)
    if rule.key == "not_applicable" and isinstance(value, Mapping):
        return "，".join(_policy(names, key, str(policy)) for key, policy in value.items())
    if rule.key == "qualitative.bands":
        return "，".join(f"{b.name} {b.at_least.digits}–{b.at_most.digits}%" for b in rubric.bands)
    if rule.key == "grades":
        return "，".join(f"{grade.name} ≥{grade.at_least.digits}" for grade in rubric.grades)
    if rule.key == "overrides" and isinstance(value, list):
        return "，".join(f"{entry['when']}：{entry['name']}" for entry in value)
    return f"{value}{rule.unit}" if isinstance(value, int) else ""


def _policy(names: Mapping[str, str], category: str, policy: str) -> str:
    word, _, target = policy.partition(" ")
    return f"{names.get(category, category)}不适用：{_POLICIES[word]}{names.get(target, target)}"


def method_in_words(method: Method) -> str:
    """Write a method with its figures, and the readings its rule leaves open.

    >>> method_in_words(Method("deduction", {"full_at": 100, "worse": "above", "each": 1,
    ...     "deduct": "0.5", "count": "floor"}, {"count": ("floor", "ceil")}))
    '满分线 100，每超过 1 扣 0.5，扣完为止（只计满的个数，或 不足一个按一个计）'
    """
    text = _figures(method)
    open_readings = "；".join(
        "，或 ".join(_READINGS.get(each, each) for each in answers)
        for answers in method.choices.values()
    )
    return f"{text}（{open_readings}）" if open_readings else text


def _figures(method: Method) -> str:
    if method.name == "deduction":
        worse = _READINGS[method.word("worse")]
        each, deduct = method.word("each"), method.word("deduct")
        return f"满分线 {method.word('full_at')}，每{worse} {each} 扣 {deduct}，扣完为止"
    if method.name == "parts":
        return f"每有一项不符扣 {method.word('deduct')}，扣完为止"
    steps = (f"≥{step['at_least']} 得 {step['points']}" for step in method.entries("steps"))
    intervals = (f"{interval_text(i)} 得 {i['points']}" for i in method.entries("intervals"))
    bands = (
        f"{'、'.join(map(str, words))} 得 {band['points']}"
        for band in method.entries("bands")
        if isinstance(words := band["words"], list)
    )
    return "，".join((*steps, *intervals, *bands))


def interval_text(interval: Mapping[str, object]) -> str:
    """Write an interval as an accountant reads it.

    >>> interval_text({"from": 10, "to": 20, "ends": "(]"})
    '10–20（含 20）'
    >>> interval_text({"from": 30, "to": None, "ends": "()"})
    '大于 30'
    """
    low, high, ends = interval["from"], interval["to"], str(interval["ends"])
    if low is None and high is None:
        return "任何值"
    if low is None:
        return f"{'小于' if ends[1] == ')' else '不大于'} {high}"
    if high is None:
        return f"{'大于' if ends[0] == '(' else '不小于'} {low}"
    if low == high:
        return f"等于 {low}"
    held = [str(end) for end, mark in ((low, ends[0] == "["), (high, ends[1] == "]")) if mark]
    return f"{low}–{high}（含 {'、'.join(held)}）" if held else f"{low}–{high}（不含两端）"
