"""To which evaluation a line of the document belongs (行所属的自评)."""

from __future__ import annotations

from jixiao.datum import Source
from jixiao.model import Filing


def place_at(filing: Filing, line: Source) -> Source:
    """Give the table cell a line stands in, the line itself in running text."""
    number = line.line or 0
    for grid in filing.grids:
        for row in grid.rows:
            for cell in row.cells:
                if cell.line and cell.line <= number <= cell.line + cell.text.count("\n"):
                    return cell
    return line


def evaluation_of_line(filing: Filing, line: int) -> str | None:
    """Give the evaluation whose narrative or table the line stands in, None before the first."""
    owner, start = None, 0
    for key, first in _first_lines(filing).items():
        if start <= first <= line:
            owner, start = key, first
    return owner


def _first_lines(filing: Filing) -> dict[str, int]:
    """Give the first line of each evaluation: of its narrative, else of its table."""
    first: dict[str, int] = {}
    for evaluation in filing.evaluations:
        candidates = [evaluation.title.source.line or 0]
        candidates += [
            section.heading.source.line or 0
            for section in filing.sections
            if section.evaluation == evaluation.key
        ]
        first[evaluation.key] = min(candidates)
    if filing.evaluations:
        first[filing.evaluations[0].key] = 0
    return first
