"""A batch as its YAML orders it (批次): which units, years, notebooks and formats.

``params/batches/nightly.yaml``::

    units: [ziyang-justice, "hunan-*", {under: yiyang-finance}]   # ids, patterns, subtrees
    years: [2022, 2023]
    notebooks: [department_evaluation, project_evaluation]        # also one's own
    formats: [html, pdf]                                          # [] for notebook and result alone
    audiences: [internal, public]                                 # internal alone where not said

All that is wrong in it, and in what it names, is found before a kernel starts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from jixiao.batch.engine import DEFAULT_LIMITS, Limits
from jixiao.batch.mail import Post, read_post
from jixiao.batch.notebook import Value
from jixiao.batch.plan import FORMATS, Audience
from jixiao.batch.report import NOTEBOOKS
from jixiao.errors import BadFile, JixiaoError, UnknownName
from jixiao.workspace.places import Workspace
from jixiao.workspace.roster import Unit, below, load_roster
from jixiao.workspace.runs import AUDIENCES
from jixiao.workspace.yaml_file import (
    Keyed,
    expect_keys,
    load_yaml,
    optional_of,
    place_of,
    value_of,
)

T = TypeVar("T")
_KEYS = ("units", "years")
_OPTIONAL = ("notebooks", "formats", "audiences", "workers", "limits", "parameters", "mail")
_LIMITS = ("cell", "notebook", "memory")
OWN_NOTEBOOKS = tuple(Path(name).stem for name in NOTEBOOKS.values())
_MEGABYTE = 1_000_000
#: Names of notebooks become folders of ``outputs``.
_STEM = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,60}")


@dataclass(frozen=True, slots=True)
class Order:
    """What a batch is to make (批次计划).

    ``notebooks`` are file names without ``.ipynb``; ``parameters`` go to notebooks of one's own.
    ``limits.memory`` is in bytes.
    """

    name: str
    units: tuple[str, ...]
    years: tuple[int, ...]
    notebooks: tuple[str, ...] = OWN_NOTEBOOKS
    formats: tuple[str, ...] = FORMATS
    audiences: tuple[Audience, ...] = ("internal",)
    workers: int | None = None
    limits: Limits = DEFAULT_LIMITS
    parameters: Mapping[str, Value] = field(default_factory=lambda: MappingProxyType({}))
    mail: Post = field(default_factory=Post)


def load_order(workspace: Workspace, path: Path) -> Order:
    """Read a batch's YAML.

    Raises
    ------
    BadFile : a key, a type or a number that cannot be; ``bad-batch`` where more than one is wrong.
    UnknownName : a unit, pattern or subtree that names nobody; a format or audience we do not have.
    """
    where = place_of(path)
    entry = load_yaml(path)
    expect_keys(entry, where, required=_KEYS, optional=_OPTIONAL)
    registered = load_roster(workspace)
    wrong = _Wrong()
    order = Order(
        name=path.stem,
        units=wrong.or_value(lambda: _units(registered, entry, where), ()),
        years=wrong.or_value(lambda: _years(entry, where), ()),
        notebooks=wrong.or_value(lambda: _notebooks(entry, where), ()),
        formats=wrong.or_value(lambda: _formats(entry, where), FORMATS),
        audiences=wrong.or_value(lambda: _audiences(entry, where), ("internal",)),
        workers=wrong.or_value(lambda: _workers(entry, where), None),
        limits=wrong.or_value(lambda: _limits(entry, where), DEFAULT_LIMITS),
        parameters=wrong.or_value(lambda: _parameters(entry, where), MappingProxyType({})),
        mail=wrong.or_value(lambda: read_post(entry, where), Post()),
    )
    wrong.tell()
    return order


class _Wrong:
    """What is wrong with an order, gathered so that it is told at once."""

    def __init__(self) -> None:
        self.problems: list[JixiaoError] = []

    def or_value(self, read: Callable[[], T], value: T) -> T:
        """Give what is read; note what is wrong with it and give `value` instead."""
        try:
            return read()
        except JixiaoError as error:
            self.problems.append(error)
            return value

    def tell(self) -> None:
        """Raise what was noted, one problem as it is."""
        if self.problems:
            raise self.problems[0] if len(self.problems) == 1 else all_problems(self.problems)


def _formats(entry: Keyed, where: str) -> tuple[str, ...]:
    if entry.get("formats") is None:
        return FORMATS
    named = _texts(entry, "formats", where)
    for name in named:
        if name not in FORMATS:
            line = f"{where} 第{entry.lines['formats']}行"
            raise UnknownName.among("unknown-format", "格式", name, FORMATS, line)
    return tuple(name for name in FORMATS if name in named)


def _audiences(entry: Keyed, where: str) -> tuple[Audience, ...]:
    named = _texts(entry, "audiences", where)
    for name in named:
        if name not in AUDIENCES:
            line = f"{where} 第{entry.lines['audiences']}行"
            raise UnknownName.among("unknown-audience", "读者", name, AUDIENCES, line)
    known: tuple[Audience, ...] = ("internal", "public")
    return tuple(name for name in known if name in named) or ("internal",)


def _units(registered: tuple[Unit, ...], entry: Keyed, where: str) -> tuple[str, ...]:
    chosen: dict[str, None] = {}
    problems: list[str] = []
    for item in value_of(entry, "units", list, where):
        found = tuple(_matching(registered, item))
        chosen.update(dict.fromkeys(found))
        if not found:
            problems.append(_as_written(item))
    if problems or not chosen:
        raise UnknownName(
            "unknown-unit",
            f"units 中没有对应单位的：{'、'.join(problems) or '（空）'}",
            where=f"{where} 第{entry.lines['units']}行",
            expected="已登记的单位编号、通配（如 “hunan-*”）或 {under: 上级单位编号}",
            action="请核对 params/units/roster.yaml",
        )
    return tuple(chosen)


def _matching(registered: tuple[Unit, ...], item: object) -> Iterator[str]:
    if isinstance(item, str):
        yield from (unit.id for unit in registered if fnmatchcase(unit.id, item))
    elif isinstance(item, dict) and set(item) == {"under"}:
        yield from below(registered, str(item["under"]))


def _as_written(item: object) -> str:
    """Give an item as a plan has it."""
    if isinstance(item, dict):
        return "{" + "，".join(f"{key}: {value}" for key, value in item.items()) + "}"
    return "（空）" if item is None else str(item)


def _notebooks(entry: Keyed, where: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(_texts(entry, "notebooks", where))) or OWN_NOTEBOOKS
    for name in names:
        if not _STEM.fullmatch(name):
            raise BadFile(
                "batch-notebook",
                f"notebooks 中的 “{name}” 不是笔记本的名字",
                where=f"{where} 第{entry.lines['notebooks']}行",
                expected=f"notebooks 目录中的文件名，不带目录和 .ipynb，例如 {OWN_NOTEBOOKS[0]}",
                action="请改正 notebooks",
            )
    return names


def _years(entry: Keyed, where: str) -> tuple[int, ...]:
    years = value_of(entry, "years", list, where)
    if not years or any(type(y) is not int or not 1990 <= y <= 2100 for y in years):
        raise BadFile(
            "batch-years",
            f"years 是 “{years}”",
            where=f"{where} 第{entry.lines['years']}行",
            expected="四位年份的列表，例如 [2022, 2023]",
            action="请改正 years",
        )
    return tuple(dict.fromkeys(years))


def _workers(entry: Keyed, where: str) -> int | None:
    workers = optional_of(entry, "workers", int, where)
    if workers is not None and workers < 1:
        raise BadFile(
            "batch-workers",
            f"workers 是 {workers}",
            where=f"{where} 第{entry.lines['workers']}行",
            expected="1 或更大的整数，或不写（用处理器个数）",
            action="请改正 workers",
        )
    return workers


def _limits(entry: Keyed, where: str) -> Limits:
    given = optional_of(entry, "limits", Keyed, where) or Keyed()
    place = f"{where} 的 limits"
    expect_keys(given, place, optional=_LIMITS)
    values = {key: value_of(given, key, int, place) for key in given}
    if any(value < 1 for value in values.values()):
        raise BadFile(
            "batch-limits",
            "时限与内存须是正整数",
            where=f"{where} 第{entry.lines['limits']}行",
            expected="例如 {cell: 300, notebook: 900, memory: 3000}：秒、秒、MB",
            action="请改正 limits",
        )
    return Limits(
        cell=values.get("cell", DEFAULT_LIMITS.cell),
        notebook=values.get("notebook", DEFAULT_LIMITS.notebook),
        memory=values.get("memory", 0) * _MEGABYTE,
    )


def _parameters(entry: Keyed, where: str) -> Mapping[str, Value]:
    given = optional_of(entry, "parameters", Keyed, where) or Keyed()
    values: dict[str, Value] = {}
    for key, value in given.items():
        if not isinstance(value, str | int | bool):
            raise BadFile(
                "parameter-type",
                f"参数 {key} 的值不是文字、整数或 true/false",
                where=f"{where} 的 parameters",
                expected="文字、整数或 true/false",
                action="请改正这个参数",
            )
        values[key] = value
    return MappingProxyType(values)


def _texts(entry: Keyed, key: str, where: str) -> tuple[str, ...]:
    items = optional_of(entry, key, list, where) or []
    if not all(isinstance(item, str) for item in items):
        raise BadFile("yaml-type", f"{key} 不是文字的列表", where=where, expected="文字的列表")
    return tuple(map(str, items))


def all_problems(problems: list[JixiaoError]) -> BadFile:
    """Put all that is wrong with a batch into one error, one problem a line."""
    return BadFile(
        "bad-batch",
        f"计划有 {len(problems)} 处问题，没有运行任何笔记本：\n"
        + "\n".join(f"  · {problem}" for problem in problems[:50])
        + (f"\n  · 另有 {len(problems) - 50} 处" if len(problems) > 50 else "")
        + "\n",
        action="请逐条改正后再运行",
    )
