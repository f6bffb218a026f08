"""A small workspace for tests of runs: one unit, one filing, tiny notebooks, quick renderers."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from jixiao.batch.plan import RunPlan, plan_run
from jixiao.workspace.media import RESULT
from jixiao.workspace.places import Workspace

UNIT, YEAR, NOTEBOOK = "test-unit", 2022, "tiny.ipynb"
PARAMETERS = {"unit": UNIT, "year": YEAR, "project": "", "rubric": "", "audience": "internal"}
DECLARED = """unit: str = "test-unit"  # 单位编号
year: int = 2022  # 年度
project: str = ""  # 项目编号，空为部门整体
rubric: str = ""  # 评分规则
audience: str = "internal"  # 读者"""
SHOW = f"""from IPython.display import display
display({{"text/plain": "结果", "{RESULT}": {{"unit": unit, "year": year}}}}, raw=True)"""

ROSTER = """units:
  - {id: test-unit, names: [{name: 测试局, from: null, to: null}], parent: null, level: county, region: 某省某县}
"""
FILING = "测试局\n2022年度部门整体支出绩效自评报告\n".encode()


def make_workspace(root: Path, *cells: str, last: str = SHOW) -> Workspace:
    """Make a workspace whose notebook has these code cells between parameters and result."""
    for folder in (
        "params/units/test-unit",
        "params/rubrics",
        "data/filings/test-unit/2022",
        "notebooks",
    ):
        (root / folder).mkdir(parents=True, exist_ok=True)
    (root / "params/units/roster.yaml").write_text(ROSTER, "utf-8")
    (root / "data/filings/test-unit/2022/filing.txt").write_bytes(FILING)
    write_unit_year(root)
    write_notebook(root / "notebooks" / NOTEBOOK, *cells, last=last)
    return Workspace(root)


def write_unit_year(root: Path, **changed: str) -> Path:
    """Write the unit's YAML, with some lines changed."""
    lines = {
        "unit": "test-unit",
        "name": "测试局",
        "year": "2022",
        "filing": f"[{{file: filing.txt, sha256: {hashlib.sha256(FILING).hexdigest()}}}]",
        "projects": "[{id: first-project, name: 第一项目}]",
    } | changed
    path = root / "params/units/test-unit/2022.yaml"
    path.write_text("".join(f"{key}: {value}\n" for key, value in lines.items()), "utf-8")
    return path


def write_notebook(path: Path, *cells: str, last: str = SHOW) -> None:
    """Write a notebook: title, parameters, these cells, result."""
    nb = nbformat.v4.new_notebook()
    nb.cells = [
        nbformat.v4.new_markdown_cell("# 测试报告", id="title"),
        nbformat.v4.new_code_cell(DECLARED, id="parameters", metadata={"tags": ["parameters"]}),
        *(nbformat.v4.new_code_cell(cell, id=f"work-{n}") for n, cell in enumerate(cells, 1)),
        nbformat.v4.new_code_cell(last, id="result"),
    ]
    path.write_text(nbformat.v4.writes(nb), "utf-8")


def make_plan(workspace: Workspace, **changed: object) -> RunPlan:
    """Plan the tiny notebook for the department."""
    return plan_run(workspace, UNIT, YEAR, "department", NOTEBOOK, PARAMETERS | changed)  # type: ignore[arg-type]


def states(nb: NotebookNode) -> list[str]:
    """Give the state of every cell."""
    return [cell.metadata.jixiao.state for cell in nb.cells]


def read_json(path: Path) -> dict[str, object]:
    """Read a JSON file of a run."""
    found: dict[str, object] = json.loads(path.read_bytes())
    return found


def plain_renderer(name: str) -> Callable[..., bytes]:
    """Give a renderer that is quick and depends on the outputs alone."""

    def render(nb: NotebookNode, *made_of_it: object) -> bytes:
        return f"{name}\n{json.dumps(nb.cells, ensure_ascii=False, sort_keys=True)}\n".encode()

    return render


def tree(root: Path) -> dict[str, bytes]:
    """Give every file below a folder with its bytes."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }
