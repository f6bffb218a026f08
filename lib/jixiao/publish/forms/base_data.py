"""附件1: the base-data table (部门整体支出绩效评价基础数据表)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from jixiao.datum import Datum, plain
from jixiao.model import BaseData, Buildings, ExpenditureRow, Staff
from jixiao.publish.forms.cells import Row, Table, amount, goes_on, label, number, words
from jixiao.publish.forms.words import number_of, paragraphs_of, text_of

_WIDTHS = (62.0, 18.0, 18.0, 18.0, 18.0, 18.0, 18.0)
_INDENT = "　　"
_TOLD_APART = re.compile("(?:19|20)[0-9]{2}|上年")
NOTE = (
    "说明：“公用经费”填报基本支出中的一般商品和服务支出。“项目支出”需要填报基本支出以外的所有"
    "项目支出情况，“运行维护经费”填报项目支出中用于人员类和公用运转类的支出。"
)


def base_data_table(base_data: BaseData, year: int | None) -> Table:
    """Lay out the base-data table; a block that was not filed is left out.

    Parameters
    ----------
    year : the year of the filing, for the headings of the columns.
    """
    rows: list[Row] = []
    heading: int | None = None
    if base_data.staff:
        rows += _staff(base_data.staff, year)
    if base_data.expenditure:
        heading = len(rows)
        rows += _expenditure(base_data.expenditure, year)
    if base_data.buildings:
        rows += _buildings(base_data.buildings)
    if base_data.buildings or base_data.austerity_measures:
        measures = paragraphs_of(base_data.austerity_measures)
        rows.append((label("厉行节约保障措施"), words(measures, 6)))
    return Table(_WIDTHS, tuple(rows), 0, heading)


def _staff(staff: Staff, year: int | None) -> Iterator[Row]:
    in_post = f"{year}年实际在职人数" if year else "实际在职人数"
    yield (
        label("财政供养人员情况（人）", rows=2),
        label("编制数", 2),
        label(in_post, 2),
        label("控制率", 2),
    )
    yield (
        goes_on(is_label=True),
        number(number_of(staff.authorized_posts, "人", staff.source), 2),
        number(number_of(staff.staff_in_post, "人", staff.source), 2),
        number(text_of(staff.staffing_control_rate), 2),
    )


def _expenditure(found: Sequence[ExpenditureRow], year: int | None) -> Iterator[Row]:
    unit = _commonest(
        [d.unit for row in found for d in (row.prior_outturn, row.budget, row.outturn)]
    )
    headings = (label(heading, 2) for heading in _headings(found[0], year))
    yield label(f"经费控制情况（{unit}）"), *headings
    for row in found:
        money = (row.prior_outturn, row.budget, row.outturn)
        amounts = (amount(number_of(datum, unit, row.source), 2) for datum in money)
        yield words(_INDENT * row.level + row.label), *amounts


def _headings(row: ExpenditureRow, year: int | None) -> tuple[str, str, str]:
    """The columns as the unit headed them (2021年决算数), where that tells them apart."""
    filed = [d.label.rpartition(" ")[2] for d in (row.prior_outturn, row.budget, row.outturn)]
    if _TOLD_APART.search(filed[0]) and filed[0] != filed[2]:
        return filed[0], filed[1], filed[2]
    if year is None:
        return "上年决算数", "本年预算数", "本年决算数"
    return f"{year - 1}年决算数", f"{year}年预算数", f"{year}年决算数"


def _buildings(buildings: Buildings) -> Iterator[Row]:
    year = buildings.year.value
    finished = f"\n（{plain(year)}年完工项目）" if year is not None else ""
    area = _commonest([buildings.approved_floor_area.unit, buildings.actual_floor_area.unit])
    money = _commonest([buildings.approved_investment.unit, buildings.actual_investment.unit])
    yield (
        label(f"楼堂馆所控制情况{finished}", rows=2),
        label(f"批复规模\n（{area}）"),
        label(f"实际规模\n（{area}）"),
        label("规模控制率"),
        label(f"预算投资\n（{money}）"),
        label(f"实际投资\n（{money}）"),
        label("投资概算控制率"),
    )

    def written(datum: Datum, unit: str) -> str:
        return number_of(datum, unit, buildings.source)

    yield (
        goes_on(is_label=True),
        number(written(buildings.approved_floor_area, area)),
        number(written(buildings.actual_floor_area, area)),
        number(text_of(buildings.floor_area_control_rate)),
        number(written(buildings.approved_investment, money)),
        number(written(buildings.actual_investment, money)),
        number(text_of(buildings.investment_control_rate)),
    )


def _commonest(units: Sequence[str]) -> str:
    """The unit of the column; a cell in another one says so itself."""
    return Counter(units).most_common(1)[0][0]
