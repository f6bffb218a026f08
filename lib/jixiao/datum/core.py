"""A number that knows where it came from (数据及其来历)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import TypeAlias

from jixiao.errors import Undefined

#: The one arithmetic of the house: 28 digits, 四舍五入.
ARITHMETIC = Context(prec=28, rounding=ROUND_HALF_UP)
ABSENT_TEXT = "缺"
#: Room to round any amount a cell may hold.
_ROUNDING = Context(prec=60, rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Source:
    """The cell, or the sentence, a value was read from (出处).

    ``table`` counts over the filing, ``line`` within its document, both from 1; ``text`` holds the
    characters as found. In running text ``table``, ``row`` and ``column`` are None.
    ``document_number`` is the document's place among those of one filing.
    """

    document: str
    sha256: str
    part: str
    table: int | None
    row: int | None
    column: int | None
    line: int | None
    text: str
    document_number: int = 1

    @property
    def address(self) -> str:
        """The place in words; in a second document its name stands first.

        >>> Source("f.txt", "", "附件2", 2, 3, 5, 226, "1008.22").address
        '附件2 第3行第5列（原文第226行）'
        >>> Source("附件.docx", "", "附件2", 2, 3, 5, None, "1008.22", 2).address
        '附件.docx 附件2 第3行第5列'
        """
        parts = [self.document] if self.document_number > 1 else []
        parts += [self.part] if self.part else []
        if self.row is not None:
            parts.append(f"第{self.row}行第{self.column}列")
        text = " ".join(parts)
        if self.line is not None and (self.row is None or self.table is not None):
            text += f"（原文第{self.line}行）"
        return text or self.document

    @property
    def anchor(self) -> str:
        """The id of this place in a report, e.g. ``c2-3-5`` or ``l505``, ``d2-l7``."""
        if self.table is not None:
            return f"c{self.table}-{self.row}-{self.column}"
        document = f"d{self.document_number}-" if self.document_number > 1 else ""
        return f"{document}l{self.line or 0}"


@dataclass(frozen=True, slots=True)
class Reference:
    """Where a figure of the law stands (依据): clause, address, whether it was verified."""

    title: str
    key: str = ""
    href: str | None = None
    note: str = ""
    verified: bool = False

    @property
    def text(self) -> str:
        """The reference in one line, saying so when the original was not verified.

        >>> Reference("财预〔2020〕10号 第十七条", key="quantitative.positive").text
        '财预〔2020〕10号 第十七条（未核对原文）'
        """
        return self.title if self.verified else f"{self.title}（未核对原文）"


@dataclass(frozen=True, slots=True)
class Constant:
    """A figure of the law, or of our own conventions (常数)."""

    reference: Reference


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person put in place of a number (更正): the original stays visible.

    ``is_review`` : a reviewer's score beside the unit's own, not a mistake of the document put right.
    """

    original: Datum
    reason: str
    by: str
    on: str
    is_review: bool = False


@dataclass(frozen=True, slots=True)
class Working:
    """How a number was computed (底稿), written by the call that computed it.

    ``formula`` is a pattern with one ``{i}`` for each operand, filled with labels when the
    formula is printed and with values when it is substituted. ``decided_by`` are what decides
    which operands count, without standing in the formula: the results that a count is made of.
    """

    formula: str
    operands: tuple[Datum, ...]
    reference: Reference | None = None
    decided_by: tuple[Datum, ...] = ()

    @property
    def rests_on(self) -> tuple[Datum, ...]:
        """Everything the number depends on: what stands in the formula, and what decides it."""
        return (*self.operands, *self.decided_by)


Origin: TypeAlias = Source | Constant | Correction | Working


@dataclass(frozen=True, slots=True)
class Datum:
    """One number with its label, unit and origin (数据).

    ``value`` is None where nothing was filed or nothing can be computed: missing is not 0.
    ``unit`` is ``"%"`` for rates (98 % has the value 98), else ``"万元"``, ``"分"``, ``"件"`` …

    >>> Datum.of("19.62", "万元").text
    '19.62万元'
    """

    label: str
    value: Decimal | None
    unit: str
    origin: Origin

    @classmethod
    def of(cls, value: str | int | Decimal | None, unit: str = "", label: str = "") -> Datum:
        """Make a datum out of a plain value, for examples, tests and figures of the law."""
        number = None if value is None else Decimal(value)
        return cls(label, number, unit, Constant(Reference("给定值", verified=True)))

    @property
    def is_absent(self) -> bool:
        """Whether there is no value."""
        return self.value is None

    @property
    def text(self) -> str:
        """The value with its unit as it is shown; ``缺`` where there is none."""
        return ABSENT_TEXT if self.value is None else f"{self.digits}{self.unit}"

    @property
    def digits(self) -> str:
        """The value as it is shown, without its unit."""
        if self.value is None:
            return ABSENT_TEXT
        text = display(self.value) if isinstance(self.origin, Working) else plain(self.value)
        return text.replace("-", "−")

    def require(self) -> Decimal:
        """Return the value, which must be there.

        Raises
        ------
        Undefined : nothing was filed, or nothing could be computed.
        """
        if self.value is None:
            raise Undefined("value-absent", f"“{self.label}”没有数值")
        return self.value


def plain(value: Decimal) -> str:
    """Write a decimal without an exponent and without adding or dropping digits.

    >>> plain(Decimal("98.00")), plain(Decimal("1E+2"))
    ('98.00', '100')
    """
    return f"{value:f}"


def compact(value: Decimal) -> str:
    """Write a decimal without an exponent and without trailing zeros.

    >>> compact(Decimal("10.00")), compact(Decimal("5.160")), compact(Decimal("-0.0"))
    ('10', '5.16', '0')
    """
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def display(value: Decimal) -> str:
    """Write a computed value: whole numbers as such, all others 四舍五入 to two places.

    >>> display(Decimal("51.631578")), display(Decimal("110")), display(Decimal("8.3"))
    ('51.63', '110', '8.30')
    >>> display(Decimal("0.0049"))
    '0.0049'
    """
    if value == value.to_integral_value():
        return compact(value)
    places = Decimal("0.01") if abs(value) >= Decimal("0.01") else Decimal("0.0001")
    return f"{value.quantize(places, context=_ROUNDING):f}"


def round_to(value: Decimal, places: int) -> Decimal:
    """Round 四舍五入 to `places` digits after the point, whatever the size of the number.

    >>> round_to(Decimal("2.675"), 2), round_to(Decimal("-0.001"), 2)
    (Decimal('2.68'), Decimal('0.00'))
    """
    rounded = value.quantize(Decimal(1).scaleb(-places), context=_ROUNDING)
    return abs(rounded) if rounded == 0 else rounded


def fixed(value: Decimal, places: int = 2) -> str:
    """Write a value 四舍五入 with exactly `places` digits after the point.

    >>> fixed(Decimal("18.18181")), fixed(Decimal("100")), fixed(Decimal("2.675"))
    ('18.18', '100.00', '2.68')
    """
    return f"{round_to(value, places):f}"
