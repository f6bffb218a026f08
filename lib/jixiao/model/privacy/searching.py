"""Private data in a whole filing (全篇识别): in cells, rows, columns, lines, footer; where it stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from jixiao.datum import Source, strip_blank
from jixiao.model.filing import Filing, Grid
from jixiao.model.privacy.finding import without_overlaps
from jixiao.model.privacy.folding import fold
from jixiao.model.privacy.kinds import PrivateDatum
from jixiao.model.privacy.labelled import LABEL
from jixiao.model.privacy.pieces import find_beside, find_in_pieces
from jixiao.model.privacy.statistics import Statistics

#: A cell by document, table, row and column; a row without the last; a line by document and number.
_Place: TypeAlias = tuple[int, ...]
_Finds: TypeAlias = dict[Source, tuple[PrivateDatum, ...]]
#: A shorter name may be a word.
_SHORTEST_NAME = 3


@dataclass(frozen=True, slots=True)
class Private:
    """What is private in a filing (查到的个人信息).

    ``found`` gives it by the place it stands in, each find once, in the filing's order; ``shown``
    by place every private text with what is shown instead. ``names`` are those that a label told,
    masked wherever they stand.
    """

    found: Mapping[Source, tuple[PrivateDatum, ...]]
    shown: Mapping[_Place, tuple[tuple[str, str], ...]]
    names: tuple[str, ...]
    statistics: Statistics

    def shown_at(self, source: Source) -> tuple[tuple[str, str], ...]:
        """Give what is shown instead of the private texts of a place."""
        if not self.shown:
            return ()
        return tuple(pair for place in _places(source) for pair in self.shown.get(place, ()))

    def shown_in_row(self, source: Source) -> tuple[tuple[str, str], ...]:
        """Give what is shown instead of the private texts of a whole row."""
        if source.table is None or source.row is None:
            return ()
        return self.shown.get((source.document_number, source.table, source.row), ())

    def without_names(self, text: str) -> str:
        """Mask the names that a label told."""
        for name in self.names:
            if name in text:
                text = text.replace(name, f"{name[0]}**")
        return text


def find_private(filing: Filing) -> Private:
    """Find what is private in a filing, also what is torn over lines and cells."""
    statistics = Statistics(filing)
    cells = {
        place: cell for grid in filing.grids for cell in _cells(grid) for place in _places(cell)
    }
    finds: _Finds = {}
    for grid in filing.grids:
        finds |= _in_grid(grid, statistics)
    owners = [
        next((cells[place] for place in _places(line) if place in cells), line)
        for line in filing.lines
    ]
    running = [
        line
        for line, owner in zip(filing.lines, owners, strict=True)
        if owner is line and line.table is None
    ]
    for first, last in _documents(running):
        lines = running[first:last]
        inside = find_in_pieces([line.text for line in lines], cells=False)
        finds |= {line: found for line, found in zip(lines, inside, strict=True) if found}
    _add_footer(filing, cells, finds)
    names = _names(filing, finds)
    places = _in_order(filing, owners)
    _add_names(places, names, finds)
    addresses = {source.anchor for source in finds}
    private = [source for source in places if source.anchor in addresses]
    found = {source: finds[source] for source in private if source in finds}
    return Private(found, _shown(found), names, statistics)


def _cells(grid: Grid) -> Iterator[Source]:
    return (cell for row in grid.rows for cell in row.cells)


def _places(source: Source) -> list[_Place]:
    """Give the cell, or the lines, that an address covers."""
    places: list[_Place] = []
    document = source.document_number
    if source.table is not None and source.row is not None and source.column is not None:
        places.append((document, source.table, source.row, source.column))
    if source.line is not None:
        last = source.line + source.text.count("\n")
        places += [(document, line) for line in range(source.line, last + 1)]
    return places


def _row(source: Source) -> list[_Place]:
    if source.table is None or source.row is None:
        return []
    return [(source.document_number, source.table, source.row)]


def _documents(lines: Sequence[Source]) -> Iterator[tuple[int, int]]:
    """Cut running text where another document or part begins, or a table stands between."""
    first = 0
    for index in range(1, len(lines) + 1):
        if index == len(lines) or _is_apart(lines[index - 1], lines[index]):
            yield first, index
            first = index


def _is_apart(one: Source, other: Source) -> bool:
    if (one.document_number, one.part) != (other.document_number, other.part):
        return True
    return one.line is not None and other.line is not None and other.line - one.line > 1


def _in_grid(grid: Grid, statistics: Statistics) -> _Finds:
    """Find in each row what stands in a cell or goes on in the next, and below labels."""
    finds: dict[Source, list[PrivateDatum]] = defaultdict(list)
    headers: dict[int, str] = {}
    for row in grid.rows:
        inside = find_in_pieces([cell.text for cell in row.cells], cells=True)
        for cell, found in zip(row.cells, inside, strict=True):
            if found:
                finds[cell] += found
            column = cell.column or 0
            if len(cell.text) > 1 and LABEL.fullmatch(fold(cell.text).text):
                headers[column] = cell.text
            elif column in headers and cell.text.strip():
                below = find_beside(headers[column], cell.text)
                if below:
                    finds[cell] += below
                else:
                    del headers[column]  # something else begins
    kept = {cell: without_overlaps(found) for cell, found in finds.items() if found}
    return {cell: found for cell, found in kept.items() if not statistics.holds(cell, cell.text)}


def _add_footer(filing: Filing, cells: Mapping[_Place, Source], finds: _Finds) -> None:
    """Mask who filled the form in however the name is written."""
    preparer = filing.footer.preparer if filing.footer else None
    if preparer is None or len(preparer.text) < 2:
        return
    place = next((cells[p] for p in _places(preparer.source) if p in cells), preparer.source)
    start = place.text.find(preparer.text)
    if start < 0 or place.document_number != preparer.source.document_number:
        return
    name = PrivateDatum("name", start, start + len(preparer.text), f"{preparer.text[0]}**")
    finds[place] = without_overlaps((*finds.get(place, ()), name))


def _names(filing: Filing, finds: _Finds) -> tuple[str, ...]:
    """Give the names that labels told, long enough to be no word, and not the head's."""
    head = filing.footer.head.text if filing.footer and filing.footer.head else ""
    told = {
        "".join(fold(source.text[found.start : found.end]).text.split())
        for source, inside in finds.items()
        for found in inside
        if found.kind == "name"
    }
    kept = {name for name in told if len(name) >= _SHORTEST_NAME and name not in head}
    return tuple(sorted(kept, key=lambda name: (-len(name), name)))


