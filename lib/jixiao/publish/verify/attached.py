"""What is attached to a PDF (PDF 附件), taken out again and held against the run's own files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf

from jixiao.errors import BadFile
from jixiao.publish.verify.folder import Manifest
from jixiao.workspace import media
from jixiao.workspace.runs import RESULT

NOTEBOOK, PDF = "report.ipynb", "report.pdf"
READING, RUBRIC = "reading.json", "rubric.yaml"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What scores are computed again from (核算依据): result, reading, rule book.

    ``where`` names the file they were taken from; ``reading`` and ``rubric`` are None in a report
    that carries none, such as a comparison.
    """

    where: str
    result: Mapping[str, Any]
    reading: Mapping[str, Any] | None
    rubric: str | None


def check_attachments(manifest: Manifest) -> int:
    """Take the attachments out of the PDF and compare those that the folder has too; count them.

    Returns
    -------
    How many files are attached; 0 in a run without a PDF.

    Raises
    ------
    BadFile : an attachment is missing, or not what the folder and the notebook have.
    """
    if PDF not in manifest.files:
        return 0
    attached = attachments_of_pdf(manifest.folder / PDF)
    for name in (NOTEBOOK, RESULT):
        if name not in attached:
            raise _differs(manifest.folder / PDF, f"没有附件 {name}", "附有笔记本与结果的 PDF")
        if name in manifest.files and (manifest.folder / name).read_bytes() != attached[name]:
            raise _differs(
                manifest.folder / PDF, f"附件 {name} 与目录里的不同", f"与 {name} 相同的附件"
            )
    carried = _carried(json.loads(attached[NOTEBOOK]))
    for name, mime in ((READING, media.READING), (RESULT, media.RESULT)):
        if name in attached and json.loads(attached[name]) != carried.get(mime):
            raise _differs(
                manifest.folder / PDF, f"附件 {name} 与笔记本里的不同", "笔记本结果单元所载的内容"
            )
    if RUBRIC in attached and attached[RUBRIC].decode() != _text(carried.get(media.RUBRIC)):
        raise _differs(manifest.folder / PDF, f"附件 {RUBRIC} 与笔记本里的不同", "笔记本所载的规则")
    return len(attached)


def evidence_of(manifest: Manifest) -> Evidence:
    """Take what the scores rest on, from the PDF where there is one, else from the notebook.

    Raises
    ------
    BadFile : neither is there, or it holds no result.
    """
    folder = manifest.folder
    if PDF in manifest.files:
        attached = attachments_of_pdf(folder / PDF)
        where = f"{folder / PDF} 的附件"
        result = json.loads(attached[RESULT])
        reading = json.loads(attached[READING]) if READING in attached else None
        rubric = attached[RUBRIC].decode() if RUBRIC in attached else None
        return Evidence(where, result, reading, rubric)
    if NOTEBOOK not in manifest.files:
        raise _differs(folder, "没有 PDF，也没有笔记本，无从核算", "附有读取结果与规则的报告")
    carried = _carried(json.loads((folder / NOTEBOOK).read_bytes()))
    result = carried.get(media.RESULT)
    if not isinstance(result, dict):
        raise _differs(folder / NOTEBOOK, "笔记本没有评价结果", "已运行完的笔记本")
    rubric = _text(carried.get(media.RUBRIC)) or None
    return Evidence(str(folder / NOTEBOOK), result, carried.get(media.READING), rubric)


def attachments_of_pdf(path: Path) -> dict[str, bytes]:
    """Give the files attached to a PDF by name.

    Raises
    ------
    BadFile : no PDF that can be read.
    """
    try:
        with pikepdf.open(path) as document:
            return {
                name: entry.get_file().read_bytes() for name, entry in document.attachments.items()
            }
    except (pikepdf.PdfError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise _differs(path, "读不出附件", "本工作台写出的 PDF") from error


def _carried(notebook: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give the bundle of the last output that carries a result."""
    for cell in reversed(notebook["cells"]):
        for output in reversed(cell.get("outputs", [])):
            data: Mapping[str, Any] = output.get("data", {})
            if media.RESULT in data:
                return data
    return {}


def _text(value: object) -> str:
    return "".join(value) if isinstance(value, list) else str(value or "")


def _differs(path: Path, what: str, expected: str) -> BadFile:
    return BadFile(
        "attachment-differs",
        what,
        where=str(path),
        expected=expected,
        action="请不要采用这份报告，从存档或重新运行取得原件",
    )
