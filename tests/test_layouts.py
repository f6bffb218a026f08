"""The filings of other provinces, each held cell by cell against what a careful reader read off it.

The truths in `data/filings/*.yaml` use short names: l1/l2/l3, weight, actual, year_start, full_year,
executed. Numbers are compared as numbers, texts as characters.
"""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.formats import codes, read_content

from jixiao.importers import read_document, reading_as_json

FILINGS = Path(__file__).parent / "data" / "filings"
SOURCES = {
    "current_year": ("当年财政拨款", "本年财政拨款"),
    "carry_over": ("上年结转资金",),
    "other": ("其他资金",),
    "fiscal": ("财政资金",),
    "special_account": ("财政专户管理资金",),
    "unit_own": ("单位资金",),
}
MONEY = {
    "year_start": "original_budget",
    "full_year": "final_budget",
    "executed": "actual_expenditure",
}
EXECUTION = {"weight": "points", "rate_stated": "execution_rate", "score": "score"}
INDICATOR = {
    "l1": "category",
    "l2": "subcategory",
    "l3": "indicator",
    "actual": "achieved",
    "weight": "points",
    "score": "score",
    "coefficient": "coefficient",
    "deviation": "deviation_reason",
}
KINDS = {"project": "project", "whole-unit": "department"}
Cell = tuple[str, Any, Any]


def truth_of(number: str) -> Any:
    (path,) = FILINGS.glob(f"{number}-*.yaml")
    return yaml.safe_load(path.read_text("utf-8"))


def reading_of(number: str) -> Any:
    (path,) = FILINGS.glob(f"{number}-*.txt")
    return reading_as_json(read_document(path))


def same(expected: Any, found: Any) -> bool:
    if expected == found or (expected is None and found == ""):
        return True
    try:
        return not isinstance(expected, str) and Decimal(str(expected)) == Decimal(found)
    except (InvalidOperation, TypeError, ValueError):
        return False


def cells_of(truth: Any, reading: Any) -> list[Cell]:
    """Every cell the truth names: its place, what stands there, what was read."""
    found: list[Cell] = [("year", truth["year"], reading["year"])]
    for table, evaluation in zip(truth["tables"], reading["evaluations"], strict=True):
        found.append(("kind", KINDS[truth["kind"]], evaluation["kind"]))
        found.append(("project", table["project"], evaluation["project"]))
        found.append(("money_unit", truth["money_unit"].split()[0], evaluation["money_unit"]))
        found.extend(_budget(table.get("funding", {}), evaluation["budget"]))
        found.extend(_indicators(table, evaluation["indicators"]))
        found.extend(_total(table["stated_total"], evaluation["claimed_total"]))
    if "base_data" in truth:
        found.extend(_base_data(truth["base_data"], reading["base_data"]))
    return found


def _budget(funding: Any, budget: Any) -> Iterator[Cell]:
    for key, name in (MONEY | EXECUTION).items() if funding else ():
        yield f"budget.{name}", funding["total"].get(key), budget[name]
    for source, labels in SOURCES.items():
        if source not in funding:
            continue
        line = next(line for line in budget["lines"] if line["label"] in labels)
        for key, name in MONEY.items():
            yield f"{source}.{name}", (funding[source] or {}).get(key), line[name]


def _indicators(table: Any, indicators: Any) -> Iterator[Cell]:
    expected = [row for row in table["indicators"] if not row.get("empty_row")]
    yield "number of indicators", len(expected), len(indicators)
    points = table.get("level1_stated", {})
    for row, indicator in zip(expected, indicators, strict=True):
        place = row["l3"]
        for key, name in INDICATOR.items():
            if key in row:
                yield f"{place}.{name}", row[key], indicator[name]
        yield f"{place}.target", target_of(row), indicator["target"]
        if row.get("op"):
            parts = {"operator": row["op"], "value": row["target"], "unit": row["unit"]}
            yield f"{place}.target_parts", parts, indicator["target_parts"]
        if row.get("l1") in points:
            yield f"{place}.category_points", points[row["l1"]], indicator["category_points"]


