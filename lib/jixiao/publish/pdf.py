"""The PDF of a report (PDF 报告): tagged, PDF/A-3a and PDF/UA-1, set by Typst.

An nbconvert exporter, ``jupyter nbconvert --to jixiao-pdf``. The template is static; the content
lies beside it as JSON, so that no text of a unit is ever markup.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

import typst
from nbconvert.exporters.exporter import Exporter
from nbformat import NotebookNode
from traitlets import List, default

from jixiao.errors import RunFailed
from jixiao.publish.document import Document, compose
from jixiao.publish.notebook import Attachment, attachments_of
from jixiao.publish.shape import Shaper
from jixiao.workspace import fonts
from jixiao.workspace.scratch import scratch_folder

STANDARDS: list[typst.PDFStandard] = ["a-3a", "ua-1"]
#: 2000-01-01 00:00 UTC. A report says nothing about when it was set: the same input, the same bytes.
TIMESTAMP = 946684800
#: Typst keeps what any of the last ten compilations used: a gigabyte, where every text is new. Blank
#: pages set after a report let it forget the reports before, and cost what forgetting costs anyway.
_BLANKS = 5
_BLANK = b"#set page(width: 1pt, height: 1pt)"


class JixiaoPDFExporter(Exporter):
    """Exports an executed notebook as an archivable, accessible PDF with its data attached."""

    export_from_notebook = "绩效评价报告 PDF"
    output_mimetype = "application/pdf"
    default_preprocessors: Any = List([])  # a trait

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".pdf"

    def from_notebook_node(  # type: ignore[override]  # as nbconvert's own exporters do
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[bytes, dict[str, Any]]:
        """Render the notebook; ``notebook`` may give its bytes, which are attached as they are.

        ``document`` may give what `compose` made of it.

        Returns
        -------
        The PDF, and nbconvert's resources.
        """
        resources = self._init_resources(resources)  # type: ignore[no-untyped-call]
        if self._preprocessors:
            kw.pop("document", None)  # made of the notebook as it was
            nb, resources = super().from_notebook_node(nb, resources, **kw)
        document = kw.get("document") or compose(nb, name=resources["metadata"]["name"])
        attachments = attachments_of(nb, kw.get("notebook"))
        own = nb.metadata.get("jixiao", {})
        timestamp = int(own.get("pdf_timestamp", TIMESTAMP))
        return _press().print(document, attachments, timestamp), resources


class _Press:
    """A Typst compiler with our fonts (印制): made once for a process."""

    def __init__(self) -> None:
        families = typst.Fonts(
            include_system_fonts=False,
            include_embedded_fonts=True,  # for its monospaced font alone; the wheel brings it
            font_paths=list(fonts.typst_font_directories()),
        )
        self._compiler = typst.Compiler(font_paths=families)
        self._template = files("jixiao.publish").joinpath("report.typ").read_bytes()

    def print(
        self, document: Document, attachments: tuple[Attachment, ...], timestamp: int
    ) -> bytes:
        """Set the document; everything it may read lies in a directory of its own."""
        shaper = Shaper(document)
        content = json.dumps(shaper.shape(attachments), ensure_ascii=False).encode()
        attached = {attachment.name: attachment.data for attachment in attachments}
        # Files, not `sys_inputs`: with those, Typst forgets all it knows of the template.
        with scratch_folder(attached | shaper.files | {"data.json": content}) as folder:
            try:
                pdf = self._compiler.compile(
                    input=self._template,
                    format="pdf",
                    root=folder,
                    timestamp=timestamp,
                    pdf_standards=STANDARDS,
                )
                for _ in range(_BLANKS):
                    self._compiler.compile(input=_BLANK, format="svg", root=folder)
            except typst.TypstError as error:
                raise _failure(error) from error
        if not isinstance(pdf, bytes):
            raise RunFailed("pdf-failed", "排版程序没有给出 PDF", action="请报告此问题")
        return pdf


@cache
def _press() -> _Press:
    return _Press()


def _failure(error: typst.TypstError) -> RunFailed:
    hints = "；".join(error.hints)
    return RunFailed(
        "pdf-failed",
        f"PDF 排版失败：{error.message}" + (f"（{hints}）" if hints else ""),
        expected="能按 PDF/A-3a 与 PDF/UA-1 排版的笔记本",
        action="请保留该笔记本并报告此问题；网页报告不受影响",
    )
