"""A notebook as a run leaves it (样例报告): every kind of block, charts, links, and nasty text."""

from __future__ import annotations

import io
from typing import Any

import matplotlib

matplotlib.use("agg")

import nbformat
from matplotlib import font_manager
from matplotlib import pyplot as plt
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from jixiao.tables.block import (
    Appendix,
    AppendixPart,
    Block,
    Cell,
    Column,
    FindingItem,
    Findings,
    KeyFigure,
    Note,
    Run,
    Summary,
    Table,
    WorkingItem,
    Workings,
    plain_runs,
)
from jixiao.tables.html import bundle
from jixiao.workspace import media
from jixiao.workspace.fonts import font_files

NASTY = (
    '<script>alert(1)</script> #read("x") $x$ {{7*7}} <b onclick="x()">粗</b> 𠮷 *a* _b_ \\u{41}'
)
LONG_WORD = "a" * 160
SCORES = 20
WORKINGS = 60
ROWS = 300


def sample_notebook() -> NotebookNode:
    """Build the notebook of a department's report."""
    cells = [
        new_markdown_cell("# 部门整体支出绩效评价报告"),
        new_code_cell('unit: str = "ziyang-justice"  # 单位编号\nyear: int = 2022  # 评价年度'),
        new_markdown_cell(
            "本报告按现行评分规则**重新计算**每一项得分，与单位自评结果对照，并列出需要核实的问题。"
            "凡带点线的数字，均可点开其计算底稿，直至自评材料的原文。"
        ),
        new_markdown_cell("## 评价摘要"),
        _block_cell("summary(result)", _summary()),
        new_markdown_cell("## 得分情况\n\n下表左为单位自评，中为按规则复算，右为两者之差。"),
        _block_cell("scores(result)", _scores()),
        *[_chart_cell(number) for number in range(1, 4)],
        new_markdown_cell(
            "### 预算执行\n\n- 年初预算与全年预算\n- 全年执行数\n  1. 基本支出\n  2. 项目支出"
        ),
        *[_chart_cell(number) for number in range(4, 7)],
        _block_cell("note(result)", _note()),
        new_markdown_cell("## 核查发现\n\n按严重程度排列；每条都写明**原文位置**、应有值与依据。"),
        *[_block_cell(f'findings(result, "{s}")', _findings(s, n)) for s, n in _SEVERITIES],
        new_markdown_cell("## 计算底稿"),
        _block_cell("workings(result)", _workings()),
        new_markdown_cell("## 原文附录\n\n自评材料逐格列出，供核对。<em>原样</em>"),
        _block_cell("appendix(result)", _appendix()),
        new_markdown_cell("## 评价结果"),
        _result_cell(),
    ]
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    nb = new_notebook(cells=cells)
    nb.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nb.metadata["language_info"] = {"name": "python"}
    nbformat.validate(nb)
    return nb


RESULT: dict[str, Any] = {
    "unit": "益阳市资阳区司法局",
    "year": 2022,
    "rubric": "hunan-department-2022",
    "audience": "internal",
    "document": {"file": "report.txt", "sha256": "3f5a1c" * 10 + "abcd", "format": "txt"},
    "evaluations": [{"key": "department", "score_total": "104.16"}],
}
READING: dict[str, Any] = {"unit": "益阳市资阳区司法局", "evaluations": []}
RUBRIC = "id: hunan-department-2022\ntitle: 湖南省部门整体支出绩效评价评分规则\n"


def _result_cell() -> NotebookNode:
    data = {
        media.RESULT: RESULT,
        media.READING: READING,
        media.RUBRIC: RUBRIC,
        media.HTML: "<p>评价结果已写入附件。</p>",
        media.TEXT: "评价结果已写入附件。",
    }
    return _code_cell("result", new_output("execute_result", data, execution_count=1))


def _code_cell(source: str, output: NotebookNode) -> NotebookNode:
    return new_code_cell(source, outputs=[output], execution_count=1)


def _block_cell(source: str, block: Block) -> NotebookNode:
    return _code_cell(source, new_output("display_data", bundle(block)))


