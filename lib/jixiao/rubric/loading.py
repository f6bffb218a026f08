"""Load a rule book from its YAML file (读取评分规则), with what it takes from other books."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from jixiao.errors import BadFile, UnknownName
from jixiao.model import Kind
from jixiao.rubric.book import OPTIONAL_RULES, RULES, IndicatorRule, Rubric, Rule
from jixiao.rubric.indicators import read_indicators
from jixiao.rubric.reading import mapping_at
from jixiao.rubric.rules import read_rule
from jixiao.workspace.files import digest_bytes
from jixiao.workspace.known import Signature, signature_of
from jixiao.workspace.yaml_file import expect_keys, load_yaml_text, place_of, read_yaml_text

_TOP = ("id", "title", "number", "issued_by", "budget_years", "applies", "note")
_MORE = ("rules", "default", "jurisdiction", "extends", "categories", "indicators")
_SECTIONS = ("total_points", "weights", "grades", "rounding")
_KINDS: tuple[Kind, ...] = ("department", "project")
_HOW = ("direct", "by_analogy")
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


def rubric_ids(folder: Path) -> tuple[str, ...]:
    """List the rule books in `folder` by id (= file name)."""
    return tuple(sorted(path.stem for path in folder.glob("*.yaml")))


def load_rubric(folder: Path, rubric_id: str, year: int, kind: Kind) -> Rubric:
    """Load one rule book as in force for a budget year.

    Raises
    ------
    UnknownName : no such rule book.
    BadFile : unknown, missing or duplicate key; no value in force; wrong type.
    """
    return _load(folder, rubric_id, year, kind, ())


def read_head(folder: Path, rubric_id: str) -> tuple[str, dict[str, object]]:
    """Read a book's text and its keys, whose rules are not yet checked.

    Raises
    ------
    UnknownName : no such rule book.
    BadFile : a wrong key at the top, an id that is not the file's name, wrong ``applies``.
    """
    if rubric_id not in rubric_ids(folder):
        raise UnknownName.among("unknown-rubric", "评分规则", rubric_id, rubric_ids(folder))
    path = folder / f"{rubric_id}.yaml"
    where = place_of(path)
    text, book = _parsed(path, signature_of(path))
    expect_keys(book, where, required=_TOP, optional=_MORE)
    if book["id"] != rubric_id:
        raise BadFile(
            "rubric-id",
            f"“{book['id']}”与文件名不同",
            where=f"{where} 的 id",
            expected=f"“{rubric_id}”",
        )
    if not isinstance(book.get("default", True), bool):
        raise BadFile(
            "rubric-default",
            f"“{book['default']}”不是真假值",
            where=f"{where} 的 default",
            expected="true（按年度选用）或 false（只在指定时使用）",
        )
    applies = mapping_at(book["applies"], f"{where} 的 applies")
    expect_keys(applies, f"{where} 的 applies", optional=_KINDS)
    for kind, how in applies.items():
        if how not in _HOW:
            raise BadFile(
                "rubric-applies",
                f"“{how}”",
                where=f"{where} 的 applies.{kind}",
                expected="direct（直接适用）或 by_analogy（比照）",
            )
    return text, book


@lru_cache(maxsize=64)
def _parsed(path: Path, signature: Signature) -> tuple[str, dict[str, object]]:
    """Parse a file once as it is: `signature` tells whether it was changed."""
    text = read_yaml_text(path)
    return text, load_yaml_text(text, place_of(path))


def applies_to(folder: Path, rubric_id: str, kind: Kind) -> bool:
    """Whether a book is for this kind of evaluation, directly or by analogy."""
    _, book = read_head(folder, rubric_id)
    return kind in mapping_at(book["applies"], rubric_id)


def in_force(folder: Path, year: int, kind: Kind) -> tuple[str, ...]:
    """List the books that apply by themselves: those of the year that are not ``default: false``."""
    found = []
    for rubric_id in rubric_ids(folder):
        _, book = read_head(folder, rubric_id)
        where = f"{place_of(folder / f'{rubric_id}.yaml')} 的 budget_years"
        first, last = _years(book["budget_years"], where)
        covered = (first is None or first <= year) and (last is None or year <= last)
        if covered and book.get("default", True) is True and kind in dict_of(book["applies"]):
            found.append(rubric_id)
    return tuple(found)


def dict_of(value: object) -> dict[str, object]:
    """Give a mapping as it is, and nothing for what is none."""
    return value if isinstance(value, dict) else {}


def _years(value: object, where: str) -> tuple[int | None, int | None]:
    span = mapping_at(value, where)
    expect_keys(span, where, required=("from", "to"))
    for bound in span.values():
        if bound is not None and (not isinstance(bound, int) or isinstance(bound, bool)):
            raise BadFile("rubric-years", f"“{bound}”不是年份", where=where, expected="年份或 null")
    first, last = span["from"], span["to"]
    return first if isinstance(first, int) else None, last if isinstance(last, int) else None


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
