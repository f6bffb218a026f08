"""Checks of how points are spread and scores are written (A-08、A-10 分值与得分的写法)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_DOWN, Decimal

from jixiao.audit.desk import Case, Desk, Outcome, arithmetic, label_of, listed, places_of
from jixiao.datum import Datum, Working, percent, round_to
from jixiao.model import Evaluation, Phrase, Piece, ScoreLine


def check_concentrated_points(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """A-08: no single indicator holds more than a third or so of all points."""
    card = case.cards[evaluation.key]
    if lost := case.incomplete(evaluation):
        yield desk.skips(lost)
        return
    own = [line for line in card.lines if len(line.members) == 1]
    if not own:
        yield desk.skips("没有自有分值的三级指标")
        return
    if any(line.points.value is None for line in card.lines) or not card.points_total.value:
        yield desk.skips("有的行没有填报分值，算不出所占比例")
        return
    if _has_fixed_points(desk, evaluation):
        yield desk.skips("投入、过程、决策类评分表的分值由表样统一规定")
        return
    limit = desk.entry.threshold("share", "单项分值比例线", "%")
    shares = [(line, percent("占全部分值", line.points, card.points_total)) for line in own]
    heavy = [entry for entry in shares if entry[1].require() > limit.require()]
    if not heavy:
        line, most = max(shares, key=lambda entry: entry[1].require())
        yield desk.holds(f"占比最大的“{label_of(line)}”：", *arithmetic(most), "，不超过 ", limit)
        return
    message: list[Piece] = ["分值过于集中："]
    for index, (line, part) in enumerate(heavy):
        message += ["；" if index else "", line.members[0].indicator, " ", line.points]
        message += ["，占全部分值的 ", part]
    yield desk.found(
        *(piece for piece in message if piece != ""),
        where=places_of(*(line.points for line, _ in heavy)),
        observed=listed(tuple(part for _, part in heavy)),
        expected=("单项不超过全部分值的 ", limit, "，按重要程度分解为几项"),
        formula=arithmetic(heavy[0][1]),
    )


def _has_fixed_points(desk: Desk, evaluation: Evaluation) -> bool:
    """Whether the table is a scorecard whose form prints the points (投入、过程…)."""
    words = desk.entry.words("fixed")
    return any(word in i.category for i in evaluation.indicators for word in words)


def check_score_digits(desk: Desk, case: Case, evaluation: Evaluation) -> Iterator[Outcome]:
    """A-10: scores have two decimals at most, and are rounded in one way."""
    lines = [line for line in case.cards[evaluation.key].lines if line.claimed_score.value]
    if not lines:
        yield desk.skips("没有填报得分")
        return
    most = int(desk.entry.number("places"))
    long = [line.claimed_score for line in lines if _places(line.claimed_score) > most]
    rounded, cut = _ways_of_rounding(lines)
    if not long and not (rounded and cut):
        yield desk.holds(f"得分都不超过 {most} 位小数，取舍方法一致：", *listed(_claims(lines)))
        return
    message: list[Piece] = []
    if long:
        message += [f"得分超过 {most} 位小数：", *listed(tuple(long))]
    if rounded and cut:
        message += ["；" if message else "", "得分取舍方法不一致：四舍五入的有 "]
        message += [*listed(tuple(rounded)), "，直接舍去的有 ", *listed(tuple(cut))]
    odd = (*long, *rounded, *cut) if rounded and cut else tuple(long)
    yield desk.found(
        *(piece for piece in message if piece != ""),
        where=places_of(*odd),
        observed=listed(odd),
        expected=(f"一律四舍五入到不超过 {most} 位小数",),
    )


def _claims(lines: list[ScoreLine]) -> Phrase:
    return tuple(line.claimed_score for line in lines)


def _places(datum: Datum) -> int:
    exponent = datum.require().normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _ways_of_rounding(lines: list[ScoreLine]) -> tuple[list[Datum], list[Datum]]:
    """Sort the recomputed scores that need rounding into those rounded and those cut off."""
    rounded, cut = [], []
    for line in lines:
        if line.status != "recomputed" or not isinstance(line.score.origin, Working):
            continue
        exact, claimed = line.score.origin.operands[0].require(), line.claimed_score.require()
        places = _places(line.claimed_score)
        up = round_to(exact, places)
        down = exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_DOWN)
        if up == down:
            continue
        if claimed == up:
            rounded.append(line.claimed_score)
        elif claimed == down:
            cut.append(line.claimed_score)
    return rounded, cut
