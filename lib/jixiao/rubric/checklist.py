"""The checklist of the audit as data (核查清单): severity, basis and thresholds of each check."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Literal

from jixiao.datum import Constant, Datum, Reference
from jixiao.errors import BadFile, UnknownName
from jixiao.model import Severity
from jixiao.rubric.reading import mapping_at
from jixiao.rubric.rule import RULES
from jixiao.workspace.yaml_file import expect_keys, load_yaml, place_of

_ENTRY = ("code", "severity", "title", "reference", "verified", "does", "example", "thresholds")
#: How a finding is proven to follow from another one (`audit.consequences` has the proofs).
PROOFS = ("shared", "same_cell", "same_gap", "same_ratio", "all_within", "covered", "over_total",
          "grade_fits", "quoted")  # fmt: skip
_SEVERITIES: Mapping[str, Severity] = {"high": "high", "medium": "medium", "low": "low"}


@dataclass(frozen=True, slots=True)
class Follows:
    """From which check's finding one of this check may follow, and what would prove it (起因)."""

    cause: str
    proofs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CheckEntry:
    """What the data say of one check (核查项).

    ``asks`` is what a letter asks the unit to do about a finding, empty where it goes by severity;
    ``follows`` are the possible causes of its findings, the likeliest first. ``rule`` names the
    rule of the rule book in force that is the basis, in place of ``reference``; ``since`` is the
    first budget year for which ``reference`` holds.
    """

    id: str
    code: str
    severity: Severity
    title: str
    reference: Reference
    does: str
    example: str
    thresholds: Mapping[str, object]
    rule: str | None = None
    since: int | None = None
    follows: tuple[Follows, ...] = ()
    asks: str = ""

    def threshold(self, name: str, label: str, unit: str) -> Datum:
        """Give a threshold as a number of the checklist."""
        return Datum(label, self.number(name), unit, Constant(self.reference))

    def severity_of(self, name: str) -> Severity:
        """Give the severity of a lesser case the check also finds."""
        return _SEVERITIES[str(self.thresholds[name])]

    def number(self, name: str) -> Decimal:
        """Give a threshold as a plain number."""
        return Decimal(str(self.thresholds[name]))

    def words(self, name: str) -> tuple[str, ...]:
        """Give a list of words."""
        listed = self.thresholds[name]
        return tuple(str(word) for word in listed) if isinstance(listed, list) else ()

    def threshold_lines(self) -> Iterator[str]:
        """Write the thresholds out for a reader, a table of several rows row by row."""
        for name, value in self.thresholds.items():
            rows = value if isinstance(value, list) else [value]
            if any(isinstance(row, dict) for row in rows):
                yield from (f"{name}：{_written(row)}" for row in rows)
            else:
                yield f"{name}：{'、'.join(map(str, rows))}"


def _written(value: object) -> str:
    if isinstance(value, dict):
        return "；".join(f"{key} {_written(part)}" for key, part in value.items())
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)


@dataclass(frozen=True, slots=True)
class Subject:
    """What a subject of the narrative names (正文主体): one cell, or one cell minus another."""

    words: tuple[str, ...]
    of: Literal["department", "project", "any"]
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AppraisalRules:
    """What a finding costs in the house's quality score, and when a warning is given (小结规则)."""

    deductions: Mapping[Severity, Decimal]
    group_cap: Decimal
    bands: tuple[Decimal, ...]
    yellow: Decimal
    reference: Reference
    alarm_reference: Reference


@dataclass(frozen=True, slots=True)
class Checklist:
    """All checks by id, the subjects of the narrative, and how findings are summed up."""

    entries: tuple[CheckEntry, ...]
    subjects: tuple[Subject, ...]
    appraisal: AppraisalRules

    def entry(self, check_id: str) -> CheckEntry:
        """Find a check.

        Raises
        ------
        UnknownName : no check has this id.
        """
        for entry in self.entries:
            if entry.id == check_id:
                return entry
        known = tuple(entry.id for entry in self.entries)
        raise UnknownName.among("unknown-check", "核查编号", check_id, known)


