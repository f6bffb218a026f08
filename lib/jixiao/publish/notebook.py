"""What travels in an executed notebook, and the bytes it is filed as (运行后的笔记本)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

from nbformat import NotebookNode

from jixiao.errors import RunFailed
from jixiao.publish.canonical import canonical
from jixiao.workspace import media

#: JSON of any shape, as it came out of a notebook.
Node: TypeAlias = dict[str, Any]
#: Besides ``text/…``, what nbformat splits into lines.
_MIMES_IN_LINES = ("application/javascript", "image/svg+xml")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that lies in the PDF (附件): ASCII name, mime type, what it is to the report."""

    name: str
    mime: str
    relationship: str
    description: str
    data: bytes


def notebook_bytes(nb: NotebookNode) -> bytes:
    """Give the bytes of ``report.ipynb``: what nbformat 4 writes, and a newline at the end."""
    fresh = dict(nb)
    fresh["metadata"] = _without(nb.metadata, ("orig_nbformat", "orig_nbformat_minor", "signature"))
    fresh["cells"] = [_cell_in_lines(cell) for cell in nb.cells]
    return canonical(fresh, sort_keys=True).encode() + b"\n"


def json_bytes(value: object) -> bytes:
    r"""Give the bytes of a JSON file of a run: keys in their order, one space of indent.

    >>> json_bytes({"得分": 1}).decode()
    '{\n "得分": 1\n}\n'
    """
    return canonical(value).encode() + b"\n"


def _cell_in_lines(cell: NotebookNode) -> Node:
    """Split what nbformat splits into lines, so that a notebook compares well."""
    fresh = dict(cell)
    fresh["metadata"] = _without(cell.metadata, ("trusted",))
    if isinstance(cell.get("source"), str):
        fresh["source"] = cell.source.splitlines(True)
    if "attachments" in cell:
        attachments = cell.attachments.items()
        fresh["attachments"] = {name: _bundle_in_lines(bundle) for name, bundle in attachments}
    if cell.cell_type == "code":
        fresh["outputs"] = [_output_in_lines(output) for output in cell.outputs]
    return fresh


def _output_in_lines(output: NotebookNode) -> Node:
    if output.output_type == "stream" and isinstance(output.text, str):
        return dict(output) | {"text": output.text.splitlines(True)}
    if output.output_type in ("execute_result", "display_data"):
        return dict(output) | {"data": _bundle_in_lines(output.get("data", {}))}
    return output


def _bundle_in_lines(bundle: Node) -> Node:
    return {
        mime: text.splitlines(True)
        if isinstance(text, str) and (mime.startswith("text/") or mime in _MIMES_IN_LINES)
        else text
        for mime, text in bundle.items()
    }


def _without(metadata: Node, keys: tuple[str, ...]) -> Node:
    return {key: value for key, value in metadata.items() if key not in keys}


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
            action="请从头到尾重新运行笔记本；自己写的笔记本，最后一格写 "
            "tables.show_result(judgement, unit, audience)，例子见 department_evaluation.ipynb",
        )
    return found


def attachments_of(nb: NotebookNode, notebook: bytes | None = None) -> tuple[Attachment, ...]:
    """Give the files that are attached to the PDF; those of the result only if there is one.

    Parameters
    ----------
    notebook : what `notebook_bytes` gave, where it is at hand already.
    """
    data = _last_data(nb)
    files = [
        Attachment(
            "report.ipynb",
            "application/x-ipynb+json",
            "source",
            "生成本报告的笔记本（已运行）",
            notebook_bytes(nb) if notebook is None else notebook,
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
