"""The working papers (底稿): every number of a report down to its cells and rules, and back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from jixiao.audit import Judgement
from jixiao.datum import (
    Constant,
    Correction,
    Datum,
    Reference,
    Source,
    Working,
    anchor_of,
    formula_of,
    leaves_of,
    operand_text,
    place_of,
    sources_of,
    workings_of,
)
from jixiao.model import Filed, Finding, Phrase
from jixiao.tables.block import Cell, Column, Run, Runs, Table, WorkingItem, Workings, plain_runs
from jixiao.tables.display import Display
from jixiao.tables.runs import href_of, place_id, reference_run, rule_id


def shown_numbers(judgement: Judgement) -> tuple[Datum, ...]:
    """Give every number the tables, findings and passed checks of a report show, once each."""
    return tuple(dict.fromkeys(_shown(judgement)))


def _shown(judgement: Judgement) -> Iterator[Datum]:
    card = judgement.card
    for line in card.lines:
        yield from (line.points, line.claimed_score, line.score)
        if line.difference.value:
            yield line.difference
        yield from ((line.high,) if line.low.value == line.high.value else (line.low, line.high))
    yield from (card.stated_total, card.claimed_sum, card.score_total, card.points_total)
    yield from (card.total_on_100, card.low, card.high, card.coverage)
    yield from (datum for datum in (card.reviewed_total, card.reviewed_on_100) if datum)
    yield from (card.low_on_100, card.high_on_100)
    for entry in card.indicators_of_base_data:
        yield entry.value
        scores = (entry.points, entry.score, entry.low, entry.high)
        yield from (each for each in scores if each is not None)
        yield from (piece for piece in entry.drivers if isinstance(piece, Datum))
    yield from judgement.appraisal.numbers()
    if judgement.restatement:
        yield from judgement.restatement.numbers()
    for phrase in _phrases(judgement):
        yield from (piece for piece in phrase if isinstance(piece, Datum))


def _phrases(judgement: Judgement) -> Iterator[Phrase]:
    for finding in judgement.audit.findings:
        yield from (finding.message, finding.observed, finding.expected, finding.formula)
    for passed in judgement.audit.passed:
        yield passed.formula


def cited_sources(judgement: Judgement) -> tuple[Source, ...]:
    """Give every cell a report links to, once each."""
    found: dict[Source, None] = {}
    for datum in shown_numbers(judgement):
        found.update(dict.fromkeys(sources_of(datum)))
    for finding in judgement.audit.findings:
        found.update(dict.fromkeys(finding.where))
    for phrase in _phrases(judgement):
        found.update(dict.fromkeys(p.source for p in phrase if isinstance(p, Filed)))
    found.update(dict.fromkeys(amended.source for amended in judgement.filing.amended))
    evaluation = judgement.evaluation
    named = (evaluation.title, evaluation.project, evaluation.implementing_unit)
    found.update(dict.fromkeys(entry.source for entry in named if entry))
    for indicator in evaluation.indicators:
        filed = (indicator.indicator, indicator.target, indicator.achieved)
        found.update(dict.fromkeys(entry.source for entry in filed))
    return tuple(found)


def citations(judgement: Judgement) -> dict[str, str]:
    """Map each cited cell to the first place that rests on it: a working, else a finding."""
    found: dict[str, str] = {}
    seen: set[Datum] = set()
    for datum in shown_numbers(judgement):
        for working in workings_of(datum):
            if working in seen:
                continue
            seen.add(working)
            anchor = anchor_of(working)
            origin = working.origin
            for operand in origin.rests_on if isinstance(origin, Working) else ():
                for source in () if isinstance(operand.origin, Working) else sources_of(operand):
                    found.setdefault(source.anchor, anchor)
    for finding, finding_id in numbered_findings(judgement):
        for source in finding.where:
            found.setdefault(source.anchor, finding_id)
    return found


def numbered_findings(judgement: Judgement) -> Iterator[tuple[Finding, str]]:
    """Give each finding of a report with its id there."""
    return number_findings(judgement.audit.findings)


def number_findings(findings: Iterable[Finding]) -> Iterator[tuple[Finding, str]]:
    """Give each finding with an id: the check, and a number among its findings."""
    numbers: dict[str, int] = {}
    for finding in findings:
        numbers[finding.id] = numbers.get(finding.id, 0) + 1
        yield finding, f"f-{finding.id.lower()}-{numbers[finding.id]}"


def list_workings(judgement: Judgement) -> Display:
    """List the workings of all numbers shown, results before what they rest on (底稿)."""
    items: dict[str, WorkingItem] = {}
    for datum in shown_numbers(judgement):
        if datum.value is not None:
            _collect(datum, place_id(datum), items)
    return Display(Workings("workings", "", tuple(items.values())))


def _collect(datum: Datum, back: str | None, items: dict[str, WorkingItem]) -> None:
    if not isinstance(datum.origin, Working):
        return
    anchor = anchor_of(datum)
    if anchor not in items:
        items[anchor] = _item(datum, anchor, back)
        for operand in datum.origin.rests_on:
            _collect(operand, anchor, items)


def _item(datum: Datum, anchor: str, back: str | None) -> WorkingItem:
    origin = datum.origin
    operands = origin.operands if isinstance(origin, Working) else ()
    decided_by = origin.decided_by if isinstance(origin, Working) else ()
    reference = origin.reference if isinstance(origin, Working) else None
    return WorkingItem(
        id=anchor,
        label=datum.label,
        value=datum.text,
        steps=(plain_runs(formula_of(datum)), substituted_runs(datum)),
        leaves=(*map(_leaf, dict.fromkeys(operands)), *_deciding(decided_by)),
        reference=(reference_run(reference),) if reference else (),
        back=back,
    )


def substituted_runs(datum: Datum) -> Runs:
    """Spell the substituted formula out with a link at every operand."""
    if not isinstance(datum.origin, Working):
        return ()
    runs: list[Run] = []
    pattern = datum.origin.formula
    for index, operand in enumerate(datum.origin.operands):
        before, _, pattern = pattern.partition(f"{{{index}}}")
        runs += [Run(before)] if before else []
        runs.append(Run(operand_text(operand), href=href_of(operand)))
    return (*runs, Run(pattern)) if pattern else tuple(runs)


def _leaf(operand: Datum) -> Runs:
    """Say where one operand comes from."""
    head = Run(f"{operand.label or '数值'} {operand.text}：")
    match operand.origin:
        case Source():
            return (head, Run(operand.origin.address, href=operand.origin.anchor))
        case Constant():
            return (head, reference_run(operand.origin.reference))
        case Correction():
            return (head, Run(place_of(operand), href=href_of(operand)))
        case Working():
            return (head, Run("见其底稿", href=anchor_of(operand)))


def _deciding(decided_by: tuple[Datum, ...]) -> Iterator[Runs]:
    """Name what decides which operands count, each a link, in one line."""
    if not decided_by:
        return
    runs = [Run("计入与否取决于：")]
    for number, datum in enumerate(dict.fromkeys(decided_by)):
        runs += [Run("、")] if number else []
        runs.append(Run(datum.label or datum.text, href=href_of(datum)))
    yield tuple(runs)


def references_of(judgement: Judgement) -> tuple[Reference, ...]:
    """Give the rules and bases a report rests on, once each, by key."""
    found: dict[str, Reference] = {}
    for datum in shown_numbers(judgement):
        for reference in _references(datum):
            found.setdefault(reference.key, reference)
    for finding in judgement.audit.findings:
        found.setdefault(finding.reference.key, finding.reference)
    for rule in judgement.rubric.rules:
        found.setdefault(rule.reference.key, rule.reference)
    return tuple(found[key] for key in sorted(found))


def _references(datum: Datum) -> Iterator[Reference]:
    for leaf in leaves_of(datum):
        if isinstance(leaf.origin, Constant):
            yield leaf.origin.reference
    stack = [datum]
    while stack:
        current = stack.pop()
        if isinstance(current.origin, Working):
            if current.origin.reference:
                yield current.origin.reference
            stack.extend(current.origin.rests_on)


def table_rules(judgement: Judgement) -> Display:
    """List the rules and bases the report rests on, with what was verified (依据).

    Returns
    -------
    Display of a table with columns 依据 : title · 核对 : 已核对原文 | 未核对原文 · 说明 : note
    """
    columns = (Column("依据", width=3.6), Column("核对", "center", 1.2), Column("说明", width=4.0))
    rubric = judgement.rubric
    descriptions = {rule.reference.key: rule.description for rule in rubric.rules}
    descriptions |= {rule.reference.key: rule.description for rule in rubric.indicators}
    by_title: dict[tuple[str, bool], list[Reference]] = {}
    for reference in references_of(judgement):
        by_title.setdefault((reference.title, reference.verified), []).append(reference)
    rows = tuple(
        (
            Cell(plain_runs(title), header=True),
            Cell(_verification(title, verified)),
            Cell(tuple(run for entry in entries for run in _rule_runs(entry, descriptions))),
        )
        for (title, verified), entries in by_title.items()
    )
    return Display(Table("t-rules", "本报告所依据的规则", columns, rows))


def _verification(title: str, verified: bool) -> Runs:
    if title.startswith("本工作台约定"):
        return plain_runs("约定", "muted")
    return plain_runs("已核对") if verified else plain_runs("未核对原文", "warn")


def _rule_runs(reference: Reference, descriptions: Mapping[str, str]) -> Runs:
    """Say what a rule is for; the run carries the id that links to rules lead to."""
    parts = (descriptions.get(reference.key, ""), reference.note, reference.href or "")
    told = "。".join(part for part in parts if part)
    check = reference.key.removeprefix("check.")
    told = told or (f"核查 {check}" if check != reference.key else "见题名")
    return (Run(f"{told}。", id=rule_id(reference)),)
