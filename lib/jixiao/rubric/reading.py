"""What rule books and the checklist share in being read."""

from __future__ import annotations

from jixiao.errors import BadFile


def mapping_at(value: object, where: str) -> dict[str, object]:
    """Give the mapping at `where`, which must be one.

    Raises
    ------
    BadFile : the value is not a mapping.
    """
    if not isinstance(value, dict):
        raise BadFile("yaml-mapping", f"“{value}”不是一组键值", where=where, expected="键: 值")
    return value
