"""Figures drawn by lot that tie (取数): what a unit spent and achieved in a year.

Each draw has a seed of its own, made of the run's seed, the unit and the year, so that a filing
depends on nothing else, and the outturn of a year is the prior outturn of the next.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from random import Random

from jixiao.batch.demo.draft import (
    Base,
    Draft,
    Form,
    Line,
    Measure,
    Money,
    grade_of,
    rate_of,
    rounded,
    score_of,
    summed,
)
from jixiao.batch.demo.province import DemoUnit
from jixiao.batch.demo.words import (
    DEPARTMENT,
    OFFICES,
    OTHER_PROJECTS,
    PROJECT,
    REASONS,
    Pattern,
    Slot,
)

_ZERO = Decimal(0)
_SCALES = {"province": 8, "city": 3, "county": 1}
_MOST_PROJECTS = 3
#: Least and greatest execution, in ten-thousandths: below 95 % a near-full score would be a doubt.
_EXECUTION = (9640, 9960)
#: A slow year (执行慢的年度): money was left over, and the results are claimed all the same.
_SLOW_SHARE, _SLOW_EXECUTION = 0.06, (5200, 8900)
#: Drawn at 90.5 % at most in a slow year, at 96.4 % at least in another.
SLOW = Decimal("0.93")

#: How many targets a filing misses, and what share of them it reaches, in thousandths.
_MISSES, _SHORT, _MET = (1, 1, 2, 2, 3), (900, 970), (1010, 1080)
#: A weak year (完成差的年度): more targets missed, by more, and scored so.
_WEAK_SHARE, _WEAK_MISSES, _FAR_SHORT = 0.15, (4, 5, 6, 7), (380, 850)


@dataclass(frozen=True, slots=True)
class _Size:
    """What stays the same of a unit over the years."""

    posts: int
    projects: tuple[str, ...]
    evaluated: int
    amounts: dict[str, int]


def draw(unit: DemoUnit, year: int, seed: int) -> Draft:
    """Draw the filing of a unit for a year; but for slow years, there is no contradiction in it."""
    size = _size(unit, seed)
    money = _spending(unit, size, year, seed)
    before = _spending(unit, size, year - 1, seed)
    chance = Random(f"{seed}/{unit.id}/{year}")
    forms = [_department(chance, unit, money)]
    for number, name in enumerate(size.projects[: size.evaluated], start=1):
        forms.append(_project(chance, f"project-{number}", name, money[name]))
    staff = size.posts - chance.randint(1, max(2, size.posts // 8))
    return Draft(unit, year, _base(size, staff, year, money, before), tuple(forms), "", "张某某")


def _size(unit: DemoUnit, seed: int) -> _Size:
    chance = Random(f"{seed}/{unit.id}/size")
    scale = _SCALES[unit.level]
    count = chance.randint(2, 5)
    projects = (*OFFICES[unit.office][:count], OTHER_PROJECTS)
    posts = chance.randint(18, 60) * scale
    amounts = {name: chance.randint(800, 12000) * scale for name in projects}
    amounts |= {
        "人员经费": posts * chance.randint(1100, 1700),
        "公用经费": posts * chance.randint(90, 180),
    }
    amounts |= {"公务用车": chance.randint(200, 900), "公务接待": chance.randint(50, 400)}
    return _Size(posts, projects, min(chance.randint(0, _MOST_PROJECTS), count), amounts)


def _spending(unit: DemoUnit, size: _Size, year: int, seed: int) -> dict[str, Money]:
    """Draw 年初预算, 全年预算 and 全年执行 of each part; amounts are in 万元 with two decimals."""
    chance = Random(f"{seed}/{unit.id}/{year}/money")
    slow = Random(f"{seed}/{unit.id}/{year}/slow")
    execution = _EXECUTION
    if slow.random() < _SLOW_SHARE:
        middle = slow.randint(*_SLOW_EXECUTION)
        execution = (middle - 150, middle + 150)
    money = {}
    for name, cents in size.amounts.items():
        original = Decimal(cents * chance.randint(92, 110)) / 1_000_000 * (100 + (year - 2020) * 2)
        # 公用经费与三公经费不得超过预算，所以只调减。
        change = chance.randint(-4, 0 if name.startswith("公") else 7)
        final = rounded(original * (100 + change) / 100)
        actual = rounded(final * chance.randint(*execution) / 10000)
        money[name] = Money(name, rounded(original), final, actual)
    return money


def _add(label: str, parts: list[Money]) -> Money:
    return Money(
        label,
        sum((part.original for part in parts), _ZERO),
        sum((part.final for part in parts), _ZERO),
        sum((part.actual for part in parts), _ZERO),
    )


def _parts(money: dict[str, Money]) -> tuple[Money, Money, Money]:
    """Give 基本支出, 项目支出 and their sum."""
    basic = _add("基本支出", [money["人员经费"], money["公用经费"]])
    apart = ("人员经费", "公用经费", "公务用车", "公务接待")
    projects = _add("项目支出", [part for name, part in money.items() if name not in apart])
    return basic, projects, _add("支出总额", [basic, projects])


def _base(
    size: _Size, staff: int, year: int, money: dict[str, Money], before: dict[str, Money]
) -> Base:
    basic, projects, total = _parts(money)
    old_basic, old_projects, old_total = _parts(before)

    def row(key: str, label: str, now: Money, then: Money) -> Line:
        return Line(key, label, then.actual, now.original, now.actual)

    lines = [
        row("total", "支出总额", total, old_total),
        row("basic", "基本支出", basic, old_basic),
        row("operating", "　　其中：公用经费", money["公用经费"], before["公用经费"]),
        row("projects", "项目支出", projects, old_projects),
    ]
    for number, name in enumerate(size.projects, start=1):
        among = "　　其中：" if number == 1 else "　　"
        lines.append(row(name, f"{among}{number}、{name}支出", money[name], before[name]))
    cars, guests = (money[key] for key in ("公务用车", "公务接待"))
    old_cars, old_guests = (before[key] for key in ("公务用车", "公务接待"))
    lines += [
        row("three", "三公经费", _add("", [cars, guests]), _add("", [old_cars, old_guests])),
        row("cars", "　　1、公务用车购置和维护经费", cars, old_cars),
        Line("new", "　　　　其中：公车购置", None, None, None),
        row("running", "　　　　　　　公车运行维护", cars, old_cars),
        Line("abroad", "　　2、出国经费", None, None, None),
        row("guests", "　　3、公务接待", guests, old_guests),
    ]
    bought, planned = (rounded(projects.actual / 5), rounded(projects.original / 4))
    lines.append(Line("procurement", "政府采购金额", None, planned, bought))
    area, cost = size.posts * 20, size.posts * 4
    return Base(
        size.posts, staff, rate_of(Decimal(staff), Decimal(size.posts)), tuple(lines),
        year, (area, area - 20), (cost, cost - 3),
    )  # fmt: skip


def _department(chance: Random, unit: DemoUnit, money: dict[str, Money]) -> Form:
    basic, projects, total = _parts(money)
    other = rounded(total.actual * chance.randint(5, 40) / 1000)
    said = {
        "total": total.actual, "general": total.actual - other, "other": other,
        "basic": basic.actual, "personnel": money["人员经费"].actual,
        "operating": money["公用经费"].actual, "projects": projects.actual,
    }  # fmt: skip
    return _form(
        chance, DEPARTMENT, "", Form(
            "department", "", total, "", _ZERO, (),
            (("一般公共预算", total.actual - other), ("其他资金", other)),
            (("基本支出", basic.actual), ("项目支出", projects.actual)),
            {}, (), _ZERO, "", {name: str(value) for name, value in said.items()},
        ),
    )  # fmt: skip


def _project(chance: Random, key: str, name: str, money: Money) -> Form:
    carried = Money("上年结转资金", _ZERO, rounded(money.final / 20), rounded(money.actual / 25))
    granted = Money(
        "其中：当年财政拨款", money.original,
        money.final - carried.final, money.actual - carried.actual,
    )  # fmt: skip
    said = {"final": str(money.final), "actual": str(money.actual)}
    said["left"] = str(money.final - money.actual)
    return _form(
        chance, PROJECT, name,
        Form(key, name, money, "", _ZERO, (granted, carried), (), (), {}, (), _ZERO, "", said),
    )  # fmt: skip


def _form(chance: Random, slots: tuple[Slot, ...], owner: str, form: Form) -> Form:
    """Draw the measures, and state rate, scores, total and grade as they follow."""
    # Not in a slow year: a slow year's results are to outrun its money.
    is_slow = form.total.actual / form.total.final < SLOW
    is_weak = chance.random() < _WEAK_SHARE and not is_slow
    count = chance.choice(_WEAK_MISSES if is_weak else _MISSES)
    missed = set(chance.sample(range(len(slots)), count))
    short = _FAR_SHORT if is_weak else _SHORT
    measures = tuple(
        _measure(chance, slot, owner, short if index in missed else None)
        for index, slot in enumerate(slots)
    )
    headings: dict[str, Decimal] = {}
    for measure in measures:
        headings[measure.category] = headings.get(measure.category, _ZERO) + measure.points
    score = rounded(10 * form.total.actual / form.total.final)
    rate = rate_of(form.total.actual, form.total.final)
    said = {**form.said, "rate": rate}
    return restated(
        replace(form, rate=rate, score=score, headings=headings, measures=measures, said=said)
    )


def restated(form: Form) -> Form:
    """State the total, the grade and what the narrative says of them as the scores add up."""
    total = summed(form)
    said = {**form.said, "score": str(total)}
    return replace(form, total_score=total, grade=grade_of(total), said=said)


def _measure(chance: Random, slot: Slot, owner: str, short: tuple[int, int] | None) -> Measure:
    pattern = chance.choice(slot.patterns)
    target = Decimal(chance.randint(pattern.low, pattern.high))
    achieved = _achieved(chance, pattern, target, short)
    points = Decimal(slot.points)
    return Measure(
        slot.category, slot.subcategory, f"{owner}{pattern.name}", pattern.operator, target,
        pattern.unit, achieved, "", points,
        score_of(points, pattern.operator, target, achieved),
        chance.choice(REASONS) if short else "",
    )  # fmt: skip


def _achieved(
    chance: Random, pattern: Pattern, target: Decimal, short: tuple[int, int] | None
) -> Decimal:
    """Draw a result that meets the target by a little, or falls short of it, in thousandths."""
    is_lower = (short is not None) != (pattern.operator == "≤")
    share = chance.randint(*(short or _MET))
    # Of a limit (≤) a good result stays below, a bad one is above by as much.
    result = target * share / 1000 if pattern.operator != "≤" else target * 1000 / share
    if pattern.unit == "%":
        return min(rounded(result), Decimal("99.50"))
    return result.to_integral_value(ROUND_FLOOR if is_lower else ROUND_CEILING)
