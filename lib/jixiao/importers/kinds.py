"""What a file is, by its content and never by its name (文件类型)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePath
from types import MappingProxyType

from jixiao.datum import Source
from jixiao.errors import BadFile
from jixiao.importers.archive import ARCHIVE_STARTS
from jixiao.importers.package import kind_of_archive
from jixiao.model import Document, Problem

READABLE = "Word 文档（.docx）、Excel 工作簿（.xlsx）、网页（.html）或纯文本（.txt）"
_SAVE_AS = "请用 Word、WPS 或 Excel 打开，另存为 .docx 或 .xlsx 后再读"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STREAMS = (
    ("WordDocument", "旧版 Word 或 WPS 文字文件（.doc、.wps）"),
    ("Workbook", "旧版 Excel 或 WPS 表格文件（.xls、.et）"),
    ("Book", "旧版 Excel 文件（.xls）"),
    ("PowerPoint Document", "旧版演示文稿（.ppt、.dps）"),
)
_PICTURES = (
    (rb"\x89PNG\r\n", "PNG"),
    (rb"\xff\xd8\xff", "JPEG"),
    (rb"GIF8[79]a", "GIF"),
    (rb"BM.{4}\0\0\0\0", "BMP"),
    (rb"II\*\0|MM\0\*", "TIFF"),
    (rb"RIFF.{4}WEBP", "WebP"),
    (rb".{4}ftyp(?:heic|heix|mif1|avif)", "HEIC"),
)
_MARKUP = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*"
    r"<(?:!doctype\s+html|html|head|body|meta|title|table|div|p|span|center|font|style|h[1-6])\b",
    re.IGNORECASE | re.DOTALL,
)
_XML = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:\?xml|!doctype)", re.IGNORECASE)
#: Which endings belong to which format.
_ENDINGS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "docx": (".docx",),
        "xlsx": (".xlsx",),
        "html": (".html", ".htm", ".xhtml", ".shtml"),
        "csv": (".csv", ".txt"),
        "text": (".txt", ".text", ".csv", ".tsv", ".md"),
    }
)
_KNOWN_ENDING = re.compile(r"\.(?:docx?|docm|xlsx?|xlsm|wps|et|pdf|ofd|html?|txt|csv|rtf|zip)")


def kind_of(content: bytes, where: str) -> str:
    """Give the format of a file: ``docx``, ``xlsx``, ``html`` or ``text``.

    Raises
    ------
    BadFile : a kind that is recognised but not read, with what to do.

    >>> kind_of(b"<table><tr><td>1", "a.xls"), kind_of("绩效".encode(), "a.txt")
    ('html', 'text')
    """
    if content.startswith(ARCHIVE_STARTS):
        return kind_of_archive(content, where)
    if content.startswith(_OLE):
        raise _ole(content, where)
    if content.startswith(b"%PDF-"):
        raise _unsupported("PDF 文件", where, "请向申报单位索取 Word 或 Excel 原件；扫描件不能读入")
    if content.startswith(b"{\\rtf"):
        raise _unsupported("RTF 文件", where, _SAVE_AS)
    for start, name in _PICTURES:
        if re.match(start, content[:32], re.DOTALL):
            raise _unsupported(
                f"图片（{name}）", where, "请向申报单位索取 Word 或 Excel 原件，或照原件录入后再读"
            )
    if _MARKUP.match(_beginning(content)):
        return "html"
    if _XML.match(content[:200]):
        raise _unsupported("XML 文件", where, _SAVE_AS)
    if re.match(rb"(?:From:|MIME-Version:)", content):
        raise _unsupported("单个文件网页（.mht）", where, "请用浏览器打开，另存为 .html 后再读")
    return "text"


def _beginning(content: bytes) -> str:
    """The first characters, in whatever encoding: only ASCII matters here."""
    head = content[:4096]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head[: len(head) // 2 * 2].decode("utf-16", "replace")
    return head.removeprefix(b"\xef\xbb\xbf").decode("latin-1")


def _ole(content: bytes, where: str) -> BadFile:
    if "EncryptedPackage".encode("utf-16-le") in content:
        return BadFile(
            "encrypted",
            "文件设有打开密码，内容已加密",
            where=where,
            expected="没有密码的文件",
            action="请用密码打开，取消密码（文件→信息→保护文档）后另存，再读",
        )
    names = (name for stream, name in _STREAMS if stream.encode("utf-16-le") in content)
    return _unsupported(next(names, "旧版 Office 文件（.doc 或 .xls）"), where, _SAVE_AS)


def _unsupported(kind: str, where: str, action: str) -> BadFile:
    return BadFile(
        "unsupported-format", f"这是{kind}", where=where, expected=READABLE, action=action
    )


def extension_mismatch(document: Document) -> Problem | None:
    """Say that the ending of a file's name promises another format than it has."""
    ending = PurePath(document.file).suffix.lower()
    if ending in _ENDINGS[document.format] or not _KNOWN_ENDING.fullmatch(ending):
        return None
    return Problem(
        "extension-mismatch",
        f"{document.file}：文件名以 {ending} 结尾，内容却是 {document.format} 格式，已按内容读入。"
        f"应以 {_ENDINGS[document.format][0]} 结尾。请核对是否为申报单位的原件。",
        Source(document.file, document.sha256, "", None, None, None, None, ""),
    )
