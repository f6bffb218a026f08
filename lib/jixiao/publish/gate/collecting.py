"""The texts of the files of a run (文件中的文字), each with its place: what a gate looks through.

Walked without recursion and without naming a place before something is found there: a report holds
some ten thousand texts, and looking through them must cost less than printing them.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field
from typing import Any

from lxml import etree
from lxml import html as lxml_html

#: What a reader sees or hears of an attribute.
_SPOKEN = frozenset({"title", "alt", "content", "aria-label", "summary", "placeholder", "value"})
_LEADING = frozenset(
    {"href", "src", "srcset", "action", "formaction", "poster", "data", "background"}
)
_ALIVE = frozenset(
    {"script", "iframe", "object", "embed", "form", "base", "link", "applet", "frame", "frameset"}
)
_STYLE_LEADS = re.compile(r"url\(|@import|expression\(", re.IGNORECASE)
_SVG_TEXT = re.compile(r">([^<]+)<")
_SVG_ALIVE = re.compile(r"<script|\son[a-z]+\s*=|javascript:", re.IGNORECASE)
_SVG_LEADS = re.compile(r"(?:xlink:)?href\s*=\s*[\"'](?!#|data:image/)([^\"']*)", re.IGNORECASE)
_SVG = "data:image/svg+xml;base64,"
#: Keys under which names and digests of our own making stand, and what those look like.
_OWN_KEYS = frozenset({"sha256", "id", "href", "anchor", "run", "cells", "image/png"})
_OWN_NAME = re.compile(r"#?[a-z][a-z0-9-]*|[0-9a-f]{12,64}")
#: Values that quote what was filed; elsewhere in JSON a plain number is an amount.
_QUOTING = frozenset({"text", "target", "achieved", "observed", "message"})
_PLAIN = re.compile(r"\s*[0-9]+(?:\.[0-9]+)?\s*")
_LINES = ("text/", "image/svg")
_DATA = ("application/vnd.jixiao.result", "application/vnd.jixiao.reading")


@dataclass(slots=True)
class Collector:
    """Gathers what files say: each text once, what is alive, and the plain numbers of their data."""

    # Any: words, a path in JSON, or an element of a page; named only where something is found.
    texts: dict[str, tuple[str, Any]] = field(default_factory=dict)
    alive: list[tuple[str, Any, str]] = field(default_factory=list)
    amounts: set[str] = field(default_factory=set)
    #: Data a notebook carries, which lie beside it as files and in the PDF once more.
    carried: list[Any] = field(default_factory=list)

    def add(self, file: str, place: Any, text: str) -> None:
        """Take a text, unless it is known."""
        if text and text not in self.texts:
            self.texts[text] = (file, place)

    def add_json(self, file: str, value: Any) -> None:
        """Take the texts of JSON; HTML and SVG in a notebook's outputs are looked into."""
        if any(value == known for known in self.carried):
            return
        waiting: list[tuple[Any, Any, str]] = [(value, None, "")]
        while waiting:
            item, place, key = waiting.pop()
            if isinstance(item, dict):
                for name, inner in item.items():
                    if name in _OWN_KEYS and _is_own(name, inner):
                        continue
                    if name not in self.texts:
                        self.add(file, place, name)
                        if name.startswith(_DATA):
                            self.carried.append(inner)
                    waiting.append((inner, (place, name), name))
            elif isinstance(item, list):
                if item and _is_in_lines(item, key):
                    waiting.append(("".join(item), place, key))
                else:
                    waiting += [(inner, (place, n), key) for n, inner in enumerate(item, start=1)]
            elif isinstance(item, str):
                self._add_value(file, place, key, item)

    def _add_value(self, file: str, place: Any, key: str, text: str) -> None:
        if key == "text/html":
            self.add_html(file, text, place)
        elif key == "image/svg+xml":
            self.add_svg(file, text, place)
        elif key.startswith("application/javascript"):
            self.alive.append((file, place, "脚本"))
        else:
            if key not in _QUOTING and text[:1].isdecimal() and _PLAIN.fullmatch(text):
                self.amounts.add(text.strip())
            self.add(file, place, text)

    def add_html(self, file: str, text: str, place: Any = None) -> None:
        """Take the texts of a page, what its attributes say, and what in it is alive."""
        if not text.strip():
            return
        try:
            root = lxml_html.document_fromstring(text)
        except etree.ParserError:
            self.add(file, place, text)
            return
        for element in root.iter():
            where = element if place is None else place
            tag = element.tag
            if element.text and tag != "style":
                self.add(file, where, element.text)
            if element.tail:
                self.add(file, where, element.tail)
            if isinstance(tag, str):
                self._look_at(file, where, element, tag)

    def _look_at(self, file: str, where: Any, element: Any, tag: str) -> None:
        if tag in _ALIVE:
            self.alive.append((file, where, f"<{tag}>"))
        elif tag == "style" and _STYLE_LEADS.search(element.text or ""):
            self.alive.append((file, where, "样式表中的地址"))
        elif tag == "meta" and element.get("http-equiv", "").lower() == "refresh":
            self.alive.append((file, where, "<meta refresh>"))
        for name, value in element.attrib.items():
            if name not in ("id", "class") and not (name == "href" and value[:1] == "#"):
                self._add_attribute(file, where, name.lower(), value)

    def _add_attribute(self, file: str, where: Any, name: str, value: str) -> None:
        # A plain style is harmless: a table of pandas aligns its heads by one.
        if (
            name.startswith("on")
            or (name == "style" and _STYLE_LEADS.search(value))
            or (name in _LEADING and "script:" in "".join(value[:80].lower().split()))
        ):
            self.alive.append((file, where, f"属性 {name}"))
        elif name in _LEADING and value.startswith(_SVG):
            try:
                picture = base64.b64decode(value[len(_SVG) :], validate=True).decode("utf-8")
            except (binascii.Error, UnicodeDecodeError):
                self.alive.append((file, where, "不能解开的图片"))
            else:
                self.add_svg(file, picture, where)
        elif name in _LEADING and not value.startswith(("#", "data:image/")):
            self.alive.append((file, where, f"外部地址 {value[:60]}"))
        elif name in _SPOKEN:
            self.add(file, where, value)

    def add_svg(self, file: str, text: str, place: Any) -> None:
        """Take the texts of a picture; the numbers of its shapes are none."""
        for found in _SVG_TEXT.findall(text):
            self.add(file, place, found)
        if _SVG_ALIVE.search(text):
            self.alive.append((file, place, "图中的脚本"))
        for address in _SVG_LEADS.findall(text):
            self.alive.append((file, place, f"图中的外部地址 {address[:60]}"))


def _is_own(key: str, value: Any) -> bool:
    """Whether a value is a name of our own making, or the points of a picture."""
    if not isinstance(value, str):
        return False
    return key == "image/png" or _OWN_NAME.fullmatch(value) is not None


def _is_in_lines(items: list[Any], key: str) -> bool:
    """Whether a list is a text cut into lines, as nbformat cuts it."""
    return (
        key in ("source", "text") or key.startswith(_LINES) if isinstance(items[0], str) else False
    )


def name_place(place: Any) -> str:
    """Name a place: a path in JSON, the nearest id on a page, words as they are.

    >>> name_place(((None, "cells"), 3))
    'cells/3'
    """
    if isinstance(place, tuple):
        parts = []
        while place is not None:
            place, part = place
            parts.append(str(part))
        return "/".join(reversed(parts))
    while place is not None and not isinstance(place, str):
        if found := place.get("id"):
            return f"#{found}"
        place = place.getparent()
    return place or "全文"