def load_checklist(path: Path) -> Checklist:
    """Load and check ``params/checks.yaml``.

    Raises
    ------
    BadFile : missing file, unknown, missing or duplicate key, wrong severity.
    """
    where = place_of(path)
    book = load_yaml(path)
    expect_keys(book, where, required=("checks", "subjects", "appraisal"))
    checks = mapping_at(book["checks"], f"{where} 的 checks")
    subjects = book["subjects"] if isinstance(book["subjects"], list) else []
    return Checklist(
        tuple(_entry(check_id, entry, where) for check_id, entry in checks.items()),
        tuple(_subject(entry, f"{where} 的 subjects") for entry in subjects),
        _appraisal(mapping_at(book["appraisal"], f"{where} 的 appraisal"), f"{where} 的 appraisal"),
    )


def _appraisal(entry: Mapping[str, object], where: str) -> AppraisalRules:
    keys = ("deductions", "group_cap", "bands", "yellow", "reference", "alarm_reference")
    expect_keys(entry, where, required=keys)
    deductions = mapping_at(entry["deductions"], f"{where}.deductions")
    expect_keys(deductions, f"{where}.deductions", required=tuple(_SEVERITIES))
    bands = entry["bands"] if isinstance(entry["bands"], list) else []
    return AppraisalRules(
        {name: Decimal(str(deductions[name])) for name in _SEVERITIES.values()},
        Decimal(str(entry["group_cap"])),
        tuple(Decimal(str(band)) for band in bands),
        Decimal(str(entry["yellow"])),
        Reference(str(entry["reference"]), key="appraisal.quality", verified=True),
        Reference(str(entry["alarm_reference"]), key="appraisal.alarm", verified=True),
    )


def _entry(check_id: str, value: object, where: str) -> CheckEntry:
    place = f"{where} 的 checks.{check_id}"
    entry = mapping_at(value, place)
    expect_keys(entry, place, required=_ENTRY, optional=("rule", "since", "follows", "asks"))
    rule, since = entry.get("rule"), entry.get("since")
    if rule is not None and rule not in RULES:
        known = "、".join(RULES)
        raise BadFile("check-rule", f"没有规则“{rule}”", where=f"{place}.rule", expected=known)
    severity = _SEVERITIES.get(str(entry["severity"]))
    if severity is None:
        raise BadFile(
            "check-severity",
            f"“{entry['severity']}”不是严重程度",
            where=f"{place}.severity",
            expected="high、medium 或 low",
        )
    reference = Reference(
        str(entry["reference"]), key=f"check.{check_id}", verified=entry["verified"] is True
    )
    return CheckEntry(
        check_id,
        str(entry["code"]),
        severity,
        str(entry["title"]),
        reference,
        str(entry["does"]),
        str(entry["example"]),
        mapping_at(entry["thresholds"], f"{place}.thresholds"),
        rule if isinstance(rule, str) else None,
        since if isinstance(since, int) else None,
        tuple(_follows(entry.get("follows"), f"{place}.follows")),
        str(entry.get("asks", "")),
    )


def _follows(value: object, where: str) -> Iterator[Follows]:
    for cause, told in mapping_at(value, where).items() if value is not None else ():
        proofs = tuple(map(str, told)) if isinstance(told, list) else (str(told),)
        if unknown := [proof for proof in proofs if proof not in PROOFS]:
            known = "、".join(PROOFS)
            raise BadFile("check-proof", f"没有“{unknown[0]}”这种证明", where=where, expected=known)
        yield Follows(str(cause), proofs)


def _subject(value: object, where: str) -> Subject:
    entry = mapping_at(value, where)
    expect_keys(entry, where, required=("words", "of", "value"))
    words = tuple(str(word) for word in entry["words"]) if isinstance(entry["words"], list) else ()
    target = entry["value"]
    if isinstance(target, dict):
        expect_keys(target, f"{where}.value", required=("minus",))
        paths = tuple(str(path) for path in target["minus"])
    else:
        paths = (str(target),)
    kinds: dict[str, Literal["department", "project", "any"]] = {
        "department": "department",
        "project": "project",
        "any": "any",
    }
    of = kinds.get(str(entry["of"]))
    if of is None or not 1 <= len(paths) <= 2:
        raise BadFile(
            "check-subject",
            f"“{entry['of']}”、“{target}”",
            where=where,
            expected="of 为 department、project 或 any；value 为路径或 {minus: [甲, 乙]}",
        )
    return Subject(words, of, paths)
