"""The letter of a reviewer to a unit (复核意见): what was found, where, what is asked, and a reply."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from jixiao.datum import Datum
from jixiao.model import SEVERITY_WORDS, Finding, Severity, mask_private, words
from jixiao.publish.forms.cells import Page, Row, Table, label, value
from jixiao.publish.forms.cells import words as text_cell
from jixiao.publish.forms.word import write_word
from jixiao.publish.review.examined import Examined
from jixiao.tables.runs import place_runs

#: What is asked of the unit by how grave a finding is, where the checklist says no more.
_ASKED: Mapping[Severity, str] = MappingProxyType(
    {
        "high": "请核实并更正，重新报送；如认为无误，请书面说明并附佐证。",
        "medium": "请说明原因，需更正的一并更正。",
        "low": "请在重新报送时一并规范。",
    }
)
_WIDTHS = (10.0, 14.0, 72.0, 56.0, 34.0, 36.0, 38.0)
_HEADINGS = ("序号", "编号", "问题", "出处", "依据", "请单位办理", "单位答复")
_SCORES = ("自评表", "分值合计", "自评总分", "自评各项之和", "重算合计", "折算百分制", "复核合计")
_NOTHING = "—"


def write_letter(examined: Examined) -> bytes:
    """Write the letter as .docx: open and confirmed findings, grave ones first.

    What was explained or dismissed is not asked again. Private data are masked; the same filing
    and decisions give the same bytes.
    """
    name, year = examined.unit_year.name, examined.unit_year.year
    return write_word((_scores(examined), _findings(examined)), f"{name}{year}年度绩效自评复核意见")


def asked_of(examined: Examined) -> tuple[tuple[Finding, ...], ...]:
    """Give the findings a letter asks about, each with what follows from it, grave ones first.

    They are the undecided and the confirmed ones.
    """
    open_ones = (
        tuple(finding for finding in group if not finding.is_settled)
        for group in examined.audit.grouped()
    )
    order = list(SEVERITY_WORDS)
    asked = (group for group in open_ones if group)
    return tuple(sorted(asked, key=lambda group: order.index(group[0].severity)))


def _scores(examined: Examined) -> Page:
    unit_year = examined.unit_year
    asked = asked_of(examined)
    counts = "，".join(
        f"{word} {sum(group[0].severity == severity for group in asked)} 项"
        for severity, word in SEVERITY_WORDS.items()
    )
    follow = sum(len(group) - 1 for group in asked)
    also = f"，另有 {follow} 项由其引起" if follow else ""
    above = (
        f"{unit_year.name}：",
        (
            f"你单位报送的 {unit_year.year} 年度绩效自评材料"
            f"（第 {unit_year.edition} 版：{'、'.join(d.file for d in examined.filing.documents)}）已经复核。"
            "复核按评分规则逐项重算得分，并逐项核查材料；自评得分与重算得分见下表，"
            f"需要你单位办理的问题共 {len(asked)} 项（严重程度{counts}）{also}，见附表。"
        ),
        "请于收到之日起    个工作日内填写附表“单位答复”一栏，并将更正后的材料一并报回。",
    )
    below = (
        (
            "说明：“重算”只包括由数字与规则能够确定的项目，须由人判断的项目暂按自评得分计入；"
            "“复核合计”只在复核人另行评分时给出。"
        ),
        "复核单位（盖章）：                    复核人：                    日期：      年   月   日",
    )
    rows = (tuple(label(name) for name in _SCORES), *_score_rows(examined))
    widths = (60.0, 30.0, 30.0, 34.0, 30.0, 34.0, 30.0)
    table = Table(widths, tuple(rows), 0, 0)
    return Page("", "复核意见", "绩效自评复核意见", above, table, below, is_landscape=True)


def _score_rows(examined: Examined) -> Iterator[Row]:
    for key, card in examined.cards.items():
        grade = f"（{card.grade}）" if card.grade else ""
        yield (
            text_cell(examined.name_of(key)),
            value(_text(card.points_total)),
            value(_text(card.stated_total)),
            value(_text(card.claimed_sum)),
            value(_text(card.score_total)),
            value(
                _text(card.total_on_100) + (grade if card.total_on_100.value is not None else "")
            ),
            value(_text(card.reviewed_total)),
        )


def _text(datum: Datum | None) -> str:
    return _NOTHING if datum is None or datum.value is None else datum.digits


def _findings(examined: Examined) -> Page:
    heading: Row = tuple(label(name) for name in _HEADINGS)
    rows = [heading]
    asked = asked_of(examined)
    for number, (cause, *consequences) in enumerate(asked, start=1):
        rows.append(_row(examined, str(number), cause, _asked(examined, cause)))
        for place, consequence in enumerate(consequences, start=1):
            rows.append(_row(examined, f"{number}.{place}", consequence, _goes_with(number)))
    if not asked:
        rows.append((text_cell("没有需要单位办理的问题。", columns=len(_HEADINGS)),))
    table = Table(_WIDTHS, tuple(rows), 1, 0)
    below = ("填写人：                    联系电话：                    单位负责人（签字）：",)
    title = f"{examined.unit_year.name}{examined.unit_year.year}年度绩效自评问题清单"
    return Page("附表", "问题清单", title, (), table, below, is_landscape=True)


#: What a unit may do instead about a grave finding.
_OR_PROVE = "；如认为无误，请书面说明并附佐证"


def _asked(examined: Examined, finding: Finding) -> str:
    """Say what the unit is asked to do about a finding."""
    asked = _ASKED[finding.severity]
    if told := examined.checklist.entry(finding.id).asks:
        asked = told + (_OR_PROVE if finding.severity == "high" else "") + "。"
    return f"复核已确认：{finding.decision.reason}。{asked}" if finding.decision else asked


def _goes_with(number: int) -> str:
    """Say of a consequence that only its cause asks."""
    return f"由第 {number} 项引起，随该项一并更正，不必另行答复。"


def _row(examined: Examined, number: str, finding: Finding, asked: str) -> Row:
    owner = examined.name_of(finding.evaluation)
    told = [f"〔{owner}〕{words(finding.message)}。"]
    if finding.observed:
        told.append(f"所填：{words(finding.observed)}")
    if finding.expected:
        told.append(f"应为：{words(finding.expected)}")
    if finding.formula:
        told.append(f"算式：{words(finding.formula)}")
    texts = (
        "\n".join(told),
        "".join(run.text for run in place_runs(finding.where)).strip() or _NOTHING,
        finding.reference.text,
        asked,
        "",
    )
    return (
        value(number),
        value(f"{finding.id}\n{SEVERITY_WORDS[finding.severity]}"),
        *(text_cell(mask_private(text)) for text in texts),
    )
