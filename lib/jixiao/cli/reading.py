"""``jixiao read`` (读取): what was understood of a file."""

from __future__ import annotations

from pathlib import Path

import click

from jixiao.cli.show import DASH, print_json, print_table, text_of
from jixiao.cli.words import Command
from jixiao.importers import mask_private, reading_as_json
from jixiao.importers.folder import receive
from jixiao.importers.safely import read_received_safely
from jixiao.model import Evaluation, Filing


@click.command(
    cls=Command, help="读取一份自评材料（文件，或装着报告与附件的文件夹），显示读到的内容。"
)
@click.argument("file", metavar="FILE|FOLDER", type=Path)
@click.option("--json", "as_json", is_flag=True, help="只输出 JSON")
@click.option("--raw", is_flag=True, help="JSON 中不遮盖填表人、电话等个人信息")
def read(file: Path, as_json: bool, raw: bool) -> None:
    """Read a file and show what was understood."""
    filing = read_received_safely(receive(file))
    if as_json:
        print_json(reading_as_json(filing, raw=raw))
    else:
        show_filing(filing)


def title_of(evaluation: Evaluation) -> str:
    """Name an evaluation: its key, and the project's name."""
    return f"{evaluation.key} {evaluation.project.text if evaluation.project else '部门整体'}"


def show_filing(filing: Filing) -> None:
    """Show what was understood of a filing, and what its reader must know."""
    click.echo(f"{filing.unit or '（没有读到单位名称）'} {filing.year or '（没有读到年度）'}")
    for evaluation in filing.evaluations:
        _show_evaluation(evaluation)
    if filing.base_data:
        print_table(
            "基础数据：经费",
            ("项目", "上年决算>", "本年预算>", "本年决算>"),
            (
                (row.label, *map(text_of, (row.prior_outturn, row.budget, row.outturn)))
                for row in filing.base_data.expenditure
            ),
        )
    if len(filing.documents) > 1:
        print_table("文件", ("文件", "格式"), [(d.file, d.format) for d in filing.documents])
    click.echo(f"正文 {len(filing.sections)} 节，其中的数字 {len(filing.statements)} 处")
    for problem in filing.problems:
        click.echo(f"! {mask_private(problem.message)} [{problem.code}]")


def _show_evaluation(evaluation: Evaluation) -> None:
    if budget := evaluation.budget:
        print_table(
            f"{title_of(evaluation)}：预算资金（{evaluation.money_unit}）",
            ("年初预算数>", "全年预算数>", "全年执行数>", "执行率>", "分值>", "得分>"),
            [
                (
                    text_of(budget.original_budget),
                    text_of(budget.final_budget),
                    text_of(budget.actual_expenditure),
                    text_of(budget.execution_rate),
                    text_of(budget.points),
                    text_of(budget.score),
                )
            ],
        )
    print_table(
        f"{title_of(evaluation)}：指标",
        ("二级指标", "三级指标", "年度指标值", "实际完成值", "分值>", "得分>"),
        (
            (
                mask_private(indicator.subcategory),
                mask_private(indicator.name),
                mask_private(text_of(indicator.target)),
                mask_private(text_of(indicator.achieved)),
                text_of(indicator.points),
                text_of(indicator.score),
            )
            for indicator in evaluation.indicators
        ),
    )
    total = evaluation.claimed_total
    points, score = (text_of(total.points), text_of(total.score)) if total else (DASH, DASH)
    click.echo(f"总分：分值 {points}，自评得分 {score}")
