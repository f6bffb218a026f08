"""Files made to harm their reader (FAULTS.md T-BOMB), each a few KB to a few MB."""

import io
import random
import zipfile
from collections.abc import Callable
from functools import cache

from tests import build
from tests.formats import sample_bytes

from jixiao.importers.sheet_places import address_of

SHEET = "xl/worksheets/sheet1.xml"
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def sheet_of(data: str) -> bytes:
    return build.with_part(
        sample_bytes("xlsx"), SHEET, f"<worksheet {MAIN}><sheetData>{data}</sheetData></worksheet>"
    )


def with_entry(name: str, data: bytes) -> bytes:
    return build.with_part(sample_bytes("docx"), name, data)


def far_cell() -> bytes:
    return sheet_of(
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    )


def blank_rows() -> bytes:
    return sheet_of("".join(f'<row r="{n}"><c r="A{n}" s="1"/></row>' for n in range(1, 1_000_000)))


def shared_strings() -> bytes:
    strings = f"<sst {MAIN}>" + "<si><t>a</t></si>" * 10_000_000 + "</sst>"
    return build.with_part(sample_bytes("xlsx"), "xl/sharedStrings.xml", strings)


def ratio() -> bytes:
    return with_entry("word/media/image1.png", b"\0" * 100_000_000)


def total_size() -> bytes:
    stream = io.BytesIO(sample_bytes("docx"))
    block = random.Random(1).randbytes(8_000) * 110
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for n in range(250):
            archive.writestr(f"word/media/{n}.bin", block)
    return stream.getvalue()


def entries() -> bytes:
    stream = io.BytesIO(sample_bytes("docx"))
    with zipfile.ZipFile(stream, "a") as archive:
        for n in range(50_000):
            archive.writestr(f"word/{n}", b"")
    return stream.getvalue()


def nested() -> bytes:
    return with_entry("word/media/inner.zip", sample_bytes("docx"))


def nested_deep() -> bytes:
    """A container in a container, twenty deep, as a quine of zips goes on for ever."""
    content = sample_bytes("docx")
    for _ in range(20):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("inner.zip", content)
        content = stream.getvalue()
    return with_entry("word/inner.bin", content)


def giant_image() -> bytes:
    """A picture of 60,000 by 60,000 points that packs to nothing."""
    return with_entry("word/media/image1.bmp", b"BM" + b"\0" * 150_000_000)


def shared_formula() -> bytes:
    formula = (
        '<c r="A1"><f t="shared" ref="A1:XFD1048576" si="0">' + "A1+" * 2_000_000 + "1</f></c>"
    )
    return sheet_of(f'<row r="1">{formula}</row><row r="20001"><c r="A20001"><v>1</v></c></row>')


def many_styles() -> bytes:
    formats = "".join(f'<numFmt numFmtId="{n}" formatCode="0.{n}"/>' for n in range(200, 700_000))
    return build.with_part(
        sample_bytes("xlsx"),
        "xl/styles.xml",
        f"<styleSheet {MAIN}><numFmts>{formats}</numFmts></styleSheet>",
    )


def wide_row() -> bytes:
    letters = (address_of((1, column)) for column in range(1, 16_385))
    return sheet_of(
        f'<row r="1">{"".join(f"<c r={chr(34)}{a}{chr(34)}><v>1</v></c>" for a in letters)}</row>'
    )


def deep_runs() -> bytes:
    chance = random.Random(1)
    runs = (
        "<w:ins>" * 150 + f"<w:r><w:t>{chance.randbytes(40).hex()}</w:t></w:r>" + "</w:ins>" * 150
        for _ in range(1_500)
    )
    body = "".join(f"<w:p>{run}</w:p>" for run in runs)
    document = f"<w:document {build.W}><w:body>{body}</w:body></w:document>"
    return with_entry("word/document.xml", document.encode())


def page_rows() -> bytes:
    return b"<html><table>" + b"<tr><td>1" * 60_000


def wide_page() -> bytes:
    return b"<html><table><tr>" + b"<td>1" * 60_000


def entities() -> bytes:
    return b"<html><body><p>" + b"&lt;&amp;&#1234;" * 1_000_000


def many_bytes() -> bytes:
    return "预算".encode() * 4_000_000


def overlapping() -> bytes:
    """Two entries of the directory that point at one place."""
    stream = io.BytesIO(sample_bytes("docx"))
    with zipfile.ZipFile(stream, "a") as archive:
        first = archive.infolist()[0]
        twin = zipfile.ZipInfo("word/twin.xml")
        for name in ("header_offset", "compress_size", "file_size", "CRC", "compress_type"):
            setattr(twin, name, getattr(first, name))
        archive.filelist.append(twin)
        archive.NameToInfo[twin.filename] = twin
        archive._didModify = True
    return stream.getvalue()


def lying_size() -> bytes:
    """An entry that says it is small and is not."""
    content = bytearray(with_entry("word/media/a.bin", b"\0" * 50_000_000))
    size = (50_000_000).to_bytes(4, "little")
    return bytes(content.replace(size, (100).to_bytes(4, "little")))


