"""Build a scorecard (评分表): filed against recomputed, line by line, with range and totals."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from jixiao.datum import (
    Datum,
    Reference,
    count_cells,
    multiply,
    percent,
    round_half_up,
    sum_filed,
)
from jixiao.datum.operations import add
from jixiao.model import (
    Evaluation,
    Filed,
    Filing,
    Indicator,
    Phrase,
    Piece,
    ReviewedScore,
    Scorecard,
    ScoreLine,
    Status,
    words,
)
from jixiao.rubric import Rubric
from jixiao.scoring.base_data import control_indicators
from jixiao.scoring.by_book import DROPPED, dropped_points
from jixiao.scoring.by_system import Measured
from jixiao.scoring.execution import execution_line, what_is_missing
from jixiao.scoring.indicators import Assessment, assess
from jixiao.scoring.methods import NOTHING, add_group, split_points
from jixiao.scoring.reviewed import lapsed_reviews, review_lines
from jixiao.scoring.sections import grade_of
from jixiao.scoring.units import in_one_unit

OWN_RULE = Reference("本工作台约定", key="house.arithmetic", verified=True)
_GRADE_WORD = re.compile(
    r"(?:自评结论|评价结论|自评结果|评价结果|等级|等次|评级|评定级别|评定)(?:为|是|：|:)?[“\"]?"
    r"(优秀|良好|较好|一般|合格|不合格|优|良|中|差)(?=[，。；,;！”\"、\s]|等次|等级|等，|等。|档|$)"
)


def score(filing: Filing, rubrics: Mapping[str, Rubric]) -> dict[str, Scorecard]:
    """Score every evaluation of a filing (评分).

    Parameters
    ----------
    rubrics : evaluation kind (``department``, ``project``) or evaluation key → rule book

    Returns
    -------
    dict of Scorecard by evaluation key, in the filing's order.
    """
    filing = in_one_unit(filing)
    cards = {}
    for evaluation in filing.evaluations:
        rubric = rubrics.get(evaluation.key) or rubrics[evaluation.kind]
        card = score_evaluation(filing, evaluation, rubric)
        cards[evaluation.key] = _reviewed(card, rubric, filing.reviewed)
    return cards


def _reviewed(card: Scorecard, rubric: Rubric, entries: tuple[ReviewedScore, ...]) -> Scorecard:
    """Add the reviewer's scores and their total; a line nobody reviewed counts as recomputed."""
    lapsed = lapsed_reviews(card.evaluation, card.lines, entries)
    lines = review_lines(card.evaluation, card.lines, entries)
    card = replace(card, lines=lines, lapsed_reviews=lapsed)
    if all(line.reviewed is None for line in lines):
        return card
    whole = card.score_total.value is not None
    total = _total("复核得分合计", tuple(line.reviewed or line.score for line in lines), whole)
    on_100 = _on_100("复核折算百分制得分", total, card.points_total, rubric)
    return replace(
        card,
        reviewed_total=total,
        reviewed_on_100=on_100,
        reviewed_grade=grade_of(on_100, rubric),
    )


