"""The documents of a unit's year (申报文件): which count, which were replaced, unchanged or not.

A restated filing is a new edition (版次). ``filing`` lists the edition that counts, ``superseded``
the earlier ones; their documents stay where they are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from jixiao.errors import BadFile
from jixiao.model import Amendment
from jixiao.workspace.corrections import read_corrections
from jixiao.workspace.files import cause_of, digest_bytes
from jixiao.workspace.yaml_file import (
    Keyed,
    expect_keys,
    mappings_of,
    optional_of,
    place_of,
    text_of,
    value_of,
)

_SHA256 = re.compile(r"[0-9a-f]{64}")
_NAME = re.compile(r"(?:edition-[1-9][0-9]?/)?(?P<name>[^/\\]+)")
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class FiledDocument:
    """One document as received, with the sha256 it had; ``name`` is its path below the year."""

    path: Path
    sha256: str
    name: str


@dataclass(frozen=True, slots=True)
class Edition:
    """A filing that a later one replaced (旧版): its documents, when it was replaced, and why.

    ``amendments`` are the corrections made to it; ``projects`` gives the id of each by its name.
    """

    number: int
    documents: tuple[FiledDocument, ...]
    on: str
    reason: str
    amendments: tuple[Amendment, ...] = ()
    projects: Mapping[str, str] = field(default_factory=dict)


def read_documents(entry: Keyed, folder: Path, where: str) -> tuple[FiledDocument, ...]:
    """Read the list under ``filing``.

    Raises
    ------
    BadFile : not a file name, not a sha256, or a file listed twice.
    """
    documents: list[FiledDocument] = []
    place = f"{where} 的 filing"
    for filed in mappings_of(entry, "filing", where):
        expect_keys(filed, place, required=("file", "sha256"), optional=("received_as",))
        name = text_of(filed, "file", place)
        match = _NAME.fullmatch(name)
        bare = match["name"] if match else ""
        if not bare or bare.startswith(".") or len(name.encode()) > _LONGEST_NAME:
            raise BadFile(
                "filing-name",
                f"“{name}”不是文件名",
                where=f"{place} 第{filed.lines['file']}行",
                expected="同一单位、年度目录下的文件名，例如 “filing.docx”",
            )
        sha256 = value_of(filed, "sha256", str, place)
        if not _SHA256.fullmatch(sha256):
            raise BadFile(
                "filing-digest",
                f"“{sha256}”不是 sha256",
                where=f"{place} 第{filed.lines['sha256']}行",
                expected="64 位十六进制小写数字",
            )
        optional_of(filed, "received_as", str, place)
        if name in (document.name for document in documents):
            raise BadFile(
                "filing-twice",
                f"“{name}”列了两次",
                where=f"{place} 第{filed.lines['file']}行",
                expected="每份文件列一次",
            )
        documents.append(FiledDocument(folder / name, sha256, name))
    return tuple(documents)


def read_superseded(entry: Keyed, folder: Path, where: str) -> tuple[Edition, ...]:
    """Read the earlier editions under ``superseded``, whose numbers run from 1 to the last.

    Raises
    ------
    BadFile : numbers that leave a gap, or an ``edition`` that is not the one after them.
    """
    editions: list[Edition] = []
    for number, old in enumerate(mappings_of(entry, "superseded", where), start=1):
        place = f"{where} 的 superseded"
        keys = ("edition", "on", "reason", "filing")
        expect_keys(old, place, required=keys, optional=("corrections", "projects"))
        _expect_number(old, number, place)
        documents = read_documents(old, folder, place)
        reason = text_of(old, "reason", place)
        projects = {
            text_of(listed, "name", place): text_of(listed, "id", place)
            for listed in mappings_of(old, "projects", place)
        }
        amendments = read_corrections(old, place)
        on = text_of(old, "on", place)
        editions.append(Edition(number, documents, on, reason, amendments, projects))
    if "edition" in entry or editions:
        _expect_number(entry, len(editions) + 1, where)
    return tuple(editions)


def _expect_number(entry: Keyed, number: int, where: str) -> None:
    found = value_of(entry, "edition", int, where)
    if found != number:
        raise BadFile(
            "edition-number",
            f"edition 是 {found}",
            where=f"{where} 第{entry.lines['edition']}行",
            expected=f"{number}：各版从 1 起连续编号，旧版列在 superseded",
        )


def check_documents(documents: Sequence[FiledDocument], listed_in: str) -> None:
    """Check that every document is there and unchanged.

    Raises
    ------
    BadFile : ``filing-missing`` or ``filing-changed``.
    """
    for document in documents:
        open_document(document, listed_in)


def open_document(document: FiledDocument, listed_in: str) -> bytes:
    """Give the bytes of a document, which are those that were filed.

    Raises
    ------
    BadFile : ``filing-missing`` or ``filing-changed``.
    """
    where = place_of(document.path)
    if not document.path.is_file():
        raise BadFile(
            "filing-missing",
            "没有这份文件",
            where=where,
            expected=f"{listed_in} 的 filing 所列的文件",
            action="请把原件放回原处，或修改 filing",
        )
    try:
        content = document.path.read_bytes()
    except OSError as error:
        raise BadFile(
            "file-unreadable",
            f"读不到文件（{cause_of(error)}）",
            where=where,
            action="请检查文件的权限",
        ) from error
    if (found := digest_bytes(content)) != document.sha256:
        raise BadFile(
            "filing-changed",
            f"文件与登记的不同：现在的 sha256 是 {found}",
            where=where,
            expected=f"{document.sha256}（{listed_in}）",
            action="请放回原件；如确是新收到的文件，请用 jixiao intake 登记为新的一版",
        )
    return content
