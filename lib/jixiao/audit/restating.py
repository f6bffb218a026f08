"""A restated filing against the edition before it (重报对照): which cells, and what it does to the score."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields

from jixiao.datum import Datum, strip_blank, subtract
from jixiao.model import (
    BaseData,
    Budget,
    Change,
    Effect,
    Evaluation,
    Filing,
    Restatement,
    Scorecard,
    ScoreLine,
    Value,
    of_edition,
    text_of_value,
)
from jixiao.rubric import Rubric
from jixiao.scoring import score
from jixiao.scoring.units import in_one_unit

_LABELS: Mapping[str, str] = {
    "original_budget": "年初预算数",
    "final_budget": "全年预算数",
    "actual_expenditure": "全年执行数",
    "points": "分值",
    "execution_rate": "执行率",
    "score": "得分",
    "authorized_posts": "编制数",
    "staff_in_post": "实际在职人数",
    "staffing_control_rate": "控制率",
    "prior_outturn": "上年决算数",
    "budget": "预算数",
    "outturn": "决算数",
    "year": "完工年度",
    "approved_floor_area": "批复规模",
    "actual_floor_area": "实际规模",
    "floor_area_control_rate": "规模控制率",
    "approved_investment": "投资概算",
    "actual_investment": "实际投资",
    "investment_control_rate": "投资概算控制率",
}
_Name = tuple[str, ...]


def restate(filing: Filing, card: Scorecard, rubrics: Mapping[str, Rubric]) -> Restatement | None:
    """Hold one evaluation of a filing against that of the edition before it.

    Returns
    -------
    Restatement ; None for a first edition, or where the earlier one cannot be read.
    """
    superseded = filing.context.superseded if filing.context else None
    if superseded is None or superseded.filing is None:
        return None
    key = card.evaluation
    earlier = in_one_unit(superseded.filing)
    before = score(earlier, rubrics).get(key)
    old, new = earlier.evaluation(key), filing.evaluation(key)
    changes = tuple(_changes(earlier, old, filing, new, card))
    effects = tuple(_effects(before, card, superseded.edition)) if before else ()
    none = Datum.of(None, "分")
    number = superseded.edition
    claimed = _effect(
        (), before.claimed_sum if before else none, card.claimed_sum, number, "自评各项得分之和"
    )
    total = _effect(
        (), before.score_total if before else none, card.score_total, number, "重算得分合计"
    )
    return Restatement(number + 1, superseded, changes, effects, claimed, total)


def _changes(
    earlier: Filing, old: Evaluation | None, filing: Filing, new: Evaluation | None, card: Scorecard
) -> Iterator[Change]:
    was = dict(_cells(earlier, old)) if old else {}
    now = dict(_cells(filing, new)) if new else {}
    lines = dict(_line_of_name(card))
    for name in (*now, *(name for name in was if name not in now)):
        before, after = was.get(name), now.get(name)
        if _bare(before) != _bare(after):
            yield Change(name, before, after, lines.get(name[:1], lines.get(name[:2], ())))


def _bare(value: Value) -> str:
    return strip_blank(text_of_value(value))


def _cells(filing: Filing, evaluation: Evaluation) -> Iterator[tuple[_Name, Value]]:
    """Every cell of an evaluation by name; of the department also base data."""
    seen: dict[_Name, int] = {}
    for name, value in _all(filing, evaluation):
        # A second indicator of one name is another cell.
        number = seen[name] = seen.get(name, 0) + 1
        yield (name if number == 1 else (*name, f"（{number}）")), value


def _all(filing: Filing, evaluation: Evaluation) -> Iterator[tuple[_Name, Value]]:
    if evaluation.budget is not None:
        yield from _of_budget(evaluation.budget)
    for indicator in evaluation.indicators:
        name = indicator.name
        yield (name, "指标值"), indicator.target
        yield (name, "完成值"), indicator.achieved
        yield (name, "分值"), indicator.points
        yield (name, "得分"), indicator.score
        yield (name, "偏差原因"), indicator.deviation_reason
    if total := evaluation.claimed_total:
        yield ("总分", "分值"), total.points
        yield ("总分", "得分"), total.score
        yield ("总分", "等级"), total.grade
    yield ("年度总体目标", "预期目标"), evaluation.objectives.expected
    yield ("年度总体目标", "实际完成情况"), evaluation.objectives.achievement
    if evaluation.kind == "department" and filing.base_data:
        yield from _of_base_data(filing.base_data)
    for section in filing.sections:
        if section.evaluation == evaluation.key:
            for number, paragraph in enumerate(section.paragraphs, 1):
                yield (section.heading.text, f"第 {number} 段"), paragraph


def _of_budget(budget: Budget) -> Iterator[tuple[_Name, Value]]:
    yield from _of_fields("预算资金", budget)
    for line in budget.lines:
        yield from _of_fields(f"预算资金 {line.label}", line)


def _of_base_data(base: BaseData) -> Iterator[tuple[_Name, Value]]:
    if base.staff:
        yield from _of_fields("财政供养人员", base.staff)
    for row in base.expenditure:
        yield from _of_fields(row.name, row)
    if base.buildings:
        yield from _of_fields("楼堂馆所", base.buildings)
    yield ("厉行节约措施",), base.austerity_measures


def _of_fields(name: str, block: object) -> Iterator[tuple[_Name, Value]]:
    for field in fields(block):  # type: ignore[arg-type]  # a dataclass of the model
        if label := _LABELS.get(field.name):
            yield (name, label), getattr(block, field.name)


def _line_of_name(card: Scorecard) -> Iterator[tuple[_Name, _Name]]:
    """Give by the name of a cell the score line it belongs to."""
    for line in card.lines:
        if not line.members:
            yield ("预算资金",), line.path
        for member in line.members:
            yield (member.name,), line.path


def _effects(before: Scorecard, after: Scorecard, edition: int) -> Iterator[Effect]:
    was = {line.path: line for line in before.lines}
    for line in after.lines:
        earlier = was.get(line.path)
        if earlier is None:
            yield _effect(line.path, Datum.of(None, "分"), line.score, edition, "得分")
        elif earlier.score.value != line.score.value:
            yield _effect(line.path, earlier.score, line.score, edition, _title(line))


def _title(line: ScoreLine) -> str:
    return f"{line.path[-1] if line.path else ''}得分"


def _effect(line: _Name, before: Datum, after: Datum, edition: int, label: str) -> Effect:
    earlier = of_edition(before, edition, label)
    return Effect(line, earlier, after, subtract("对得分的影响", after, earlier))
