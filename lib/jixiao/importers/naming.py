"""From ``project-1`` to the ids a unit's YAML gives to its projects (项目编号)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from jixiao.errors import BadFile
from jixiao.importers.cells import squeeze
from jixiao.model import Filing


def name_projects(filing: Filing, names: Mapping[str, str]) -> Filing:
    """Give projects their ids: {project name as filed → id}.

    White space in names does not matter; of two projects with one name the first is meant. A
    project that `names` does not list keeps its key.

    Raises
    ------
    BadFile : a name that no project of the filing has, or two projects under one id.
    """
    filed: dict[str, str] = {}
    for evaluation in filing.evaluations:
        if evaluation.project:
            filed.setdefault(squeeze(evaluation.project.text), evaluation.key)
    keys: dict[str, str] = {}
    for name, identifier in names.items():
        if squeeze(name) not in filed:
            raise _not_in_filing(filing, name)
        keys[filed[squeeze(name)]] = identifier
    given = [keys.get(evaluation.key, evaluation.key) for evaluation in filing.evaluations]
    if twice := next((key for key in given if given.count(key) > 1), None):
        raise BadFile(
            "project-id-twice",
            f"两个项目都叫 “{twice}”",
            where=filing.document.file,
            expected="每个项目一个编号",
            action="请改正单位的 YAML 的 projects",
        )
    return _renamed(filing, keys)


def _renamed(filing: Filing, keys: Mapping[str, str]) -> Filing:
    def new(key: str) -> str:
        return keys.get(key, key)

    return replace(
        filing,
        evaluations=tuple(replace(e, key=new(e.key)) for e in filing.evaluations),
        sections=tuple(replace(s, evaluation=new(s.evaluation)) for s in filing.sections),
        statements=tuple(replace(s, evaluation=new(s.evaluation)) for s in filing.statements),
        problems=tuple(
            replace(p, evaluation=new(p.evaluation) if p.evaluation else None)
            for p in filing.problems
        ),
    )


def _not_in_filing(filing: Filing, name: str) -> BadFile:
    projects = [e.project.text for e in filing.evaluations if e.project]
    listed = "、".join(projects) if projects else "（文件中没有项目自评表）"
    return BadFile(
        "project-not-in-filing",
        f"文件中没有项目 “{name}”",
        where=filing.document.file,
        expected=f"文件中的项目名称之一：{listed}",
        action="请改正单位的 YAML 的 projects，或核对文件是否完整",
    )
