"""Files spoiled by chance (FAULTS.md T-FUZZ), each made from its seed alone.

The small form in each format, with what the formats can hold besides cells, is damaged either as
bytes or, inside its container, as XML: numbers, attributes, elements, nesting. The same seed gives
the same file on every machine.
"""

import io
import random
import re
import zipfile
from collections.abc import Callable, Mapping
from copy import deepcopy
from functools import cache

from lxml import etree
from tests import build
from tests.small_form import SmallForm, as_text, boxes

FORMATS = ("docx", "xlsx", "html", "tabbed", "piped")
ENDINGS = {"tabbed": "txt", "piped": "txt"}
NUMBERS = (
    "", "0", "-1", "1048576", "XFD1048576", "A0", "ZZZ1", "1e309", "-1e309", "1e-400", "NaN", "inf",
    "2147483648", "-2147483649", "18446744073709551616", "0.1.2", "１２", "②", "0x10", "9" * 400,
    "true", "#REF!", "A1:XFD1048576", "1:1", "rId99", "99999999999999999999999999", "１９００-01-01",
)  # fmt: skip
TEXTS = (
    "", " ", "\t", "　", "\u200b", "\u202e", "\ufffd", "\ue000", "𠮷", "&amp;", "]]>", "总分", "附件2",
    "项目名称", "一级指标", "≥", "－", "共" * 3_000, "1,008.22", "100%", "\r", "_x0000_", "\x85",
)  # fmt: skip
TAGS = ("w:tbl", "w:tc", "w:p", "w:r", "w:del", "w:ins", "w:sdt", "row", "c", "v", "f", "is", "table",
        "tr", "td", "div", "ul", "x", "mergeCell", "w:vMerge", "w:gridSpan", "script", "svg")  # fmt: skip
_TAG = re.compile(r"<[^<>!?/][^<>]*>")
_ATTRIBUTE = re.compile(r"""\s[\w:]+=(?:"[^"]*"|'[^']*')""")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_TEXT = re.compile(r">([^<>]+)<")
_DEPTHS = (3, 60, 300, 20_000)
#: What XML can hold at all.
_WRITABLE = [text for text in (*NUMBERS, *TEXTS) if not re.search("[\0\ufffe\uffff]", text)]


def spoiled(seed: int) -> tuple[str, bytes]:
    """The file of a seed: its name and its bytes."""
    chance = random.Random(seed)
    kind = chance.choice(FORMATS)
    content = _sample(kind)
    if kind in ("docx", "xlsx") and chance.random() < 0.7:
        content = _with_spoiled_parts(content, chance)
    elif kind == "html" and chance.random() < 0.6:
        content = _markup(content.decode(), chance).encode("utf-8", "replace")
    else:
        of_kind = _OF_BYTES if kind in ("docx", "xlsx") else _OF_TEXTS
        for _ in range(chance.randint(1, 3)):
            content = chance.choice(of_kind)(content, chance)
    return f"seed-{seed}.{ENDINGS.get(kind, kind)}", content


# --- the files before ---


@cache
def _sample(kind: str) -> bytes:
    form = SmallForm()
    rows = [boxes(row) for row in form.rows()]
    pieces: list[str | build.Rows] = [*form.above, rows, *form.after]
    match kind:
        case "docx":
            return _word(pieces)
        case "xlsx":
            return _sheet(rows)
        case "html":
            return build.build_page(pieces)
        case "piped":
            lines = (" | ".join(row) + " |" for row in form.rows())
            return "\n".join([*form.above, *lines, *form.after]).encode()
    return as_text(form).encode()


_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_PARTS = {"document": "document.main", "styles": "styles", "numbering": "numbering",
          "footnotes": "footnotes"}  # fmt: skip


