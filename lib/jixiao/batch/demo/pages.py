"""A draft as official forms (表样): the same pages for text, page, Word and Excel."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby, zip_longest

from jixiao.batch.demo.draft import Base, Draft, Form, Line, Measure
from jixiao.batch.demo.province import Style
from jixiao.batch.demo.words import MEASURES
from jixiao.datum import plain
from jixiao.publish.forms.cells import (
    Page,
    Row,
    Table,
    amount,
    goes_on,
    label,
    number,
    value,
    words,
)

_BASE_WIDTHS = (62.0, 18.0, 18.0, 18.0, 18.0, 18.0, 18.0)
_PLAIN_WIDTHS = (18.0, 22.0, 26.0, 57.0, 27.0, 27.0, 17.0, 17.0, 46.0)
_SPLIT_WIDTHS = (18.0, 22.0, 26.0, 48.0, 15.0, 20.0, 15.0, 22.0, 17.0, 17.0, 40.0)
_HEADS: dict[Style, tuple[str, ...]] = {
    "plain": (
        *("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值"),
        *("分值", "得分", "偏差原因分析及改进措施"),
    ),
    "split": (
        *("一级指标", "二级指标", "三级指标", "指标性质", "指标值", "度量单位", "实际完成值"),
        *("分值", "得分", "偏差原因分析及改进措施"),
    ),
}
_AMOUNTS: dict[Style, tuple[str, ...]] = {
    "plain": ("年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"),
    "split": ("年初预算", "调整后预算数", "预算执行数", "权重", "预算执行率", "得分"),
}
#: How many of the columns each of the six numbers of the budget covers.
_SPANS: dict[Style, tuple[int, ...]] = {"plain": (1,) * 6, "split": (1, 2, 2, 1, 1, 1)}


def pages_of(draft: Draft) -> Iterator[Page]:
    """Lay out the base data, the department's form and one form a project."""
    footer = f"填表人：张某某　　填报日期：{draft.year + 1}年3月15日　　联系电话：{draft.phone}"
    yield Page(
        annex="附件1",
        name="附件1 基础数据表",
        title=f"{draft.year}年度部门整体支出绩效评价基础数据表",
        above=(f"填报单位：{draft.unit.name}",),
        table=Table(_BASE_WIDTHS, tuple(_base_rows(draft.base, draft.year)), 0, 2),
        below=(f"{footer}　　单位负责人签字：{draft.head}",),
        is_landscape=False,
    )
    for index, form in enumerate(draft.forms, start=2):
        title = "项目支出绩效自评表" if form.project else "部门整体支出绩效自评表"
        yield Page(
            annex=f"附件{index}",
            name=f"附件{index} {form.project or '部门自评表'}",
            title=f"{draft.year}年度{title}",
            above=(),
            table=_form_table(form, draft.unit.name, draft.unit.style),
            below=(),
            is_landscape=True,
        )


def digits(number_or_none: Decimal | None) -> str:
    """Write a number without needless zeros, nothing where there is none."""
    return "" if number_or_none is None else plain(number_or_none)


def _base_rows(base: Base, year: int) -> Iterator[Row]:
    heads = ("编制数", f"{year}年实际在职人数", "控制率")
    yield label("财政供养人员情况（人）", rows=2), *(label(head, 2) for head in heads)
    staff = (str(base.posts), str(base.staff), base.rate)
    yield goes_on(is_label=True), *(number(text, 2) for text in staff)
    columns = (f"{year - 1}年决算数", f"{year}年预算数", f"{year}年决算数")
    yield label("经费控制情况（万元）"), *(label(column, 2) for column in columns)
    for line in base.lines:
        yield words(line.label), *(amount(text, 2) for text in _amounts(line))
    yield (
        label(f"楼堂馆所控制情况\n（{base.buildings_year}年完工项目）", rows=2),
        *map(label, ("批复规模\n（㎡）", "实际规模（㎡）", "规模控制率")),
        *map(label, ("预算投资（万元）", "实际投资（万元）", "投资概算控制率")),
    )
    built = (*map(str, base.floor_area), "", *map(str, base.investment), "")
    yield goes_on(is_label=True), *map(number, built)
    yield label("厉行节约保障措施"), words(MEASURES, 6)