def _chart_cell(number: int) -> NotebookNode:
    block = {
        "kind": "figure",
        "id": f"figure-{number}",
        "title": f"图{number} 各项支出与预算对照",
        "alt": f"条形图：图{number}，办公费 12.5 万元，差旅费 8.3 万元，会议费 3.1 万元。",
        "caption": [{"text": "横轴为支出科目，纵轴为金额（万元）。"}],
        "source": [{"text": "资料来源："}, {"text": "附件1 第3行", "href": "c1-3-2"}],
    }
    data = {media.SVG: _svg(number), media.BLOCK: block, media.TEXT: block["title"]}
    return _code_cell(f"plot_{number}(result)", new_output("display_data", data))


def _svg(number: int) -> str:
    font_manager.fontManager.addfont(str(font_files().sans))
    settings = {
        "svg.fonttype": "none",
        "svg.hashsalt": "jixiao",
        "font.family": "Noto Sans SC",
        "text.parse_math": False,
    }
    with matplotlib.rc_context(settings):
        figure, ax = plt.subplots(figsize=(6.4, 2.8))
        labels = ["办公费", "差旅费", "会议费", "培训费", "公务接待费"]
        ax.bar(labels, [12.5 + number, 8.3, 3.1, 2.2, 1.4 * number], color="#4a6fa5")
        ax.set_ylabel("金额（万元）")
        ax.spines[["top", "right"]].set_visible(False)
        stream = io.StringIO()
        figure.savefig(stream, format="svg", metadata={"Date": None})
        plt.close(figure)
    return stream.getvalue()


def _working_id(number: int) -> str:
    return f"w-{number:010x}"


def _summary() -> Summary:
    return Summary(
        id="summary",
        title="评价摘要",
        figures=(
            KeyFigure(
                "复算得分",
                (Run("104.16", href=_working_id(0)), Run(" / 110", tone="muted")),
                plain_runs("折合百分制 94.69"),
                "good",
            ),
            KeyFigure("自评得分", plain_runs("108"), plain_runs("封面写为 99"), "warn"),
            KeyFigure(
                "预算执行率", (Run("51.63%", href=_working_id(1)),), plain_runs("自评 9 分"), "bad"
            ),
            KeyFigure("评价等级", plain_runs("优"), plain_runs("自评：优")),
            KeyFigure("核查发现", plain_runs("30 条"), plain_runs("高 8 · 中 12 · 低 10"), "high"),
        ),
        sentences=(
            (
                Run("全年预算 38.00 万元，全年执行 "),
                Run("19.62", href="c1-3-2"),
                Run(" 万元，执行率 "),
                Run("51.63%", href=_working_id(1)),
                Run("；按规则应得 5.16 分，自评 9 分，多计 "),
                Run("3.84", href=_working_id(2), tone="bad"),
                Run(" 分。"),
            ),
            plain_runs(
                "各项分值合计 110 分，与表头所写 100 分不符，报告按 110 分计算后折合为百分制。"
            ),
        ),
    )


