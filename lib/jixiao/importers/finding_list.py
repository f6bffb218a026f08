"""A list of findings that came back filled in (问题清单读回): the decisions in it, row by row."""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from openpyxl import load_workbook

from jixiao.errors import BadFile
from jixiao.importers.archive import broken_archive, open_archive
from jixiao.importers.cells import squeeze
from jixiao.importers.package import kind_of_archive
from jixiao.model import VERDICT_WORDS, Decision, Verdict

#: The columns by which a row is known and decided, as the list names them.
UNIT, YEAR, EVALUATION, CHECK = "单位编号", "年度", "自评", "编号"
PLACE, CELLS = "首个出处", "指纹"
VERDICT, REASON, BY, ON = "决定", "理由", "复核人", "日期"
WHOLE_FILING = "整份材料"
_NEEDED = (UNIT, YEAR, EVALUATION, CHECK, PLACE, CELLS, VERDICT, REASON, BY, ON)
_VERDICTS: Mapping[str, Verdict] = MappingProxyType(
    {word: verdict for verdict, word in VERDICT_WORDS.items()}
)
_DATE = re.compile(r"((?:19|20)[0-9]{2})[-./年]([0-9]{1,2})[-./月]([0-9]{1,2})日?")
_MOST_ROWS = 1_048_576
_WORDS_ARE = "、".join(VERDICT_WORDS.values())


@dataclass(frozen=True, slots=True)
class DecidedRow:
    """One decided row (已填写的一行): whose finding, what was decided, and the row in the sheet."""

    unit: str
    year: int
    decision: Decision
    row: int


def read_finding_list(content: bytes, where: str) -> tuple[DecidedRow, ...]:
    """Read the rows of a list whose 决定 was filled in.

    Raises
    ------
    BadFile : no such list, or rows filled in by halves: every one of them is named.
    """
    if not content.startswith(b"PK") or kind_of_archive(content, where) != "xlsx":
        raise BadFile(
            "finding-list-format",
            "不是 Excel 工作簿（.xlsx）",
            where=where,
            expected="jixiao findings --to xlsx 导出的问题清单",
            action="请重新导出问题清单，在其中填写",
        )
    open_archive(content, where)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        rows = list(book.worksheets[0].iter_rows(values_only=True, max_row=_MOST_ROWS))
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as cause:
        raise broken_archive(where, "", str(cause)) from cause
    columns = _columns(rows[0] if rows else (), where)
    decided: list[DecidedRow] = []
    problems: list[str] = []
    for number, row in enumerate(rows[1:], start=2):
        texts = {name: _text(row, place) for name, place in columns.items()}
        if not any(texts[name] for name in (VERDICT, REASON, BY, ON)):
            continue
        wrong = tuple(_mistakes(texts))
        problems += [f"第{number}行：{said}" for said in wrong]
        if not wrong:
            decided.append(_row(texts, number))
    if problems:
        raise BadFile(
            "finding-list-rows",
            f"{len(problems)} 处没有填对：{'；'.join(problems)}",
            where=where,
            expected=f"决定（{_WORDS_ARE}）、理由、复核人、日期都填写",
            action="请改正后再读回；没有写入任何决定",
        )
    return tuple(decided)


def _columns(heading: tuple[Any, ...], where: str) -> dict[str, int]:
    """Find the columns by their names, in whatever order they stand now."""
    names = {squeeze(str(cell)): place for place, cell in enumerate(heading) if cell is not None}
    missing = [name for name in _NEEDED if name not in names]
    if missing:
        raise BadFile(
            "finding-list-columns",
            f"第1行没有这些列：{'、'.join(missing)}",
            where=where,
            expected="jixiao findings --to xlsx 导出的问题清单，表头未改动",
            action="请改回表头，或重新导出问题清单",
        )
    return {name: names[name] for name in _NEEDED}


def _text(row: tuple[Any, ...], place: int) -> str:
    """Give a cell as text; a date as Excel holds it becomes a day."""
    value = row[place] if place < len(row) else None
    if isinstance(value, datetime.datetime | datetime.date):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value).strip()


def _mistakes(texts: Mapping[str, str]) -> Iterator[str]:
    if texts[VERDICT] not in _VERDICTS:
        yield f"决定是 “{texts[VERDICT]}”，应为{_WORDS_ARE}"
    yield from (f"{name}没有填" for name in (REASON, BY, ON) if not texts[name])
    if texts[ON] and _day(texts[ON]) is None:
        yield f"日期是 “{texts[ON]}”，应如 2023-05-04"
    yield from (f"{name}被删去了" for name in (UNIT, EVALUATION, CHECK, CELLS) if not texts[name])
    if not re.fullmatch(r"[0-9]{4}", texts[YEAR]):
        yield f"年度是 “{texts[YEAR]}”"


def _day(text: str) -> str | None:
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    try:
        return datetime.date(int(match[1]), int(match[2]), int(match[3])).isoformat()
    except ValueError:
        return None


def _row(texts: Mapping[str, str], number: int) -> DecidedRow:
    whole = texts[EVALUATION] == WHOLE_FILING
    decision = Decision(
        texts[CHECK],
        None if whole else texts[EVALUATION],
        texts[CELLS],
        texts[PLACE] or None,
        _VERDICTS[texts[VERDICT]],
        " ".join(texts[REASON].split()),
        texts[BY],
        _day(texts[ON]) or "",
    )
    return DecidedRow(texts[UNIT], int(texts[YEAR]), decision, number)
