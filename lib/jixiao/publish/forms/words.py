"""What is written into a cell of a form (填写): texts as filed, numbers digit by digit."""

from __future__ import annotations

from jixiao.datum import Datum, Source, plain, read_quantity
from jixiao.importers.cells import clean, without_ordinal
from jixiao.model import Filed, Indicator

#: A line that ends so ends a sentence; any other line break is the narrow cell's.
_SENTENCE_ENDS = "。；;！!？?：:"


def text_of(filed: Filed | None) -> str:
    """Give a text as filed, "" where there is none."""
    return filed.text if filed else ""


def paragraphs_of(filed: Filed | None) -> str:
    r"""Give a long text with the unit's own line breaks behind sentences.

    >>> source = Source("", "", "", 1, 1, 1, 1, "1、建中心。\n2、办案\n件。")
    >>> paragraphs_of(Filed("1、建中心。2、办案件。", source))
    '1、建中心。\n2、办案件。'
    """
    if filed is None:
        return ""
    text = ""
    for line in filed.source.text.split("\n"):
        part = clean(line)
        text += f"\n{part}" if text.endswith(tuple(_SENTENCE_ENDS)) and part else part
    return text if clean(text) == filed.text else filed.text


def name_of(indicator: Indicator) -> str:
    """Give an indicator's name with its own numbering where one was filed (1、受理案件)."""
    numbered = clean(indicator.indicator.source.text)
    return numbered if without_ordinal(numbered) == indicator.name else indicator.name


def number_of(datum: Datum | None, unit: str, beside: Source) -> str:
    """Write a number in a column of `unit`: its digits, and its unit where that is another one.

    Parameters
    ----------
    beside : the cell that names the row. What was filed instead of a number (无, ——) is written
        as it is, unless it stands where no such cell was.
    """
    if datum is None:
        return ""
    if datum.value is not None:
        return plain(datum.value) + (datum.unit if datum.unit != unit else "")
    origin = datum.origin
    return _instead(origin, unit, beside) if isinstance(origin, Source) else ""


def _instead(origin: Source, unit: str, beside: Source) -> str:
    """What stands in a cell that should hold a number.

    An absent cell has another cell of its row as origin: one at its left, or one with a number.
    """
    text = clean(origin.text)
    found = read_quantity(text)
    is_beside = (origin.table, origin.row) == (beside.table, beside.row)
    if is_beside and (origin.column or 0) <= (beside.column or 0):
        return ""
    bare = found.operator is None and found.unit in (None, unit)
    return "" if found.is_number and (bare or not is_beside) else text
