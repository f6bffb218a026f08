"""Published web pages (.html): tables with merged cells, menus around them left out (网页)."""

from __future__ import annotations

import codecs
import re

from lxml import etree, html

from jixiao.errors import BadFile
from jixiao.importers.content import Content, Sheet
from jixiao.importers.decoding import decode
from jixiao.importers.page_flow import Flow
from jixiao.importers.page_main import main_element

_CHARSET = re.compile(rb"<meta[^>]*charset\s*=\s*[\"']?\s*([-\w]+)", re.IGNORECASE)
_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
_WHERE_CHARSET_STANDS = 4096
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
#: Charsets that a Chinese page may name; bytes that are UTF-8 are UTF-8 whatever it names.
_TRUSTED = ("utf-8", "gb18030", "big5")
#: A page that is not cut short needs none of libxml2's emergency stops.
_STOPPED = re.compile("depth|huge|limit", re.IGNORECASE)


def read_page(content: bytes, where: str) -> Content:
    """Read a page as it is printed: scripts, menus and hidden parts left out.

    Raises
    ------
    BadFile : ``encoding``, ``not-text``, ``broken-page``.
    """
    text = _DECLARATION.sub("", decode_page(content, where), count=1)
    parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(text, parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as cause:
        raise _broken(where, str(cause)[:80] or "没有内容") from cause
    if any(_STOPPED.search(entry.message or "") for entry in parser.error_log):
        raise _broken(where, "标记一层套一层，层数太多")
    flow = Flow(where)
    flow.read(main_element(root))
    return Content("html", (Sheet("", tuple(flow.pieces)),))


def decode_page(content: bytes, where: str) -> str:
    """Decode a page by its byte order mark, the charset it names, else as any text.

    >>> page = '<meta charset="gb2312">绩效'
    >>> decode_page(page.encode("gb18030"), "a.html") == page
    True
    """
    named = _CHARSET.search(content[:_WHERE_CHARSET_STANDS])
    if named is None or content.startswith(_MARKS):
        return decode(content, where)
    charset = named[1].decode("ascii").lower()
    for encoding in ("utf-8", "gb18030" if charset.startswith("gb") else charset):
        try:
            text = content.decode(encoding)
        except (LookupError, ValueError):
            continue
        if "\0" not in text and encoding.startswith(_TRUSTED):
            return text
    return decode(content, where)


def _broken(where: str, why: str) -> BadFile:
    return BadFile(
        "broken-page",
        f"网页读不出来（{why}）",
        where=where,
        expected="完整的网页（.html），表格用 table 标记",
        action="请用浏览器打开，确认内容完整后另存，再读",
    )