def score_evaluation(filing: Filing, evaluation: Evaluation, rubric: Rubric) -> Scorecard:
    """Score one evaluation by one rule book (单表评分)."""
    measured = control_indicators(filing, rubric) if evaluation.kind == "department" else ()
    lines = tuple(_lines(evaluation, rubric, {each.name: each for each in measured}))
    scored = tuple(line for line in lines if line.score.value is not None)
    whole = len(scored) == len(lines) and bool(lines) and not filing.is_incomplete(evaluation.key)
    points_total = sum_filed("分值合计", *(line.points for line in lines))
    score_total = _total("重算得分合计", tuple(line.score for line in lines), whole)
    low = _total("可能得分下限合计", tuple(line.low for line in lines), whole)
    high = _total("可能得分上限合计", tuple(line.high for line in lines), whole)
    on_100 = _on_100("折算百分制得分", score_total, points_total, rubric)
    low_on_100 = _on_100("折算百分制下限", low, points_total, rubric)
    high_on_100 = _on_100("折算百分制上限", high, points_total, rubric)
    return Scorecard(
        evaluation=evaluation.key,
        rubric=rubric.id,
        lines=lines,
        stated_total=_stated_total(evaluation),
        claimed_sum=sum_filed("自评各项得分之和", *(line.claimed_score for line in lines)),
        score_total=score_total,
        points_total=points_total,
        total_on_100=on_100,
        low=low,
        high=high,
        low_on_100=low_on_100,
        high_on_100=high_on_100,
        grade=grade_of(on_100, rubric),
        lowest_grade=grade_of(low_on_100, rubric),
        highest_grade=grade_of(high_on_100, rubric),
        stated_grade=_stated_grade(filing, evaluation),
        coverage=_coverage(lines, points_total),
        indicators_of_base_data=measured,
    )


def groups_of(evaluation: Evaluation) -> tuple[tuple[Indicator, ...], ...]:
    """Split the indicators into scored units: single ones, and groups under merged cells.

    A group ends where both its points cell and its score cell end.
    """
    groups: list[tuple[Indicator, ...]] = []
    start, end = 0, 0
    for index, indicator in enumerate(evaluation.indicators):
        if index == end and index > start:
            groups.append(evaluation.indicators[start:end])
            start = index
        if indicator.points is not None:
            end = max(end, index + indicator.points_shared_by)
        if indicator.score is not None:
            end = max(end, index + indicator.score_shared_by)
        end = max(end, index + 1)
    if start < len(evaluation.indicators):
        groups.append(evaluation.indicators[start:])
    return tuple(groups)


def _lines(evaluation: Evaluation, rubric: Rubric, measured: Measured) -> list[ScoreLine]:
    execution = execution_line(evaluation, rubric)
    indicators = [_group_line(group, rubric, measured) for group in groups_of(evaluation)]
    return [execution, *indicators] if execution else indicators


def _group_line(group: tuple[Indicator, ...], rubric: Rubric, measured: Measured) -> ScoreLine:
    first = group[0]
    points = _one_or_sum("分值", tuple(i.points for i in group if i.points is not None))
    claimed = _one_or_sum("自评得分", tuple(i.score for i in group if i.score is not None))
    path = tuple(part for part in (first.category, first.subcategory) if part)
    if len(group) == 1:
        path = (*path, first.name)

    def line(
        score: Datum, status: Status, method: str, bounds: tuple[Datum, Datum], reason: Phrase
    ) -> ScoreLine:
        return ScoreLine(
            path,
            group,
            points,
            claimed,
            score,
            status,
            method,
            *bounds,
            reason,
            first.source,
        )

    if dropped := dropped_points(group, points, rubric):
        nothing = (NOTHING, NOTHING)
        dropped_line = line(NOTHING, "recomputed", "drop_and_rescale", nothing, DROPPED)
        return replace(dropped_line, points=dropped)
    if points.value is None or claimed.value is None:
        absent = _absent("得分")
        return line(
            absent, "missing", "judgement", (absent, absent), what_is_missing(points, claimed)
        )
    split = rubric.reference("merged_groups.split")
    found = tuple(
        assess(indicator, each, rubric, measured)
        for indicator, each in zip(group, _points_of_each(group, split), strict=True)
    )
    method = found[0].method if len(group) == 1 else "merged_group"
    name = path[-1] if path else first.name
    lows, highs = tuple(f.low for f in found), tuple(f.high for f in found)
    if all(assessment.status == "recomputed" for assessment in found):
        exact = _rounded(f"{name}重算得分", add_group(f"{name}组内得分", lows, split), rubric)
        return line(exact, "recomputed", method, (exact, exact), _reasons(group, found))
    low = _rounded(f"{name}可能得分下限", add_group(f"{name}组内下限", lows, split), rubric)
    high = _rounded(f"{name}可能得分上限", add_group(f"{name}组内上限", highs, split), rubric)
    return line(claimed, "accepted", method, (low, high), _reasons(group, found))


