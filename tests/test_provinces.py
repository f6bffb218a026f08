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


#: Words that no list of a form names, by what they are made of.
UNLISTED = [
    ("分值", "指标标准分值"),
    ("得分", "自评打分"),
    ("年度指标值", "年初设定指标值"),
    ("年度指标值", "计划值"),
    ("实际完成值", "年末实现值"),
    ("实际完成值", "完成结果"),
    ("偏差原因分析及改进措施", "存在问题、原因及下一步整改措施"),
    ("全年预算数", "本年预算金额"),
    ("全年执行数", "全年支付数"),
    ("执行率", "资金执行率"),
    ("预期目标", "年初设定的目标"),
    ("实际完成情况", "年底目标达成情况"),
    ("年度资金总额", "年度总额"),
    ("主管部门", "项目主管单位"),
    ("实施单位", "项目建设单位"),
]


@pytest.mark.parametrize(("word", "other"), UNLISTED)
def test_a_word_that_no_form_lists_is_understood_by_its_parts(word: str, other: str) -> None:
    name = "beijing-project-2022"
    pieces = pieces_of_page(page_of(name))
    boxes = [
        box
        for piece in pieces
        if not isinstance(piece, str)
        for row in piece
        for box in row
        if box.text.replace("\n", "") == word
    ]
    assert boxes
    for box in boxes:
        box.text = other
    found = read_content(build.build_word(pieces), f"{name}.docx")
    cells = cells_of(truth_of(name), reading_as_json(found, raw=True))
    assert [cell for cell in cells if not same(cell)] == []
