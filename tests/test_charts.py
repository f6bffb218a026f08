"""Charts: what they draw, say and leave out, and that they do so the same way every time."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import matplotlib
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from jixiao import charts
from jixiao.charts import Omission, Picture
from jixiao.charts.labels import width, wrap
from jixiao.charts.shapes import PAINTS
from jixiao.datum import (
    Datum,
    Reference,
    Source,
    cap,
    multiply,
    percent,
    round_half_up,
    sum_filed,
)
from jixiao.model import (
    Audit,
    BaseData,
    BaseIndicator,
    Budget,
    Evaluation,
    ExpenditureRow,
    Filed,
    Finding,
    Indicator,
    Objectives,
    Scorecard,
    ScoreLine,
)

T = TypeVar("T")
FILE = "ziyang-justice-2022.txt"


def source(part: str = "附件2", text: str = "") -> Source:
    return Source(FILE, "0" * 64, part, 1, 1, 1, 1, text)


def filed(text: str, part: str = "附件2") -> Filed:
    return Filed(text, source(part, text))


def datum(value: str | None, unit: str, label: str = "", part: str = "附件2") -> Datum:
    number = None if value is None else Datum.of(value).value
    return Datum(label, number, unit, source(part, value or ""))


def indicator(
    category: str, name: str, target: str, achieved: str, points: str = "10", score: str = "10"
) -> Indicator:
    return Indicator(
        category, None, "数量指标", filed(name), filed(target), filed(achieved),
        datum(points, "分"), 1, datum(score, "分"), 1, None, None, None, source(),
    )  # fmt: skip


def budget(original: str | None, final: str | None, actual: str | None, score: str) -> Budget:
    return Budget(
        datum(original, "万元", "年初预算数"), datum(final, "万元", "全年预算数"),
        datum(actual, "万元", "全年执行数"), datum("10", "分"), None, datum(score, "分"), (), source(),
    )  # fmt: skip


def evaluation(
    indicators: tuple[Indicator, ...] = (), money: Budget | None = None, kind: str = "project"
) -> Evaluation:
    return Evaluation(
        "department" if kind == "department" else "project-1",
        "department" if kind == "department" else "project",
        filed("社区矫正"), None, None, "万元", filed("2022年度项目支出绩效自评表"), money,
        Objectives(None, None), indicators, None,
    )  # fmt: skip


def line(
    path: tuple[str, ...], points: str | None, claimed: str | None, score: Datum | str | None,
    members: tuple[Indicator, ...],
) -> ScoreLine:  # fmt: skip
    recomputed = score if isinstance(score, Datum) else datum(score, "分", "得分")
    status = "missing" if recomputed.value is None else "accepted"
    return ScoreLine(
        path, members, datum(points, "分", "分值"), datum(claimed, "分", "自评得分"), recomputed,
        "recomputed" if isinstance(score, Datum) else status, "exact",
        recomputed, recomputed, "", source(),
    )  # fmt: skip


def execution(money: Budget) -> ScoreLine:
    rate = percent("预算执行率", money.actual_expenditure, money.final_budget)
    raw = multiply("按执行率计分", money.points, rate)
    score = round_half_up("预算执行得分", cap("预算执行得分", raw, money.points))
    return line(("预算执行率",), "10", money.score.digits, score, ())


def scorecard(
    lines: tuple[ScoreLine, ...], stated: str | None = "99", extra: tuple[BaseIndicator, ...] = ()
) -> Scorecard:
    whole = all(each.score.value is not None for each in lines)
    total = (
        sum_filed("重算得分合计", *(each.score for each in lines)) if lines else datum(None, "分")
    )
    total = total if whole else datum(None, "分")
    points = sum_filed("分值合计", *(each.points for each in lines)) if lines else datum(None, "分")
    on_100 = Datum("折算百分制得分", None, "分", points.origin)
    if total.value is not None and points.value:
        ratio = percent("得分率", total, points)
        on_100 = round_half_up("折算百分制得分", multiply("", Datum.of(100, "分"), ratio))
    return Scorecard(
        "project-1", "mof-2020-10", lines, datum(stated, "分"),
        sum_filed("自评各项得分之和", *(each.claimed_score for each in lines), Datum.of(None, "分")),
        total, points, on_100, total, total, on_100, on_100, None, None, None, None,
        datum("9.09", "%"), extra,
    )  # fmt: skip


PROJECT_INDICATORS = (
    indicator("产出指标", "接收社区矫正对象", "164人", "164人"),
    indicator("产出指标", "解除社区矫正对象", "202人", "202人"),
    indicator("产出指标", "安置帮教对象", "1351人", "1351人"),
    indicator("产出指标", "开展适用社区矫正调查评估", "270例", "278例"),
    indicator("产出指标", "筑牢社区矫正安全防线。", "达标", "达标"),
    indicator("产出指标", "加强社区矫正人员法律法规讲解,提高法纪意识", "达标", "达标"),
    indicator("产出指标", "项目经费支出进度", "完成", "完成"),
    indicator("产出指标", "社区矫正个案矫正率", "100%", "100%"),
    indicator("产出指标", "社区矫正经费", "38万元", "19.62万元", "10", "9"),
    indicator("产出指标", "财政资金足额到位率", "100%", "100%"),
    indicator("效益指标", "社区矫正对象违纪率", "≤1%", "≤1%"),
    indicator("效益指标", "维护社会稳定，减少社区矫正对象再犯罪", "≤0.2%", "≤0.2%"),
    indicator("效益指标", "开展社区矫正工作，维护辖区和谐稳定", "达标", "达标"),
    indicator("效益指标", "通过法律宣传、法治建设、法律援助增强人民的法律意识", "达标", "达标"),
    indicator("效益指标", "促进司法公正良性循环影响程度", "较高", "较高"),
    indicator("效益指标", "管理社矫对象到位率", "100%", "100%"),
    indicator("效益指标", "维护当事人合法权益、维护法律正确实施率", "97%", "98%"),
    indicator("效益指标", "基层司法行政工作影响力", "提升", "提升"),
    indicator("满意度指标", "法律援助工作满意率", "≥98%", "≥98%"),
    indicator("满意度指标", "社区矫正对象满意率", "≥95%", "≥96%"),
)
PROJECT_BUDGET = budget("38", "38", "19.62", "9")
DEPARTMENT_BUDGET = budget("969.65", "1008.22", "1008.22", "10")


def project_card() -> Scorecard:
    members = PROJECT_INDICATORS
    groups = (
        ("产出指标", "数量指标", "15", "15", members[:3]),
        ("产出指标", "质量指标", "15", "15", members[3:6]),
        ("产出指标", "时效指标", "10", "10", members[6:8]),
        ("产出指标", "成本指标", "10", "9", members[8:10]),
        ("效益指标", "经济效益指标", "10", "10", members[10:12]),
        ("效益指标", "社会效益指标", "10", "10", members[12:14]),
        ("效益指标", "生态效益指标", "10", "10", members[14:16]),
        ("效益指标", "可持续影响指标", "10", "10", members[16:18]),
        ("满意度指标", "服务对象满意度指标", "10", "10", members[18:]),
    )
    lines = (line((a, b), p, s, s, group) for a, b, p, s, group in groups)
    return scorecard((execution(PROJECT_BUDGET), *lines))


def row(label: str, level: int, parent: str | None, *values: str | None) -> ExpenditureRow:
    prior, planned, spent = (datum(value, "万元", label, "附件1") for value in values)
    return ExpenditureRow(label, level, parent, prior, planned, spent, source("附件1", label))


def base_data() -> BaseData:
    lines = (
        ("运行维护经费", None, "10", "44.16"), ("普法宣传支出", "14", "12", "12"),
        ("公共法律服务支出", "11", "11", "9.6"), ("社区矫正支出", "69.33", "38", "5.84"),
        ("法制建设支出", "9.67", "10", "11.85"), ("其他司法支出事务", "142.62", "95", "47.58"),
        ("其他司法支出", "3.97", None, None), ("应急管理支出", None, None, "35"),
        ("消防救援事务支出", None, None, "15"),
    )  # fmt: skip
    car = "公务用车购置和维护经费"
    return BaseData(
        filed("2022年度部门整体支出绩效评价基础数据表", "附件1"), None,
        (
            row("支出总额", 0, None, "941.45", "969.65", "1008.22"),
            row("项目支出", 1, "支出总额", "250.59", "176", "181.03"),
            *(row(label, 2, "项目支出", *values) for label, *values in lines),
            row("三公经费", 0, None, None, None, None),
            row(car, 1, "三公经费", None, "2.8", "1.43"),
            row("公车购置", 2, car, None, None, None),
            row("公车运行维护", 2, car, None, "2.8", "1.43"),
            row("出国经费", 1, "三公经费", None, None, None),
            row("公务接待", 1, "三公经费", None, "5.5", "1.55"),
            row("政府采购金额", 0, None, None, None, "162.20"),
        ),
        None, None,
    )  # fmt: skip


def three_public_rate() -> BaseIndicator:
    spent = sum_filed("三公经费", datum("1.43", "万元"), datum(None, "万元"), datum("1.55", "万元"))
    planned = sum_filed("三公经费", datum("2.8", "万元"), datum(None, "万元"), datum("5.5", "万元"))
    return BaseIndicator(
        "三公经费控制率", percent("三公经费控制率", spent, planned), "computed", ()
    )


def finding(check: str, severity: str) -> Finding:
    level = "high" if severity == "高" else "medium" if severity == "中" else "low"
    return Finding(check, "code", level, None, (), (), (), (), (), Reference("规则", verified=True))


def audit() -> Audit:
    found = (
        ("A-01", "高"), ("A-02", "高"), ("A-02", "高"), ("A-04", "中"), ("A-07", "中"),
        ("A-09", "中"), ("B-02", "高"), ("B-03", "高"), ("B-05", "中"), ("B-08", "高"),
        ("B-09", "高"), ("B-12", "中"), ("B-13", "中"), ("B-17", "高"), ("C-01", "中"),
        ("C-05", "低"), ("C-12", "低"), ("D-01", "高"), ("D-08", "中"), ("E-01", "高"),
        ("E-06", "低"), ("E-10", "低"), ("G-01", "高"), ("H-01", "低"),
    )  # fmt: skip
    return Audit(tuple(finding(check, severity) for check, severity in found))


# ---------------------------------------------------------------- what is drawn


def all_charts() -> dict[str, Picture | Omission]:
    """Draw every chart of the sample filing."""
    project, card = evaluation(PROJECT_INDICATORS, PROJECT_BUDGET), project_card()
    department = scorecard((execution(DEPARTMENT_BUDGET),), "100", (three_public_rate(),))
    drawn = (
        charts.chart_points(card),
        charts.chart_losses(card),
        charts.chart_achievement(project),
        charts.chart_budget(project, card),
        charts.chart_project_lines(base_data()),
        charts.chart_three_public_expenses(base_data(), department),
        charts.chart_findings(audit()),
    )
    return {each.id: each for each in drawn}


def digests() -> str:
    """Digest every byte that the charts put into a notebook."""
    bundles = {name: chart._repr_mimebundle_() for name, chart in all_charts().items()}
    return hashlib.sha256(json.dumps(bundles, ensure_ascii=False).encode()).hexdigest()


def picture(chart: Picture | Omission) -> Picture:
    assert isinstance(chart, Picture), chart
    return chart


def texts(ax: Axes) -> list[str]:
    return [text.get_text().replace("\n", "") for text in ax.texts]


def widths(ax: Axes, paint: str) -> list[float]:
    """Give the lengths of the bars of one paint, the key's sample aside."""
    looks = PAINTS[paint]  # type: ignore[index]
    return [
        round(box.get_width(), 4)
        for box in ax.patches
        if isinstance(box, Rectangle)
        and box.get_data_transform() == ax.transData
        and to_hex(box.get_facecolor()) == looks["facecolor"]
        and box.get_hatch() == looks.get("hatch")
    ]


