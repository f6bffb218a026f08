"""The indicators of an indicator system, read and checked (指标体系的读取).

A locality's book lists the indicators it uses: what it leaves out of an entry it takes from the
framework it extends, where an entry of the same key stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from jixiao.datum import Constant, Datum
from jixiao.errors import BadFile
from jixiao.rubric.book import bare_name
from jixiao.rubric.method import Method, check_awards, read_method
from jixiao.rubric.reading import mapping_at, number_at, read_reference
from jixiao.rubric.rule import IndicatorRule
from jixiao.workspace.yaml_file import expect_keys

_REQUIRED = ("reference", "verified")
_OWN = ("name", "category", "subcategory", "description")
_OPTIONAL = ("aliases", "points", "measure", "needs", "score", "choices", "not_applicable")
#: Rates that `jixiao.scoring` computes from the base data and the budget.
MEASURES = (
    "staffing_control_rate",
    "three_public_change_rate",
    "three_public_change_rate_by_outturn",
    "three_public_control_rate",
    "operating_control_rate",
    "budget_completion_rate",
    "budget_completion_rate_with_carry_over",
    "budget_adjustment_rate",
    "procurement_execution_rate",
    "floor_area_control_rate",
    "investment_control_rate",
)
#: Methods that turn a rate, a count of faults or a word into points.
INDICATOR_METHODS = (
    "intervals",
    "steps",
    "deduction",
    "parts",
    "graded",
    "proportional",
    "coefficient",
)


def read_indicators(
    where: str, rubric_id: str, entries: object, framework: tuple[IndicatorRule, ...]
) -> tuple[IndicatorRule, ...]:
    """Read the indicators of a book, completed by the framework's.

    Raises
    ------
    BadFile : a wrong key, type or name; two indicators of one name.
    """
    place = f"{where} 的 indicators"
    known = {indicator.key: indicator for indicator in framework}
    read = tuple(
        _read(f"{place}.{key}", f"{rubric_id}.{key}", key, entry, known.get(key))
        for key, entry in mapping_at(entries, place).items()
    )
    seen: dict[str, str] = {}
    for indicator in read:
        for name in {bare_name(each) for each in (indicator.name, *indicator.aliases)}:
            if name in seen and (indicator.category, indicator.subcategory) == _of(
                read, seen[name]
            ):
                raise BadFile(
                    "rubric-indicator",
                    f"“{name}”既是 {seen[name]} 又是 {indicator.key} 的名称",
                    where=place,
                    expected="同一二级指标下名称不重复",
                )
            seen[name] = indicator.key
    return read


def _of(read: tuple[IndicatorRule, ...], key: str) -> tuple[str, str]:
    found = next(indicator for indicator in read if indicator.key == key)
    return found.category, found.subcategory


def _read(
    place: str, full_key: str, key: str, value: object, known: IndicatorRule | None
) -> IndicatorRule:
    entry = mapping_at(value, place)
    own = () if known else _OWN
    expect_keys(
        entry,
        place,
        required=(*own, *_REQUIRED),
        optional=(*(_OWN if known else ()), *_OPTIONAL),
    )
    reference = read_reference(place, full_key, entry)
    start = known or IndicatorRule(key, "", (), "", "", "", None, None, (), None, False, reference)
    points = _points(place, entry, start, reference_label=str(entry.get("name", start.name)))
    measure = entry.get("measure", start.measure)
    if measure is not None and measure not in MEASURES:
        raise BadFile(
            "rubric-measure",
            f"没有可由基础数据计算的“{measure}”",
            where=f"{place}.measure",
            expected=f"{'、'.join(MEASURES)}，或 null",
        )
    if entry.get("not_applicable") not in (None, "full"):
        raise BadFile(
            "rubric-not-applicable",
            f"“{entry['not_applicable']}”",
            where=f"{place}.not_applicable",
            expected="full（没有该事项得满分），或不写",
        )
    method = _method(place, entry, start.method)
    if method is not None and points is not None:
        check_awards(method, points.value, f"{place}.score")
    return replace(
        start,
        name=str(entry.get("name", start.name)),
        aliases=_texts(entry, "aliases", start.aliases, place),
        category=str(entry.get("category", start.category)),
        subcategory=str(entry.get("subcategory", start.subcategory)),
        description=str(entry.get("description", start.description)),
        points=None if points is None else replace(points, origin=Constant(reference)),
        measure=None if measure is None else str(measure),
        needs=_texts(entry, "needs", start.needs, place),
        method=method,
        none_gives_full=entry.get("not_applicable") == "full" or start.none_gives_full,
        reference=reference,
    )


def _points(
    place: str, entry: Mapping[str, object], start: IndicatorRule, *, reference_label: str
) -> Datum | None:
    points = entry.get("points")
    if points is None:
        return start.points
    number = number_at(f"{place}.points", points)
    if number <= 0:
        raise BadFile(
            "rubric-number",
            f"“{points}”不大于 0",
            where=f"{place}.points",
            expected="大于 0 的分值",
        )
    return Datum(f"{reference_label}分值", Decimal(str(points)), "分", Constant(start.reference))


def _method(place: str, entry: Mapping[str, object], start: Method | None) -> Method | None:
    if entry.get("score") is None:
        if entry.get("choices") is not None:
            raise BadFile(
                "rubric-choice",
                "没有 score，无可选择",
                where=f"{place}.choices",
                expected="不写 choices",
            )
        return start
    return read_method(entry["score"], entry.get("choices"), INDICATOR_METHODS, f"{place}.score")


def _texts(
    entry: Mapping[str, object], key: str, known: tuple[str, ...], place: str
) -> tuple[str, ...]:
    listed = entry.get(key)
    if listed is None:
        return known
    if not isinstance(listed, list) or not all(isinstance(text, str) for text in listed):
        raise BadFile("yaml-type", f"{key} 是“{listed}”", where=place, expected="文字的列表")
    return tuple(map(str, listed))
