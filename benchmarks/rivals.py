"""What a user would run instead, in environments of its own: papermill, nbconvert, Notebooker.

- A: the commands ``papermill``, ``nbconvert --to html`` and ``nbconvert --to webpdf`` in an
  environment that has jupyterlab, at the versions of our lock.
- A': the same where jupyterlab is not installed, and so not its slow import.
- Notebooker's core, ``_run_checks``, which executes and converts one report in one process. Its
  PDF needs LaTeX and is left out.

The environments are made once, under ``.venv/rivals``, by uv. nbconvert's webpdf wants a browser of
playwright's own; ours is the system's Chromium under the name playwright looks for.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path

from benchmarks.jobs import Work

ROOT = Path(__file__).parent.parent
RIVALS = ROOT / ".venv" / "rivals"
#: What our notebooks import, without jupyterlab.
_STACK = [
    *("papermill", "nbconvert", "ipykernel", "matplotlib", "pandas", "playwright", "typst"),
    *("defusedxml", "lxml", "openpyxl", "python-docx", "pyyaml", "filelock", "jinja2", "nh3"),
    *("phonenumberslite", "python-stdnum", "rich", "fonttools", "mistune", "click"),
    *("pylopdf-fonts-zh-cn", "justmytype-intl-cjk"),
]


@dataclass(frozen=True, slots=True)
class Rival:
    """An environment with what a user would run, and a browser for its PDF."""

    name: str
    folder: Path

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    def environment(self, workspace: Path) -> dict[str, str]:
        """Give the variables its commands run with; `jixiao` itself is imported from here."""
        return os.environ | {
            "JIXIAO_WORKSPACE": str(workspace),
            "PATH": f"{self.folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT / "lib"),
            "PLAYWRIGHT_BROWSERS_PATH": str(self.folder / "browsers"),
        }

    def script(self, work: Work, folder: Path, *, pdf: bool = True) -> str:
        """Give the commands of one report, as a line of shell."""
        executed = folder / f"{work.name}.ipynb"
        module = f"{self.python} -m"
        given = " ".join(f"-p {name} '{value}'" for name, value in work.parameters.items())
        run = f"papermill {work.notebook} {executed} -k python3 --cwd {work.notebook.parent}"
        lines = [
            f"{module} {run} {given}",
            f"{module} nbconvert --to html {executed}",
        ]
        if pdf:
            lines.append(f"{module} nbconvert --to webpdf --disable-chromium-sandbox {executed}")
        return " && ".join(lines)

    def run(self, work: Work, folder: Path) -> None:
        """Make one report: execute, HTML, PDF."""
        folder.mkdir(parents=True, exist_ok=True)
        finish(["sh", "-c", self.script(work, folder)], self.environment(work.workspace))


def with_jupyterlab() -> Rival:
    """Make A's environment."""
    return _make("lab", "playwright", "-r", str(_requirements(RIVALS)))


def without_jupyterlab() -> Rival:
    """Make A's environment less jupyterlab and what only that needs."""
    return _make("bare", *_STACK, "-c", str(_requirements(RIVALS)))


def notebooker() -> Rival:
    """Make an environment with Notebooker, which still wants an old setuptools."""
    constraints = _requirements(RIVALS, without="setuptools")
    return _make("notebooker", *_STACK, "notebooker", "setuptools<81", "-c", str(constraints))


def run_notebooker(rival: Rival, work: Work, folder: Path) -> None:
    """Run its core on one report, as its own command does: in a fresh process, without PDF."""
    folder.mkdir(parents=True, exist_ok=True)
    given = {
        "parameters": dict(work.parameters),
        "folder": str(folder),
        "template": work.notebook.stem,
    }
    code = f"""
        import datetime, json, sys
        from notebooker.execute_notebook import _run_checks
        given = json.loads(sys.argv[1])
        result = _run_checks(
            "job", datetime.datetime.now(), given["template"], "report",
            given["folder"], given["folder"], given["parameters"], generate_pdf_output=False,
            notebooker_disable_git=True, execute_at_origin=True,
            py_template_base_dir={str(work.notebook.parent)!r},
        )
        assert "<svg" in result.raw_html or "img" in result.raw_html
    """
    arguments = [str(rival.python), "-W", "ignore", "-c", textwrap.dedent(code), json.dumps(given)]
    environment = rival.environment(work.workspace) | {"NOTEBOOK_KERNEL_NAME": "python3"}
    finish(arguments, environment)


def finish(command: list[str], environment: dict[str, str], given: str | None = None) -> None:
    """Run a command to its end; what it says is shown only if it fails."""
    done = subprocess.run(
        command, env=environment, input=given, text=True, capture_output=True, check=False
    )
    if done.returncode:
        sys.exit(f"{command[:3]} failed:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")


def _make(name: str, *wanted: str) -> Rival:
    rival = Rival(name, RIVALS / name)
    stamp = rival.folder / ".made"
    told = " ".join(wanted)
    if not stamp.exists() or stamp.read_text("utf-8") != told:
        shutil.rmtree(rival.folder, ignore_errors=True)
        uv = shutil.which("uv", path=str(Path(sys.executable).parent)) or "uv"
        finish([uv, "venv", "-q", "--python", sys.executable, str(rival.folder)], dict(os.environ))
        install = [
            uv,
            "pip",
            "install",
            "-q",
            "--no-config",
            "--compile-bytecode",
            "--python",
            str(rival.python),
        ]
        finish([*install, *wanted], dict(os.environ))
        stamp.write_text(told, "utf-8")
    _lend_browser(rival)
    return rival


def _requirements(folder: Path, without: str = "-") -> Path:
    """Write our lock without hashes, as uv takes no hashes for what the lock does not name."""
    lines = (ROOT / "requirements.lock").read_text("utf-8").splitlines()
    kept = [
        line.rstrip(" \\")
        for line in lines
        if line and not line.startswith((" ", "#", f"{without}="))
    ]
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"constraints{without.strip('-')}.txt"
    path.write_text("\n".join(kept) + "\n", "utf-8")
    return path


def _lend_browser(rival: Rival) -> None:
    """Put the system's Chromium where the environment's playwright looks for its own."""
    code = "import playwright, pathlib; print(pathlib.Path(playwright.__file__).parent)"
    told = subprocess.run(
        [str(rival.python), "-c", code], capture_output=True, text=True, check=True
    )
    listed = Path(told.stdout.strip()) / "driver" / "package" / "browsers.json"
    browsers = json.loads(listed.read_text("utf-8"))["browsers"]
    for name, inside in (
        ("chromium-headless-shell", "chrome-headless-shell-linux64/chrome-headless-shell"),
        ("chromium", "chrome-linux64/chrome"),
    ):
        revision = next(item["revision"] for item in browsers if item["name"] == name)
        path = rival.folder / "browsers" / f"{name.replace('-', '_')}-{revision}" / inside
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text('#!/bin/sh\nexec chromium "$@"\n', "utf-8")
        path.chmod(0o755)