def _add_names(places: Iterable[Source], names: Sequence[str], finds: _Finds) -> None:
    """Find the names that a label told wherever else they stand."""
    for source in places if names else ():
        more: list[PrivateDatum] = []
        for name in names:
            start = source.text.find(name)
            while start >= 0:
                more.append(PrivateDatum("name", start, start + len(name), f"{name[0]}**"))
                start = source.text.find(name, start + len(name))
        if more:
            finds[source] = without_overlaps((*finds.get(source, ()), *more))


def _in_order(filing: Filing, owners: Sequence[Source]) -> list[Source]:
    """List the cells and the lines outside tables, each once, as they stand in the filing."""
    every = (*owners, *(cell for grid in filing.grids for cell in _cells(grid)))
    return list({id(source): source for source in every}.values())


def _shown(
    found: Mapping[Source, tuple[PrivateDatum, ...]],
) -> dict[_Place, tuple[tuple[str, str], ...]]:
    shown: dict[_Place, dict[str, str]] = defaultdict(dict)
    for source, inside in found.items():
        for datum in inside:
            text = source.text[datum.start : datum.end]
            for place in (*_places(source), *_row(source)):
                shown[place][text] = datum.masked
                shown[place][strip_blank(text)] = datum.masked
    return {
        place: tuple(sorted(pairs.items(), key=lambda pair: -len(pair[0])))
        for place, pairs in shown.items()
    }
