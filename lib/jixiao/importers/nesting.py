"""Tables in tables (嵌套表): a table that only lays others out is taken for what it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jixiao.importers.cells import label_of
from jixiao.importers.content import Cell, CellTable, Piece, Remark, Text
from jixiao.importers.forms import openings


def unnest(rows: Sequence[tuple[Cell, ...]], inner: Sequence[Sequence[Piece]]) -> Iterator[Piece]:
    """Give a table, and the tables in its cells behind it.

    Parameters
    ----------
    inner : what each cell holds. Where no cell has a form's word of its own and some hold tables,
        the table is a frame: only what it holds is given, in order.
    """
    nested = [piece for pieces in inner for piece in pieces if isinstance(piece, CellTable)]
    if nested and not any(label_of(cell.text) in openings() for row in rows for cell in row):
        yield from (piece for pieces in inner for piece in pieces if not _is_blank(piece))
        return
    if rows:
        yield CellTable(tuple(rows))
    yield from nested


def text_of(pieces: Sequence[Piece]) -> tuple[str, tuple[Remark, ...]]:
    """A cell's own paragraphs as its lines, and their remarks."""
    texts = [piece for piece in pieces if isinstance(piece, Text)]
    remarks = tuple(dict.fromkeys(remark for text in texts for remark in text.remarks))
    return "\n".join(text.text for text in texts), remarks


def _is_blank(piece: Piece) -> bool:
    return isinstance(piece, Text) and not piece.text.strip() and not piece.remarks
