"""附件2 and 附件3: the self-evaluation of the department or of one project as a table (自评表)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from jixiao.datum import read_quantity
from jixiao.importers.cells import squeeze
from jixiao.model import Budget, BudgetLine, ClaimedTotal, Evaluation, Filed
from jixiao.publish.forms.cells import (
    Cell,
    Row,
    Table,
    amount,
    goes_on,
    label,
    number,
    value,
    words,
)
from jixiao.publish.forms.indicators import POINTS, Column, columns_of, indicator_rows
from jixiao.publish.forms.words import number_of, paragraphs_of, text_of

_AMOUNTS = ("年初预算数", "全年预算数", "全年执行数")


def evaluation_table(evaluation: Evaluation, unit: str) -> Table:
    """Lay out one self-evaluation; a block that was not filed is left out, not invented.

    Parameters
    ----------
    unit : the name of the unit, for 预算部门.
    """
    columns = columns_of(evaluation)
    rest = len(columns) - 4
    rows = list(_identity(evaluation, unit, rest))
    identity_rows = len(rows)
    if evaluation.budget:
        rows += _budget(evaluation, evaluation.budget, columns)
    rows += _objectives(evaluation, rest)
    heading = len(rows)
    rows += indicator_rows(evaluation, columns)
    if evaluation.claimed_total:
        rows.append(_total(evaluation.claimed_total, columns))
    widths = tuple(column.width for column in columns)
    return Table(widths, tuple(rows), identity_rows, heading)


def _identity(evaluation: Evaluation, unit: str, rest: int) -> Iterator[Row]:
    """Whose table it is; the first four columns stand left of the `rest`."""
    supervising = text_of(evaluation.supervising_department)
    implementing = text_of(evaluation.implementing_unit)
    if evaluation.kind == "department":
        yield label("预算部门", 2), words(unit, rest + 2)
    else:
        yield label("项目名称", 2), words(text_of(evaluation.project), rest + 2)
    if evaluation.kind == "project" or supervising or implementing:
        yield (
            label("主管部门", 2),
            words(supervising, 2),
            label("实施单位"),
            words(implementing, rest - 1),
        )


def _budget(evaluation: Evaluation, budget: Budget, columns: Sequence[Column]) -> Iterator[Row]:
    """The budget block: header, total, sources as rows, income beside nature."""
    # A line beside 按收入性质分 has one amount, a line of its own all three.
    in_rows = [line for line in budget.lines if line.original_budget is not None]
    natures = list(_natures(budget.lines, len(columns) - 4))
    opening = "年度预算申请" if evaluation.kind == "department" else "项目资金"
    spans = _spans_of_budget(columns)
    yield (
        label(f"{opening}\n（{evaluation.money_unit}）", rows=2 + len(in_rows) + len(natures)),
        label("", 2),
        *(
            label(word, span)
            for word, span in zip((*_AMOUNTS, "分值", "执行率", "得分"), spans, strict=True)
        ),
    )
    unit, beside = evaluation.money_unit, budget.source
    money = (budget.original_budget, budget.final_budget, budget.actual_expenditure)
    yield (
        goes_on(is_label=True),
        label("年度资金总额", 2),
        *(amount(number_of(d, unit, beside), s) for d, s in zip(money, spans, strict=False)),
        number(number_of(budget.points, POINTS, beside), spans[3]),
        number(text_of(budget.execution_rate), spans[4]),
        number(number_of(budget.score, POINTS, beside), spans[5]),
    )
    for line, heads in _headed(in_rows):
        yield _line_row(line, f"{heads}{line.label}", unit, spans)
    yield from natures


def _spans_of_budget(columns: Sequence[Column]) -> tuple[int, ...]:
    """How many of the columns each of the six numbers covers."""
    meanings = [column.meaning for column in columns]
    behind_achieved = meanings.index("points") - meanings.index("achieved")
    behind_score = meanings.index("deviation_reason") - meanings.index("score")
    return 1, 1, behind_achieved, 1, behind_score, 1


def _headed(lines: Sequence[BudgetLine]) -> Iterator[tuple[BudgetLine, str]]:
    """Each line with what stands before its label: the first of a group names the group."""
    before: str | None = None
    for line in lines:
        if line.group == before:
            heads = "　　　"
        elif line.group == "nature":
            heads = "资金结构："
        else:
            heads = "资金来源：" if before else "其中："
        before = line.group
        yield line, heads


def _line_row(line: BudgetLine, text: str, unit: str, spans: Sequence[int]) -> Row:
    money = (line.original_budget, line.final_budget, line.actual_expenditure)
    return (
        goes_on(is_label=True),
        words(text, 2),
        *(amount(number_of(d, unit, line.source), s) for d, s in zip(money, spans, strict=False)),
        *(number("", span) for span in spans[3:]),
    )


def _natures(lines: Sequence[BudgetLine], rest: int) -> Iterator[Row]:
    """Expenditure by income and by nature, side by side."""
    beside = [line for line in lines if line.original_budget is None]
    income = [_nature(line) for line in beside if line.group == "income"]
    nature = [_nature(line) for line in beside if line.group == "nature"]
    if not income and not nature:
        return
    yield goes_on(is_label=True), label("按收入性质分：", 3), label("按支出性质分：", rest)
    for index, (left, right) in enumerate(zip_longest(income, nature, fillvalue="")):
        among = "其中：" if index == 0 else "　　　"
        yield (
            goes_on(is_label=True),
            words(among + left if left else "", 3),
            words(among + right if right else "", rest),
        )


def _nature(line: BudgetLine) -> str:
    """Write 一般公共预算：984.41; an amount that could not be read as it was filed."""
    spent = line.actual_expenditure
    if spent is not None and spent.value is not None:
        return f"{line.label}：{number_of(spent, spent.unit, line.source)}"
    filed = squeeze(line.source.text).removeprefix("其中：").removeprefix("其中:")
    behind = filed.removeprefix(squeeze(line.label)).lstrip("：:")
    is_as_filed = filed != behind and not read_quantity(behind).is_number
    return f"{line.label}：{behind if is_as_filed else ''}"


def _objectives(evaluation: Evaluation, rest: int) -> Iterator[Row]:
    """The objective and what became of it; several filed one below the other keep their rows."""
    objectives = evaluation.objectives
    expected, achievement = _each(objectives.expected), _each(objectives.achievement)
    count = max(len(expected), len(achievement))
    yield label("年度总体目标", rows=1 + count), label("预期目标", 3), label("实际完成情况", rest)
    for left, right in zip_longest(expected, achievement, fillvalue=""):
        yield goes_on(is_label=True), words(left, 3), words(right, rest)


def _each(filed: Filed | None) -> list[str]:
    lines = text_of(filed).split("\n")
    return lines if len(lines) > 1 else [paragraphs_of(filed)]


def _total(total: ClaimedTotal, columns: Sequence[Column]) -> Row:
    """总分, its points and score under their columns, the grade at the end of the row."""
    meanings = [column.meaning for column in columns]
    points, score = meanings.index("points"), meanings.index("score")
    behind = [Cell("") for _ in columns[score + 1 : -1]]
    return (
        label("总分", points),
        number(number_of(total.points, POINTS, total.source)),
        number(number_of(total.score, POINTS, total.source)),
        *behind,
        value(text_of(total.grade)),
    )
