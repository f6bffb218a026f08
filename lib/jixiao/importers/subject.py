"""Which unit and which year a filing is about (单位和年度): titles, lines above tables, labels."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from jixiao.datum import Source
from jixiao.importers.assembly import Assembly
from jixiao.importers.cells import clean, filed_or_none, squeeze
from jixiao.importers.forms import known_forms
from jixiao.importers.outline import Part
from jixiao.importers.places import Places
from jixiao.model import Filed, Problem

_YEAR = re.compile("((?:19|20)[0-9]{2})年?度?")
_LABEL_AND_NAME = re.compile(
    r"^\s*(?P<label>[^:：\s]{2,16}(?:[（(][^（()）]{1,8}[)）])?)\s*[:：]\s*(?P<name>[\u4e00-\u9fff（）()·]{4,40})"
)
_YEAR_IN_WORDS = re.compile("[一二][〇○零Oo0一二三四五六七八九]{3}(?=年)")
_DIGITS = str.maketrans("〇○零Oo一二三四五六七八九", "00000123456789")
#: 预算年度：2023, whatever else stands on the line.
_YEAR_LABELLED = re.compile(
    "(?:^|[^0-9])(?:预算|评价|自评|财政|填报)?年度[:：]((?:19|20)[0-9]{2})(?![0-9])"
)
#: （2022年度）, alone or before the unit of money that stands at the end of its line.
_YEAR_ALONE = re.compile("[（(]?((?:19|20)[0-9]{2})年度?[)）]?(?:(?:金额|计量)?单位[:：].{1,4})?")
#: A line that names the year of what it heads: 某某局2021年绩效评价得分情况.
_YEAR_OF_WORK = re.compile("(?<![0-9])((?:19|20)[0-9]{2})年度?(?=[^0-9年月]*绩效)")
_LONGEST_HEAD = 50
#: What the names of units end in.
_UNIT = re.compile(
    r"[\u4e00-\u9fff（）()·]{2,28}(?:局|委|办|厅|院|校|所|站|队|部|馆|室|处|社|台|署|会|镇|乡|团|园|中心|政府|街道|大学|公司)"
)


def year_of(parts: Sequence[Part], assembly: Assembly) -> int | None:
    """The year of the first title that names one, else of a line of its own: （2022年度）."""
    titles = [_with_digits(part.title.text) for part in parts if part.title]
    lines = [_with_digits(line.text) for part in parts for line in part.lines]
    found = [match for title in titles if (match := _YEAR.search(title))]
    found += [match for line in lines if (match := _YEAR_ALONE.fullmatch(line))]
    found += [match for line in lines if (match := _YEAR_LABELLED.search(line))]
    heads = (line for line in lines if len(line) < _LONGEST_HEAD and "。" not in line)
    found += [match for line in heads if (match := _YEAR_OF_WORK.search(line))]
    return int(found[0][1]) if found else assembly.year


def _with_digits(text: str) -> str:
    """A line without white space, its year in digits (二〇二二年度)."""
    return _YEAR_IN_WORDS.sub(lambda year: year[0].translate(_DIGITS), squeeze(text))


def unit_of(parts: Sequence[Part], places: Places, assembly: Assembly) -> tuple[str, Source | None]:
    """The unit's name: above the title, before the year in it, else in a table's first rows."""
    for part in parts:
        if part.unit is not None:
            return clean(part.unit.text), places.line(part.unit)
    for part in parts:
        title = part.title if part.is_narrative else None
        before = _YEAR.split(squeeze(title.text))[0] if title else ""
        if title and 3 < len(before) < len(squeeze(title.text)):
            return before, places.line(title)
    named = filed_or_none(assembly.department) or _named_above(parts, places)
    units = [named, *(evaluation.implementing_unit for evaluation in assembly.evaluations)]
    found = next((unit for unit in units if unit), None) or next(_in_titles(parts, places), None)
    return (found.text, found.source) if found else ("", None)


def _named_above(parts: Sequence[Part], places: Places) -> Filed | None:
    """The unit as a line above a table names it (填报单位：…)."""
    identity = known_forms()[0].block("identity")
    for line in (line for part in parts for line in part.lines):
        match = _LABEL_AND_NAME.search(line.text)
        if match and identity.column(match["label"]) == "department":
            return Filed(match["name"], places.line(line))
    return None


def _in_titles(parts: Sequence[Part], places: Places) -> Iterator[Filed]:
    """The unit before the year in the title of a table, else alone on the line above the title."""
    above = None
    for part in parts:
        if part.title is not None and not part.is_narrative:
            before = _YEAR.split(squeeze(part.title.text))[0]
            if _UNIT.fullmatch(before):
                yield Filed(before, places.line(part.title))
            if above is not None and _UNIT.fullmatch(squeeze(above.text)):
                yield Filed(clean(above.text), places.line(above))
        filled = [line for line in part.lines if not line.is_blank]
        above = filled[-1] if filled else None


def no_unit(first: Source) -> Problem:
    """Say that no unit was found."""
    return Problem(
        "unit-missing",
        f"{first.document} {first.address}：没有读到单位名称。应在标题的上一行，或表中“预算部门”“实施单位”之后。"
        "请在单位的 YAML 中核对。",
        first,
    )


def no_year(first: Source) -> Problem:
    """Say that no year was found."""
    return Problem(
        "year-missing",
        f"{first.document} {first.address}：没有读到年度。应在标题中，或在标题下一行，例如 “（2022年度）”。"
        "请核对原件；评分规则按年度选定。",
        first,
    )
