"""The reader of each format that is no plain text (各种格式的读法)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from jixiao.importers.commas import read_commas
from jixiao.importers.content import Content
from jixiao.importers.page import read_page
from jixiao.importers.sheet import read_sheets
from jixiao.importers.word import read_word

#: From the bytes and the name in errors to what the document holds.
READERS: Mapping[str, Callable[[bytes, str], Content]] = MappingProxyType(
    {"docx": read_word, "xlsx": read_sheets, "html": read_page, "csv": read_commas}
)
