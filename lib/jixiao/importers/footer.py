"""Who filled the form in (填表人、填报日期、联系电话、单位负责人签字)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from jixiao.datum import UNSEEN, Source, strip_blank
from jixiao.importers.lines import Line
from jixiao.model import Filed, Footer

_LABELS = {
    "preparer": r"填\s*[表报]\s*人(?:姓名|[（(]签[字名章][)）])?|制\s*表\s*人|经\s*办\s*人",
    "date": r"填[报表]\s*(?:日期|时间)",
    "telephone": r"联系\s*电话|电\s*话",
    "head": r"(?:单位|部门)\s*(?:主要)?负责人(?:[（(]?签[字名章][)）]?)?",
}
_ANY = re.compile("|".join(f"(?P<{name}>{words})" for name, words in _LABELS.items()))
_BEGINS = re.compile(rf"\s*(?:{_LABELS['preparer']})\s*[:：]")
_MOST_LINES = 4


def read_footer(lines: Sequence[Line], address: Callable[[Line], Source]) -> Footer | None:
    """Read the first footer of the document: the line of the 填表人 and those right below."""
    for index, line in enumerate(lines):
        if not _BEGINS.match(UNSEEN.sub("", line.text)):
            continue
        found: dict[str, Filed] = {}
        for following in lines[index : index + _MOST_LINES]:
            fields = _fields(following, address)
            if not fields:
                break
            found = fields | found
        return Footer(**{name: _filled(found.get(name)) for name in _LABELS})
    return None


def _fields(line: Line, address: Callable[[Line], Source]) -> dict[str, Filed]:
    words = UNSEEN.sub("", line.text)
    matches = list(_ANY.finditer(words))
    if not matches:
        return {}
    ends = [match.start() for match in matches[1:]] + [len(words)]
    found: dict[str, Filed] = {}
    for match, end in zip(matches, ends, strict=True):
        value = words[match.end() : end]
        name = match.lastgroup or ""
        if re.match(r"\s*[:：]", value):
            text = strip_blank(re.sub(r"^\s*[:：]", "", value))
            found.setdefault(name, Filed(text, address(line)))
    return found


def _filled(value: Filed | None) -> Filed | None:
    return value if value and value.text else None
