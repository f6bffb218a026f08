"""Scores given by a reviewer, beside filed and recomputed (复核得分)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from jixiao.datum import Correction, Datum, compact
from jixiao.errors import BadFile
from jixiao.model import ReviewedScore, ScoreLine


def review_lines(
    key: str, lines: Sequence[ScoreLine], reviewed: Sequence[ReviewedScore]
) -> tuple[ScoreLine, ...]:
    """Lay the reviewer's scores beside the lines of the evaluation `key`.

    One given on another claim than now stands there is not taken: the line is to be reviewed
    again. So it is where a newer edition gave the line fewer points than the score, and where it
    has no such line, the entry is left out (`lapsed_reviews`).

    Raises
    ------
    BadFile : no such line, several of that name, or a score outside 0 and the line's points.
    """
    found = list(lines)
    for entry in reviewed:
        if entry.evaluation != key or _is_lapsed(found, entry):
            continue
        place = _line_of(found, entry)
        line = found[place]
        if entry.claimed != line.claimed_score.value or (entry.may_lapse and _is_over(line, entry)):
            found[place] = replace(line, review_again=entry)
            continue
        _check_range(line, entry)
        origin = Correction(line.claimed_score, entry.reason, entry.by, entry.on, is_review=True)
        found[place] = replace(line, reviewed=Datum("复核得分", entry.score, "分", origin))
    return tuple(found)


def lapsed_reviews(
    key: str, lines: Sequence[ScoreLine], reviewed: Sequence[ReviewedScore]
) -> tuple[ReviewedScore, ...]:
    """Give the reviewer's scores of lines that a newer edition does not have any more."""
    return tuple(e for e in reviewed if e.evaluation == key and _is_lapsed(lines, e))


def _is_lapsed(lines: Sequence[ScoreLine], entry: ReviewedScore) -> bool:
    return entry.may_lapse and len(_places_of(lines, entry)) != 1


def _places_of(lines: Sequence[ScoreLine], entry: ReviewedScore) -> list[int]:
    named = [place for place, line in enumerate(lines) if name_of_line(line) == entry.line]
    if entry.at is not None:
        named = [place for place in named if lines[place].source.address == entry.at]
    return named


def name_of_line(line: ScoreLine) -> str:
    """Name a line as the score table prints it: the execution rate, an indicator, or a group.

    A group that shares its points goes by its members, joined by 、.
    """
    if not line.members:
        return line.path[-1]
    return "、".join(member.name for member in line.members)


def _line_of(lines: Sequence[ScoreLine], entry: ReviewedScore) -> int:
    named = _places_of(lines, entry)
    if len(named) == 1:
        return named[0]
    where = f"review 的 scores：{entry.evaluation}"
    if named:
        places = "、".join(lines[place].source.address for place in named)
        raise BadFile(
            "review-line-ambiguous",
            f"有 {len(named)} 行都叫 “{entry.line}”",
            where=where,
            expected=f"用 at 写明出处，其中之一：{places}",
        )
    known = "；".join(f"“{name_of_line(line)}”" for line in lines)
    raise BadFile(
        "review-line",
        f"评分表没有这一行：“{entry.line}”{f'（{entry.at}）' if entry.at else ''}",
        where=where,
        expected=f"其中之一：{known}",
        action="请照评分表的行名填写 line",
    )


def _is_over(line: ScoreLine, entry: ReviewedScore) -> bool:
    points = line.points.value
    return points is None or entry.score > points


def _check_range(line: ScoreLine, entry: ReviewedScore) -> None:
    points = line.points.value
    if _is_over(line, entry):
        most = "分值（没有填报）" if points is None else f"{compact(points)} 分"
        raise BadFile(
            "review-score",
            f"“{entry.line}” 的复核得分是 {entry.score}",
            where=f"review 的 scores：{entry.evaluation}",
            expected=f"0 至 {most}",
        )
