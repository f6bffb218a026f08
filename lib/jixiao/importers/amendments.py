"""Corrections of a filing (更正): which cell each means, and what is read in its place.

The documents are read once as they are, to find the cells; then with the new texts, so that a
corrected heading is understood as one. Every address keeps the characters as found.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from difflib import get_close_matches
from typing import Any

from jixiao.datum import Datum, Source
from jixiao.errors import BadFile
from jixiao.importers.cells import clean, label_of, squeeze
from jixiao.importers.layout import Stretch
from jixiao.importers.lines import Line
from jixiao.importers.places import Spot
from jixiao.importers.raw import RawTable
from jixiao.importers.structure import Structure
from jixiao.model import Amended, Amendment, Filed, Filing, amended_datum

_KEPT = 3
_SHOWN = 40


def find_amended(filing: Filing, amendments: Sequence[Amendment]) -> tuple[Amended, ...]:
    """Find the cell or line that each amendment means, its text still the expected one.

    Raises
    ------
    BadFile : no such address, another text there, or two amendments of one cell.
    """
    places = tuple(_places(filing))
    found: dict[str, Amended] = {}
    for amendment in amendments:
        source = _source_at(places, amendment, filing)
        if squeeze(source.text) != squeeze(amendment.expect):
            raise _unexpected(source, amendment)
        if source.anchor in found:
            raise _fault("correction-twice", amendment, "这一处更正了两次", "一处一条更正")
        found[source.anchor] = Amended(source, amendment)
    return tuple(found.values())


@dataclass(frozen=True, slots=True)
class Patch:
    """What was put into the documents (改动): amendments by the spot of a cell or line.

    ``lines`` holds the lines as they were, by number.
    """

    amended: Mapping[Spot, Amended]
    lines: Mapping[int, str]


def amend_structure(
    structure: Structure, found: Sequence[Amended], spots: Mapping[str, Spot]
) -> Patch:
    """Put the new texts in place of those found, before anything is understood.

    Raises
    ------
    BadFile : what stands there is a part of a line of text, no cell of its own.
    """
    amended = {spots[item.source.anchor]: item for item in found}
    replaced: dict[int, str] = {}
    for (first, place), item in amended.items():
        if place:
            continue
        numbers = range(first, first + item.source.text.count("\n") + 1)
        filed = {number: structure.lines[number - 1].text for number in numbers}
        if squeeze("".join(filed.values())) != squeeze(item.source.text):
            raise _part_of_a_line(item, filed[first])
        replaced |= filed
        for number in numbers:
            text = item.amendment.value if number == first else ""
            structure.lines[number - 1] = Line(number, text)
    texts = {spot: item.amendment.value for spot, item in amended.items()}
    structure.stretches = [
        [_with_texts(stretch, texts, structure.lines, replaced) for stretch in stretches]
        for stretches in structure.stretches
    ]
    return Patch(amended, replaced)


def _with_texts(
    stretch: Stretch,
    texts: Mapping[Spot, str],
    lines: Sequence[Line],
    replaced: Mapping[int, str],
) -> Stretch:
    if not isinstance(stretch, RawTable):
        return tuple(lines[n - 1] if (n := line.number) in replaced else line for line in stretch)
    cells = tuple(
        replace(cell, text=texts[spot], label=label_of(texts[spot]), lost=False)
        if (spot := (cell.line, cell.place)) in texts
        else cell
        for cell in stretch.cells
    )
    return replace(stretch, cells=cells)


def restore_originals(filing: Filing, patch: Patch, spots: Mapping[str, Spot]) -> Filing:
    """Give every address its characters as found, and every corrected number its correction."""
    touched = {
        anchor: spot
        for anchor, spot in spots.items()
        if spot in patch.amended or spot[0] in patch.lines
    }
    restored: Filing = _Restoring(patch, touched).restored(filing)
    return replace(restored, amended=tuple(patch.amended.values()))


@dataclass(frozen=True, slots=True)
class _Restoring:
    patch: Patch
    spots: Mapping[str, Spot]

    # The tree of a filing holds many types; what comes out of each is what went in.
    def restored(self, value: Any) -> Any:
        match value:
            case Source():
                return self._source(value)
            case Filed(text, source):
                return Filed(text, self._source(source), self._amendment(source))
            case Datum(origin=Source() as source):
                amendment, source = self._amendment(source), self._source(source)
                if amendment:
                    return amended_datum(value, source, amendment)
                return replace(value, origin=source)
            case tuple():
                return tuple(map(self.restored, value))
        if is_dataclass(value) and not isinstance(value, type):
            names = (field.name for field in fields(value))
            return replace(value, **{name: self.restored(getattr(value, name)) for name in names})
        return value

    def _source(self, source: Source) -> Source:
        spot = self.spots.get(source.anchor)
        if spot is None:
            return source
        amended = self.patch.amended.get(spot)
        if source.table is not None and amended:
            return replace(source, text=amended.source.text)
        return replace(source, text=self.patch.lines.get(spot[0], source.text))

    def _amendment(self, source: Source) -> Amendment | None:
        spot = self.spots.get(source.anchor)
        amended = self.patch.amended.get(spot) if spot else None
        return amended.amendment if amended else None


def _places(filing: Filing) -> Iterator[Source]:
    for grid in filing.grids:
        for row in grid.rows:
            yield from row.cells
    in_cells = {cell.anchor for grid in filing.grids for row in grid.rows for cell in row.cells}
    yield from (line for line in filing.lines if line.anchor not in in_cells)


def _source_at(places: Sequence[Source], amendment: Amendment, filing: Filing) -> Source:
    wanted = squeeze(amendment.at)
    inside = [s for s in places if amendment.document in (None, s.document)]
    if not inside:
        known = "、".join(document.file for document in filing.documents)
        raise _fault("correction-address", amendment, "没有这份文件", f"文件之一：{known}")
    matching = [s for s in inside if wanted in _names(s)]
    if len(matching) == 1:
        return matching[0]
    if matching:
        words = f"有 {len(matching)} 处是这个地址"
        raise _fault("correction-address", amendment, words, "带原文行号或文件名的完整地址")
    holding = [s.address for s in inside if squeeze(s.text) == squeeze(amendment.expect)]
    near = holding or get_close_matches(amendment.at, [s.address for s in inside], _KEPT)
    listed = "、".join(dict.fromkeys(near[:_KEPT])) or inside[0].address
    raise _fault("correction-address", amendment, "没有这个单元格", f"例如：{listed}")


def _names(source: Source) -> tuple[str, ...]:
    """The ways to write one address: whole, without the line, or the line alone."""
    whole = squeeze(source.address)
    short = whole.partition("（原文")[0]
    with_file = [f"{squeeze(source.document)}{name}" for name in (whole, short)]
    line = [f"原文第{source.line}行"] if source.line is not None else []
    return (whole, *([short] if source.row is not None else []), *with_file, *line)


def _unexpected(source: Source, amendment: Amendment) -> BadFile:
    return _fault(
        "correction-expect",
        amendment,
        f"现在的文字是 “{clean(source.text)}”，不是 “{amendment.expect}”",
        f"expect 与原文一致：“{clean(source.text)}”",
    )


def _part_of_a_line(item: Amended, line: str) -> BadFile:
    return _fault(
        "correction-part",
        item.amendment,
        f"这一处不是单独的一格，是 “{clean(line)[:_SHOWN]}” 一行的一部分",
        f"整行的地址：原文第{item.source.line}行",
    )


def _fault(code: str, amendment: Amendment, what: str, expected: str) -> BadFile:
    return BadFile(
        code,
        what,
        where=f"更正 “{amendment.at}”",
        expected=expected,
        action="请核对原件，改正单位 YAML 的 corrections；原件若已换过，请删去这条更正",
    )
