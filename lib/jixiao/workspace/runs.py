"""Finished runs as they lie in an outputs folder (运行结果所在): found, told whole, never judged.

``<unit>/<year>/<key>/<run>/`` never changes; ``current`` beside it points to the run that counts,
``public`` to the one that may be published.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from jixiao.datum import Json
from jixiao.workspace.files import digest_bytes, read_pointer
from jixiao.workspace.places import Workspace, is_id

MANIFEST, RESULT = "manifest.json", "result.json"
CURRENT = "current"
INTERNAL, PUBLIC = "internal", "public"
AUDIENCES = (INTERNAL, PUBLIC)
#: What points to the run of an audience that counts.
POINTERS = {INTERNAL: CURRENT, PUBLIC: "public"}
_EDITION = re.compile(r"(?:public-)?edition-([1-9][0-9]*)")
#: Where comparisons lie beside the units; no unit can have this id.
COHORT = "cohort_review"
#: Where a kernel of a run finds finished runs, if not in the workspace's own outputs.
OUTPUTS = "JIXIAO_OUTPUTS"
_YEAR = re.compile(r"(19|20)[0-9]{2}")
_RUN = re.compile(r"[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class StoredRun:
    """A whole run that counts (有效运行): its folder, and the sha256 its manifest has of the result."""

    folder: Path
    sha256: str

    @property
    def result(self) -> Path:
        """Its result.json."""
        return self.folder / RESULT

    @property
    def name(self) -> str:
        """Unit, year, key and run, as a path from the outputs folder on."""
        return "/".join(self.folder.parts[-4:])


def run_key(decided: Mapping[str, Json]) -> str:
    """Give the 12 hexadecimal digits that name a run, made of all that decides it."""
    text = json.dumps(decided, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return digest_bytes(text.encode())[:12]


def outputs_of(workspace: Workspace) -> Path:
    """Give the outputs folder a notebook reads from: the one it is told, else the workspace's."""
    named = os.environ.get(OUTPUTS)
    return Path(named) if named else workspace.outputs


def current_runs(outputs: Path, wanted: Callable[[str, int, str], bool]) -> Iterator[StoredRun]:
    """List the whole runs that count whose unit, year and key are wanted, sorted."""
    if not outputs.is_dir():
        return
    for key in keys_of(outputs):
        if not wanted(key.parts[-3], int(key.parts[-2]), key.name):
            continue
        name = read_pointer(key / CURRENT)
        if name is None or not is_whole(key / name):
            continue
        manifest = json.loads((key / name / MANIFEST).read_bytes())
        listed = {entry["name"]: str(entry["sha256"]) for entry in manifest["files"]}
        if RESULT in listed:
            yield StoredRun(key / name, listed[RESULT])


def subfolders(parent: Path, wanted: Callable[[str], bool]) -> list[Path]:
    """List the folders below `parent` whose names are wanted, sorted; a link is not followed."""
    with os.scandir(parent) as entries:
        names = [
            entry.name
            for entry in entries
            if wanted(entry.name) and entry.is_dir(follow_symlinks=False)
        ]
    return [parent / name for name in sorted(names)]


def edition_pointer(audience: str, edition: int) -> str:
    """Name what points to the last run of an edition that was superseded (旧版).

    >>> edition_pointer("internal", 1), edition_pointer("public", 2)
    ('edition-1', 'public-edition-2')
    """
    return f"{'public-' if audience == PUBLIC else ''}edition-{edition}"


def pointers_of_key(key: Path) -> dict[str, str]:
    """Give every pointer beside the runs of a key, by its name: what counts, and earlier editions."""
    found = {}
    with os.scandir(key) as entries:
        names = sorted(entry.name for entry in entries)
    for name in names:
        if name in POINTERS.values() or _EDITION.fullmatch(name):
            target = read_pointer(key / name)
            if target is not None:
                found[name] = target
    return found


def superseded_edition(folder: Path) -> int | None:
    """Give the edition a run is of, where a later one has taken its place; else None."""
    for name, run in pointers_of_key(folder.parent).items():
        if run == folder.name and (match := _EDITION.fullmatch(name)):
            return int(match[1])
    return None


def is_run(name: str) -> bool:
    """Tell whether a folder is a run's."""
    return bool(_RUN.fullmatch(name))


def is_year(name: str) -> bool:
    """Tell whether a folder is a year's."""
    return bool(_YEAR.fullmatch(name))


def keys_of(outputs: Path) -> Iterator[Path]:
    """List the folders ``<unit>/<year>/<key>`` of an outputs folder, sorted."""
    for unit in subfolders(outputs, is_id):
        for year in subfolders(unit, is_year):
            yield from subfolders(year, is_id)


def is_whole(folder: Path) -> bool:
    """Tell quickly whether a run is there: its manifest is its own, its files have their sizes.

    What a run's folder is called is made of all that decides it, so the name need only be the
    manifest's. `damage_of` looks closer.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
        sizes = {entry["name"]: entry["bytes"] for entry in manifest["files"]}
        with os.scandir(folder) as entries:
            found = {entry.name: entry.stat().st_size for entry in entries}
    except (OSError, ValueError, TypeError, KeyError):
        return False
    found.pop(MANIFEST, None)
    return manifest.get("run") == folder.name and found == sizes
