"""What decides a run (运行键): every file and version a report depends on, with its digest."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import jixiao
from jixiao.datum import Json
from jixiao.errors import JixiaoError
from jixiao.workspace.filed import check_documents
from jixiao.workspace.files import digest, digest_bytes
from jixiao.workspace.fonts import font_files
from jixiao.workspace.known import digest_known
from jixiao.workspace.places import Workspace
from jixiao.workspace.runs import RESULT, StoredRun
from jixiao.workspace.units import UnitYear, load_unit_year
from jixiao.workspace.yaml_file import place_of

#: Raised when the shape of what a run writes changes without a change of its inputs.
SCHEMA = "jixiao.run/1"
#: Packages that run, draw, or are named in a report; what is installed need not be what the
#: lock file says, so both are part of the key.
PACKAGES = (
    *("fonttools", "ipykernel", "ipython", "jinja2", "markupsafe", "matplotlib", "mistune"),
    *("nbclient", "nbconvert", "nbformat", "nh3", "numpy", "pandas", "papermill"),
    *("phonenumberslite", "pikepdf", "pygments", "python-stdnum", "pyyaml", "typst"),
)


@dataclass(frozen=True, slots=True)
class Input:
    """One thing a run depends on: its name from the workspace on, and its sha256."""

    name: str
    sha256: str

    def as_json(self) -> Json:
        """Serialise for ``manifest.json``."""
        return {"name": self.name, "sha256": self.sha256}


def collect_inputs(
    workspace: Workspace, unit_year: UnitYear, notebook: str, notebook_sha256: str
) -> tuple[Input, ...]:
    """Collect the inputs of a run, sorted by name.

    Parameters
    ----------
    notebook_sha256 : of what decides in it; see `jixiao.batch.notebook.known_notebook`.

    Raises
    ------
    BadFile : a filing is missing or changed.
    """
    common = (*collect_own(workspace, unit_year), *collect_shared(workspace))
    return with_notebook(common, notebook, notebook_sha256)


def with_notebook(
    common: Iterable[Input], notebook: str, notebook_sha256: str
) -> tuple[Input, ...]:
    """Add a run's notebook to what it has in common with other runs; sorted by name."""
    return _sorted([*common, Input(f"notebooks/{notebook}", notebook_sha256)])


def collect_own(workspace: Workspace, unit_year: UnitYear) -> tuple[Input, ...]:
    """Collect what the runs of a unit's year depend on, and those of no other.

    Raises
    ------
    BadFile : a filing is missing or changed.
    """
    check_documents(unit_year.documents, place_of(unit_year.path))
    own = [Input(_name(workspace, unit_year.path), digest_known(unit_year.path))]
    own += [
        Input(_name(workspace, document.path), document.sha256) for document in unit_year.documents
    ]
    own += _prior(workspace, unit_year)
    for edition in unit_year.superseded[-1:]:
        own += [
            Input(_name(workspace, document.path), digest_known(document.path))
            for document in edition.documents
            if document.path.is_file()
        ]
    return tuple(own)


def _prior(workspace: Workspace, unit_year: UnitYear) -> list[Input]:
    """What a run takes from the year before: the YAML, and the documents it lists, as they are."""
    path = workspace.unit_file(unit_year.unit, unit_year.year - 1)
    if not path.is_file():
        return []
    files = [path]
    try:
        earlier = load_unit_year(workspace, unit_year.unit, unit_year.year - 1)
    except JixiaoError:
        pass  # The report says that it cannot be used; the YAML decides that.
    else:
        files += [document.path for document in earlier.documents]
    return [Input(_name(workspace, file), digest_known(file)) for file in files if file.is_file()]


def unnamed(inputs: Iterable[Input]) -> tuple[Input, ...]:
    """Name filed documents by their digests: a file's name may hold its writer's name or number.

    >>> [item.name for item in unnamed([Input("data/filings/a/2022/张某某.docx", "0123456789abcdef")])]
    ['data/filings/a/2022/0123456789ab.docx']
    """
    return _sorted([_unnamed(item) for item in inputs])


def _unnamed(item: Input) -> Input:
    if not item.name.startswith("data/"):
        return item
    folder, _, file = item.name.rpartition("/")
    ending = f".{file.rpartition('.')[2]}" if "." in file else ""
    return Input(f"{folder}/{item.sha256[:12]}{ending}", item.sha256)


def collect_inputs_of_cohort(
    workspace: Workspace, runs: Iterable[StoredRun], notebook: str, notebook_sha256: str
) -> tuple[Input, ...]:
    """Collect the inputs of a comparison, sorted by name: the result of every run it reads.

    Parameters
    ----------
    notebook_sha256 : as `collect_inputs`.
    """
    own = [Input(f"outputs/{run.name}/{RESULT}", run.sha256) for run in runs]
    own.append(Input(f"notebooks/{notebook}", notebook_sha256))
    own.append(Input("package/duckdb", digest_bytes(version("duckdb").encode())))
    return _sorted([*own, *collect_shared(workspace)])


def collect_shared(workspace: Workspace) -> tuple[Input, ...]:
    """Collect what any run depends on: the law, the register, the program, the fonts."""
    files = [
        workspace.unit_folder / "roster.yaml",
        workspace.lock_file,
        *workspace.params.glob("*.yaml"),
        *workspace.rubrics.glob("*.yaml"),
    ]
    there = [Input(_name(workspace, path), digest_known(path)) for path in files if path.is_file()]
    return (*there, _package(), _versions(), *_fonts())


def _sorted(inputs: list[Input]) -> tuple[Input, ...]:
    return tuple(sorted(inputs, key=lambda item: item.name))


def _name(workspace: Workspace, path: Path) -> str:
    return path.relative_to(workspace.root).as_posix()


@cache
def _package() -> Input:
    """Digest the package's source tree."""
    root = Path(jixiao.__file__).parent
    lines = [
        f"{digest(path)}  {path.relative_to(root).as_posix()}"
        for path in sorted(root.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts and path.name[0] != "."
    ]
    return Input("package/jixiao", digest_bytes("\n".join(lines).encode()))


@cache
def _versions() -> Input:
    """Digest the versions of Python and of the packages that run and render."""
    lines = [f"python {sys.version_info.major}.{sys.version_info.minor}"]
    for name in PACKAGES:
        try:
            lines.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            lines.append(f"{name} -")
    return Input("package/versions", digest_bytes("\n".join(lines).encode()))


def _fonts() -> tuple[Input, ...]:
    fonts = font_files()
    return tuple(
        Input(f"fonts/{path.name}", _font_digest(path, path.stat().st_mtime_ns))
        for path in (fonts.sans, fonts.serif, fonts.variable_sans)
    )


@cache
def _font_digest(path: Path, changed: int) -> str:
    return digest(path)
