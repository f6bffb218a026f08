"""Containers that are broken, huge, locked, or something else: refused by name (A01–A12, A41)."""

import io
import os
import time
import zipfile
from pathlib import Path

import pytest
from tests import build
from tests.bombs import BOMBS, bomb
from tests.formats import codes, read_bytes, sample_bytes, values

from jixiao.errors import BadFile
from jixiao.importers import read_document

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def refused(folder: Path, content: bytes, name: str = "a.docx") -> BadFile:
    with pytest.raises(BadFile) as caught:
        read_bytes(folder, content, name)
    assert name in str(caught.value)
    assert caught.value.action
    return caught.value


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_by_name_within_seconds(tmp_path: Path, name: str) -> None:
    content = bomb(name)
    started = time.process_time()
    error = refused(tmp_path, content, name)
    assert error.code == BOMBS[name][1]
    assert time.process_time() - started < 5


# --- A01, A02: damaged ---


@pytest.mark.parametrize("ending", ["docx", "xlsx"])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.7, 0.99])
def test_a_file_cut_short_is_refused(tmp_path: Path, ending: str, share: float) -> None:
    content = sample_bytes(ending)
    assert refused(tmp_path, content[: int(len(content) * share)]).code == "broken-archive"


def test_a_wrong_checksum_names_the_part(tmp_path: Path) -> None:
    content = bytearray(sample_bytes("docx"))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entry = archive.getinfo("word/document.xml")
    content[entry.header_offset + 30 + len(entry.filename) + entry.compress_size // 2] ^= 0xFF
    error = refused(tmp_path, bytes(content))
    assert error.code == "broken-archive"
    assert "word/document.xml" in error.what


@pytest.mark.parametrize(
    ("ending", "part"),
    [
        ("docx", "word/document.xml"),
        ("xlsx", "xl/worksheets/sheet1.xml"),
        ("xlsx", "xl/styles.xml"),
    ],
)
def test_broken_xml_names_the_part_and_the_place(tmp_path: Path, ending: str, part: str) -> None:
    content = build.with_part(sample_bytes(ending), part, "<a>\n<b></a>")
    error = refused(tmp_path, content)
    assert error.code == "broken-archive"
    assert part in error.what
    assert "第2行" in error.what


@pytest.mark.parametrize(
    ("ending", "part"), [("docx", "word/document.xml"), ("xlsx", "xl/workbook.xml")]
)
def test_a_missing_part_is_said(tmp_path: Path, ending: str, part: str) -> None:
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(sample_bytes(ending))) as before,
        zipfile.ZipFile(stream, "w") as after,
    ):
        for name in before.namelist():
            if name != part:
                after.writestr(name, before.read(name))
    assert refused(tmp_path, stream.getvalue()).code == "broken-archive"


# --- A07–A10, A12: of a kind that is not read ---


def office(stream: str) -> bytes:
    return OLE + b"\0" * 504 + stream.encode("utf-16-le") + b"\0" * 64


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (office("WordDocument"), "unsupported-format", "旧版 Word 或 WPS"),
        (office("Workbook"), "unsupported-format", "旧版 Excel 或 WPS"),
        (office("PowerPoint Document"), "unsupported-format", "演示文稿"),
        (office("EncryptedPackage"), "encrypted", "取消密码"),
        (b"%PDF-1.7\n", "unsupported-format", "扫描件不能读入"),
        (b"\x89PNG\r\n\x1a\n", "unsupported-format", "图片（PNG）"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "unsupported-format", "图片（JPEG）"),
        (b"II*\0", "unsupported-format", "图片（TIFF）"),
        (b"{\\rtf1}", "unsupported-format", "RTF"),
        (b"MIME-Version: 1.0\r\n", "unsupported-format", ".mht"),
        (b"<?xml version='1.0'?><w:wordDocument/>", "unsupported-format", "XML"),
    ],
)
def test_other_kinds_are_recognised_and_refused(
    tmp_path: Path, content: bytes, code: str, words: str
) -> None:
    error = refused(tmp_path, content)
    assert error.code == code
    assert words in str(error)


def container(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), data)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (container(OFD_xml=b"<a/>"), "OFD"),
        (container(ppt__presentation_xml=b"<a/>"), "pptx"),
        (container(content_xml=b"<a/>"), "OpenDocument"),
        (container(readme=b"1"), "压缩包（zip）"),
    ],
)
def test_other_containers_are_recognised(tmp_path: Path, content: bytes, words: str) -> None:
    error = refused(tmp_path, content)
    assert (error.code, words in error.what) == ("unsupported-format", True)


@pytest.mark.parametrize("ending", ["docx", "xlsx"])
def test_a_file_with_macros_is_refused(tmp_path: Path, ending: str) -> None:
    folder = "word" if ending == "docx" else "xl"
    content = build.with_part(sample_bytes(ending), f"{folder}/vbaProject.bin", b"\0")
    assert refused(tmp_path, content).code == "macro-file"


def test_a_locked_entry_is_said_to_be_encrypted(tmp_path: Path) -> None:
    content = bytearray(sample_bytes("docx"))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entry = archive.getinfo("word/document.xml")
    at = content.rindex(b"word/document.xml") - 46
    content[at + 8] |= 1
    content[entry.header_offset + 6] |= 1
    assert refused(tmp_path, bytes(content)).code == "encrypted"


def test_an_outside_target_is_not_opened(tmp_path: Path) -> None:
    relation = (
        '<Relationship Id="rId98" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/attachedTemplate" Target="http://example.invalid/a.dotm"'
        ' TargetMode="External"/></Relationships>'
    )
    content = build.with_part(
        sample_bytes("docx"), "word/_rels/document.xml.rels", relation, "</Relationships>"
    )
    assert values(read_bytes(tmp_path, content, "a.docx"))["unit"] == "益阳市资阳区司法局"


# --- A11: the name says one thing, the content another ---


@pytest.mark.parametrize("ending", ["docx", "xlsx", "html"])
@pytest.mark.parametrize("name", ["a.docx", "a.xlsx", "a.html", "a.txt", "a.xls", "a.pdf"])
def test_the_content_decides_and_a_false_ending_is_said(
    tmp_path: Path, ending: str, name: str
) -> None:
    found = read_bytes(tmp_path, sample_bytes(ending), name)
    assert found.document.format == ending
    expected = [] if name == f"a.{ending}" else ["extension-mismatch"]
    assert codes(found) == expected
    if expected:
        assert f".{ending}" in found.problems[0].message


# --- A42: not a file at all ---


def test_a_pipe_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.docx")
    with pytest.raises(BadFile) as caught:
        read_document(tmp_path / "pipe.docx")
    assert caught.value.code == "unreadable-file"
