"""Reading a filled form back (回读): what was written must read as what was filed."""

from __future__ import annotations

from collections.abc import Iterator

from jixiao.datum import Json
from jixiao.importers import reading_as_json
from jixiao.model import Filing

_TABLES = ("evaluations", "base_data")
#: The place in the file differs, a bare file has no project ids, and what stands in a cell without a
#: number is told by the cell that it is read from, which may be a neighbour.
_LEFT_OUT = ("source", "key", "blank")
_NAMES = ("indicator", "label", "project")
_WORDS = {
    "category": "一级指标",
    "category_points": "一级指标分值",
    "subcategory": "二级指标",
    "indicator": "三级指标",
    "target": "年度指标值",
    "achieved": "实际完成值",
    "points": "分值",
    "points_shared_by": "分值合用的行数",
    "score": "得分",
    "score_shared_by": "得分合用的行数",
    "review_score": "复核得分",
    "coefficient": "得分系数",
    "deviation_reason": "偏差原因",
    "original_budget": "年初预算数",
    "final_budget": "全年预算数",
    "actual_expenditure": "全年执行数",
    "execution_rate": "执行率",
    "expected": "预期目标",
    "achievement": "实际完成情况",
    "indicators": "绩效指标",
    "evaluations": "自评表",
    "claimed_total": "总分",
    "base_data": "基础数据表",
    "expenditure": "经费控制情况",
    "austerity_measures": "厉行节约保障措施",
}


def differences(filed: Filing, written: Filing) -> tuple[str, ...]:
    """Give in words where the tables of two readings differ, addresses apart."""
    before, after = reading_as_json(filed, raw=True), reading_as_json(written, raw=True)
    return tuple(
        words for key in _TABLES for words in _differ(before[key], after[key], (_WORDS[key],))
    )


def _differ(before: Json, after: Json, path: tuple[str, ...]) -> Iterator[str]:
    if isinstance(before, dict) and isinstance(after, dict):
        named = (str(before[name]) for name in _NAMES if before.get(name))
        here = (*path, *list(named)[:1])
        for key in (key for key in before if key not in _LEFT_OUT):
            yield from _differ(before[key], after.get(key), (*here, _WORDS.get(key, key)))
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for one, other in zip(before, after, strict=True):
            yield from _differ(one, other, path)
    elif before != after:
        yield f"{' '.join(path)}：{_shown(before)} 读回成了 {_shown(after)}"


def _shown(value: Json) -> str:
    if isinstance(value, list):
        return f"{len(value)} 行"
    if isinstance(value, dict):
        return "有内容"
    return "空" if value is None else f"“{str(value)[:40]}”"
