"""One way to meet each problem and each refusal of the importers: code by code, for test_messages."""

import io
import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import openpyxl
from tests import build
from tests.bombs import bomb
from tests.conftest import ROOT
from tests.formats import SAMPLE, sample_bytes
from tests.small_form import INDICATOR_HEADER, SmallForm, Written, read_form

from jixiao.errors import BadFile
from jixiao.importers import name_projects, read_document, safely
from jixiao.importers.documents import Received, read_received
from jixiao.importers.finding_list import read_finding_list
from jixiao.importers.folder import receive
from jixiao.importers.intake import Sent, take_in
from jixiao.importers.opening import open_filing
from jixiao.importers.results import open_results
from jixiao.model import Amendment, Problem
from jixiao.workspace.places import Workspace

TEXT = SAMPLE.read_text("utf-8")
FORM = SmallForm()
PUBLISHED = ROOT / "tests/data/published"
FILINGS = ROOT / "tests/data/filings"
WATER = "05-tianchang-water-2022.txt"
CHONGQING = "09-chongqing-science-city-media-2021.txt"
Met = BadFile | Problem
ROSTER = """units:
  - {id: ziyang-justice, names: [{name: %s}], parent: null, level: county, region: 湘}
  - {id: ziyang-audit, names: [{name: 益阳市资阳区审计局}], parent: null, level: county, region: 湘}
"""
NAME = "益阳市资阳区司法局"


@dataclass(frozen=True)
class Place:
    """Where an example makes its files."""

    folder: Path

    def file(self, content: bytes | str, name: str = "filing.txt") -> list[Met]:
        """What reading a file of this content meets."""
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return self.met(lambda: read_document(path).problems)

    def form(self, form: SmallForm, ending: str = "docx") -> list[Met]:
        return self.met(lambda: read_form(self.folder, form, ending=ending).problems)

    def met(self, work: Callable[[], tuple[Problem, ...]]) -> list[Met]:
        try:
            return list(work())
        except BadFile as error:
            return [error]

    def workspace(self, name: str = NAME) -> Workspace:
        root = self.folder / "own"
        (root / "params/units").mkdir(parents=True, exist_ok=True)
        (root / "params/units/roster.yaml").write_text(ROSTER % name, "utf-8")
        return Workspace(root)

    def taken_in(self, unit: str = "ziyang-justice", year: int = 2022, *, sure: bool = False):
        path = self.folder / "report.txt"
        path.write_text(TEXT, "utf-8")
        sent = Sent(path, unit, year, "", "2023-05-04")
        return take_in(self.workspace(), sent, lambda _: sure)

    def opened(self, name: str, year: int) -> list[Met]:
        """What opening a registered filing meets whose register forgot that it names another."""
        path = self.folder / "report.txt"
        path.write_text(TEXT, "utf-8")
        workspace = self.workspace(name)
        take_in(workspace, Sent(path, "ziyang-justice", year, "", "2023-05-04"), lambda _: True)
        file = workspace.unit_file("ziyang-justice", year)
        lines = file.read_text("utf-8").splitlines(keepends=True)
        file.write_text("".join(line for line in lines if "filed_as" not in line), "utf-8")
        return list(open_filing("ziyang-justice", year, workspace).problems)


def changed(old: str, new: str) -> Callable[[Place], list[Met]]:
    assert old in TEXT
    return lambda place: place.file(TEXT.replace(old, new, 1))


def small(**changes) -> Callable[[Place], list[Met]]:
    return lambda place: place.form(replace(FORM, **changes))


def budget(*cells: str) -> Callable[[Place], list[Met]]:
    return lambda place: place.form(FORM.with_budget(*cells))


def read_as(content: Callable[[], bytes], name: str) -> Callable[[Place], list[Met]]:
    return lambda place: place.file(content(), name)


def in_sheet(new: str) -> Callable[[Place], list[Met]]:
    content = Written((FORM,)).content("xlsx")
    part = "xl/worksheets/sheet1.xml"
    return lambda place: place.file(
        build.with_part(content, part, new, "<v>19.62</v></c>"), "form.xlsx"
    )


def amended(*amendments: Amendment) -> Callable[[Place], list[Met]]:
    files = (Received("filing.txt", TEXT.encode()),)
    return lambda place: place.met(lambda: read_received(files, amendments).problems)


def part_of_a_line(place: Place) -> list[Met]:
    files = (Received("filing.txt", (FILINGS / "14-linxiang-forestry-2023.txt").read_bytes()),)
    put_in = read_received(files).grids[0].rows[9].cells[1]
    mistaken = (amendment(put_in.address, ""),)
    return place.met(lambda: read_received(files, mistaken).problems)


