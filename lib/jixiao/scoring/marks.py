"""What a rule gives for a value (评分结果): the score, its range over the choices, what drives it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from jixiao.datum import Datum, Reference, multiply, percent, subtract
from jixiao.datum import floor as at_least
from jixiao.model import Phrase, Piece
from jixiao.rubric import Method
from jixiao.scoring.methods import NOTHING
from jixiao.scoring.standards import STANDARDS

_QUESTIONS: Mapping[str, str] = MappingProxyType(
    {"count": "不满一个单位怎样计", "project": "项目是否完成", "worse": "哪一侧扣分"}
)
_ANSWERS: Mapping[str, str] = MappingProxyType(
    {
        "floor": "只计满的个数",
        "linear": "按比例计",
        "ceil": "不足一个按一个计",
        "unfinished": "未完成",
        "finished": "已完成",
        "above": "只计超过",
        "below": "只计不足",
        "either": "超过、不足都计",
    }
)


@dataclass(frozen=True, slots=True)
class Marks:
    """A score with the range of what the rule's own choices allow (得分与可能范围), in 分.

    ``drivers`` says which choice moves it, with the score of each reading; empty where none does.
    """

    score: Datum
    low: Datum
    high: Datum
    drivers: Phrase

    @property
    def is_decided(self) -> bool:
        """Whether every reading of the rule gives the same score."""
        return self.low.value == self.high.value


def mark(
    method: Method, points: Datum, value: Datum, reference: Reference, out_of: Datum | None = None
) -> Marks | None:
    """Score a value by a method, in every reading its rule leaves open.

    Parameters
    ----------
    points : what the form gives, in 分
    out_of : what the rule gives, where that may be other points; else `points`

    Returns
    -------
    Marks ; None where the standard says nothing of such a value.

    >>> law = Reference("规则", verified=True)
    >>> rule = Method("deduction", {"full_at": 100, "worse": "above", "each": 1, "deduct": "0.5",
    ...     "count": "floor"}, {"count": ("floor", "linear", "ceil")})
    >>> found = mark(rule, Datum.of(5, "分"), Datum.of("108.7", "%"), law)
    >>> found.score.text, found.low.text, found.high.text
    ('1分', '0.50分', '1分')
    """
    # A share of the points is the same share of any points.
    whole = points if method.name in ("proportional", "coefficient") else out_of or points
    own = replace(method, choices={})
    first = _earned(own, whole, value, reference)
    if first is None:
        return None
    scores = [first]
    for reading in method.readings():
        earned = _earned(reading, whole, value, reference)
        if earned is None:
            return None
        scores.append(earned)
    drivers = tuple(_drivers(method, whole, value, reference))
    if points.value != whole.value:
        scores = [each for score in scores for each in _of_other_points(score, whole, points)]
        if len({score.value for score in scores}) > 1:
            said = "；" if drivers else ""
            drivers = (
                *drivers,
                f"{said}填报分值 ",
                points,
                " 与规则 ",
                whole,
                " 不同，扣分怎样折算",
            )
    ordered = sorted(scores, key=lambda score: score.require())
    return Marks(scores[0], ordered[0], ordered[-1], drivers)


def _earned(method: Method, points: Datum, value: Datum, reference: Reference) -> Datum | None:
    return STANDARDS[method.name](method, points, value, reference)


def _of_other_points(earned: Datum, whole: Datum, points: Datum) -> tuple[Datum, ...]:
    """Carry a score over to other points: in proportion, or with the same deduction."""
    rate = percent("规则得分率", earned, whole)
    scaled = multiply("按填报分值折算", points, rate)
    if earned.value in (whole.value, 0):
        return (scaled,)
    lost = subtract("规则扣分", whole, earned)
    return scaled, at_least("得分", subtract("按填报分值扣分", points, lost), NOTHING)


def _drivers(method: Method, points: Datum, value: Datum, reference: Reference) -> Iterator[Piece]:
    """Say of each choice that moves the score what each answer gives."""
    first = True
    for name, answers in method.choices.items():
        given: list[tuple[str, Datum]] = []
        for answer in answers:
            reading = Method(method.name, {**method.parameters, name: answer})
            earned = _earned(reading, points, value, reference)
            if earned is not None:
                given.append((answer, earned))
        if len({earned.value for _, earned in given}) < 2:
            continue
        yield ("" if first else "；") + f"{_QUESTIONS.get(name, name)}，规则没有写明："
        for number, (answer, earned) in enumerate(given):
            yield ("，" if number else "") + f"{_ANSWERS.get(answer, answer)}得 "
            yield earned
        first = False
