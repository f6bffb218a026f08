"""The figures of the narrative held against the cells of the tables (正文数字与表格对照)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from types import MappingProxyType
from typing import Literal, TypeAlias

from jixiao.audit.budget import RATE_LABEL, rate_of
from jixiao.audit.desk import Case, decimals_shown
from jixiao.datum import Datum, convert, subtract
from jixiao.datum.core import fixed
from jixiao.model import Evaluation, Statement
from jixiao.rubric import Subject
from jixiao.scoring import three_public_total
from jixiao.scoring.base_data import THREE_PUBLIC

Verdict: TypeAlias = Literal["agreed", "different", "not_matched"]
#: How readers are told what came of a comparison.
VERDICTS: Mapping[Verdict, str] = MappingProxyType(
    {"agreed": "相符", "different": "不符", "not_matched": "未对上"}
)
#: A name this short says too little to be looked for inside another.
_SHORTEST_NAME = 4
_MONEY_ROW = re.compile(r"(?:费|支出|金额)$")


@dataclass(frozen=True, slots=True)
class Comparison:
    """One figure of the narrative and the cell it speaks of (对照): agreed, different, not matched.

    ``cell`` is None where no cell was found that has its subject, year and unit.
    """

    statement: Statement
    cell: Datum | None
    verdict: Verdict

    @property
    def is_rate(self) -> bool:
        """Whether the cell is the execution rate, which is stated in a cell and computed too."""
        return self.cell is not None and self.cell.label == RATE_LABEL


def compare_figures(case: Case, evaluation: Evaluation) -> tuple[Comparison, ...]:
    """Hold every figure of an evaluation's narrative against the tables, in the text's order."""
    return tuple(
        _compared(case, evaluation, statement)
        for statement in case.filing.statements
        if statement.evaluation == evaluation.key
    )


def _compared(case: Case, evaluation: Evaluation, statement: Statement) -> Comparison:
    if statement.datum.value is None or not _is_this_year(case, statement):
        return Comparison(statement, None, "not_matched")
    cell = _cell_named(case, evaluation, statement)
    if cell is not None and _is_comparable(statement, cell):
        verdict: Verdict = "agreed" if says_the_same(statement, cell) else "different"
        return Comparison(statement, cell, verdict)
    if rows := _rows_named(case, evaluation, statement):
        equal = [row for row in rows if says_the_same(statement, row)]
        return Comparison(statement, (equal or rows)[0], "agreed" if equal else "different")
    alike = next(_cells_alike(evaluation, statement), None)
    return Comparison(statement, alike, "agreed" if alike else "not_matched")


def says_the_same(statement: Statement, cell: Datum) -> bool:
    """Whether a figure is the cell's at the digits the text shows."""
    shown = decimals_shown(statement.datum.digits)
    in_its_unit = convert(cell, statement.datum.unit)
    return fixed(statement.datum.require(), shown) == fixed(in_its_unit.require(), shown)


def _is_this_year(case: Case, statement: Statement) -> bool:
    """Whether a sentence speaks of the filing's year, by name or by naming none."""
    return statement.year is None or statement.year == case.filing.year


def _is_comparable(statement: Statement, cell: Datum) -> bool:
    """Whether both are, or can be converted into, one unit."""
    return cell.value is not None and convert(statement.datum, cell.unit).unit == cell.unit


def _cell_named(case: Case, evaluation: Evaluation, statement: Statement) -> Datum | None:
    project = evaluation.project.text if evaluation.project else ""
    labels = {statement.label, statement.label.removeprefix(project)}
    for subject in case.checklist.subjects:
        if subject.of in ("any", evaluation.kind) and labels & set(subject.words):
            return _resolve_subject(case, evaluation, subject)
    name = re.sub(r"\s", "", statement.label)
    for indicator in evaluation.indicators:
        quantity = indicator.achieved.quantity
        if indicator.name == name and quantity.is_number and not quantity.is_bound:
            return indicator.achieved.datum(indicator.name)
    return None


def _rows_named(case: Case, evaluation: Evaluation, statement: Statement) -> list[Datum]:
    """Give the amounts of the base data's row that the text names in full, this year's first."""
    base = case.filing.base_data
    label = statement.label
    if base is None or evaluation.kind != "department" or len(label) < _SHORTEST_NAME:
        return []
    if not _MONEY_ROW.search(label):
        return []
    rows = [row for row in base.expenditure if row.name == label]
    if len(rows) != 1:
        return []
    amounts = (rows[0].outturn, rows[0].budget, rows[0].prior_outturn)
    return [amount for amount in amounts if _is_comparable(statement, amount)]


def _cells_alike(evaluation: Evaluation, statement: Statement) -> Iterator[Datum]:
    """Give achieved values of the same number whose indicator's name is much like the subject.

    A name that is only alike proves nothing where the numbers differ: that is left unmatched.
    """
    label = re.sub(r"\s", "", statement.label)
    for indicator in evaluation.indicators:
        achieved = indicator.achieved.datum(indicator.name)
        if achieved.value is None or not _is_comparable(statement, achieved):
            continue
        if is_alike(label, indicator.name) and says_the_same(statement, achieved):
            yield achieved


def is_alike(one: str, other: str) -> bool:
    """Whether two names share a run of at least four characters, half of the shorter.

    >>> is_alike("调处成功率", "矛盾纠纷调处成功率"), is_alike("退休人员", "在职人员")
    (True, False)
    """
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    longest = matcher.find_longest_match(0, len(one), 0, len(other)).size
    return longest >= _SHORTEST_NAME and 2 * longest >= min(len(one), len(other))


def _resolve_subject(case: Case, evaluation: Evaluation, subject: Subject) -> Datum | None:
    cells = [_resolve(case, evaluation, path) for path in subject.paths]
    if any(cell is None or cell.value is None for cell in cells):
        return None
    present = [cell for cell in cells if cell is not None]
    if len(present) == 2:
        if present[0].unit != present[1].unit:
            return None
        return subtract(subject.words[0], present[0], present[1])
    return present[0]


def _resolve(case: Case, evaluation: Evaluation, path: str) -> Datum | None:
    """Follow a path of ``params/checks.yaml`` to a cell."""
    head, _, rest = path.partition(".")
    base, budget = case.filing.base_data, evaluation.budget
    if head == "execution_rate":
        return rate_of(case, evaluation)
    if head == "budget" and budget:
        return _datum(budget, rest)
    if head in ("income", "nature") and budget:
        lines = (ln for ln in budget.lines if ln.group == head and ln.label.startswith(rest))
        return next((line.actual_expenditure for line in lines), None)
    if head == "base" and base:
        label, _, column = rest.partition(".")
        if label in THREE_PUBLIC:
            return three_public_total(base, column)
        row = base.row(label)
        return _datum(row, column) if row else None
    if head == "staff" and base and base.staff:
        return _datum(base.staff, rest)
    if head == "claimed_total" and evaluation.claimed_total:
        return _datum(evaluation.claimed_total, rest)
    return None


def _datum(owner: object, name: str) -> Datum | None:
    value = getattr(owner, name, None)
    return value if isinstance(value, Datum) else None
