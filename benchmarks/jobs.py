"""What is measured: reports of the sample, and of a synthetic province with other words in each."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from jixiao.batch.plan import RunPlan
from jixiao.batch.report import plan_report
from jixiao.model import Kind
from jixiao.workspace.places import Workspace

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Work:
    """One report to make, for us or for a rival."""

    workspace: Path
    unit: str
    year: int
    key: str
    kind: Kind
    notebook: Path
    parameters: Mapping[str, object]

    @property
    def name(self) -> str:
        return f"{self.unit}-{self.key}"


def make_province(folder: Path, units: int, seed: int, *, years: int = 1) -> Path:
    """Make a synthetic province: no two filings share their words and figures."""
    command = [sys.executable, "-m", "jixiao", "demo", str(folder)]
    options = ["--units", str(units), "--years", str(years), "--seed", str(seed)]
    subprocess.run([*command, *options], check=True, capture_output=True)
    return folder


def list_work(root: Path, kind: Kind, outputs: Path) -> list[Work]:
    """List the reports of a kind in a workspace, in the order of their units."""
    workspace = Workspace(root)
    found = list[Work]()
    for unit in workspace.units():
        for year in workspace.years(unit):
            plans = plan_report(workspace, unit, year, outputs=outputs)
            found += [work for plan in plans if (work := _work(root, plan)).kind == kind]
    return found


def _work(root: Path, plan: RunPlan) -> Work:
    kind: Kind = "department" if plan.key == "department" else "project"
    notebook = root / "notebooks" / plan.notebook
    return Work(root, plan.unit, plan.year, plan.key, kind, notebook, dict(plan.parameters))
