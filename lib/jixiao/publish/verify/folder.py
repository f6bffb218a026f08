"""The files of a run against its manifest (运行目录的核对): every byte, every name, every place."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jixiao.errors import BadFile
from jixiao.publish.notebook import json_bytes
from jixiao.workspace.files import cause_of, digest, digest_bytes
from jixiao.workspace.places import is_id
from jixiao.workspace.runs import COHORT, MANIFEST, is_run, is_year, run_key, subfolders

#: A file of a run lies in its folder, nowhere else.
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*")
_ACTION = "请不要采用这份报告，从存档或重新运行取得原件"


@dataclass(frozen=True, slots=True)
class Manifest:
    """``manifest.json`` of a run, found to be its own (清单).

    ``sha256`` is of its bytes; ``files`` gives for each name the digest.
    """

    folder: Path
    sha256: str
    decided: Mapping[str, Any]
    files: Mapping[str, str]

    @property
    def name(self) -> str:
        """Unit, year, key and run, as they lie below an outputs folder."""
        own = self.decided
        return f"{own['unit']}/{own['year']}/{own['key']}/{self.folder.name}"


def check_folder(folder: Path) -> Manifest:
    """Check a run's files by their digests, and that the manifest is this folder's own.

    Raises
    ------
    BadFile : the first that differs: a file changed, missing or added; the manifest written by
        another hand, of another run, or in another place than it was made for.
    """
    manifest = _read(folder)
    for name, sha256 in manifest.files.items():
        path = folder / name
        if not path.is_file() or path.is_symlink():
            raise _differs("file-missing", path, "清单上有，目录里没有这个文件", "清单所列的文件")
        found = digest(path)
        if found != sha256:
            what = f"内容变了：sha256 是 {found[:12]}…，清单上是 {sha256[:12]}…"
            raise _differs("file-altered", path, what, "与清单一致的内容")
    for path in sorted(folder.iterdir()):
        if path.name not in {*manifest.files, MANIFEST}:
            raise _differs("file-added", path, "目录里多出的，清单上没有", "只有清单所列的文件")
    return manifest


def find_runs(path: Path) -> Iterator[Path]:
    """List the run folders at or below a path, sorted: a run, a key, a year, a unit, all outputs.

    Raises
    ------
    BadFile : ``no-runs``: there is no run.
    """
    if (path / MANIFEST).is_file():
        yield path
        return
    found = False
    for folder in _below(path) if path.is_dir() else ():
        found = True
        yield folder
    if not found:
        raise BadFile(
            "no-runs",
            "这里没有运行目录",
            where=str(path),
            expected=f"含 {MANIFEST} 的运行目录，或 outputs 一类的上级目录",
            action="请核对路径",
        )


def _below(path: Path, depth: int = 4) -> Iterator[Path]:
    runs = subfolders(path, is_run)
    if runs:
        yield from runs
    elif depth:
        for folder in subfolders(path, lambda name: is_id(name) or is_year(name) or name == COHORT):
            yield from _below(folder, depth - 1)


def _read(folder: Path) -> Manifest:
    path = folder / MANIFEST
    try:
        data = path.read_bytes()
        content = json.loads(data)
        run, files = content.pop("run"), content.pop("files")
        listed = {entry["name"]: entry["sha256"] for entry in files}
        sizes = {entry["name"]: entry["bytes"] for entry in files}
        whole = {"schema": content["schema"], "run": run, **content, "files": files}
        unit, year, key = (str(content[name]) for name in ("unit", "year", "key"))
    except OSError as error:
        raise _differs(
            "manifest-unreadable", path, f"读不到清单（{cause_of(error)}）", "可读的清单"
        ) from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise _differs(
            "manifest-unreadable", path, "不是一份完整的清单", "本工作台写出的清单"
        ) from error
    if json_bytes(whole) != data or not all(map(_NAME.fullmatch, listed)):
        raise _differs("manifest-altered", path, "写法与本工作台写出的不同", "未经改动的清单")
    if run_key(content) != run:
        raise _differs("manifest-altered", path, "运行键与清单的内容不符", "未经改动的清单")
    if folder.name != run:
        what = f"清单是运行 {run} 的，目录名是 {folder.name}"
        raise _differs("wrong-place", path, what, "与目录名相同的运行")
    _check_place(folder, (unit, year, key), path)
    for name, size in sizes.items():
        if (folder / name).is_file() and (folder / name).stat().st_size != size:
            what = f"长度 {(folder / name).stat().st_size} 字节，清单上是 {size}"
            raise _differs("file-altered", folder / name, f"内容变了：{what}", "与清单一致的内容")
    return Manifest(folder, digest_bytes(data), content, listed)


def _check_place(folder: Path, own: tuple[str, str, str], manifest: Path) -> None:
    """Check the folders above, where they are a unit's, a year's and a key's."""
    above = folder.absolute().parts[-4:-1]
    if len(above) == 3 and is_year(above[1]) and above != own:
        what = f"清单是 {'/'.join(own)} 的，放在了 {'/'.join(above)} 下面"
        raise _differs("wrong-place", manifest, what, "与所在目录一致的单位、年度和项目")


def _differs(code: str, path: Path, what: str, expected: str) -> BadFile:
    return BadFile(code, what, where=str(path), expected=expected, action=_ACTION)
