"""Chart: the findings by group and severity (核查发现分布)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from matplotlib.axes import Axes

from jixiao.charts.picture import Omission, Picture, omission_of, parts_of, picture_of
from jixiao.charts.shapes import Paint, bar, inside, key, note, room_for, row_label
from jixiao.charts.style import dress, house_style, new_axes
from jixiao.model import SEVERITY_WORDS, Audit, Severity

CAPTION = "核查发现按类别和严重程度的分布"
#: What the letter of a check's id stands for.
GROUPS = {
    "A": "分值与合计",
    "B": "预算执行",
    "C": "指标填报",
    "D": "指标评分",
    "E": "正文与表格",
    "F": "历年与决算",
    "G": "公开与个人信息",
    "H": "文件可读性",
}
_PAINTS: dict[Severity, Paint] = {"high": "high", "medium": "medium", "low": "low"}
_ROW = 0.3


@dataclass(frozen=True, slots=True)
class Group:
    """The findings of one group of checks: how many of each severity, at least one in all."""

    letter: str
    counts: tuple[tuple[Severity, int], ...]

    @property
    def name(self) -> str:
        """The group's letter and what it stands for."""
        return f"{self.letter} {GROUPS.get(self.letter, '其他')}"

    @property
    def total(self) -> int:
        """All findings of the group."""
        return sum(count for _, count in self.counts)

    @property
    def text(self) -> str:
        """The counts in words: ``高 5、中 4``."""
        return "、".join(f"{SEVERITY_WORDS[severity]} {count}" for severity, count in self.counts)


@dataclass(frozen=True, slots=True)
class FindingsNumbers:
    """What the chart of findings draws: groups in the order of their letters, at least one.

    ``follow`` is how many more follow from those counted.
    """

    groups: tuple[Group, ...]
    source: str
    follow: int = 0

    @property
    def title(self) -> str:
        """How many findings, how many of them severe, and where most are."""
        total = sum(group.total for group in self.groups)
        high = sum(dict(group.counts).get("high", 0) for group in self.groups)
        most = max(group.total for group in self.groups)
        top = [GROUPS.get(g.letter, "其他") for g in self.groups if g.total == most]
        severe = f"，其中 {high} 项为高" if high else "，没有一项为高"
        where = f"，最多的是{'、'.join(top)}（各 {most} 项）" if len(top) > 1 else ""
        where = where or f"，最多的是{top[0]}（{most} 项）"
        follow = f"，另有 {self.follow} 项由其引起" if self.follow else ""
        return f"核查发现 {total} 项{severe}{where if len(self.groups) > 1 else ''}{follow}"


def findings_numbers(audit: Audit) -> FindingsNumbers | str:
    """Count the causes by group and severity, or say that nothing was found."""
    if not audit.findings:
        unchecked = len(audit.not_checked)
        rest = f"（{unchecked} 项因资料不足未核查）" if unchecked else ""
        return f"核查没有发现问题{rest}，核查发现分布图从略。"
    causes = [group[0] for group in audit.grouped()]
    counts = Counter((finding.id[:1], finding.severity) for finding in causes)
    letters = sorted({letter for letter, _ in counts})
    groups = tuple(
        Group(letter, tuple((s, counts[letter, s]) for s in SEVERITY_WORDS if counts[letter, s]))
        for letter in letters
    )
    parts = parts_of(place for finding in audit.findings for place in finding.where)
    follow = len(audit.findings) - len(causes)
    return FindingsNumbers(groups, parts or "自评报告", follow)


def describe_findings(numbers: FindingsNumbers) -> str:
    """Say the chart of findings in words (替代文字)."""
    rows = "；".join(f"{group.name}：{group.text}" for group in numbers.groups)
    total = sum(group.total for group in numbers.groups)
    return f"堆积条形图，{CAPTION}，共 {total} 项。{rows}。"


def plot_findings(numbers: FindingsNumbers, ax: Axes | None = None) -> Axes:
    """Stack the counts of each group from high to low, each count written in its part."""
    with house_style():
        groups = numbers.groups
        labels = [group.name for group in groups]
        if ax is None:
            ax = new_axes(numbers.title, labels, _ROW * len(groups))
        high = room_for(ax, [(float(group.total), f"{group.total} 项") for group in groups])
        most = float(max(group.total for group in groups))
        dress(ax, numbers.title, "项", (0.0, most, max(high, 5.0)))
        ax.set_ylim(-0.6, len(groups) - 0.4)
        for place, (label, group) in enumerate(zip(labels, groups, strict=True)):
            y = len(groups) - 1.0 - place
            row_label(ax, y, label)
            start = 0.0
            for severity, count in group.counts:
                bar(ax, _PAINTS[severity], y, (start, count), 0.62)
                inside(ax, start + count / 2, y, str(count), light=severity == "high")
                start += count
            note(ax, (start, y), f"{group.total} 项")
        key(ax, _KEY)
    return ax


_KEY: tuple[tuple[Paint, str], ...] = (
    ("high", "高：结果无效或违法"),
    ("medium", "中：必须说明"),
    ("low", "低：形式"),
)


def chart_findings(audit: Audit) -> Picture | Omission:
    """Picture the findings by group and severity (核查发现分布图)."""
    numbers = findings_numbers(audit)
    if isinstance(numbers, str):
        return omission_of("findings", numbers)
    return picture_of(
        plot_findings(numbers),
        "findings",
        numbers.title,
        describe_findings(numbers),
        (CAPTION, numbers.source),
    )
