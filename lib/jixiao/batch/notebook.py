"""A notebook as the input and the output of a run (笔记本): parameters declared, no traces.

Parameters are read from the cell tagged ``parameters``: ``year: int = 2022  # 评价年度``.
"""

from __future__ import annotations

import ast
import json
import re
import sys
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

import nbformat
from nbformat import NotebookNode

import jixiao
from jixiao.errors import BadFile, UnknownName
from jixiao.workspace.files import digest_bytes
from jixiao.workspace.known import Signature, signature_of

Value: TypeAlias = str | int | bool
_TYPES: Mapping[str, type[Value]] = {"str": str, "int": int, "bool": bool}
_TYPE_WORDS = {str: "文字", int: "整数", bool: "true 或 false"}
_DECLARATION = "例如 “year: int = 2022  # 评价年度”"
_TAG = "parameters"
_INJECTED = "injected-parameters"
_ASCII = re.compile(r"[ -~]*")
_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_CELL_FILE = re.compile(r"(?<![^\s\"'])[^\s\"']*ipykernel_\d+[/\\]\d+\.py")
_KERNEL_FOLDER = re.compile(r"(?<![^\s\"'])[^\s\"']*jixiao-kernel-\d+-[^/\\\s\"']+")
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]{6,}")
#: Stable, whatever the interpreter of the day calls itself.
_KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
_LANGUAGE = {"name": "python", "file_extension": ".py", "mimetype": "text/x-python"}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A declared parameter (参数): its type, default and help."""

    name: str
    type: type[Value]
    default: Value
    help: str


def read_notebook(path: Path) -> NotebookNode:
    """Read a notebook; cells without an id get one by their place.

    Raises
    ------
    BadFile : missing, or not a notebook.
    """
    where = f"notebooks/{path.name}"
    if not path.is_file():
        there = "、".join(sorted(found.stem for found in path.parent.glob("*.ipynb")))
        raise BadFile(
            "notebook-missing",
            "没有这个笔记本",
            where=where,
            expected=f"notebooks 目录中的文件，不写 .ipynb：{there or '（尚无）'}",
            action="请改正名字，或把笔记本放进 notebooks 目录",
        )
    try:
        raw = json.loads(path.read_bytes())
        for number, cell in enumerate(raw["cells"], start=1):
            cell.setdefault("id", f"cell-{number:03d}")
            cell.setdefault("metadata", {})
        raw["nbformat"], raw["nbformat_minor"] = 4, max(5, int(raw.get("nbformat_minor", 0)))
        nb: NotebookNode = nbformat.reads(json.dumps(raw), as_version=4)
        nbformat.validate(nb)
    except (ValueError, KeyError, TypeError, nbformat.ValidationError) as error:
        raise BadFile(
            "notebook-broken",
            "不是完好的笔记本文件",
            where=where,
            action="请用 JupyterLab 打开检查",
        ) from error
    return nb


def declared_parameters(nb: NotebookNode, where: str = "") -> tuple[Parameter, ...]:
    """Read the declarations in the cell tagged ``parameters``; `where` names it in errors.

    Raises
    ------
    BadFile : a line that is not ``name: str|int|bool = literal  # help``.
    """
    tagged = [cell for cell in nb.cells if _TAG in cell.metadata.get("tags", [])]
    if len(tagged) != 1:
        raise BadFile(
            "notebook-parameters",
            f"有 {len(tagged)} 个标签为 parameters 的单元格",
            where=where,
            expected="一个",
            action="请在 JupyterLab 的单元格属性中给声明参数的那一格加上标签 parameters",
        )
    source = str(tagged[0].source)
    lines = source.splitlines()
    try:
        statements = ast.parse(source).body
    except SyntaxError as error:
        raise BadFile(
            "notebook-parameters",
            f"parameters 单元格第 {error.lineno} 行不是 Python 代码",
            where=where,
            expected=_DECLARATION,
            action="请改正这一行",
        ) from error
    return tuple(_declared(statement, lines, where) for statement in statements)


def check_parameters(
    declared: tuple[Parameter, ...], given: Mapping[str, Value], where: str = ""
) -> None:
    """Check names, types and characters before any kernel starts; `where` names the notebook.

    Raises
    ------
    UnknownName : ``unknown-parameter``.
    BadFile : ``parameter-type`` or ``parameter-text``.
    """
    known = {parameter.name: parameter for parameter in declared}
    for name, value in given.items():
        if name not in known:
            raise UnknownName(
                "unknown-parameter",
                f"没有参数 “{name}”",
                where=where,
                expected=f"笔记本声明的参数之一：{'、'.join(known) or '（尚无）'}",
                action="请改正名字，或在笔记本标签为 parameters 的单元格里声明它",
            )
        if type(value) is not known[name].type:
            raise BadFile(
                "parameter-type",
                f"参数 {name} 的值 “{value}” 类型不对",
                where=where,
                expected=f"{_TYPE_WORDS[known[name].type]}（{known[name].type.__name__}）",
                action="请改正这个值",
            )
        if isinstance(value, str) and not _ASCII.fullmatch(value):
            raise BadFile(
                "parameter-text",
                f"参数 {name} 的值 “{value}” 不是 ASCII",
                where=where,
                expected="编号",
                action="请改用编号",
            )


@dataclass(frozen=True, slots=True)
class KnownNotebook:
    """What planning needs of a notebook: what it declares, and the digest of what decides in it."""

    declared: tuple[Parameter, ...]
    sha256: str


def known_notebook(path: Path) -> KnownNotebook:
    """Read what planning needs of a notebook, once as long as it is the same.

    Raises
    ------
    BadFile : missing, no notebook, or a mistaken declaration.
    """
    return _known(signature_of(path))


@lru_cache(maxsize=64)
def _known(signature: Signature) -> KnownNotebook:
    path = Path(signature[0])
    nb = read_notebook(path)
    declared = declared_parameters(nb, where=f"notebooks/{path.name}")
    return KnownNotebook(declared, digest_bytes(source_bytes(nb)))


def source_bytes(nb: NotebookNode) -> bytes:
    """Give the bytes of a notebook that decide its run: no outputs, no counts."""
    cells = [
        {
            "id": cell.id,
            "type": cell.cell_type,
            "source": cell.source,
            "tags": cell.metadata.get("tags", []),
        }
        for cell in nb.cells
    ]
    return json.dumps(cells, ensure_ascii=False, sort_keys=True).encode()


def normalise(nb: NotebookNode, workspace: Path) -> NotebookNode:
    """Take from an executed notebook, in place, what would differ between two runs.

    Cell ids are those of the notebook's file, the injected cell's is fixed; times, paths of
    the machine, memory addresses and the interpreter's names go.
    """
    kept = {key: nb.metadata[key] for key in ("jixiao", "title") if key in nb.metadata}
    nb.metadata = nbformat.from_dict(kept | {"kernelspec": _KERNELSPEC, "language_info": _LANGUAGE})
    nb.nbformat, nb.nbformat_minor = 4, 5
    for cell in nb.cells:
        cell.metadata.pop("execution", None)
        if not cell.metadata.get("tags"):
            cell.metadata.pop("tags", None)
        elif _INJECTED in cell.metadata.tags:
            cell.id = _INJECTED
        for output in cell.get("outputs", ()):
            _scrub_output(output, workspace)
    return nb


def scrub(text: str, workspace: Path) -> str:
    """Replace the machine's paths in a text by names that are the same everywhere."""
    text = _KERNEL_FOLDER.sub("<kernel>", _CELL_FILE.sub("<cell>", text))
    for folder, name in _folders(workspace):
        text = re.sub(re.escape(folder) + r"(?![\w.-])", name, text)
    return text