def deep_xml() -> bytes:
    return with_entry("word/document.xml", b"<a>" * 100_000 + b"</a>" * 100_000)


def deep_tables() -> bytes:
    inner = "<w:tbl><w:tr><w:tc>" * 80 + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 80
    document = f"<w:document {build.W}><w:body>{inner}</w:body></w:document>"
    return with_entry("word/document.xml", document.encode())


def long_attribute() -> bytes:
    return with_entry("word/document.xml", b"<a b='" + b"x" * 100_000_000 + b"'/>")


def merges() -> bytes:
    data = '<row r="1"><c r="A1"><v>1</v></c></row><row r="999"><c r="ZZ9"><v>1</v></c></row>'
    merged = "".join(f'<mergeCell ref="A{n}:ZZ{n + 1}"/>' for n in range(1, 290_000))
    sheet = f"<worksheet {MAIN}><sheetData>{data}</sheetData><mergeCells>{merged}</mergeCells></worksheet>"
    return build.with_part(sample_bytes("xlsx"), SHEET, sheet)


def overlapping_merges() -> bytes:
    data = '<row r="9999"><c r="AA9999"><v>1</v></c></row>'
    merged = '<mergeCell ref="A1:XFD1048576"/>' * 1_000
    sheet = f"<worksheet {MAIN}><sheetData>{data}</sheetData><mergeCells>{merged}</mergeCells></worksheet>"
    return build.with_part(sample_bytes("xlsx"), SHEET, sheet)


def styles() -> bytes:
    cells = "<xf/>" * 1_000_000
    return build.with_part(
        sample_bytes("xlsx"),
        "xl/styles.xml",
        f"<styleSheet {MAIN}><cellXfs>{cells}</cellXfs></styleSheet>",
    )


def doctype() -> bytes:
    entity = '<!DOCTYPE a [<!ENTITY b "c">]><w:document ' + build.W + "><w:body/></w:document>"
    return with_entry("word/document.xml", entity.encode())


def doctype_utf16() -> bytes:
    entity = '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    return with_entry("word/document.xml", entity.encode("utf-16"))


def doctype_of_rels() -> bytes:
    entity = '<!DOCTYPE a SYSTEM "http://example.invalid/a.dtd"><a/>'
    return with_entry("word/_rels/document.xml.rels", entity.encode())


def laughs() -> bytes:
    names = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    return with_entry(
        "word/document.xml", f'<!DOCTYPE x [<!ENTITY a0 "ha">{names}]><x>&a11;</x>'.encode()
    )


def page_depth() -> bytes:
    return b"<html><body>" + b"<div>" * 500_000


def page_spans() -> bytes:
    return b"<html><table><tr>" + b"<td rowspan=60000 colspan=900>x" * 900 + b"<tr>" * 50_000


def long_line() -> bytes:
    return "一、".encode() * 3_000_000


#: What each is refused with.
BOMBS: dict[str, tuple[Callable[[], bytes], str]] = {
    "far-cell.xlsx": (far_cell, "sheet-too-large"),
    "blank-rows.xlsx": (blank_rows, "archive-too-large"),
    "shared-strings.xlsx": (shared_strings, "archive-too-large"),
    "ratio.docx": (ratio, "archive-too-large"),
    "total-size.docx": (total_size, "archive-too-large"),
    "entries.docx": (entries, "archive-too-large"),
    "nested.docx": (nested, "archive-too-large"),
    "nested-deep.docx": (nested_deep, "archive-too-large"),
    "giant-image.docx": (giant_image, "archive-too-large"),
    "shared-formula.xlsx": (shared_formula, "archive-too-large"),
    "many-styles.xlsx": (many_styles, "archive-too-large"),
    "wide-row.xlsx": (wide_row, "sheet-too-large"),
    "deep-runs.docx": (deep_runs, "unknown-form"),
    "overlapping.docx": (overlapping, "broken-archive"),
    "lying-size.docx": (lying_size, "broken-archive"),
    "deep-xml.docx": (deep_xml, "broken-archive"),
    "deep-tables.docx": (deep_tables, "unknown-form"),
    "long-attribute.docx": (long_attribute, "archive-too-large"),
    "merges.xlsx": (merges, "sheet-too-large"),
    "overlapping-merges.xlsx": (overlapping_merges, "sheet-too-large"),
    "styles.xlsx": (styles, "archive-too-large"),
    "doctype.docx": (doctype, "archive-doctype"),
    "doctype-utf16.docx": (doctype_utf16, "archive-doctype"),
    "doctype-rels.docx": (doctype_of_rels, "archive-doctype"),
    "laughs.docx": (laughs, "archive-doctype"),
    "page-depth.html": (page_depth, "broken-page"),
    "page-spans.html": (page_spans, "page-too-large"),
    "page-rows.html": (page_rows, "page-too-large"),
    "wide-page.html": (wide_page, "page-too-large"),
    "entities.html": (entities, "unknown-form"),
    "many-bytes.txt": (many_bytes, "file-too-large"),
    "long-line.txt": (long_line, "unknown-form"),
}


@cache
def bomb(name: str) -> bytes:
    return BOMBS[name][0]()
