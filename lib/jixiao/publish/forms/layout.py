"""A filing as official forms (填表): which tables there are, and what stands around each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from jixiao.errors import BadFile
from jixiao.importers.cells import clean
from jixiao.importers.lines import table_title
from jixiao.importers.money import DEFAULT_MONEY_UNIT
from jixiao.model import Evaluation, Filing, Footer
from jixiao.publish.forms.base_data import NOTE, base_data_table
from jixiao.publish.forms.cells import Page, Table
from jixiao.publish.forms.evaluation import evaluation_table
from jixiao.publish.forms.narrative import narrative_of
from jixiao.publish.forms.words import text_of

_ANNEX_BEFORE = re.compile(r"^附\s*[件表]\s*[0-9一二三四五六七八九十]*\s*[:：]?\s*")
_YEAR = re.compile("(?:19|20)[0-9]{2}")
_BASE_DATA_TITLE = "部门整体支出绩效评价基础数据表"
_TITLES = {"department": "部门整体支出绩效自评表", "project": "项目支出绩效自评表"}
_NAMES = {"department": "部门自评表", "project": "项目自评表"}


def lay_out(filing: Filing) -> tuple[Page, ...]:
    """Lay out every table of the filing: 附件1 base data, 附件2 department, from 附件3 on projects.

    Raises
    ------
    BadFile : ``nothing-to-fill``: the filing has no table that a form takes.
    """
    pages = _with_narratives([*_base_data(filing), *_evaluations(filing)], filing)
    if not pages:
        raise BadFile(
            "nothing-to-fill",
            "没有读到自评表或基础数据表，没有可以填的表",
            where=filing.document.file,
            expected="含有自评表或基础数据表的材料",
            action="请检查文件是否完整，用 jixiao read 看读到了什么",
        )
    return tuple(pages)


def _with_narratives(pages: list[Page], filing: Filing) -> list[Page]:
    """Put each report in front of its first annex: the department's before the base data."""
    tables = len(pages) - len(filing.evaluations)
    first = {evaluation.key: tables + at for at, evaluation in enumerate(filing.evaluations)}
    for evaluation in filing.evaluations:
        at = 0 if evaluation.key == "department" else first[evaluation.key]
        if narrative := narrative_of(filing, evaluation):
            pages[at] = replace(pages[at], narrative=narrative)
    return pages


def _base_data(filing: Filing) -> Iterator[Page]:
    base_data = filing.base_data
    if base_data is None:
        return
    table = base_data_table(base_data, filing.year)
    if not table.rows:
        return
    unit = (f"填报单位：{filing.unit}",) if filing.unit else ()
    title = _title(base_data.title.text, _BASE_DATA_TITLE, filing.year)
    below = (NOTE,) if base_data.expenditure else ()
    yield Page(
        annex="附件1",
        name="附件1 基础数据表",
        title=title,
        above=(*_year_line(title, filing.year), *unit),
        table=table,
        below=(*below, *_corrections(filing, base_data.tables), *_footer(filing.footer)),
        is_landscape=False,
    )


def _evaluations(filing: Filing) -> Iterator[Page]:
    projects = 0
    has_footer = filing.base_data is not None
    for evaluation in filing.evaluations:
        is_department = evaluation.key == "department"
        projects += not is_department
        annex = "附件2" if is_department else f"附件{projects + 2}"
        footer = () if has_footer else _footer(filing.footer)
        has_footer = True
        yield _page(evaluation, filing, annex, footer)


def _page(evaluation: Evaluation, filing: Filing, annex: str, footer: tuple[str, ...]) -> Page:
    title = _title(evaluation.title.text, _TITLES[evaluation.kind], filing.year)
    name = text_of(evaluation.project) or _NAMES[evaluation.kind]
    table: Table = evaluation_table(evaluation, filing.unit)
    above = (
        *_year_line(title, filing.year),
        *_unit_line(evaluation, filing.unit),
        *_money_line(evaluation),
    )
    below = (*_corrections(filing, evaluation.tables), *footer)
    return Page(annex, f"{annex} {name}", title, above, table, below, is_landscape=True)


def _title(filed: str, default: str, year: int | None) -> str:
    """The title as filed where it is one, else the official one."""
    title = _ANNEX_BEFORE.sub("", filed)
    if table_title(title):
        return title
    return f"{year}年度{default}" if year else default


def _year_line(title: str, year: int | None) -> tuple[str, ...]:
    return (f"（{year}年度）",) if year and not _YEAR.search(title) else ()


def _unit_line(evaluation: Evaluation, unit: str) -> tuple[str, ...]:
    """Whose form it is, where the table of a project does not say so."""
    in_table = evaluation.kind == "department" or text_of(evaluation.implementing_unit) == unit
    return () if in_table or not unit else (f"填报单位：{unit}",)


def _money_line(evaluation: Evaluation) -> tuple[str, ...]:
    """The money unit, where there is no budget block to state it."""
    stated = evaluation.budget is not None or evaluation.money_unit == DEFAULT_MONEY_UNIT
    return () if stated else (f"金额单位：{evaluation.money_unit}",)


def _corrections(filing: Filing, tables: tuple[int, ...]) -> Iterator[str]:
    """A note for each cell that holds a corrected text; a form never passes it off as filed."""
    for amended in filing.amended:
        if amended.source.table in tables:
            entry = amended.amendment
            new = f"更正为 “{clean(entry.value)}”" if entry.value else "作废"
            yield (
                f"注：原件 {amended.source.address} 填的是 “{clean(amended.source.text)}”，"
                f"已{new}（{clean(entry.reason)}；{entry.by}，{entry.on}）"
            )


def _footer(footer: Footer | None) -> tuple[str, ...]:
    """The line of the 填表人; it stands once, under the first table, as it was filed once."""
    if footer is None:
        return ()
    fields = (
        ("填表人", footer.preparer),
        ("填报日期", footer.date),
        ("联系电话", footer.telephone),
        ("单位负责人签字", footer.head),
    )
    return ("　　".join(f"{name}：{text_of(filed)}" for name, filed in fields),)
