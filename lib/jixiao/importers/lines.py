"""The lines of a text export and what each looks like (行): title, annex mark, heading, note."""

from __future__ import annotations

import re
from dataclasses import dataclass

from jixiao.datum import UNSEEN, strip_blank
from jixiao.importers.cells import is_blank, squeeze
from jixiao.importers.forms import known_forms

_LINE_END = re.compile(r"\r\n|\n|\r")
_ANNEX = re.compile(r"附\s*[件表]\s*([0-9０-９]{0,2}|[一二三四五六七八九十]{0,2})\s*[:：]?")
_ANNEX_TITLED = re.compile(
    r"(附\s*[件表]\s*(?:[0-9０-９]{1,2}|[一二三四五六七八九十]{1,2}))\s*[:： ]?\s*(\S.*)"
)
_REPORT = re.compile(r".*(?:自评|评价)(?:工作|情况|结果)?(?:的)?报告")
_NOTE = re.compile(r"(?:填表)?(?:说明|备注|注)[:：]")
_FOOTER = re.compile(r"填\s*[表报]\s*人\s*[:：]|单位负责人|填表日期|填报日期")
_ORDINAL = re.compile(
    r"(?P<hanzi>[一二三四五六七八九十]{1,3})、"
    r"|[（(](?P<hanzi_in_brackets>[一二三四五六七八九十]{1,3})[)）]、?"
    r"|(?P<digit>[0-9０-９]{1,2})(?:、|[.．](?![0-9０-９]))"
    r"|[（(](?P<digit_in_brackets>[0-9０-９]{1,2})[)）]、?"
)
_SENTENCE = re.compile(r"[。；;！？!?]")
_FIGURE = re.compile(r"[0-9０-９]+(?![0-9０-９]*年)")
_LONGEST_HEADING, _LONGEST_TITLE = 32, 50


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the document, counted from 1."""

    number: int
    text: str

    @property
    def starts_cell(self) -> bool:
        """Whether a tab at its start begins a table cell."""
        return self.text.startswith("\t")

    @property
    def is_blank(self) -> bool:
        """Whether it holds nothing but white space, U+3000 included."""
        return is_blank(self.text)


@dataclass(frozen=True, slots=True)
class Ordinal:
    """A heading's numbering (序号): as printed, its style and its value."""

    printed: str
    style: str
    value: int


def split_lines(text: str, first: int = 1) -> tuple[Line, ...]:
    r"""Cut a text into lines at CR, LF and CRLF only, numbered from `first`.

    >>> [line.text for line in split_lines("一\r\n二\n")]
    ['一', '二']
    """
    parts = _LINE_END.split(text)
    if parts[-1] == "":
        parts.pop()
    return tuple(Line(number, part) for number, part in enumerate(parts, start=first))


def annex_mark(text: str) -> str | None:
    """Give the annex a line opens, e.g. ``附件1``; None for any other line.

    >>> annex_mark("附件1"), annex_mark("附件"), annex_mark("附件："), annex_mark("附件2：")
    ('附件1', '附件', None, '附件2')
    >>> annex_mark("附件3：2022年度项目支出绩效自评表")
    '附件3'
    """
    stripped = _seen(text)
    mark = _ANNEX.fullmatch(stripped)
    if mark and (mark[1] or not stripped.endswith(("：", ":"))):
        return squeeze(stripped).rstrip("：:")
    titled = _ANNEX_TITLED.fullmatch(stripped)
    if titled and table_title(titled[2]):
        return squeeze(titled[1])
    return None


def opens_annex_list(text: str) -> bool:
    """Whether a line opens the list of annexes at the end of a narrative (附件：…)."""
    return re.match(r"附\s*件\s*[:：]", _seen(text)) is not None


def table_title(text: str) -> str | None:
    """Give the name of the form that a line is the title of.

    >>> table_title("2022年度部门整体支出绩效自评表"), table_title("2、部门整体支出绩效自评表")
    ('score_table', None)
    """
    title = _title(text)
    if title is None:
        return None
    for form in known_forms():
        if any(title.endswith(words) for words in form.titles):
            return form.name
    return None


def is_report_title(text: str) -> bool:
    """Whether a line is the title of a narrative.

    >>> is_report_title("2022年度社区矫正项目资金绩效自评报告"), is_report_title("现将报告如下：")
    (True, False)
    """
    title = _title(text)
    return title is not None and _REPORT.fullmatch(title) is not None


def _seen(text: str) -> str:
    """A line as a reader sees it, without its outer white space."""
    return strip_blank(UNSEEN.sub("", text))


def _title(text: str) -> str | None:
    """Give a line that may be a title without white space, closing brackets and annex mark."""
    squeezed = squeeze(text)
    if not 3 < len(squeezed) <= _LONGEST_TITLE or re.search(r"[，。；;！]", squeezed):
        return None
    if (titled := _ANNEX_TITLED.fullmatch(_seen(text))) is not None:
        squeezed = squeeze(titled[2])
    elif squeezed.startswith("附件") or _ORDINAL.match(squeezed):
        return None
    return re.sub(r"(?:[（(][^（()）]*[)）])+$", "", squeezed)


def begins_note(text: str) -> bool:
    """Whether a line is a form's explanation or its footer (说明：…, 填表人：…)."""
    return _NOTE.match(_seen(text)) is not None or begins_footer(text)


def begins_footer(text: str) -> bool:
    """Whether a line is a form's footer (填表人：…)."""
    return _FOOTER.match(_seen(text)) is not None


def ordinal_of(text: str) -> Ordinal | None:
    """Read the numbering at the start of a line.

    >>> ordinal_of("(一）主要职责:"), ordinal_of("8、 下一步").value, ordinal_of("2022年")
    (Ordinal(printed='(一）', style='hanzi_in_brackets', value=1), 8, None)
    """
    match = _ORDINAL.match(_seen(text))
    if match is None or match.lastgroup is None:
        return None
    digits = match[match.lastgroup]
    value = int(digits) if digits.isdigit() else _value_of_hanzi(digits)
    return Ordinal(match[0], match.lastgroup, value)


def _value_of_hanzi(digits: str) -> int:
    tens, _, ones = digits.rpartition("十")
    value = "一二三四五六七八九".find(ones) + 1 if ones else 0
    if "十" not in digits:
        return value
    return ("一二三四五六七八九".find(tens) + 1 if tens else 1) * 10 + value


def looks_like_heading(text: str) -> bool:
    """Whether a numbered line is a heading: short, no sentence, no figure but a year.

    >>> looks_like_heading("（二）机构设置"), looks_like_heading("14、完成交办的其他任务。")
    (True, False)
    >>> looks_like_heading("（一）开展重点人员安全隐患排查工作共20余次，其中排查出重点社区")
    False
    """
    stripped = _seen(text)
    ordinal = ordinal_of(stripped)
    if ordinal is None:
        return False
    words = strip_blank(stripped[len(ordinal.printed) :])
    if ordinal.style == "hanzi":
        words = words.removesuffix("。")
    if not 0 < len(words) <= _LONGEST_HEADING or words.endswith(("，", "、", ",")):
        return False
    return not _SENTENCE.search(words) and not _FIGURE.search(words)
