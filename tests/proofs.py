"""Runs as they lie when they are done, made without a kernel, and ways to tamper with them."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pikepdf
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from jixiao.audit import judge
from jixiao.batch.folders import make_current, manifest_bytes
from jixiao.importers import read_document
from jixiao.publish import json_bytes, notebook_bytes, render_html, render_pdf, result_of
from jixiao.rubric import choose_rubric, load_checklist
from jixiao.tables import show_result
from jixiao.workspace import media
from jixiao.workspace.files import commit_folder
from jixiao.workspace.runs import run_key

REPOSITORY = Path(__file__).parents[1]
SAMPLE = REPOSITORY / "tests/data/ziyang-justice-2022.txt"
PARAMS = REPOSITORY / "params"


def make_run(
    outputs: Path, unit: str, year: int, key: str, formats: tuple[str, ...] = ("html", "pdf")
) -> Path:
    """The run of one evaluation of the sample, for whatever unit and year it is said to be."""
    filing = read_document(SAMPLE)
    rubrics = {
        kind: choose_rubric(PARAMS / "rubrics", 2022, kind) for kind in ("department", "project")
    }
    judged = judge(
        filing,
        "project-1" if key == "project-1" else "department",
        rubrics,
        load_checklist(PARAMS / "checks.yaml"),
    )
    bundle = show_result(judged, unit, "internal")._repr_mimebundle_()
    shown = new_output("execute_result", bundle, execution_count=1)
    cells = [
        new_markdown_cell("# 绩效评价报告", id="title"),
        new_code_cell(
            "show_result(judged, unit, audience)", id="result", outputs=[shown], execution_count=1
        ),
    ]
    nb = new_notebook(cells=cells, metadata={"jixiao": {"unit": unit, "year": year}})
    files = {"report.ipynb": notebook_bytes(nb), "result.json": json_bytes(result_of(nb))}
    if "html" in formats:
        files["report.html"] = render_html(nb)
    if "pdf" in formats:
        files["report.pdf"] = render_pdf(nb, files["report.ipynb"])
    decided = {
        "schema": "jixiao.run/1",
        "key": key,
        "unit": unit,
        "year": year,
        "formats": list(formats),
    }
    run = run_key(decided)
    files["manifest.json"] = manifest_bytes(decided, run, files)
    folder = commit_folder(outputs / unit / str(year) / key, run, files)
    make_current(folder)
    return folder


def rewrite(folder: Path, change: Callable[[dict[str, bytes]], None]) -> None:
    """Change files of a run and write a manifest that fits them, as a forger would."""
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    manifest = json.loads(files.pop("manifest.json"))
    change(files)
    decided = {name: value for name, value in manifest.items() if name not in ("run", "files")}
    files["manifest.json"] = manifest_bytes(decided, manifest["run"], files)
    for name, data in files.items():
        (folder / name).write_bytes(data)


def with_attachments(pdf: bytes, attached: dict[str, bytes]) -> bytes:
    """The PDF with other bytes in its attachments."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for name, data in attached.items():
            spec = document.attachments[name]
            stream = spec.obj["/EF"]["/F"]
            stream.write(data)
        out = io.BytesIO()
        document.save(out)
    return out.getvalue()


def forge(folder: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Change result and reading everywhere they stand, so that all of the run agrees."""

    def everywhere(files: dict[str, bytes]) -> None:
        nb = nbformat.reads(files["report.ipynb"].decode(), 4)
        data = nb.cells[-1].outputs[0].data
        both = {"result": data[media.RESULT], "reading": data[media.READING]}
        change(both)
        files["report.ipynb"] = notebook_bytes(nb)
        files["result.json"] = json_bytes(data[media.RESULT])
        if "report.pdf" in files:
            attached = {
                "report.ipynb": files["report.ipynb"],
                "result.json": files["result.json"],
                "reading.json": json_bytes(data[media.READING]),
            }
            files["report.pdf"] = with_attachments(files["report.pdf"], attached)

    rewrite(folder, everywhere)
