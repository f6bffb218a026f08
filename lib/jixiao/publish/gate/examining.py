"""Looking through the files of a run (逐个文件检查), before they are published."""

from __future__ import annotations

import json
import zlib
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pikepdf

from jixiao.datum import UNSEEN
from jixiao.model import KIND_WORDS, private_data
from jixiao.publish.gate.collecting import Collector, name_place
from jixiao.publish.gate.pdf_text import read_pdf
from jixiao.publish.gate.traces import Traces

#: Between two texts; no private datum reaches over it.
_APART = "\n。\n"
#: Of a value that must not be shown, so much is.
_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that must not be published (不能公开的内容): kind, file, place; ``shown`` is masked."""

    kind: str
    file: str
    place: str
    shown: str

    @property
    def words(self) -> str:
        """The hit in words.

        >>> Hit("手机号", "report.html", "#c1-2-3", "138****8000").words
        'report.html（#c1-2-3）手机号 “138****8000”'
        """
        return f"{self.file}（{self.place}）{self.kind} “{self.shown}”"


def examine_files(files: Mapping[str, bytes], traces: Traces) -> tuple[Hit, ...]:
    """Look through every file; nothing but their bytes counts.

    Parameters
    ----------
    files : by name: .ipynb, .json, .html, .pdf, .yaml; another kind is refused, because nobody
        looked.
    """
    found = Collector()
    hits: list[Hit] = []
    for name, data in files.items():
        hits += _collect(found, name, data, files)
    hits += [Hit("活动内容", file, name_place(place), what) for file, place, what in found.alive]
    for text, (file, place) in found.texts.items():
        for kind, value in traces.found_in(text):
            hits.append(Hit(kind, file, name_place(place), f"{value[:_SHOWN]}…"))
    hits += _private(found)
    return tuple(dict.fromkeys(hits))


def _collect(found: Collector, name: str, data: bytes, files: Mapping[str, bytes]) -> Iterator[Hit]:
    """Take what a file says; files inside a PDF that are published beside it are looked at once."""
    ending = name.rpartition(".")[2]
    if ending in ("json", "ipynb"):
        found.add_json(name, json.loads(data))
    elif ending == "html":
        found.add_html(name, data.decode("utf-8", "replace"))
    elif ending == "yaml":
        for number, line in enumerate(data.decode("utf-8", "replace").split("\n"), start=1):
            found.add(name, f"第{number}行", line)
    elif ending == "pdf":
        yield from _collect_pdf(found, name, data, files)
    else:
        yield Hit("没有检查过的文件", name, "全文", f".{ending}")


def _collect_pdf(
    found: Collector, name: str, data: bytes, files: Mapping[str, bytes]
) -> Iterator[Hit]:
    try:
        content = read_pdf(data)
    except (pikepdf.PdfError, zlib.error) as error:
        yield Hit("读不出的 PDF", name, "全文", type(error).__name__)
        return
    if content.undecoded:
        yield Hit("读不出的文字", name, "全文", f"{content.undecoded} 个字")
    if content.is_active:
        found.alive.append((name, "文档", "打开时执行的动作"))
    for link in content.links:
        found.alive.append((name, "链接", f"外部地址 {link[:60]}"))
    for place, text in content.texts:
        found.add(name, place, text)
    for inside, attached in content.attached.items():
        if files.get(inside) != attached:
            yield from _collect(found, inside, attached, {})


def _private(found: Collector) -> Iterator[Hit]:
    """Find private data in all texts at once: each pattern goes over them a single time."""
    looked = [text for text in found.texts if text.strip() not in found.amounts]
    hides = UNSEEN.search("".join(looked)) is not None
    seen = [UNSEEN.sub("", text) for text in looked] if hides else looked
    starts, position = [], 0
    for text in seen:
        starts.append(position)
        position += len(text) + len(_APART)
    joined = _APART.join(seen)
    for datum in private_data(joined):
        if joined[datum.start : datum.end] in found.amounts:
            continue  # a sentence quotes an amount of the data
        file, place = found.texts[looked[bisect_right(starts, datum.start) - 1]]
        yield Hit(KIND_WORDS[datum.kind], file, name_place(place), datum.masked)
