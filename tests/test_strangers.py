"""Filings written by somebody who had not seen the importer: what is read, and what is not yet.

The first reading, before anything was changed for them, is kept in `results/stranger.json`.
"""

from pathlib import Path

import pytest
from tests import provinces
from tests.formats import read_content
from tests.provinces import BUILDERS, cells_of, same, truth_of

from jixiao.importers import reading_as_json

STRANGERS = Path(__file__).parent / "data" / "strangers"
NAMES = sorted(path.stem for path in STRANGERS.glob("*.html"))
#: Not read as a careful reader reads it.
UNREAD = {
    "central-two-projects-2023": {"expected", "achievement"},
    "tianjin-explained-2023": {"火灾起数下降比例.deviation_reason"},
}


@pytest.mark.parametrize("ending", BUILDERS)
@pytest.mark.parametrize("name", NAMES)
def test_a_strangers_filing_is_read(name, ending, monkeypatch):
    monkeypatch.setattr(provinces, "PROVINCES", STRANGERS)
    found = read_content(BUILDERS[ending](name), f"{name}.{ending}")
    cells = list(cells_of(truth_of(name), reading_as_json(found, raw=True)))
    assert len(cells) > 20
    wrong = {cell[0] for cell in cells if not same(cell)}
    if ending == "xlsx":
        # openpyxl writes =3处 as a formula, which is what Excel makes of it, too.
        wrong -= {cell[0] for cell in cells if str(cell[1]).startswith("=")}
    assert wrong == UNREAD.get(name, set())
