"""Addresses of cells in a sheet (单元格地址): B3 is row 3, column 2."""

from __future__ import annotations

import re
from typing import TypeAlias

_CELL = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")

Place: TypeAlias = tuple[int, int]


def place_of(address: str) -> Place | None:
    """Read a cell's address.

    >>> place_of("B3"), place_of("XFD1048576"), place_of("3")
    ((3, 2), (1048576, 16384), None)
    """
    match = _CELL.fullmatch(address.upper())
    if match is None:
        return None
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column


def address_of(place: Place) -> str:
    """Write a cell's address.

    >>> address_of((3, 28))
    'AB3'
    """
    letters, column = "", place[1]
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(65 + letter) + letters
    return f"{letters}{place[0]}"
