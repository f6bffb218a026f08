"""What a run or a tree of runs proves (核验结果), step by step, the first difference named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from jixiao.errors import BadFile
from jixiao.publish.verify.attached import check_attachments, evidence_of
from jixiao.publish.verify.folder import Manifest, check_folder, find_runs
from jixiao.publish.verify.rescored import check_scores
from jixiao.publish.verify.signing import Statement, pointers_of, read_statement, statement_file
from jixiao.workspace.runs import MANIFEST, superseded_edition

_LEVELS = 5
_ACTION = "请不要采用这些报告，从存档取得原件"


@dataclass(frozen=True, slots=True)
class Proof:
    """A run that is what it was (核验结果): how much was checked.

    ``lines`` is None where the report carries nothing that scores could be computed from.
    ``superseded`` is the edition it is of, where a later one has taken its place.
    """

    manifest: Manifest
    attachments: int
    lines: int | None
    superseded: int | None = None


def verify_run(folder: Path) -> Proof:
    """Check one run: digests, attachments, scores.

    Raises
    ------
    BadFile : the first that differs.
    """
    manifest = check_folder(folder)
    attachments = check_attachments(manifest)
    lines = check_scores(evidence_of(manifest))
    return Proof(manifest, attachments, lines, superseded_edition(folder.absolute()))


def verify_tree(path: Path) -> Iterator[Proof | BadFile]:
    """Check every run at or below a path, one after the other.

    Raises
    ------
    BadFile : ``no-runs``.
    """
    for folder in find_runs(path):
        try:
            yield verify_run(folder)
        except BadFile as error:
            yield error


def find_statement(path: Path) -> Path | None:
    """Find the statement over a path: beside it, or beside a folder above it."""
    whole = path.absolute()
    for folder in (whole, *list(whole.parents)[: _LEVELS - 1]):
        if (file := statement_file(folder)).is_file():
            return file
    return None


def check_signature(
    path: Path, manifests: list[Manifest], key: Path, file: Path | None
) -> Statement:
    """Hold runs that were found whole against what was signed.

    Parameters
    ----------
    manifests : of all runs at or below `path`
    file : the statement; without it, the one beside `path` or a folder above

    Raises
    ------
    BadFile : no statement, not by this key; a run that was not signed, or differs; one that was
        signed and is gone; a pointer that names another run.
    """
    found = file or find_statement(path)
    if found is None:
        raise _fault(
            "signature-missing", statement_file(path), "没有签名", "jixiao sign 写出的签名文件"
        )
    statement = read_statement(found, key)
    for manifest in manifests:
        name = f"{manifest.name}/{MANIFEST}"
        if name not in statement.subjects:
            raise _fault("run-not-signed", manifest.folder, "签名时没有这次运行", "签过名的运行")
        if statement.subjects[name] != manifest.sha256:
            raise _fault("run-altered", manifest.folder, "签名之后换过了", "签名时的运行")
    prefixes = _prefixes(path, manifests, found)
    there = {f"{manifest.name}/{MANIFEST}" for manifest in manifests}
    for name in statement.subjects:
        if name.startswith(prefixes) and name not in there:
            raise _fault("run-missing", path, f"签名时有 {name}，现在没有", "签名时的全部运行")
    pointers = pointers_of(manifests)
    for name, run in statement.pointers.items():
        if name.startswith(prefixes) and pointers.get(name) != run:
            what = f"{name} 指向 {pointers.get(name) or '空'}，签名时指向 {run}"
            raise _fault("pointer-altered", path, what, "签名时的指向")
    for name, run in pointers.items():
        if name not in statement.pointers:
            raise _fault("pointer-altered", path, f"{name} 指向 {run}，签名时没有", "签名时的指向")
    return statement


def _prefixes(path: Path, manifests: list[Manifest], file: Path) -> tuple[str, ...]:
    """What the names of everything signed below a path begin with."""
    if (path / MANIFEST).is_file():
        return tuple(f"{manifest.name}/" for manifest in manifests)
    if file == statement_file(path):
        return ("",)
    found = set()
    for manifest in manifests:
        below = len(manifest.folder.absolute().relative_to(path.absolute()).parts)
        parts = manifest.name.split("/")
        found.add("/".join([*parts[: len(parts) - below], ""]) if below < len(parts) else "")
    return tuple(found)


def _fault(code: str, path: Path, what: str, expected: str) -> BadFile:
    return BadFile(code, what, where=str(path), expected=expected, action=_ACTION)
