"""What the reader of a format met, as problems with their places (格式问题)."""

from __future__ import annotations

from collections.abc import Iterator

from jixiao.importers.places import Places
from jixiao.importers.structure import Structure
from jixiao.model import Problem


def remarks_of(structure: Structure, places: Places) -> Iterator[Problem]:
    """Give each remark its address: the cell, the line, the sheet, or the whole document."""
    for number, sheet, remark in structure.remarks:
        source = places.line(structure.lines[number - 1]) if number > 0 else None
        whole = f"{places.document_at(-number).file} {sheet}".strip()
        where = source.address if source else whole
        yield Problem(remark.code, f"{where}：{remark.words}", source)
