"""The unit money is filed in (金额单位): of a table, of a column, or of one cell."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from jixiao.datum import Datum, Source, read_quantity
from jixiao.importers.cells import MONEY_UNITS, clean, squeeze, unit_in
from jixiao.importers.tables import FormTable
from jixiao.model import Problem

DEFAULT_MONEY_UNIT = "万元"
#: Units that money is stated in here and there, and that nothing else is compared in.
OTHER_UNITS = tuple(
    f"{many}{money}"
    for money in ("元", "美元", "港元", "港币", "欧元", "日元", "英镑", "美金")
    for many in ("", "十", "百", "千", "万", "十万", "百万", "千万", "亿")
    if f"{many}{money}" not in MONEY_UNITS
)
_MOST_NAMED, _LONGEST_LABEL = 5, 20
#: 项目资金万元, but not 支出三百万元.
_BEHIND = re.compile("(?<=[^\\W\\d零一二三四五六七八九十百千万两几数多余约共])([万亿]元)$")


def money_unit_in(text: str) -> str | None:
    """Find the money unit that a label, a title or a line states, known or not.

    >>> money_unit_in("项目资金（千元）"), money_unit_in("单位：万元"), money_unit_in("三元")
    ('千元', '万元', None)
    >>> money_unit_in("项目资金 万元"), money_unit_in("支出三百万元")
    ('万元', None)
    """
    found = unit_in(text, (*MONEY_UNITS, *OTHER_UNITS))
    if found is None and len(text) <= _LONGEST_LABEL and (behind := _BEHIND.search(squeeze(text))):
        return behind[1]
    return found


@dataclass(frozen=True, slots=True)
class Stated:
    """A money unit and the words that state it (所写的单位)."""

    unit: str
    where: Source


@dataclass(frozen=True, slots=True)
class MoneyUnits:
    """The unit of a table's amounts, and of the columns whose header states another one.

    ``stated`` is None where the table says nothing: then ``table`` is what is assumed.
    ``against`` is what a row above the header states instead.
    """

    table: str
    stated: Stated | None
    columns: Mapping[int, str]
    against: Stated | None = None

    def of(self, column: int | None) -> str:
        """Give the unit of a column by its index; the table's where the column states none."""
        return self.table if column is None else self.columns.get(column, self.table)


def money_units(
    table: FormTable, block: str, amounts: Collection[int], above: Stated | None
) -> MoneyUnits:
    """Find the units of a block of amounts: the nearest words win.

    Parameters
    ----------
    block : the block the amounts stand in.
    amounts : the indexes of its columns of money.
    above : what the lines above the table state.

    A column's own header comes first, then the block's other header cells (年度预算申请（万元）),
    the rows above the block within the table (金额单位：元), the labels of its rows, the lines above
    the table; and where nothing else does, the cells, if every amount bears the same unit.
    """
    found = table.block(block)
    header = found.header if found else ()
    columns = {i: unit for i in amounts if (unit := money_unit_in(header[i].text))}
    others = [cell for index, cell in enumerate(header) if index not in amounts]
    in_header, in_rows = _first_stated(others), _first_stated(_cells_above(table, header))
    rows = found.rows if found else ()
    labels = (cell for row in rows for cell in row[: min(amounts, default=0)])
    stated = in_header or in_rows or _first_stated(labels) or above
    if stated is None and columns:
        first = min(columns)
        stated = Stated(columns[first], header[first])
    stated = stated or _in_every_cell(
        cell for row in rows for i, cell in enumerate(row) if i in amounts
    )
    against = in_rows if in_header and in_rows and in_rows.unit != in_header.unit else None
    return MoneyUnits(stated.unit if stated else DEFAULT_MONEY_UNIT, stated, columns, against)


def _first_stated(cells: Iterable[Source]) -> Stated | None:
    return next((Stated(unit, cell) for cell in cells if (unit := money_unit_in(cell.text))), None)


def _in_every_cell(cells: Iterable[Source]) -> Stated | None:
    numbers = [(q.unit, c) for c in cells if (q := read_quantity(clean(c.text))).is_number]
    units = {unit for unit, _ in numbers}
    unit = units.pop() if len(units) == 1 else None
    return Stated(unit, numbers[0][1]) if unit in MONEY_UNITS and unit else None


def _cells_above(table: FormTable, header: Sequence[Source]) -> Iterable[Source]:
    """The cells of the table above a header, from the nearest row up."""
    rows = [row.cells for row in table.grid.rows]
    end = next((i for i, cells in enumerate(rows) if header and header[0] in cells), 0)
    return [cell for cells in reversed(rows[:end]) for cell in cells if len(cell.text) < 60]


def questions_of_units(
    units: MoneyUnits, amounts: Sequence[Datum], opening: Source
) -> Iterable[Problem]:
    """Say that a table states no unit, one we do not know, or several.

    Parameters
    ----------
    amounts : the amounts read from the table.
    opening : the cell that opens the block of amounts.
    """
    if units.stated is None and not units.columns:
        yield _missing(opening, units.table)
    elif units.stated is not None and units.stated.unit not in MONEY_UNITS:
        yield _unknown(units.stated)
    odd = [
        (datum, datum.origin)
        for datum in amounts
        if datum.value is not None
        and datum.unit != units.table
        and isinstance(datum.origin, Source)
    ]
    if odd:
        yield _mixed(odd, units)
    elif units.stated and units.against:
        yield _contradicted(units.stated, units.against)


def _missing(label: Source, assumed: str) -> Problem:
    return Problem(
        "money-unit-missing",
        f"{label.address} “{clean(label.text)}”：表中没有写金额单位，暂按{assumed}读入。"
        "应写明，例如 “项目资金（万元）”。请核对原件。",
        label,
    )


def _unknown(stated: Stated) -> Problem:
    return Problem(
        "money-unit-unknown",
        f"{stated.where.address} “{clean(stated.where.text)[:30]}”：金额单位“{stated.unit}”无法与其他表"
        f"的金额换算，各数按“{stated.unit}”保留。应为{'、'.join(MONEY_UNITS)}之一。请核对原件。",
        stated.where,
    )


def _contradicted(header: Stated, row: Stated) -> Problem:
    return Problem(
        "money-unit-mixed",
        f"{row.where.address} “{clean(row.where.text)[:30]}”：与表头不一致，{header.where.address} "
        f"“{clean(header.where.text)[:20]}”。暂按表头以{header.unit}计。"
        "同一张表应只写一种金额单位。请核对原件。",
        row.where,
    )


def _mixed(odd: Sequence[tuple[Datum, Source]], units: MoneyUnits) -> Problem:
    (first, where), *others = odd
    named = [
        f"{source.address} “{clean(source.text)[:20]}”以{datum.unit}计"
        for datum, source in others[:_MOST_NAMED]
    ]
    more = f"，等 {len(others)} 格" if len(others) > _MOST_NAMED else ""
    also = f"；还有{'，'.join(named)}{more}" if named else ""
    return Problem(
        "money-unit-mixed",
        f"{where.address} “{clean(where.text)[:20]}”：以{first.unit}计，而同一张表以{units.table}计{also}。"
        "各数按所写的单位保留，计算时换算并写入底稿。同一张表应只用一种金额单位。请核对原件。",
        where,
    )