def numbers(found: T | str) -> T:
    assert not isinstance(found, str), found
    return found


def test_points_show_the_execution_score_that_was_claimed_too_high() -> None:
    found = numbers(charts.points_numbers(project_card()))
    ax = charts.plot_points(found)
    assert ax.get_title(loc="left").replace("\n", "") == (
        "预算执行得分自评 9 分，按执行率应为 5.16 分；自评总分填 99 分，各项相加为 108 分"
    )
    assert widths(ax, "frame") == [10, 50, 40, 10]
    assert widths(ax, "filed") == [9, 49, 40, 10]
    assert widths(ax, "recomputed") == [5.16]
    assert widths(ax, "accepted") == [49, 40, 10]
    assert widths(ax, "bad") == [3.84]
    assert {"预算执行（10 分）", "自评 9", "重算 5.16（−3.84）"} <= set(texts(ax))
    assert ax.get_xlabel() == "分"
    assert (
        "预算执行：分值 10 分，自评 9 分，重算 5.16 分（其中重算 5.16）"
        in charts.describe_points(found)
    )


def test_points_that_agree_say_so() -> None:
    card = scorecard((execution(DEPARTMENT_BUDGET),), "10")
    title = "能重算的部分（占分值 9.09%）得分与自评一致"
    assert picture(charts.chart_points(card)).title == title


