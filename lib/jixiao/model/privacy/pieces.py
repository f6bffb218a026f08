"""Private data torn apart (拆开的个人信息): over the lines of a text, over cells side by side.

A text in pieces is searched piece by piece, then over each joint: a number that goes on in the next
piece, and a label whose value stands in the next piece. Every part is masked where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from jixiao.model.privacy.finding import private_data, without_overlaps
from jixiao.model.privacy.folding import Folded, fold
from jixiao.model.privacy.kinds import PrivateDatum
from jixiao.model.privacy.labelled import LABEL, find_labelled
from jixiao.model.privacy.names import is_name
from jixiao.model.privacy.numbers import find_numbers

_TELEPHONE = re.compile(r"电\s*话|手\s*机|联\s*系|方\s*式|[Tt][Ee][Ll]")
_NUMERAL = "0-9〇○零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖"
_GOES_ON = re.compile(rf"[{_NUMERAL}][ \-]?$")
_CONTINUES = re.compile(rf"^[ \-]?[{_NUMERAL}]")
_BARE = re.compile(rf"[{_NUMERAL}Xx \-]+")
_A_NUMERAL = re.compile(f"[{_NUMERAL}Xx]")
_NUMERALS = frozenset("0123456789〇○零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖-－—")
#: The last signs of `LABEL`.
_ENDS_A_LABEL = frozenset("人员话机址式号码地名信Q照)）证")
#: A head's name stays: the unit publishes it.
_OF_A_HEAD = re.compile(r"负\s*责\s*人|法定代表人|领导|局长|主任委员")
#: A number in more pieces than these is nobody's telephone.
_MOST_PIECES = 5
#: Longer pieces are running text, in which a number stands near the joint or not at all.
_REACH = 48

#: What was found in each piece, in the order of the pieces.
Found: TypeAlias = tuple[tuple[PrivateDatum, ...], ...]


@dataclass(frozen=True, slots=True)
class _Piece:
    """One piece, folded, its outer blanks left out; ``first`` is where it begins as folded."""

    number: int
    folded: Folded
    first: int
    text: str

    def span(self, start: int, end: int) -> tuple[int, int]:
        return self.folded.span(self.first + start, self.first + end)


def find_in_lines(text: str) -> tuple[PrivateDatum, ...]:
    r"""Find private data in a text of several lines, also what goes on from line to line.

    >>> [datum.masked for datum in find_in_lines("联系电话1380013\n8000")]
    ['138****', '8000']
    """
    if "\n" not in text:
        return private_data(text)
    lines = text.split("\n")
    found, first = list[PrivateDatum](), 0
    for line, inside in zip(lines, find_in_pieces(lines, cells=False), strict=True):
        for datum in inside:
            start, end = first + datum.start, first + datum.end
            found.append(PrivateDatum(datum.kind, start, end, datum.masked))
        first += len(line) + 1
    return tuple(found)


def find_in_pieces(texts: Sequence[str], *, cells: bool) -> Found:
    """Find private data in pieces and over their joints.

    Parameters
    ----------
    cells : the pieces are cells side by side; numbers there are statistics unless a label says
        otherwise or a check digit does.
    """
    found: list[list[PrivateDatum]] = [list(find_in_lines(text)) for text in texts]
    if not _may_go_on(texts):
        return tuple(map(tuple, found))
    pieces = list(_pieces(texts))
    for place, (one, other) in enumerate(pairwise(pieces)):
        if LABEL.fullmatch(one.text) and not (place and _OF_A_HEAD.search(pieces[place - 1].text)):
            for datum in find_beside(one.text, texts[other.number]):
                found[other.number].append(datum)
        elif _GOES_ON.search(one.text) and _CONTINUES.match(other.text):
            for number, datum in _over_joint(pieces, place, cells=cells):
                found[number].append(datum)
    return tuple(without_overlaps(inside) for inside in found)


def _may_go_on(texts: Sequence[str]) -> bool:
    """Whether something may reach over a joint: a quick look at the signs on both sides of each."""
    last = ""
    for text in texts:
        stripped = text.strip()
        if not stripped:
            continue
        if last in _ENDS_A_LABEL or (_may_be_numeral(last) and _may_be_numeral(stripped[0])):
            return True
        last = stripped.rstrip(" :：\u3000")[-1:] or stripped[-1]
    return False


def _may_be_numeral(sign: str) -> bool:
    return sign != "" and (sign in _NUMERALS or sign.isnumeric() or not sign.isprintable())


def find_beside(label: str, text: str) -> tuple[PrivateDatum, ...]:
    """Find private data in a text whose label stands in a cell of its own.

    >>> [datum.masked for datum in find_beside("联系人", "张某某")]
    ['张**']
    """
    folded = fold(text)
    lead = f"{fold(label).text.strip().rstrip(':').rstrip()}:"
    stripped = folded.text.strip()
    offset = len(folded.text) - len(folded.text.lstrip()) - len(lead)
    found = [*find_numbers(lead + stripped), *find_labelled(lead + stripped)]
    return without_overlaps(
        PrivateDatum(
            datum.kind,
            *folded.span(datum.start + offset, datum.end + offset),
            datum.masked,
        )
        for datum in found
        if datum.start >= len(lead)
        and (datum.kind != "name" or is_name((lead + stripped)[datum.start : datum.end]))
    )


def _pieces(texts: Sequence[str]) -> Iterator[_Piece]:
    for number, text in enumerate(texts):
        folded = fold(text)
        if stripped := folded.text.strip():
            yield _Piece(number, folded, folded.text.index(stripped[0]), stripped)


def _over_joint(
    pieces: Sequence[_Piece], place: int, *, cells: bool
) -> Iterator[tuple[int, PrivateDatum]]:
    """Find numbers that begin in the piece at `place` and go on in those after it."""
    chain = [pieces[place]]
    for piece in pieces[place + 1 : place + _MOST_PIECES]:
        chain.append(piece)
        if not (_BARE.fullmatch(piece.text) and _GOES_ON.search(piece.text)):
            break
    cut = max(0, len(chain[0].text) - _REACH)
    joined = chain[0].text[cut:] + "".join(piece.text[:_REACH] for piece in chain[1:])
    starts = [0]
    for piece in chain:
        reach = len(piece.text) - cut if piece is chain[0] else min(len(piece.text), _REACH)
        starts.append(starts[-1] + reach)
    told = "".join(piece.text for piece in pieces[max(0, place - 3) : place]) + chain[0].text
    for datum in find_numbers(joined):
        if not datum.start < starts[1] < datum.end:
            continue
        parts = _parts(chain, starts, cut, datum)
        bare = [joined[s:e].strip() == piece.text for piece, s, e in parts]
        is_told = _TELEPHONE.search(told) is not None
        if datum.kind == "identity" or is_told or not (cells or any(bare)) or _is_zeroed(parts):
            yield from _masked_parts(parts, joined, starts, cut, datum)


def _is_zeroed(parts: Sequence[tuple[_Piece, int, int]]) -> bool:
    """Whether a part begins with a zero, which no statistic does."""
    return any(piece.text[0] == "0" and "." not in piece.text for piece, _, _ in parts[1:])


def _parts(
    chain: Sequence[_Piece], starts: Sequence[int], cut: int, datum: PrivateDatum
) -> list[tuple[_Piece, int, int]]:
    """Give the pieces that a find reaches over, and from where to where in the joined text."""
    return [
        (piece, max(datum.start, first), min(datum.end, last))
        for piece, first, last in zip(chain, starts, starts[1:], strict=False)
        if datum.start < last and datum.end > first
    ]


def _masked_parts(
    parts: Sequence[tuple[_Piece, int, int]],
    joined: str,
    starts: Sequence[int],
    cut: int,
    datum: PrivateDatum,
) -> Iterator[tuple[int, PrivateDatum]]:
    """Mask each part sign by sign, so that what stands between its figures stays."""
    signs = joined[datum.start : datum.end]
    count = len(_A_NUMERAL.findall(signs))
    shown = list(datum.masked.rjust(count, "*"))
    masked = [shown.pop(0) if _A_NUMERAL.fullmatch(sign) else sign for sign in signs]
    for index, (piece, start, end) in enumerate(parts):
        offset = start - starts[index] + (cut if index == 0 else 0)
        text = "".join(masked[start - datum.start : end - datum.start])
        yield (
            piece.number,
            PrivateDatum(datum.kind, *piece.span(offset, offset + end - start), text),
        )
