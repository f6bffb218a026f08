"""A draft as a file (成文): text as Word exports it, a page, or the official forms filled."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from jixiao.batch.demo.draft import Draft
from jixiao.batch.demo.narrative import lines_of
from jixiao.batch.demo.pages import pages_of
from jixiao.publish.forms import FORMATS
from jixiao.publish.forms.cells import Cell, Page, Table


def write(draft: Draft) -> bytes:
    """Write a draft in the format of its unit; the same draft gives the same bytes."""
    form = draft.unit.format
    if form == "text":
        return "\n".join(_text(draft)).encode()
    if form == "html":
        return "\n".join(_page(draft)).encode()
    return FORMATS[form](tuple(pages_of(draft)), f"{draft.unit.name}{draft.year}年度绩效自评表")


def _pieces(draft: Draft) -> Iterator[str | Table]:
    """Running text and tables in order: each report, then its annexes."""
    base, *forms = pages_of(draft)
    for form, page in zip(draft.forms, forms, strict=True):
        yield from lines_of(draft, form)
        if not form.project:
            yield from _annex(base)
        yield from _annex(page)


def _annex(page: Page) -> Iterator[str | Table]:
    yield page.annex
    yield page.title
    yield from page.above
    yield page.table
    yield from page.below


def _text(draft: Draft) -> Iterator[str]:
    for piece in _pieces(draft):
        if isinstance(piece, str):
            yield piece
            continue
        for row in piece.rows:
            yield from (f"\t{cell.text}" for cell in row)
            yield ""


def _page(draft: Draft) -> Iterator[str]:
    yield "<!DOCTYPE html>"
    yield '<html lang="zh-CN"><head><meta charset="utf-8"><title>绩效自评</title></head><body>'
    for piece in _pieces(draft):
        if isinstance(piece, str):
            yield f"<p>{escape(piece)}</p>"
            continue
        yield '<table border="1">'
        for row in piece.rows:
            yield f"<tr>{''.join(_cell(cell) for cell in row if cell.rows)}</tr>"
        yield "</table>"
    yield "</body></html>\n"


def _cell(cell: Cell) -> str:
    columns = f' colspan="{cell.columns}"' if cell.columns > 1 else ""
    rows = f' rowspan="{cell.rows}"' if cell.rows > 1 else ""
    return f"<td{columns}{rows}>{escape(cell.text).replace(chr(10), '<br>')}</td>"
