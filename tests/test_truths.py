"""Every filing built from its truth in its own layout, in every format: each cell read as it stands.

What a layout is, `tests/layouts.py` says. The counts are the cells compared.
"""

from collections.abc import Callable
from typing import Any

import pytest
from tests import build, layouts
from tests.formats import BUILDERS, read_content
from tests.layouts import Pieces
from tests.test_layouts import cells_of, different, truth_of

from jixiao.importers import reading_as_json

CELLS = {"03": 94, "05": 95, "09": 128, "12": 42, "14": 77, "20": 85}
TEXTS: dict[str, Callable[[Pieces], bytes]] = {
    "tabbed": layouts.build_tabbed,
    "piped": layouts.build_piped,
}
VARIANTS: dict[str, Callable[[Pieces], Pieces]] = {
    "as filed": lambda pieces: pieces,
    "titles in rows": layouts.titles_inside,
    "several tables": layouts.split_at_blocks,
    "one table": layouts.one_table,
    "headings above blocks": layouts.headings_above,
}


def pieces_of(number: str) -> Pieces:
    return layouts.pieces_of_truth(truth_of(number), layouts.layout_of(number))


def reading(number: str, ending: str, change: Callable[[Pieces], Pieces]) -> Any:
    pieces = change(pieces_of(number))
    return reading_as_json(read_content(BUILDERS[ending](pieces), f"filing.{ending}"))


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("ending", BUILDERS)
@pytest.mark.parametrize("number", CELLS)
def test_every_cell_is_read(number: str, ending: str, variant: str) -> None:
    cells = cells_of(truth_of(number), reading(number, ending, VARIANTS[variant]))
    assert different(cells) == []
    assert len(cells) == CELLS[number]


@pytest.mark.parametrize("layout", TEXTS)
@pytest.mark.parametrize("number", CELLS)
def test_every_cell_of_a_text_is_read(number: str, layout: str) -> None:
    found = reading_as_json(read_content(TEXTS[layout](pieces_of(number)), "filing.txt"))
    cells = cells_of(truth_of(number), found)
    assert different(cells) == []
    assert len(cells) == CELLS[number]


# --- several evaluations in one file ---

TOGETHER = ("14", "05", "12", "03")


def each_by_its_truth(found: Any) -> None:
    for number, evaluation in zip(TOGETHER, found["evaluations"], strict=True):
        truth = truth_of(number)
        own = {"year": truth["year"], "evaluations": [evaluation]}
        assert different(cells_of(truth, own)) == []


@pytest.mark.parametrize("variant", ["as filed", "titles in rows", "several tables"])
@pytest.mark.parametrize("ending", BUILDERS)
def test_evaluations_one_behind_the_other_stay_apart(ending: str, variant: str) -> None:
    pieces = [piece for number in TOGETHER for piece in VARIANTS[variant](pieces_of(number))]
    found = read_content(BUILDERS[ending](pieces), f"filings.{ending}")
    each_by_its_truth(reading_as_json(found))


def test_evaluations_in_one_table_stay_apart() -> None:
    pieces = layouts.one_table([piece for number in TOGETHER for piece in pieces_of(number)])
    each_by_its_truth(reading_as_json(read_content(build.build_word(pieces), "filings.docx")))


def test_evaluations_on_sheets_of_their_own_are_named_by_them() -> None:
    book = build.build_sheets({f"附表{number}": pieces_of(number) for number in TOGETHER})
    found = read_content(book, "filings.xlsx")
    each_by_its_truth(reading_as_json(found))
    assert [grid.part for grid in found.grids] == [f"附表{number}" for number in TOGETHER]


# --- which points are shared ---


def shared(change: Callable[[build.Rows], None], ending: str) -> list[tuple[str | None, int]]:
    """The scores of 14 with how many indicators share each, its table changed."""
    pieces = pieces_of("14")
    change(pieces[-1])
    found = reading_as_json(read_content(BUILDERS[ending](pieces), f"filing.{ending}"))
    rows = found["evaluations"][0]["indicators"]
    return [(row["score"], row["score_shared_by"]) for row in rows][:4]


SCORE = 7
ROWS = slice(10, 14)


@pytest.mark.parametrize("ending", BUILDERS)
def test_a_score_merged_over_two_kinds_is_shared_by_both(ending: str) -> None:
    def change(rows: build.Rows) -> None:
        first, *others = [row[SCORE] for row in rows[ROWS]][1:3]
        first.rows += 1
        others[0].text, others[0].goes_on = "", True

    assert shared(change, ending) == [("10", 1), ("10", 2), (None, 2), ("15", 1)]


@pytest.mark.parametrize("ending", BUILDERS)
def test_a_blank_score_that_is_not_merged_is_missing(ending: str) -> None:
    def change(rows: build.Rows) -> None:
        cells = [row[SCORE] for row in rows[ROWS]]
        cells[1].text = ""
        cells[2].rows += 1
        cells[3].text, cells[3].goes_on = "", True

    assert shared(change, ending) == [("10", 1), (None, 1), ("15", 2), (None, 2)]


@pytest.mark.parametrize("ending", BUILDERS)
def test_a_form_that_merges_nothing_shares_by_its_levels(ending: str) -> None:
    def change(rows: build.Rows) -> None:
        rows[ROWS][1][SCORE].text = ""

    assert shared(change, ending) == [("10", 2), (None, 2), ("15", 1), ("15", 1)]
