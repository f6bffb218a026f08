"""Writing down what a unit filed (登记): the documents first, the unit's YAML last.

Whatever is in the YAML by hand stays: a new edition changes only the keys it is about, line by
line, so that comments, decisions and rule books are kept.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from jixiao.model import Amendment
from jixiao.workspace.files import digest_bytes, write_atomically
from jixiao.workspace.places import Workspace
from jixiao.workspace.units import Project, UnitYear, load_unit_year, parse_unit_year
from jixiao.workspace.yaml_file import Keyed, load_yaml_text, place_of

_ENDINGS = {"docx": ".docx", "xlsx": ".xlsx", "html": ".html", "text": ".txt"}


@dataclass(frozen=True, slots=True)
class Arrival:
    """One document that arrived (收到的文件): its bytes, its format, and the name it came under.

    A document of a kind that is not read has the format "".
    """

    content: bytes
    format: str
    received_as: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What is written of a filing (登记内容): whose, for which year, and with which projects.

    ``has_department`` is whether it has a department's table. ``filed_as`` is the name of the
    unit in the filing where a person accepted that it differs.
    """

    unit: str
    name: str
    year: int
    arrivals: tuple[Arrival, ...]
    projects: tuple[Project, ...]
    has_department: bool
    filed_as: str | None
    reason: str
    on: str


def register(workspace: Workspace, entry: Entry) -> UnitYear:
    """Store the documents and write the unit's YAML; a second filing becomes a new edition.

    Raises
    ------
    BadFile : the YAML that stands there, or the one to be written, cannot be read.
    JixiaoError : ``cannot-write``; what was registered before is as it was.
    """
    path = workspace.unit_file(entry.unit, entry.year)
    old = load_unit_year(workspace, entry.unit, entry.year) if path.is_file() else None
    edition = old.edition + 1 if old else 1
    names = _stored_names(entry.arrivals, edition)
    text = _next_edition(old, entry, names) if old else _first_edition(entry, names)
    registered = parse_unit_year(workspace, entry.unit, entry.year, text)
    folder = workspace.filing_folder(entry.unit, entry.year)
    for arrival, name in zip(entry.arrivals, names, strict=True):
        write_atomically(folder / name, arrival.content)
    write_atomically(path, text.encode())
    return registered


def add_correction(workspace: Workspace, unit_year: UnitYear, amendment: Amendment) -> UnitYear:
    """Write one more correction into a unit's YAML; all else in it stays as it is.

    Raises
    ------
    BadFile : the YAML would not be read again.
    JixiaoError : ``cannot-write``.
    """
    blocks = top_level_blocks(unit_year.text, place_of(unit_year.path))
    document = f"    document: {_quoted(amendment.document)}\n" if amendment.document else ""
    written = f"  - at: {_quoted(amendment.at)}\n{document}" + "".join(
        f"    {key}: {_quoted(getattr(amendment, key))}\n"
        for key in ("expect", "value", "reason", "by", "on")
    )
    standing = blocks.get("corrections", "") if unit_year.amendments else ""
    blocks["corrections"] = (standing or "corrections:\n") + written
    text = "".join(blocks.values())
    changed = parse_unit_year(workspace, unit_year.unit, unit_year.year, text)
    write_atomically(unit_year.path, text.encode())
    return changed


def _stored_names(arrivals: Sequence[Arrival], edition: int) -> tuple[str, ...]:
    """Name documents by their kind and order: what a unit calls a file is never a path."""
    folder = f"edition-{edition}/" if edition > 1 else ""
    several = len(arrivals) > 1
    return tuple(
        f"{folder}filing{f'-{number}' if several else ''}{_ending(arrival)}"
        for number, arrival in enumerate(arrivals, start=1)
    )


def _ending(arrival: Arrival) -> str:
    """The ending of its format; a file that is not read keeps its own, where that is plain."""
    own = Path(arrival.received_as).suffix.lower()
    plain = own if own[1:].isascii() and own[1:].isalnum() and len(own) <= len(".xhtml") else ".bin"
    return _ENDINGS.get(arrival.format, plain)


def _first_edition(entry: Entry, names: Sequence[str]) -> str:
    filed_as = f"filed_as: {_quoted(entry.filed_as)}\n" if entry.filed_as else ""
    return (
        f"unit: {entry.unit}\nname: {_quoted(entry.name)}\nyear: {entry.year}\n{filed_as}"
        f"{_filing(entry, names)}{_department(entry)}{_projects(entry.projects)}"
        "rubrics: {department: null, project: null}\n"
        "corrections: []\ndecisions: []\nreview: null\n"
    )


def _next_edition(old: UnitYear, entry: Entry, names: Sequence[str]) -> str:
    """Put the new documents first and what stood there among the superseded."""
    blocks = top_level_blocks(old.text, place_of(old.path))
    replaced = "".join(blocks.get(key, "") for key in ("filing", "projects", "corrections"))
    superseded = blocks.pop("superseded", "superseded:\n")
    superseded = superseded if "\n  -" in superseded else "superseded:\n"
    superseded += (
        f"  - edition: {old.edition}\n    on: {_quoted(entry.on)}\n"
        f"    reason: {_quoted(entry.reason)}\n{_indented(replaced)}"
    )
    blocks["edition"] = f"edition: {old.edition + 1}\n"
    blocks["filing"] = _filing(entry, names)
    blocks.pop("department", None)
    blocks["projects"] = _department(entry) + _projects(entry.projects)
    blocks["corrections"] = "corrections: []\n"
    if entry.filed_as:
        blocks["filed_as"] = f"filed_as: {_quoted(entry.filed_as)}\n"
    return "".join(blocks.values()) + superseded


def top_level_blocks(text: str, where: str) -> dict[str, str]:
    r"""Cut a YAML text into the lines of its top-level keys, in order; "" is what stands above.

    >>> top_level_blocks("# 注\na: 1\nb:\n  - 2\n", "x.yaml")
    {'': '# 注\n', 'a': 'a: 1\n', 'b': 'b:\n  - 2\n'}
    """
    entry: Keyed = load_yaml_text(text, where)
    lines = [f"{line}\n" for line in text.splitlines()]
    starts = [*sorted((line - 1, key) for key, line in entry.lines.items()), (len(lines), "")]
    blocks = {"": "".join(lines[: starts[0][0]])}
    for (start, key), (end, _) in pairwise(starts):
        blocks[key] = "".join(lines[start:end])
    return blocks


def _filing(entry: Entry, names: Sequence[str]) -> str:
    lines = ["filing:\n"]
    for arrival, name in zip(entry.arrivals, names, strict=True):
        lines.append(f"  - file: {name}\n    sha256: {digest_bytes(arrival.content)}\n")
        lines.append(f"    received_as: {_quoted(arrival.received_as)}\n")
    return "".join(lines)


def _department(entry: Entry) -> str:
    """Say where a filing has no department's table, so that no report of it is asked for."""
    return "" if entry.has_department else "department: false\n"


def _projects(projects: Sequence[Project]) -> str:
    if not projects:
        return "projects: []\n"
    lines = [f"  - {{id: {project.id}, name: {_quoted(project.name)}}}\n" for project in projects]
    return "".join(["projects:\n", *lines])


def _indented(text: str) -> str:
    return "".join(f"    {line}\n" for line in text.splitlines())


def _quoted(text: str | None) -> str:
    """Write a text so that YAML gives the same back, whatever it holds."""
    return json.dumps(text, ensure_ascii=False)
