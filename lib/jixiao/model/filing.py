"""What a self-evaluation is, as filed (自评报告). All types are frozen; a text keeps its address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from jixiao.datum import Datum, Source
from jixiao.model.decided import Decision, ReviewedScore
from jixiao.model.filed import Amendment, Filed, bare_label
from jixiao.model.privacy import Kind as PrivateKind

if TYPE_CHECKING:
    from jixiao.model.context import Context

Kind: TypeAlias = Literal["department", "project"]


#: Problems of a document that its author must settle first (修订、隐藏内容).
UNSETTLED = ("pending-revisions", "hidden-text")

#: Problems after which a table's rows must not be added up.
LOST_ROWS = ("table-ends-early", "unknown-row", "cells-lost", "header-not-understood")


@dataclass(frozen=True, slots=True)
class Document:
    """One file as received (文件): its name, digest and format."""

    file: str
    sha256: str
    format: str


@dataclass(frozen=True, slots=True)
class GridRow:
    """One table row as found: its cells from left to right."""

    number: int
    cells: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """One table as found (原表): rows of cells with addresses, counted from 1 in the document."""

    number: int
    part: str
    title: str
    rows: tuple[GridRow, ...]
    ends_early: bool = False


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """One line of a budget by income, nature or source of funds (按性质、来源分)."""

    group: Literal["income", "nature", "source"]
    label: str
    original_budget: Datum | None
    final_budget: Datum | None
    actual_expenditure: Datum | None
    source: Source


@dataclass(frozen=True, slots=True)
class Budget:
    """The budget block of a form (预算资金): money in the evaluation's unit.

    ``points`` and ``score`` are what the form gives to execution; ``execution_rate`` is the
    rate as the unit wrote it.
    """

    original_budget: Datum
    final_budget: Datum
    actual_expenditure: Datum
    points: Datum
    execution_rate: Filed | None
    score: Datum
    lines: tuple[BudgetLine, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class Indicator:
    """One third-level indicator (三级指标) with its category (一级) and subcategory (二级).

    A value merged over several rows stands on the first indicator of its group; on the others
    it is None, and ``points_shared_by`` gives the size of the group on every member.
    """

    category: str
    category_points: Datum | None
    subcategory: str
    indicator: Filed
    target: Filed
    achieved: Filed
    points: Datum | None
    points_shared_by: int
    score: Datum | None
    score_shared_by: int
    coefficient: Filed | None
    review_score: Datum | None
    deviation_reason: Filed | None
    source: Source

    @property
    def name(self) -> str:
        """The indicator's name without its own numbering."""
        return self.indicator.text


@dataclass(frozen=True, slots=True)
class Objectives:
    """The annual objective and what became of it (年度总体目标)."""

    expected: Filed | None
    achievement: Filed | None


@dataclass(frozen=True, slots=True)
class ClaimedTotal:
    """The total row of a form (总分): points, score and grade as stated."""

    points: Datum
    score: Datum
    grade: Filed | None
    source: Source


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One self-evaluation table (自评表): of the department or of one project."""

    key: str
    kind: Kind
    project: Filed | None
    supervising_department: Filed | None
    implementing_unit: Filed | None
    money_unit: str
    title: Filed
    budget: Budget | None
    objectives: Objectives
    indicators: tuple[Indicator, ...]
    claimed_total: ClaimedTotal | None
    tables: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ExpenditureRow:
    """One row of the base-data table's money block (经费控制情况), as printed."""

    label: str
    level: int
    parent: str | None
    prior_outturn: Datum
    budget: Datum
    outturn: Datum
    source: Source

    @property
    def name(self) -> str:
        """The label without 其中： and the form's own numbering."""
        return bare_label(self.label)


@dataclass(frozen=True, slots=True)
class Staff:
    """Publicly funded staff (财政供养人员): posts, people, and the rate as stated."""

    authorized_posts: Datum
    staff_in_post: Datum
    staffing_control_rate: Filed | None
    source: Source


