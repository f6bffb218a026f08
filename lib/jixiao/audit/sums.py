"""Checks of sums and weights (A 合计与权重)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jixiao.audit.budget import stated_on_100
from jixiao.audit.desk import (
    Case,
    Desk,
    Outcome,
    arithmetic,
    is_close,
    label_of,
    listed,
    places_of,
)
from jixiao.datum import Datum, Source, add, count_cells, strip_blank, subtract
from jixiao.model import Evaluation, Indicator, Phrase, Piece, ScoreLine, Statement

#: Words before a total that only say whose it is.
_OWNER = re.compile("^(?:本|该)?(?:项目|单位|部门)?(?:部门)?(?:整体支出)?(?:绩效)?(?=.)")


def check_points_total_score(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """A-01: the stated total is the sum of the claimed scores."""
    if lost := case.incomplete(evaluation):
        yield desk.skips(lost)
        return
    card = case.cards[evaluation.key]
    stated, summed = card.stated_total, card.claimed_sum
    if stated.value is None:
        yield desk.skips("没有填报总分")
        return
    if any(line.claimed_score.value is None for line in card.lines):
        yield desk.skips("有的行没有填报得分，不能相加")
        return
    if is_close(stated, summed, desk.entry.number("tolerance")):
        yield desk.holds(*arithmetic(summed), "，与总分", stated, "一致")
        return
    more = summed.require() > stated.require()
    gap = subtract("总分与各项得分之和相差", *((summed, stated) if more else (stated, summed)))
    yield desk.found(
        "自评总分填 ",
        stated,
        "，各项得分相加为 ",
        summed,
        f"，总分{'少' if more else '多'} ",
        gap,
        where=places_of(stated, summed),
        observed=("总分 ", stated),
        expected=("总分与各项得分之和 ", summed, " 一致"),
        formula=arithmetic(summed),
    )


def check_points_total(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """A-02: the points add to the total of the rule book."""
    if lost := case.incomplete(evaluation):
        yield desk.skips(lost)
        return
    card, rubric = case.cards[evaluation.key], case.rubrics[evaluation.key]
    total = rubric.number_of("total_points", "规定总分")
    if any(line.points.value is None for line in card.lines) or not card.lines:
        yield desk.skips("有的行没有填报分值，不能相加")
        return
    if card.points_total.require() == total.require():
        yield desk.holds(*arithmetic(card.points_total), "，等于规定的 ", total)
        return
    claimed = evaluation.claimed_total
    stated = claimed.points if claimed and claimed.points.value is not None else None
    still = "仍填" if stated and stated.value == total.value else "填"
    tail = (f"；总分行{still} ", stated) if stated else ()
    yield desk.found(
        "分值合计 ",
        card.points_total,
        "，应为 ",
        total,
        *tail,
        where=places_of(card.points_total, stated),
        observed=("分值合计 ", card.points_total),
        expected=("分值合计 ", total),
        formula=arithmetic(card.points_total),
    )


def category_points(case: Case, evaluation: Evaluation) -> dict[str, Datum]:
    """Add the points of the lines under each category (一级指标分值合计)."""
    by_category: dict[str, list[Datum]] = {}
    for line in case.cards[evaluation.key].lines:
        if line.members:
            by_category.setdefault(line.members[0].category, []).append(line.points)
    return {
        category: add(f"{category}分值合计", *points)
        for category, points in by_category.items()
        if category
    }


def check_category_points(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """A-03: a category's heading points are the sum of its items."""
    if lost := case.incomplete(evaluation):
        yield desk.skips(lost)
        return
    sums = category_points(case, evaluation)
    headings = {
        indicator.category: indicator.category_points
        for indicator in reversed(evaluation.indicators)
        if indicator.category_points is not None and indicator.category_points.value is not None
    }
    if not headings:
        yield desk.skips("一级指标没有标注分值")
    for category, heading in reversed(headings.items()):
        summed = sums.get(category)
        if summed is None or summed.value is None:
            yield desk.skips(f"{category}之下没有分值可以相加")
        elif heading.value == summed.value:
            yield desk.holds(f"{category}：", *arithmetic(summed), "，与标注的 ", heading, " 一致")
        else:
            yield desk.found(
                f"{category}标注 ",
                heading,
                "，其下各项相加为 ",
                summed,
                where=places_of(heading, summed),
                observed=("标注 ", heading),
                expected=("标注 ", summed),
                formula=arithmetic(summed),
            )