def _word(pieces: list[str | build.Rows]) -> bytes:
    """A document of few parts, with a list, a note, revisions, hidden text and a text box."""
    body = "".join(
        build.paragraph(piece) if isinstance(piece, str) else build.word_table(piece)
        for piece in pieces
    )
    odd = (
        '<w:p><w:pPr><w:pStyle w:val="a"/><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
        '</w:pPr><w:ins w:id="1"><w:r><w:t>插入</w:t></w:r></w:ins><w:del w:id="2"><w:r>'
        "<w:delText>删去</w:delText></w:r></w:del><w:r><w:rPr><w:vanish/></w:rPr><w:t>藏</w:t></w:r>"
        '<w:r><w:sym w:font="Symbol" w:char="F0B3"/></w:r><w:r><w:footnoteReference w:id="2"/></w:r>'
        "<w:sdt><w:sdtContent><w:r><w:t>控件</w:t></w:r></w:sdtContent></w:sdt><w:r><w:pict>"
        "<w:txbxContent><w:p><w:r><w:t>框</w:t></w:r></w:p></w:txbxContent></w:pict></w:r></w:p>"
    )
    parts = {
        "document": f"<w:document {build.W}><w:body>{body}{odd}<w:sectPr/></w:body></w:document>",
        "styles": f'<w:styles {build.W}><w:style w:type="paragraph" w:styleId="a"><w:basedOn '
        'w:val="b"/></w:style><w:style w:type="paragraph" w:styleId="b"/></w:styles>',
        "numbering": f'<w:numbering {build.W}><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0">'
        '<w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl>'
        '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>',
        "footnotes": f'<w:footnotes {build.W}><w:footnote w:id="2"><w:p><w:r><w:t>注。</w:t></w:r>'
        "</w:p></w:footnote></w:footnotes>",
    }
    types = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_WORD}.{kind}+xml"/>'
        for name, kind in _PARTS.items()
    )
    relations = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/{name}" Target="{name}.xml"/>'
        for n, name in enumerate(_PARTS)
        if name != "document"
    )
    return _archive(
        {
            "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
            f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{types}</Types>',
            "_rels/.rels": _relations(
                f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" '
                'Target="word/document.xml"/>'
            ),
            "word/_rels/document.xml.rels": _relations(relations),
            **{f"word/{name}.xml": text for name, text in parts.items()},
        }
    )


def _relations(inner: str) -> str:
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{inner}</Relationships>'


def _sheet(rows: build.Rows) -> bytes:
    """A workbook with a formula, an error, a date, hidden rows and columns, a hidden sheet."""
    content = build.build_sheets({"自评表": [rows], "藏": ["藏着"]})
    content = build.with_part(
        content, "xl/workbook.xml", 'name="藏" sheetId="2" state="hidden"',
        'name="藏" sheetId="2" state="visible"',
    )  # fmt: skip
    odd = (
        '<row r="60" hidden="1"><c r="A60" t="inlineStr"><is><t>藏</t></is></c></row><row r="61">'
        '<c r="A61"><f>SUM(B2:B9)</f></c><c r="B61" t="e"><v>#REF!</v></c><c r="C61" s="1"><v>45041'
        '</v></c><c r="D61" t="b"><v>1</v></c><c r="E61" t="str"><f>A1</f><v>x</v></c></row>'
    )
    content = build.with_part(
        content, "xl/worksheets/sheet1.xml", odd + "</sheetData>", "</sheetData>"
    )
    parts = _parts(content)
    return _archive(
        {name: data for name, data in parts.items() if name.split("/")[0] != "docProps"}
    )


