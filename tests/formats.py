"""What the tests of the formats share: the sample built in each, and readings without addresses."""

from functools import cache
from pathlib import Path
from typing import Any

from tests import build

from jixiao.importers import read_document, reading_as_json
from jixiao.importers.documents import Received, read_received
from jixiao.model import Filing

SAMPLE = Path(__file__).parent / "data" / "ziyang-justice-2022.txt"
BUILDERS = {"docx": build.build_word, "xlsx": build.build_sheet, "html": build.build_page}
ADDRESSES = (
    "cells",
    "source",
    "document",
    "documents",
    "where",
    "address",
    "line",
    "row",
    "column",
    "table",
    "part",
)


@cache
def sample_bytes(ending: str) -> bytes:
    """The sample filing in one format."""
    return BUILDERS[ending](build.pieces_of(read_document(SAMPLE)))


def read_bytes(folder: Path, content: bytes, name: str) -> Filing:
    path = folder / name
    path.write_bytes(content)
    return read_document(path)


def read_content(content: bytes, name: str) -> Filing:
    return read_received((Received(name, content),))


def without_addresses(found: Any) -> Any:
    """JSON without the places, which differ from format to format."""
    if isinstance(found, dict):
        return {k: without_addresses(v) for k, v in found.items() if k not in ADDRESSES}
    return [without_addresses(item) for item in found] if isinstance(found, list) else found


def values(filing: Filing) -> Any:
    return without_addresses(reading_as_json(filing, raw=True))


def codes(filing: Filing) -> list[str]:
    return [problem.code for problem in filing.problems]
