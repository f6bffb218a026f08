"""The one YAML reader of the house (参数文件): strict, and every mistake has an address.

What is refused: unknown tags, anchors and aliases, duplicate keys, nesting deeper than 40,
files over 4 MB. Only ``null``, ``true``/``false`` and plain integers are more than texts: a
date, a decimal such as ``0.5``, ``NO`` and ``2022_1`` stay the texts they are.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeAlias, TypeVar

import yaml

from jixiao.errors import BadFile
from jixiao.workspace.files import cause_of

#: null, texts, integers, booleans, lists and mappings of these.
Yaml: TypeAlias = object
T = TypeVar("T")

_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,17})")
_WORDS: Mapping[str, Yaml] = {"": None, "~": None, "null": None, "true": True, "false": False}
#: What the parser says of the usual mistakes.
_COMPLAINTS = {
    "did not find expected ',' or ']'": "方括号 [ ] 没有配对，或少了逗号",
    "did not find expected ',' or '}'": "花括号 { } 没有配对，或少了逗号",
    "cannot start any token": "有不能用的字符，例如行首的制表符，应改用空格",
    "mapping values are not allowed": "一行里有不止一个冒号，或缩进不齐",
    "could not find expected ':'": "少了冒号，或缩进不齐",
    "did not find expected key": "缩进不齐，或少了冒号",
    "unexpected end of stream": "引号没有配对",
    "did not find expected '-' indicator": "列表各项的缩进不齐",
    "block sequence entries are not allowed": "列表项 “- ” 的位置不对",
}
_DEEPEST = 40
_LARGEST = 4_000_000
_KINDS: Mapping[type, str] = {
    str: "文字",
    int: "整数",
    bool: "true 或 false",
    list: "列表",
    dict: "一组“键: 值”",
}


class Keyed(dict[str, Yaml]):
    """A mapping of a YAML file that remembers the line of each key."""

    __slots__ = ("lines",)

    def __init__(self) -> None:
        super().__init__()
        self.lines: dict[str, int] = {}


def load_yaml(path: Path) -> Keyed:
    """Read a YAML file whose top is a mapping.

    Raises
    ------
    BadFile : no such file, not UTF-8, too large, or not the YAML we accept.
    """
    return load_yaml_text(read_yaml_text(path), place_of(path))


def read_yaml_text(path: Path) -> str:
    """Read the text of a YAML file.

    Raises
    ------
    BadFile : no such file, not UTF-8, or too large.
    """
    where = place_of(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadFile(
            "yaml-missing",
            f"读不到文件（{cause_of(error)}）",
            where=where,
            action="请检查文件是否存在、是否可读",
        ) from error
    if len(data) > _LARGEST:
        raise BadFile("yaml-size", f"文件有 {len(data)} 字节", where=where, expected="不超过 4 MB")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadFile(
            "yaml-encoding",
            f"第 {error.start + 1} 个字节不是 UTF-8",
            where=where,
            expected="UTF-8 编码的文本",
            action="请另存为 UTF-8",
        ) from error


def load_yaml_text(text: str, where: str) -> Keyed:
    r"""Read YAML text whose top is a mapping; `where` names it in errors.

    >>> dict(load_yaml_text("day: 2022-01-01\nyear: 2022\nhalf: 0.5\nno: NO", "x.yaml"))
    {'day': '2022-01-01', 'year': 2022, 'half': '0.5', 'no': 'NO'}
    """
    try:
        value = _Reader(text, where).read()
    except yaml.MarkedYAMLError as error:
        line = f" 第{error.problem_mark.line + 1}行" if error.problem_mark else ""
        raise BadFile(
            "yaml-syntax",
            f"YAML 写法有误（{_problem_of(error)}）",
            where=f"{where}{line}",
            action="请检查缩进、冒号后的空格和引号",
        ) from error
    except yaml.YAMLError as error:
        raise BadFile("yaml-syntax", f"YAML 写法有误（{error}）", where=where) from error
    if not isinstance(value, Keyed):
        raise BadFile("yaml-mapping", "顶层不是一组键值", where=where, expected=_KINDS[dict])
    return value


def _problem_of(error: yaml.MarkedYAMLError) -> str:
    """Give the parser's complaint in Chinese where it is a usual one."""
    said = str(error.problem)
    return next((words for part, words in _COMPLAINTS.items() if part in said), said)