def check_score_range(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """A-05: no score above its points or below 0."""
    lines = _complete(case, evaluation)
    if not lines:
        yield desk.skips("没有成对填报的分值与得分")
    outside = [
        line for line in lines if not 0 <= line.claimed_score.require() <= line.points.require()
    ]
    for line in outside:
        yield desk.found(
            f"{label_of(line)}得分 ",
            line.claimed_score,
            "，分值 ",
            line.points,
            where=places_of(line.claimed_score, line.points),
            observed=("得分 ", line.claimed_score),
            expected=("0 至 ", line.points),
        )
    if lines and not outside:
        yield desk.holds("各行得分都在 0 与分值之间：", *_pairs(lines))


def check_points_without_score(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """A-06: points and score are filed in pairs."""
    lines = case.cards[evaluation.key].lines
    half = [line for line in lines if _is_half_filled(line)]
    if case.filing.is_incomplete(evaluation.key) and half:
        half = [line for line in half if line is not lines[-1]]  # the row the table broke off in
    if half and all(line.claimed_score.value is None for line in lines):
        yield _without_any_score(desk, half)
        return
    if half and all(line.points.value is None for line in lines if line.members):
        yield desk.skips("表中没有分值，只有得分")
        return
    for line in half:
        yield _half_filled(desk, line)
    complete = _complete(case, evaluation)
    if not half and complete:
        yield desk.holds("分值与得分成对：", *_pairs(complete))
    elif not half:
        yield desk.skips("没有填报分值与得分")


def _is_half_filled(line: ScoreLine) -> bool:
    """Whether points or score are missing; execution has no points where the form has no cell."""
    points, score = line.points, line.claimed_score
    if not line.members and points.value is None and points.origin == line.source:
        return False
    return (points.value is None) != (score.value is None)


def _without_any_score(desk: Desk, lines: list[ScoreLine]) -> Outcome:
    """Report a table with points and no score at all once, not line by line."""
    count = count_cells("有分值的行数", tuple((label_of(line), line.source) for line in lines))
    return desk.found(
        "全表 ",
        count,
        " 有分值，得分全部空白：",
        *listed(tuple(piece for line in lines for piece in (label_of(line), line.points)), " "),
        where=tuple(s for line in lines for s in (*places_of(line.points), line.source)),
        observed=("得分全部空白",),
        expected=("逐项填报得分",),
    )


def _half_filled(desk: Desk, line: ScoreLine) -> Outcome:
    names = ("分值", "得分") if line.claimed_score.value is None else ("得分", "分值")
    filed, absent = line.points, line.claimed_score
    if absent.value is not None:
        filed, absent = absent, filed
    # Where the form has no such cell, the address is the row's name, which is no score.
    cell = absent.origin if isinstance(absent.origin, Source) else line.source
    written = "" if cell == line.source else strip_blank(cell.text)
    state = f"写作“{written}”，不是数" if written else "空白"
    return desk.found(
        f"{label_of(line)}有{names[0]} ",
        filed,
        f"，{names[1]}{state}",
        where=(*places_of(filed, absent), line.source),
        observed=(filed, f"，{names[1]}{state}"),
        expected=("分值与得分都填报",),
    )


def check_merged_points(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """A-07: every third-level indicator has points of its own."""
    lines = [line for line in case.cards[evaluation.key].lines if line.members]
    merged = [group for line in lines for group in _sharing(line)]
    if not lines:
        yield desk.skips("没有三级指标")
    elif not merged:
        yield desk.holds("每项三级指标各有分值")
    else:
        message: list[Piece] = ["几项三级指标合用一个分值："]
        for index, group in enumerate(merged):
            count = count_cells("合用项数", tuple((m.name, m.source) for m in group))
            points = group[0].points or Datum.of(None, "分", "分值")
            message += [f"{'；' if index else ''}{group[0].subcategory} ", count, " 合用 ", points]
        yield desk.found(
            *message,
            where=tuple(
                source
                for group in merged
                for source in (*places_of(group[0].points), *(m.source for m in group))
            ),
            observed=tuple(message[1:]),
            expected=("每项三级指标各有分值",),
        )


def _sharing(line: ScoreLine) -> Iterator[tuple[Indicator, ...]]:
    """Give the runs of indicators under one points cell; rows of 其中 are parts of the first."""
    for index, member in enumerate(line.members):
        group = line.members[index : index + member.points_shared_by]
        parts = all(other.name.startswith("其中") for other in group[1:])
        if member.points is not None and len(group) > 1 and not parts:
            yield group


def check_grade_word(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """A-09: the grade word is one of the rule book's and fits the stated total."""
    card, rubric = case.cards[evaluation.key], case.rubrics[evaluation.key]
    word = card.stated_grade
    if word is None:
        yield desk.skips("没有填报评价等级")
        return
    names = tuple(grade.name for grade in rubric.grades)
    total, fitting = stated_on_100(case, evaluation), None
    if total is not None:
        fitting = next((g for g in rubric.grades if total.require() >= g.at_least.require()), None)
    if word.text in names and (fitting is None or fitting.name == word.text):
        if fitting is None or total is None:
            yield desk.skips("没有填报总分，不能核对等级")
        else:
            yield desk.holds(
                "评价等级“", word, "”，总分 ", total, "，该等不低于 ", fitting.at_least
            )
        return
    reason = "不是" + "、".join(f"“{name}”" for name in names) + "之一"
    if word.text in names:
        reason = "与总分所在的档不符"
    tail: Phrase = ()
    if fitting and total:
        tail = ("；总分 ", total, f" 属于“{fitting.name}”（不低于 ", fitting.at_least, "）")
    yield desk.found(
        "评价等级填“",
        word,
        f"”，{reason}",
        *tail,
        where=(word.source, *places_of(total)),
        observed=("“", word, "”"),
        expected=(f"“{fitting.name}”",) if fitting else (f"{'、'.join(names)}之一",),
    )


def check_conclusion(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """A-11: the narrative's total is the table's."""
    stated = case.cards[evaluation.key].stated_total
    words = desk.entry.words("words")
    statements = [s for s in case.filing.statements if _is_total(s, evaluation, words)]
    if not statements:
        yield desk.skips("正文没有写自评得分")
    elif stated.value is None:
        yield desk.skips("自评表没有填报总分")
    else:
        for statement in statements:
            if statement.datum.value == stated.value:
                yield desk.holds("正文“", statement.datum, "”与表中总分 ", stated, " 一致")
                continue
            yield desk.found(
                f"正文{statement.label} ",
                statement.datum,
                "，表中总分 ",
                stated,
                where=places_of(statement.datum, stated),
                observed=("正文 ", statement.datum),
                expected=("正文 ", stated),
            )


def _is_total(statement: Statement, evaluation: Evaluation, words: tuple[str, ...]) -> bool:
    """Whether a statement is the total of the self-evaluation, named as such."""
    label = _OWNER.sub("", statement.label)
    return (
        statement.evaluation == evaluation.key
        and statement.datum.unit == "分"
        and statement.datum.value is not None
        and label in words
    )


def _complete(case: Case, evaluation: Evaluation) -> list[ScoreLine]:
    return [
        line
        for line in case.cards[evaluation.key].lines
        if line.points.value is not None and line.claimed_score.value is not None
    ]


def _pairs(lines: list[ScoreLine]) -> Phrase:
    pieces: list[Piece] = []
    for line in lines:
        pieces += ["；" if pieces else "", line.claimed_score, " / ", line.points]
    return tuple(piece for piece in pieces if piece != "")
