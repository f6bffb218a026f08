"""A filing as the JSON of ``jixiao read --json`` (读入结果): its keys are a contract."""

from __future__ import annotations

from jixiao.datum import Json, Source, source_as_json, sources_of
from jixiao.importers.evaluation_json import apart_of, evaluation_as_json, text_of, value_of
from jixiao.model import (
    BaseData,
    Buildings,
    Document,
    ExpenditureRow,
    Filed,
    Filing,
    Footer,
    Staff,
    mask_json,
    mask_private,
    money_unit_of,
)


def reading_as_json(filing: Filing, *, raw: bool = False) -> dict[str, Json]:
    """Serialise what was understood (DESIGN.md §4); private data is masked unless `raw`."""
    documents: list[Json] = [document_as_json(document) for document in filing.documents]
    head: dict[str, Json] = {"document": documents[0], "documents": documents}
    content: dict[str, Json] = {
        "unit": filing.unit,
        "year": filing.year,
        "evaluations": [evaluation_as_json(evaluation) for evaluation in filing.evaluations],
        "base_data": _base_data(filing.base_data) if filing.base_data else None,
        "sections": _sections(filing),
        "footer": _footer(filing.footer, raw=raw) if filing.footer else None,
        "statements": _statements(filing),
        "corrections": amended_as_json(filing),
        "problems": problems_as_json(filing),
    }
    if not raw:
        content = {key: mask_json(value) for key, value in content.items()}
    return head | content


def document_as_json(document: Document) -> dict[str, Json]:
    """Serialise which file was read."""
    return {"file": document.file, "sha256": document.sha256, "format": document.format}


def amended_as_json(filing: Filing) -> list[Json]:
    """Serialise what a person corrected, next to what was found."""
    return [
        {
            "source": source_as_json(amended.source),
            "value": amended.amendment.value,
            "reason": amended.amendment.reason,
            "by": amended.amendment.by,
            "on": amended.amendment.on,
        }
        for amended in filing.amended
    ]


def _sections(filing: Filing) -> list[Json]:
    return [
        {
            "heading": section.heading.text,
            "level": section.level,
            "evaluation": section.evaluation,
            "text": section.text,
            "source": source_as_json(section.heading.source),
        }
        for section in filing.sections
    ]


def _statements(filing: Filing) -> list[Json]:
    return [
        {
            "label": statement.label,
            "value": value_of(statement.datum),
            "unit": statement.datum.unit,
            "text": statement.text,
            "source": _source(sources_of(statement.datum)),
        }
        for statement in filing.statements
    ]


def problems_as_json(filing: Filing) -> list[Json]:
    """Serialise what the reader of the file must know, addresses included."""
    return [
        {
            "code": problem.code,
            "message": problem.message,
            "evaluation": problem.evaluation,
            "source": source_as_json(problem.source) if problem.source else None,
        }
        for problem in filing.problems
    ]


def _source(sources: tuple[Source, ...]) -> Json:
    return source_as_json(sources[0]) if sources else None


def _base_data(base_data: BaseData) -> dict[str, Json]:
    unit = money_unit_of(base_data)
    return {
        "money_unit": unit,
        "staff": _staff(base_data.staff) if base_data.staff else None,
        "expenditure": [_expenditure(row, unit) for row in base_data.expenditure],
        "buildings": _buildings(base_data.buildings, unit) if base_data.buildings else None,
        "austerity_measures": text_of(base_data.austerity_measures),
    }


def _staff(staff: Staff) -> dict[str, Json]:
    return {
        "authorized_posts": value_of(staff.authorized_posts),
        "staff_in_post": value_of(staff.staff_in_post),
        "staffing_control_rate": text_of(staff.staffing_control_rate),
        **apart_of(staff, ""),
    }


def _expenditure(row: ExpenditureRow, unit: str) -> dict[str, Json]:
    return {
        "label": row.label,
        "level": row.level,
        "parent": row.parent,
        "prior_outturn": value_of(row.prior_outturn),
        "budget": value_of(row.budget),
        "outturn": value_of(row.outturn),
        "source": source_as_json(row.source),
        **apart_of(row, unit),
    }


def _buildings(buildings: Buildings, unit: str) -> dict[str, Json]:
    year = buildings.year.value
    return {
        "year": None if year is None else int(year),
        "approved_floor_area": value_of(buildings.approved_floor_area),
        "actual_floor_area": value_of(buildings.actual_floor_area),
        "floor_area_control_rate": text_of(buildings.floor_area_control_rate),
        "approved_investment": value_of(buildings.approved_investment),
        "actual_investment": value_of(buildings.actual_investment),
        "investment_control_rate": text_of(buildings.investment_control_rate),
        **apart_of(buildings, unit),
    }


def _footer(footer: Footer, *, raw: bool) -> dict[str, Json]:
    """Give the footer; without its labels a name is not seen to be one, so it is masked here."""

    def name(filed: Filed | None) -> Json:
        return text_of(filed) if raw or filed is None else f"{filed.text[:1]}**"

    return {
        "preparer": name(footer.preparer),
        "date": text_of(footer.date),
        "telephone": _telephone(footer, raw=raw),
        "head": name(footer.head),
    }


def _telephone(footer: Footer, *, raw: bool) -> str | None:
    text = text_of(footer.telephone)
    return text if text is None or raw else mask_private(text)
