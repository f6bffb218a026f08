"""Word documents (.docx): python-docx opens the package, the body is walked here (Word 文档)."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from lxml import etree

from jixiao.importers.archive import broken_part, open_archive
from jixiao.importers.content import Content, Piece, Remark, Sheet
from jixiao.importers.word_body import Body
from jixiao.importers.word_names import name_of, value
from jixiao.importers.word_styles import Styles
from jixiao.importers.word_text import printable

if TYPE_CHECKING:
    from docx.document import Document as Package

#: What python-docx and lxml raise where parts of a package contradict each other (FAULTS.md M18).
_ERRORS = (
    etree.LxmlError, KeyError, ValueError, AttributeError, TypeError, IndexError,
    RecursionError, AssertionError, OSError,
)  # fmt: skip


def read_word(content: bytes, where: str) -> Content:
    """Read the body of a document with its tables, text boxes and notes, in order.

    Raises
    ------
    BadFile : see `open_archive`; also ``broken-archive`` where the package has no readable body.
    """
    open_archive(content, where)
    try:
        return _content(_open(content))
    except _ERRORS as cause:
        raise broken_part(where, "word/document.xml", cause) from cause


def _open(content: bytes) -> Package:
    # Here, because a filing that is no Word document needs none of it.
    import docx
    from docx.opc.exceptions import OpcError

    try:
        return docx.Document(io.BytesIO(content))
    except OpcError as cause:
        raise ValueError(str(cause)) from cause


def _content(package: Package) -> Content:
    styles = Styles.of(_related(package, "styles"), _related(package, "numbering"))
    body = Body(styles)
    pieces = list(body.pieces(package.element.body))
    total = printable(package.element.body)
    for kind in ("footnote", "endnote"):
        notes = _related(package, f"{kind}s")
        if notes is not None:
            pieces += _notes(body, kind, notes)
            total += printable(notes)
    remarks = () if body.read == total else (_not_read(total - body.read),)
    return Content("docx", (Sheet("", tuple(pieces)),), (*remarks, *body.remarks))


def _related(package: Package, kind: str) -> etree._Element | None:
    """Give the root of a part the document refers to, None where there is none."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
    for relation in package.part.rels.values():
        if relation.reltype.rpartition("/")[2] == kind and not relation.is_external:
            return etree.fromstring(relation.target_part.blob, parser)
    return None


def _notes(body: Body, kind: str, notes: etree._Element) -> Iterator[Piece]:
    """Give the notes behind the body, in the order of their numbers."""
    for note in notes:
        if name_of(note) == kind:
            is_real = value(note, "type") in (None, "normal")
            pieces = list(body.pieces(note))
            yield from pieces if is_real else ()


def _not_read(count: int) -> Remark:
    return Remark(
        "text-not-read",
        f"文档中有 {count} 个字符没有读到，可能在读不到的位置。请对照原件核对，"
        "或在 Word 中全选复制到新文档后另存，再读。",
    )
