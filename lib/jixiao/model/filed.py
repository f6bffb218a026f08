"""A text of the unit's with its address (原文), and what a person put in its place (更正)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from jixiao.datum import (
    Correction,
    Datum,
    Quantity,
    Reading,
    Source,
    read_quantity,
    strip_blank,
)

_NUMBERING = re.compile(
    r"^(?:其中)?[：:\s\u3000]*(?:[（(]?[0-9一二三四五六七八九十]{1,3}[、.．)）])?[\s\u3000]*"
)


def bare_label(label: str) -> str:
    """Take 其中： and the form's own numbering off a label.

    >>> bare_label("其中：4、社区矫正支出"), bare_label("三公经费")
    ('社区矫正支出', '三公经费')
    """
    return _NUMBERING.sub("", label) or label


@dataclass(frozen=True, slots=True)
class Amendment:
    """What a person put in place of a text of the filing, and why (更正).

    ``document`` is the file's name, None where there is one document. ``at`` is the address as
    reports print it, ``expect`` the text that stands there; an empty ``value`` empties the cell.
    """

    document: str | None
    at: str
    expect: str
    value: str
    reason: str
    by: str
    on: str


@dataclass(frozen=True, slots=True)
class Filed:
    """A text of the unit's, outer white space taken off, with its address (原文).

    ``source.text`` holds the characters as found. ``quantity`` is the text read as a value.
    ``amendment`` says why ``text`` is another than what was found.
    """

    text: str
    source: Source
    amendment: Amendment | None = None

    @property
    def quantity(self) -> Quantity:
        """The text read by the number grammar."""
        return read_quantity(self.text)

    def datum(self, label: str, unit: str = "") -> Datum:
        """Read the text as one number; absent where there is none.

        A unit written in the text wins over `unit`, except 分 (``10分`` is ten points).
        """
        datum = _datum(label, self.text, unit, self.source)
        return self.number(label, datum.value, datum.unit)

    def number(self, label: str, value: Decimal | None, unit: str) -> Datum:
        """Make the datum of a number that stands in this text; it keeps the text's amendment."""
        datum = Datum(label, value, unit, self.source)
        return amended_datum(datum, self.source, self.amendment) if self.amendment else datum


def amended_datum(datum: Datum, source: Source, amendment: Amendment) -> Datum:
    """Give a number that stands by an amendment its origin: what was filed, and why it changed."""
    original = _datum(datum.label, strip_blank(source.text), datum.unit, source)
    origin = Correction(original, amendment.reason, amendment.by, amendment.on)
    return replace(datum, origin=origin)


def _datum(label: str, text: str, unit: str, source: Source) -> Datum:
    quantity = read_quantity(text)
    value = quantity.value if quantity.reading is Reading.NUMBER else None
    return Datum(label, value, quantity.unit or unit, source)
