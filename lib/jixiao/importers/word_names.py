"""Names in Word's XML (Word 标记)."""

from __future__ import annotations

from lxml import etree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_OFF = ("0", "false", "off", "none")


def name_of(element: etree._Element) -> str:
    """Give an element's name without its namespace; "" for a comment or an instruction."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def child(element: etree._Element | None, *path: str) -> etree._Element | None:
    """Follow child names down; None where one is not there."""
    for name in path:
        if element is None:
            return None
        element = next(element.iterchildren(f"{{*}}{name}"), None)
    return element


def value(element: etree._Element | None, attribute: str = "val") -> str | None:
    """Give an attribute of Word's, None where element or attribute is not there."""
    if element is None:
        return None
    found: str | None = element.get(_W + attribute)
    other: str | None = element.get(_STRICT + attribute)
    return found if found is not None else other


def number(element: etree._Element | None, otherwise: int, most: int = 1_000) -> int:
    """Give a count, `otherwise` where none is given or it is out of all proportion."""
    text = value(element) or ""
    return min(int(text), most) if text.isascii() and text.isdigit() else otherwise


def is_on(element: etree._Element | None) -> bool:
    """Whether a switch such as ``w:vanish`` is there and not turned off."""
    return element is not None and (value(element) or "on") not in _OFF
