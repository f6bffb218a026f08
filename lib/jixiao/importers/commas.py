"""Tables saved as CSV (逗号分隔文本): rows of cells between commas, merged cells left blank."""

from __future__ import annotations

import csv
import re
from collections import Counter

from jixiao.errors import BadFile
from jixiao.importers.content import Content, Sheet
from jixiao.importers.decoding import decode
from jixiao.importers.sheet_places import Place
from jixiao.importers.sheet_rows import Rows

_FEWEST_COMMAS, _FEWEST_ROWS, _SHARE = 2, 3, 0.6
_FIRST_LINES = 200
_MOST_CELLS = 100_000


def is_comma_separated(text: str) -> bool:
    r"""Whether most lines have as many commas as the others: a table, not prose.

    >>> is_comma_separated("a,b,c\n" * 9), is_comma_separated("项目，金额\n" * 9)
    (True, False)
    """
    if re.search("^\\t", text, re.MULTILINE):
        return False
    lines = [line for line in text.splitlines()[:_FIRST_LINES] if line.strip()]
    counts = Counter(line.count(",") for line in lines)
    with_commas = sum(number for commas, number in counts.items() if commas >= _FEWEST_COMMAS)
    return with_commas >= max(_FEWEST_ROWS, _SHARE * len(lines))


def read_commas(content: bytes, where: str) -> Content:
    """Read the cells of a CSV file; a row that holds one long text is running text.

    Raises
    ------
    BadFile : an encoding that is not read, a quotation without end, or too many cells.
    """
    texts: dict[Place, str] = {}
    try:
        rows = csv.reader(decode(content, where).splitlines(keepends=True), strict=True)
        for number, row in enumerate(rows, start=1):
            cells = ((column, cell) for column, cell in enumerate(row, start=1) if cell.strip())
            texts |= {(number, column): cell for column, cell in cells}
            if len(texts) > _MOST_CELLS:
                raise BadFile(
                    "file-too-large",
                    f"到第{number}行已有 {len(texts)} 格",
                    where=where,
                    expected=f"{_MOST_CELLS} 格以内的自评表",
                    action="请检查是否选错了文件",
                )
    except csv.Error as cause:
        raise BadFile(
            "not-text",
            f"第{rows.line_num}行的引号不成对（{cause}）",
            where=where,
            expected="每格内容里的引号写成两个",
            action="请用 Excel 打开后另存为 .xlsx，再读",
        ) from cause
    return Content(
        "csv", (Sheet("", tuple(Rows(texts, {}, _merged(texts), frozenset()).pieces())),)
    )


def _merged(texts: dict[Place, str]) -> dict[Place, Place]:
    """Take the blanks below a cell for what they are where a form is saved as CSV: merged cells.

    Only as long as the row itself goes on, so that a blank column at the end is none.
    """
    last: dict[int, int] = {}
    for row, column in texts:
        last[row] = max(last.get(row, 0), column)
    ranges: dict[Place, Place] = {}
    open_at: dict[int, Place] = {}
    for row in sorted(last):
        for column in range(1, last[row] + 1):
            if (row, column) in texts:
                open_at[column] = (row, column)
            elif column in open_at and ranges.get(open_at[column], open_at[column])[0] == row - 1:
                ranges[open_at[column]] = (row, column)
    return ranges
