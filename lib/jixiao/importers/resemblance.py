"""Which known form a header resembles (表样的相似): the share of its words that stand on one."""

from __future__ import annotations

from collections.abc import Sequence

from jixiao.datum import Source
from jixiao.errors import BadFile
from jixiao.importers.cells import clean, label_of
from jixiao.importers.forms import known_forms
from jixiao.importers.lines import Line
from jixiao.model import Grid

_MOST_WORDS, _MOST_TABLES = 12, 3
_FORMS = {"score_table": "绩效自评表", "base_data": "部门整体支出绩效评价基础数据表"}
_ADD_A_FORM = "；如是新的表样，请在 forms/ 中补上这些列名（docs/add-a-form.md）"
BLOCK_NAMES = {
    "identity": "单位和项目名称",
    "budget": "预算资金",
    "nature": "按性质分的资金",
    "objectives": "年度总体目标",
    "indicators": "绩效指标",
    "staff": "财政供养人员情况",
    "expenditure": "经费控制情况",
    "buildings": "楼堂馆所控制情况",
}


def is_known(name: str, cell: Source) -> bool:
    """Whether a word stands on the header of the block of this name."""
    blocks = [block for form in known_forms() for block in form.blocks if block.name == name]
    label = label_of(cell.text)
    return any(block.column(cell.text) or label in block.opens for block in blocks)


def quoted(cells: Sequence[Source]) -> str:
    """Quote the words of some cells, the first dozen."""
    named = "、".join(f"“{clean(cell.text)[:20]}”" for cell in cells[:_MOST_WORDS])
    return named + (f" 等 {len(cells)} 个" if len(cells) > _MOST_WORDS else "")


def nearest(cells: Sequence[Source]) -> str:
    """Name the known header that shares most words with these cells, "" where none does."""
    shares = [
        (sum(is_known(block.name, cell) for cell in cells), form.name, block.name)
        for form in known_forms()
        for block in form.blocks
        if block.name in BLOCK_NAMES
    ]
    known, form, block = max(shares, key=lambda share: share[0])
    if not known:
        return ""
    return f"最接近的是{_FORMS[form]}的{BLOCK_NAMES[block]}（{len(cells)} 个词中认得 {known} 个）。"


def unknown_form(name: str, lines: Sequence[Line], grids: Sequence[Grid]) -> BadFile:
    """Build the error for a document that holds no form we know: its tables, the nearest form."""
    first = next((clean(line.text) for line in lines if not line.is_blank), "")
    headers = [first_row(grid) for grid in grids[:_MOST_TABLES]]
    cells = [cell for header in headers for cell in header[:_MOST_WORDS]]
    unknown = [cell for cell in cells if not any(is_known(name, cell) for name in BLOCK_NAMES)]
    told = [f"认不出这是哪一种自评材料，开头是 “{first[:30]}”"]
    if headers:
        rows = [
            f"{header[0].address} “{' ｜ '.join(clean(cell.text)[:12] for cell in header[:9])}”"
            for header in headers
        ]
        more = " 等" if len(grids) > _MOST_TABLES else ""
        told.append(f"文件中有 {len(grids)} 张表，首行是 {'；'.join(rows)}{more}")
        told.append(f"其中认不出 {quoted(unknown)}" if unknown else "")
        told.append(nearest(cells).rstrip("。"))
    return BadFile(
        "unknown-form",
        "。".join(part for part in told if part),
        where=name,
        expected="绩效自评报告正文，或绩效自评表、基础数据表（Word、Excel、网页，或每格一行的文本）",
        action="请检查是否选错了文件，或表格是否在另存时丢失" + (_ADD_A_FORM if headers else ""),
    )


def first_row(grid: Grid) -> list[Source]:
    """The first row that holds several texts, else the first that holds one."""
    rows = [[cell for cell in row.cells if clean(cell.text)] for row in grid.rows]
    filled = [cells for cells in rows if cells] or [list(grid.rows[0].cells[:1])]
    return next((cells for cells in filled if len(cells) > 1), filled[0])