def _amounts(line: Line) -> Iterator[str]:
    for number_or_none in (line.prior, line.budget, line.outturn):
        yield digits(number_or_none)


def _form_table(form: Form, unit: str, style: Style) -> Table:
    widths = _SPLIT_WIDTHS if style == "split" else _PLAIN_WIDTHS
    rest = len(widths) - 4
    rows: list[Row] = []
    if form.project:
        rows.append((label("项目名称", 2), words(form.project, rest + 2)))
        rows.append(
            (label("主管部门", 2), words(unit, 2), label("实施单位"), words(unit, rest - 1))
        )
    else:
        rows.append((label("预算部门", 2), words(unit, rest + 2)))
    identity = len(rows)
    rows += _budget(form, rest, style)
    rows += _objectives(form, rest)
    heading = len(rows)
    rows += _measures(form, style)
    rows.append(
        (
            label("总分", len(widths) - 3),
            number("100"),
            number(digits(form.total_score)),
            value(form.grade),
        )
    )
    return Table(widths, tuple(rows), identity, heading)


def _budget(form: Form, rest: int, style: Style) -> Iterator[Row]:
    spans = _SPANS[style]
    opening = "项目资金" if form.project else "年度预算申请"
    beside = list(zip_longest(form.income, form.nature))
    height = 2 + len(form.sources) + (1 + len(beside) if beside else 0)
    heads = (label(word, span) for word, span in zip(_AMOUNTS[style], spans, strict=True))
    yield label(f"{opening}\n（万元）", rows=height), label("", 2), *heads
    total = form.total
    stated = (*map(digits, (total.original, total.final, total.actual)), "10", form.rate)
    yield (
        goes_on(is_label=True),
        label("年度资金总额", 2),
        *map(number, (*stated, digits(form.score)), spans),
    )
    for source in form.sources:
        money = map(digits, (source.original, source.final, source.actual))
        yield (
            goes_on(is_label=True),
            words(source.label, 2),
            *map(number, (*money, "", "", ""), spans),
        )
    if beside:
        yield goes_on(is_label=True), label("按收入性质分：", 3), label("按支出性质分：", rest)
    for income, nature in beside:
        yield goes_on(is_label=True), words(_part(income), 3), words(_part(nature), rest)


def _part(part: tuple[str, Decimal] | None) -> str:
    return f"{part[0]}：{digits(part[1])}" if part else ""


def _objectives(form: Form, rest: int) -> Iterator[Row]:
    owner = f"{form.project}项目" if form.project else "本单位"
    yield label("年度总体目标", rows=2), label("预期目标", 3), label("实际完成情况", rest)
    yield (
        goes_on(is_label=True),
        words(f"完成{owner}年度任务，资金使用合规。", 3),
        words(f"{owner}年度任务大部分完成，个别指标有差距。", rest),
    )


def _measures(form: Form, style: Style) -> Iterator[Row]:
    count = len(form.measures)
    yield label("绩效指标", rows=count + 1), *map(label, _HEADS[style])
    for category, members in groupby(form.measures, lambda measure: measure.category):
        listed = list(members)
        heading = f"{category}\n（{digits(form.headings[category])}分）"
        first = True
        for _, alike in groupby(listed, lambda measure: measure.subcategory):
            group = list(alike)
            for place, measure in enumerate(group):
                yield (
                    goes_on(is_label=True),
                    value(heading, rows=len(listed)) if first else goes_on(),
                    goes_on() if place else value(measure.subcategory, rows=len(group)),
                    words(measure.name),
                    *map(value, _target(measure, style)),
                    value(f"{measure.bound}{digits(measure.achieved)}{measure.unit}"),
                    number(digits(measure.points)),
                    number(digits(measure.score)),
                    words(measure.reason),
                )
                first = False


def _target(measure: Measure, style: Style) -> tuple[str, ...]:
    target = digits(measure.target)
    if style == "split":
        return measure.operator, target, measure.unit
    return (f"{measure.operator}{target}{measure.unit}",)
