"""Checks of where an indicator stands (C-07、C-11 指标归类与职责)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from jixiao.audit.desk import Case, Desk, Outcome, listed
from jixiao.model import Evaluation, Indicator, Phrase, Piece
from jixiao.rubric import CheckEntry

_NONE = "没有三级指标"


@dataclass(frozen=True, slots=True)
class Misfit:
    """What surely does not belong under a subcategory (归类不当的特征).

    An indicator is one where its name has a word of ``names``, or its target is counted in one
    of ``units``, and its name has no word of ``unless``.
    """

    under: tuple[str, ...]
    names: str
    units: tuple[str, ...]
    unless: str
    belongs: str

    def holds(self, indicator: Indicator) -> bool:
        """Whether the indicator stands under this subcategory and does not belong there."""
        if _bare_subcategory(indicator) not in self.under:
            return False
        if self.unless and re.search(self.unless, indicator.name):
            return False
        by_name = bool(self.names) and re.search(self.names, indicator.name) is not None
        return by_name or self._is_counted(indicator)

    def _is_counted(self, indicator: Indicator) -> bool:
        target = indicator.target.quantity
        is_ceiling = target.operator in ("≤", "<")
        many = target.value is not None and target.value > 1
        return target.is_number and many and not is_ceiling and target.unit in self.units


def check_misplaced_indicator(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """C-07: an indicator stands under the subcategory its name and unit speak for."""
    misfits = _misfits(desk.entry)
    known = {word for misfit in misfits for word in misfit.under}
    placed = [i for i in evaluation.indicators if _bare_subcategory(i) in known]
    if not placed:
        yield desk.skips("没有可以判断归类的二级指标")
        return
    found = [(i, misfit) for i in placed if (misfit := _misfit_of(i, misfits)) is not None]
    if not found:
        return
    message: list[Piece] = ["三级指标与所列的二级指标不符："]
    for index, (indicator, misfit) in enumerate(found):
        message += ["；" if index else "", indicator.indicator]
        message += ["（指标值“", indicator.target, "”）"] if indicator.target.text else []
        message += [f"列在{indicator.subcategory}，宜列{misfit.belongs}"]
    yield desk.found(
        *(piece for piece in message if piece != ""),
        where=tuple(i.indicator.source for i, _ in found),
        observed=listed(tuple(i.indicator for i, _ in found)),
        expected=("按指标的内容归入相应的二级指标",),
    )


def _misfit_of(indicator: Indicator, misfits: tuple[Misfit, ...]) -> Misfit | None:
    return next((misfit for misfit in misfits if misfit.holds(indicator)), None)


def _bare_subcategory(indicator: Indicator) -> str:
    """Take 指标 and 产出 off a subcategory's name: 产出质量、质量指标 are 质量."""
    bare = re.sub(r"[\s　]", "", indicator.subcategory).removesuffix("等").removesuffix("指标")
    return bare.removeprefix("产出")


def _misfits(entry: CheckEntry) -> tuple[Misfit, ...]:
    listed_there = entry.thresholds["misfits"]
    entries = listed_there if isinstance(listed_there, list) else []
    return tuple(
        Misfit(
            tuple(map(str, one["under"])),
            str(one.get("names", "")),
            tuple(map(str, one.get("units", ()))),
            str(one.get("unless", "")),
            str(one["belongs"]),
        )
        for one in entries
    )


def check_foreign_indicator(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """C-11: an indicator speaks of what the unit's duties name."""
    duties = _duties(desk, case)
    if not evaluation.indicators:
        yield desk.skips(_NONE)
        return
    if not duties:
        yield desk.skips("正文没有单位职责一节，不能与职责比较")
        return
    kinds = _foreign_words(desk.entry, case.filing.unit)
    if not kinds:
        yield desk.skips("单位名称不在核查清单所列的类别之内，不能断定哪些内容与职责无关")
        return
    project = evaluation.project.text if evaluation.project else ""
    words = tuple(w for w in kinds if w not in duties + project)
    foreign = [i for i in evaluation.indicators if any(w in i.name for w in words)]
    if foreign:
        yield desk.found(
            "指标与单位职责无关：",
            *_with_targets(foreign),
            "；职责一节没有提到",
            where=tuple(i.indicator.source for i in foreign),
            observed=listed(tuple(i.indicator for i in foreign)),
            expected=("从单位职责与年度任务中提炼的指标",),
        )


def _duties(desk: Desk, case: Case) -> str:
    """Give the text of the sections on what the unit is for."""
    titles = desk.entry.words("sections")
    sections = [s for s in case.filing.sections if any(w in s.heading.text for w in titles)]
    return "\n".join(section.text for section in sections).strip()


def _foreign_words(entry: CheckEntry, unit: str) -> tuple[str, ...]:
    """Give the words that are foreign to units of this kind, none where the kind is unknown."""
    kinds = entry.thresholds["kinds"]
    for kind in kinds if isinstance(kinds, list) else []:
        if any(str(word) in unit for word in kind["units"]):
            return tuple(map(str, kind["foreign"]))
    return ()


def _with_targets(indicators: list[Indicator]) -> Phrase:
    pieces: list[Piece] = []
    for indicator in indicators:
        pieces += [
            "；" if pieces else "",
            indicator.indicator,
            "（指标值“",
            indicator.target,
            "”）",
        ]
    return tuple(piece for piece in pieces if piece != "")
