"""Results of many runs read at once (运行结果汇读), by DuckDB.

Two thousand documents are read and cut to what is asked in a second. Numbers stay texts until
they are Decimals; nothing is computed here.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import duckdb

from jixiao.errors import BadFile, UnknownName
from jixiao.model import Severity
from jixiao.model.results import Found, RunResult, ScoredLine
from jixiao.workspace.places import Workspace
from jixiao.workspace.roster import below, load_roster
from jixiao.workspace.runs import StoredRun, current_runs, outputs_of

_SCHEMA = "jixiao.result/1"
#: What can be compared.
KINDS = {"department": "部门整体", "project": "项目支出"}
_SEVERITIES: dict[str, Severity] = {"high": "high", "medium": "medium", "low": "low"}
#: One document may have this many bytes; the largest we have seen has a hundredth.
_LARGEST = 100_000_000
#: Nothing is fetched; what reads JSON is in the package.
_OFFLINE: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}
_TEXTS = (
    *("schema", "unit", "unit_name", "year", "key", "project", "score.rubric"),
    *("score.stated_total", "score.total_on_100", "score.low_on_100", "score.high_on_100"),
    "score.grade",
)
_LINE = '[{"points":"VARCHAR","claimed_score":"VARCHAR","score":"VARCHAR","members":"VARCHAR[]"}]'
_FINDING = '[{"id":"VARCHAR","severity":"VARCHAR","evaluation":"VARCHAR"}]'
_QUERY = f"""
    SELECT
        filename,
        json_extract_string(json, [{", ".join(f"'$.{name}'" for name in _TEXTS)}]),
        from_json(json_extract(json, '$.score.lines'), '{_LINE}'),
        from_json(json_extract(json, '$.audit.findings'), '{_FINDING}'),
        list_filter(
            CAST(json_extract(json, '$.score.lines') AS JSON[]),
            lambda line: json_array_length(line, '$.members') = 0
        )[1] -> '$.working'
    FROM read_json_objects($files, filename = true, maximum_object_size = {_LARGEST})
"""


def open_results(
    year: int, kind: str, under: str = "", workspace: Workspace | None = None
) -> tuple[RunResult, ...]:
    """Read the runs that count of a year and the years before it (打开运行结果).

    Parameters
    ----------
    kind : ``department`` or ``project``
    under : only this unit and those below it; all where it is empty

    Raises
    ------
    BadFile : ``no-results``: no run of that year and kind.
    UnknownName : no such unit or kind.
    """
    place = workspace or Workspace.find()
    outputs = outputs_of(place)
    results = read_results(runs_until(place, outputs, year, kind, under))
    if not any(result.year == year for result in results):
        raise no_results(outputs, year, kind)
    return results


def runs_until(
    workspace: Workspace, outputs: Path, year: int, kind: str, under: str
) -> tuple[StoredRun, ...]:
    """List the runs that count of a kind, of a year and of the years before it.

    Raises
    ------
    UnknownName : no such unit or kind.
    """
    if kind not in KINDS:
        raise UnknownName.among("unknown-kind", "评价类别", kind, tuple(KINDS))
    registered = load_roster(workspace)
    units = frozenset(below(registered, under)) if under else None
    if units is not None and not units:
        known = tuple(unit.id for unit in registered)
        raise UnknownName.among("unknown-unit", "单位编号", under, known)

    def is_wanted(unit: str, of: int, key: str) -> bool:
        is_kind = (key == "department") == (kind == "department")
        return of <= year and is_kind and (units is None or unit in units)

    return tuple(current_runs(outputs, is_wanted))


def no_results(outputs: Path, year: int, kind: str) -> BadFile:
    """Say that there is nothing to compare, and what to do."""
    return BadFile(
        "no-results",
        f"{year} 年度没有完成的{KINDS[kind]}评价",
        where=str(outputs),
        expected="jixiao batch 或 jixiao report 写入的运行",
        action="请先运行批次，或核对年度与 --under",
    )


def read_results(runs: Collection[StoredRun]) -> tuple[RunResult, ...]:
    """Read the result of each run, in their order; documents that are none of ours are passed by."""
    files = {str(run.result): run for run in runs}
    if not files:
        return ()
    offline: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }
    with duckdb.connect(config=offline) as database:
        rows = database.execute(_QUERY, {"files": list(files)}).fetchall()
    found = {row[0]: row[1:] for row in rows}
    return tuple(
        _result(run, found[file])
        for file, run in files.items()
        if file in found and found[file][0][0] == _SCHEMA
    )


def _result(run: StoredRun, row: Sequence[Any]) -> RunResult:  # Any: what JSON holds
    texts = dict(zip(_TEXTS, row[0], strict=True))
    return RunResult(
        run=run.name,
        sha256=run.sha256,
        unit=texts["unit"],
        name=texts["unit_name"] or texts["unit"],
        year=int(texts["year"]),
        key=texts["key"],
        project=texts["project"],
        rubric=texts["score.rubric"] or "",
        stated=_number(texts["score.stated_total"]),
        on_100=_number(texts["score.total_on_100"]),
        low=_number(texts["score.low_on_100"]),
        high=_number(texts["score.high_on_100"]),
        grade=texts["score.grade"],
        execution_rate=_rate(json.loads(row[3])) if row[3] else None,
        lines=tuple(_line(line) for line in row[1] or ()),
        findings=tuple(_findings(row[2] or ())),
    )


def _line(line: dict[str, Any]) -> ScoredLine:
    numbers = (_number(line[name]) for name in ("points", "claimed_score", "score"))
    return ScoredLine(not line["members"], *numbers)


def _findings(listed: Sequence[dict[str, Any]]) -> Iterator[Found]:
    for finding in listed:
        severity = _SEVERITIES.get(finding["severity"])
        if finding["id"] and severity:
            yield Found(finding["id"], severity, finding["evaluation"])


def _rate(working: Any) -> Decimal | None:
    """Find the execution rate in the working of the execution score: its one number in %."""
    for node in _nodes(working):
        if node.get("unit") == "%":
            return _number(node.get("value"))
    return None


def _nodes(working: Any) -> Iterator[dict[str, Any]]:
    if isinstance(working, dict):
        yield working
        for operand in working.get("operands") or ():
            yield from _nodes(operand)


def _number(text: object) -> Decimal | None:
    try:
        number = Decimal(text) if isinstance(text, str) else None
    except InvalidOperation:
        return None
    return number if number is not None and number.is_finite() else None
