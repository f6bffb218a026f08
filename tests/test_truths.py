"""Every filing built from its truth in its own layout, in every format: each cell read as it stands.

What a layout is, `tests/layouts.py` says. The counts are the cells compared.
"""

from collections.abc import Callable
from typing import Any

import pytest
from tests import layouts
from tests.formats import BUILDERS, read_content
from tests.layouts import Pieces
from tests.test_layouts import cells_of, different, truth_of

from jixiao.importers import reading_as_json

CELLS = {"03": 94, "05": 95, "09": 128, "12": 42, "14": 77, "20": 85}
VARIANTS: dict[str, Callable[[Pieces], Pieces]] = {
    "as filed": lambda pieces: pieces,
    "titles in rows": layouts.titles_inside,
    "several tables": layouts.split_at_blocks,
    "one table": layouts.one_table,
    "headings above blocks": layouts.headings_above,
}


def reading(number: str, ending: str, change: Callable[[Pieces], Pieces]) -> Any:
    pieces = change(layouts.pieces_of_truth(truth_of(number), layouts.layout_of(number)))
    return reading_as_json(read_content(BUILDERS[ending](pieces), f"filing.{ending}"))


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("ending", BUILDERS)
@pytest.mark.parametrize("number", CELLS)
def test_every_cell_is_read(number: str, ending: str, variant: str) -> None:
    cells = cells_of(truth_of(number), reading(number, ending, VARIANTS[variant]))
    assert different(cells) == []
    assert len(cells) == CELLS[number]
