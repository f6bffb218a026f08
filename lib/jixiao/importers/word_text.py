"""The characters of one paragraph as printed today (段落文字): insertions shown, deletions not."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from jixiao.importers.content import Remark
from jixiao.importers.word_names import child, is_on, name_of, value
from jixiao.importers.word_styles import Styles

#: Signs of the fonts Symbol and Wingdings, which stand at private code points.
_SIGNS = {
    ("Symbol", 0xA3): "≤", ("Symbol", 0xB3): "≥", ("Symbol", 0xB1): "±", ("Symbol", 0xB4): "×",
    ("Symbol", 0xB8): "÷", ("Symbol", 0xB9): "≠", ("Symbol", 0xB0): "°", ("Wingdings", 0xFC): "✓",
    ("Wingdings", 0xFE): "☑", ("Wingdings", 0x52): "☑", ("Wingdings", 0xA8): "□",
    ("Wingdings 2", 0x52): "☑", ("Wingdings 2", 0x50): "✓",
}  # fmt: skip
_PROPERTIES = ("rPr", "sectPr", "tblPr", "tblGrid", "trPr", "tcPr", "sdtPr", "sdtEndPr", "pPr")
_PRINTED = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
#: Programs whose objects hold text or tables; formulas and pictures are none of them.
_DOCUMENTS = re.compile("excel|word|k?et|k?wps", re.IGNORECASE)
_DELETED = ("del", "moveFrom")
_INSERTED = ("ins", "moveTo")
_LONGEST_QUOTE = 20


@dataclass(slots=True)
class Ink:
    """What was met while reading one paragraph.

    ``read`` counts the characters of its text elements, printed or not.
    """

    printed: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    inserted: list[str] = field(default_factory=list)
    boxes: list[etree._Element] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    documents: list[str] = field(default_factory=list)
    read: int = 0
    marked: bool = False

    def remarks(self) -> tuple[Remark, ...]:
        """Say what of the paragraph is not settled, or not printed."""
        found = []
        if self.deleted or self.inserted or self.marked:
            found.append(pending_revisions("".join(self.inserted), "".join(self.deleted)))
        if hidden := "".join(self.hidden).strip():
            found.append(hidden_text(hidden))
        found += [embedded_document(program) for program in self.documents]
        return tuple(found)


def embedded_document(program: str) -> Remark:
    """Say that another document stands in this one and was not read."""
    return Remark(
        "text-not-read",
        f"这里嵌有另一个文档（{program[:_LONGEST_QUOTE]}），其中的内容没有读入。"
        "请在 Word 中打开它，把内容复制到正文后另存，再读。",
    )


def pending_revisions(inserted: str, deleted: str) -> Remark:
    """Say that tracked changes are neither accepted nor rejected."""
    parts = [f"插入 “{inserted[:_LONGEST_QUOTE]}”"] if inserted else []
    parts += [f"删去 “{deleted[:_LONGEST_QUOTE]}”"] if deleted else []
    changes = f"（{'，'.join(parts)}）" if parts else ""
    return Remark(
        "pending-revisions",
        f"有未接受的修订{changes}，暂按接受后的样子读入。评分前应全部接受或拒绝。"
        "请在 Word 的“审阅”中处理后另存，再读。",
    )


def hidden_text(text: str) -> Remark:
    """Say that hidden text was left out."""
    return Remark(
        "hidden-text",
        f"有隐藏文字 “{text[:_LONGEST_QUOTE]}”，印出来看不见，没有读入。"
        "请在 Word 中取消隐藏或删去后另存，再读。",
    )


def read_ink(paragraph: etree._Element, styles: Styles, *, deleted: bool = False) -> Ink:
    """Read one paragraph; its text boxes and notes are handed on, not read."""
    ink = Ink()
    properties = child(paragraph, "pPr")
    mark = child(properties, "rPr")
    ink.marked = any(child(mark, name) is not None for name in (*_INSERTED, *_DELETED))
    hidden = (value(child(properties, "pStyle")) or "") in styles.hidden
    _walk(paragraph, ink, styles, hidden=hidden, deleted=deleted, inserted=False)
    return ink


def _walk(
    element: etree._Element,
    ink: Ink,
    styles: Styles,
    *,
    hidden: bool,
    deleted: bool,
    inserted: bool,
) -> None:
    for part in element:
        name = name_of(part)
        if name == "t":
            _take(part.text or "", ink, hidden=hidden, deleted=deleted, inserted=inserted)
        elif name in _PRINTED:
            if not (hidden or deleted):
                ink.printed.append(_PRINTED[name])
        elif name == "sym":
            if not (hidden or deleted):
                ink.printed.append(_sign(part))
        elif name == "delText":
            ink.deleted.append(part.text or "")
        elif name == "txbxContent":
            ink.boxes.append(part)
        elif name == "OLEObject" and _DOCUMENTS.match(part.get("ProgID") or ""):
            ink.documents.append(part.get("ProgID"))
        elif name in ("footnoteReference", "endnoteReference"):
            ink.notes.append((name.removesuffix("Reference"), value(part, "id") or ""))
        elif name and name not in (*_PROPERTIES, "rt", "instrText"):
            following = _chosen(part) if name == "AlternateContent" else part
            if following is not None:
                _walk(
                    following,
                    ink,
                    styles,
                    hidden=_is_hidden(part, styles, hidden=hidden) if name == "r" else hidden,
                    deleted=deleted or name in _DELETED,
                    inserted=inserted or name in _INSERTED,
                )


def _take(text: str, ink: Ink, *, hidden: bool, deleted: bool, inserted: bool) -> None:
    ink.read += len(text)
    if deleted:
        ink.deleted.append(text)
    elif hidden:
        ink.hidden.append(text)
    else:
        ink.printed.append(text)
        if inserted:
            ink.inserted.append(text)


def _is_hidden(run: etree._Element, styles: Styles, *, hidden: bool) -> bool:
    properties = child(run, "rPr")
    switch = child(properties, "vanish")
    if switch is not None:
        return is_on(switch)
    return hidden or (value(child(properties, "rStyle")) or "") in styles.hidden


def _chosen(alternatives: etree._Element) -> etree._Element | None:
    """Of several renderings of one thing the first; the others say the same."""
    return next((e for e in alternatives if name_of(e) in ("Choice", "Fallback")), None)


def _sign(element: etree._Element) -> str:
    font, code = value(element, "font") or "", value(element, "char") or ""
    try:
        point = int(code, 16)
    except ValueError:
        return "\ufffd"
    found = _SIGNS.get((font, point & 0xFF)) if point < 0x100 or point >> 8 == 0xF0 else None
    return found or (
        chr(point) if 0x20 <= point < 0xD800 or 0xE000 <= point < 0x110000 else "\ufffd"
    )


def printable(element: etree._Element) -> int:
    """Count the characters of all text elements, each rendering of one thing once."""
    total = 0
    stack = [element]
    while stack:
        part = stack.pop()
        name = name_of(part)
        if name == "t":
            total += len(part.text or "")
        elif name == "AlternateContent":
            chosen = _chosen(part)
            stack += [chosen] if chosen is not None else []
        elif name != "rt":
            stack += list(part)
    return total
