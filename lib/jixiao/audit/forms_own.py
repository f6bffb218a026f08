"""What a form itself says of scores and reasons (表中自带的评分标准、原因栏)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jixiao.audit.desk import Case
from jixiao.datum import Datum, multiply
from jixiao.model import Evaluation, Filed, Grid, ScoreLine

_SHARED = 2


def own_standard(
    case: Case, evaluation: Evaluation, line: ScoreLine, words: tuple[str, ...]
) -> Filed | None:
    """Give the standard that the table prints beside a line, where it has a column for one."""
    place = line.source
    for grid in _grids(case, evaluation):
        columns = {
            cell.column for row in grid.rows for cell in row.cells if _bare(cell.text) in words
        }
        for row in grid.rows:
            for cell in row.cells:
                is_beside = cell.table == place.table and cell.row == place.row
                if is_beside and cell.column in columns and _bare(cell.text):
                    return Filed(cell.text.strip(), cell)
    return None


def is_by_coefficient(line: ScoreLine) -> bool:
    """Whether the claimed score is the points by the coefficient filed beside them."""
    filed = line.members[0].coefficient if len(line.members) == 1 else None
    if filed is None or filed.quantity.value is None or line.points.value is None:
        return False
    share = Datum("得分系数", filed.quantity.value, "%", filed.source)
    return multiply("系数 × 分值", line.points, share).value == line.claimed_score.value


def reason_below(
    case: Case, evaluation: Evaluation, line: ScoreLine, words: tuple[str, ...]
) -> Filed | None:
    """Find the reason for a deduction in a row for all of them, where it speaks of the line.

    A reason in such a row is taken to be about a line if it shares two characters with its name
    or its subcategory, or if only one line lost points.
    """
    lost = [each for each in case.cards[evaluation.key].lines if _is_deducted(each)]
    names = "".join(m.subcategory.removesuffix("指标") + "\n" + m.name for m in line.members)
    for told in _rows_for_all(case, evaluation, words):
        pairs = (told.text[i : i + _SHARED] for i in range(len(told.text) - _SHARED + 1))
        if len(lost) == 1 or any(pair in names for pair in pairs):
            return told
    return None


def _rows_for_all(case: Case, evaluation: Evaluation, words: tuple[str, ...]) -> Iterator[Filed]:
    """Give what stands beside a label for reasons: rows of two cells, not a column's heading."""
    for grid in _grids(case, evaluation):
        for row in grid.rows:
            cells = [cell for cell in row.cells if _bare(cell.text)]
            if len(cells) == 2 and any(word in _bare(cells[0].text) for word in words):
                told = Filed(cells[1].text.strip(), cells[1])
                if not told.quantity.is_absent:
                    yield told


def _is_deducted(line: ScoreLine) -> bool:
    points, claimed = line.points.value, line.claimed_score.value
    return points is not None and claimed is not None and claimed < points


def _grids(case: Case, evaluation: Evaluation) -> Iterator[Grid]:
    return (grid for grid in case.filing.grids if grid.number in evaluation.tables)


def _bare(text: str) -> str:
    return re.sub(r"\s", "", text)
