"""What a reader of the file must know, in words (读入时的提示)."""

from __future__ import annotations

from collections.abc import Sequence

from jixiao.datum import Source
from jixiao.importers.cells import clean
from jixiao.importers.resemblance import first_row, nearest
from jixiao.importers.tables import FormTable
from jixiao.model import Problem

_BLOCKS = {
    "identity": "预算部门或项目名称",
    "budget": "年度资金总额",
    "objectives": "年度总体目标",
    "indicators": "绩效指标",
    "total": "总分",
    "staff": "财政供养人员情况",
    "expenditure": "经费控制情况",
    "buildings": "楼堂馆所控制情况",
    "austerity": "厉行节约保障措施",
}
_FORMS = {
    "score_table": ("identity", "budget", "objectives", "indicators", "total"),
    "base_data": ("staff", "expenditure", "buildings", "austerity"),
}


def ends_early(table: FormTable) -> Problem:
    """Say that a table stops before its last row, and what should still follow."""
    last = next(
        (c for row in reversed(table.grid.rows) for c in reversed(row.cells) if clean(c.text)),
        table.grid.rows[-1].cells[-1],
    )
    names = {block.form.name for block in table.blocks}
    blocks = _FORMS[table.form]
    reached = max((blocks.index(name) for name in names if name in blocks), default=-1)
    missing = [_BLOCKS[name] for name in blocks[reached + 1 :]]
    cut = table.ends_document and _is_short(table)
    told = "最后一行没有写完；" if cut else ""
    rest = f"后面应有：{'、'.join(missing)}" if missing else "这一行后面应有其余各格"
    name = table.grid.title or table.grid.part
    return Problem(
        "table-ends-early",
        f"{last.address} “{clean(last.text)[:20]}”：{name} 到这里就结束了，{told}{rest}。"
        "没有读到的内容一律按缺失处理。请检查文件是否完整。",
        last,
    )


def _is_short(table: FormTable) -> bool:
    block = table.blocks[-1]
    return bool(block.rows) and len(block.rows[-1]) < max(block.width, 2)


def no_table(key: str, last: Source) -> Problem:
    """Say that a narrative has no score table."""
    kind = "部门整体支出绩效自评表" if key.startswith("department") else "项目支出绩效自评表"
    return Problem(
        "table-ends-early",
        f"文件到{f'第{last.line}行' if last.line else last.address}为止，没有读到{kind}。正文之后应有这张表，"
        "以“总分”一行结束。请检查文件是否完整。",
        last,
        key,
    )


def unknown_table(table: FormTable) -> Problem:
    """Say that a table is of no form we know, or comes twice."""
    cells = first_row(table.grid)
    what = "第二张基础数据表" if table.form else "认不出的表"
    words = " ｜ ".join(clean(cell.text)[:12] for cell in cells[:9])
    return Problem(
        "unknown-table",
        f"{cells[0].address} “{words}”：{what}，没有读入。{nearest(cells[:12])}"
        "应为部门整体支出绩效评价基础数据表，或部门、项目支出绩效自评表。"
        "请核对原件；如是新的表样，请在 forms/ 中补上列名（docs/add-a-form.md）。",
        cells[0],
    )


def empty_rows(rows: Sequence[Source]) -> Problem:
    """Say that rows of the form were left unfilled, and how many."""
    first = rows[0]
    return Problem(
        "empty-rows",
        f"{first.address} “{clean(first.text)[:20]}”：表样中有 {len(rows)} 行没有填写"
        f"（{'、'.join(_row_of(cell) for cell in rows)}），未作为指标读入。"
        "如有应填而未填的指标，请补填。",
        first,
    )


def _row_of(cell: Source) -> str:
    return f"第{cell.line}行" if cell.row is None else f"表中第{cell.row}行"


def prompt_left(cell: Source) -> Problem:
    """Say that a cell still holds the form's own instruction."""
    return Problem(
        "template-prompt",
        f"{cell.address} “{clean(cell.text)[:30]}”：这是表样自带的填写提示，不是单位填写的内容。"
        "应写明实际情况，请补填。",
        cell,
    )


def unknown_columns(cells: Sequence[Source], block: str) -> Problem:
    """Say which words of a header are not understood."""
    words = "、".join(f"“{clean(cell.text)[:20]}”" for cell in cells)
    return Problem(
        "unknown-column",
        f"{cells[0].address}：{_BLOCKS.get(block, block)}的表头中有认不出的列 {words}，没有读入。"
        "应为表样中的列名，例如 “分值”“实际完成值”。请在 forms/ 中为这种表样补上这些列名"
        "（docs/add-a-form.md）。",
        cells[0],
    )


def ambiguous_column(cells: Sequence[Source], block: str) -> Problem:
    """Say that two columns claim the same meaning, and which was read."""
    words = "、".join(f"“{clean(cell.text)[:20]}”（第{cell.column}列）" for cell in cells)
    return Problem(
        "ambiguous-column",
        f"{cells[0].address}：{_BLOCKS.get(block, block)}的表头中 {words} 含义相同，"
        f"只读了“{clean(cells[0].text)}”。每一列的含义应当只有一个，请核对原件。",
        cells[0],
    )


def cells_lost(table: FormTable) -> Problem:
    """Say that a table came without its borders, and which cells could not be told."""
    first = table.blocks[0].opening
    rows = sorted({cell.row for cell in table.lost if cell.row is not None})
    where = "、".join(f"第{row}行" for row in rows)
    left = f"其中表中{where}有 {len(table.lost)} 格无法断定，按缺失处理" if rows else "各格均可断定"
    return Problem(
        "cells-lost",
        f"{first.address} “{clean(first.text)[:20]}”：这张表的格线已经丢失，只剩文字和数字。"
        f"各格按表头的词、数的范围和分值之和推断，{left}。请用带表格的原件（Word、Excel）核对。",
        first,
    )


def category_from_kind(category: Source, name: str, subcategory: str) -> Problem:
    """Say that a category's name is lost and was told by what stands under it."""
    return Problem(
        "cells-lost",
        f"{category.address} “{clean(category.text)}”：一级指标的名称已经丢失，"
        f"按其下的“{subcategory}”定为“{name}”。请用带表格的原件核对。",
        category,
    )
