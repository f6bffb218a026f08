"""What the audit comes to for one evaluation (核查小结): figures compared, warning, quality score.

The quality score is the house's own: it says how much of the document must be put right, and is
no official score of anything.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias

from jixiao.audit.budget import ahead_of_execution, rate_of, stated_on_100
from jixiao.audit.desk import Case, arithmetic
from jixiao.audit.figures import VERDICTS, Comparison, compare_figures
from jixiao.datum import Constant, Datum, Json, percent, subtract
from jixiao.model import SEVERITY_WORDS, Evaluation, Finding, Phrase, words

Colour: TypeAlias = Literal["red", "yellow", "none"]
_FULL = Decimal(100)


@dataclass(frozen=True, slots=True)
class Alarm:
    """The warning of a finance system (预警): red is asked first; None cannot be told."""

    colour: Colour | None
    reason: Phrase


@dataclass(frozen=True, slots=True)
class Quality:
    """The house's score for the document (材料质量分): 100 less what its findings cost.

    ``costs`` are by group of checks (A, B, …): what its findings cost, at most the cap. ``apart`` is
    how far the unit's total lies from the recomputed one, in % of it; ``band`` the first of the
    bands it does not pass, None beyond the last or where it cannot be told.
    """

    score: Decimal
    grade: str | None
    counts: tuple[tuple[str, int], ...]
    costs: tuple[tuple[str, Decimal], ...]
    apart: Datum | None
    band: Decimal | None


@dataclass(frozen=True, slots=True)
class Appraisal:
    """What the audit comes to for one evaluation (核查小结)."""

    evaluation: str
    comparisons: tuple[Comparison, ...]
    alarm: Alarm
    quality: Quality

    def numbers(self) -> Iterator[Datum]:
        """Give every number a report of it shows."""
        for comparison in self.comparisons:
            yield comparison.statement.datum
            if comparison.cell is not None:
                yield comparison.cell
        yield from (piece for piece in self.alarm.reason if isinstance(piece, Datum))
        if self.quality.apart is not None:
            yield self.quality.apart


def appraise(case: Case, evaluation: Evaluation, findings: tuple[Finding, ...]) -> Appraisal:
    """Sum up for one evaluation what was compared and found."""
    return Appraisal(
        evaluation.key,
        compare_figures(case, evaluation),
        _alarm(case, evaluation),
        _quality(case, evaluation, findings),
    )


def _alarm(case: Case, evaluation: Evaluation) -> Alarm:
    """Warn as provincial systems do: red where the result is ahead, yellow where money is left."""
    budget, rules = evaluation.budget, case.checklist.appraisal
    if budget is None or budget.final_budget.value is None:
        return Alarm(None, ("没有全年预算数，不能判断",))
    if budget.final_budget.value == 0:
        return Alarm("yellow", ("全年预算数为 ", budget.final_budget))
    rate = rate_of(case, evaluation)
    if rate is None:
        return Alarm(None, ("没有全年执行数，不能判断",))
    ahead = ahead_of_execution(case, evaluation, rate)
    red = case.checklist.entry("B-03").threshold("red", "红色预警线", "%")
    if not isinstance(ahead, str) and ahead.excess.require() > red.require():
        return Alarm("red", (*arithmetic(ahead.excess), "，超过红色预警线 ", red))
    left = subtract("未执行", budget.final_budget, budget.actual_expenditure)
    unspent = percent("未执行的比例", left, budget.final_budget)
    yellow = Datum("黄色预警线", rules.yellow, "%", Constant(rules.alarm_reference))
    if unspent.require() > rules.yellow:
        return Alarm("yellow", (*arithmetic(unspent), "，超过黄色预警线 ", yellow))
    if isinstance(ahead, str):
        return Alarm(None, (f"{ahead}；", *arithmetic(unspent)))
    return Alarm("none", (*arithmetic(ahead.excess), "；", *arithmetic(unspent)))


def _quality(case: Case, evaluation: Evaluation, findings: tuple[Finding, ...]) -> Quality:
    """Take off what findings cost; a consequence, and one explained or dismissed, costs nothing."""
    rules = case.checklist.appraisal
    causes = [finding for finding in findings if finding.cause is None and not finding.is_settled]
    counts = Counter(finding.severity for finding in causes)
    by_group: dict[str, Decimal] = {}
    for finding in causes:
        group = finding.id[0]
        by_group[group] = by_group.get(group, Decimal(0)) + rules.deductions[finding.severity]
    costs = tuple((group, min(cost, rules.group_cap)) for group, cost in sorted(by_group.items()))
    score = max(Decimal(0), _FULL - sum((cost for _, cost in costs), Decimal(0)))
    grades = case.rubrics[evaluation.key].grades
    apart = _apart(case, evaluation)
    reached = [band for band in rules.bands if apart is not None and apart.require() <= band]
    return Quality(
        score=score,
        grade=next((g.name for g in grades if score >= g.at_least.require()), None),
        counts=tuple((SEVERITY_WORDS[name], counts[name]) for name in SEVERITY_WORDS),
        costs=costs,
        apart=apart,
        band=min(reached, default=None),
    )


def _apart(case: Case, evaluation: Evaluation) -> Datum | None:
    """How far the unit's total is from the recomputed one, both on 100."""
    stated, total = stated_on_100(case, evaluation), case.cards[evaluation.key].total_on_100
    if stated is None or stated.value is None or not total.value:
        return None
    high, low = (stated, total) if stated.value >= total.value else (total, stated)
    return percent("自评与重算相差", subtract("相差", high, low), total)


def appraisal_as_json(appraisal: Appraisal) -> dict[str, Json]:
    """Serialise for ``audit --json`` and ``result.json``."""
    verdicts = Counter(comparison.verdict for comparison in appraisal.comparisons)
    quality = appraisal.quality
    return {
        "evaluation": appraisal.evaluation,
        "warning": {"colour": appraisal.alarm.colour, "reason": words(appraisal.alarm.reason)},
        "quality": {
            "official": False,
            "score": str(quality.score),
            "grade": quality.grade,
            "costs": {group: str(cost) for group, cost in quality.costs},
            "apart": quality.apart.text if quality.apart else None,
            "band": str(quality.band) if quality.band is not None else None,
        },
        "narrative": {
            **{verdict: verdicts[verdict] for verdict in VERDICTS},
            "figures": [_figure(comparison) for comparison in appraisal.comparisons],
        },
    }


def _figure(comparison: Comparison) -> Json:
    statement, cell = comparison.statement, comparison.cell
    return {
        "subject": statement.label,
        "figure": statement.datum.text,
        "year": statement.year,
        "verdict": comparison.verdict,
        "cell": cell.label if cell else None,
        "value": cell.text if cell else None,
    }