class _Reader:
    """Builds values from the parser's events, which need no recursion of the parser's own."""

    def __init__(self, text: str, where: str) -> None:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        self.events: Iterator[yaml.Event] = iter(yaml.parse(text, Loader=loader))
        self.where = where

    def read(self) -> Yaml:
        value: Yaml = None
        documents = 0
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise self._fault(
                        "yaml-documents", "有不止一个文档（---）", "一个文档", event, ()
                    )
                value = self._value(next(self.events), ())
        return value

    def _value(self, event: yaml.Event, keys: tuple[str, ...]) -> Yaml:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise self._fault("yaml-alias", "用了锚点（& 或 *）", "把内容写全", event, keys)
        tag = getattr(event, "tag", None)
        if tag is not None:
            raise self._fault("yaml-tag", f"用了标签 “{tag}”", "不带标签的值", event, keys)
        if len(keys) > _DEEPEST:
            raise self._fault("yaml-depth", "嵌套太深", f"不超过 {_DEEPEST} 层", event, ())
        if isinstance(event, yaml.ScalarEvent):
            return _scalar(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(keys)
        return self._mapping(keys)

    def _sequence(self, keys: tuple[str, ...]) -> list[Yaml]:
        items: list[Yaml] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self._value(event, (*keys, str(len(items) + 1))))
        return items

    def _mapping(self, keys: tuple[str, ...]) -> Keyed:
        mapping = Keyed()
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent) or event.anchor or event.tag:
                raise self._fault("yaml-key", "键不是文字", "简单的键", event, keys)
            key, line = str(event.value), _line(event)
            if key in mapping:
                first = mapping.lines[key]
                raise self._fault(
                    "yaml-duplicate-key",
                    f"键 “{key}” 重复，第{first}行已有",
                    "每个键只出现一次",
                    event,
                    keys,
                )
            mapping[key] = self._value(next(self.events), (*keys, key))
            mapping.lines[key] = line
        return mapping

    def _fault(
        self, code: str, what: str, expected: str, event: yaml.Event, keys: tuple[str, ...]
    ) -> BadFile:
        path = f" 的 {'.'.join(keys)}" if keys else ""
        where = f"{self.where} 第{_line(event)}行{path}"
        return BadFile(code, what, where=where, expected=expected)


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 0


def _scalar(event: yaml.ScalarEvent) -> Yaml:
    text = str(event.value)
    if event.style:
        return text
    if text in _WORDS:
        return _WORDS[text]
    return int(text) if _INTEGER.fullmatch(text) else text


def expect_keys(
    mapping: Mapping[str, Yaml],
    where: str,
    *,
    required: tuple[str, ...] = (),
    optional: tuple[str, ...] = (),
) -> None:
    """Check that a mapping has the `required` keys and no others than the `optional`.

    >>> expect_keys({"nmae": "x"}, "x.yaml", required=("name",))
    Traceback (most recent call last):
    ...
    jixiao.errors.BadFile: x.yaml：不认识的键 “nmae”。应为name。 [yaml-unknown-key]
    """
    known = (*required, *optional)
    for key in mapping:
        if key not in known:
            raise BadFile(
                "yaml-unknown-key",
                f"不认识的键 “{key}”",
                where=_at(mapping, key, where),
                expected="、".join(known),
            )
    missing = [key for key in required if key not in mapping]
    if missing:
        raise BadFile(
            "yaml-missing-key",
            f"缺少键 {'、'.join(missing)}",
            where=where,
            expected="、".join(known),
        )


def value_of(mapping: Mapping[str, Yaml], key: str, kind: type[T], where: str) -> T:
    """Give the value under `key`, which must be of this `kind`.

    Raises
    ------
    BadFile : the key is missing, or its value of another kind.
    """
    value = mapping.get(key)
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        found = "空值" if value is None else f"“{value}”"
        raise BadFile(
            "yaml-type",
            f"{key} 是{found}",
            where=_at(mapping, key, where),
            expected=_KINDS[dict if issubclass(kind, Mapping) else kind],
        )
    return value


def text_of(mapping: Mapping[str, Yaml], key: str, where: str) -> str:
    """Give the text under `key`, which must show: no control or direction characters.

    Raises
    ------
    BadFile : not a text, blank, white space at an end, or an invisible character.
    """
    text = value_of(mapping, key, str, where)
    odd = [character for character in text if unicodedata.category(character)[0] == "C"]
    if odd or not text or text != text.strip():
        what = f"含有不可见字符 U+{ord(odd[0]):04X}" if odd else "为空，或首尾有空白"
        raise BadFile(
            "yaml-text", f"{key} {what}", where=_at(mapping, key, where), expected="看得见的文字"
        )
    return text


def optional_of(mapping: Mapping[str, Yaml], key: str, kind: type[T], where: str) -> T | None:
    """Give the value under `key`, or None where it is null or left out."""
    return None if mapping.get(key) is None else value_of(mapping, key, kind, where)


def mappings_of(mapping: Mapping[str, Yaml], key: str, where: str) -> tuple[Keyed, ...]:
    """Give the list of mappings under `key`; null or left out is an empty list."""
    items = optional_of(mapping, key, list, where) or []
    for number, item in enumerate(items, start=1):
        if not isinstance(item, Keyed):
            raise BadFile(
                "yaml-type",
                f"{key} 的第 {number} 项是 “{item}”",
                where=_at(mapping, key, where),
                expected=_KINDS[dict],
            )
    return tuple(items)


def place_of(path: Path) -> str:
    """Name a path from ``params`` or ``data`` on, so that no machine's folders enter a message.

    >>> place_of(Path("/srv/x/params/units/a/2022.yaml"))
    'params/units/a/2022.yaml'
    """
    for top in ("params", "data"):
        if top in path.parts:
            start = len(path.parts) - 1 - path.parts[::-1].index(top)
            return "/".join(path.parts[start:])
    return path.name


def _at(mapping: Mapping[str, Yaml], key: str, where: str) -> str:
    line = mapping.lines.get(key) if isinstance(mapping, Keyed) else None
    return f"{where} 第{line}行" if line else where