def _points_of_each(group: tuple[Indicator, ...], split: Reference) -> Iterator[Datum]:
    """Give each member its own points, or its equal share of the cell it shares."""
    index = 0
    while index < len(group):
        first = group[index]
        sharing = group[index : index + max(first.points_shared_by, 1)]
        if first.points is None:
            yield _absent("分值")
            index += 1
            continue
        owner = first.subcategory or first.name
        count = count_cells(f"{owner}合用分值的指标数", tuple((i.name, i.source) for i in sharing))
        each = split_points(f"{owner}每项分值", first.points, count, split)
        yield from (each for _ in sharing)
        index += len(sharing)


def _reasons(group: tuple[Indicator, ...], found: tuple[Assessment, ...]) -> Phrase:
    """Say of each member that was accepted why; members with one reason share a sentence."""
    by_reason: dict[str, tuple[Phrase, list[Filed]]] = {}
    for indicator, assessment in zip(group, found, strict=True):
        if assessment.reason:
            shared = by_reason.setdefault(words(assessment.reason), (assessment.reason, []))
            name = indicator.indicator
            shared[1].append(Filed(name.text.rstrip("。.；;"), name.source))
    pieces: list[Piece] = []
    for reason, names in by_reason.values():
        pieces += ["；"] if pieces else []
        if len(group) > 1:
            for number, name in enumerate(names):
                pieces += ["、", name] if number else [name]
            pieces.append("：")
        pieces += reason
    return tuple(pieces)


def _one_or_sum(label: str, parts: tuple[Datum, ...]) -> Datum:
    if len(parts) == 1:
        return parts[0]
    if not parts:
        return _absent(label)
    return add(f"{label}合计", *parts)


def _total(label: str, parts: tuple[Datum, ...], whole: bool) -> Datum:
    return sum_filed(label, *parts) if whole else _absent(label)


def _on_100(label: str, total: Datum, points: Datum, rubric: Rubric) -> Datum:
    if total.value is None or not points.value:
        return _absent(label)
    hundred = rubric.number_of("total_points", "百分制")
    ratio = percent("得分率", total, points, reference=OWN_RULE)
    return round_half_up(label, multiply(label, hundred, ratio), rubric.places)


def _coverage(lines: tuple[ScoreLine, ...], points: Datum) -> Datum:
    """Give the share of the points that numbers and a rule decide; the scores decide which count."""
    label = "重算覆盖率"
    if not points.value:
        return Datum(label, None, "%", points.origin)
    recomputed = [line for line in lines if line.status == "recomputed"]
    parts, scores = (line.points for line in recomputed), tuple(line.score for line in recomputed)
    part = sum_filed("由数字与规则重算的分值", *parts, decided_by=scores) if scores else NOTHING
    return percent(label, part, points, reference=OWN_RULE)


def _stated_total(evaluation: Evaluation) -> Datum:
    claimed = evaluation.claimed_total
    return claimed.score if claimed else _absent("自评总分")


def _stated_grade(filing: Filing, evaluation: Evaluation) -> Filed | None:
    """Give the grade as filed: in the total row, else the narrative's word."""
    claimed = evaluation.claimed_total
    if claimed and claimed.grade:
        return claimed.grade
    for section in filing.sections:
        if section.evaluation != evaluation.key:
            continue
        for paragraph in section.paragraphs:
            if match := _GRADE_WORD.search(paragraph.text):
                return Filed(match[1], paragraph.source)
    return None


def _rounded(label: str, value: Datum, rubric: Rubric) -> Datum:
    return round_half_up(label, value, rubric.places, reference=rubric.reference("rounding"))


def _absent(label: str) -> Datum:
    return Datum.of(None, "分", label)
