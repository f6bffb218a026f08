"""``jixiao findings``, ``letter`` (问题清单、复核意见): what a reviewer sends, and what comes back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jixiao.cli.show import shown
from jixiao.cli.words import Command, read_year
from jixiao.errors import BadFile, JixiaoError, UnknownName
from jixiao.model import SEVERITY_WORDS, mask_private, words
from jixiao.workspace.files import write_atomically
from jixiao.workspace.places import Workspace

if TYPE_CHECKING:
    from jixiao.importers.finding_list import DecidedRow
    from jixiao.publish.review import Examined, ListedFinding

_OUTPUT = click.option(
    "--output", "-o", metavar="FILE", type=Path, help="写到哪个文件，默认在当前目录"
)
_FORCE = click.option("--force", is_flag=True, help="文件已经存在时覆盖它")


@click.command(
    cls=Command,
    help="列出核查发现与复核决定；--to xlsx 导出问题清单，填写“决定、理由、复核人、日期”后用 --from 读回。"
    "给出单位编号与年度，或批次计划。",
    short_help="列出或导出问题清单，读回复核决定。",
)
@click.argument("target", metavar="[UNIT|PLAN.yaml]", required=False)
@click.argument("year", metavar="[YEAR]", required=False, callback=read_year)
@click.option("--to", metavar="FORMAT", help="导出的格式：xlsx（Excel）")
@click.option("--from", "filled", metavar="FILE", type=Path, help="读回填写过的问题清单（.xlsx）")
@_OUTPUT
@_FORCE
def findings(
    target: str | None,
    year: int | None,
    to: str | None,
    filled: Path | None,
    output: Path | None,
    *,
    force: bool,
) -> None:
    """List findings, write them as a workbook, or read the decisions back."""
    workspace = Workspace.find()
    if filled is not None:
        _read_back(workspace, filled)
        return
    if target is None:
        raise UnknownName(
            "missing-argument",
            "缺少单位编号与年度，或批次计划",
            action="运行 jixiao findings --help",
        )
    if to not in (None, "xlsx"):
        raise UnknownName.among("unknown-format", "格式", str(to), ("xlsx",))
    path = output or Path(f"{_stem(target, year)}-findings.xlsx")
    if to is not None:
        check_output(path, "xlsx", force=force)
    listed = [entry for examined in _examine(workspace, target, year) for entry in _of(examined)]
    if to is None:
        _show(listed)
        return
    from jixiao.publish.review import write_finding_list

    write_atomically(path.absolute(), write_finding_list(listed, workspace.outputs, path))
    click.echo(f"已导出 {len(listed)} 项发现：{shown(path)}")


@click.command(
    cls=Command,
    help="写给单位的复核意见（Word）：自评与重算的得分，尚未决定与已确认的问题及其出处，请单位办理的事项，答复一栏。",
    short_help="生成给单位的复核意见（Word）。",
)
@click.argument("unit", metavar="UNIT")
@click.argument("year", metavar="YEAR", callback=read_year)
@_OUTPUT
@_FORCE
def letter(unit: str, year: int, output: Path | None, *, force: bool) -> None:
    """Write the letter, and print the path."""
    path = output or Path(f"{unit}-{year}-letter.docx")
    check_output(path, "docx", force=force)
    (examined,) = _examine(Workspace.find(), unit, year)
    from jixiao.publish.review import write_letter

    write_atomically(path.absolute(), write_letter(examined))
    click.echo(f"已写好复核意见：{shown(path)}")


def _stem(target: str, year: int | None) -> str:
    return Path(target).stem if year is None else f"{target}-{year}"


def _examine(workspace: Workspace, target: str, year: int | None) -> Iterator[Examined]:
    """Question one unit's year, or every one of a plan; a plan goes on where one cannot be read."""
    from jixiao.batch.order import load_order
    from jixiao.publish.review import examine_year
    from jixiao.rubric import open_checklist

    checklist = open_checklist(workspace)
    if year is not None:
        yield examine_year(workspace, checklist, target, year)
        return
    path = Path(target)
    if not path.is_file():
        raise UnknownName(
            "missing-argument",
            f"缺少年度，也没有计划文件 “{target}”",
            expected="单位编号与年度，例如 ziyang-justice 2022；或 params/batches/ 下的计划",
        )
    order = load_order(workspace, path)
    failed = 0
    for unit in order.units:
        for filed in sorted(set(workspace.years(unit)) & set(order.years)):
            try:
                yield examine_year(workspace, checklist, unit, filed)
            except JixiaoError as error:
                failed += 1
                click.echo(f"! {unit} {filed}：{error}", err=True)
    if failed:
        raise BadFile(
            "plan-partly-read",
            f"{failed} 份材料不能核查（见上）",
            where=str(path),
            expected="计划中的材料都能读入",
            action="请改正后再运行；没有写出文件",
        )


