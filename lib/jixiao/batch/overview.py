"""The overview of an outputs folder (总览): one row a key, from the runs that count.

A run never changes, so what was read of it once is kept in ``.index.json`` under its name and its
files' sizes; a page over 20,000 runs is made again in seconds. That file may be lost or spoilt:
then all is read again. Nothing is judged here.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from jixiao.batch.cohort import is_key_of_cohort, title_of_cohort
from jixiao.batch.folders import last_failure
from jixiao.batch.plan import FORMATS
from jixiao.batch.report import DEPARTMENT
from jixiao.errors import BadFile
from jixiao.model import SEVERITY_WORDS
from jixiao.publish.overview import Review, Row, render_overview
from jixiao.workspace.files import read_pointer, write_atomically
from jixiao.workspace.roster import Unit
from jixiao.workspace.runs import (
    COHORT,
    CURRENT,
    INTERNAL,
    POINTERS,
    PUBLIC,
    is_whole,
    is_year,
    keys_of,
    subfolders,
)

#: The page of an audience, and what is known of its runs. The public one names nothing but public
#: runs that are there.
_PAGES = {INTERNAL: ("index.html", ".index.json"), PUBLIC: ("public.html", ".public.json")}
PAGE, _INDEX = _PAGES[INTERNAL]
#: Raised when a row or how it is read changes.
_SCHEMA = "jixiao.index/1"
_RESULT = "result.json"

#: What is known of a run: its row, and the size of each of its files.
Known = dict[str, tuple[Row, dict[str, int]]]


@dataclass(frozen=True, slots=True)
class Overview:
    """A page that was written (总览): where, and over what."""

    path: Path
    rows: tuple[Row, ...]
    read: int


def write_overview(outputs: Path, units: Sequence[Unit] = (), audience: str = INTERNAL) -> Overview:
    """Write the page over all runs of an outputs folder: ``index.html``, for the public ``public.html``.

    Parameters
    ----------
    units : those registered; one without a run in a year in which others have is ``absent``.
    audience : whose runs; the public page lists public runs alone, none that failed or is absent.

    Returns
    -------
    The rows, by unit, year and key; ``read`` of them were not known from last time.

    Raises
    ------
    BadFile : ``no-outputs``.
    JixiaoError : ``cannot-write``; the old page stands.
    """
    if not outputs.is_dir():
        raise BadFile(
            "no-outputs",
            "没有这个输出目录",
            where=str(outputs),
            expected="批次写入的 outputs 目录",
            action="请核对 --outputs，或先运行 jixiao batch",
        )
    names = {unit.id: unit for unit in units}
    page, index = (outputs / name for name in _PAGES[audience])
    before = _load(index)
    after: Known = {}
    row_of = _public_row_of if audience == PUBLIC else _row_of
    found = (row_of(key, names, before, after) for key in keys_of(outputs))
    rows = [row for row in found if row is not None]
    rows += [] if audience == PUBLIC else _absent(rows, units)
    rows.sort(key=lambda row: (row.unit, row.year, row.key != DEPARTMENT, row.key))
    if after != before:
        _save(index, after)
    reviews = () if audience == PUBLIC else tuple(_reviews(outputs))
    _write_changed(page, render_overview(rows, reviews))
    return Overview(page, tuple(rows), len(after.keys() - before.keys()))


def _reviews(outputs: Path) -> Iterator[Review]:
    """List the comparisons that count and have a page, the latest year first."""
    folder = outputs / COHORT
    years = subfolders(folder, is_year) if folder.is_dir() else []
    for year in reversed(years):
        for key in subfolders(year, is_key_of_cohort):
            run = read_pointer(key / CURRENT)
            if run and is_whole(key / run) and (key / run / "report.html").is_file():
                title = f"{year.name} {title_of_cohort(key.name)}"
                yield Review(title, f"{COHORT}/{year.name}/{key.name}/{run}/report.html")


def _absent(rows: Sequence[Row], units: Sequence[Unit]) -> Iterator[Row]:
    there = {(row.unit, row.year) for row in rows}
    for year in sorted({row.year for row in rows}):
        for unit in units:
            if (unit.id, year) not in there:
                yield Row(unit.id, unit.name_in(year), year, "", "—", "absent")


def _public_row_of(key: Path, units: Mapping[str, Unit], before: Known, after: Known) -> Row | None:
    """Read the row of a key's public run; None where there is none that is whole."""
    run = read_pointer(key / POINTERS[PUBLIC])
    known = _known(key / run, before) if run else None
    if run is None or known is None:
        return None
    after[_name(key / run)] = known
    return known[0]


