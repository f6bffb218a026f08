"""``jixiao score``, ``audit`` (评分、核查): of a file, or of a unit's year."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from jixiao.audit import appraisal_as_json, appraise_all, audit_as_json, examine
from jixiao.cli.show import DASH, print_json, print_table, text_of
from jixiao.cli.words import Command, read_year
from jixiao.datum import Datum, Json
from jixiao.errors import BadFile, UnknownName
from jixiao.importers import problems_as_json
from jixiao.importers.folder import receive
from jixiao.importers.opening import read_filing, with_context
from jixiao.importers.safely import read_received_safely
from jixiao.model import (
    SEVERITY_WORDS,
    Audit,
    Filing,
    Finding,
    Kind,
    Scorecard,
    mask_json,
    mask_private,
    words,
)
from jixiao.rubric import CheckEntry, Rubric, choose_rubrics, load_checklist
from jixiao.scoring import score as score_filing
from jixiao.scoring import scorecard_as_json
from jixiao.workspace.fonts import code_points
from jixiao.workspace.places import Workspace, is_id
from jixiao.workspace.units import load_unit_year

#: Addresses shown of a finding; ``--json`` has all.
_PLACES = 3
_STATUSES = {"recomputed": "重算", "accepted": "采信", "missing": "缺项"}


@dataclass(frozen=True, slots=True)
class _Case:
    """A filing with the rule books for it."""

    filing: Filing
    rubrics: dict[str, Rubric]
    cards: dict[str, Scorecard]


@click.command(cls=Command, help="按评分规则重算得分。给出文件，或单位编号与年度。")
@click.argument("target", metavar="FILE|FOLDER|UNIT")
@click.argument("year", metavar="[YEAR]", required=False, callback=read_year)
@click.option("--rubric", metavar="ID", help="指定评分规则，默认按年度选用")
@click.option("--json", "as_json", is_flag=True, help="只输出 JSON")
def score(target: str, year: int | None, rubric: str | None, as_json: bool) -> None:
    """Recompute every score."""
    case = _open(target, year, rubric)
    if as_json:
        cards: list[Json] = [scorecard_as_json(card) for card in case.cards.values()]
        print_json(mask_json({"evaluations": cards, "problems": problems_as_json(case.filing)}))
        return
    _show_problems(case.filing)
    for card in case.cards.values():
        _show_card(_name_of(case.filing, card.evaluation), card)
        _show_base(card)


@click.command(
    cls=Command, help="核查自评材料。给出文件，或单位编号与年度；或用 --explain 解释一项核查。"
)
@click.argument("target", metavar="[FILE|FOLDER|UNIT]", required=False)
@click.argument("year", metavar="[YEAR]", required=False, callback=read_year)
@click.option("--explain", metavar="ID", help="解释一项核查，例如 A-02")
@click.option("--json", "as_json", is_flag=True, help="只输出 JSON")
def audit(target: str | None, year: int | None, explain: str | None, as_json: bool) -> None:
    """Question a filing, or explain a check."""
    checklist = load_checklist(Workspace.find().params / "checks.yaml")
    if explain is not None:
        _show_check(checklist.entry(explain))
        return
    if target is None:
        raise UnknownName(
            "missing-argument", "缺少文件，或单位编号与年度", action="运行 jixiao audit --help"
        )
    case = _open(target, year, None)
    found = examine(case.filing, case.cards, case.rubrics, checklist, code_points())
    if as_json:
        summed = appraise_all(case.filing, case.cards, case.rubrics, checklist, found)
        rest: dict[str, Json] = {
            "appraisals": [appraisal_as_json(appraisal) for appraisal in summed],
            "problems": problems_as_json(case.filing),
        }
        print_json(mask_json(audit_as_json(found) | rest))
    else:
        _show_problems(case.filing)
        _show_audit(case.filing, found)


def _open(target: str, year: int | None, rubric: str | None) -> _Case:
    workspace = Workspace.find()
    fixed: dict[Kind, str] = {}
    if year is None:
        path = Path(target)
        if not path.exists() and is_id(target):
            years = tuple(map(str, workspace.years(target)))
            raise UnknownName(
                "missing-argument", "缺少年度", expected=f"{target} 的年度之一：{'、'.join(years)}"
            )
        filing = read_received_safely(receive(path))
        if filing.year is None:
            raise BadFile("year-missing", "没有读到年度，不能选定评分规则", where=target)
        year = filing.year
    else:
        unit_year = load_unit_year(workspace, target, year)
        filing = with_context(read_filing(unit_year), workspace, unit_year)
        fixed = dict(unit_year.rubrics)
    chosen = choose_rubrics(workspace.rubrics, year, fixed, rubric or "")
    if not filing.evaluations and filing.base_data is None:
        raise BadFile(
            "nothing-to-judge",
            "没有读到自评表或基础数据表，无从评分与核查",
            where=filing.document.file,
            expected="部门整体支出绩效自评表或项目支出绩效自评表",
            action=f"请检查文件是否完整，运行 jixiao read {target} 看读到了什么",
        )
    rubrics: dict[str, Rubric] = dict(chosen.items())
    return _Case(filing, rubrics, score_filing(filing, rubrics))


def _show_problems(filing: Filing) -> None:
    for problem in filing.problems:
        click.echo(f"! {mask_private(problem.message)} [{problem.code}]")


def _name_of(filing: Filing, key: str | None) -> str:
    """Name an evaluation for people: 部门整体, or the project's name."""
    evaluation = filing.evaluation(key) if key else None
    if evaluation is None:
        return "部门整体" if key == "department" else "整份材料"
    if evaluation.kind == "department":
        return "部门整体"
    return f"项目“{evaluation.project.text}”" if evaluation.project else evaluation.key


