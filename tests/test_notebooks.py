"""The notebooks: thin cells, no law in them, and the same result in JupyterLab as in a batch."""

import ast
import json
import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
KEYS = {"department_evaluation": "department", "project_evaluation": "community-correction"}
#: What a cell may not hold: it belongs in lib/ with a test.
FORBIDDEN = (
    ast.FunctionDef, ast.ClassDef, ast.For, ast.While, ast.If, ast.BinOp, ast.ListComp, ast.DictComp,
    ast.GeneratorExp, ast.Lambda, ast.Try, ast.With,
)  # fmt: skip


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request) -> tuple[str, nbformat.NotebookNode]:
    return request.param.stem, nbformat.read(request.param, as_version=4)


def test_there_are_both_notebooks():
    assert {path.stem for path in NOTEBOOKS} >= set(KEYS)


def test_cells_are_thin_and_each_comes_after_words(notebook):
    _, nb = notebook
    for cell in nb.cells:
        if cell.cell_type != "code":
            continue
        assert cell.outputs == []
        assert cell.execution_count is None
        statements = [line for line in cell.source.splitlines() if line.strip()]
        assert len(statements) <= 8, cell.id
        tree = ast.parse(cell.source)
        assert not [node for node in ast.walk(tree) if isinstance(node, FORBIDDEN)], cell.id
        numbers = [
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, int | float)
            and not isinstance(node.value, bool)
        ]
        assert numbers == ([2022] if cell.id == "parameters" else []), cell.id
    assert nb.cells[0].cell_type == "markdown"
    assert nb.cells[-1].cell_type == "code"


def test_parameters_are_declared_typed_and_explained(notebook):
    _, nb = notebook
    (cell,) = [cell for cell in nb.cells if "parameters" in cell.metadata.get("tags", [])]
    lines = cell.source.splitlines()
    names = [re.fullmatch(r'(\w+): (str|int|bool) = [\w"-]+  # \S.*', line)[1] for line in lines]
    assert names == ["unit", "year", "project", "rubric", "audience"]


@pytest.mark.slow
def test_it_runs_in_jupyterlabs_kernel_as_in_a_batch(notebook, reports):
    name, nb = notebook
    NotebookClient(
        nb,
        timeout=120,
        kernel_name="python3",
        resources={"metadata": {"path": str(ROOT / "notebooks")}},
    ).execute()
    shown = nb.cells[-1].outputs[0].data["application/vnd.jixiao.result+json"]
    batch = json.loads((reports[KEYS[name]] / "result.json").read_text("utf-8"))
    assert shown == batch
