"""The summary a chief reads in half a minute (摘要)."""

from __future__ import annotations

from jixiao.audit import Judgement
from jixiao.model import Finding
from jixiao.tables.block import KeyFigure, Run, Runs, Summary, Tone, plain_runs
from jixiao.tables.display import Display
from jixiao.tables.runs import filed_run, number_run, phrase_runs

_FOREMOST = 6


def summarise(judgement: Judgement) -> Display:
    """Give four key figures and the findings that weigh most (摘要)."""
    return Display(Summary("summary", "", tuple(_figures(judgement)), tuple(_sentences(judgement))))


def _figures(judgement: Judgement) -> list[KeyFigure]:
    card, evaluation = judgement.card, judgement.evaluation
    stated, total = card.stated_total, card.total_on_100
    figures = [
        KeyFigure("自评总分", (number_run(stated),), _stated_note(judgement)),
        KeyFigure(
            "重算并采信（百分制）",
            (number_run(total),),
            (
                Run("重算 "),
                number_run(card.score_total),
                Run(" / 分值 "),
                number_run(card.points_total),
            ),
            _total_tone(judgement),
        ),
    ]
    execution = next((ln for ln in card.lines if ln.method == "execution_rate"), None)
    if execution is not None and evaluation.budget is not None:
        budget = evaluation.budget
        figures.append(
            KeyFigure(
                "预算执行得分",
                (number_run(execution.score),),
                (
                    Run("自评 "),
                    number_run(execution.claimed_score),
                    Run("；执行 "),
                    number_run(budget.actual_expenditure),
                    Run(" / "),
                    number_run(budget.final_budget),
                ),
                "bad" if execution.difference.value else "good",
            )
        )
    figures.append(_findings_figure(judgement))
    return figures


def _stated_note(judgement: Judgement) -> Runs:
    grade = judgement.card.stated_grade
    claimed = judgement.card.claimed_sum
    runs: Runs = (Run("各项相加 "), number_run(claimed))
    return (*runs, Run("；等级“"), filed_run(grade), Run("”")) if grade else runs


def _total_tone(judgement: Judgement) -> Tone | None:
    """Colour the recomputed total: bad where it differs, good only where nothing grave was found."""
    stated, total = judgement.card.stated_total.value, judgement.card.total_on_100.value
    if stated is None or total is None:
        return None
    if stated != total:
        return "bad"
    grave = any(finding.severity == "high" for finding in judgement.audit.findings)
    return None if grave else "good"


def _findings_figure(judgement: Judgement) -> KeyFigure:
    counts = {"high": 0, "medium": 0, "low": 0}
    for group in judgement.audit.grouped():
        counts[group[0].severity] += 1
    total = sum(counts.values())
    below = len(judgement.audit.findings) - total
    note = (
        Run(f"高 {counts['high']}", href="findings-high", tone="high"),
        Run("　"),
        Run(f"中 {counts['medium']}", href="findings-medium", tone="medium"),
        Run("　"),
        Run(f"低 {counts['low']}", href="findings-low", tone="low"),
        *((Run(f"　另有 {below} 项由其引起", href="findings-high"),) if below else ()),
    )
    tone: Tone = "bad" if counts["high"] else "warn" if total else "good"
    return KeyFigure("核查发现", (Run(f"{total} 项", href="findings-high"),), note, tone)


def _sentences(judgement: Judgement) -> list[Runs]:
    severe = [g[0] for g in judgement.audit.grouped() if g[0].severity == "high"]
    sentences = [_conclusion(judgement), *(_sentence(finding) for finding in severe[:_FOREMOST])]
    if rest := len(severe) - _FOREMOST:
        more = f"另有 {rest} 项严重程度高的发现。"
        sentences += [(Run(more, href="findings-high"),)] if rest > 0 else []
    if any(not rule.reference.verified for rule in judgement.rubric.rules):
        note = "所依据的评分规则有的尚未与原文核对，见“依据与来历”。"
        sentences.append((Run(note, tone="muted"),))
    return sentences


def _conclusion(judgement: Judgement) -> Runs:
    card = judgement.card
    if card.total_on_100.value is None:
        return plain_runs("有缺项或没有读完整的行，得不出重算总分与等级。")
    return (
        Run(f"按{judgement.rubric.number}重算，折算百分制 "),
        number_run(card.total_on_100),
        Run("。由数字与规则能够重算的占分值的 "),
        number_run(card.coverage),
        Run("，其余须由人判断，暂按自评计入；按规则可能在 "),
        number_run(card.low_on_100),
        Run(" 至 "),
        number_run(card.high_on_100),
        Run(f" 之间，等级{_grades(judgement)}。"),
    )


def _grades(judgement: Judgement) -> str:
    card = judgement.card
    if card.lowest_grade == card.highest_grade:
        return f"“{card.grade}”"
    return f"在“{card.lowest_grade}”与“{card.highest_grade}”之间，暂为“{card.grade}”"


def _sentence(finding: Finding) -> Runs:
    return (Run(f"{finding.id}　", tone="high"), *phrase_runs(finding.message), Run("。"))
