"""A workspace with a synthetic province in it (示例工作区): every command works there.

Nothing depends on the clock or the machine: the same order gives the same bytes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from jixiao.batch.demo.draft import Draft
from jixiao.batch.demo.drawing import draw
from jixiao.batch.demo.history import told_otherwise
from jixiao.batch.demo.planting import plant
from jixiao.batch.demo.province import Format, Wish, roster_of, unit_at
from jixiao.batch.demo.truth import Contradicted, truth_of
from jixiao.batch.demo.writing import write
from jixiao.workspace.files import write_atomically
from jixiao.workspace.places import Workspace
from jixiao.workspace.register import Arrival, Entry, register
from jixiao.workspace.starting import make_workspace
from jixiao.workspace.units import Project

PLAN, TRUTH = "params/batches/demo.yaml", "truth.yaml"
_ENDINGS: Mapping[Format, str] = {"text": "txt", "html": "html", "docx": "docx", "xlsx": "xlsx"}
_README = """\
# 示例工作区

单位、人员、金额都是虚构的，由 `jixiao demo` 按种子 {seed} 生成，{units} 个单位，{first} 至 {last} 年度。

| 文件 | 内容 |
|---|---|
| `params/units/roster.yaml` | 单位名册 |
| `data/filings/` | 自评材料：文本、网页、Word、Excel |
| `params/batches/demo.yaml` | 批次计划 |
| `truth.yaml` | 预埋的矛盾：哪份材料、哪一处、本应是什么、哪一项核查应当发现 |

```
jixiao batch params/batches/demo.yaml     全部单位、全部年度的报告与总览
jixiao report demo-0001 {last}              一个单位的报告
jixiao audit demo-0001 {last}               核查一份材料，可与 truth.yaml 对照
```
"""


@dataclass(frozen=True, slots=True)
class Province:
    """What was made (示例): the workspace, the filings by format, and what was planted."""

    workspace: Workspace
    formats: Mapping[Format, int]
    contradicted: tuple[Contradicted, ...]

    @property
    def filings(self) -> int:
        """How many filings there are."""
        return sum(self.formats.values())


def make_demo(root: Path, wish: Wish) -> Province:
    """Make a workspace in a folder that is new or empty, and fill it.

    Raises
    ------
    BadFile : the folder holds something; nothing in it is touched.
    JixiaoError : ``cannot-write``.
    """
    workspace = make_workspace(root)
    units = tuple(unit_at(number, wish.seed) for number in range(1, wish.units + 1))
    write_atomically(workspace.unit_folder / "roster.yaml", roster_of(units).encode())
    contradicted = []
    for unit in units:
        before: Draft | None = None
        for year in wish.span:
            draft, planted = plant(draw(unit, year, wish.seed), wish.seed)
            _file(workspace, draft)
            planted += tuple(told_otherwise(before, draft)) if before else ()
            if planted:
                contradicted.append(Contradicted(unit.id, year, planted))
            before = draft
    made = Province(
        workspace,
        Counter(unit.format for unit in units for _ in wish.span),
        tuple(contradicted),
    )
    _write_around(workspace, wish, made)
    return made


def _file(workspace: Workspace, draft: Draft) -> None:
    """Register a filing as if it had been taken in."""
    unit, year = draft.unit, draft.year
    received_as = f"{unit.name}{year}年度绩效自评.{_ENDINGS[unit.format]}"
    entry = Entry(
        unit=unit.id,
        name=unit.name,
        year=year,
        arrivals=(Arrival(write(draft), unit.format, received_as),),
        projects=tuple(Project(form.key, form.project) for form in draft.forms if form.project),
        has_department=True,
        filed_as=None,
        reason="",
        on="",
    )
    register(workspace, entry)


def _write_around(workspace: Workspace, wish: Wish, made: Province) -> None:
    first, last = wish.span[0], wish.span[-1]
    plan = (
        "# 示例批次：jixiao batch params/batches/demo.yaml\n"
        f'units: ["demo-*"]\nyears: [{", ".join(map(str, wish.span))}]\nformats: [html, pdf]\n'
    )
    readme = _README.format(seed=wish.seed, units=wish.units, first=first, last=last)
    truth = truth_of(wish.seed, made.contradicted)
    for name, text in ((PLAN, plan), (TRUTH, truth), ("README.md", readme)):
        write_atomically(workspace.root / name, text.encode())
