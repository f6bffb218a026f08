"""Another figure in one cell: exactly the numbers whose working names the cell may change."""

from collections import Counter
from functools import cache
from pathlib import Path
from random import Random

import pytest
from tests.dependence import Judged, Number, another, judge, place_of

from jixiao.batch.demo.drawing import draw
from jixiao.batch.demo.province import unit_at
from jixiao.batch.demo.writing import write
from jixiao.importers.documents import Received
from jixiao.rubric import choose_rubric, load_checklist
from jixiao.workspace.units import KINDS

REPOSITORY = Path(__file__).parents[1]
DATA = REPOSITORY / "tests/data"
PARAMS = REPOSITORY / "params"
CHECKLIST = load_checklist(PARAMS / "checks.yaml")
RUBRICS = {kind: choose_rubric(PARAMS / "rubrics", 2022, kind) for kind in KINDS}
#: Text that keeps no cells apart is cut by what adds up, so that one figure moves the others.
WITHOUT_CELLS = {"05-tianchang-water-2022.txt", "20-hunan-form-base-data-2018.txt"}
REAL = sorted(
    path.relative_to(DATA).as_posix()
    for path in (
        *DATA.glob("*.txt"), *DATA.glob("filings/*.txt"),
        *DATA.glob("provinces/*.html"), *DATA.glob("published/*.html"),
    )
    if path.name not in WITHOUT_CELLS
)  # fmt: skip
MADE = [f"demo-{number}" for number in range(1, 13)]
NAMES = [*REAL, *MADE]
#: How many cells of a filing are changed: in the test suite, and in the long run.
FEW, MANY = 3, 40


@cache
def received(name: str) -> Received:
    if name in MADE:
        draft = draw(unit_at(int(name.removeprefix("demo-")), 23), 2022, 23)
        return Received(f"filing.{draft.unit.format}", write(draft))
    path = DATA / name
    return Received(path.name, path.read_bytes())


def changed(before: Judged, after: Judged) -> dict[tuple[str, ...], tuple[Number, ...]]:
    """The numbers that are not what they were, as they were and as they are."""
    found = {}
    for name in before.numbers.keys() | after.numbers.keys():
        both = (before.numbers.get(name), after.numbers.get(name))
        if getattr(both[0], "value", None) != getattr(both[1], "value", None):
            found[name] = tuple(number for number in both if number)
    return found


def change_cells(name: str, most: int, skip: int = 0) -> Counter[str]:
    """Change cells of a filing one by one; count cells and numbers."""
    before = judge(received(name), RUBRICS, CHECKLIST)
    chance = Random(name)
    cells = [cell for cell in before.cells if another(cell, Random(0))]
    chance.shuffle(cells)
    seen = Counter[str]()
    for cell in cells[skip : skip + most]:
        amendment = another(cell, chance)
        assert amendment
        after = judge(received(name), RUBRICS, CHECKLIST, amendment)
        place = place_of(cell)
        moved = changed(before, after)
        hidden = {
            number: values
            for number, values in moved.items()
            if not any(place in value.places for value in values)
        }
        assert not hidden, (cell.address, cell.text, amendment.value)
        stale = [name for name, number in after.numbers.items() if place in number.as_filed]
        assert not stale, (cell.address, cell.text, amendment.value)
        seen.update(cells=1, numbers=len(moved))
    return seen


def look_through(most: int, skip: int, part: int, parts: int) -> Counter[str]:
    seen = Counter[str]()
    for name in NAMES[part::parts]:
        seen += change_cells(name, most, skip)
    return seen


@pytest.mark.parametrize("part", range(4))
def test_a_changed_cell_changes_only_numbers_whose_working_names_it(part):
    seen = look_through(FEW, 0, part, 4)
    assert seen["cells"] >= 50
    assert seen["numbers"] >= seen["cells"]


@pytest.mark.fuzz
@pytest.mark.parametrize("part", range(20))
def test_so_do_two_thousand(part):
    assert look_through(MANY, FEW, part, 20)["cells"] >= 40
