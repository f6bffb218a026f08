"""The files of one filing in a folder (材料文件夹): which are read, and in which order."""

from __future__ import annotations

import re
from pathlib import Path

from jixiao.errors import BadFile
from jixiao.importers.decoding import read_bytes
from jixiao.importers.documents import Received

_ANNEX = re.compile(r"附\s*[件表]\s*([0-9０-９]{1,2}|[一二三四五六七八九十])")
_DIGITS = re.compile(r"([0-9]+)")
_HANZI = "一二三四五六七八九十"
#: What editors and systems leave beside a document.
_LEFT_OVER = re.compile(r"~\$.*|\..*|.*~|thumbs\.db|desktop\.ini", re.IGNORECASE)
_MOST_FILES = 200


def receive(path: Path) -> tuple[Received, ...]:
    """Take in a file, or the files of a folder: the report first, then the annexes by number.

    Raises
    ------
    BadFile : no such file, an empty folder, a folder within, more files than a filing has.
    """
    if not path.is_dir():
        return (Received(path.name, read_bytes(path)),)
    files = [file for file in path.iterdir() if not _LEFT_OVER.fullmatch(file.name)]
    where = path.name or str(path)
    folders = sorted(file.name for file in files if file.is_dir())
    if folders or not files or len(files) > _MOST_FILES:
        found = f"还有文件夹：{'、'.join(folders[:3])}" if folders else f"有 {len(files)} 份文件"
        raise BadFile(
            "filing-folder",
            found,
            where=where,
            expected="同一单位、同一年度的自评报告和附件，都直接放在这个文件夹里",
            action="请整理文件夹，或分单位、分年度读入",
        )
    return tuple(Received(file.name, read_bytes(file)) for file in sorted(files, key=_order))


def _order(path: Path) -> tuple[int, tuple[tuple[int, str], ...]]:
    """The report, which bears no annex number, comes first; 附件10 comes behind 附件9."""
    match = _ANNEX.search(path.stem)
    number = 0
    if match:
        number = _HANZI.find(match[1]) + 1 if match[1] in _HANZI else int(match[1])
    pieces = _DIGITS.split(path.name)
    return number, tuple((int(p), "") if p.isdecimal() else (0, p) for p in pieces if p)
