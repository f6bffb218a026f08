"""What ``jixiao doctor`` says of filings (报送情况): who has not filed, which annex is missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from jixiao.errors import JixiaoError
from jixiao.importers.annexes import missing_annexes
from jixiao.importers.opening import read_filing
from jixiao.workspace.filed import check_documents
from jixiao.workspace.places import Workspace
from jixiao.workspace.roster import load_roster
from jixiao.workspace.units import load_unit_year
from jixiao.workspace.yaml_file import place_of

#: Filings read in full; a province is asked unit by unit, or judged in a batch.
_MOST_READ = 200
_MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: well, doubtful, or wrong."""

    state: Literal["✓", "!", "✗"]
    text: str


def look_at_filings(workspace: Workspace, unit: str | None) -> Iterator[Check]:
    """Look at the roster and at what each unit filed, or at one unit alone."""
    units = workspace.units() if unit is None else (unit,)
    filed = [(name, year) for name in units for year in workspace.years(name)]
    if unit is None:
        yield from _look_at_roster(workspace)
        if len(filed) > _MOST_READ:
            yield Check(
                "!",
                f"有 {len(filed)} 份材料，这里只核对原件，不逐份读入："
                "运行 jixiao doctor 单位编号，可看某个单位缺少哪份附件",
            )
    for name, year in filed:
        yield _look_at_filing(workspace, name, year, read=len(filed) <= _MOST_READ)


def _look_at_roster(workspace: Workspace) -> Iterator[Check]:
    """Say for each year of the workspace which registered units have not filed."""
    try:
        registered = tuple(unit.id for unit in load_roster(workspace))
    except JixiaoError as error:
        yield Check("✗", f"单位名册：{error}")
        return
    folders = workspace.units()
    yield Check("✓", f"单位名册 {len(registered)} 个单位")
    for stray in sorted(set(folders) - set(registered)):
        yield Check("✗", f"{stray} 有材料而没有登记：请在 params/units/roster.yaml 登记")
    years = {unit: set(workspace.years(unit)) for unit in folders}
    for year in sorted(set().union(*years.values())):
        absent = [unit for unit in registered if year not in years.get(unit, ())]
        if absent:
            named = "、".join(absent[:_MOST_NAMED])
            more = " 等" if len(absent) > _MOST_NAMED else ""
            yield Check("!", f"{year} 年度没有报送 {len(absent)} 个单位：{named}{more}")
        else:
            yield Check("✓", f"{year} 年度各单位都已报送")


def _look_at_filing(workspace: Workspace, unit: str, year: int, *, read: bool) -> Check:
    try:
        unit_year = load_unit_year(workspace, unit, year)
        where = place_of(unit_year.path)
        for edition in unit_year.superseded:
            check_documents(edition.documents, where)
        check_documents(unit_year.documents, where)
        missing = missing_annexes(read_filing(unit_year)) if read else ()
    except JixiaoError as error:
        return Check("✗", f"{unit} {year}：{error}")
    edition_text = f"第 {unit_year.edition} 版，" if unit_year.superseded else ""
    if missing:
        return Check("!", f"{unit} {year}：{edition_text}缺 {'、'.join(missing)}，请向单位索取")
    whole = "材料齐全，" if read else "原件"
    return Check("✓", f"{unit} {year}：{edition_text}{whole}未改动")