def test_points_without_a_score_say_which() -> None:
    card = scorecard((line(("产出指标",), "10", None, None, PROJECT_INDICATORS[:1]),))
    chart = picture(charts.chart_points(card))
    assert chart.title == "产出指标缺分值或得分，无法重算"
    assert "自评 缺，重算 缺" in chart.alt


def test_losses_go_down_from_all_points_to_the_recomputed_score() -> None:
    found = numbers(charts.losses_numbers(project_card()))
    ax = charts.plot_losses(found)
    title = "满分 110 分，重算得 104.16 分，失分最多的是预算执行（4.84 分）"
    assert ax.get_title(loc="left") == title
    assert widths(ax, "bad") == [4.84, 1]
    steps = [box.get_x() for box in ax.patches if isinstance(box, Rectangle)]
    assert [round(step, 2) for step in steps] == [105.16, 104.16]
    labels = {"分值合计", "成本指标", "重算得分", "−4.84（自评 9，重算 5.16）", "104.16", "108"}
    assert labels <= set(texts(ax))
    alt = charts.describe_losses(found)
    assert "分值合计 110分" in alt.replace("110 分", "110分")
    assert "自评各项得分合计 108 分" in alt


def test_losses_beyond_a_dozen_are_drawn_as_one() -> None:
    members = (indicator("产出指标", "甲", "1", "1"),)
    lines = tuple(line((f"指标{i}",), "10", "9", "9", members) for i in range(20))
    found = numbers(charts.losses_numbers(scorecard(lines)))
    assert len(found.losses) == 12
    assert found.losses[-1].label == "其余 9 项"
    assert sum(loss.lost.require() for loss in found.losses) == 20


