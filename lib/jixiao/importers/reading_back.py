"""A filing out of the JSON of ``jixiao read --json`` (读回): what scoring rests on, nothing more.

So that the scores of a report can be computed again from what is attached to it, with neither the
documents nor the workspace at hand. Addresses are those of the rows; a number has no cell of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from jixiao.datum import Datum, Source
from jixiao.importers.evaluation_json import usual_unit
from jixiao.model import (
    BaseData,
    Budget,
    BudgetLine,
    Buildings,
    ClaimedTotal,
    Document,
    Evaluation,
    ExpenditureRow,
    Filed,
    Filing,
    Indicator,
    Objectives,
    Problem,
    Section,
    Staff,
)

#: JSON of a reading, whose shape DESIGN.md §4 fixes.
Entry = Mapping[str, Any]


def filing_of_json(reading: Entry) -> Filing:
    """Rebuild what was read, as far as scores rest on it.

    Raises
    ------
    KeyError, TypeError, ValueError, ArithmeticError : no reading of ours.
    """
    documents = tuple(
        Document(entry["file"], entry["sha256"], entry["format"]) for entry in reading["documents"]
    )
    base = reading["base_data"]
    return Filing(
        documents=documents,
        unit=reading["unit"],
        year=reading["year"],
        unit_source=None,
        evaluations=tuple(_evaluation(entry) for entry in reading["evaluations"]),
        base_data=_base_data(base) if base else None,
        sections=tuple(_section(entry) for entry in reading["sections"]),
        footer=None,
        statements=(),
        problems=tuple(
            Problem(entry["code"], entry["message"], None, entry["evaluation"])
            for entry in reading["problems"]
        ),
        grids=(),
        lines=(),
    )


def _nowhere(text: str) -> Source:
    return Source("", "", "", None, None, None, None, text)


def _filed(text: str | None) -> Filed:
    return Filed(text or "", _nowhere(text or ""))


def _optional(text: str | None) -> Filed | None:
    return None if text is None else _filed(text)


@dataclass(frozen=True, slots=True)
class _Numbers:
    """The numbers of one block: values, and what the block says of their units and blanks."""

    entry: Entry
    money: str = ""

    def __getitem__(self, name: str) -> Datum:
        value = self.entry[name]
        blank = self.entry.get("blank", {}).get(name, "")
        unit = self.entry.get("units", {}).get(name, usual_unit(name, self.money))
        text = str(value) if value is not None else blank
        return Datum(name, None if value is None else Decimal(value), unit, _nowhere(text))


def _evaluation(entry: Entry) -> Evaluation:
    budget, total = entry["budget"], entry["claimed_total"]
    return Evaluation(
        key=entry["key"],
        kind=entry["kind"],
        project=_optional(entry["project"]),
        supervising_department=_optional(entry["supervising_department"]),
        implementing_unit=_optional(entry["implementing_unit"]),
        money_unit=entry["money_unit"],
        title=_filed(""),
        budget=_budget(budget, entry["money_unit"]) if budget else None,
        objectives=Objectives(
            _optional(entry["objectives"]["expected"]),
            _optional(entry["objectives"]["achievement"]),
        ),
        indicators=tuple(_indicator(each) for each in entry["indicators"]),
        claimed_total=_total(total) if total else None,
    )


def _budget(entry: Entry, money: str) -> Budget:
    numbers = _Numbers(entry, money)
    return Budget(
        original_budget=numbers["original_budget"],
        final_budget=numbers["final_budget"],
        actual_expenditure=numbers["actual_expenditure"],
        points=numbers["points"],
        execution_rate=_optional(entry["execution_rate"]),
        score=numbers["score"],
        lines=tuple(_line(line, money) for line in entry["lines"]),
        source=_nowhere(""),
    )


def _line(entry: Entry, money: str) -> BudgetLine:
    numbers = _Numbers(entry, money)
    return BudgetLine(
        group=entry["group"],
        label=entry["label"],
        original_budget=numbers["original_budget"],
        final_budget=numbers["final_budget"],
        actual_expenditure=numbers["actual_expenditure"],
        source=_nowhere(entry["label"]),
    )


def _indicator(entry: Entry) -> Indicator:
    return Indicator(
        category=entry["category"],
        category_points=_points(entry["category_points"]),
        subcategory=entry["subcategory"],
        indicator=_filed(entry["indicator"]),
        target=_filed(entry["target"]),
        achieved=_filed(entry["achieved"]),
        points=_points(entry["points"]),
        points_shared_by=entry["points_shared_by"],
        score=_points(entry["score"]),
        score_shared_by=entry["score_shared_by"],
        coefficient=_optional(entry["coefficient"]),
        review_score=_points(entry["review_score"]),
        deviation_reason=_optional(entry["deviation_reason"]),
        source=_nowhere(entry["indicator"]),
    )


def _points(value: str | None) -> Datum | None:
    return None if value is None else Datum("", Decimal(value), "分", _nowhere(value))


def _total(entry: Entry) -> ClaimedTotal:
    numbers = _Numbers(entry)
    return ClaimedTotal(
        numbers["points"], numbers["score"], _optional(entry["grade"]), _nowhere("")
    )


def _section(entry: Entry) -> Section:
    paragraphs = tuple(map(_filed, entry["text"].split("\n")))
    return Section(entry["evaluation"], _filed(entry["heading"]), "", entry["level"], paragraphs)


def _base_data(entry: Entry) -> BaseData:
    money, staff, buildings = entry["money_unit"], entry["staff"], entry["buildings"]
    return BaseData(
        title=_filed(""),
        staff=_staff(staff) if staff else None,
        expenditure=tuple(_expenditure(row, money) for row in entry["expenditure"]),
        buildings=_buildings(buildings, money) if buildings else None,
        austerity_measures=_optional(entry["austerity_measures"]),
    )


def _staff(entry: Entry) -> Staff:
    numbers = _Numbers(entry)
    return Staff(
        numbers["authorized_posts"],
        numbers["staff_in_post"],
        _optional(entry["staffing_control_rate"]),
        _nowhere(""),
    )


def _expenditure(entry: Entry, money: str) -> ExpenditureRow:
    numbers = _Numbers(entry, money)
    return ExpenditureRow(
        entry["label"],
        entry["level"],
        entry["parent"],
        numbers["prior_outturn"],
        numbers["budget"],
        numbers["outturn"],
        _nowhere(entry["label"]),
    )


def _buildings(entry: Entry, money: str) -> Buildings:
    numbers = _Numbers(entry, money)
    return Buildings(
        year=numbers["year"],
        approved_floor_area=numbers["approved_floor_area"],
        actual_floor_area=numbers["actual_floor_area"],
        floor_area_control_rate=_optional(entry["floor_area_control_rate"]),
        approved_investment=numbers["approved_investment"],
        actual_investment=numbers["actual_investment"],
        investment_control_rate=_optional(entry["investment_control_rate"]),
        source=_nowhere(""),
    )
