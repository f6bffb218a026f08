"""The head of a rule book (规则书的表头): what it is, whom and when it is for; rules unread."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from jixiao.errors import BadFile, UnknownName
from jixiao.model import Kind
from jixiao.rubric.reading import mapping_at
from jixiao.workspace.known import Signature, signature_of
from jixiao.workspace.yaml_file import expect_keys, load_yaml_text, place_of, read_yaml_text

_TOP = ("id", "title", "number", "issued_by", "budget_years", "applies", "note")
_MORE = ("rules", "default", "jurisdiction", "extends", "categories", "indicators")
_KINDS: tuple[Kind, ...] = ("department", "project")
_HOW = ("direct", "by_analogy")


def rubric_ids(folder: Path) -> tuple[str, ...]:
    """List the rule books in `folder` by id (= file name)."""
    return tuple(sorted(path.stem for path in folder.glob("*.yaml")))


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
