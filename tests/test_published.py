"""Filings in the layouts units publish, in every format; what is not read is listed as data.

The first readings, before anything was changed for these layouts, are in
`results/published.json`; the misses that remain are in `data/published/misses.yml`.
"""

import pytest
import yaml
from tests.formats import read_content
from tests.published import (
    NAMES,
    PUBLISHED,
    cells,
    formats_of,
    reading_of,
    taken_apart,
    wrong_among,
    wrong_cells,
)

from jixiao.importers import reading_as_json

MISSES = yaml.safe_load((PUBLISHED / "misses.yml").read_text("utf-8"))
CASES = [(name, ending) for name in NAMES for ending in formats_of(name)]


@pytest.mark.parametrize(("name", "ending"), CASES)
def test_a_published_layout_is_read_but_for_the_misses_listed(name, ending):
    reading = reading_of(name, ending)
    assert len(list(cells(name, reading))) > 50
    expected = set(MISSES.get(name, []))
    found = {place for place, _, _ in wrong_cells(name, ending, reading)}
    if ending == "xlsx":
        assert found <= expected  # a formula of Excel's (=100%) is not compared
    else:
        assert found == expected


def test_merged_cells_taken_apart_are_read_nearly_as_well():
    right = total = 0
    for name in NAMES:
        if "xlsx" in formats_of(name):
            content = read_content(taken_apart(name), f"{name}.xlsx")
            found = list(cells(name, reading_as_json(content, raw=True)))
            total += len(found)
            right += len(found) - len(wrong_among(found, "xlsx"))
    assert total > 4_000
    assert right / total > 0.995


def test_the_list_of_misses_names_filings_that_exist():
    assert set(MISSES) <= set(NAMES)
