"""Reading a filing, side by side with a library that merely walks all cells of the same file.

The sample as Word document, workbook, page and text, in one warm process. Each round reads a file
with other numbers, so that nothing is remembered from the round before but the words of the forms.
"""

import io
import random
import re
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import docx
import openpyxl
from lxml import html
from tests import build

from benchmarks.figures import spread
from jixiao.importers import read_document
from jixiao.importers.documents import Received, read_received

SAMPLE = Path(__file__).parent.parent / "tests/data/ziyang-justice-2022.txt"
ROUNDS = 25
#: What a reading may take, in milliseconds.
TARGETS = {"docx": 150, "xlsx": 100}
NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?%?")
Pieces = list[str | build.Rows]


def walk_word(content: bytes) -> list[str]:
    """Give the text of all cells and paragraphs, as python-docx has them."""
    document = docx.Document(io.BytesIO(content))
    cells = [c.text for table in document.tables for row in table.rows for c in row.cells]
    return cells + [paragraph.text for paragraph in document.paragraphs]


def walk_sheets(content: bytes) -> list[object]:
    """Give all values, as openpyxl has them."""
    book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    return [c.value for sheet in book for row in sheet.iter_rows() for c in row]


def walk_page(content: bytes) -> list[str]:
    """Give the text of all cells and paragraphs, as lxml has them."""
    root = html.document_fromstring(content)
    return [element.text_content() for element in root.iter("td", "th", "p")]


def walk_text(content: bytes) -> list[str]:
    """Give the lines."""
    return content.decode().splitlines()


def text_of(pieces: Pieces) -> bytes:
    """The sample's own text layout: one line a cell, a blank line between rows."""
    parts = [
        piece
        if isinstance(piece, str)
        else "\n\n".join("\n".join(f"\t{box.text}" for box in row) for row in piece) + "\n"
        for piece in pieces
    ]
    return "\n".join(parts).encode()


FORMATS: dict[str, tuple[Callable[[Pieces], bytes], Callable[[bytes], object], str]] = {
    "docx": (build.build_word, walk_word, "python-docx"),
    "xlsx": (build.build_sheet, walk_sheets, "openpyxl"),
    "html": (build.build_page, walk_page, "lxml"),
    "txt": (text_of, walk_text, "str.splitlines"),
}


def with_other_numbers(pieces: Pieces, chance: random.Random) -> Pieces:
    """The sample with every cell that is a number another number of as many digits."""
    for piece in pieces:
        for box in (box for row in piece if not isinstance(piece, str) for box in row):
            if NUMBER.fullmatch(box.text):
                box.text = re.sub("[1-9]", lambda _: str(chance.randint(1, 9)), box.text)
    return pieces


def measure_reading() -> dict[str, object]:
    """Read and walk by turns; give milliseconds of the clock and of the processor."""
    found: dict[str, object] = {}
    filing = read_document(SAMPLE)
    for ending, (make, walk, library) in FORMATS.items():
        chance = random.Random(ending)
        contents = [
            make(with_other_numbers(build.pieces_of(filing), chance)) for _ in range(ROUNDS + 2)
        ]

        def ours(content: bytes, name: str = f"sample.{ending}") -> object:
            return read_received((Received(name, content),))

        times = _by_turns(contents, {"jixiao": ours, library: walk})
        ratios = [a / b for a, b in zip(*(both["cpu"] for both in times.values()), strict=True)]
        found[ending] = {
            "bytes": len(contents[0]),
            "rounds": ROUNDS,
            "milliseconds": {
                name: {clock: spread(values, 1) for clock, values in both.items()}
                for name, both in times.items()
            },
            "ratio jixiao / library, cpu": spread(ratios, 2),
            **({"target": TARGETS[ending]} if ending in TARGETS else {}),
        }
        print(f"{ending}: {found[ending]}")
    return {
        "what": "the sample read whole, warm; libraries walk its cells and understand nothing",
        "versions": {name: version(name) for name in ("python-docx", "openpyxl", "lxml")},
        "formats": found,
    }


def _by_turns(
    contents: list[bytes], works: dict[str, Callable[[bytes], object]]
) -> dict[str, dict[str, list[float]]]:
    """Time each piece of work on each file in milliseconds; the first two rounds warm up."""
    times: dict[str, dict[str, list[float]]] = {name: {"wall": [], "cpu": []} for name in works}
    for number, content in enumerate(contents):
        for name, work in works.items():
            wall, cpu = time.perf_counter(), time.process_time()
            work(content)
            if number >= len(contents) - ROUNDS:
                times[name]["wall"].append(1000 * (time.perf_counter() - wall))
                times[name]["cpu"].append(1000 * (time.process_time() - cpu))
    return times
