"""The filing as read, for whoever takes it in (读入结果): every cell coloured by what it became."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from jixiao.datum import strip_blank
from jixiao.importers.became import Meaning, meanings_of, unread_cells
from jixiao.model import Filing, Grid, mask_private
from jixiao.tables.block import (
    Appendix,
    AppendixPart,
    Cell,
    Column,
    Note,
    Run,
    Table,
    Tone,
    plain_runs,
)
from jixiao.tables.display import Display
from jixiao.tables.runs import CORRECTED, source_run

_MEANINGS: dict[Meaning, str] = {
    "label": "表头与分类",
    "name": "指标名称",
    "target": "指标值、完成值",
    "number": "数字",
    "words": "其他文字",
    "unread": "没有采用",
}


def show_grids(filing: Filing) -> Display:
    """Show every table of a filing, each cell with its address and coloured by what it became."""
    meanings = meanings_of(filing)
    amended = {a.source.anchor: a.amendment.value for a in filing.amended}
    legend = tuple(Cell(plain_runs(words), tone=tone) for tone, words in _MEANINGS.items())
    parts = [AppendixPart("颜色", "grid", (legend,))]
    parts += [part for grid in filing.grids for part in _grid(grid, meanings, amended)]
    return Display(Appendix("grids", "", tuple(parts)))


def _grid(
    grid: Grid, meanings: Mapping[str, Meaning], amended: Mapping[str, str]
) -> Iterator[AppendixPart]:
    title = f"第 {grid.number} 表　" + "　".join(text for text in (grid.part, grid.title) if text)
    width = max((len(row.cells) for row in grid.rows), default=0)
    head = tuple(Cell(plain_runs(str(n or ""), "muted"), header=True) for n in range(width + 1))
    rows = [head]
    for row in grid.rows:
        cells = [Cell(plain_runs(str(row.number), "muted"), header=True)]
        for source in row.cells:
            text = mask_private("".join(strip_blank(line) for line in source.text.split("\n")))
            runs = plain_runs(text)
            if source.anchor in amended:
                value = mask_private(amended[source.anchor]) or "（空）"
                runs += (Run(f"　→ {value}{CORRECTED}", tone="warn"),)
            cells.append(Cell(runs, tone=meanings.get(source.anchor), id=source.anchor))
        rows.append(tuple(cells))
    yield AppendixPart(title, "grid", tuple(rows))


def list_unread(filing: Filing) -> Display:
    """List the cells of which nothing was made, with the addresses that a correction names.

    Returns
    -------
    Display of a table with columns 出处, 原文 : text; of a note where everything was understood
    """
    cells = unread_cells(filing)
    if not cells:
        return Display(Note("n-unread", (plain_runs("每一格都有着落。"),), "没有采用的格", "good"))
    rows = tuple(
        (
            Cell((source_run(cell),), header=True),
            Cell(plain_runs(mask_private(" ".join(cell.text.split())))),
        )
        for cell in cells
    )
    columns = (Column("出处", width=2.0), Column("原文", width=4.0))
    return Display(Table("t-unread", "没有采用的格", columns, rows))


def list_reading_problems(filing: Filing) -> Display:
    """List what the reader of the file met (读入时的问题)."""
    sentences = tuple(plain_runs(mask_private(p.message)) for p in filing.problems)
    nothing = (plain_runs("文件读入时没有遇到问题。"),)
    tone: Tone = "warn" if sentences else "good"
    bullets = bool(sentences)
    return Display(Note("n-reading", sentences or nothing, "读入时的问题", tone, bullets=bullets))