def _archive(parts: Mapping[str, str | bytes], packed: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A container without a clock in it."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name), data, packed)
    return stream.getvalue()


# --- inside a container ---


@cache
def _parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _with_spoiled_parts(content: bytes, chance: random.Random) -> bytes:
    parts = dict(_parts(content))
    main = [name for name in parts if name.endswith(("document.xml", "sheet1.xml"))]
    for _ in range(chance.randint(1, 2)):
        name = chance.choice(main if chance.random() < 0.6 else sorted(parts))
        if name not in parts:
            continue
        if chance.random() < 0.04:
            del parts[name]
        elif chance.random() < 0.04:
            parts[chance.choice(sorted(parts))] = parts[name]
        else:
            text = parts[name].decode("utf-8", "replace")
            how = _tree if chance.random() < 0.75 else _markup
            parts[name] = how(text, chance).encode("utf-8", "replace")
    return _archive(parts, zipfile.ZIP_STORED)


def _tree(text: str, chance: random.Random) -> str:
    """A part damaged as a tree, so that it stays XML and is read on."""
    try:
        root = etree.fromstring(text.encode())
    except etree.XMLSyntaxError:  # damaged before
        return text
    for _ in range(chance.randint(1, 4)):
        elements = list(root.iter("*"))
        chance.choice(_OF_TREES)(chance.choice(elements), chance)
    return etree.tostring(root, encoding="unicode")


def _new_attribute(element: etree._Element, chance: random.Random) -> None:
    if element.attrib:
        name = chance.choice(sorted(element.attrib))
        if chance.random() < 0.4:
            del element.attrib[name]
        else:
            element.set(name, chance.choice(_WRITABLE))


def _new_text(element: etree._Element, chance: random.Random) -> None:
    element.text = chance.choice(_WRITABLE)


def _removed(element: etree._Element, _: random.Random) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _doubled(element: etree._Element, chance: random.Random) -> None:
    parent = element.getparent()
    if parent is not None:
        for _ in range(chance.choice((1, 1, 1, 30))):
            parent.append(deepcopy(element))


def _swapped(element: etree._Element, chance: random.Random) -> None:
    """The element's content in the order of chance."""
    children = list(element)
    chance.shuffle(children)
    element[:] = children


def _renamed(element: etree._Element, chance: random.Random) -> None:
    others = sorted({str(other.tag) for other in element.getroottree().iter("*")})
    element.tag = chance.choice(others)


def _wrapped(element: etree._Element, chance: random.Random) -> None:
    """The element in itself, many times over."""
    inner = list(element)
    for _ in range(chance.choice(_DEPTHS[:3])):
        element.append(element.makeelement(element.tag, dict(element.attrib)))
        element = element[-1]
    element[:] = inner


_OF_TREES: tuple[Callable[[etree._Element, random.Random], None], ...] = (
    _new_attribute, _new_attribute, _new_attribute, _new_text, _new_text, _removed, _doubled,
    _swapped, _renamed, _wrapped,
)  # fmt: skip


def _markup(text: str, chance: random.Random) -> str:
    for _ in range(chance.randint(1, 4)):
        text = chance.choice(_OF_MARKUP)(text, chance)
    return text


def _replaced(pattern: re.Pattern[str], text: str, chance: random.Random, new: str) -> str:
    """One match, by chance, replaced."""
    matches = list(pattern.finditer(text))
    if not matches:
        return text
    start, end = chance.choice(matches).span()
    return text[:start] + new + text[end:]


def _number(text: str, chance: random.Random) -> str:
    return _replaced(_NUMBER, text, chance, chance.choice(NUMBERS))


def _attribute(text: str, chance: random.Random) -> str:
    """Delete an attribute, empty it, or give it another value."""
    matches = list(_ATTRIBUTE.finditer(text))
    if not matches:
        return text
    match = chance.choice(matches)
    name = match[0].split("=")[0]
    new = chance.choice(("", f'{name}=""', f'{name}="{chance.choice(NUMBERS)}"', match[0] * 2))
    return text[: match.start()] + new + text[match.end() :]


def _words(text: str, chance: random.Random) -> str:
    return _replaced(_TEXT, text, chance, f">{chance.choice(TEXTS)}<")


def _element(text: str, chance: random.Random) -> str:
    """Delete a tag, double it, or give it another name."""
    matches = list(_TAG.finditer(text))
    if not matches:
        return text
    match = chance.choice(matches)
    new = chance.choice(("", match[0] * 2, f"<{chance.choice(TAGS)}>", f"<{chance.choice(TAGS)}/>"))
    return text[: match.start()] + new + text[match.end() :]


def _moved(text: str, chance: random.Random) -> str:
    """A stretch between two tags cut out, doubled, or put elsewhere."""
    starts = [match.start() for match in _TAG.finditer(text)]
    if len(starts) < 3:
        return text
    start, end, to = sorted(chance.choices(starts, k=3))
    piece = text[start:end]
    return chance.choice(
        (text[:start] + text[end:], text[:end] + piece + text[end:],
         text[:start] + text[end:to] + piece + text[to:])
    )  # fmt: skip


def _nested(text: str, chance: random.Random) -> str:
    """A tag opened again and again around what it holds, closed or not."""
    matches = list(_TAG.finditer(text))
    if not matches:
        return text
    match, depth = chance.choice(matches), chance.choice(_DEPTHS)
    name = match[0].strip("<>/").split()[0]
    inner = match[0] if match[0].endswith("/>") else ""
    closing = f"</{name}>" * depth if chance.random() < 0.7 else ""
    rest = match.end() if inner else match.start()
    return text[: match.start()] + f"<{name}>" * depth + inner + closing + text[rest:]


def _declared(text: str, chance: random.Random) -> str:
    declaration = chance.choice(
        ('<!DOCTYPE a [<!ENTITY b "c">]>', "<?xml version='1.0' encoding='gbk'?>", "<!--", "<![CDATA[",
         "\ufeff", "<?php ", "&b;", "&#0;", "&#xFFFF;", "\0")
    )  # fmt: skip
    at = chance.choice((0, chance.randint(0, len(text))))
    return text[:at] + declaration + text[at:]


_OF_MARKUP: tuple[Callable[[str, random.Random], str], ...] = (
    _number, _number, _attribute, _attribute, _words, _element, _element, _moved, _nested, _declared,
)  # fmt: skip


# --- bytes ---


def _flipped(content: bytes, chance: random.Random) -> bytes:
    spoiled = bytearray(content)
    for _ in range(chance.randint(1, 8)):
        if spoiled:
            spoiled[chance.randrange(len(spoiled))] ^= 1 << chance.randrange(8)
    return bytes(spoiled)


def _cut(content: bytes, chance: random.Random) -> bytes:
    start, end = sorted(chance.choices(range(len(content) + 1), k=2))
    return chance.choice((content[:start], content[start:], content[:start] + content[end:]))


def _repeated(content: bytes, chance: random.Random) -> bytes:
    start, end = sorted(chance.choices(range(len(content) + 1), k=2))
    return content[:end] + content[start:end] * chance.choice((1, 1, 20)) + content[end:]


def _overwritten(content: bytes, chance: random.Random) -> bytes:
    new = chance.choice(
        (b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f\xff\xff\xff", chance.randbytes(6), b"PK\x05\x06",
         b"\xff\xfe", "②".encode(), "亿元".encode("gb18030"))
    )  # fmt: skip
    at = chance.randint(0, len(content))
    return content[:at] + new + content[at + len(new) :]


def _lines(content: bytes, chance: random.Random) -> bytes:
    """Lines of a text in another order, doubled, or with other words."""
    lines = content.split(b"\n")
    at = chance.randrange(len(lines))
    lines[at : at + 1] = chance.choice(
        ([], [lines[at]] * 2, [chance.choice(TEXTS).encode()], [chance.choice(NUMBERS).encode()],
         [lines[at], lines[chance.randrange(len(lines))]], [b"\t" * 300 + lines[at]])
    )  # fmt: skip
    return b"\n".join(lines)


_OF_BYTES: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    _flipped, _cut, _repeated, _overwritten,
)  # fmt: skip
_OF_TEXTS = (*_OF_BYTES, *(12 * [_lines]))
