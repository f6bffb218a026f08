"""The stairs of DESIGN.md §2, proved from the imports of every module of the house.

A room imports only from floors below it, never sideways; the rooms that judge are pure; one room
writes files. The rules are read from the source (``ast``), so nothing of the house is executed.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[1] / "lib" / "jixiao"

# From the ground up. Rooms on one floor do not know each other.
STAIRS = (
    ("errors",),
    ("datum",),
    ("model",),
    ("workspace",),
    ("importers", "rubric"),
    ("scoring",),
    ("audit", "cohort"),
    ("tables", "charts"),
    ("publish",),
    ("kernels",),
    ("batch",),
    ("cli",),
)
FLOOR = {room: height for height, rooms in enumerate(STAIRS) for room in rooms}
TOP = STAIRS[-1][0]

# Rooms that judge: the same filing gives the same answer, anywhere and always. Everything they may
# import from outside the house is here; what touches files, clocks, chance, or the machine is not.
JUDGEMENT = frozenset({"datum", "model", "scoring", "audit", "cohort"})
# fmt: off
PURE = frozenset({
    "__future__", "abc", "bisect", "collections", "contextlib", "copy", "dataclasses", "decimal",
    "difflib", "enum", "fractions", "functools", "graphlib", "hashlib", "heapq", "html",
    "itertools", "json", "keyword", "math", "numbers", "operator", "re", "statistics", "string",
    "textwrap", "types", "typing", "unicodedata",
})
# fmt: on
# They answer out of tables of their own packages: numbering plans, check digits.
TABLES = frozenset({"phonenumbers", "stdnum"})
IMPURE_NAMES = frozenset({"open", "input", "print", "exec", "eval", "__import__"})

WRITER = "workspace"
WRITING_FUNCTIONS = frozenset(
    {f"os.{name}" for name in ("link", "rename", "renames", "replace", "symlink", "truncate")}
    | {f"shutil.{name}" for name in ("copy", "copy2", "copyfile", "copytree", "move")}
    | {f"tempfile.{name}" for name in ("NamedTemporaryFile", "mkstemp")}
    | {"nbformat.write"}
)
WRITING_METHODS = frozenset({"hardlink_to", "symlink_to", "write_bytes", "write_text"})
OPENERS = frozenset({"open", "io.open", "codecs.open", "bz2.open", "gzip.open", "lzma.open"})
WRITING_FLAGS = frozenset({"os.O_APPEND", "os.O_CREAT", "os.O_RDWR", "os.O_WRONLY"})

BUILTINS = frozenset({"open", "__import__"})

Import = tuple[ast.AST, str]  # the statement, the full dotted name it brings in


def violations(house: Path) -> list[str]:
    """Every broken rule below `house`, as ``path:line: what``, in order."""
    found = []
    for path in sorted(house.rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"), str(path))
        parts = path.relative_to(house.parent).with_suffix("").parts
        package = parts[:-1]
        name = parts[:-1] if parts[-1] == "__init__" else parts
        room = "cli" if name[1:] == ("__main__",) else (name[1] if len(name) > 1 else "")
        place = path.relative_to(house.parent).as_posix()
        found += [
            f"{place}:{getattr(node, 'lineno', 0)}: {what}"
            for node, what in _broken(tree, package, room)
        ]
    return found


def _broken(tree: ast.Module, package: tuple[str, ...], room: str) -> Iterator[tuple[ast.AST, str]]:
    imports = list(_imports(tree, package))
    if room and room not in FLOOR:
        yield tree, f"{room} is not a room of DESIGN.md §2"
        return
    for node, name in imports:
        yield from _broken_import(node, name, room)
    yield from _hidden_imports(tree, package, room)
    yield from _dynamic_imports(tree, imports)
    if room in JUDGEMENT:
        yield from _impure(tree, imports, room)
    if room != WRITER:
        yield from _writing(tree, imports)


def _imports(tree: ast.AST, package: tuple[str, ...]) -> Iterator[Import]:
    """Every import below `tree`, in function bodies and under TYPE_CHECKING too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node, alias.name
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else ()
            base = (*start, *(node.module or "").split(".")) if node.module else start
            for alias in node.names:
                yield node, ".".join((*base, alias.name))


def _broken_import(node: ast.AST, name: str, room: str) -> Iterator[tuple[ast.AST, str]]:
    top, _, rest = name.partition(".")
    if top == "notebooks":
        yield node, "nothing imports a notebook"
    if top != "jixiao":
        return
    other = rest.partition(".")[0]
    if not other or other.startswith("__") or other == room:
        return  # `import jixiao`, `from jixiao import __version__`, the room's own modules
    if not room:
        yield node, f"jixiao/__init__.py imports {other}: it stands below every room"
    elif other not in FLOOR:
        yield node, f"{room} imports {other}, which is not a room of DESIGN.md §2"
    elif FLOOR[other] == FLOOR[room]:
        yield node, f"{room} imports {other}: sideways"
    elif FLOOR[other] > FLOOR[room]:
        yield node, f"{room} imports {other}: up the stairs"


