"""``jixiao rubrics`` (评分规则): the list of rule books, or one of them as a table."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from jixiao.cli.show import DASH, print_table
from jixiao.cli.words import Command, read_year
from jixiao.datum import Reference
from jixiao.model import Kind
from jixiao.rubric import (
    IndicatorRule,
    Rubric,
    load_rubric,
    method_in_words,
    read_head,
    rubric_ids,
    value_in_words,
)
from jixiao.workspace.places import Workspace

#: Budget year beyond all rules, so that the latest values are shown.
_LATEST_YEAR = 9999
_YES, _NO, _OWN = "✓ 已核对", "未核对", "约定"
_KINDS: tuple[tuple[Kind, str], ...] = (("department", "部门整体"), ("project", "项目"))


@click.command(cls=Command, help="列出评分规则；给出编号则列出各条规则、依据与核对情况。")
@click.argument("rubric", metavar="[ID]", required=False)
@click.option("--year", callback=read_year, metavar="YYYY", help="按这一预算年度取值，默认最近")
@click.option("--yaml", "as_yaml", is_flag=True, help="显示规则文件的原文")
def rubrics(rubric: str | None, year: int | None, as_yaml: bool) -> None:
    """List the rule books, or show one."""
    folder = Workspace.find().rubrics
    if rubric is None:
        _list(folder)
        return
    text, head = read_head(folder, rubric)
    if as_yaml:
        click.echo(text, nl=False)
        return
    applies = _mapping(head["applies"])
    kind: Kind = "department" if "department" in applies else "project"
    last = _mapping(head["budget_years"]).get("to")
    chosen = year or (last if isinstance(last, int) else _LATEST_YEAR)
    _show(load_rubric(folder, rubric, chosen, kind), head)


def _list(folder: Path) -> None:
    rows = []
    for rubric_id in rubric_ids(folder):
        _, head = read_head(folder, rubric_id)
        applies = _mapping(head["applies"])
        kinds = "、".join(
            f"{name}（比照）" if applies[kind] == "by_analogy" else name
            for kind, name in _KINDS
            if kind in applies
        )
        when = "按年度选用" if head.get("default", True) else "指定时使用"
        rows.append(
            (rubric_id, str(head["title"]), _span(head["budget_years"]), kinds or DASH, when)
        )
    print_table("评分规则", ("编号", "名称", "预算年度", "适用", "选用"), rows)


def _show(rubric: Rubric, head: Mapping[str, object]) -> None:
    click.echo(f"{rubric.id}　{rubric.title}")
    place = f"，{head['jurisdiction']}" if head.get("jurisdiction") else ""
    years = _span(head["budget_years"])
    click.echo(f"{rubric.number}（{rubric.issued_by}{place}），预算年度 {years}")
    if rubric.note:
        click.echo(rubric.note)
    if rubric.extends:
        click.echo(f"没有写出的规则沿用 {rubric.extends}")
    print_table(
        "规则",
        ("规则", "内容", "依据", "核对"),
        [
            (
                rule.key,
                "\n".join(filter(None, (rule.description, value_in_words(rule, rubric)))),
                _reference(rule.reference, rubric),
                _verified(rule.reference),
            )
            for rule in rubric.rules
        ],
        whole=True,
    )
    if rubric.indicators:
        print_table(
            "指标体系",
            ("指标", "分值>", "标准", "数据", "依据", "核对"),
            [_indicator(rule, rubric) for rule in rubric.indicators],
            whole=True,
        )
    known = [rule.reference for rule in rubric.rules]
    known += [indicator.reference for indicator in rubric.indicators]
    counts = [sum(_verified(each) == word for each in known) for word in (_YES, _NO, _OWN)]
    said = "共 {} 条：核对过 {}，未核对原文 {}，本工作台约定 {}"
    click.echo(said.format(len(known), *counts))


def _indicator(rule: IndicatorRule, rubric: Rubric) -> tuple[str, ...]:
    standard = method_in_words(rule.method) if rule.method else ""
    return (
        f"{rule.category}·{rule.subcategory}\n{rule.name}",
        DASH if rule.points is None else rule.points.digits,
        "\n".join(filter(None, (rule.description, standard))),
        "由基础数据计算" if rule.measure else f"需要：{'、'.join(rule.needs) or rule.name}",
        _reference(rule.reference, rubric),
        _verified(rule.reference),
    )


def _reference(reference: Reference, rubric: Rubric) -> str:
    owner = reference.key.split(".", 1)[0]
    taken = "" if owner == rubric.id else f"（沿用 {owner}）"
    parts = (f"{reference.title}{taken}", reference.note, reference.href or "")
    return "\n".join(filter(None, parts))


def _verified(reference: Reference) -> str:
    if reference.title.startswith("本工作台约定"):
        return _OWN
    return _YES if reference.verified else _NO


def _span(years: object) -> str:
    span = _mapping(years)
    return f"{span.get('from') or ''} 至 {span.get('to') or '今'}"


def _mapping(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}