def amendment(at: str, expect: str) -> Amendment:
    return Amendment(None, at, expect, "1", "单位来函更正", "张某某", "2023-05-04")


def word(inner: str) -> Callable[[Place], list[Met]]:
    body = (
        f"<w:p {build.W}><w:r><w:t>绩效自评报告</w:t></w:r></w:p>",
        f"<w:p {build.W}>{inner}</w:p>",
    )
    return lambda place: place.file(build.word_of(body), "report.docx")


def many_files(place: Place) -> list[Met]:
    (place.folder / "sent").mkdir()
    return place.met(lambda: receive(place.folder / "sent"))


def second_edition(place: Place) -> list[Met]:
    place.taken_in()
    path = place.folder / "second.txt"
    path.write_text(TEXT.replace("969.65", "969.66"), "utf-8")
    sent = Sent(path, "ziyang-justice", 2022, "", "2023-06-04")
    return place.met(lambda: take_in(place.workspace(), sent, lambda _: True).filing.problems)


def superseded(place: Place) -> list[Met]:
    second = place.folder / "second.txt"
    place.taken_in()
    second.write_text(TEXT.replace("969.65", "969.66"), "utf-8")
    sent = Sent(second, "ziyang-justice", 2022, "更正", "2023-06-04")
    take_in(place.workspace(), sent, lambda _: True)
    return place.met(lambda: place.taken_in().filing.problems)


def named(names: dict[str, str]) -> Callable[[Place], list[Met]]:
    filing = read_document(SAMPLE)
    return lambda place: place.met(lambda: name_projects(filing, names).problems)


def died(code: int, error: bytes = b"") -> Callable[[Place], list[Met]]:
    """What a child that ends so leads to; running one that does is in test_safely."""
    done = subprocess.CompletedProcess((), code, b"", error)
    return lambda place: [safely._died(done, "filing.docx")]


def hidden_row() -> bytes:
    content = Written((FORM,)).content("xlsx")
    book = openpyxl.load_workbook(io.BytesIO(content))
    book.active.row_dimensions[6].hidden = True
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def unreadable(place: Place) -> list[Met]:
    path = place.folder / "pipe.txt"
    os.mkfifo(path)
    return place.met(lambda: read_document(path).problems)


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
NO_HEADER = ("评议事项", "甲类", "乙类", "丙类", "愿望", "所得", "轻重", "评语", "附言")
ROW = "\t2、普法宣传支出\n\t14\n\t12\n\t12\n"


def finding_list(*rows: tuple[str, ...] | str) -> Callable[[Place], list[Met]]:
    """A list of findings that came back: its rows, or no workbook at all."""

    def work() -> tuple[Problem, ...]:
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        stream = io.BytesIO()
        book.save(stream)
        read_finding_list(stream.getvalue() if rows else b"text", "list.xlsx")
        return ()

    return lambda place: place.met(work)


