"""Filings of other provinces as pages, Word documents and workbooks: each cell as it stands."""

import pytest
from tests import build
from tests.formats import read_content
from tests.provinces import BUILDERS, NAMES, cells_of, page_of, pieces_of_page, same, truth_of

from jixiao.importers import reading_as_json


@pytest.mark.parametrize("ending", BUILDERS)
@pytest.mark.parametrize("name", NAMES)
def test_every_cell_is_read_as_a_careful_reader_reads_it(name: str, ending: str) -> None:
    found = read_content(BUILDERS[ending](name), f"{name}.{ending}")
    cells = list(cells_of(truth_of(name), reading_as_json(found, raw=True)))
    assert [cell for cell in cells if not same(cell)] == []
    assert len(cells) > 20


def taken_apart(rows: build.Rows) -> build.Rows:
    """A table without a merged cell: the text in the first of the cells that were one."""
    return [
        [
            cell
            for box in row
            for cell in [build.Box(box.text), *[build.Box("") for _ in range(box.columns - 1)]]
        ]
        for row in rows
    ]


#: What no longer shows: whose one number is that stands under the points, and which kinds share.
AMBIGUOUS = {
    "zhejiang-pairs-2023": ["total.points", "total.score"],
    "guangxi-units-in-cells-2022": [
        "水质达标率.points_shared_by",
        "水质达标率.score_shared_by",
        "完工时间.points_shared_by",
        "完工时间.score_shared_by",
    ],
}


@pytest.mark.parametrize("ending", ["docx", "xlsx"])
@pytest.mark.parametrize("name", NAMES)
def test_a_table_whose_merged_cells_are_taken_apart_reads_the_same(name: str, ending: str) -> None:
    pieces = [
        piece if isinstance(piece, str) else taken_apart(piece)
        for piece in pieces_of_page(page_of(name))
    ]
    builder = {"docx": build.build_word, "xlsx": build.build_sheet}[ending]
    found = read_content(builder(pieces), f"{name}.{ending}")
    cells = cells_of(truth_of(name), reading_as_json(found, raw=True))
    assert [cell[0] for cell in cells if not same(cell)] == AMBIGUOUS.get(name, [])


@pytest.mark.parametrize("name", NAMES)
def test_a_page_with_its_site_around_it_reads_the_same(name: str) -> None:
    found = read_content(build.build_page(pieces_of_page(page_of(name))), f"{name}.html")
    cells = cells_of(truth_of(name), reading_as_json(found, raw=True))
    assert [cell for cell in cells if not same(cell)] == []
