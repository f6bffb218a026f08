"""What a file is and where it comes from: content against name, entities, outside targets, links."""

import hashlib
import io
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from tests import build
from tests.formats import SAMPLE, codes, read_bytes, sample_bytes, values

from jixiao.errors import BadFile
from jixiao.importers import documents, read_document
from jixiao.model import Filing

ENDINGS = ("docx", "xlsx", "html")
UNIT = "益阳市资阳区司法局"


def ole(stream: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + stream.encode("utf-16-le")


def archive(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as out:
        for name, data in parts.items():
            out.writestr(name, data)
    return stream.getvalue()


# --- A11: eight kinds of content under eight names ---

CONTENTS: dict[str, tuple[Callable[[], bytes], str]] = {
    "docx": (lambda: sample_bytes("docx"), ""),
    "xlsx": (lambda: sample_bytes("xlsx"), ""),
    "html": (lambda: sample_bytes("html"), ""),
    "text": (SAMPLE.read_bytes, ""),
    "doc": (lambda: ole("WordDocument"), "旧版 Word"),
    "xls": (lambda: ole("Workbook"), "旧版 Excel"),
    "pdf": (lambda: b"%PDF-1.7\n", "PDF"),
    "zip": (lambda: archive(readme=b"1"), "压缩包"),
}
NAMES = ("docx", "xlsx", "html", "txt", "doc", "xls", "pdf", "zip")
FITTING = {"docx": "docx", "xlsx": "xlsx", "html": "html", "text": "txt"}


@pytest.mark.parametrize("ending", NAMES)
@pytest.mark.parametrize("kind", CONTENTS)
def test_the_content_decides_whatever_the_name(tmp_path: Path, kind: str, ending: str) -> None:
    make, refusal = CONTENTS[kind]
    if refusal:
        with pytest.raises(BadFile) as caught:
            read_bytes(tmp_path, make(), f"a.{ending}")
        assert caught.value.code == "unsupported-format"
        assert refusal in caught.value.what
        assert f"a.{ending}" in caught.value.where
        return
    found = read_bytes(tmp_path, make(), f"a.{ending}")
    assert found.documents[0].format == kind
    assert found.unit == UNIT
    assert codes(found) == ([] if FITTING[kind] == ending else ["extension-mismatch"])


# --- A05, A06: no entity is ever resolved, in no part ---

PARTS = {
    "docx": ("word/document.xml", "word/styles.xml", "word/_rels/document.xml.rels",
             "[Content_Types].xml", "docProps/core.xml"),
    "xlsx": ("xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml",
             "xl/_rels/workbook.xml.rels", "docProps/app.xml"),
}  # fmt: skip
DECLARATIONS = {
    "a file": '<!DOCTYPE a [<!ENTITY b SYSTEM "file://{secret}">]>',
    "an address": '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd">',
    "a parameter": '<!DOCTYPE a [<!ENTITY % b SYSTEM "file://{secret}"> %b;]>',
    "laughs": '<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;">]>',
}
CASES = [(ending, part) for ending, parts in PARTS.items() for part in parts]
#: Reads a file and prints every file and address that was reached for meanwhile.
WATCHED = """
import sys
from jixiao.errors import BadFile
from jixiao.importers.documents import Received, read_received
import docx, openpyxl
from openpyxl.reader.excel import ExcelReader
with open(sys.argv[1], "rb") as file:
    content = file.read()
reached = []
def watch(event, arguments):
    if event in ("open", "socket.connect", "socket.getaddrinfo", "subprocess.Popen"):
        reached.append(f"{event} {arguments[0]}")
sys.addaudithook(watch)
try:
    read_received((Received(sys.argv[1], content),))
    print("read")
except BadFile as error:
    print(error.code)
print(*(line for line in reached if not line.endswith((".py", ".pyc", ".yaml", ".pyi"))), sep="\\n")
"""


def watched(path: Path) -> tuple[str, list[str]]:
    """How the reading ended, and what it reached for besides code."""
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, str(path)], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    ended, *reached = done.stdout.split("\n")
    return ended, [line for line in reached if line]


@pytest.mark.parametrize("declared", DECLARATIONS)
@pytest.mark.parametrize(("ending", "part"), CASES)
def test_a_declaration_in_any_part_is_refused(
    tmp_path: Path, ending: str, part: str, declared: str
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("机密")
    with zipfile.ZipFile(io.BytesIO(sample_bytes(ending))) as parts:
        text = parts.read(part).decode()
    head, _, rest = text.rpartition("?>") if text.startswith("<?xml") else ("", "", text)
    declaration = DECLARATIONS[declared].format(secret=secret)
    spoiled = f"{head}?>{declaration}{rest}" if head else declaration + rest
    with pytest.raises(BadFile) as caught:
        read_bytes(tmp_path, build.with_part(sample_bytes(ending), part, spoiled), f"a.{ending}")
    assert caught.value.code == "archive-doctype"
    assert part in caught.value.what
    assert "机密" not in str(caught.value)


@pytest.mark.parametrize("declared", ["a file", "an address", "a parameter"])
@pytest.mark.parametrize("ending", ["docx", "html"])
def test_no_file_or_address_is_reached_for(tmp_path: Path, ending: str, declared: str) -> None:
    declaration = DECLARATIONS[declared].format(secret=tmp_path / "secret")
    (tmp_path / "secret").write_text("机密")
    if ending == "docx":
        content = build.with_part(
            sample_bytes("docx"), "word/document.xml", f"{declaration}<w:document {build.W}/>"
        )
    else:
        content = declaration.encode() + sample_bytes("html").replace("司法局".encode(), b"&b;", 1)
    path = tmp_path / f"a.{ending}"
    path.write_bytes(content)
    _, reached = watched(path)
    assert reached == []


# --- A08: links, fields and embedded documents are never followed ---

EXTERNAL = (
    '<Relationship Id="rId97" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/{kind}" Target="http://127.0.0.1:9/a" TargetMode="External"/></Relationships>'
)


@pytest.mark.parametrize(
    ("ending", "kind"),
    [
        ("docx", "attachedTemplate"), ("docx", "image"), ("docx", "footnotes"), ("docx", "frame"),
        ("xlsx", "externalLinkPath"), ("xlsx", "oleObject"), ("xlsx", "connections"),
    ],
)  # fmt: skip
def test_an_outside_target_is_not_followed(tmp_path: Path, ending: str, kind: str) -> None:
    part = "word/_rels/document.xml.rels" if ending == "docx" else "xl/_rels/workbook.xml.rels"
    relation = EXTERNAL.format(kind=kind)
    content = build.with_part(sample_bytes(ending), part, relation, "</Relationships>")
    path = tmp_path / f"a.{ending}"
    path.write_bytes(content)
    assert values(read_document(path)) == values(
        read_bytes(tmp_path, sample_bytes(ending), f"b.{ending}")
    )
    assert watched(path) == ("read", [])


def test_a_field_that_would_start_a_program_is_text_no_one_reads(tmp_path: Path) -> None:
    cell = '<w:t xml:space="preserve">1008.22</w:t>'
    field = (
        '<w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>DDEAUTO c:\\\\cmd "/k calc"'
        '</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r>'
    )
    content = build.with_part(sample_bytes("docx"), "word/document.xml", field + cell, cell)
    found = read_bytes(tmp_path, content, "a.docx")
    assert values(found) == values(read_bytes(tmp_path, sample_bytes("docx"), "b.docx"))


def with_object(program: str) -> bytes:
    cell = '<w:t xml:space="preserve">1008.22</w:t>'
    inner = (
        '<w:object><o:OLEObject xmlns:o="urn:schemas-microsoft-com:office:office" Type="Embed" '
        f'ProgID="{program}"/></w:object>'
    )
    content = build.with_part(sample_bytes("docx"), "word/document.xml", cell + inner, cell)
    return build.with_part(content, "word/embeddings/sheet1.xlsx", sample_bytes("xlsx"))


@pytest.mark.parametrize(
    ("program", "expected"),
    [("Excel.Sheet.12", ["text-not-read"]), ("Equation.3", [])],
)
def test_a_document_in_a_document_is_not_opened_but_said(
    tmp_path: Path, program: str, expected: list[str]
) -> None:
    found = read_bytes(tmp_path, with_object(program), "a.docx")
    assert found.unit == UNIT
    assert sorted(set(codes(found))) == expected
    if expected:
        source = found.problems[0].source
        assert source is not None
        assert source.text == "1008.22"


# --- A42, A43: one file, read once ---


@pytest.mark.parametrize("target", ["a.docx", "/dev/zero", "/dev/stdin", "nowhere"])
def test_a_link_is_no_file(tmp_path: Path, target: str) -> None:
    (tmp_path / "a.docx").write_bytes(sample_bytes("docx"))
    (tmp_path / "link.docx").symlink_to(target)
    with pytest.raises(BadFile) as caught:
        read_document(tmp_path / "link.docx")
    assert caught.value.code == "unreadable-file"
    assert "链接" in caught.value.what


@pytest.mark.parametrize("path", ["/dev/null", "/dev/zero"])
def test_a_device_is_no_file(path: str) -> None:
    with pytest.raises(BadFile) as caught:
        read_document(Path(path))
    assert caught.value.code == "unreadable-file"


def test_a_pipe_nobody_writes_to_stops_nothing(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.docx")
    with pytest.raises(BadFile, match="不是普通文件"):
        read_document(tmp_path / "pipe.docx")


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_file_that_changes_meanwhile_is_read_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    """What is hashed is what is read: the bytes are taken once."""
    path = tmp_path / f"a.{ending}"
    path.write_bytes(sample_bytes(ending))
    kind_of = documents.kind_of

    def change(content: bytes, where: str) -> str:
        path.write_bytes(b"%PDF-1.7")
        return kind_of(content, where)

    monkeypatch.setattr(documents, "kind_of", change)
    found: Filing = read_document(path)
    assert found.documents[0].sha256 == hashlib.sha256(sample_bytes(ending)).hexdigest()
    assert found.unit == UNIT
