"""Measure a report side by side with what a user would pick instead: ``make bench``.

Measurements, written to ``benchmarks/results/`` with the machine's class and versions;
`python -m benchmarks reading` takes one alone:

- ``report``: `jixiao report` (execute, HTML, PDF) against the papermill and nbconvert commands
  (execute, HTML) on the same notebook, interleaved in one run; the ratio with its spread.
- ``stages``: reading, scoring, auditing, HTML and PDF apart, in one warm process.
- ``reading``: each format read, against the libraries walking the cells of the same file.
- ``audit``: reading, scoring and auditing apart, on the sample and over 10,000 filings in one process.
- ``kernels``: warm kernels against normal ones.
- ``one``: one report by one worker against papermill + nbconvert html + webpdf with and without
  jupyterlab, Notebooker's core, and the limit: the same cells in one warm process.
- ``audience``: the public edition against the internal one, by one warm worker.
- ``batch``: a batch by two workers against ``xargs -P2`` of the same commands.
- ``scale``: 20,000 runs and 2,000 reports; takes hours, and only when asked for.
- ``footprint``: the memory and disk of a batch by one and by two workers, and starts.

No test asserts a time; the ratio is what counts, seconds drift with the machine.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import nbformat

from benchmarks.audience import measure_audiences
from benchmarks.audit import measure_audit
from benchmarks.figures import keep, spread
from benchmarks.footprint import measure_footprint
from benchmarks.reading import measure_reading
from benchmarks.reports import measure_one
from benchmarks.scale import measure_scale
from benchmarks.warmth import measure_batch, measure_kernels
from jixiao import audit, publish, scoring
from jixiao import rubric as rules
from jixiao.importers.opening import open_filing
from jixiao.model import Kind
from jixiao.workspace.fonts import code_points

ROOT = Path(__file__).parent.parent
NOTEBOOK = "notebooks/department_evaluation.ipynb"
UNIT, YEAR = "ziyang-justice", 2022
ROUNDS = int(os.environ.get("ROUNDS", "5"))
WARM = 20


def seconds(work: Callable[[], object]) -> float:
    """Time one piece of work."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def command(*arguments: str) -> None:
    """Run a module of this interpreter, quietly, in the repository."""
    subprocess.run([sys.executable, "-m", *arguments], cwd=ROOT, check=True, capture_output=True)


def ours(folder: Path) -> None:
    """Execute, HTML and PDF, by our command."""
    command(
        "jixiao.cli", "report", UNIT, str(YEAR), "--outputs", str(folder), "--force"
    )  # fmt: skip


def theirs(folder: Path) -> None:
    """Execute and HTML of both notebooks, by the commands of papermill and nbconvert."""
    for kind, project in (("department", ""), ("project", "community-correction")):
        executed = folder / f"{kind}.ipynb"
        command(
            "papermill", f"notebooks/{kind}_evaluation.ipynb", str(executed), "-k", "python3",
            "--cwd", "notebooks", "-p", "unit", UNIT, "-p", "year", str(YEAR),
            "-p", "project", project,
        )  # fmt: skip
        command("nbconvert", "--to", "html", str(executed))


def measure_report() -> dict[str, object]:
    """Interleave both ways; each round in a folder of its own."""
    times: dict[str, list[float]] = {"jixiao": [], "papermill + nbconvert html": []}
    for number in range(ROUNDS):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            times["jixiao"].append(seconds(lambda: ours(folder / "ours")))  # noqa: B023  # used at once
            (folder / "theirs").mkdir()
            times["papermill + nbconvert html"].append(seconds(lambda: theirs(folder / "theirs")))  # noqa: B023
        print(
            f"round {number + 1} of {ROUNDS}: "
            + ", ".join(f"{k} {v[-1]:.1f} s" for k, v in times.items())
        )
    pairs = zip(times["papermill + nbconvert html"], times["jixiao"], strict=True)
    return {
        "what": "two reports, cold; ours with PDF, theirs without",
        "rounds": ROUNDS,
        "seconds": {name: spread(values) for name, values in times.items()},
        "ratio theirs / ours": spread([b / a for b, a in pairs], 2),
    }


def measure_stages() -> dict[str, object]:
    """Time the stages in one warm process."""
    filing, checklist = open_filing(UNIT, YEAR), rules.open_checklist()
    rubrics, characters = rules.open_rubrics(UNIT, YEAR), code_points()
    cards = scoring.score(filing, rubrics)
    with tempfile.TemporaryDirectory() as name:
        ours(Path(name))
        path = Path(name) / UNIT / str(YEAR) / "department/current/report.ipynb"
        nb = nbformat.read(path, as_version=4)
    stages: dict[str, Callable[[], object]] = {
        "read": lambda: open_filing(UNIT, YEAR),
        "score": lambda: scoring.score(filing, rubrics),
        "audit": lambda: audit.examine(filing, cards, rubrics, checklist, characters),
        "html": lambda: publish.render_html(nb),
        "pdf": lambda: publish.render_pdf(nb),
    }
    sizes = {"html": len(publish.render_html(nb)), "pdf": len(publish.render_pdf(nb))}
    found = {}
    for stage, work in stages.items():
        found[stage] = spread([1000 * seconds(work) for _ in range(WARM)], 1)
        print(f"{stage}: {found[stage]} ms")
    return {"what": "department report, warm", "milliseconds": found, "bytes": sizes}


def main(chosen: list[str]) -> None:
    """Measure, print, and write the results."""
    os.chdir(ROOT)
    if not chosen or "reading" in chosen:
        keep("reading", measure_reading())
    if not chosen or "kernels" in chosen:
        keep("kernels", measure_kernels(2 * ROUNDS + 1))
    if not chosen or "batch" in chosen:
        keep("batch", measure_batch(max(1, ROUNDS // 2 + 1)))
    if not chosen or "one" in chosen:
        kinds: tuple[Kind, ...] = ("department", "project")
        keep("one", {kind: measure_one(kind, ROUNDS) for kind in kinds})
    if not chosen or "audience" in chosen:
        keep("audience", measure_audiences(ROUNDS))
    if "scale" in chosen:
        keep("scale", measure_scale())
    if not chosen or "audit" in chosen:
        keep("audit", measure_audit())
    if not chosen or "footprint" in chosen:
        keep("footprint", measure_footprint())
    if not chosen or "report" in chosen:
        names = ("jixiao", "papermill", "nbconvert", "matplotlib", "pandas", "typst")
        versions = {name: version(name) for name in names}
        stages, report = measure_stages(), measure_report()
        keep("report", {"versions": versions, "stages": stages, "report": report})
        print(f"ratio {report['ratio theirs / ours']}")


if __name__ == "__main__":
    main(sys.argv[1:])