def without_colours(text: str) -> str:
    """Remove the terminal's colours from a text."""
    return _ANSI.sub("", text)


def _scrub_output(output: NotebookNode, workspace: Path) -> None:
    match output.output_type:
        case "stream":
            output.text = scrub(output.text, workspace)
        case "error":
            output.evalue = scrub(output.evalue, workspace)
            output.traceback = [scrub(line, workspace) for line in output.traceback]
        case _:
            plain = output.data.get("text/plain")
            if isinstance(plain, str):
                output.data["text/plain"] = _ADDRESS.sub("", scrub(plain, workspace))


def _folders(workspace: Path) -> list[tuple[str, str]]:
    """List the machine's folders with their stand-ins, the longest first."""
    paths = sysconfig.get_paths()
    named = {
        str(Path.home()): "~",
        sys.prefix: "<environment>",
        paths["stdlib"]: "<python>",
        paths["purelib"]: "<packages>",
        str(workspace): "<workspace>",
        str(Path(jixiao.__file__).parent): "<jixiao>",
    }
    longest_first = sorted(named.items(), key=lambda pair: -len(pair[0]))
    return [(folder, name) for folder, name in longest_first if len(folder) > 1]


def _declared(statement: ast.stmt, lines: list[str], where: str) -> Parameter:
    match statement:
        case ast.AnnAssign(
            target=ast.Name(id=name), annotation=ast.Name(id=kind), value=ast.expr() as value
        ) if kind in _TYPES:
            default = _literal(value)
            if type(default) is _TYPES[kind]:
                comment = lines[statement.lineno - 1].partition("#")[2].strip()
                return Parameter(name, _TYPES[kind], default, comment)
    raise BadFile(
        "notebook-parameters",
        f"parameters 单元格第 {statement.lineno} 行 “{lines[statement.lineno - 1]}” 不是参数声明",
        where=where,
        expected=_DECLARATION,
        action="请写明类型（str、int 或 bool）和默认值",
    )


def _literal(value: ast.expr) -> Value | None:
    try:
        literal = ast.literal_eval(value)
    except ValueError:
        return None
    return literal if isinstance(literal, str | int | bool) else None