EXAMPLES: dict[str, Callable[[Place], list[Met]]] = {
    "ambiguous-column": small(indicator_header=(*INDICATOR_HEADER[:7], "权重", "得分")),
    "amount-negative": budget("38", "38", "（19.62）", "10", "", "0"),
    "archive-doctype": read_as(lambda: bomb("doctype.docx"), "a.docx"),
    "archive-too-large": read_as(lambda: bomb("entries.docx"), "a.docx"),
    "broken-archive": read_as(lambda: sample_bytes("docx")[:3000], "a.docx"),
    "broken-page": read_as(lambda: bomb("page-depth.html"), "a.html"),
    "cell-error": in_sheet("<v>1e400</v></c>"),
    "cells-lost": lambda place: place.file((FILINGS / WATER).read_bytes()),
    "control-character": changed("受理行政复议案件50件", "受理\u202e行政复议案件50件"),
    "correction-address": amended(amendment("附件9 第1行第1列", "1")),
    "correction-expect": amended(amendment("附件2 第3行第5列", "1")),
    "correction-part": part_of_a_line,
    "correction-twice": amended(*[amendment("附件2 第3行第5列", "1008.22")] * 2),
    "edition-reason": second_edition,
    "edition-superseded": superseded,
    "empty-file": lambda place: place.file(""),
    "empty-rows": small(indicators=(*FORM.indicators, ("", "", "", "指标2：", "", "", "", "", ""))),
    "encoding": lambda place: place.file(TEXT.encode("big5", "ignore")),
    "encrypted": lambda place: place.file(OLE + "EncryptedPackage".encode("utf-16-le"), "a.docx"),
    "extension-mismatch": lambda place: place.file(TEXT, "filing.docx"),
    "file-not-read": lambda place: list(
        read_received((Received("a.txt", TEXT.encode()), Received("b.pdf", b"%PDF-1.7"))).problems
    ),
    "file-too-large": lambda place: place.file(b"x" * 20_000_001),
    "filing-folder": many_files,
    "formula-without-value": in_sheet("<f>1+1</f></c>"),
    "finding-list-columns": finding_list(("单位", "问题")),
    "finding-list-format": finding_list(),
    "finding-list-rows": finding_list(
        ("单位编号", "年度", "自评", "编号", "首个出处", "指纹", "决定", "理由", "复核人", "日期"),
        ("a", "2022", "department", "A-02", "附件2", "0123456789ab", "同意", "", "", ""),
    ),
    "header-not-understood": small(indicator_header=NO_HEADER),
    "hidden-rows": lambda place: place.file(hidden_row(), "form.xlsx"),
    "hidden-text": word("<w:r><w:rPr><w:vanish/></w:rPr><w:t>内部掌握</w:t></w:r>"),
    "is-a-folder": lambda place: place.met(lambda: read_document(place.folder).problems),
    "macro-file": read_as(
        lambda: build.with_part(sample_bytes("docx"), "word/vbaProject.bin", b"\0"), "a.docx"
    ),
    "merged-cells-lost": read_as((PUBLISHED / "hainan-short-rows-2023.html").read_bytes, "a.html"),
    "money-unit-implausible": budget("38", "38", "196200", "10", "", "5.16"),
    "money-unit-missing": small(budget_header=("项目资金", *FORM.budget_header[1:])),
    "money-unit-mixed": budget("38", "38", "196200元", "10", "51.63%", "5.16"),
    "money-unit-unknown": small(budget_header=("项目资金（美元）", *FORM.budget_header[1:])),
    "no-results": lambda place: place.met(lambda: open_results(2019, "project", "", place.workspace())),
    "no-such-file": lambda place: place.met(lambda: read_document(place.folder / "x.txt").problems),
    "not-text": lambda place: place.file(b"ab\0cd"),
    "ocr-operator": lambda place: place.file((FILINGS / CHONGQING).read_bytes()),
    "page-too-large": read_as(lambda: bomb("page-spans.html"), "a.html"),
    "pending-revisions": word('<w:ins w:id="1" w:author="a"><w:r><w:t>增</w:t></w:r></w:ins>'),
    "percent-or-ratio": budget("38", "38", "19.62", "10", "0.5163", "5.16"),
    "private-use-character": changed("受理行政复议案件50件", "受理\ue123行政复议案件50件"),
    "project-id-twice": named({"社区矫正": "department"}),
    "project-not-in-filing": named({"普法宣传": "publicity"}),
    "reader-crashed": died(-11),
    "reader-timeout": died(-9),
    "replacement-character": changed("受理行政复议案件50件", "受理行政复议\ufffd件50件"),
    "row-repeated": changed(ROW, f"{ROW}\n{ROW}"),
    "rows-not-read": small(top=(("人数", "12", "15"),)),
    "sheet-too-large": read_as(lambda: bomb("far-cell.xlsx"), "a.xlsx"),
    "table-ends-early": changed("\t总分\n\t100分\n\t100分\n", ""),
    "template-prompt": small(below=(("其他需要说明事项", "（限200字以内）"),)),
    "text-not-read": read_as(
        lambda: build.word_of([f"<w:p {build.W}><w:r><w:t>绩效自评报告</w:t></w:r></w:p>",
                               f'<w:altChunk {build.W} />']), "report.docx"
    ),
    "unit-differs": lambda place: [
        *place.met(lambda: place.taken_in("ziyang-audit").filing.problems),
        *place.opened("另一个单位", 2022),
    ],
    "unit-missing": lambda place: place.file((FILINGS / CHONGQING).read_bytes()),
    "unknown-column": small(indicator_header=(*INDICATOR_HEADER[:8], "附言")),
    "unknown-form": lambda place: place.file("今天天气很好。"),
    "unknown-row": changed("\t2.全年排查出矛盾纠纷\n", "\t2.全年排查出矛盾纠纷\n\t多一格\n"),
    "unknown-table": lambda place: place.file(
        build.build_word([*build.pieces_of(read_document(SAMPLE)), [[build.Box("甲"), build.Box("乙")]]]),
        "a.docx",
    ),
    "unreadable-file": unreadable,
    "unreadable-number": budget("38", "38", "约20", "10", "", "5.16"),
    "unsupported-format": lambda place: place.file(b"%PDF-1.7", "a.pdf"),
    "year-differs": lambda place: [
        *place.met(lambda: place.taken_in(year=2021).filing.problems),
        *place.opened(NAME, 2021),
    ],
    "year-missing": small(above=("项目支出绩效自评表",)),
}  # fmt: skip
