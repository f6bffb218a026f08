"""The documents of a filing as received, read into a `Filing` (读文件)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from jixiao.datum import Source
from jixiao.errors import BadFile
from jixiao.importers.amendments import amend_structure, find_amended, restore_originals
from jixiao.importers.assembly import Assembly, assemble
from jixiao.importers.cells import clean, filed_or_none, squeeze
from jixiao.importers.characters import odd_characters
from jixiao.importers.commas import is_comma_separated
from jixiao.importers.decoding import decode, expect_content, read_bytes
from jixiao.importers.footer import read_footer
from jixiao.importers.forms import known_forms
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
from jixiao.model import Amendment, Document, Filed, Filing, Problem

_YEAR = re.compile("((?:19|20)[0-9]{2})年?度?")
_LABEL_AND_NAME = re.compile(
    r"^\s*(?P<label>[^:：\s]{2,16}(?:[（(][^（()）]{1,8}[)）])?)\s*[:：]\s*(?P<name>[\u4e00-\u9fff（）()·]{4,40})"
)
_YEAR_IN_WORDS = re.compile("[一二][〇○零Oo0一二三四五六七八九]{3}(?=年)")
_DIGITS = str.maketrans("〇○零Oo一二三四五六七八九", "00000123456789")
#: 预算年度：2023, whatever else stands on the line.
_YEAR_LABELLED = re.compile(
    "(?:^|[^0-9])(?:预算|评价|自评|财政|填报)?年度[:：]((?:19|20)[0-9]{2})(?![0-9])"
)
#: （2022年度）, alone or before the unit of money that stands at the end of its line.
_YEAR_ALONE = re.compile("[（(]?((?:19|20)[0-9]{2})年度?[)）]?(?:(?:金额|计量)?单位[:：].{1,4})?")


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
    patch = amend_structure(structure, found, places.numbers)
    amended, places = _filing(structure)
    amended = replace(amended, problems=(*unread, *amended.problems))
    return restore_originals(amended, patch, places.numbers)


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
    unit, unit_source = _unit(parts, places, assembly)
    problems = [*remarks_of(structure, places), *assembly.problems, *odd_characters(addressed)]
    if not unit:
        problems.append(_no_unit(addressed[0]))
    year = _year(parts) or assembly.year
    if year is None:
        problems.append(_no_year(addressed[0]))
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


def _year(parts: Sequence[Part]) -> int | None:
    """The year of the first title that names one, else of a line of its own: （2022年度）."""
    titles = [_with_digits(part.title.text) for part in parts if part.title]
    lines = [_with_digits(line.text) for part in parts for line in part.lines]
    found = [match for title in titles if (match := _YEAR.search(title))]
    found += [match for line in lines if (match := _YEAR_ALONE.fullmatch(line))]
    found += [match for line in lines if (match := _YEAR_LABELLED.search(line))]
    return int(found[0][1]) if found else None


def _with_digits(text: str) -> str:
    """A line without white space, its year in digits (二〇二二年度)."""
    return _YEAR_IN_WORDS.sub(lambda year: year[0].translate(_DIGITS), squeeze(text))


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
    named = filed_or_none(assembly.department) or _named_above(parts, places)
    units = [named, *(evaluation.implementing_unit for evaluation in assembly.evaluations)]
    found = next((unit for unit in units if unit), None)
    return (found.text, found.source) if found else ("", None)


def _named_above(parts: Sequence[Part], places: Places) -> Filed | None:
    """The unit as a line above a table names it (填报单位：…)."""
    identity = known_forms()[0].block("identity")
    for line in (line for part in parts for line in part.lines):
        match = _LABEL_AND_NAME.search(line.text)
        if match and identity.column(match["label"]) == "department":
            return Filed(match["name"], places.line(line))
    return None


def _no_unit(first: Source) -> Problem:
    return Problem(
        "unit-missing",
        f"{first.document} {first.address}：没有读到单位名称。应在标题的上一行，或表中“预算部门”“实施单位”之后。"
        "请在单位的 YAML 中核对。",
        first,
    )


def _no_year(first: Source) -> Problem:
    return Problem(
        "year-missing",
        f"{first.document} {first.address}：没有读到年度。应在标题中，或在标题下一行，例如 “（2022年度）”。"
        "请核对原件；评分规则按年度选定。",
        first,
    )
