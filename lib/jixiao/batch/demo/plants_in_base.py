"""Contradictions in the base data and around it (附件1 中的预埋矛盾).

An area is planted in once: two changes in one place could hide each other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from random import Random
from types import MappingProxyType
from typing import TypeAlias

from jixiao.batch.demo.draft import Base, Draft, Line, rate_of
from jixiao.batch.demo.planted import Planted
from jixiao.batch.demo.words import OTHER_PROJECTS

_TABLE, _MOBILE = "附件1", "13800138000"
_ZERO = Decimal(0)
_BELOW_B_13 = Decimal("1.18")
_Done: TypeAlias = tuple[Draft, Planted] | None


def _with_line(base: Base, line: Line) -> Base:
    return replace(base, lines=tuple(line if old.key == line.key else old for old in base.lines))


def _staffing_rate(draft: Draft, chance: Random) -> _Done:
    """State another staffing rate than the numbers give."""
    was, stated = draft.base.rate, "100%"
    if was == "100.00%":
        return None
    planted = Planted("B-17", "department", f"{_TABLE} 控制率", was, stated)
    return replace(draft, base=replace(draft.base, rate=stated)), planted


def _staff_quota(draft: Draft, chance: Random) -> _Done:
    """Employ more people than there are posts, and state the rate that follows."""
    was, posts = draft.base.staff, draft.base.posts
    staff = posts + chance.randint(1, 3)
    rate = rate_of(Decimal(staff), Decimal(posts))
    planted = Planted("B-18", "department", f"{_TABLE} 实际在职人数", str(was), str(staff))
    return replace(draft, base=replace(draft.base, staff=staff, rate=rate)), planted


def _expenditure_tree(draft: Draft, chance: Random) -> _Done:
    """Let last year's total be more than its parts."""
    return _raise_prior(draft, ("total", "支出总额"), "B-10", chance.randint(300, 2000))


def _three_public_total(draft: Draft, chance: Random) -> _Done:
    """Let last year's total of 三公经费 be more than its parts."""
    return _raise_prior(draft, ("three", "三公经费"), "B-14", chance.randint(50, 300))


def _raise_prior(draft: Draft, named: tuple[str, str], check: str, hundredths: int) -> _Done:
    key, label = named
    line = draft.base.line(key)
    if line.prior is None:
        return None
    stated = line.prior + Decimal(hundredths) / 100
    where = f"{_TABLE} {label} {draft.year - 1}年决算数"
    planted = Planted(check, "department", where, str(line.prior), str(stated))
    return replace(draft, base=_with_line(draft.base, replace(line, prior=stated))), planted


def _three_public_control(draft: Draft, chance: Random) -> _Done:
    """Spend more on 三公经费 than was planned: in all, but on no line a fifth more (B-13)."""
    total = draft.base.line("three")
    greater = max((draft.base.line(key) for key in ("cars", "guests")), key=_outturn)
    more = (total.budget or _ZERO) - _outturn(total) + Decimal("0.05")
    if _outturn(greater) + more > (greater.budget or _ZERO) * _BELOW_B_13:
        return None
    base = draft.base
    for line in (total, greater, *([base.line("running")] if greater.key == "cars" else [])):
        base = _with_line(base, replace(line, outturn=_outturn(line) + more))
    planted = Planted(
        "B-15", "department", f"{_TABLE} 三公经费 {draft.year}年决算数", str(total.outturn),
        str(base.line("three").outturn),
    )  # fmt: skip
    return replace(draft, base=base), planted


def _outturn(line: Line) -> Decimal:
    return line.outturn or _ZERO


def _project_amounts(draft: Draft, chance: Random) -> _Done:
    """Move outturn from an evaluated project's line to the last one; the sum stays."""
    projects = [form.project for form in draft.forms if form.project]
    if not projects:
        return None
    line, other = draft.base.line(chance.choice(projects)), draft.base.line(OTHER_PROJECTS)
    if line.outturn is None or other.outturn is None:
        return None
    moved = (line.outturn / 10).quantize(Decimal("0.01")) or Decimal("0.01")
    moved = min(moved, (other.outturn / 20).quantize(Decimal("0.01")))
    stated = line.outturn - moved
    base = _with_line(draft.base, replace(line, outturn=stated))
    base = _with_line(base, replace(other, outturn=other.outturn + moved))
    planted = Planted(
        "B-09", "department", f"{_TABLE} {line.label.strip('　')} {draft.year}年决算数",
        str(line.outturn), str(stated),
    )  # fmt: skip
    return replace(draft, base=base), planted


def _buildings_year(draft: Draft, chance: Random) -> _Done:
    """Leave the heading of the year before."""
    stated = draft.year - 1
    planted = Planted("B-19", "department", f"{_TABLE} 楼堂馆所表头", str(draft.year), str(stated))
    return replace(draft, base=replace(draft.base, buildings_year=stated)), planted


def _procurement(draft: Draft, chance: Random) -> _Done:
    """Leave the budget of procurement blank."""
    line = draft.base.line("procurement")
    planted = Planted(
        "B-16", "department", f"{_TABLE} 政府采购金额 {draft.year}年预算数", str(line.budget), "空白"
    )  # fmt: skip
    return replace(draft, base=_with_line(draft.base, replace(line, budget=None))), planted


def _phone(draft: Draft, chance: Random) -> _Done:
    """Print a mobile number beside the name of the preparer."""
    planted = Planted("G-01", "", f"{_TABLE} 表尾 联系电话", "空白", _MOBILE, ("G-02",))
    return replace(draft, phone=_MOBILE), planted


def _signature(draft: Draft, chance: Random) -> _Done:
    """Leave the signature of the head blank."""
    planted = Planted("G-03", "", f"{_TABLE} 表尾 单位负责人签字", draft.head, "空白")
    return replace(draft, head=""), planted


#: Check → the area it changes, and how.
BASE_PLANTS: Mapping[str, tuple[str, Callable[[Draft, Random], _Done]]] = MappingProxyType(
    {
        "B-17": ("staff", _staffing_rate),
        "B-18": ("staff", _staff_quota),
        "B-10": ("total", _expenditure_tree),
        "B-14": ("three public prior", _three_public_total),
        "B-15": ("three public", _three_public_control),
        "B-09": ("lines", _project_amounts),
        "B-19": ("buildings", _buildings_year),
        "B-16": ("procurement", _procurement),
        "G-01": ("phone", _phone),
        "G-03": ("signature", _signature),
    }
)