def _scores() -> Table:
    columns = (
        Column("一级指标", width=1.2),
        Column("二级指标", width=1.4),
        Column("三级指标", width=3),
        Column("分值", "right", 0.8),
        Column("自评得分", "right", 1.0),
        Column("复算得分", "right", 1.0),
        Column("差异", "right", 0.8),
        Column("状态", "center", 1.0),
    )
    rows = []
    for number in range(SCORES):
        cells: list[Cell] = []
        if number % 5 == 0:
            name = ("预算执行", "产出指标", "效益指标", "满意度指标")[number // 5]
            cells.append(Cell(plain_runs(name), header=True, rows=5))
        indicator = NASTY if number == 7 else f"受理行政复议案件数量第{number + 1}项"
        off = number % 4 == 3
        cells += [
            Cell(plain_runs("数量指标")),
            Cell(plain_runs(indicator)),
            Cell(plain_runs("5")),
            Cell(plain_runs("5")),
            Cell((Run("3.16" if off else "5", href=_working_id(number), id=f"n-{number}"),)),
            Cell(plain_runs("-1.84" if off else "0"), tone="bad" if off else "muted"),
            Cell(plain_runs("复算不符" if off else "相符"), tone="warn" if off else "good"),
        ]
        rows.append(tuple(cells))
    total = (
        Cell(plain_runs("合计"), header=True, columns=3),
        *(Cell(plain_runs(text, "strong")) for text in ("110", "108", "104.16", "-3.84")),
        Cell(plain_runs("")),
    )
    notes = (
        plain_runs("“差异”为复算得分减自评得分；无法复算的判断性指标照自评得分计入，并给出区间。"),
        (Run("规则依据见"), Run("评分规则第十七条", href="rule-17"), Run("。")),
    )
    return Table("scores", "表1 部门整体支出绩效得分对照（分）", columns, (*rows, total), notes)


_SEVERITIES = (("high", 8), ("medium", 12), ("low", 10))
_NAMES = {"high": "高", "medium": "中", "low": "低"}


def _findings(severity: Any, count: int) -> Findings:
    items = tuple(_finding(severity, number) for number in range(count))
    return Findings(f"findings-{severity}", f"严重程度：{_NAMES[severity]}（{count}）", items)


def _finding(severity: Any, number: int) -> FindingItem:
    row = 3 + number
    return FindingItem(
        id=f"finding-{severity}-{number}",
        check=f"A-{number + 1:02d}",
        code="points-total",
        severity=severity,
        title=NASTY if (severity, number) == ("high", 1) else "分值合计与表头不符",
        message=(
            Run("各指标分值合计 "),
            Run("110", href=_working_id(number), tone="bad"),
            Run(" 分，表头写为 100 分，相差 10 分。请核对指标表并说明哪一项分值有误。"),
        ),
        facts=(
            ("原文位置", (Run(f"附件1 第{row}行第2列", href=f"c1-{row}-2"),)),
            ("原文", plain_runs("合计 100 " + (LONG_WORD if number == 2 else ""))),
            ("应为", plain_runs("110")),
            ("算式", plain_runs("10 + 50 + 40 + 10 = 110")),
            ("依据", plain_runs("财预〔2020〕10号 第十七条（未核对原文）")),
        ),
    )


def _workings() -> Workings:
    items = tuple(
        WorkingItem(
            id=_working_id(number),
            label=f"预算执行率得分（第{number + 1}项）",
            value="5.16分",
            steps=(
                plain_runs("得分 = 分值 × 全年执行数 ÷ 全年预算数"),
                (Run("     = 10 × "), Run("19.62", href="c1-3-2"), Run(" ÷ 38 = 5.16")),
            ),
            leaves=(
                (Run("全年执行数 19.62万元 "), Run("附件1 第3行第2列", href=f"c1-{3 + number}-2")),
                (Run("全年预算数 38万元 "), Run("附件1 第4行第2列", href="c1-4-2")),
            ),
            reference=(Run("财预〔2020〕10号 第十七条", id="rule-17" if number == 0 else None),),
            back=f"n-{number}" if number < SCORES else None,
        )
        for number in range(WORKINGS)
    )
    return Workings("workings", "计算底稿", items)


def _appendix() -> Appendix:
    rows = tuple(
        tuple(
            Cell(plain_runs(text), id=f"c1-{row}-{column}")
            for column, text in enumerate(_row(row), 1)
        )
        for row in range(1, ROWS - 39)
    )
    lines = tuple(
        (
            Cell(
                plain_runs(
                    f"第{number}段　本年度按照区委、区政府部署，全面完成各项司法行政工作任务，"
                    "受理行政复议案件五十余件，社区矫正对象管理规范有序。"
                ),
                id=f"l{500 + number}",
            ),
        )
        for number in range(1, 41)
    )
    return Appendix(
        "appendix",
        "原文附录",
        (
            AppendixPart("附件1 部门整体支出绩效自评表", "grid", rows),
            AppendixPart("自评报告正文", "text", lines),
        ),
    )


def _row(number: int) -> tuple[str, ...]:
    name = NASTY if number == 9 else f"受理行政复议案件第{number}项"
    return ("产出指标", "19.62" if number == 3 else name, "≥50件", "≥50件", "15", "15")


def _note() -> Note:
    return Note(
        "note-charts",
        (
            plain_runs("三公经费中因公出国（境）费用未填报，按缺失处理，不作 0 计。"),
            (Run("这一处链接没有去处：", tone="muted"), Run("无此底稿", href="w-nowhere")),
            plain_runs(NASTY),
        ),
        title="说明",
        tone="warn",
        bullets=True,
    )