def test_achievement_is_a_rate_where_both_values_are_numbers() -> None:
    project = evaluation(PROJECT_INDICATORS)
    found = numbers(charts.achievement_numbers(project))
    rates = {rate.label: rate for rate in found.rates}
    assert len(found.rates) == 13
    assert found.total == 20
    assert rates["社区矫正经费"].text == "51.63%（19.62万元／38万元）"
    assert rates["社区矫正经费"].standing == "open"
    assert rates["社区矫正对象满意率"].text == "≥101.05%（≥96%／≥95%）"
    assert "筑牢社区矫正安全防线。" not in rates
    ax = charts.plot_achievement(found)
    assert "20 项指标中 13 项可以计算完成率" in ax.get_title(loc="left")
    hollow = [marks for marks in ax.lines if marks.get_markerfacecolor() == "#ffffff"]
    assert (
        sum(len(marks.get_xdata()) for marks in hollow if marks.axes and _in_data(ax, marks)) == 4
    )
    drawn = [x for marks in ax.lines if _in_data(ax, marks) for x in marks.get_xdata()]
    assert len(drawn) == 13
    assert min(drawn) == pytest.approx(51.6316, abs=1e-4)
    chart = picture(charts.chart_achievement(project))
    assert "7 项是文字、没有填报或单位不同，未画。" in chart.caption


def _in_data(ax: Axes, artist: object) -> bool:
    return artist.get_transform() == ax.transData  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("target", "achieved", "text", "standing"),
    [
        ("≥80%", "60%", "75%（60%／≥80%）", "unmet"),
        ("≤10天", "12天", "120%（12天／≤10天）", "unmet"),
        ("≤10天", "8天", "80%（8天／≤10天）", "met"),
        ("80", "100", "125%（100／80）", "met"),
        ("100%", "100", "100%", "met"),
    ],
)
def test_achievement_stands_to_its_target(
    target: str, achieved: str, text: str, standing: str
) -> None:
    project = evaluation((indicator("产出指标", "甲", target, achieved),))
    (rate,) = numbers(charts.achievement_numbers(project)).rates
    assert (rate.text, rate.standing) == (text, standing)


