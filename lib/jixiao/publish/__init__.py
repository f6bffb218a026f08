"""Executed notebook → HTML and PDF (发布)."""

from __future__ import annotations

from functools import cache

from nbformat import NotebookNode

from jixiao.publish.document import Document, GlyphMissing, compose
from jixiao.publish.html import JixiaoHTMLExporter
from jixiao.publish.notebook import json_bytes, notebook_bytes, result_of
from jixiao.publish.pdf import JixiaoPDFExporter

__all__ = [
    "GlyphMissing",
    "compose",
    "dangling_links",
    "json_bytes",
    "notebook_bytes",
    "render_html",
    "render_pdf",
    "result_of",
]


def render_html(nb: NotebookNode, document: Document | None = None) -> bytes:
    """Render the HTML of a report (网页报告): the same notebook gives the same bytes.

    Parameters
    ----------
    document : what `compose` gave for `nb`; it need not be made for each format.
    """
    page, _ = _html_exporter().from_notebook_node(nb, document=document)
    return page.encode()


def render_pdf(
    nb: NotebookNode, notebook: bytes | None = None, document: Document | None = None
) -> bytes:
    """Render the PDF of a report (PDF 报告) with its data attached: same notebook, same bytes.

    Parameters
    ----------
    notebook, document : what `notebook_bytes` and `compose` gave for `nb`; they need not be made twice.
    """
    pdf, _ = _pdf_exporter().from_notebook_node(nb, notebook=notebook, document=document)
    return pdf


def dangling_links(nb: NotebookNode) -> tuple[str, ...]:
    """Give the ids that links of the notebook name and nothing in it has, sorted."""
    return compose(nb).dangling


@cache
def _html_exporter() -> JixiaoHTMLExporter:
    return JixiaoHTMLExporter()  # type: ignore[no-untyped-call]


@cache
def _pdf_exporter() -> JixiaoPDFExporter:
    return JixiaoPDFExporter()  # type: ignore[no-untyped-call]
