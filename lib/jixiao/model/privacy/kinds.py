"""The kinds of private data (个人信息的种类), and one piece of it as it stands in a text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal[
    "mobile", "identity", "bank", "email", "passport", "plate", "account", "address", "name"
]
#: How readers are told a kind.
KIND_WORDS: Mapping[Kind, str] = MappingProxyType(
    {
        "mobile": "手机号",
        "identity": "身份证号",
        "bank": "银行卡号",
        "email": "电子邮箱",
        "passport": "出入境证件号",
        "plate": "车牌号",
        "account": "微信或 QQ 号",
        "address": "住址",
        "name": "姓名",
    }
)


@dataclass(frozen=True, slots=True)
class PrivateDatum:
    """One piece of private data: its kind, where it stands in the text, how it is shown."""

    kind: Kind
    start: int
    end: int
    masked: str
