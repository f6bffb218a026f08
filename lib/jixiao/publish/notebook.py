"""What travels in an executed notebook, and the bytes it is filed as (运行后的笔记本)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, TypeAlias

import nbformat
from nbformat import NotebookNode

from jixiao.errors import RunFailed
from jixiao.workspace import media

#: JSON of any shape, as it came out of a notebook.
Node: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that lies in the PDF (附件): ASCII name, mime type, what it is to the report."""

    name: str
    mime: str
    relationship: str
    description: str
    data: bytes


def notebook_bytes(nb: NotebookNode) -> bytes:
    """Give the bytes of ``report.ipynb``: canonical JSON of nbformat 4 and a newline."""
    text: str = nbformat.v4.writes(nb)
    return text.rstrip("\n").encode() + b"\n"


def json_bytes(value: object) -> bytes:
    """Give the bytes of a JSON file of a run: keys in their order, one space of indent.

    >>> json_bytes({"得分": 1})
    b'{\\n "\\xe5\\xbe\\x97\\xe5\\x88\\x86": 1\\n}\\n'
    """
    return json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False).encode() + b"\n"


def find_result(nb: NotebookNode) -> Node | None:
    """Give the judged result the last code cell displays, or None."""
    found = _last_data(nb).get(media.RESULT)
    return found if isinstance(found, dict) else None


def result_of(nb: NotebookNode) -> Node:
    """Give the judged result the last code cell displays (评价结果).

    Raises
    ------
    RunFailed : the last code cell shows no result, so the run did not reach its end.
    """
    found = find_result(nb)
    if found is None:
        raise RunFailed(
            "result-missing",
            "笔记本最后一个代码单元没有输出评价结果",
            expected=f"最后一个单元显示结果（{media.RESULT}）",
            action="请从头到尾重新运行笔记本，并保留最后的结果单元",
        )
    return found


def attachments_of(nb: NotebookNode) -> tuple[Attachment, ...]:
    """Give the files that are attached to the PDF; those of the result only if there is one."""
    data = _last_data(nb)
    files = [
        Attachment(
            "report.ipynb",
            "application/x-ipynb+json",
            "source",
            "生成本报告的笔记本（已运行）",
            notebook_bytes(nb),
        )
    ]
    if isinstance(data.get(media.RESULT), dict):
        files.append(_json_file("result.json", "data", "评价结果数据", data[media.RESULT]))
        if isinstance(data.get(media.READING), dict):
            files.append(
                _json_file("reading.json", "data", "自评材料的读取结果", data[media.READING])
            )
        if isinstance(data.get(media.RUBRIC), str):
            text = data[media.RUBRIC].encode()
            files.append(
                Attachment("rubric.yaml", "application/yaml", "supplement", "评分规则", text)
            )
    return tuple(files)


def _json_file(name: str, relationship: str, description: str, value: Node) -> Attachment:
    return Attachment(name, "application/json", relationship, description, json_bytes(value))


def _last_data(nb: NotebookNode) -> Node:
    """Give the mimebundle of the last code cell that carries the result, else an empty one."""
    code_cells = [cell for cell in nb.cells if cell.cell_type == "code" and cell.source.strip()]
    if code_cells:
        for output in reversed(code_cells[-1].get("outputs", [])):
            data: Node = output.get("data", {})
            if media.RESULT in data:
                return data
    return {}
