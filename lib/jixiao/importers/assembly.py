"""From the parts of a document to its evaluations, base data and narrative (汇总)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from jixiao.datum import Datum, Source
from jixiao.importers.base_data import read_base_data
from jixiao.importers.cells import POINTS, clean, filed, number_from
from jixiao.importers.evaluation import identity_of, kind_of, read_evaluation
from jixiao.importers.grid_tables import grid_tables
from jixiao.importers.keys import Keys
from jixiao.importers.lines import Line, looks_like_heading, table_title
from jixiao.importers.money import Stated, money_unit_in
from jixiao.importers.narrative import paragraphs_of, read_sections
from jixiao.importers.outline import Part
from jixiao.importers.places import Places
from jixiao.importers.ragged import rows_put_right, without_shifts
from jixiao.importers.raw import RawTable
from jixiao.importers.statements import read_statements
from jixiao.importers.tables import FormTable, Heading, address_tables
from jixiao.importers.template import questions_of_form
from jixiao.importers.unread import is_unread, name_unread
from jixiao.importers.unused import unused_rows
from jixiao.importers.warnings import cells_lost, ends_early, no_table, unknown_table
from jixiao.model import (
    BaseData,
    ClaimedTotal,
    Evaluation,
    Filed,
    Grid,
    Kind,
    Problem,
    Section,
    Statement,
)

_YEAR = re.compile("((?:19|20)[0-9]{2})年决算数")
_TOTAL = re.compile(
    r"(?:^|[\s　])(?:自评|项目)?(?:总|得)分[:：]\s*(?P<score>[0-9]{1,3}(?:\.[0-9]+)?)\s*分?(?=[\s　]|$)"
)


@dataclass(slots=True)
class Assembly:
    """What has been read so far; filled part by part, in the document's order."""

    places: Places
    keys: Keys = field(default_factory=Keys)
    evaluations: list[Evaluation] = field(default_factory=list)
    base_data: BaseData | None = None
    sections: list[Section] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    grids: list[Grid] = field(default_factory=list)
    department: Source | None = None

    def add_narrative(self, part: Part, kind: Kind) -> None:
        """Read the headings, paragraphs and figures of one narrative."""
        key = self.keys.for_narrative(kind, part.project_name)
        paragraphs = paragraphs_of(part.lines, self.places.line)
        self.sections.extend(read_sections(paragraphs, key))
        self.statements.extend(read_statements(paragraphs, key))

    def add_table(self, raw: RawTable, part: Part, name: str) -> None:
        """Read one stretch of cells: one table, or several that follow without a word."""
        title = clean(part.title.text) if part.title else ""
        first = len(self.grids) + 1
        cells = without_shifts(raw)
        read = grid_tables if cells.layout == "gridded" else address_tables
        for table in read(cells, first, Heading(name, title), self.places.cells(name)):
            self.grids.append(table.grid)
            heading = _title_of(part, table, self.places)
            problems: list[Problem] = []
            above = _stated_unit(part, raw.cells[0].line, self.places)
            wording = heading.text or (clean(part.title.text) if part.title else "")
            key = self._read(table, heading, kind_of(table, wording), above, problems)
            told = self._total_above(table, part, raw.cells[0].line, problems)
            problems.extend(questions_of_form(table))
            problems.extend(unused_rows(table))
            if cells is not raw:
                problems.append(rows_put_right(table))
            if table.borderless and table.blocks:
                problems.append(cells_lost(table))
            if table.grid.ends_early and not told:
                problems.append(ends_early(table))
            problems = name_unread(table, problems)
            self.problems.extend(replace(problem, evaluation=key) for problem in problems)

    def _read(
        self,
        table: FormTable,
        title: Filed,
        kind: Kind,
        above: Stated | None,
        problems: list[Problem],
    ) -> str | None:
        if table.form == "score_table":
            identity = identity_of(table)
            project = identity.get("project")
            key = self.keys.for_table(kind, clean(project.text) if project else "")
            evaluation = read_evaluation(table, key, title, above, problems)
            self.evaluations.append(replace(evaluation, kind=kind))
            self.department = self.department or identity.get("department")
            return key
        if table.form == "base_data" and self.base_data is None:
            self.base_data = read_base_data(table, title, above, problems)
            return "department"
        if table.form or not is_unread(table):
            problems.append(unknown_table(table))
        return None

    def _total_above(
        self, table: FormTable, part: Part, first_line: int, problems: list[Problem]
    ) -> bool:
        """Take the total that a line above the table states (总分：98.2分), where it has no other."""
        if table.form != "score_table" or not self.evaluations:
            return False
        evaluation = self.evaluations[-1]
        lines = [line for line in part.lines if line.number < first_line]
        found = next((m for line in reversed(lines) if (m := _TOTAL.search(line.text))), None)
        if evaluation.claimed_total or not evaluation.indicators or found is None:
            return False
        source = self.places.line(next(line for line in lines if line.text == found.string))
        absent = Datum("总分分值", None, POINTS, source)
        score = number_from(found["score"], source, "总分得分", POINTS, problems)
        total = ClaimedTotal(absent, score, None, source)
        self.evaluations[-1] = replace(evaluation, claimed_total=total)
        return True

    @property
    def year(self) -> int | None:
        """The year whose outturn the base data state (2018年决算数), None where they do not."""
        rows = self.base_data.expenditure if self.base_data else ()
        found = next((year for row in rows if (year := _YEAR.search(row.outturn.label))), None)
        return int(found[1]) if found else None


def assemble(parts: Sequence[Part], places: Places, last_line: Line) -> Assembly:
    """Read all parts."""
    assembly = Assembly(places)
    reports = any(part.kind == "department" for part in parts)
    for part, name in zip(parts, places.names, strict=True):
        if part.kind in ("department", "project"):
            assembly.add_narrative(part, "project" if part.kind == "project" else "department")
        elif part.kind == "front" and not reports and _has_headings(part):
            assembly.add_narrative(part, "department")
        for raw in part.tables:
            assembly.add_table(raw, part, name)
    for key in assembly.keys.without_table():
        assembly.problems.append(no_table(key, places.line(last_line)))
    return assembly


def _has_headings(part: Part) -> bool:
    return any(looks_like_heading(line.text) for line in part.lines)


def _title_of(part: Part, table: FormTable, places: Places) -> Filed:
    """The title above the table, or in its first cells; else the cell that opens it."""
    for row in table.grid.rows[:2]:
        for cell in row.cells:
            if table_title(cell.text):
                return filed(cell)
    if part.title is not None and not part.is_narrative:
        return filed(places.line(part.title))
    first = table.blocks[0].opening if table.blocks else table.grid.rows[0].cells[0]
    return Filed("", first)


def _stated_unit(part: Part, first_line: int, places: Places) -> Stated | None:
    """The money unit that the nearest line above a table states, else the next one below."""
    found = [
        (line, unit)
        for line in part.lines
        if len(line.text) < 60 and (unit := money_unit_in(line.text))
    ]
    above = [entry for entry in found if entry[0].number < first_line]
    nearest = above[-1:] or found[:1]
    return next((Stated(unit, places.line(line)) for line, unit in nearest), None)