def _hidden_imports(
    tree: ast.Module, package: tuple[str, ...], room: str
) -> Iterator[tuple[ast.AST, str]]:
    """Imports of the house in function bodies, where a cycle would go unseen.

    The top floor may import lower rooms late: nobody imports it, so no cycle can pass through it,
    and `jixiao --help` need not load the notebook stack.
    """
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        for node, name in _imports(function, package):
            own = name.split(".")[1:2] == [room]
            if name.split(".")[0] == "jixiao" and (room != TOP or own):
                yield node, f"imports {name} inside a function"


def _dynamic_imports(tree: ast.Module, imports: list[Import]) -> Iterator[tuple[ast.AST, str]]:
    names = _bound_names(imports)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        if _dotted(node.func, names) in {"importlib.import_module", "__import__"}:
            target = node.args[0] if node.args else None
            if not isinstance(target, ast.Constant) or "jixiao" in str(target.value):
                yield node, "imports by a computed name, which hides the stairs"


def _impure(tree: ast.Module, imports: list[Import], room: str) -> Iterator[tuple[ast.AST, str]]:
    for node, name in imports:
        top = name.partition(".")[0]
        if top not in PURE | TABLES and top not in {"jixiao", "notebooks"}:
            yield node, f"{room} judges, so it must not import {top}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in IMPURE_NAMES:
            yield node, f"{room} judges, so it must not use {node.id}"


def _writing(tree: ast.Module, imports: list[Import]) -> Iterator[tuple[ast.AST, str]]:
    """Calls that put bytes on the disk. Not seen: libraries given a path (``to_csv``, ``savefig``)."""
    names = _bound_names(imports)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = _dotted(node.func, names)
        method = _last(node.func) if isinstance(node.func, ast.Attribute) else ""
        if called in WRITING_FUNCTIONS or method in WRITING_METHODS:
            yield node, f"{called or method} writes a file; only {WRITER} does"
        elif called == "os.open":
            flags = {_dotted(part, names) for part in ast.walk(node)}
            if flags & WRITING_FLAGS:
                yield node, f"os.open for writing; only {WRITER} does"
        elif method in {"rename", "replace"} and _moves_a_path(node):
            yield node, f"{method} moves a file; only {WRITER} does"
        elif called in OPENERS and _may_write(node, position=1):
            yield node, f"{called} for writing; only {WRITER} does"
        elif method == "open" and called not in OPENERS and _may_write(node, position=0):
            yield node, f"{method} for writing; only {WRITER} does"


def _may_write(call: ast.Call, position: int) -> bool:
    """Whether the mode says so, or is not written out where it can be read."""
    mode = next((word.value for word in call.keywords if word.arg == "mode"), None)
    if mode is None and len(call.args) > position:
        mode = call.args[position]
        if position == 0 and not isinstance(mode, ast.Constant):
            return False  # the first argument of a method need not be a mode: Image.open(path)
    if mode is None:
        return False
    if not isinstance(mode, ast.Constant):
        return True
    text = str(mode.value)
    return bool(set(text) & set("wax+")) and set(text) <= set("rwaxbtU+")


def _moves_a_path(call: ast.Call) -> bool:
    """``path.replace(target)``: text takes two arguments, a table a dict or keywords."""
    tables = ast.Dict | ast.DictComp | ast.Starred
    return len(call.args) == 1 and not call.keywords and not isinstance(call.args[0], tables)


def _bound_names(imports: list[Import]) -> dict[str, str]:
    """Local name → dotted name: ``from os import replace as swap`` makes swap os.replace."""
    names: dict[str, str] = {}
    for node, name in imports:
        for alias in node.names if isinstance(node, ast.Import | ast.ImportFrom) else ():
            if isinstance(node, ast.Import) and not alias.asname:
                names[alias.name.partition(".")[0]] = alias.name.partition(".")[0]
            elif alias.name in {name, name.rpartition(".")[2]}:
                names[alias.asname or alias.name] = name
    return names


def _dotted(node: ast.AST, names: dict[str, str]) -> str:
    """``os.replace`` for a name or an attribute of an imported module, else ''."""
    if isinstance(node, ast.Name):
        return names.get(node.id, node.id if node.id in BUILTINS else "")
    if isinstance(node, ast.Attribute):
        owner = _dotted(node.value, names)
        return f"{owner}.{node.attr}" if owner else ""
    return ""


def _last(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


# ---------------------------------------------------------------- the house


def test_every_room_imports_only_from_floors_below():
    assert violations(HOUSE) == []


def test_the_pure_modules_are_part_of_python():
    assert sys.stdlib_module_names >= PURE


# ------------------------------------------------- the proof can fail


def plant(root: Path, modules: dict[str, str]) -> Path:
    house = root / "jixiao"
    for place, source in {"__init__.py": "", **modules}.items():
        path = house / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source, "utf-8")
    return house


