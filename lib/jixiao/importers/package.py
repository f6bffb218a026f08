"""Which kind of document a zip container is (压缩包类型)."""

from __future__ import annotations

import io
import zipfile

from jixiao.errors import BadFile
from jixiao.importers.archive import ZIP_ERRORS, broken_archive

_MAIN = (
    (b"wordprocessingml.document.main+xml", "docx"),
    (b"wordprocessingml.template.main+xml", "docx"),
    (b"spreadsheetml.sheet.main+xml", "xlsx"),
    (b"spreadsheetml.template.main+xml", "xlsx"),
)


def kind_of_archive(content: bytes, where: str) -> str:
    """Give the format of a zip container, by its part [Content_Types].xml.

    Raises
    ------
    BadFile : ``broken-archive``, ``macro-file``, or ``unsupported-format``.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            types = b""
            if "[Content_Types].xml" in names:
                with archive.open("[Content_Types].xml") as part:
                    types = part.read(1_000_000)
    except ZIP_ERRORS as cause:
        raise broken_archive(where, "", str(cause)) from cause
    if b"macroEnabled" in types or any(n.lower().endswith("vbaproject.bin") for n in names):
        raise BadFile(
            "macro-file",
            "文件带有宏程序（vbaProject.bin）",
            where=where,
            expected="不带宏的 .docx 或 .xlsx",
            action="宏从不运行，也不读带宏的文件。请另存为 .docx 或 .xlsx 后再读",
        )
    for mark, kind in _MAIN:
        if mark in types:
            return kind
    others = (("OFD.xml", "OFD 版式文件（.ofd）"), ("ppt/presentation.xml", "演示文稿（.pptx）"),
              ("content.xml", "OpenDocument 文件（.odt 或 .ods）"))  # fmt: skip
    kind = next((kind for name, kind in others if name in names), "压缩包（zip）")
    if any(name.startswith(("word/", "xl/")) for name in names):
        raise broken_archive(where, "[Content_Types].xml", "没有写明文档类型")
    raise BadFile(
        "unsupported-format",
        f"这是{kind}",
        where=where,
        expected="Word 文档（.docx）、Excel 工作簿（.xlsx）、网页（.html）或纯文本（.txt）",
        action="请解压，或向申报单位索取 Word 或 Excel 原件，再读其中的文件",
    )
