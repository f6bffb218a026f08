"""A comparison as tables (横向比较的表): each number leads to the run it was taken from."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from jixiao.cohort import Change, Cohort, Figure, Member, excess_of, result_rate_of, run_id
from jixiao.datum import fixed
from jixiao.model import SEVERITY_WORDS, mask_private
from jixiao.model.results import RunResult
from jixiao.rubric import Checklist
from jixiao.tables.block import (
    Cell,
    Column,
    KeyFigure,
    Run,
    Runs,
    Summary,
    Table,
    Tone,
    WorkingItem,
    Workings,
    plain_runs,
)
from jixiao.tables.display import Display

_ZONES: dict[str | None, tuple[str, Tone | None]] = {
    "red": ("红色", "bad"),
    "yellow": ("黄色", "warn"),
    "clear": ("", None),
    None: ("无从判断", "muted"),
}
#: Units named where there are many, and changes listed at each end.
_NAMED, _MOST_CHANGES, _MOST_LEAVES = 3, 10, 40


def summarise_cohort(cohort: Cohort) -> Display:
    """Give the figures a chief asks for first (摘要)."""
    now, noun = cohort.figures, cohort.noun
    figures = (
        KeyFigure(
            "重算得分中位数",
            (_figure(now.recomputed),),
            (Run("自评 "), _figure(now.stated), Run("；"), _figure(now.count), Run(noun)),
        ),
        KeyFigure(
            "自评高于重算",
            (_figure(now.above),),
            plain_runs("自评总分减重算折百大于 0"),
            "bad" if now.above.value else "good",
        ),
        KeyFigure(
            "执行预警",
            (_figure(now.red),),
            (Run("红色，得分率明显高于执行率；黄色 "), _figure(now.yellow)),
            "bad" if now.red.value else "warn" if now.yellow.value else "good",
        ),
        KeyFigure(
            "有严重发现",
            (_figure(now.severe),),
            plain_runs("至少一项严重程度高的核查发现"),
            "bad" if now.severe.value else "good",
        ),
    )
    return Display(Summary("summary", "", figures, tuple(_sentences(cohort))))


def _sentences(cohort: Cohort) -> Iterator[Runs]:
    noun = cohort.noun
    without = [member for member in cohort.members if member.rank is None]
    yield plain_runs(
        f"全部数字取自 {len(cohort.runs)} 份已完成的运行结果，这里只排列、计数，不重新评分。"
    )
    if without:
        names = [piece for m in without[:_NAMED] for piece in (Run("、"), _named(m.run))][1:]
        yield (
            Run(f"{len(without)} 个{noun}有缺项，得不出重算总分，排在最后："),
            *names,
            Run("等。" if len(without) > _NAMED else "。"),
        )


def table_ranking(cohort: Cohort) -> Display:
    """Give all members by rank (排名表), each number a link to its run."""
    columns = (
        Column("名次", "right", 0.7),
        Column(cohort.noun, "left", 4.0),
        Column("自评", "right", 0.9),
        Column("重算", "right", 0.9),
        Column("差异", "right", 0.9),
        Column("等级", "center", 0.7),
        Column("执行率", "right", 1.0),
        Column("预警", "center", 0.7),
        Column("高/中/低", "center", 1.0),
    )
    rows = tuple(_ranking_row(member) for member in cohort.members)
    notes = (
        plain_runs(
            "自评：自评总分。重算：重算并采信的得分，折算百分制；没有重算总分的不排名，得分相同的名次相同。差异：自评减重算。高/中/低：各严重程度的核查发现数。"
        ),
    )
    return Display(Table("t-ranking", "重算得分排名", columns, rows, notes))


def _ranking_row(member: Member) -> tuple[Cell, ...]:
    run, link = member.run, run_id(member.run)
    word, tone = _ZONES[member.zone]
    difference = member.difference
    above = difference is not None and difference > 0
    counts = "/".join(str(member.count(severity)) for severity in SEVERITY_WORDS)
    return (
        Cell(plain_runs(str(member.rank) if member.rank else "—")),
        Cell((Run(mask_private(member.name), href=link),), header=True),
        Cell((_points(run.stated, link),)),
        Cell((_points(run.on_100, link),)),
        Cell((_points(difference, link, signed=True, tone="bad" if above else None),)),
        Cell(plain_runs(run.grade or "—")),
        Cell((_points(run.execution_rate, link, unit="%"),)),
        Cell(plain_runs(word, tone)),
        Cell((Run(counts, href=link, tone="high" if member.count("high") else None),)),
    )


def table_warnings(cohort: Cohort) -> Display:
    """Give who is in a zone of warning (预警名单), red first, the least executed first."""
    columns = (
        Column(cohort.noun, "left", 4.0),
        Column("预警", "center", 0.8),
        Column("执行率", "right"),
        Column("指标得分率", "right", 1.1),
        Column("高出的比例", "right", 1.1),
    )
    warned = [member for member in cohort.members if member.zone in ("red", "yellow")]
    warned.sort(key=lambda m: (m.zone != "red", m.run.execution_rate or 0, m.run.unit, m.run.key))
    rows = tuple(_warning_row(member) for member in warned)
    note = (
        "指标得分率：自评的指标得分 ÷ 分值。高出的比例：（得分率 − 执行率）÷ 得分率。"
        if rows
        else f"没有{cohort.noun}落在预警区。"
    )
    return Display(Table("t-warnings", "预警名单", columns, rows, (plain_runs(note),)))


def _warning_row(member: Member) -> tuple[Cell, ...]:
    run, link = member.run, run_id(member.run)
    word, tone = _ZONES[member.zone]
    result = result_rate_of(run)
    return (
        Cell((_named(run),), header=True),
        Cell(plain_runs(word, tone)),
        Cell((_points(run.execution_rate, link, unit="%"),)),
        Cell((_points(result, link, unit="%"),)),
        Cell((_points(excess_of(result, run.execution_rate), link, unit="%"),)),
    )


def table_checks(cohort: Cohort, checklist: Checklist) -> Display:
    """Give the findings by check (各项核查的发现), and who has them."""
    titles = {entry.id: entry.title for entry in checklist.entries}
    columns = (
        Column("核查项", "left", 3.4),
        Column("程度", "center", 0.7),
        Column(f"{cohort.noun}数", "right", 1.0),
        Column("发现数", "right", 0.9),
        Column(f"涉及的{cohort.noun}", "left", 4.0),
    )
    rows = []
    for count in cohort.checks:
        listed = count.runs.runs
        more = (
            (Run(f"等，见底稿 {count.check}", href=count.runs.id),) if len(listed) > _NAMED else ()
        )
        names = [piece for run in listed[:_NAMED] for piece in (Run("、"), _named(run))][1:]
        rows.append(
            (
                Cell(plain_runs(f"{count.check} {titles.get(count.check, '')}"), header=True),
                Cell(plain_runs(SEVERITY_WORDS[count.severity], count.severity)),
                Cell((_figure(count.runs),)),
                Cell((Run(str(count.findings), href=count.runs.id),)),
                Cell((*names, *more)),
            )
        )
    return Display(Table("t-checks", "各项核查的发现", columns, tuple(rows)))


def table_years(cohort: Cohort) -> Display:
    """Give the same figures of each year (年度对照)."""
    columns = (
        Column("年度", "left", 0.8),
        Column(f"{cohort.noun}数", "right"),
        Column("自评中位数", "right", 1.2),
        Column("重算中位数", "right", 1.2),
        Column("自评高于重算", "right", 1.2),
        Column("红色预警", "right"),
        Column("黄色预警", "right"),
        Column("有严重发现", "right"),
    )
    rows = tuple(
        (
            Cell(plain_runs(str(y.year)), header=True),
            *(
                Cell((_figure(figure),))
                for figure in (
                    *(y.count, y.stated, y.recomputed, y.above),
                    *(y.red, y.yellow, y.severe),
                )
            ),
        )
        for y in reversed(cohort.years)
    )
    return Display(Table("t-years", "年度对照", columns, rows))


def table_changes(cohort: Cohort) -> Display:
    """Give who fell and who rose most against the year before (变化最大的)."""
    columns = (
        Column(cohort.noun, "left", 3.0),
        Column(f"{cohort.year - 1} 年度", "right"),
        Column(f"{cohort.year} 年度", "right"),
        Column("变化", "right"),
    )
    falls = [c for c in cohort.changes if c.points < 0][:_MOST_CHANGES]
    rises = [c for c in reversed(cohort.changes) if c.points > 0][:_MOST_CHANGES]
    rows = tuple(_change_row(change) for change in (*falls, *reversed(rises)))
    note = (
        f"两个年度都得出重算总分的有 {len(cohort.changes)} 个；"
        f"降得最多与升得最多的各列至多 {_MOST_CHANGES} 个。"
    )
    return Display(Table("t-changes", "与上年相比", columns, rows, (plain_runs(note),)))


def _change_row(change: Change) -> tuple[Cell, ...]:
    before, now = run_id(change.before), run_id(change.now)
    tone: Tone | None = "bad" if change.points < 0 else None
    return (
        Cell((_named(change.now),), header=True),
        Cell((_points(change.before.on_100, before),)),
        Cell((_points(change.now.on_100, now),)),
        Cell((_points(change.points, now, signed=True, tone=tone),)),
    )


def list_figures(cohort: Cohort, checklist: Checklist) -> Display:
    """Give how each figure over many runs was come by, and from which (汇总底稿)."""
    items = []
    for y in reversed(cohort.years):
        where = "见运行清单" if y.year >= cohort.year - 1 else "列在 result.json"
        whole = (Run(f"{y.year} 年度的全部，{where}", href="t-runs"),)
        items += [_working(figure, "", (whole,)) for figure in (y.count, y.stated, y.recomputed)]
        counts = (y.above, y.red, y.yellow, y.severe)
        items += [_working(figure, "", _leaves(figure)) for figure in counts]
    titles = {entry.id: entry.title for entry in checklist.entries}
    items += [_working(c.runs, titles.get(c.check, ""), _leaves(c.runs)) for c in cohort.checks]
    return Display(Workings("workings", "汇总底稿", tuple(items)))


def _leaves(figure: Figure) -> tuple[Runs, ...]:
    leaves: list[Runs] = [(_named(run),) for run in figure.runs[:_MOST_LEAVES]]
    if len(figure.runs) > _MOST_LEAVES:
        rest = len(figure.runs) - _MOST_LEAVES
        leaves.append(plain_runs(f"另外 {rest} 个，全部列在 result.json"))
    return tuple(leaves)


def _working(figure: Figure, title: str, leaves: tuple[Runs, ...]) -> WorkingItem:
    return WorkingItem(
        figure.id,
        f"{figure.label}{f'（{title}）' if title else ''}",
        figure.text,
        (plain_runs(figure.formula),),
        leaves,
        (),
        f"n-{figure.id}",
    )


def table_runs(cohort: Cohort) -> Display:
    """Give the runs that were read (运行清单): whose, and where they lie, this year's and last."""
    years = (cohort.year, cohort.year - 1)
    columns = (
        Column(cohort.noun, "left", 3.6),
        Column("单位编号", "left", 1.6),
        Column("评价", "left", 1.4),
        *(Column(f"{year} 年度的运行", "left", 1.7) for year in years),
    )
    by_key: dict[tuple[str, str], dict[int, RunResult]] = {}
    for run in cohort.runs:
        if run.year in years:
            by_key.setdefault((run.unit, run.key), {})[run.year] = run
    rows = tuple(
        (
            Cell(plain_runs(_name_of(next(iter(of_years.values())))), header=True),
            Cell(plain_runs(unit)),
            Cell(plain_runs(key)),
            *(Cell((_place(of_years[year]),) if year in of_years else ()) for year in years),
        )
        for (unit, key), of_years in sorted(by_key.items())
    )
    older = "；更早年度的运行" if any(run.year not in years for run in cohort.runs) else ""
    notes = (
        plain_runs(
            "报告在 outputs/单位编号/年度/评价/运行/ 目录里，报告中的每个数都能追到申报原文的单元格。"
        ),
        plain_runs(f"各次运行结果的 sha256{older}列在 result.json。"),
    )
    return Display(Table("t-runs", "运行清单", columns, rows, notes))


def _place(run: RunResult) -> Run:
    return Run(run.run.rpartition("/")[2], id=run_id(run))


def _figure(figure: Figure) -> Run:
    return Run(figure.text, href=figure.id, id=f"n-{figure.id}")


def _points(
    value: Decimal | None,
    href: str,
    *,
    signed: bool = False,
    unit: str = "",
    tone: Tone | None = None,
) -> Run:
    if value is None:
        return Run("—", href=href, tone="muted")
    text = fixed(value).replace("-", "−")
    return Run(f"{'+' if signed and value > 0 else ''}{text}{unit}", href=href, tone=tone)


def _named(run: RunResult) -> Run:
    return Run(_name_of(run), href=run_id(run))


def _name_of(run: RunResult) -> str:
    return mask_private(f"{run.name} {run.project}" if run.project else run.name)