@pytest.mark.parametrize(
    ("target", "achieved"),
    [
        ("≥50件", "50场"), ("0", "0"), ("达标", "100%"), ("100%", "1"), ("≥50件", ""),
        ("50-60件", "55件"), ("②", "2"), ("-5", "5"), ("5", "-5"), ("12月底前", "12月"),
    ],
)  # fmt: skip
def test_achievement_leaves_out_what_cannot_be_compared(target: str, achieved: str) -> None:
    project = evaluation((indicator("产出指标", "甲", target, achieved),))
    assert charts.achievement_numbers(project) == (
        "1 项指标的年度指标值与实际完成值不都是同一单位的数，无法计算完成率，完成率图从略。"
    )


def test_budget_takes_the_rate_from_the_working() -> None:
    project, card = evaluation((), PROJECT_BUDGET), project_card()
    found = numbers(charts.budget_numbers(project, card))
    ax = charts.plot_budget(found)
    assert ax.get_title(loc="left") == "全年执行 19.62 万元，为全年预算 38 万元的 51.63%"
    assert widths(ax, "filed") == [38]
    assert widths(ax, "frame") == [38, 38]
    assert widths(ax, "recomputed") == [19.62]
    assert "19.62（执行率 51.63%，未执行 18.38）" in texts(ax)
    assert ax.get_xlabel() == "万元"
    assert "全年预算数 38" in charts.describe_budget(found)


def test_budget_marks_spending_beyond_the_final_budget() -> None:
    money = budget("10", "10", "12", "10")
    found = numbers(charts.budget_numbers(evaluation((), money), scorecard((execution(money),))))
    ax = charts.plot_budget(found)
    assert widths(ax, "bad") == [2]
    assert "12（执行率 120%，超出全年预算 2）" in texts(ax)


def test_budget_without_a_rate_draws_the_amounts() -> None:
    money = budget(None, "0", "12", "10")
    found = numbers(charts.budget_numbers(evaluation((), money), scorecard(())))
    assert found.title == "全年预算 0 万元，全年执行 12 万元"
    assert widths(charts.plot_budget(found), "bad") == [12]


def test_project_lines_show_what_exceeds_the_budget_or_has_none() -> None:
    found = numbers(charts.project_lines_numbers(base_data()))
    ax = charts.plot_project_lines(found)
    title = ax.get_title(loc="left").replace("\n", "")
    assert "项目支出 8 项中，2 项超预算，最多的是运行维护经费超 34.16 万元" in title
    assert "2 项没有预算：应急管理支出 35 万元、消防救援事务支出 15 万元" in title
    assert widths(ax, "frame") == [10, 12, 11, 38, 10, 95]
    assert widths(ax, "bad") == [34.16, 1.85, 35, 15]
    assert {"44.16（预算 10，超 34.16）", "35（无预算）"} <= set(texts(ax))
    assert ax.get_xlabel() == "万元"
    chart = picture(charts.chart_project_lines(base_data()))
    assert "其他司法支出没有填报预算数和决算数，未画。" in chart.caption
    assert chart.source == "资料来源：附件1"


def test_three_public_expenses_show_the_parts_and_the_rate() -> None:
    card = scorecard((), extra=(three_public_rate(),))
    found = numbers(charts.three_public_expenses_numbers(base_data(), card))
    ax = charts.plot_three_public_expenses(found)
    title = "“三公”经费决算 2.98 万元，为预算 8.30 万元的 35.90%"
    assert ax.get_title(loc="left") == title
    assert widths(ax, "frame") == [2.8, 5.5]
    assert widths(ax, "recomputed") == [1.43, 1.55]
    assert {"出国经费", "未填报", "1.55（预算 5.5）"} <= set(texts(ax))
    assert "控制率 35.90%" in charts.describe_three_public_expenses(found)


def test_three_public_expenses_go_down_where_only_the_parts_of_a_part_were_filed() -> None:
    filed_rows = tuple(
        row(each.label, 1, "三公经费", None, None, None) if "购置和维护" in each.label else each
        for each in base_data().expenditure
    )
    base = replace(base_data(), expenditure=filed_rows)
    found = charts.three_public_expenses_numbers(base, scorecard(()))
    labels = [amount.label for amount in numbers(found).amounts]
    assert labels == ["公车运行维护", "出国经费", "公务接待"]


