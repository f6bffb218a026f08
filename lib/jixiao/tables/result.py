"""The result cell (结果): what a run hands on, and what attaches to its PDF."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jixiao.audit import Judgement, appraisal_as_json, audit_as_json
from jixiao.datum import Datum, Json
from jixiao.importers import reading_as_json
from jixiao.importers.reading import amended_as_json, document_as_json
from jixiao.model import Filing, mask_json
from jixiao.scoring import scorecard_as_json
from jixiao.tables.block import Cell, Column, Run, Runs, Table, plain_runs
from jixiao.tables.html import bundle
from jixiao.tables.masked import masked_as_json, masked_words
from jixiao.tables.restatement import restatement_as_json
from jixiao.tables.runs import number_run
from jixiao.workspace import media

SCHEMA = "jixiao.result/1"


@dataclass(frozen=True, slots=True)
class Result:
    """The judged result as a notebook displays it: HTML, and JSON for what comes after."""

    result: dict[str, Json]
    reading: dict[str, Any]
    rubric: str
    table: Table

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        """Give the bundle; both arguments are IPython's."""
        return bundle(self.table) | {
            media.RESULT: self.result,
            media.READING: self.reading,
            media.RUBRIC: self.rubric,
        }


def show_result(judgement: Judgement, unit: str, audience: str) -> Result:
    """Make the result of a run out of a judgement (结果).

    Parameters
    ----------
    unit : the unit's id
    audience : ``internal`` or ``public``
    """
    return Result(
        result_as_json(judgement, unit, audience),
        reading_as_json(judgement.filing),
        judgement.rubric.text,
        _table(judgement),
    )


def result_as_json(judgement: Judgement, unit: str, audience: str) -> dict[str, Json]:
    """Serialise a judgement as ``result.json``: identity, rules, scores, audit; private data masked."""
    filing, evaluation, rubric = judgement.filing, judgement.evaluation, judgement.rubric
    result: dict[str, Json] = {
        "schema": SCHEMA,
        "unit": unit,
        "unit_name": filing.unit,
        "year": filing.year,
        "key": evaluation.key,
        "kind": evaluation.kind,
        "project": evaluation.project.text if evaluation.project else None,
        "audience": audience,
        "document": document_as_json(filing.document),
        "documents": [document_as_json(document) for document in filing.documents],
        "corrections": amended_as_json(filing),
        "restatement": restatement_as_json(judgement.restatement),
        "rubric": {
            "id": rubric.id,
            "number": rubric.number,
            "title": rubric.title,
            "year": rubric.year,
            "by_analogy": rubric.by_analogy,
            "sha256": rubric.sha256,
        },
        "score": scorecard_as_json(judgement.card),
        "audit": audit_as_json(judgement.audit),
        "appraisal": appraisal_as_json(judgement.appraisal),
        **_masked(filing),
    }
    return {key: mask_json(value) for key, value in result.items()}


def _masked(filing: Filing) -> dict[str, Json]:
    return {} if filing.masked is None else {"masked": masked_as_json(filing.masked)}


def _table(judgement: Judgement) -> Table:
    card, findings = judgement.card, judgement.audit.findings
    counts = [sum(f.severity == s for f in findings) for s in ("high", "medium", "low")]
    entries: list[tuple[str, Runs]] = [
        ("自评总分", _runs(card.stated_total)),
        ("自评各项之和", _runs(card.claimed_sum)),
        ("重算合计", _runs(card.score_total)),
        ("分值合计", _runs(card.points_total)),
        ("折算百分制", _runs(card.total_on_100)),
        ("可能范围（百分制）", (*_runs(card.low_on_100), Run(" – "), *_runs(card.high_on_100))),
        ("等级", plain_runs(card.grade or "未定")),
        *_reviewed(judgement),
        ("核查发现", plain_runs(f"高 {counts[0]}，中 {counts[1]}，低 {counts[2]}")),
    ]
    rows = tuple((Cell(plain_runs(name), header=True), Cell(runs)) for name, runs in entries)
    columns = (Column("项目", width=1.2), Column("结果", "right", 2.0))
    masked = judgement.filing.masked
    notes = () if masked is None else (plain_runs(masked_words(masked)),)
    return Table("t-result", "评价结果", columns, rows, notes)


def _reviewed(judgement: Judgement) -> list[tuple[str, Runs]]:
    """The reviewer's total and grade, where a line was reviewed."""
    card = judgement.card
    if card.reviewed_total is None or card.reviewed_on_100 is None:
        return []
    grade = Run(f"（{card.reviewed_grade or '未定'}）")
    return [
        ("复核合计", _runs(card.reviewed_total)),
        ("复核折算百分制", (*_runs(card.reviewed_on_100), grade)),
    ]


def _runs(datum: Datum) -> Runs:
    return (number_run(datum),)
