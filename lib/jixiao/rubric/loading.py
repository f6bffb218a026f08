"""Load a rule book from its YAML file (读取评分规则), with what it takes from other books."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from jixiao.errors import BadFile
from jixiao.model import Kind
from jixiao.rubric.book import Rubric
from jixiao.rubric.heads import dict_of, in_force, read_head
from jixiao.rubric.indicators import read_indicators
from jixiao.rubric.reading import mapping_at
from jixiao.rubric.rule import OPTIONAL_RULES, RULES, IndicatorRule, Rule
from jixiao.rubric.rules import read_rule
from jixiao.workspace.files import digest_bytes
from jixiao.workspace.yaml_file import expect_keys, place_of

_SECTIONS = ("total_points", "weights", "grades", "rounding")
#: Categories of a form with the words that mark them; a book may name others.
CATEGORIES: Mapping[str, str] = MappingProxyType(
    {
        "execution": "执行率",
        "output": "产出",
        "outcome": "效益",
        "satisfaction": "满意度",
        "cost": "成本",
    }
)


def load_rubric(folder: Path, rubric_id: str, year: int, kind: Kind) -> Rubric:
    """Load one rule book as in force for a budget year.

    Raises
    ------
    UnknownName : no such rule book.
    BadFile : unknown, missing or duplicate key; no value in force; wrong type.
    """
    return _load(folder, rubric_id, year, kind, ())


def _load(
    folder: Path, rubric_id: str, year: int, kind: Kind, extended_by: tuple[str, ...]
) -> Rubric:
    text, book = read_head(folder, rubric_id)
    where = place_of(folder / f"{rubric_id}.yaml")
    base = _base(folder, rubric_id, book, year, kind, extended_by)
    categories = _categories(book, where, base)
    entries = mapping_at(book.get("rules") or {}, f"{where} 的 rules")
    # A framework with categories of its own is no form of ours, and needs only what adds it up.
    required = () if base else _SECTIONS if book.get("categories") else RULES
    known = (*RULES, *OPTIONAL_RULES)
    more = tuple(key for key in known if key not in required)
    expect_keys(entries, f"{where} 的 rules", required=required, optional=more)
    names = tuple(key for key, _ in categories)
    own = {
        key: read_rule(where, rubric_id, key, entry, year, names) for key, entry in entries.items()
    }
    texts = (text, base.text) if base else (text,)
    whole = "\n---\n".join(texts)
    return Rubric(
        id=rubric_id,
        title=str(book["title"]),
        number=str(book["number"]),
        issued_by=str(book["issued_by"]),
        by_analogy=dict_of(book["applies"]).get(kind) == "by_analogy",
        note=str(book["note"] or ""),
        year=year,
        rules=_in_order(own, base),
        text=whole,
        sha256=digest_bytes(whole.encode()),
        indicators=_indicators(book, where, rubric_id, base),
        extends=base.id if base else None,
        categories=categories,
    )


def _base(
    folder: Path,
    rubric_id: str,
    book: Mapping[str, object],
    year: int,
    kind: Kind,
    extended_by: tuple[str, ...],
) -> Rubric | None:
    """Give the book that this one extends; a book in force by itself extends none."""
    where = f"{place_of(folder / f'{rubric_id}.yaml')} 的 extends"
    name = book.get("extends")
    if book.get("default", True) is True:
        if name is not None:
            raise BadFile(
                "rubric-extends",
                "按年度选用的规则不能沿用别的规则",
                where=where,
                expected="不写 extends",
            )
        return None
    chain = (*extended_by, rubric_id)
    if name is None:
        national = in_force(folder, year, kind)
        return _load(folder, national[0], year, kind, chain) if len(national) == 1 else None
    if name in chain:
        raise BadFile(
            "rubric-extends", f"“{name}”又沿用了本规则", where=where, expected="不绕圈的沿用关系"
        )
    return _load(folder, str(name), year, kind, chain)


def _in_order(own: Mapping[str, Rule], base: Rubric | None) -> tuple[Rule, ...]:
    rules = {rule.key: rule for rule in base.rules} if base else {}
    rules |= own
    return tuple(rules[key] for key in (*RULES, *OPTIONAL_RULES) if key in rules)


def _categories(
    book: Mapping[str, object], where: str, base: Rubric | None
) -> tuple[tuple[str, str], ...]:
    stated = book.get("categories")
    if stated is None:
        return base.categories if base else tuple(CATEGORIES.items())
    place = f"{where} 的 categories"
    return tuple((key, str(word)) for key, word in mapping_at(stated, place).items())


def _indicators(
    book: Mapping[str, object], where: str, rubric_id: str, base: Rubric | None
) -> tuple[IndicatorRule, ...]:
    framework = base.indicators if base else ()
    if book.get("indicators") is None:
        return framework
    return read_indicators(where, rubric_id, book["indicators"], framework)
