"""Which rule book applies (选定评分规则): the one fixed, else the one of the budget year.

Books of a place, and books a unit may opt for, say ``default: false``: the year alone never
chooses them, so that one national book stands for every year.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from jixiao.errors import BadFile
from jixiao.model import Kind
from jixiao.rubric.book import Rubric
from jixiao.rubric.heads import applies_to, in_force
from jixiao.rubric.loading import load_rubric
from jixiao.workspace.known import Signature, signature_of
from jixiao.workspace.yaml_file import place_of

_KINDS: tuple[Kind, ...] = ("department", "project")
_NAMES: Mapping[Kind, str] = {"department": "部门整体支出", "project": "项目支出"}


def choose_rubric(folder: Path, year: int, kind: Kind, rubric_id: str | None = None) -> Rubric:
    """Choose the rule book: the one fixed by `rubric_id`, else the one in force for `year`.

    Raises
    ------
    UnknownName : no such rule book.
    BadFile : the book fixed is not for this kind; none, or more than one, is in force.
    """
    paths = sorted(folder.glob("*.yaml"))
    return _choose(folder, tuple(map(signature_of, paths)), year, kind, rubric_id or "")


def choose_rubrics(
    folder: Path, year: int, fixed: Mapping[Kind, str], rubric_id: str = ""
) -> dict[Kind, Rubric]:
    """Choose the rule books of both kinds: `rubric_id` for the kinds it is for, else as `fixed`.

    Raises
    ------
    UnknownName, BadFile : as `choose_rubric` does.
    """
    return {
        kind: choose_rubric(
            folder,
            year,
            kind,
            rubric_id if rubric_id and applies_to(folder, rubric_id, kind) else fixed.get(kind),
        )
        for kind in _KINDS
    }


@lru_cache(maxsize=256)
def _choose(
    folder: Path, signatures: tuple[Signature, ...], year: int, kind: Kind, rubric_id: str
) -> Rubric:
    """Choose among the rule books as they are: `signatures` tell whether one was changed."""
    if rubric_id:
        if not applies_to(folder, rubric_id, kind):
            raise BadFile(
                "rubric-kind",
                f"评分规则 {rubric_id} 不适用于{_NAMES[kind]}",
                where=f"{place_of(folder / f'{rubric_id}.yaml')} 的 applies",
                expected=f"{kind}: direct 或 by_analogy",
                action="请在单位的 YAML 的 rubrics 中改用别的规则",
            )
        return load_rubric(folder, rubric_id, year, kind)
    fitting = in_force(folder, year, kind)
    if len(fitting) != 1:
        found = "、".join(fitting) or "没有一部"
        raise BadFile(
            "rubric-in-force",
            f"{year} 预算年度适用的评分规则有：{found}",
            where=f"{place_of(folder)} 的 budget_years",
            expected="恰好一部",
            action="请修改 budget_years，为地方或备选的规则写 default: false，"
            "或在单位的 YAML 中用 rubrics 指定",
        )
    return load_rubric(folder, fitting[0], year, kind)
