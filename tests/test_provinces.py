"""Filings of other provinces as pages, Word documents and workbooks: each cell as it stands."""

import pytest
from tests.formats import read_content
from tests.provinces import BUILDERS, NAMES, cells_of, same, truth_of

from jixiao.importers import reading_as_json


@pytest.mark.parametrize("ending", BUILDERS)
@pytest.mark.parametrize("name", NAMES)
def test_every_cell_is_read_as_a_careful_reader_reads_it(name: str, ending: str) -> None:
    found = read_content(BUILDERS[ending](name), f"{name}.{ending}")
    cells = list(cells_of(truth_of(name), reading_as_json(found, raw=True)))
    assert [cell for cell in cells if not same(cell)] == []
    assert len(cells) > 20