def test_findings_are_counted_by_group_and_severity() -> None:
    found = numbers(charts.findings_numbers(audit()))
    ax = charts.plot_findings(found)
    title = "核查发现 24 项，其中 11 项为高，最多的是预算执行（8 项）"
    assert ax.get_title(loc="left") == title
    assert widths(ax, "high") == [3, 5, 1, 1, 1]
    assert widths(ax, "medium") == [3, 3, 1, 1]
    assert widths(ax, "low") == [2, 2, 1]
    assert {"A 分值与合计", "B 预算执行", "8 项"} <= set(texts(ax))
    assert "B 预算执行：高 5、中 3" in charts.describe_findings(found)


# ---------------------------------------------------------------- what is left out


@pytest.mark.parametrize(
    ("chart", "sentence"),
    [
        (charts.chart_points(scorecard(())), "自评表没有填报分值和得分，各类得分图从略。"),
        (charts.chart_losses(scorecard(())), "自评表没有填报分值，失分图从略。"),
        (
            charts.chart_losses(scorecard((line(("甲",), "5", None, None, ()),))),
            "1 项缺分值或得分，得不出重算总分，失分图从略。",
        ),
        (
            charts.chart_losses(scorecard((line(("甲",), "5", "5", "5", ()),))),
            "各项重算得分都等于分值，共 5 分，没有失分，失分图从略。",
        ),
        (charts.chart_achievement(evaluation()), "自评表没有绩效指标，完成率图从略。"),
        (
            charts.chart_budget(evaluation(), scorecard(())),
            "自评表没有预算资金一栏，预算执行图从略。",
        ),
        (
            charts.chart_budget(evaluation((), budget(None, None, None, "9")), scorecard(())),
            "年初预算数、全年预算数和全年执行数都没有填报，预算执行图从略。",
        ),
        (charts.chart_project_lines(None), "没有填报基础数据表，项目支出明细图从略。"),
        (
            charts.chart_project_lines(replace(base_data(), expenditure=())),
            "基础数据表没有列出项目支出的明细，项目支出明细图从略。",
        ),
        (
            charts.chart_three_public_expenses(None, scorecard(())),
            "没有填报基础数据表，“三公”经费图从略。",
        ),
        (
            charts.chart_three_public_expenses(replace(base_data(), expenditure=()), scorecard(())),
            "基础数据表没有“三公”经费，“三公”经费图从略。",
        ),
        (charts.chart_findings(Audit()), "核查没有发现问题，核查发现分布图从略。"),
    ],
)
def test_a_chart_without_data_is_left_out_with_a_sentence(
    chart: Picture | Omission, sentence: str
) -> None:
    assert isinstance(chart, Omission)
    assert chart.sentence == sentence


def test_what_a_picture_and_an_omission_put_into_a_notebook() -> None:
    drawn = picture(charts.chart_points(project_card()))
    bundle = drawn._repr_mimebundle_()
    assert bundle == {
        "image/svg+xml": drawn.svg,
        "application/vnd.jixiao.block+json": {
            "kind": "figure",
            "id": "f-points",
            "title": drawn.title,
            "alt": drawn.alt,
            "caption": [{"text": drawn.caption}],
            "source": [{"text": "资料来源：附件2；评分规则 mof-2020-10"}],
        },
        "text/plain": drawn.alt,
    }
    assert list(drawn._repr_mimebundle_(include=["text/plain"])) == ["text/plain"]
    assert "text/plain" not in drawn._repr_mimebundle_(exclude=["text/plain"])
    bundle = Omission("f-x", "a < b")._repr_mimebundle_()
    assert bundle["text/html"] == "<p>a &lt; b</p>"
    assert bundle["application/vnd.jixiao.block+json"] == {
        "kind": "note",
        "id": "f-x",
        "title": "",
        "tone": "muted",
        "bullets": False,
        "sentences": [[{"text": "a < b"}]],
    }


# ---------------------------------------------------------------- how it is drawn

NASTY = (
    "$\\frac{$", "_x", "<b>粗</b>", "{0}", "%s & \"引号\" '", "长" * 60, "W" * 60, "a\x00b\x1b[31m",
    "𠮷祥", "]]>", "换\n行\t格", "𝔘𝕟𝕚", "\u202e逆序", "\ud800", "é" * 30, "",
)  # fmt: skip