SOUND = {
    "errors.py": "class JixiaoError(Exception): pass",
    "datum.py": "from decimal import Decimal\nfrom jixiao.errors import JixiaoError",
    "workspace.py": "import os\nopen('x', 'wb')\nos.replace('x', 'y')\nPath('x').write_text('')",
    "importers/docx.py": "from .grid import Grid\nfrom ..datum import Datum\nopen('x', 'rb')",
    "importers/grid.py": "from jixiao import errors, __version__\nPath('x').open()\nopen('x')",
    "scoring/__init__.py": "import jixiao.rubric\nfrom collections.abc import Iterator",
    "tables.py": "import pandas\ndf.rename({'a': 'b'})\ndf.rename(columns=c)\ns.replace('a', 'w')",
    "publish.py": "def late():\n    import typst\nImage.open('wax.png')\nImage.open(path)",
    "cli.py": "def main():\n    from jixiao.batch import run",
    "__main__.py": "from jixiao.cli import main",
}


def test_a_sound_house_passes(tmp_path):
    assert violations(plant(tmp_path, SOUND)) == []


def test_an_empty_house_passes(tmp_path):
    assert violations(plant(tmp_path, {})) == []
    assert violations(tmp_path / "nowhere") == []


@pytest.mark.parametrize(
    ("module", "source", "expected"),
    [
        # the stairs
        ("datum.py", "from jixiao.model import Filing", "datum imports model: up the stairs"),
        ("scoring/x.py", "from ..audit import examine", "scoring imports audit: up the stairs"),
        ("scoring/x.py", "from .. import charts", "scoring imports charts: up the stairs"),
        ("audit/__init__.py", "from .. import cohort", "audit imports cohort: sideways"),
        ("importers/x.py", "import jixiao.rubric.law", "importers imports rubric: sideways"),
        ("tables.py", "from jixiao import charts", "tables imports charts: sideways"),
        ("publish/x.py", "def f():\n    from jixiao import batch", "publish imports batch: up the"),
        ("publish.py", "if TYPE_CHECKING:\n    from jixiao.cli import main", "publish imports cli"),
        ("__init__.py", "from jixiao.datum import Datum", "imports datum: it stands below every"),
        ("__init__.py", "from .cli import main", "imports cli: it stands below every"),
        ("helpers.py", "", "helpers is not a room"),
        ("cli.py", "from jixiao.helpers import x", "cli imports helpers, which is not a room"),
        ("batch/x.py", "import notebooks.intake", "nothing imports a notebook"),
        # hidden imports
        ("batch/x.py", "def f():\n    from jixiao import datum", "jixiao.datum inside a function"),
        ("batch/x.py", "def f():\n    from .plan import Plan", "jixiao.batch.plan.Plan inside a"),
        ("cli/x.py", "def f():\n    from .words import w", "jixiao.cli.words.w inside a function"),
        ("batch.py", "from importlib import import_module as i\ni(x)", "computed name"),
        ("batch.py", "import importlib\nimportlib.import_module('jixiao.cli')", "computed name"),
        # purity
        *[
            (f"{room}/x.py", f"import {module}", f"{room} judges, so it must not import {module}")
            for room in sorted(JUDGEMENT)
            for module in ("pandas", "os", "datetime", "random")
        ],
        ("audit/x.py", "from pathlib import Path", "must not import pathlib"),
        ("scoring/x.py", "import matplotlib.pyplot as plt", "must not import matplotlib"),
        ("scoring/x.py", "def f():\n    import time", "must not import time"),
        ("cohort.py", "import numpy", "must not import numpy"),
        ("model.py", "open('x')", "must not use open"),
        ("model.py", "__import__('os')", "must not use __import__"),
        # one writer
        ("publish.py", "open('x', 'w')", "open for writing"),
        ("publish.py", "open('x', mode='ab')", "open for writing"),
        ("publish.py", "open('x', mode)", "open for writing"),
        ("publish.py", "import io\nio.open('x', 'r+')", "io.open for writing"),
        ("batch.py", "from gzip import open as zipped\nzipped('x', 'wt')", "gzip.open for writing"),
        ("batch/log.py", "path.open('a', encoding='utf-8')", "open for writing"),
        ("batch.py", "temporary.replace(final)", "replace moves a file"),
        ("batch.py", "temporary.rename(final)", "rename moves a file"),
        ("batch.py", "path.open(mode=how)", "open for writing"),
        ("batch.py", "Path('x').write_text('')", "write_text writes a file"),
        ("tables.py", "path.write_bytes(b'')", "write_bytes writes a file"),
        ("kernels.py", "import os\nos.rename('a', 'b')", "os.rename writes a file"),
        (
            "kernels.py",
            "from os import replace as swap\nswap('a', 'b')",
            "os.replace writes a file",
        ),
        ("cli.py", "import os as system\nsystem.replace('a', 'b')", "os.replace writes a file"),
        ("cli.py", "import shutil\nshutil.move('a', 'b')", "shutil.move writes a file"),
        ("importers.py", "import os\nos.open('x', os.O_CREAT | os.O_EXCL)", "os.open for writing"),
    ],
)
def test_a_planted_violation_is_found(tmp_path, module, source, expected):
    found = violations(plant(tmp_path, {module: source}))
    assert any(expected in line for line in found), found
    assert found[0].startswith(f"jixiao/{module}:")
