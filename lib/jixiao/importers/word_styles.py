"""What styles and automatic numbering add to a paragraph (样式与自动编号)."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

from jixiao.importers.word_names import child, is_on, name_of, number, value

_HANZI = "一二三四五六七八九"
_HANZI_FORMATS = (
    "chineseCounting",
    "chineseCountingThousand",
    "japaneseCounting",
    "taiwaneseCounting",
    "taiwaneseCountingThousand",
)


@dataclass(slots=True)
class _List:
    """One list definition: for each level its start, format and pattern, and its count so far."""

    levels: dict[int, tuple[int, str, str]]
    counts: dict[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class Styles:
    """Which styles hide text, and the number a paragraph is printed with.

    Counts go on from call to call, so each paragraph must be asked for once, in order.
    """

    hidden: frozenset[str] = frozenset()
    numbered: dict[str, tuple[str, int]] = field(default_factory=dict)
    lists: dict[str, _List] = field(default_factory=dict)

    @classmethod
    def of(cls, styles: etree._Element | None, numbering: etree._Element | None) -> Styles:
        """Read ``styles.xml`` and ``numbering.xml``, either of which may be missing."""
        found = cls()
        if styles is not None:
            found._read_styles(styles)
        if numbering is not None:
            found._read_lists(numbering)
        return found

    def _read_styles(self, styles: etree._Element) -> None:
        by_id = {value(s, "styleId") or "": s for s in styles if name_of(s) == "style"}
        hidden = set()
        for identifier, style in by_id.items():
            chain = _chain(style, by_id)
            if any(is_on(child(link, "rPr", "vanish")) for link in chain):
                hidden.add(identifier)
            for link in chain:
                properties = child(link, "pPr", "numPr")
                if properties is not None and (found := value(child(properties, "numId"))):
                    self.numbered[identifier] = (found, number(child(properties, "ilvl"), 0))
                    break
        self.hidden = frozenset(hidden)

    def _read_lists(self, numbering: etree._Element) -> None:
        abstract: dict[str | None, _List] = {}
        for entry in numbering:
            if name_of(entry) == "abstractNum":
                abstract[value(entry, "abstractNumId")] = _List(_levels(entry))
            elif name_of(entry) == "num":
                used = abstract.get(value(child(entry, "abstractNumId")))
                if used is None:
                    continue
                own = _overridden(entry, used.levels)
                self.lists[value(entry, "numId") or ""] = _List(own) if own else used

    def label(self, properties: etree._Element | None) -> str:
        """Give the number a paragraph is printed with, "" where it has none we can tell."""
        listed = child(properties, "numPr")
        style = value(child(properties, "pStyle")) or ""
        inherited = self.numbered.get(style, ("", 0))
        identifier = value(child(listed, "numId")) or inherited[0]
        level = number(child(listed, "ilvl"), inherited[1])
        counted = self.lists.get(identifier)
        if counted is None or level not in counted.levels:
            return ""
        start, _, pattern = counted.levels[level]
        counted.counts[level] = counted.counts.get(level, start - 1) + 1
        counted.counts = {k: v for k, v in counted.counts.items() if k <= level}
        return _printed(pattern, counted)


def _chain(style: etree._Element, by_id: dict[str, etree._Element]) -> list[etree._Element]:
    """A style and those it is based on, nearest first."""
    chain: list[etree._Element] = []
    current: etree._Element | None = style
    while current is not None and current not in chain and len(chain) < 20:
        chain.append(current)
        current = by_id.get(value(child(current, "basedOn")) or "")
    return chain


def _levels(entry: etree._Element) -> dict[int, tuple[int, str, str]]:
    levels = {}
    for level in entry:
        if name_of(level) == "lvl":
            pattern = value(child(level, "lvlText")) or ""
            written = value(child(level, "numFmt")) or "decimal"
            index = value(level, "ilvl") or "0"
            start = number(child(level, "start"), 1)
            levels[int(index) if index.isdigit() else 0] = (start, written, pattern)
    return levels


def _overridden(
    entry: etree._Element, levels: dict[int, tuple[int, str, str]]
) -> dict[int, tuple[int, str, str]] | None:
    """The levels of a list that begins to count anew, None where it does not."""
    own = dict(levels)
    changed = False
    for override in entry:
        index = value(override, "ilvl") or ""
        start = child(override, "startOverride")
        if start is not None and index.isdigit() and int(index) in own:
            own[int(index)] = (number(start, 1), *own[int(index)][1:])
            changed = True
    return own if changed else None


def _printed(pattern: str, counted: _List) -> str:
    label = pattern
    for level, (start, written, _) in counted.levels.items():
        mark = f"%{level + 1}"
        if mark not in label:
            continue
        text = number_as(counted.counts.get(level, start), written)
        if not text:
            return ""
        label = label.replace(mark, text)
    is_number = label != pattern
    return label + (" " if label[-1:].isalnum() else "") if is_number else ""


def number_as(count: int, written: str) -> str:
    """Write a number in one of Word's formats, "" in one we do not know.

    >>> number_as(12, "chineseCounting"), number_as(3, "decimal"), number_as(2, "bullet")
    ('十二', '3', '')
    """
    if written in _HANZI_FORMATS and 0 < count < 100:
        tens, ones = divmod(count, 10)
        ten = ("" if tens == 1 else _HANZI[tens - 1]) + "十" if tens else ""
        return ten + (_HANZI[ones - 1] if ones else "")
    if written in ("decimalEnclosedCircle", "decimalEnclosedCircleChinese") and 0 < count <= 20:
        return chr(0x2460 + count - 1)
    if written == "decimalFullWidth":
        return "".join(chr(ord(digit) + 0xFEE0) for digit in str(count))
    if written in ("upperLetter", "lowerLetter") and 0 < count <= 26:
        return chr((65 if written == "upperLetter" else 97) + count - 1)
    return str(count) if written in ("decimal", "decimalHalfWidth") else ""
