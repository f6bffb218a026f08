"""Looking through a zip container before any library opens it (压缩包预检).

A .docx or .xlsx is a zip of XML parts. Nothing of it is believed: entries are counted, bytes are
counted while they are unpacked, every XML part is checked to be whole and without a DOCTYPE.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from xml.parsers import expat

from jixiao.errors import BadFile

ARCHIVE_STARTS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
#: A filing has some 20 parts and 2 MB; the caps leave a hundred times that (FAULTS.md A04).
MOST_ENTRIES, MOST_BYTES, HIGHEST_RATIO = 2_000, 200_000_000, 200
#: Small parts may pack well without being a bomb: a page of one style repeats itself.
RATIO_FROM = 1_000_000
#: Marks that open a tag, in all XML parts: a filing has some 20,000.
MOST_TAGS = 600_000
#: The workbook behind a chart, or a document put into another; never opened.
_EMBEDDED = re.compile(r"(?:word|xl)/embeddings/[^/]+\.(?:docx|xlsx|pptx)", re.IGNORECASE)
_CHUNK = 1 << 16
#: What ``zipfile`` raises on damaged containers (FAULTS.md M18).
ZIP_ERRORS = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, struct.error, EOFError, OSError,
    NotImplementedError, RuntimeError, ValueError, OverflowError, IndexError, KeyError,
)  # fmt: skip
_SAVE_AGAIN = "请用 Word、WPS 或 Excel 打开，确认内容完整后另存，再读"


@dataclass(frozen=True, slots=True)
class Archive:
    """The XML parts of a zip container, unpacked once, by name; of other parts the first bytes."""

    where: str
    parts: Mapping[str, bytes]


def open_archive(content: bytes, where: str) -> Archive:
    """Unpack a container part by part, under the caps, and check every XML part.

    Raises
    ------
    BadFile : ``broken-archive``, ``archive-too-large``, ``archive-doctype``, each naming the part.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_entries(archive, where)
            parts = _unpack(archive, where)
    except ZIP_ERRORS as cause:
        raise broken_archive(where, "", str(cause)) from cause
    for name, data in parts.items():
        if _is_xml(name):
            _check_xml(name, data, where)
        elif data.startswith(ARCHIVE_STARTS) and not _EMBEDDED.fullmatch(name):
            raise _too_large(where, name, "压缩包中又有压缩包")
    return Archive(where, MappingProxyType(parts))


def _is_xml(name: str) -> bool:
    return name.lower().endswith((".xml", ".rels"))


def _check_entries(archive: zipfile.ZipFile, where: str) -> None:
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES:
        raise _too_large(where, "", f"有 {len(entries)} 个条目，最多 {MOST_ENTRIES} 个")
    names = [entry.filename for entry in entries]
    if len(set(names)) < len(names):
        raise broken_archive(where, min(n for n in names if names.count(n) > 1), "同名的条目有两个")
    ends = sorted((entry.header_offset, entry.compress_size, entry.filename) for entry in entries)
    for (start, size, _), (following, _, name) in pairwise(ends):
        if start + size > following:
            raise broken_archive(where, name, "条目互相重叠")
    if locked := next((entry.filename for entry in entries if entry.flag_bits & 1), None):
        raise BadFile(
            "encrypted", f"条目 {locked} 已加密", where=where, action="请取消密码后另存，再读"
        )


def _unpack(archive: zipfile.ZipFile, where: str) -> dict[str, bytes]:
    """Unpack every entry to its end; of what is no XML only the first bytes are kept."""
    parts: dict[str, bytes] = {}
    total, tags = 0, 0
    for entry in archive.infolist():
        name, kept, size = entry.filename, bytearray(), 0
        try:
            with archive.open(entry) as stream:
                while chunk := stream.read(_CHUNK):
                    size += len(chunk)
                    if _is_xml(name):
                        kept += chunk
                        tags += chunk.count(b"<")
                    elif not kept:
                        kept += chunk[:8]
                    _check_caps(entry, size, total + size, tags, where)
        except ZIP_ERRORS as cause:
            raise broken_archive(where, name, str(cause)) from cause
        total += size
        parts[name] = bytes(kept)
    return parts


def _check_caps(entry: zipfile.ZipInfo, size: int, total: int, tags: int, where: str) -> None:
    name = entry.filename
    if total > MOST_BYTES:
        raise _too_large(where, name, f"解开后超过 {MOST_BYTES} 字节")
    if size > RATIO_FROM and size > HIGHEST_RATIO * max(entry.compress_size, 1):
        raise _too_large(where, name, f"压缩比超过 {HIGHEST_RATIO}，像是压缩炸弹")
    if tags > MOST_TAGS:
        raise _too_large(where, name, f"标记超过 {MOST_TAGS} 个")


def _check_xml(name: str, data: bytes, where: str) -> None:
    """Walk a part without keeping anything: it must be whole, and declare no DOCTYPE."""

    def refuse(*_: object) -> None:
        raise BadFile(
            "archive-doctype",
            f"{name} 中有 DOCTYPE 声明",
            where=where,
            expected="Office 文件的部件没有 DOCTYPE",
            action=_SAVE_AGAIN,
        )

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as cause:
        raise broken_archive(where, name, f"XML 在{_position(parser)}断开：{cause}") from cause


def _position(parser: expat.XMLParserType) -> str:
    return f"第{parser.CurrentLineNumber}行第{parser.CurrentColumnNumber + 1}字"


def broken_part(where: str, part: str, cause: BaseException) -> BadFile:
    """Make the error for a part that a library cannot make sense of."""
    first = cause.__cause__ or cause
    return broken_archive(where, part, f"{type(first).__name__}：{str(first)[:80]}")


def broken_archive(where: str, part: str, why: str) -> BadFile:
    """Make the error for a container, or for one part of it, that is damaged."""
    named = f"部件 {part} " if part else ""
    return BadFile(
        "broken-archive",
        f"文件损坏，{named}读不出来（{why}）",
        where=where,
        expected="完整的 .docx 或 .xlsx",
        action=_SAVE_AGAIN,
    )


def _too_large(where: str, part: str, why: str) -> BadFile:
    named = f"部件 {part} " if part else "压缩包"
    return BadFile(
        "archive-too-large",
        f"{named}{why}",
        where=where,
        expected=f"{MOST_ENTRIES} 个条目、解开后 {MOST_BYTES} 字节以内",
        action="请检查文件来源；自评材料不会这样大",
    )
