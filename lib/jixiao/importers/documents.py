"""The documents of a filing as received, read into a `Filing` (读文件)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from jixiao.errors import BadFile
from jixiao.importers.amendments import amend_structure, find_amended, restore_originals
from jixiao.importers.assembly import Assembly, assemble
from jixiao.importers.characters import odd_characters
from jixiao.importers.commas import is_comma_separated
from jixiao.importers.decoding import decode, expect_content, read_bytes
from jixiao.importers.footer import read_footer
from jixiao.importers.kinds import extension_mismatch, kind_of
from jixiao.importers.magnitude import implausible_units
from jixiao.importers.negative import negative_amounts
from jixiao.importers.outline import Part, outline
from jixiao.importers.places import Places
from jixiao.importers.ratios import doubtful_ratios
from jixiao.importers.readers import READERS
from jixiao.importers.remarks import remarks_of
from jixiao.importers.resemblance import unknown_form
from jixiao.importers.structure import Structure
from jixiao.importers.subject import no_unit, no_year, unit_of, year_of
from jixiao.model import Amendment, Document, Filing, Problem


@dataclass(frozen=True, slots=True)
class Received:
    """One file as received (收到的文件): the name that stands in addresses, and its bytes."""

    name: str
    content: bytes


def read_document(path: Path, *, file: str | None = None) -> Filing:
    """Read one filing; what it is, its content decides, not its name.

    Parameters
    ----------
    file : the name that stands in addresses; without it, the file's own name.

    Raises
    ------
    BadFile : the file is missing, empty, broken, of a kind or an encoding that is not read, or no
        self-evaluation.
    """
    return read_received((Received(file or path.name, read_bytes(path)),))


def read_received(files: Sequence[Received], amendments: Sequence[Amendment] = ()) -> Filing:
    """Read the documents of one filing, in order, as one; amended where a person has said so.

    Of several documents one that cannot be read is a problem, as long as another can.

    Raises
    ------
    BadFile : as `read_document`; an amendment that matches no cell.
    """
    structure = Structure()
    refused: list[BadFile] = []
    for received in files:
        try:
            _add(structure, received)
        except BadFile as error:
            refused.append(error)
    if len(refused) == len(files):
        raise refused[0]
    filing, places = _filing(structure)
    unread = tuple(Problem("file-not-read", f"没有读入：{error}", None) for error in refused)
    filing = replace(filing, problems=(*unread, *filing.problems))
    if not amendments:
        return filing
    found = find_amended(filing, amendments)
    patch = amend_structure(structure, found, places.spots)
    amended, places = _filing(structure)
    amended = replace(amended, problems=(*unread, *amended.problems))
    return restore_originals(amended, patch, places.spots)


def _add(structure: Structure, received: Received) -> None:
    """Read one file; only where that goes well does it become a document of the filing."""
    expect_content(received.content, received.name)
    sha256 = hashlib.sha256(received.content).hexdigest()
    kind = kind_of(received.content, received.name)
    if kind == "text":
        text = decode(received.content, received.name)
        if not is_comma_separated(text):
            structure.add_text(Document(received.name, sha256, kind), text)
            return
        kind = "csv"
    content = READERS[kind](received.content, received.name)
    structure.add_content(Document(received.name, sha256, kind), content)


def _filing(structure: Structure) -> tuple[Filing, Places]:
    documents = tuple(document for _, document in structure.documents)
    parts = _parts(structure)
    places = Places.of(structure, parts)
    assembly = assemble(parts, places, structure.lines[-1])
    if not any(part.is_narrative for part in parts) and not _has_forms(assembly):
        raise unknown_form(documents[0].file, structure.lines, assembly.grids)
    addressed = tuple(dict.fromkeys(places.line(line) for line in structure.lines))
    unit, unit_source = unit_of(parts, places, assembly)
    problems = [*remarks_of(structure, places), *assembly.problems, *odd_characters(addressed)]
    if not unit:
        problems.append(no_unit(addressed[0]))
    year = year_of(parts, assembly)
    if year is None:
        problems.append(no_year(addressed[0]))
    problems += filter(None, map(extension_mismatch, documents))
    filing = Filing(
        documents=documents,
        unit=unit,
        year=year,
        unit_source=unit_source,
        evaluations=tuple(assembly.evaluations),
        base_data=assembly.base_data,
        sections=tuple(assembly.sections),
        footer=read_footer(structure.lines, places.line),
        statements=tuple(assembly.statements),
        problems=tuple(problems),
        grids=tuple(assembly.grids),
        lines=addressed,
    )
    problems += [*implausible_units(filing), *doubtful_ratios(filing), *negative_amounts(filing)]
    return replace(filing, problems=tuple(problems)), places


def _parts(structure: Structure) -> tuple[Part, ...]:
    """The parts of all sheets; each sheet begins one of its own."""
    parts: list[Part] = []
    for (first, _), stretches in zip(structure.sheets, structure.stretches, strict=True):
        found = outline(stretches)
        if found and found[0].kind == "front":
            found[0].first_line = first
        parts += found
    return tuple(parts)


def _has_forms(assembly: Assembly) -> bool:
    return bool(assembly.evaluations or assembly.base_data)