def _row_of(key: Path, units: Mapping[str, Unit], before: Known, after: Known) -> Row | None:
    """Read a key's row; what is known of its run stays so in `after`. None where all is public."""
    unit, year = key.parts[-3], int(key.parts[-2])
    name = units[unit].name_in(year) if unit in units else unit
    title = "部门整体" if key.name == DEPARTMENT else key.name
    link = key / CURRENT
    current = read_pointer(link)
    if current is None:
        failed = last_failure(key)
        if failed is None and read_pointer(key / POINTERS[PUBLIC]):
            return None
        reason = _reason(key, failed)
        return Row(unit, name, year, key.name, title, "failed", reason=reason)
    known = _known(key / current, before)
    if known is None:
        reason = "现有的运行缺失或已损坏，请再次运行批次"
        return Row(unit, name, year, key.name, title, "failed", reason=reason)
    after[_name(key / current)] = known
    if later := last_failure(key, since=link.lstat().st_mtime_ns):
        reason = f"{_reason(key, later)}（所列为此前的运行）"
        return replace(known[0], state="failed", reason=reason)
    return known[0]


def _known(run: Path, before: Known) -> tuple[Row, dict[str, int]] | None:
    """Give what is known of a run, or read it; None where it is not whole."""
    known = before.get(_name(run))
    try:
        with os.scandir(run) as entries:
            sizes = {entry.name: entry.stat().st_size for entry in entries}
        if known and known[1] == sizes:
            return known
        if not is_whole(run):
            return None
        return _read(run, json.loads((run / _RESULT).read_bytes()), sizes), sizes
    except (OSError, ValueError):
        return None


# Any: what JSON holds; a notebook of one's own may put anything into its result.
def _read(run: Path, result: Any, sizes: Mapping[str, int]) -> Row:
    unit, year, key = run.parts[-4:-1]
    result = result if isinstance(result, dict) else {}
    card, audit = result.get("score"), result.get("audit")
    card = card if isinstance(card, dict) else {}
    findings = audit.get("findings", []) if isinstance(audit, dict) else None
    counts = dict.fromkeys(SEVERITY_WORDS, 0) if findings is not None else {}
    told = audit.get("counts") if isinstance(audit, dict) else None
    if isinstance(told, dict):  # a notebook of one's own may leave them out
        counts |= {name: int(told[name]) for name in SEVERITY_WORDS if name in told}
    for found in (findings or ()) if not isinstance(told, dict) else ():
        counts[found["severity"]] = counts.get(found["severity"], 0) + 1
    project = result.get("project")
    return Row(
        unit=unit,
        name=str(result.get("unit_name") or unit),
        year=int(year),
        key=key,
        title=_title(key, project, result.get("restatement")),
        state="done",
        stated=_number(card.get("stated_total")),
        recomputed=_number(card.get("score_total")),
        on_100=_number(card.get("total_on_100")),
        grade=str(card["grade"]) if card.get("grade") else None,
        high=counts.get("high"),
        medium=counts.get("medium"),
        low=counts.get("low"),
        run=run.name,
        formats=tuple(name for name in FORMATS if f"report.{name}" in sizes),
    )


def _title(key: str, project: object, restatement: object) -> str:
    """Name a row, with the edition where the filing was restated."""
    title = str(project) if project else "部门整体" if key == DEPARTMENT else key
    edition = restatement.get("edition") if isinstance(restatement, dict) else None
    return f"{title}（第 {edition} 版）" if edition else title


def _number(value: object) -> str | None:
    """Give a number's text if it is one."""
    try:
        return str(value) if isinstance(value, str) and Decimal(value).is_finite() else None
    except InvalidOperation:
        return None


def _reason(key: Path, failed: Path | None) -> str:
    """Say why a key's run failed, without the key's name, which stands in the same row."""
    if failed is None:
        return "没有完成的运行"
    try:
        message = str(json.loads((failed / "failure.json").read_bytes())["message"])
    except (OSError, ValueError, KeyError, TypeError):
        return f"见 {failed.name}"
    return " ".join(message.split()).removeprefix(f"{' '.join(key.parts[-3:])}：")


def _name(run: Path) -> str:
    return "/".join(run.parts[-4:])


def _load(path: Path) -> Known:
    try:
        told = json.loads(path.read_bytes())
        if told["schema"] != _SCHEMA:
            return {}
        return {
            name: (Row(**row | {"formats": tuple(row["formats"])}), sizes)
            for name, (row, sizes) in told["runs"].items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _save(path: Path, known: Known) -> None:
    runs = {name: (asdict(row), sizes) for name, (row, sizes) in sorted(known.items())}
    text = json.dumps({"schema": _SCHEMA, "runs": runs}, ensure_ascii=False, separators=(",", ":"))
    write_atomically(path, text.encode())


def _write_changed(path: Path, data: bytes) -> None:
    """Write the page, unless it is there as it is."""
    try:
        if path.stat().st_size == len(data) and path.read_bytes() == data:
            return
    except OSError:
        pass
    write_atomically(path, data)
