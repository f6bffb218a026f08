"""The filing itself (原文): what was filed, and an appendix with an anchor at every cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from jixiao.audit import Judgement
from jixiao.datum import Source, strip_blank
from jixiao.model import Amendment, Filing, Grid, mask_private
from jixiao.tables.block import (
    Appendix,
    AppendixPart,
    Cell,
    Column,
    Note,
    Run,
    Runs,
    Table,
    Tone,
    plain_runs,
)
from jixiao.tables.display import Display
from jixiao.tables.runs import CORRECTED, filed_run, number_run, source_run
from jixiao.tables.workings import citations, cited_sources


def table_filing(judgement: Judgement) -> Display:
    """Say what was filed, by whom, for which year, and by which rules it is judged (申报情况).

    Returns
    -------
    Display of a table with columns 项目, 内容 : text
    """
    filing, evaluation = judgement.filing, judgement.evaluation
    entries: list[tuple[str, Runs]] = [("单位", plain_runs(filing.unit))]
    if filing.year:
        entries.append(("评价年度", plain_runs(f"{filing.year} 年度")))
    if evaluation.project:
        entries.append(("项目", (filed_run(evaluation.project),)))
    if evaluation.supervising_department:
        entries.append(("主管部门", (filed_run(evaluation.supervising_department),)))
    if evaluation.implementing_unit:
        entries.append(("实施单位", (filed_run(evaluation.implementing_unit),)))
    entries.append(("自评表", (filed_run(evaluation.title),)))
    if budget := evaluation.budget:
        for name, datum in (
            ("年初预算数", budget.original_budget),
            ("全年预算数", budget.final_budget),
            ("全年执行数", budget.actual_expenditure),
        ):
            entries.append((name, (number_run(datum),)))
    entries.append(("评分规则", plain_runs(_rubric_text(judgement))))
    for document in filing.documents:
        entries.append(("文件", plain_runs(f"{document.file}（{document.format}）")))
        entries.append(("文件摘要", plain_runs(f"sha256 {document.sha256}", "muted")))
    rows = tuple((Cell(plain_runs(name), header=True), Cell(runs)) for name, runs in entries)
    columns = (Column("项目", width=1.2), Column("内容", width=5.0))
    return Display(Table("t-filing", "申报情况", columns, rows))


def _rubric_text(judgement: Judgement) -> str:
    rubric = judgement.rubric
    analogy = "，部门整体支出比照执行" if rubric.by_analogy else ""
    return (
        f"{rubric.number}《{rubric.title}》（{rubric.id}，按 {rubric.year} 预算年度取值{analogy}）"
    )


def table_provenance(judgement: Judgement, versions: tuple[tuple[str, str], ...]) -> Display:
    """Say what this report was made of (来历): file, digests, rules, versions.

    Parameters
    ----------
    versions : (name, version) of the programs used
    """
    filing, rubric = judgement.filing, judgement.rubric
    entries = [
        *(("申报文件", f"{d.file}，sha256 {d.sha256}") for d in filing.documents),
        ("评分规则", f"{rubric.id}，sha256 {rubric.sha256}"),
        ("生效", f"按 {rubric.year} 预算年度取值"),
        ("程序版本", "，".join(f"{name} {version}" for name, version in versions)),
    ]
    rows = tuple((Cell(plain_runs(k), header=True), Cell(plain_runs(v))) for k, v in entries)
    columns = (Column("项目", width=1.2), Column("内容", width=5.0))
    return Display(Table("t-provenance", "来历", columns, rows))


def list_problems(judgement: Judgement) -> Display:
    """List what the reader of the file met (读入时的问题)."""
    key = judgement.evaluation.key
    problems = [p for p in judgement.filing.problems if p.evaluation in (None, key)]
    sentences = tuple(
        (Run(mask_private(p.message)), Run("——"), source_run(p.source))
        if p.source
        else plain_runs(p.message)
        for p in problems
    )
    nothing: tuple[Runs, ...] = (plain_runs("文件读入时没有遇到问题。"),)
    tone: Tone = "warn" if sentences else "muted"
    return Display(
        Note("n-problems", sentences or nothing, "读入时的问题", tone, bullets=bool(sentences))
    )


def table_corrections(judgement: Judgement) -> Display:
    """Show what a person corrected, next to what was filed (更正).

    Returns
    -------
    Display of a table with columns 出处, 原填, 更正为, 理由, 更正人, 日期 : text; of a note where there
    are none
    """
    return list_amended(judgement.filing)


def list_amended(filing: Filing) -> Display:
    """Show what a person corrected in a filing, next to what was filed, as `table_corrections`."""
    if not filing.amended:
        return Display(Note("n-corrections", (plain_runs("申报材料没有更正。"),), "更正", "muted"))
    rows = []
    for amended in filing.amended:
        amendment = amended.amendment
        texts = (amendment.value or "（空）", amendment.reason, amendment.by, amendment.on)
        rows.append(
            (
                Cell((source_run(amended.source),), header=True),
                Cell(plain_runs(mask_private(strip_blank(amended.source.text)) or "（空）")),
                *(Cell(plain_runs(mask_private(text))) for text in texts),
            )
        )
    labels = (
        ("出处", 2.2),
        ("原填", 1.6),
        ("更正为", 1.6),
        ("理由", 2.4),
        ("更正人", 0.9),
        ("日期", 1.1),
    )
    columns = tuple(Column(label, width=width) for label, width in labels)
    return Display(Table("t-corrections", "更正", columns, tuple(rows)))


def list_appendix(judgement: Judgement) -> Display:
    """Print the parts of the filing that this report cites, each cell and line with its anchor."""
    cited = cited_sources(judgement)
    amended = {a.source.anchor: a.amendment for a in judgement.filing.amended}
    tables = {source.table for source in cited if source.table is not None}
    lines = {source.anchor for source in cited if source.table is None}
    back = citations(judgement)
    cited_grids = (grid for grid in judgement.filing.grids if grid.number in tables)
    original = _Original(back, amended)
    parts = [part for grid in cited_grids for part in original.grid_parts(grid)]
    parts += original.text_parts(judgement.filing, lines)
    return Display(Appendix("appendix", "", tuple(parts)))


@dataclass(frozen=True, slots=True)
class _Original:
    """Prints what was filed: cited cells lead back, corrected ones show both texts.

    ``back`` gives by anchor the place that rests on a cell, ``amended`` its correction.
    """

    back: Mapping[str, str]
    amended: Mapping[str, Amendment]

    def grid_parts(self, grid: Grid) -> Iterator[AppendixPart]:
        """Give a grid in parts of rows with the same number of cells, the first one titled."""
        title = "　".join(text for text in (grid.part, grid.title) if text)
        for _, rows in groupby(grid.rows, key=lambda row: len(row.cells)):
            cells = tuple((_numbered(row.number), *map(self._cell, row.cells)) for row in rows)
            yield AppendixPart(title, "grid", cells)
            title = ""

    def text_parts(self, filing: Filing, cited: set[str]) -> list[AppendixPart]:
        """Give the running text, in parts that hold a cited line."""
        parts: list[AppendixPart] = []
        for title, lines in _running_text(filing).items():
            if any(line.anchor in cited for line in lines):
                rows = tuple((self._line(line),) for line in lines if strip_blank(line.text))
                parts.append(AppendixPart(title, "text", rows))
        return parts

    def _line(self, line: Source) -> Cell:
        """Print a line of running text behind its number."""
        return Cell((Run(f"{line.line}　", tone="muted"), *self._cell(line).runs), id=line.anchor)

    def _cell(self, source: Source) -> Cell:
        """Print a cell with its anchor; one that the report rests on links back to where."""
        text = mask_private("".join(strip_blank(line) for line in source.text.split("\n")))
        runs: Runs = (Run(text, href=self.back.get(source.anchor)),) if text else ()
        if amendment := self.amended.get(source.anchor):
            value = mask_private(amendment.value) or "（空）"
            runs += (Run(f"　→ {value}{CORRECTED}", tone="warn"),)
        return Cell(runs, id=source.anchor)


def _numbered(number: int | None) -> Cell:
    """Head a row with its number, so that an address on paper can be found."""
    return Cell(plain_runs(str(number or ""), "muted"), header=True)


def _running_text(filing: Filing) -> dict[str, list[Source]]:
    in_tables: set[tuple[int, int]] = set()
    for grid in filing.grids:
        for row in grid.rows:
            for cell in row.cells:
                if cell.line is not None:
                    covered = range(cell.line, cell.line + cell.text.count("\n") + 1)
                    in_tables |= {(cell.document_number, number) for number in covered}
    parts: dict[str, list[Source]] = {}
    for line in filing.lines:
        place = (line.document_number, line.line or 0)
        if line.table is None and place not in in_tables:
            document = f"{line.document} " if line.document_number > 1 else ""
            parts.setdefault(document + (line.part or "正文"), []).append(line)
    return parts
