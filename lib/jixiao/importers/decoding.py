"""From the bytes of a file to its text (编码识别): a strict cascade, never a guess.

BOM → UTF-8 → GB18030; what GB18030 makes of it must look like Chinese, because GB18030 decodes
almost any bytes (Big5 among them) without complaint.
"""

from __future__ import annotations

import codecs
import os
import stat
from pathlib import Path

from jixiao.errors import BadFile

#: A filing is some 20 KB of text; a thousand times that is no filing.
MOST_BYTES = 20_000_000
#: Measured: filings decode to > 0.99 common characters; Big5 read as GB18030 to < 0.7.
LEAST_COMMON_SHARE = 0.9

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
#: A link is not followed, and a pipe that nobody writes to does not stop the reading. Windows has
#: neither flag, and reads bytes only where it is told to.
_ONLY_FILES = os.O_RDONLY | sum(
    getattr(os, flag, 0) for flag in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY")
)
_CUT_REASONS = ("unexpected end of data", "truncated data", "incomplete multibyte sequence")
_SAVE_AS_TEXT = "请用 Word、WPS 或 Excel 打开，另存为纯文本（.txt，UTF-8）后再读"
_TEXT = "纯文本文件（.txt，UTF-8 或 GB18030）"


def read_bytes(path: Path) -> bytes:
    """Read a file whole, once: what is hashed and what is read are the same bytes.

    A link, a pipe or a device is no file: what stands behind it may change or never end.

    Raises
    ------
    BadFile : there is no such file, it is a folder or a link, it cannot be read, it is empty or
        too large.
    """
    where = str(path)
    if path.is_dir():
        raise BadFile(
            "is-a-folder",
            "这是文件夹，不是文件",
            where=where,
            expected=_TEXT,
            action="请给出文件夹中的文件",
        )
    try:
        if path.is_symlink():
            raise _no_file(where, "这是链接，不是文件本身")
        with os.fdopen(os.open(path, _ONLY_FILES), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise _no_file(where, "这不是普通文件")
            content = file.read(MOST_BYTES + 1)
    except FileNotFoundError as cause:
        raise BadFile("no-such-file", "没有这个文件", where=where, action="请检查路径") from cause
    except (OSError, ValueError) as cause:
        raise BadFile(
            "unreadable-file", "文件打不开", where=where, action="请检查读取权限和路径"
        ) from cause
    if len(content) > MOST_BYTES:
        raise BadFile(
            "file-too-large",
            f"文件超过 {MOST_BYTES} 字节",
            where=where,
            expected=f"{MOST_BYTES} 字节以内",
            action="请检查是否选错了文件；图片可在 Word 中压缩后另存",
        )
    expect_content(content, where)
    return content


def _no_file(where: str, what: str) -> BadFile:
    return BadFile(
        "unreadable-file",
        what,
        where=where,
        expected="普通文件",
        action="请给出文件本身的路径，或把文件复制到这里再读",
    )


def expect_content(content: bytes, where: str) -> None:
    """Refuse a file that holds nothing.

    Raises
    ------
    BadFile : ``empty-file``.
    """
    if not content.strip(b" \t\r\n"):
        raise BadFile(
            "empty-file",
            "文件是空的",
            where=where,
            expected="绩效自评报告的正文和表格",
            action="请向申报单位索取完整的文件",
        )


def decode(content: bytes, where: str) -> str:
    """Decode the bytes of a text file; `where` names the file in errors.

    A last character that the end of the file cuts in two becomes U+FFFD.

    Raises
    ------
    BadFile : ``not-text`` or ``encoding``.

    >>> decode("预算".encode("gb18030") * 9, "f.txt") == decode("预算".encode() * 9, "f.txt")
    True
    """
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            text = _strictly(content[len(bom) :], encoding)
            return _refuse_binary(text, where) if text is not None else _undecodable(content, where)
    text = _strictly(content, "utf-8")
    if text is None:
        text = _strictly(content, "gb18030")
        if b"\0" not in content and (text is None or not looks_chinese(text)):
            return _undecodable(content, where)
    return _refuse_binary(text or "\0", where)


def looks_chinese(text: str) -> bool:
    """Whether a text decoded from GB18030 is made of common characters.

    >>> looks_chinese("绩效自评报告"), looks_chinese("績效".encode("big5").decode("gb18030"))
    (True, False)
    """
    beyond_ascii = [character for character in text if character > "\x7f"]
    common = sum(map(_is_common, beyond_ascii))
    return common >= LEAST_COMMON_SHARE * len(beyond_ascii)


def _is_common(character: str) -> bool:
    """Whether GB2312 has the character among its symbols or its 3,755 first-level Hanzi."""
    try:
        lead = character.encode("gb2312")[0]
    except UnicodeEncodeError:
        return character in "㎡—…·≧≦"
    return lead in (0xA1, 0xA2, 0xA3) or 0xB0 <= lead <= 0xD7


def _strictly(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        if error.reason not in _CUT_REASONS or len(content) - error.start > 3:
            return None
        return content[: error.start].decode(encoding) + "\ufffd"


def _refuse_binary(text: str, where: str) -> str:
    if "\0" in text:
        raise BadFile(
            "not-text",
            "文件含有空字节（NUL），不是文本，或是没有 BOM 的 UTF-16",
            where=where,
            expected=_TEXT,
            action=_SAVE_AS_TEXT,
        )
    return text


def _undecodable(content: bytes, where: str) -> str:
    try:
        content.decode("utf-8")
        place = ""
    except UnicodeDecodeError as error:
        place = f"（第{content.count(10, 0, error.start) + 1}行有不合 UTF-8 的字节）"
    raise BadFile(
        "encoding",
        f"认不出文字编码{place}",
        where=where,
        expected="UTF-8 或 GB18030（GBK）文本",
        action="请用记事本打开，确认文字无误后另存为 UTF-8",
    )