def svg_texts(chart: Picture) -> list[str]:
    root = ElementTree.fromstring(chart.svg)
    return [element.text or "" for element in root.iter("{http://www.w3.org/2000/svg}text")]


@pytest.mark.parametrize("name", NASTY)
def test_what_a_unit_wrote_is_only_ever_text(name: str) -> None:
    members = (
        indicator(name, name, "≥10件", "8件"),
        indicator("产出指标", name, "10" + name, name),
    )
    lines = (line((name, name), "10", "10", "8", members),)
    rows = (row("项目支出", 0, None, "1", "1", "1"), row(name, 1, "项目支出", "1", "1", "2"))
    drawn = [
        charts.chart_points(scorecard(lines)),
        charts.chart_losses(scorecard(lines)),
        charts.chart_achievement(evaluation(members)),
        charts.chart_project_lines(replace(base_data(), expenditure=rows)),
    ]
    for chart in map(picture, drawn):
        assert svg_texts(chart)
        assert "<b>" not in chart.svg
        words = "".join(svg_texts(chart)) + chart.alt + chart.title + chart.caption
        assert not any(ord(sign) < 32 or 0xD800 <= ord(sign) < 0xE000 for sign in words)
        json.dumps(chart._repr_mimebundle_(), ensure_ascii=False).encode()


def test_a_label_is_printed_as_it_was_filed() -> None:
    rows = (
        row("项目支出", 0, None, "1", "1", "1"),
        row("_x $a$ {0}", 1, "项目支出", "1", "1", "2"),
    )
    chart = picture(charts.chart_project_lines(replace(base_data(), expenditure=rows)))
    assert "_x $a$ {0}" in svg_texts(chart)


def test_a_character_without_a_glyph_is_printed_as_its_number() -> None:
    rows = (row("项目支出", 0, None, "1", "1", "1"), row("𠮷祥", 1, "项目支出", "1", "1", "2"))
    chart = picture(charts.chart_project_lines(replace(base_data(), expenditure=rows)))
    assert "〔U+20BB7〕祥" in svg_texts(chart)
    assert "〔U+20BB7〕祥" in chart.alt


@pytest.mark.parametrize("name", NASTY[5:])
def test_a_label_fits_where_it_stands(name: str) -> None:
    text = wrap(name, 15, 2)
    assert text.count("\n") <= 1
    assert all(width(part) <= 15.5 for part in text.split("\n"))


def boxes(ax: Axes) -> Iterable[tuple[str, float, float]]:
    figure = ax.get_figure()
    assert isinstance(figure, Figure)
    figure.set_dpi(300)  # at 72 dpi Agg rounds every advance to whole pixels
    renderer = FigureCanvasAgg(figure).get_renderer()
    figure.draw(renderer)
    for text in ax.texts:
        box = text.get_window_extent(renderer)
        yield text.get_text(), box.x0 / figure.bbox.width, box.x1 / figure.bbox.width


def forty() -> tuple[Indicator, ...]:
    names = ("受理、审查、指派法律援助案件率" * 4)[:60], "$x$", "数量"
    return tuple(
        indicator("产出指标", f"{i}{names[i % 3]}", "≥1631件", f"{1200 + 40 * i}件")
        for i in range(60)
    )


def plots() -> list[Axes]:
    lines = tuple(line(("产" * 30,), "10", "9", "8.5", forty()[:1]) for _ in range(15))
    rows = [
        row(f"{'某项支出' * 12}{i}", 1, "项目支出", "1", "100000", "999999.99") for i in range(60)
    ]
    base = replace(base_data(), expenditure=(row("项目支出", 0, None, "1", "1", "1"), *rows))
    money = budget("123456789.12", "123456789.12", "123456.12", "9")
    card = scorecard((execution(money), *lines))
    return [
        charts.plot_points(numbers(charts.points_numbers(card))),
        charts.plot_losses(numbers(charts.losses_numbers(card))),
        charts.plot_achievement(numbers(charts.achievement_numbers(evaluation(forty())))),
        charts.plot_budget(numbers(charts.budget_numbers(evaluation((), money), card))),
        charts.plot_project_lines(numbers(charts.project_lines_numbers(base))),
        charts.plot_findings(numbers(charts.findings_numbers(audit()))),
    ]


