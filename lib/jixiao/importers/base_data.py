"""The base-data table (部门整体支出绩效评价基础数据表)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from jixiao.datum import Datum, Source
from jixiao.importers.cells import (
    MONEY_UNITS,
    clean,
    filed,
    filed_or_none,
    label_of,
    squeeze,
    unit_in,
)
from jixiao.importers.hierarchy import place_rows
from jixiao.importers.money import MoneyUnits, Stated, money_units, questions_of_units
from jixiao.importers.repeated import repeated_expenditure
from jixiao.importers.rows import Row, rows_of, unknown_row
from jixiao.importers.tables import Block, FormTable
from jixiao.importers.template import is_placeholder
from jixiao.model import BaseData, Buildings, ExpenditureRow, Filed, Problem, Staff

_PEOPLE = ("人", "名", "个")
_AREA = ("㎡", "平方米", "m²", "m2")
_YEAR = re.compile(r"((?:19|20)[0-9]{2})年?")


@dataclass(frozen=True, slots=True)
class _Columns:
    """Which column of the money block holds which year's amounts, as index and label."""

    prior_outturn: tuple[int | None, str]
    budget: tuple[int | None, str]
    outturn: tuple[int | None, str]

    @property
    def indexes(self) -> tuple[int, ...]:
        """The columns that are there."""
        three = (self.prior_outturn, self.budget, self.outturn)
        return tuple(index for index, _ in three if index is not None)


_NO_COLUMNS = _Columns((None, ""), (None, ""), (None, ""))


def read_base_data(
    table: FormTable, title: Filed, above: Stated | None, problems: list[Problem]
) -> BaseData:
    """Read the four blocks of the table; a block that is not there is None or empty.

    Parameters
    ----------
    above : the money unit that the lines above the table state, if any.
    """
    block = table.block("expenditure")
    columns = _money_columns(block) if block else _NO_COLUMNS
    units = money_units(table, "expenditure", columns.indexes, above)
    expenditure = _expenditure(table, columns, units, problems)
    problems.extend(repeated_expenditure(expenditure))
    if block and expenditure:
        amounts = [a for row in expenditure for a in (row.prior_outturn, row.budget, row.outturn)]
        problems.extend(questions_of_units(units, amounts, block.opening))
    return BaseData(
        title=title,
        staff=_staff(table, problems),
        expenditure=expenditure,
        buildings=_buildings(table, units, problems),
        austerity_measures=_austerity(table, problems),
        tables=(table.grid.number,),
    )


def _staff(table: FormTable, problems: list[Problem]) -> Staff | None:
    block = table.block("staff")
    row = next(rows_of(table, "staff", problems), None)
    if block is None or row is None:
        return None
    return Staff(
        authorized_posts=row.number("authorized_posts", "编制数", "人", problems, _PEOPLE),
        staff_in_post=row.number("staff_in_post", "实际在职人数", "人", problems, _PEOPLE),
        staffing_control_rate=filed_or_none(row.cell("staffing_control_rate")),
        source=block.opening,
    )


def _expenditure(
    table: FormTable, columns: _Columns, units: MoneyUnits, problems: list[Problem]
) -> tuple[ExpenditureRow, ...]:
    block = table.block("expenditure")
    if block is None:
        return ()
    named = [row for row in rows_of(table, "expenditure", problems) if clean(row.cells[0].text)]
    rows = [row for row in named if not is_placeholder(row)]
    places = place_rows([row.cells[0].text for row in rows], block.form)
    found = []
    for row, place in zip(rows, places, strict=True):

        def amount(column: tuple[int | None, str], row: Row = row, name: str = place.name) -> Datum:
            return _amount(row, column, name, units.of(column[0]), problems)

        found.append(
            ExpenditureRow(
                label=place.label,
                level=place.level,
                parent=place.parent,
                prior_outturn=amount(columns.prior_outturn),
                budget=amount(columns.budget),
                outturn=amount(columns.outturn),
                source=row.cells[0],
            )
        )
    return tuple(found)


def _money_columns(block: Block) -> _Columns:
    """Tell the columns by their words: 决算数 of the earlier year is the prior outturn."""
    outturns: list[tuple[int, int, str]] = []
    budget: tuple[int | None, str] = (None, "预算数")
    for index, cell in enumerate(block.header[1:], start=1):
        label = label_of(cell.text)
        year = _YEAR.search(label)
        if "预算" in label and budget[0] is None:
            budget = (index, label)
        elif "决算" in label:
            earlier = 0 if "上年" in label else 9999
            outturns.append((int(year[1]) if year else earlier, index, label))
    outturns.sort()
    found: list[tuple[int | None, str]] = [(index, label) for _, index, label in outturns]
    missing: tuple[int | None, str] = (None, "决算数")
    prior = found[0] if len(found) > 1 else missing
    return _Columns(prior, budget, found[-1] if found else missing)


def _amount(
    row: Row, column: tuple[int | None, str], name: str, unit: str, problems: list[Problem]
) -> Datum:
    index, header = column
    columns = {} if index is None else {"amount": index}
    cells = Row(row.cells, columns)
    return cells.number("amount", f"{name} {header}", unit, problems, MONEY_UNITS)


def _buildings(table: FormTable, units: MoneyUnits, problems: list[Problem]) -> Buildings | None:
    block = table.block("buildings")
    row = next(rows_of(table, "buildings", problems), None)
    if block is None or row is None:
        return None
    columns = block.columns()

    def number(meaning: str, label: str, unit: str, known: tuple[str, ...]) -> Datum:
        header = block.header[columns[meaning]] if meaning in columns else None
        stated = unit_in(header.text, known) if header else None
        return row.number(meaning, label, stated or unit, problems, known)

    return Buildings(
        year=_year_of(block.opening),
        approved_floor_area=number("approved_floor_area", "批复规模", "㎡", _AREA),
        actual_floor_area=number("actual_floor_area", "实际规模", "㎡", _AREA),
        floor_area_control_rate=filed_or_none(row.cell("floor_area_control_rate")),
        approved_investment=number("approved_investment", "预算投资", units.table, MONEY_UNITS),
        actual_investment=number("actual_investment", "实际投资", units.table, MONEY_UNITS),
        investment_control_rate=filed_or_none(row.cell("investment_control_rate")),
        source=block.opening,
    )


def _year_of(cell: Source) -> Datum:
    year = _YEAR.search(squeeze(cell.text))
    return Datum("完工年度", Decimal(year[1]) if year else None, "年", cell)


def _austerity(table: FormTable, problems: list[Problem]) -> Filed | None:
    block = table.block("austerity")
    if block is None:
        return None
    for row in block.rows[1:]:
        problems.extend(unknown_row(row, block))
    filled = [cell for cell in block.rows[0][1:] if clean(cell.text)]
    return filed(filled[0]) if filled else None
