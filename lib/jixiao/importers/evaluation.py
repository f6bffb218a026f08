"""A score table read as one self-evaluation (自评表)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from jixiao.datum import Datum, Source
from jixiao.importers.budget import amount_columns, amounts_of, read_budget
from jixiao.importers.cells import (
    POINTS,
    clean,
    filed_or_none,
    label_of,
    read_number,
    read_points,
    strip_brackets,
)
from jixiao.importers.forms import BlockForm
from jixiao.importers.indicators import read_indicators
from jixiao.importers.money import Stated, money_units, questions_of_units
from jixiao.importers.ocr import misread_operators
from jixiao.importers.rows import Row, rows_of, unknown_row
from jixiao.importers.running_rows import is_word_of_form
from jixiao.importers.tables import FormTable
from jixiao.model import ClaimedTotal, Evaluation, Filed, Kind, Objectives, Problem

_LABEL_AND_VALUE = re.compile("(?P<label>[^:：]{2,20})[:：](?P<value>.*[^:：\\s].*)", re.DOTALL)
_TICKED = re.compile(r"[☑√■✓✔☒]\s*(?P<grade>[优良中差])")
_GRADE = re.compile(
    "(?:[^:：]{0,8}(?:等级|等次|级别|结果|结论)[:：])?"
    "(?P<grade>[优良中差]|优秀|良好|中等|合格|基本合格|不合格|较差)"
)


def identity_of(table: FormTable) -> dict[str, Source]:
    """Read the rows of labels and values at the top: meaning → the value's cell.

    A label stands before its value; a value may be blank. In the table of a project 部门名称 and
    预算单位 name who supervises and who carries it out, where no other word does.
    """
    found: dict[str, Source] = {}
    elsewhere: dict[str, Source] = {}
    for form, cells in _identity_rows(table):
        meaning: str | None = None
        label = ""
        for cell in cells:
            inside = _LABEL_AND_VALUE.fullmatch(clean(cell.text))
            if inside and (begun := form.column(inside["label"])):
                found.setdefault(begun, replace(cell, text=inside["value"]))
                meaning = None
            elif begun := form.column(cell.text):
                meaning, label = begun, label_of(cell.text)
            elif meaning:
                found.setdefault(meaning, cell)
                for other in (o.meaning for o in form.otherwise if label in o.words):
                    elsewhere.setdefault(other, cell)
                meaning = None
    named = elsewhere | found
    if "project" in named and {"supervising_department", "implementing_unit"} <= named.keys():
        # Only where both are told apart is one of them not simply the unit that files.
        if named.get("department") == named["supervising_department"]:
            del named["department"]
        return named
    return found


def _identity_rows(table: FormTable) -> Iterator[tuple[BlockForm, tuple[Source, ...]]]:
    for block in table.blocks:
        if block.form.name == "identity":
            yield from ((block.form, row) for row in block.rows)


def kind_of(table: FormTable, title: str) -> Kind:
    """Tell a department's table from a project's: by its first rows, else by its title."""
    identity = identity_of(table)
    if "project" in identity or "project" in _labels(table):
        return "project"
    if "department" in identity:
        return "department"
    is_department = re.search("整体支出|部门", title) and "项目支出" not in title
    return "department" if is_department or table.block("nature") else "project"


def _labels(table: FormTable) -> set[str | None]:
    return {form.column(cell.text) for form, row in _identity_rows(table) for cell in row}


def read_evaluation(
    table: FormTable, key: str, title: Filed, above: Stated | None, problems: list[Problem]
) -> Evaluation:
    """Read one score table.

    Parameters
    ----------
    above : the money unit that the lines above the table state, if any.
    """
    identity = identity_of(table)
    units = money_units(table, "budget", amount_columns(table), above)
    budget = read_budget(table, units, problems)
    if budget:
        problems.extend(questions_of_units(units, amounts_of(budget), budget.source))
    indicators = read_indicators(table, problems)
    problems.extend(misread_operators(indicators))
    return Evaluation(
        key=key,
        kind=kind_of(table, title.text),
        project=filed_or_none(identity.get("project")),
        supervising_department=filed_or_none(identity.get("supervising_department")),
        implementing_unit=filed_or_none(identity.get("implementing_unit")),
        money_unit=units.table,
        title=title,
        budget=budget,
        objectives=_objectives(table, problems),
        indicators=indicators,
        claimed_total=_claimed_total(table, problems),
        tables=(table.grid.number,),
    )


def _objectives(table: FormTable, problems: list[Problem]) -> Objectives:
    expected: list[Filed] = []
    achievement: list[Filed] = []
    rows = list(rows_of(table, "objectives", problems))
    rows[:1] = map(_under_its_heading, rows[:1])
    if any(row.columns.keys() >= _FULL_GOAL for row in rows):
        # Beside goals with what came of them, one that stands alone is the unit's standing task.
        rows = [row for row in rows if row.columns.keys() >= _FULL_GOAL]
    for row in rows:
        first = min(row.columns.get(name, 0) for name in ("expected", "achievement"))
        if expected and any(clean(cell.text) for cell in row.cells[:first]):
            continue
        expected += filter(None, [filed_or_none(row.cell("expected"))])
        achievement += filter(None, [filed_or_none(row.cell("achievement"))])
    return Objectives(_together(expected), _together(achievement))


_FULL_GOAL = {"expected", "achievement"}
_SHORTEST_GOAL = 10


def _under_its_heading(row: Row) -> Row:
    """Move a goal and what came of it one cell back, where the label beside them was lost.

    A label that stands over both rows is left out of the second one by some pages. Then the
    first cell is a sentence and the last one blank.
    """
    first, last = row.columns.get("expected", 0), row.columns.get("achievement", 0)
    if not 0 < first == last - 1 < len(row.cells) - 1:
        return row
    before, goal, answer = (clean(cell.text) for cell in row.cells[first - 1 : last + 1])
    if answer or not goal or len(before) < _SHORTEST_GOAL or is_word_of_form(before):
        return row
    return replace(row, columns={name: index - 1 for name, index in row.columns.items()})


def _together(texts: Sequence[Filed]) -> Filed | None:
    """Several objectives of one form, each in a line of its own."""
    if not texts:
        return None
    return Filed("\n".join(text.text for text in texts), texts[0].source)


def _claimed_total(table: FormTable, problems: list[Problem]) -> ClaimedTotal | None:
    block = table.block("total")
    if block is None:
        return _total_on_top(table, problems)
    row = block.rows[0]
    grades = [found for cells in block.rows for cell in cells[1:] if (found := _grade(cell))]
    for other in block.rows[1:]:
        if not any(_grade(cell) for cell in other):
            problems.extend(unknown_row(other, block))
    points, score = _total_cells(table, row)
    word = block.opening
    return ClaimedTotal(
        points=_total(points, word, "总分分值", problems),
        score=_total(score, word, "总分得分", problems),
        grade=grades[0] if grades else None,
        source=word,
    )


def _grade(cell: Source) -> Filed | None:
    """The grade a cell holds, alone or behind its label (自评等级：优)."""
    text = strip_brackets(clean(cell.text))
    found = _GRADE.fullmatch(text) or (_TICKED.search(text) if "□" in text else None)
    return Filed(found["grade"], cell) if found else None


def _total_on_top(table: FormTable, problems: list[Problem]) -> ClaimedTotal | None:
    """The total of forms that state it above everything else (自评总分)."""
    cell = identity_of(table).get("claimed_score")
    if cell is None:
        return None
    absent = Datum("总分分值", None, POINTS, cell)
    return ClaimedTotal(absent, read_number(cell, "总分得分", POINTS, problems), None, cell)


def _total_cells(table: FormTable, row: tuple[Source, ...]) -> tuple[Source | None, Source | None]:
    """Find points and score: in their columns where the row is not merged, else in order."""
    block = table.block("total")
    if block is not None and block.known is not None:
        return row[1], row[2]
    indicators = table.block("indicators")
    columns = indicators.columns() if indicators else {}
    if indicators and len(row) == indicators.width and {"points", "score"} <= set(columns):
        return row[columns["points"]], row[columns["score"]]
    word = next((index for index, cell in enumerate(row) if clean(cell.text)), 0)
    behind = (*row[word + 1 :], None, None)
    return behind[0], behind[1]


def _total(cell: Source | None, label_cell: Source, label: str, problems: list[Problem]) -> Datum:
    if cell is None:
        return Datum(label, None, POINTS, label_cell)
    return read_points(cell, label, problems)