@pytest.mark.parametrize("index", range(6))
def test_nothing_is_cut_at_the_edge_of_the_page(index: int) -> None:
    ax = plots()[index]
    outside = [text for text, left, right in boxes(ax) if left < 0 or right > 1]
    assert outside == []
    figure = ax.get_figure()
    assert isinstance(figure, Figure)
    assert figure.get_size_inches()[1] <= 8.81


def test_project_lines_beyond_two_dozen_are_left_to_the_table() -> None:
    rows = [row(f"支出{i}", 1, "项目支出", None, "10", str(10 + i)) for i in range(60)]
    base = replace(base_data(), expenditure=(row("项目支出", 0, None, "1", "1", "1"), *rows))
    chart = picture(charts.chart_project_lines(base))
    assert chart.title == "项目支出 60 项中，59 项超预算，最多的是支出59超 59 万元"
    assert chart.caption == "项目支出各项的预算与决算。另有 36 项更接近预算，未画。"
    assert "支出36 46（预算 10，超 36）" in chart.alt
    assert "支出35 " not in chart.alt
    assert len(chart.svg.encode()) <= 25_000


def test_a_page_holds_forty_rows_and_says_what_it_leaves_out() -> None:
    chart = picture(charts.chart_achievement(evaluation(forty())))
    assert "另有 20 项更接近 100%，未画。" in chart.caption
    assert len(chart.svg.encode()) <= 25_000


CHARTS = (
    "points", "losses", "achievement", "budget", "project-lines", "three-public-expenses", "findings",
)  # fmt: skip


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_is_small_and_self_contained(name: str) -> None:
    svg = picture(all_charts()[f"f-{name}"]).svg
    assert len(svg.encode()) <= 25_000
    assert "<metadata" not in svg
    assert 'href="http' not in svg
    assert svg.startswith("<svg style=\"font-family: 'Noto Sans SC','Source Han Sans SC',")
    assert svg.count("font-family") == 1
    ElementTree.fromstring(svg)


def test_axes_of_ones_own_are_drawn_into_and_settings_left_alone() -> None:
    before = dict(matplotlib.rcParams)
    figure = Figure(figsize=(8, 3))
    ax = figure.add_subplot(1, 2, 1)
    assert charts.plot_points(numbers(charts.points_numbers(project_card())), ax) is ax
    assert ax.get_figure() is figure
    assert dict(matplotlib.rcParams) == before


def test_the_readers_settings_do_not_change_a_chart() -> None:
    plain = charts.chart_points(project_card())
    with matplotlib.rc_context({"font.size": 30, "svg.fonttype": "path", "axes.grid": True}):
        assert charts.chart_points(project_card()) == plain


@pytest.mark.parametrize(("seed", "zone"), [("1", "Asia/Shanghai"), ("2", "America/New_York")])
def test_every_process_draws_the_same_bytes(seed: str, zone: str) -> None:
    root = Path(__file__).resolve().parents[1]
    words = {"PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": f"{root / 'lib'}{os.pathsep}{root}"}
    code = "from tests.test_charts import digests; print(digests())"
    run = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | words,
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == digests()


def test_importing_the_charts_touches_nothing() -> None:
    root = Path(__file__).resolve().parents[1]
    code = (
        "import matplotlib.font_manager as fm; n = len(fm.fontManager.ttflist);"
        "import jixiao.charts, sys; assert len(fm.fontManager.ttflist) == n;"
        "assert 'matplotlib.pyplot' not in sys.modules"
    )
    environment = os.environ | {"PYTHONPATH": str(root / "lib")}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)


def test_a_rate_beyond_the_drawing_is_an_arrow_at_its_edge() -> None:
    pairs = (("≥10件", "45件"), ("≥30件", "31件"), ("≥3件", "2件"))
    members = tuple(indicator("产出指标", a + b, a, b) for a, b in pairs)
    ax = charts.plot_achievement(numbers(charts.achievement_numbers(evaluation(members))))
    drawn = [(marks.get_marker(), marks.get_xdata()) for marks in ax.lines if _in_data(ax, marks)]
    assert [(mark, [round(float(x), 2) for x in xs]) for mark, xs in drawn] == [
        (">", [200.0]),
        ("o", [103.33]),
        ("D", [66.67]),
    ]
    assert "450%（45件／≥10件）" in texts(ax)
