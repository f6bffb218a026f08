"""What the cover of a report says (封面): unit, year, rules, filing, audience."""

from __future__ import annotations

from dataclasses import dataclass

from nbformat import NotebookNode

from jixiao.publish.notebook import Node, find_result

_AUDIENCES = {"internal": "内部版", "public": "公开版"}


@dataclass(frozen=True, slots=True)
class About:
    """Title, if the metadata give one; unit and year in a line; label and value of each line."""

    title: str
    subject: str
    cover: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, nb: NotebookNode) -> About:
        """Read it from ``metadata.jixiao``, else from the result, else from the parameters."""
        own = nb.metadata.get("jixiao", {})
        parameters = nb.metadata.get("papermill", {}).get("parameters", {})
        known = {**parameters, **_known(find_result(nb) or {}), **own}
        unit = str(known.get("unit_name") or known.get("unit") or "")
        year = f"{known['year']}年度" if known.get("year") else ""
        digest = str(known.get("filing_sha256") or "")[:12]
        audience = str(known.get("audience") or "")
        lines = (
            ("评价单位", unit),
            ("评价年度", year),
            ("评价项目", str(known.get("project") or "")),
            ("评分规则", str(known.get("rubric") or "")),
            ("自评材料", f"sha256 {digest}…" if digest else ""),
            ("版本", _AUDIENCES.get(audience, audience)),
        )
        return cls(
            title=str(own.get("title") or ""),
            subject=" · ".join(part for part in (unit, year) if part),
            cover=tuple((label, value) for label, value in lines if value),
        )


def _known(result: Node) -> Node:
    """Take what the cover needs out of ``result.json``."""
    known: Node = {
        key: result[key]
        for key in ("unit", "unit_name", "year", "project", "audience")
        if isinstance(result.get(key), str | int)
    }
    rubric, document = result.get("rubric"), result.get("document")
    if isinstance(rubric, dict):
        rubric = " ".join(str(rubric[key]) for key in ("title", "number") if rubric.get(key))
    if rubric:
        known["rubric"] = rubric
    if isinstance(document, dict) and document.get("sha256"):
        known["filing_sha256"] = document["sha256"]
    return known
