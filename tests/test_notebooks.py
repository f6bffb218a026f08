"""The notebooks: thin cells, no law in them, and the same result in JupyterLab as in a batch."""

import ast
import json
import re
import shutil
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from jixiao.importers.opening import open_filing

ROOT = Path(__file__).parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
PARAMETERS = {
    "department_evaluation": ["unit", "year", "project", "rubric", "audience"],
    "project_evaluation": ["unit", "year", "project", "rubric", "audience"],
    "cohort_review": ["year", "kind", "under"],
    "intake": ["unit", "year", "at", "expect", "value", "reason", "by", "on"],
}
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
    stem, nb = notebook
    (cell,) = [cell for cell in nb.cells if "parameters" in cell.metadata.get("tags", [])]
    lines = cell.source.splitlines()
    names = [re.fullmatch(r'(\w+): (str|int|bool) = [\w"-]+  # \S.*', line)[1] for line in lines]
    assert names == PARAMETERS[stem]


def run_notebook(nb, folder):
    """Run a notebook as JupyterLab does, and give its outputs without what differs by run."""
    resources = {"metadata": {"path": str(folder)}}
    NotebookClient(nb, timeout=120, kernel_name="python3", resources=resources).execute()
    return [[output.get("data") for output in cell.get("outputs", ())] for cell in nb.cells]


@pytest.mark.slow
def test_intake_shows_every_cell_and_writes_a_correction(tmp_path, monkeypatch):
    for folder in ("params", "data", "notebooks"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    monkeypatch.setenv("JIXIAO_WORKSPACE", str(tmp_path))
    path = tmp_path / "notebooks/intake.ipynb"
    yaml = tmp_path / "params/units/ziyang-justice/2022.yaml"
    before = yaml.read_bytes()
    outputs = run_notebook(nbformat.read(path, as_version=4), path.parent)
    assert yaml.read_bytes() == before, "without an address nothing is written"
    text = json.dumps(outputs, ensure_ascii=False)
    for words in ("t-target", "t-number", "t-name", "没有采用", "1008.22", "申报材料没有更正"):
        assert words in text
    given = {
        "at": "附件1 第5行第3列", "expect": "969.65", "value": "969.56",
        "reason": "单位来函", "by": "张某某", "on": "2023-05-04",
    }  # fmt: skip
    cells = [c for g in open_filing("ziyang-justice", 2022).grids for r in g.rows for c in r.cells]
    given["at"] = next(c.address for c in cells if c.text.strip() == "969.65")
    runs = []
    for _ in range(2):
        nb = nbformat.read(path, as_version=4)
        (cell,) = [cell for cell in nb.cells if "parameters" in cell.metadata.get("tags", [])]
        cell.source += "\n" + "\n".join(f"{key} = {value!r}" for key, value in given.items())
        runs.append(
            run_notebook(nb, path.parent)[
                nb.cells.index(next(c for c in nb.cells if c.id == "correct")) :
            ]
        )
    assert runs[0] == runs[1]
    assert "969.56" in json.dumps(runs[0], ensure_ascii=False)
    assert yaml.read_text("utf-8").count("969.56") == 1
    assert [a.amendment.value for a in open_filing("ziyang-justice", 2022).amended] == ["969.56"]


@pytest.mark.slow
def test_it_runs_in_jupyterlabs_kernel_as_in_a_batch(notebook, reports):
    name, nb = notebook
    if name not in KEYS:
        pytest.skip("no result of one unit: it prepares a filing, or compares finished runs")
    run_notebook(nb, ROOT / "notebooks")
    shown = nb.cells[-1].outputs[0].data["application/vnd.jixiao.result+json"]
    batch = json.loads((reports[KEYS[name]] / "result.json").read_text("utf-8"))
    assert shown == batch
