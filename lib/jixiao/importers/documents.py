"""One file as received, read into a `Filing` (读文件)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path

from jixiao.datum import Source
from jixiao.errors import BadFile
from jixiao.importers.assembly import Assembly, assemble
from jixiao.importers.cells import clean, filed_or_none, squeeze
from jixiao.importers.characters import odd_characters
from jixiao.importers.decoding import decode, read_bytes
from jixiao.importers.footer import read_footer
from jixiao.importers.kinds import extension_mismatch, kind_of
from jixiao.importers.layout import split_tables
from jixiao.importers.lines import Line, split_lines
from jixiao.importers.outline import Part, outline
from jixiao.importers.places import Places
from jixiao.importers.readers import READERS
from jixiao.importers.remarks import remarks_of
from jixiao.importers.structure import Structure, structure_of
from jixiao.model import Document, Filing, Problem

_YEAR = re.compile("((?:19|20)[0-9]{2})年?度?")
_YEAR_ALONE = re.compile("[（(]?((?:19|20)[0-9]{2})年度?[)）]?")


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
    return read_content(read_bytes(path), file or path.name)


def read_content(content: bytes, name: str) -> Filing:
    """Read one filing from its bytes; `name` stands in addresses."""
    sha256 = hashlib.sha256(content).hexdigest()
    kind = kind_of(content, name)
    if kind == "text":
        return _text_filing(decode(content, name), Document(name, sha256, kind))
    return _filing(structure_of(READERS[kind](content, name)), Document(name, sha256, kind))


def _text_filing(text: str, document: Document) -> Filing:
    lines = split_lines(text)
    structure = Structure(list(lines), [list(split_tables(lines))], [(1, "")])
    return _filing(structure, document)


def _filing(structure: Structure, document: Document) -> Filing:
    lines = structure.lines or [Line(1, "")]
    parts = _parts(structure)
    places = Places.of(
        document.file, document.sha256, parts, structure.sheets, structure.coordinates
    )
    assembly = assemble(parts, places, lines[-1])
    if not any(part.is_narrative for part in parts) and not _has_forms(assembly):
        raise _unknown_form(document.file, lines)
    addressed = tuple(dict.fromkeys(places.line(line) for line in lines))
    unit, unit_source = _unit(parts, places, assembly)
    problems = [*remarks_of(structure, places), *assembly.problems, *odd_characters(addressed)]
    if not unit:
        problems.append(_no_unit(addressed[0]))
    if mismatch := extension_mismatch(document):
        problems.append(mismatch)
    return Filing(
        document=document,
        unit=unit,
        year=_year(parts) or assembly.year,
        unit_source=unit_source,
        evaluations=tuple(assembly.evaluations),
        base_data=assembly.base_data,
        sections=tuple(assembly.sections),
        footer=read_footer(lines, places.line),
        statements=tuple(assembly.statements),
        problems=tuple(problems),
        grids=tuple(assembly.grids),
        lines=addressed,
    )


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


def _year(parts: Sequence[Part]) -> int | None:
    """The year of the first title that names one, else of a line of its own: （2022年度）."""
    titles = [squeeze(part.title.text) for part in parts if part.title]
    lines = [squeeze(line.text) for part in parts for line in part.lines]
    found = [match for title in titles if (match := _YEAR.search(title))]
    found += [match for line in lines if (match := _YEAR_ALONE.fullmatch(line))]
    return int(found[0][1]) if found else None


def _unit(parts: Sequence[Part], places: Places, assembly: Assembly) -> tuple[str, Source | None]:
    """The unit's name: above the title, before the year in it, else in a table's first rows."""
    for part in parts:
        if part.unit is not None:
            return clean(part.unit.text), places.line(part.unit)
    for part in parts:
        title = part.title if part.is_narrative else None
        before = _YEAR.split(squeeze(title.text))[0] if title else ""
        if title and 3 < len(before) < len(squeeze(title.text)):
            return before, places.line(title)
    named = filed_or_none(assembly.department)
    units = [named, *(evaluation.implementing_unit for evaluation in assembly.evaluations)]
    found = next((unit for unit in units if unit), None)
    return (found.text, found.source) if found else ("", None)


def _no_unit(first: Source) -> Problem:
    return Problem(
        "unit-missing",
        f"{first.document}：没有读到单位名称。应在标题的上一行，或表中“预算部门”“实施单位”之后。"
        "请在单位的 YAML 中核对。",
        first,
    )


def _unknown_form(name: str, lines: Sequence[Line]) -> BadFile:
    first = next((clean(line.text) for line in lines if not line.is_blank), "")
    return BadFile(
        "unknown-form",
        f"认不出这是哪一种自评材料，开头是 “{first[:30]}”",
        where=name,
        expected="绩效自评报告正文，或绩效自评表、基础数据表（Word、Excel、网页，或每格一行的文本）",
        action="请检查是否选错了文件，或表格是否在另存时丢失",
    )
