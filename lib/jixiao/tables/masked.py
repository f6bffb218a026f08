"""What a public report leaves out (公开版隐去的内容): kind, count and place, never the value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from jixiao.datum import Json, Source, source_as_json
from jixiao.model import KIND_WORDS, Masked


def masked_as_json(masked: Sequence[Masked]) -> list[Json]:
    """Serialise the log of what was masked: one entry for each kind and place."""
    counts = Counter((one.kind, one.source) for one in masked)
    return [
        {"kind": kind, "count": count, "where": _place(source)}
        for (kind, source), count in counts.items()
    ]


def masked_words(masked: Sequence[Masked]) -> str:
    """Say in a sentence how much of each kind was masked.

    >>> place = Source("a.txt", "", "正文", None, None, None, 3, "电话138****8000")
    >>> masked_words([Masked("mobile", place, "138****8000")])
    '本公开版隐去：手机号 1 处。隐去的位置见 result.json。'
    >>> masked_words([])
    '本公开版没有需要隐去的个人信息。'
    """
    counts = Counter(one.kind for one in masked)
    listed = "，".join(
        f"{words} {counts[kind]} 处" for kind, words in KIND_WORDS.items() if counts[kind]
    )
    if not listed:
        return "本公开版没有需要隐去的个人信息。"
    return f"本公开版隐去：{listed}。隐去的位置见 result.json。"


def _place(source: Source) -> dict[str, Json]:
    """Give the address alone: what stands there may be what was masked."""
    return {name: value for name, value in source_as_json(source).items() if name != "text"}
