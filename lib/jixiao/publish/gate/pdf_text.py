"""What a PDF says (PDF 中的文字), read out of its own bytes: pages, tags, outline, metadata, attachments.

Text is decoded by the fonts' own tables, as a reader's copy does. What no table decodes is counted:
it cannot be vouched for.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pikepdf

_STRING = rb"\((?:\\.|[^\\()]|\((?:\\.|[^\\()])*\))*\)|<[0-9A-Fa-f\s]*>"
_TOKEN = re.compile(
    rb"/([^\s/<>\[\]()]+)\s+[-\d.]+\s+Tf\b|\[((?:" + _STRING + rb"|[^\]()<>])*)\]\s*TJ|"
    rb"(" + _STRING + rb")\s*(?:Tj|'|\")|\b(ET)\b",
    re.DOTALL,
)
_STRINGS = re.compile(_STRING, re.DOTALL)
_ESCAPE = re.compile(rb"\\(?:([0-7]{1,3})|(\r\n|\n|\r)|(.))", re.DOTALL)
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_SECTION = re.compile(rb"begin(bfchar|bfrange)(.*?)end\1", re.DOTALL)
_HEX = re.compile(rb"<([0-9A-Fa-f]+)>")
_URI = re.compile(rb"/URI\s*(" + _STRING + rb")", re.DOTALL)
_ACTIVE = re.compile(rb"/(?:JavaScript|JS|Launch|SubmitForm|ImportData|OpenAction|AA)\b")

#: Stands for a code that no table decodes.
_UNDECODED = "\ufffd"


class _Table(dict[int, str]):
    """What each code of a font stands for; another code is `_UNDECODED`."""

    def __missing__(self, code: int) -> str:
        return _UNDECODED


@dataclass(frozen=True, slots=True)
class PdfContent:
    """What a PDF says: texts with their places, where its links lead, the files inside.

    ``is_active`` tells that it would do something when opened; ``undecoded`` counts signs that no
    table decodes.
    """

    texts: tuple[tuple[str, str], ...]
    links: tuple[str, ...]
    attached: Mapping[str, bytes]
    is_active: bool
    undecoded: int


def read_pdf(data: bytes) -> PdfContent:
    """Read everything a PDF says.

    Raises
    ------
    pikepdf.PdfError, zlib.error : no PDF, or none that can be read.
    """
    with pikepdf.open(io.BytesIO(data)) as pdf:
        reader = _Reader()
        texts = [
            (f"第{number}页", text)
            for number, page in enumerate(pdf.pages, start=1)
            for text in reader.texts_of(page.obj, page.Contents)
        ]
        attached = {name: pdf.attachments[name].get_file().read_bytes() for name in pdf.attachments}
        texts += [("附件名", name) for name in attached]
        if "/Metadata" in pdf.Root:
            texts.append(("文档信息", pdf.Root.Metadata.read_bytes().decode("utf-8", "replace")))
    plain = _without_streams(data)
    texts += [("书签与标签", text) for text in _texts_of_objects(plain)]
    links = tuple(_text_of(_bytes_of(found)) for found in _URI.findall(plain))
    is_active = _ACTIVE.search(plain) is not None
    return PdfContent(tuple(texts), links, attached, is_active, reader.undecoded)


class _Reader:
    """Reads pages; a font's table is read once."""

    def __init__(self) -> None:
        self.undecoded = 0
        self._tables: dict[tuple[int, int], _Table] = {}
        self._seen: set[tuple[int, int]] = set()

    # Any: objects of a PDF have no types of their own.
    def texts_of(self, owner: Any, content: Any) -> Iterator[str]:
        """Give the texts a page or form draws, one a text object, those of forms in it after."""
        resources = owner.get("/Resources", {})
        fonts = resources.get("/Font", {})
        tables = {name.lstrip("/").encode(): self._table(fonts[name]) for name in fonts.keys()}  # noqa: SIM118
        parts = content if isinstance(content, pikepdf.Array) else [content]
        data = b"\n".join(part.read_bytes() for part in parts)
        yield from self._drawn(data, tables)
        forms = resources.get("/XObject", {})
        for name in forms.keys():  # noqa: SIM118  # no mapping
            form = forms[name]
            if form.get("/Subtype") == "/Form" and form.objgen not in self._seen:
                self._seen.add(form.objgen)
                yield from self.texts_of(form, form)

    def _drawn(self, data: bytes, tables: Mapping[bytes, _Table]) -> Iterator[str]:
        table = _Table()
        parts: list[str] = []
        for font, array, string, _ in _TOKEN.findall(data):
            if font:
                table = tables.get(font, _Table())
            elif array or string:
                shown = b"".join(map(_bytes_of, _STRINGS.findall(array or string)))
                parts.append(self._decoded(shown, table))
            elif parts:
                yield "".join(parts)
                parts = []
        if parts:
            yield "".join(parts)

    def _decoded(self, codes: bytes, table: _Table) -> str:
        text = codes.decode("utf-16-be", "replace").translate(table)
        self.undecoded += text.count(_UNDECODED)
        return text

    # Any: objects of a PDF have no types of their own.
    def _table(self, font: Any) -> _Table:
        known = self._tables.get(font.objgen)
        if known is None or font.objgen == (0, 0):
            known = _Table()
            if "/ToUnicode" in font:
                known = _table_of(font.ToUnicode.read_bytes())
            self._tables[font.objgen] = known
        return known


