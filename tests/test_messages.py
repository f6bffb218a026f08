"""Every refusal and problem names its place and says what to do: an example for each code.

The codes are collected from the source of the importers, so a new one without an example is red.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.conftest import ROOT
from tests.problems import EXAMPLES, Place

from jixiao.errors import BadFile
from jixiao.model import Problem

IMPORTERS = ROOT / "lib/jixiao/importers"
KEBAB = re.compile("[a-z]+(?:-[a-z]+)+")


# --- the codes there are ---


def codes_in(path: Path) -> Iterator[str]:
    """The codes given to problems, refusals and remarks; where one is computed, all it may be."""
    tree = ast.parse(path.read_text("utf-8"))
    words = [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant)]
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id not in ("Problem", "BadFile", "Remark"):
                continue
            code = node.args[0] if node.args else None
            if isinstance(code, ast.Constant):
                yield str(code.value)
            else:
                yield from (
                    word for word in words if isinstance(word, str) and KEBAB.fullmatch(word)
                )


CODES = sorted({code for path in IMPORTERS.glob("*.py") for code in codes_in(path)})


# --- what every message must say ---

ACTION = re.compile("请")
PLACED = re.compile("第[0-9]+行")


def test_every_code_has_an_example():
    assert sorted(set(CODES) - set(EXAMPLES)) == []
    assert len(CODES) > 50


def test_no_example_is_of_a_code_there_is_not():
    assert sorted(set(EXAMPLES) - set(CODES)) == []


@pytest.mark.parametrize("code", sorted(EXAMPLES))
def test_a_message_names_its_place_and_says_what_to_do(tmp_path, code):
    met = [each for each in EXAMPLES[code](Place(tmp_path)) if each.code == code]
    assert met
    for each in met:
        check_refusal(each) if isinstance(each, BadFile) else check_problem(each)


def check_refusal(error: BadFile) -> None:
    assert error.what
    assert error.where
    assert ACTION.search(error.action), str(error)
    assert str(error).startswith(f"{error.where}：")


def check_problem(problem: Problem) -> None:
    message, source = problem.message, problem.source
    assert ACTION.search(message), message
    assert message.endswith(("。", "]")), message
    if source is None:
        assert re.search(r"[\w-]+\.(?:txt|docx|xlsx|pdf)", message), message
    elif source.row is not None:
        assert f"第{source.row}行第{source.column}列" in message, message
        assert message.startswith(source.part), message
    elif source.line is not None:
        assert source.address in message or f"第{source.line}行" in message, message
    else:
        assert source.document in message, message


def test_tables_are_named_by_row_and_column(tmp_path):
    """Whatever is odd about a cell names table, row and column."""
    of_cells = ("unreadable-number", "percent-or-ratio", "money-unit-mixed", "amount-negative",
                "unknown-column", "ambiguous-column", "header-not-understood", "template-prompt",
                "row-repeated", "unknown-row", "cell-error", "money-unit-implausible")  # fmt: skip
    for code in of_cells:
        folder = tmp_path / code
        folder.mkdir()
        met = [each for each in EXAMPLES[code](Place(folder)) if each.code == code]
        assert all(each.source.row and each.source.column and each.source.table for each in met), (
            code
        )