def _show_card(name: str, card: Scorecard) -> None:
    print_table(
        f"{name}（{card.rubric}）",
        ("指标", "分值>", "自评得分>", "重算得分>", "差异>", "方式", "说明"),
        (
            (
                "、".join(member.name for member in line.members) or line.path[-1],
                text_of(line.points),
                text_of(line.claimed_score),
                text_of(line.score),
                text_of(line.difference),
                _STATUSES[line.status],
                words(line.reason),
            )
            for line in card.lines
        ),
    )
    click.echo(
        f"填报总分 {text_of(card.stated_total)}，各项得分之和 {text_of(card.claimed_sum)}；"
        f"重算 {text_of(card.score_total)}/{text_of(card.points_total)}，"
        f"折百 {text_of(card.total_on_100)}（{card.grade or DASH}），"
        f"可能在 {text_of(card.low_on_100)}（{card.lowest_grade or DASH}）"
        f"至 {text_of(card.high_on_100)}（{card.highest_grade or DASH}）之间"
    )


def _show_base(card: Scorecard) -> None:
    """Show what was computed from the base data, with points where the rule book gives them."""
    scored = any(entry.points for entry in card.indicators_of_base_data)
    points = ("分值>", "得分>", "可能范围>") if scored else ()
    rows = []
    for entry in card.indicators_of_base_data:
        missing = f"无数据：缺{'、'.join(entry.missing)}" if entry.missing else entry.note
        bounds = [text_of(each) for each in (entry.low, entry.high) if each is not None]
        numbers = (_text(entry.points), _text(entry.score), " 至 ".join(dict.fromkeys(bounds)))
        note = "；".join(part for part in (missing, words(entry.drivers)) if part)
        value = entry.value.text if entry.value.value is not None else DASH
        rows.append((entry.name, value, *(numbers if scored else ()), note))
    if rows:
        print_table(f"基础数据指标（{card.rubric}）", ("指标", "数值>", *points, "说明"), rows)


def _text(datum: Datum | None) -> str:
    return DASH if datum is None else text_of(datum)


def _show_audit(filing: Filing, found: Audit) -> None:
    groups = found.grouped()
    for severity in SEVERITY_WORDS:
        for cause, *consequences in (group for group in groups if group[0].severity == severity):
            _show_finding(filing, cause, "")
            for consequence in consequences:
                _show_finding(filing, consequence, "  ↳ ")
    counts = [
        f"{word} {sum(group[0].severity == severity for group in groups)}"
        for severity, word in SEVERITY_WORDS.items()
    ]
    below = len(found.findings) - len(groups)
    also = f"，另有 {below} 项由其引起" if below else ""
    click.echo(
        f"核查发现：{'，'.join(counts)}{also}；"
        f"通过 {len(found.passed)} 项，未核查 {len(found.not_checked)} 项"
    )


def _show_finding(filing: Filing, finding: Finding, mark: str) -> None:
    """Print a finding with its addresses; one that follows from another is marked so."""
    word, owner = SEVERITY_WORDS[finding.severity], _name_of(filing, finding.evaluation)
    click.echo(f"{mark}[{word}] {finding.id} {owner}：{words(finding.message)}")
    places = [source.address for source in finding.where]
    more = f" 等 {len(places)} 处" if len(places) > _PLACES else ""
    click.echo(f"{' ' * len(mark)}     见 {'；'.join(places[:_PLACES])}{more}")


def _show_check(entry: CheckEntry) -> None:
    click.echo(f"{entry.id} {entry.title}（{entry.code}，{SEVERITY_WORDS[entry.severity]}）")
    click.echo(f"做什么：{entry.does}")
    click.echo(f"举例：{entry.example}")
    if entry.asks:
        click.echo(f"请单位办理：{entry.asks}")
    click.echo(f"依据：{entry.reference.text}")
    if entry.follows:
        causes = "、".join(follows.cause for follows in entry.follows)
        click.echo(f"可能由这些核查的发现引起（单元格或数字证明得了的）：{causes}")
    for line in entry.threshold_lines():
        click.echo(f"阈值 {line}")
