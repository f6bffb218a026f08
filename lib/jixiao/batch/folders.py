"""Run folders (运行目录): whether one is whole, what is kept when one is not, what failed.

``<unit>/<year>/<key>/<run>/`` never changes; ``current`` beside it points to the run that
counts, ``public`` to the public one; ``failed-<run>/`` holds a run that did not reach its end,
``damaged-<run>-N/`` one that was found changed on disk.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from jixiao.datum import Json
from jixiao.publish import json_bytes
from jixiao.workspace.files import (
    commit_folder,
    digest,
    digest_bytes,
    move_folder,
    point,
    read_pointer,
    remove_folder,
)
from jixiao.workspace.runs import INTERNAL, MANIFEST, POINTERS, edition_pointer, subfolders


def last_failure(key: Path, since: int = 0, audience: str = INTERNAL) -> Path | None:
    """Give an audience's failed run of a key that was kept last, if any after `since` nanoseconds."""
    found = [
        (path.stat().st_mtime_ns, path.name, path)
        for path in subfolders(key, lambda name: name.startswith("failed-"))
        if audience_of(path) == audience
    ]
    newest = max(found, default=None)
    return newest[2] if newest and newest[0] > since else None


def audience_of(folder: Path) -> str:
    """Say for whom a run was made, also one that failed; one that does not tell is internal."""
    for name in (MANIFEST, "failure.json"):
        try:
            told = json.loads((folder / name).read_bytes())["audience"]
        except (OSError, ValueError, TypeError, KeyError):
            continue
        if told in POINTERS:
            return str(told)
    return INTERNAL


def manifest_bytes(decided: Mapping[str, Json], run: str, files: Mapping[str, bytes]) -> bytes:
    """Make ``manifest.json``: what decided the run, and the digest of every file."""
    listed: list[Json] = [
        {"name": name, "sha256": digest_bytes(data), "bytes": len(data)}
        for name, data in sorted(files.items())
    ]
    manifest = {"schema": decided["schema"], "run": run, **decided, "files": listed}
    return json_bytes(manifest)


def damage_of(
    folder: Path, decided: Mapping[str, Json], run: str, *, thorough: bool = True
) -> str | None:
    """Say what is wrong with a run folder; None where it is whole and of this run.

    Parameters
    ----------
    thorough : hash every file; without it, only names and sizes are looked at.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
        listed = {entry["name"]: (entry["sha256"], entry["bytes"]) for entry in manifest["files"]}
    except (OSError, ValueError, TypeError, KeyError):
        return f"{MANIFEST} 缺失或不完整"
    if {key: manifest.get(key) for key in decided} != dict(decided) or manifest["run"] != run:
        return f"{MANIFEST} 与运行键不符"
    found = {path.name for path in folder.iterdir()}
    if odd := sorted(found ^ {*listed, MANIFEST}):
        return f"缺少或多出文件 {odd[0]}"
    for name, (sha256, size) in listed.items():
        path = folder / name
        if path.stat().st_size != size or (thorough and digest(path) != sha256):
            return f"{name} 的内容变了"
    return None


def set_aside(folder: Path) -> Path:
    """Rename a damaged run folder to ``damaged-<run>-N``."""
    number = 1
    while folder.with_name(f"damaged-{folder.name}-{number}").exists():
        number += 1
    return move_folder(folder, f"damaged-{folder.name}-{number}")


def make_current(folder: Path, audience: str = INTERNAL) -> None:
    """Let its audience's pointer lead to this run, unless it does; forget an earlier failure of it.

    The failure is gone already unless the process was killed right after the commit. A later one
    stays: it says that running again gave other bytes.
    """
    link = folder.with_name(POINTERS[audience])
    before = read_pointer(link)
    if before != folder.name:
        if before is not None:
            _keep_edition(folder.with_name(before), folder, audience)
        point(link, folder.name)
    failed = _failed(folder)
    if failed.is_dir() and failed.stat().st_mtime_ns < folder.stat().st_mtime_ns:
        remove_folder(failed)


def _keep_edition(before: Path, folder: Path, audience: str) -> None:
    """Where a restated filing takes the place of an edition, keep a pointer to the run of that."""
    old, new = _edition_of(before), _edition_of(folder)
    if 0 < old < new:
        point(folder.with_name(edition_pointer(audience, old)), before.name)


def _edition_of(folder: Path) -> int:
    """Give the edition a run is of: 1 where its manifest says nothing, 0 where there is none."""
    try:
        return int(json.loads((folder / MANIFEST).read_bytes()).get("edition", 1))
    except (OSError, ValueError, TypeError, AttributeError):
        return 0


def commit_run(folder: Path, files: Mapping[str, bytes]) -> None:
    """Make a run's folder, and forget an earlier failure of the same run.

    Raises
    ------
    FileExistsError : another process made it meanwhile.
    """
    commit_folder(folder.parent, folder.name, files)
    remove_folder(_failed(folder))


def commit_failure(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Make ``failed-<run>`` beside where the run would have been, in place of an earlier one."""
    failed = _failed(folder)
    for _ in range(2):
        remove_folder(failed)
        try:
            return commit_folder(failed.parent, failed.name, files)
        except FileExistsError:  # another process kept its failure of the same run meanwhile
            continue
    return failed


def first_difference(folder: Path, files: Mapping[str, bytes]) -> str | None:
    """Name the first file that differs from those in the folder, None where all are equal."""
    for name, data in files.items():
        path = folder / name
        if not path.is_file() or path.read_bytes() != data:
            return name
    return None


def _failed(folder: Path) -> Path:
    return folder.with_name(f"failed-{folder.name}")