@dataclass(frozen=True, slots=True)
class Buildings:
    """Government buildings finished in the year the title names (楼堂馆所控制情况)."""

    year: Datum
    approved_floor_area: Datum
    actual_floor_area: Datum
    floor_area_control_rate: Filed | None
    approved_investment: Datum
    actual_investment: Datum
    investment_control_rate: Filed | None
    source: Source


@dataclass(frozen=True, slots=True)
class BaseData:
    """The base-data table (部门整体支出绩效评价基础数据表)."""

    title: Filed
    staff: Staff | None
    expenditure: tuple[ExpenditureRow, ...]
    buildings: Buildings | None
    austerity_measures: Filed | None
    tables: tuple[int, ...] = ()

    def row(self, *names: str) -> ExpenditureRow | None:
        """Find the first row whose name is one of `names`."""
        for row in self.expenditure:
            if row.name in names:
                return row
        return None


@dataclass(frozen=True, slots=True)
class Section:
    """One heading of the narrative with the text under it (正文章节)."""

    evaluation: str
    heading: Filed
    number: str
    level: int
    paragraphs: tuple[Filed, ...]

    @property
    def text(self) -> str:
        """The paragraphs as one text."""
        return "\n".join(paragraph.text for paragraph in self.paragraphs)


@dataclass(frozen=True, slots=True)
class Statement:
    """A figure of the narrative with its subject (正文中的数字).

    ``label`` is the subject as the text words it; ``datum.origin`` is the paragraph; ``year`` the
    year the sentence names, negative for one before the filing's (上年: −1), None where it names none.
    """

    evaluation: str
    label: str
    datum: Datum
    text: str
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Footer:
    """Who filled the form in, and when (填表人、填报日期、联系电话、单位负责人签字).

    Holds private data: print it only through `model.privacy`.
    """

    preparer: Filed | None
    date: Filed | None
    telephone: Filed | None
    head: Filed | None


@dataclass(frozen=True, slots=True)
class Problem:
    """Something the reader of the file must know: a table that ends early, an odd character."""

    code: str
    message: str
    source: Source | None
    evaluation: str | None = None

    @property
    def blocks_scoring(self) -> bool:
        """Whether what was filed is not settled, so that no score may rest on it."""
        return self.code in UNSETTLED


@dataclass(frozen=True, slots=True)
class Amended:
    """A text of the filing that a person corrected (已更正): as found, and the amendment."""

    source: Source
    amendment: Amendment


@dataclass(frozen=True, slots=True)
class Masked:
    """One piece of private data that was masked (已隐去): kind, place, what is shown instead."""

    kind: PrivateKind
    source: Source
    shown: str


@dataclass(frozen=True, slots=True)
class Filing:
    """A unit's self-evaluation for one year, as filed (自评报告).

    ``documents`` are in the order they are read, at least one. ``lines`` are their lines with
    addresses, for the appendix of a report and for checks of the characters themselves.
    ``amended`` are the texts a person corrected, as they were found; ``decisions`` and ``reviewed``
    what reviewers decided on it. ``context`` is what stands beside it in a workspace; None for a
    file by itself. ``masked`` is what was masked in it for the public; None where nothing was.
    """

    documents: tuple[Document, ...]
    unit: str
    year: int | None
    unit_source: Source | None
    evaluations: tuple[Evaluation, ...]
    base_data: BaseData | None
    sections: tuple[Section, ...]
    footer: Footer | None
    statements: tuple[Statement, ...]
    problems: tuple[Problem, ...]
    grids: tuple[Grid, ...]
    lines: tuple[Source, ...]
    amended: tuple[Amended, ...] = ()
    context: Context | None = None
    decisions: tuple[Decision, ...] = ()
    reviewed: tuple[ReviewedScore, ...] = ()
    masked: tuple[Masked, ...] | None = None

    @property
    def document(self) -> Document:
        """The first document, which names the filing."""
        return self.documents[0]

    def is_incomplete(self, key: str) -> bool:
        """Whether its rows must not be added up: some are lost, or the document is not settled."""
        return any(
            p.blocks_scoring or (p.evaluation == key and p.code in LOST_ROWS) for p in self.problems
        )

    def evaluation(self, key: str) -> Evaluation | None:
        """Find the evaluation with this key."""
        return next((e for e in self.evaluations if e.key == key), None)