def _table_of(cmap: bytes) -> _Table:
    """Read a ToUnicode table: single codes, and ranges of codes."""
    table = _Table()
    for kind, body in _SECTION.findall(cmap):
        values = _HEX.findall(body)
        if kind == b"bfchar":
            for code, text in zip(values[::2], values[1::2], strict=False):
                table[int(code, 16)] = _utf16(text)
            continue
        for first, last, text in zip(values[::3], values[1::3], values[2::3], strict=False):
            start = _utf16(text)
            for offset in range(int(last, 16) - int(first, 16) + 1):
                table[int(first, 16) + offset] = start[:-1] + chr(ord(start[-1]) + offset)
    return table


def _utf16(digits: bytes) -> str:
    return bytes.fromhex(digits.decode()).decode("utf-16-be", "replace")


def _bytes_of(string: bytes) -> bytes:
    """Give the bytes of a string as a PDF writes it, in brackets or in hexadecimal digits."""
    if string[:1] == b"<":
        digits = b"".join(string[1:-1].split())
        return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode())
    inside = string[1:-1]
    return _ESCAPE.sub(_unescaped, inside) if b"\\" in inside else inside


def _unescaped(match: re.Match[bytes]) -> bytes:
    octal, line, sign = match.groups()
    if octal:
        return bytes([int(octal, 8) & 0xFF])
    return b"" if line else _ESCAPED.get(sign, sign)


def _without_streams(data: bytes) -> bytes:
    """Give the objects of a PDF as it writes them, streams left out and those of objects opened."""
    parts: list[bytes] = []
    position = 0
    while (start := data.find(b"stream", position)) >= 0:
        end = data.find(b"endstream", start)
        if end < 0:
            break
        head = data[position:start]
        parts.append(head)
        if b"/ObjStm" in head[head.rfind(b" obj") :]:
            body = data[start + len(b"stream") : end].lstrip(b"\r\n")
            parts.append(zlib.decompressobj().decompress(body))
        position = end + len(b"endstream")
    return b"\n".join([*parts, data[position:]])


def _texts_of_objects(plain: bytes) -> Iterator[str]:
    """Give every string outside the streams: titles, alternative texts, names, dates."""
    for string in dict.fromkeys(_STRINGS.findall(plain)):
        if len(string) > 4 and not string.startswith(b"<<"):
            yield _text_of(_bytes_of(string))


def _text_of(data: bytes) -> str:
    if data.startswith(b"\xfe\xff"):
        return data[2:].decode("utf-16-be", "replace")
    return data.decode("utf-8" if data.startswith(b"\xef\xbb\xbf") else "latin-1", "replace")
