"""What nothing points to any more (清理): old runs, failures since overcome, things left staged.

In each key's folder, what is older than the pointer of its audience (``current``, ``public``) and is
not what one points to has had its day. What is newer stays: it is a failure not yet overcome, or a
run that was committed an instant before its batch was stopped. Where the run that counts is missing
or damaged, nothing made for its audience is touched.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from jixiao.batch.folders import audience_of
from jixiao.errors import BadFile
from jixiao.workspace.files import discard, is_leftover, read_pointer
from jixiao.workspace.places import is_id
from jixiao.workspace.runs import (
    COHORT,
    POINTERS,
    is_whole,
    is_year,
    pointers_of_key,
    subfolders,
)

Kind: TypeAlias = Literal["run", "failed", "damaged", "leftover"]
_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("run", re.compile(r"[0-9a-f]{12}")),
    ("failed", re.compile(r"failed-[0-9a-f]{12}")),
    ("damaged", re.compile(r"damaged-[0-9a-f]{12}-[0-9]+")),
)


@dataclass(frozen=True, slots=True)
class Spare:
    """Something that may go (可清理): where it lies, what it is, how many bytes it holds."""

    path: Path
    kind: Kind
    size: int


def find_spares(outputs: Path) -> Iterator[Spare]:
    """List what may go; in order, touching nothing.

    Raises
    ------
    BadFile : ``no-outputs``: there is no such folder.
    """
    if not outputs.is_dir():
        raise BadFile(
            "no-outputs",
            "没有这个输出目录",
            where=str(outputs),
            expected="批次写入的 outputs 目录",
            action="请核对 --outputs",
        )
    yield from _leftovers(outputs)
    yield from _leftovers(outputs / "batches")
    for unit in subfolders(outputs, lambda name: is_id(name) or name == COHORT):
        yield from _leftovers(unit)
        for year in subfolders(unit, is_year):
            yield from _leftovers(year)
            for key in subfolders(year, is_id):
                yield from _spares_of(key)


def remove(spare: Spare) -> bool:
    """Remove it, unless something has come to point to it meanwhile; tell whether it went.

    Raises
    ------
    JixiaoError : ``cannot-write``.
    """
    if spare.path.name in pointers_of_key(spare.path.parent).values():
        return False
    discard(spare.path)
    return True


def _spares_of(key: Path) -> Iterator[Spare]:
    yield from _leftovers(key)
    counting = {}
    pointed = set(pointers_of_key(key).values())
    for audience, name in POINTERS.items():
        link = key / name
        run = read_pointer(link)
        if run is not None and is_whole(key / run):
            counting[audience] = link.lstat().st_mtime_ns
    for path in subfolders(key, lambda name: name not in pointed):
        kind = next((kind for kind, name in _KINDS if name.fullmatch(path.name)), None)
        if kind is None or not counting:
            continue
        if path.stat().st_mtime_ns <= counting.get(audience_of(path), -1):
            yield Spare(path, kind, _size(path))


def _leftovers(folder: Path) -> Iterator[Spare]:
    try:
        names = sorted(entry.name for entry in os.scandir(folder) if entry.name[0] == ".")
    except FileNotFoundError:
        return
    for name in names:
        if is_leftover(name):
            yield Spare(folder / name, "leftover", _size(folder / name))


def _size(path: Path) -> int:
    if path.is_symlink() or not path.is_dir():
        return path.lstat().st_size
    return sum(file.lstat().st_size for file in path.rglob("*") if not file.is_dir())
