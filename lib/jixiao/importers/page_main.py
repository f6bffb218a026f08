"""Which part of a page is the document, and which is the site around it (网页主体)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from jixiao.importers.cells import label_of, squeeze
from jixiao.importers.forms import openings
from jixiao.importers.lines import annex_mark, is_report_title, table_title

BLOCKS = frozenset(
    {
        *("address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "div"),
        *("dl", "dt", "fieldset", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6"),
        *("header", "hr", "html", "li", "main", "ol", "p", "pre", "section", "td", "th", "tr"),
        "ul",
    }
)
UNPRINTED = frozenset(
    {
        *("button", "canvas", "head", "iframe", "input", "nav", "noscript", "object", "option"),
        *("script", "select", "style", "svg", "template", "textarea", "title"),
    }
)
_SITE = re.compile(
    r"(?:^|[-_ ])(?:nav|menu|footer|foot|breadcrumb|crumbs?|sidebar|share|copyright|pagination"
    r"|toolbar)(?:$|[-_ ])",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all")
_FRAMES = ("ul", "ol", "div", "td", "table", "p", "section", "footer", "header", "aside")
_LEAST_LINKS, _LINK_SHARE, _LONGEST_TITLE = 3, 0.6, 60


def tag_of(element: etree._Element) -> str:
    """Give an element's name, "" for what is no element."""
    return element.tag.lower() if isinstance(element.tag, str) else ""


def is_hidden(element: etree._Element) -> bool:
    """Whether a browser does not show an element."""
    style = element.get("style")
    return element.get("hidden") is not None or bool(style and _HIDDEN.search(style))


def is_menu(element: etree._Element) -> bool:
    """Whether an element is the site's: by its name, or because it is mostly links."""
    if tag_of(element) not in _FRAMES:
        return False
    if element.get("role") == "navigation":
        return True
    named = _SITE.search(f"{element.get('id') or ''} {element.get('class') or ''}")
    links = element.findall(".//a")
    if not named and len(links) < _LEAST_LINKS:
        return False
    if any(True for _ in _anchors(element)):
        return False
    whole = len(squeeze("".join(element.itertext())))
    linked = sum(len(squeeze("".join(link.itertext()))) for link in links)
    return named is not None or linked > _LINK_SHARE * whole


def main_element(root: etree._Element) -> etree._Element:
    """Give the smallest element that holds all titles and all forms of the page."""
    body = next(root.iter("body"), root)
    anchors = list(_anchors(body))
    if not anchors:
        return body
    common = [anchors[0], *anchors[0].iterancestors()]
    for anchor in anchors[1:]:
        above = {anchor, *anchor.iterancestors()}
        common = [element for element in common if element in above]
    found = common[0] if common else body
    return _with_surroundings(found, body)


def _with_surroundings(element: etree._Element, body: etree._Element) -> etree._Element:
    """Step out of a lone table or title to where its notes and its footer stand."""
    found = element
    for above in element.iterancestors():
        if tag_of(found) not in ("table", "tbody", "thead", "tr", "td", "th") and (
            len(found.findall(".//table")) > 0
        ):
            break
        found = above
        if above is body:
            break
    return found


def _anchors(element: etree._Element) -> Iterator[etree._Element]:
    """The tables that have a form's words, and the lines that are a title."""
    for part in element.iter():
        tag = tag_of(part)
        if tag not in BLOCKS or any(tag_of(inner) in BLOCKS for inner in part):
            continue
        text = "".join(part.itertext()) if tag not in ("td", "th") or len(part) < 50 else ""
        if len(text) > 2 * _LONGEST_TITLE or not text.strip():
            continue
        table = next(part.iterancestors("table"), None)
        if table is not None and label_of(text) in openings():
            yield table
        elif _is_title(text) and next(part.iterancestors("a"), None) is None and not _links(part):
            yield part


def _links(element: etree._Element) -> bool:
    return element.find(".//a") is not None


def _is_title(text: str) -> bool:
    return bool(is_report_title(text) or table_title(text) or annex_mark(text))