def target_of(row: Any) -> str | None:
    """The target as printed: sign, value and unit joined where they have columns of their own."""
    if "op" in row:
        return f"{row['op'] or ''}{row['target']}{row['unit'] or ''}"
    return row.get("target_as_printed", row.get("target"))


def _total(stated: Any, total: Any) -> Iterator[Cell]:
    for key, name in {"weight": "points", "score": "score", "grade": "grade"}.items():
        yield f"total.{name}", (stated or {}).get(key), (total or {}).get(name)


def _base_data(expected: Any, base_data: Any) -> Iterator[Cell]:
    staff = expected["staff"]
    for key, name in (
        ("establishment", "authorized_posts"),
        ("actual", "staff_in_post"),
        ("control_rate_stated", "staffing_control_rate"),
    ):
        yield f"staff.{name}", staff[key], base_data["staff"][name]
    rows = {row["label"]: row for row in base_data["expenditure"]}
    for row in expected["rows"]:
        label = row["item"].removeprefix("项目支出:")
        for value, name in zip(row["v"], ("prior_outturn", "budget", "outturn"), strict=True):
            yield f"{row['item']}.{name}", value, rows[label][name]


def different(cells: list[Cell]) -> list[Cell]:
    return [cell for cell in cells if not same(cell[1], cell[2])]


WHOLE = {"14": 77, "03": 94, "12": 42, "05": 95}


@pytest.mark.parametrize("number", WHOLE)
def test_every_cell_is_read_as_a_careful_reader_reads_it(number: str) -> None:
    cells = cells_of(truth_of(number), reading_of(number))
    assert different(cells) == []
    assert len(cells) == WHOLE[number]


#: What a text no longer holds: in 20, which two of three years two amounts stand under; the year
#: of 09, and one value that the truth takes for the target
#: and, where the same characters stand two rows above, for the coefficient.
NOT_THERE = {
    "20": (
        85,
        [
            ("部门整体支出预算调整.budget", 1922.76, None),
            ("部门整体支出预算调整.outturn", 2690.62, None),
        ],
    ),
    "09": (128, [("year", 2021, None), ("三公经费控制率.target", "100%", None)]),
}


@pytest.mark.parametrize("number", NOT_THERE)
def test_what_a_text_no_longer_holds_is_absent(number: str) -> None:
    cells = cells_of(truth_of(number), reading_of(number))
    assert (len(cells), different(cells)) == NOT_THERE[number]


PROBLEMS = {
    "14": {"table-ends-early": 1},
    "03": {"empty-rows": 1},
    "12": {"template-prompt": 5},
    "05": {"empty-rows": 1, "cells-lost": 3},
    "09": {
        "money-unit-missing": 1,
        "ocr-operator": 4,
        "cells-lost": 1,
        "table-ends-early": 1,
        "unit-missing": 1,
        "year-missing": 1,
    },
    "20": {"cells-lost": 2, "table-ends-early": 1, "unit-missing": 1},
}


@pytest.mark.parametrize("number", PROBLEMS)
def test_what_a_filing_lacks_is_said(number: str) -> None:
    codes = [problem["code"] for problem in reading_of(number)["problems"]]
    assert {code: codes.count(code) for code in codes} == PROBLEMS[number]


@pytest.mark.parametrize("behind", ["预算执行数", "未完成原因分析"])
def test_a_table_that_ends_within_its_header_is_said_to(behind: str) -> None:
    text = next(FILINGS.glob("12-*.txt")).read_text("utf-8")
    filing = read_content((text.partition(behind)[0] + behind).encode(), "cut.txt")
    assert "table-ends-early" in codes(filing)
    assert filing.evaluations[0].indicators == ()
