"""To which evaluation a line of the document belongs (行所属的自评)."""

from __future__ import annotations

from jixiao.datum import Source
from jixiao.model import Filing


def place_at(filing: Filing, line: Source) -> Source:
    """Give the table cell a line stands in, the line itself in running text."""
    if line.line is None:
        return line
    number, document = line.line, line.document_number
    for grid in filing.grids:
        for row in grid.rows:
            for cell in row.cells:
                inside = cell.line and cell.line <= number <= cell.line + cell.text.count("\n")
                if inside and cell.document_number == document:
                    return cell
    return line


def evaluation_of_line(filing: Filing, line: Source) -> str | None:
    """Give the evaluation whose narrative or table the line stands in, None before the first.

    A cell that stands on no line of its own belongs to the last evaluation whose table has begun.
    """
    if line.line is None:
        return _evaluation_of_table(filing, line.table or 0)
    owner, start = None, (0, 0)
    for key, first in _first_lines(filing).items():
        if start <= first <= (line.document_number, line.line):
            owner, start = key, first
    return owner


def _evaluation_of_table(filing: Filing, table: int) -> str | None:
    begun = [e.key for e in filing.evaluations if e.tables and e.tables[0] <= table]
    return begun[-1] if begun else next((e.key for e in filing.evaluations), None)


def _first_lines(filing: Filing) -> dict[str, tuple[int, int]]:
    """Give document and line where each evaluation begins: its narrative, else its table."""
    first: dict[str, tuple[int, int]] = {}
    for evaluation in filing.evaluations:
        sources = [evaluation.title.source]
        sources += [s.heading.source for s in filing.sections if s.evaluation == evaluation.key]
        if lines := [(s.document_number, s.line) for s in sources if s.line is not None]:
            first[evaluation.key] = min(lines)
    if filing.evaluations:
        first[filing.evaluations[0].key] = (0, 0)
    return first