def _of(examined: Examined) -> tuple[ListedFinding, ...]:
    from jixiao.publish.review import list_year

    return tuple(list_year(examined))


def _show(listed: list[ListedFinding]) -> None:
    for entry in listed:
        finding, examined = entry.finding, entry.examined
        owner = f"{examined.unit_year.unit} {examined.unit_year.year} {finding.evaluation or '整份材料'}"
        word = SEVERITY_WORDS[finding.severity]
        click.echo(f"[{word}] {finding.id} {finding.cells} {owner}：{words(finding.message)}")
        if finding.cause:
            click.echo(f"     由 {finding.cause.id} {finding.cause.cells} 引起")
        if finding.decision:
            click.echo(f"     {mask_private(finding.decision.words)}")
        if finding.asked_again:
            click.echo(
                f"     单元格已变，须重新决定；原为{mask_private(finding.asked_again.words)}"
            )
    decided = sum(entry.finding.decision is not None for entry in listed)
    click.echo(f"发现 {len(listed)} 项，已决定 {decided} 项")


def _read_back(workspace: Workspace, path: Path) -> None:
    """Check every decided row against what is found now; write all of them, or none."""
    from jixiao.importers.finding_list import read_finding_list
    from jixiao.workspace.deciding import store_decisions, with_decisions

    try:
        content = path.read_bytes()
    except OSError as error:
        raise BadFile(
            "cannot-read", f"读不到文件（{error.strerror}）", where=str(path), action="请检查路径"
        ) from error
    rows = read_finding_list(content, path.name)
    by_year: dict[tuple[str, int], list[DecidedRow]] = {}
    for row in rows:
        by_year.setdefault((row.unit, row.year), []).append(row)
    problems: list[str] = []
    changed = []
    for (unit, year), decided in by_year.items():
        for examined in _examine(workspace, unit, year):
            problems += _not_found(examined, decided)
            if not problems:
                decisions = [row.decision for row in decided]
                changed.append(
                    (examined.unit_year, with_decisions(workspace, examined.unit_year, decisions))
                )
    if problems:
        raise BadFile(
            "finding-list-stale",
            f"{len(problems)} 行与现在的核查发现对不上：{'；'.join(problems)}",
            where=path.name,
            expected="填写之后申报材料与核查没有变动",
            action="请重新导出问题清单再填写；没有写入任何决定",
        )
    written = [after for before, after in changed if after.text != before.text]
    for unit_year in written:
        store_decisions(unit_year)
    files = len(written)
    click.echo(
        f"读回 {len(rows)} 项决定，改写了 {files} 份 YAML" if files else _unchanged(len(rows))
    )


def _unchanged(count: int) -> str:
    return f"{count} 项决定都已登记，没有改动" if count else "没有填写任何决定"


def _not_found(examined: Examined, rows: list[DecidedRow]) -> list[str]:
    now = {(f.id, f.evaluation, f.cells) for f in examined.audit.findings}
    return [
        f"第{row.row}行 {row.decision.check}（{row.decision.cells}）"
        for row in rows
        if (row.decision.check, row.decision.evaluation, row.decision.cells) not in now
    ]


def check_output(path: Path, to: str, *, force: bool) -> None:
    """Refuse a file of another kind, and one that is there already."""
    if path.suffix.lower() != f".{to}":
        raise UnknownName(
            "output-name",
            f"文件名 “{path.name}” 与格式 {to} 不符",
            expected=f"以 .{to} 结尾的文件名",
        )
    if path.is_dir() or (path.exists() and not force):
        raise BadFile(
            "output-exists",
            "已经有这个文件，没有覆盖",
            where=str(path),
            action="换一个名字（-o FILE），或加 --force 覆盖",
        )
