"""The blocks a report is made of (报告块): what JupyterLab, HTML and PDF all draw from.

A block is data: runs of text with links, never markup. `as_json` is what travels in the
notebook under `media.BLOCK`; `jixiao.tables.html` draws the same JSON as HTML, and the Typst
template of `publish` draws it as PDF.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from jixiao.datum import Json

Tone: TypeAlias = Literal[
    "good", "warn", "bad", "muted", "strong", "high", "medium", "low",
    "label", "name", "target", "number", "words", "unread",
]  # fmt: skip
Align: TypeAlias = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Run:
    """A run of text (文字): optionally a link to an id of the report, itself with an id."""

    text: str
    href: str | None = None
    id: str | None = None
    tone: Tone | None = None

    def as_json(self) -> Json:
        """Serialise, leaving out what is not set."""
        pairs = (("href", self.href), ("id", self.id), ("tone", self.tone))
        set_pairs: dict[str, Json] = {key: value for key, value in pairs if value is not None}
        return {"text": self.text} | set_pairs


Runs: TypeAlias = tuple[Run, ...]


def plain_runs(text: str, tone: Tone | None = None) -> Runs:
    """Make the runs of a text without links."""
    return (Run(text, tone=tone),) if text else ()


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table: runs, the cells it spans, whether it heads its row."""

    runs: Runs
    header: bool = False
    columns: int = 1
    rows: int = 1
    tone: Tone | None = None
    id: str | None = None

    def as_json(self) -> Json:
        """Serialise the cell."""
        return {
            "runs": [run.as_json() for run in self.runs],
            "header": self.header,
            "columns": self.columns,
            "rows": self.rows,
            "tone": self.tone,
            "id": self.id,
        }


@dataclass(frozen=True, slots=True)
class Column:
    """One column: label, alignment, and its width relative to the others."""

    label: str
    align: Align = "left"
    width: float = 1.0


@dataclass(frozen=True, slots=True)
class Table:
    """A table with caption, header row and notes (表)."""

    id: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[Runs, ...] = ()

    def as_json(self) -> Json:
        """Serialise the table."""
        return {
            "kind": "table",
            "id": self.id,
            "caption": self.caption,
            "columns": [
                {"label": column.label, "align": column.align, "width": column.width}
                for column in self.columns
            ],
            "rows": [[cell.as_json() for cell in row] for row in self.rows],
            "notes": [[run.as_json() for run in note] for note in self.notes],
        }


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One key figure of a summary: label, value, a line of explanation, a tone."""

    label: str
    value: Runs
    note: Runs = ()
    tone: Tone | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """What a chief reads in half a minute (摘要): key figures and a few sentences."""

    id: str
    title: str
    figures: tuple[KeyFigure, ...]
    sentences: tuple[Runs, ...]

    def as_json(self) -> Json:
        """Serialise the summary."""
        return {
            "kind": "summary",
            "id": self.id,
            "title": self.title,
            "figures": [
                {
                    "label": figure.label,
                    "value": [run.as_json() for run in figure.value],
                    "note": [run.as_json() for run in figure.note],
                    "tone": figure.tone,
                }
                for figure in self.figures
            ],
            "sentences": [[run.as_json() for run in runs] for runs in self.sentences],
        }


@dataclass(frozen=True, slots=True)
class FindingItem:
    """One finding as it is shown."""

    id: str
    check: str
    code: str
    severity: Literal["high", "medium", "low"]
    title: str
    message: Runs
    facts: tuple[tuple[str, Runs], ...]
    is_consequence: bool = False


@dataclass(frozen=True, slots=True)
class Findings:
    """Findings of one severity or all (核查发现); ``facts`` are labelled lines."""

    id: str
    title: str
    items: tuple[FindingItem, ...]
    empty: str = "没有发现。"

    def as_json(self) -> Json:
        """Serialise the findings."""
        return {
            "kind": "findings",
            "id": self.id,
            "title": self.title,
            "empty": self.empty,
            "items": [
                {
                    "id": item.id,
                    "check": item.check,
                    "code": item.code,
                    "severity": item.severity,
                    "consequence": item.is_consequence,
                    "title": item.title,
                    "message": [run.as_json() for run in item.message],
                    "facts": [
                        {"label": label, "runs": [run.as_json() for run in runs]}
                        for label, runs in item.facts
                    ],
                }
                for item in self.items
            ],
        }


@dataclass(frozen=True, slots=True)
class WorkingItem:
    """One working paper: ``steps`` are the formula and the substituted formula."""

    id: str
    label: str
    value: str
    steps: tuple[Runs, ...]
    leaves: tuple[Runs, ...]
    reference: Runs
    back: str | None


@dataclass(frozen=True, slots=True)
class Workings:
    """The working papers of the numbers of a report (底稿)."""

    id: str
    title: str
    items: tuple[WorkingItem, ...]

    def as_json(self) -> Json:
        """Serialise the workings."""
        return {
            "kind": "workings",
            "id": self.id,
            "title": self.title,
            "items": [
                {
                    "id": item.id,
                    "label": item.label,
                    "value": item.value,
                    "steps": [[run.as_json() for run in step] for step in item.steps],
                    "leaves": [[run.as_json() for run in leaf] for leaf in item.leaves],
                    "reference": [run.as_json() for run in item.reference],
                    "back": item.back,
                }
                for item in self.items
            ],
        }


@dataclass(frozen=True, slots=True)
class AppendixPart:
    """One part of the filing as found: rows of cells, or lines of running text."""

    title: str
    form: Literal["grid", "text"]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Appendix:
    """The filing's rows with an anchor at every cell and line (原文附录)."""

    id: str
    title: str
    parts: tuple[AppendixPart, ...]

    def as_json(self) -> Json:
        """Serialise the appendix."""
        return {
            "kind": "appendix",
            "id": self.id,
            "title": self.title,
            "parts": [
                {
                    "title": part.title,
                    "form": part.form,
                    "rows": [[cell.as_json() for cell in row] for row in part.rows],
                }
                for part in self.parts
            ],
        }


@dataclass(frozen=True, slots=True)
class Note:
    """Sentences, such as why a chart is left out (说明)."""

    id: str
    sentences: tuple[Runs, ...]
    title: str = ""
    tone: Tone | None = None
    bullets: bool = field(default=False)

    def as_json(self) -> Json:
        """Serialise the note."""
        return {
            "kind": "note",
            "id": self.id,
            "title": self.title,
            "tone": self.tone,
            "bullets": self.bullets,
            "sentences": [[run.as_json() for run in runs] for runs in self.sentences],
        }


Block: TypeAlias = Table | Summary | Findings | Workings | Appendix | Note
