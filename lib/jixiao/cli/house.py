"""``jixiao lab`` and ``jixiao doctor`` (启动、体检)."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version

import click

from jixiao.cli.filings import Check, look_at_filings
from jixiao.cli.words import Command
from jixiao.errors import BadFile, JixiaoError
from jixiao.kernels import (
    DEFAULT_PROVISIONER,
    JUPYTER_FOLDER,
    PROVISIONER,
    TEMPLATE,
    TemplateProcess,
)
from jixiao.rubric import load_rubric, open_checklist, rubric_ids
from jixiao.workspace.fonts import font_files
from jixiao.workspace.machine import ensure_descriptors
from jixiao.workspace.places import VARIABLE, Workspace

_OLDEST = (3, 11)
_LATEST_YEAR = 9999


@click.command(cls=Command, help="在 JupyterLab 中打开工作区的笔记本。")
def lab() -> int:
    """Start JupyterLab with this interpreter as its kernel, forked warm where that is safe."""
    workspace = Workspace.find()
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        f"--ServerApp.root_dir={workspace.root}",
        "--LabApp.default_url=/lab/tree/notebooks",
    ]
    environment = environment_of_lab(workspace)
    template = TemplateProcess(environment)
    if folder := template.ensure():
        environment |= {TEMPLATE: str(folder), DEFAULT_PROVISIONER: PROVISIONER}
    try:
        return subprocess.run(command, env=environment, check=False).returncode
    finally:
        template.stop()


def environment_of_lab(workspace: Workspace) -> dict[str, str]:
    """Give JupyterLab's environment: this workspace, this interpreter's kernel, and ours to choose."""
    paths = [str(JUPYTER_FOLDER), *filter(None, [os.environ.get("JUPYTER_PATH")])]
    return os.environ | {
        VARIABLE: str(workspace.root),
        "JUPYTER_PREFER_ENV_PATH": "1",
        "JUPYTER_PATH": os.pathsep.join(paths),
    }


@click.command(
    cls=Command,
    help="检查运行环境与工作区：缺什么、谁没有报送、哪份材料缺附件，该做什么。给出单位编号则只看该单位。",
)
@click.argument("unit", metavar="[UNIT]", required=False)
def doctor(unit: str | None) -> int:
    """Look at everything a report needs; 1 where something is wrong."""
    if unit is not None:
        Workspace.find().years(unit)
    checks = [*_look_at_machine(), *_look_at_workspace(unit)]
    for check in checks:
        click.echo(f"{check.state} {check.text}")
    wrong = sum(check.state == "✗" for check in checks)
    doubtful = sum(check.state == "!" for check in checks)
    counts = [f"{wrong} 项有问题"] if wrong else []
    counts += [f"{doubtful} 项请留意"] if doubtful else []
    click.echo(f"共 {len(checks)} 项，{'，'.join(counts) or '都正常'}")
    return 1 if wrong else 0


def _look_at_machine() -> Iterator[Check]:
    python = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info >= _OLDEST:
        yield Check("✓", f"Python {python}")
    else:
        yield Check("✗", f"Python {python} 太旧：请安装 3.11 或更高版本")
    missing = [name for name in _packages() if _version(name) is None]
    if missing:
        yield Check(
            "✗", f"缺少软件包 {'、'.join(missing)}：请运行 make report，或 pip install -e ."
        )
    else:
        yield Check(
            "✓", f"软件包齐全（typst {_version('typst')}，papermill {_version('papermill')}）"
        )
    try:
        font_files()
    except JixiaoError as error:
        yield Check("✗", str(error))
    else:
        yield Check("✓", "字体齐全")


def _packages() -> tuple[str, ...]:
    """List what the installed package requires; from the source tree, the main ones."""
    try:
        listed = requires("jixiao") or []
    except PackageNotFoundError:
        return ("papermill", "nbconvert", "ipykernel", "pandas", "matplotlib", "typst", "pyyaml")
    plain = (line for line in listed if "extra ==" not in line)
    return tuple(line.partition(";")[0].split(">")[0].split("=")[0].strip() for line in plain)


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _look_at_workspace(unit: str | None) -> Iterator[Check]:
    try:
        workspace = Workspace.find()
    except BadFile as error:
        yield Check("✗", str(error))
        return
    yield Check("✓", f"工作区 {workspace.root}")
    from jixiao.batch.notebook import declared_parameters, read_notebook  # 0.3 s only here
    from jixiao.batch.report import NOTEBOOKS

    for name in NOTEBOOKS.values():
        try:
            declared_parameters(read_notebook(workspace.notebooks / name))
        except JixiaoError as error:
            yield Check("✗", str(error))
        else:
            yield Check("✓", f"笔记本 {name}")
    try:
        ensure_descriptors(os.cpu_count() or 1)
    except JixiaoError as error:
        yield Check("✗", str(error))
    place = workspace.outputs if workspace.outputs.exists() else workspace.root
    if os.access(place, os.W_OK):
        yield Check("✓", "输出目录可写")
    else:
        yield Check("✗", f"{place} 不可写：请检查权限，或用 --outputs DIR")
    yield from _look_at_law(workspace)
    yield from look_at_filings(workspace, unit)


def _look_at_law(workspace: Workspace) -> Iterator[Check]:
    """Read every rule book as of its last year, and the checklist."""
    for rubric_id in rubric_ids(workspace.rubrics):
        try:
            load_rubric(workspace.rubrics, rubric_id, _LATEST_YEAR, "department")
        except JixiaoError as error:
            yield Check("✗", f"评分规则 {rubric_id}：{error}")
        else:
            yield Check("✓", f"评分规则 {rubric_id}")
    try:
        checklist = open_checklist(workspace)
    except JixiaoError as error:
        yield Check("✗", f"核查清单：{error}")
    else:
        yield Check("✓", f"核查清单 {len(checklist.entries)} 项")
