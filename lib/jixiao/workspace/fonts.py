"""The fonts of the house (字体), all from pip packages, and the characters they can print.

Nothing of the machine is used: a report looks the same everywhere. Charts use the static
`sans`; Typst takes its weights from `variable_sans` and its titles from `serif`.
"""

from __future__ import annotations

import os
from collections.abc import Set
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

from fontTools.ttLib import TTFont

from jixiao.errors import BadFile

SANS_FAMILY = "Noto Sans SC"
SERIF_FAMILY = "Noto Serif SC"

#: Characters that lay text out and need no glyph.
LAYOUT = frozenset(map(ord, "\t\n\r"))
#: Characters that print as nothing, so that nothing is lost by leaving them out: zero-width
#: space and joiners, word joiner, byte order mark, variation selectors, soft hyphen. Marks that
#: change the order of reading (U+202E …) are not among them: they are shown.
INVISIBLE = frozenset({0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFE0E, 0xFE0F, 0xFEFF})


@dataclass(frozen=True, slots=True)
class FontFiles:
    """Where the font files lie (字体文件): static sans and serif, and a variable sans."""

    sans: Path
    serif: Path
    variable_sans: Path


@cache
def font_files() -> FontFiles:
    """Find the font files in the installed packages.

    Raises
    ------
    BadFile : ``font-missing``.
    """
    return FontFiles(
        sans=_installed("pylopdf_fonts_zh_cn", "NotoSansSC-Regular.otf"),
        serif=_installed("pylopdf_fonts_zh_cn", "NotoSerifSC-Regular.otf"),
        variable_sans=_installed(
            "justmytype_intl_cjk", "fonts", "ofl", "notosanssc", "NotoSansSC[wght].ttf"
        ),
    )


def _installed(package: str, *parts: str) -> Path:
    # The packages are unpacked on disk by every installer; a zipped one would need a copy.
    try:
        with as_file(files(package).joinpath(*parts)) as path:
            if path.is_file():
                return path
    except ModuleNotFoundError:
        pass
    raise BadFile(
        "font-missing",
        f"缺少字体文件 {parts[-1]}",
        where=f"软件包 {package.replace('_', '-')}",
        expected="随本程序安装的字体，不用系统的字体",
        action=f"请重新安装：pip install --force-reinstall --no-deps {package.replace('_', '-')}",
    )


def typst_font_directories() -> tuple[str, ...]:
    """Give the directories Typst reads fonts from.

    The static sans lies in one of them too; of two fonts of one family Typst takes the variable.
    """
    fonts = font_files()
    return (os.fspath(fonts.variable_sans.parent), os.fspath(fonts.serif.parent))


@cache
def code_points() -> frozenset[int]:
    """Give the characters that print everywhere in a report (可印字符).

    Returns
    -------
    Code points that all our fonts have a glyph for, and those that need none.
    """
    fonts = font_files()
    covered = _covered(fonts.sans) & _covered(fonts.serif) & _covered(fonts.variable_sans)
    return frozenset(covered) | LAYOUT | INVISIBLE


def _covered(path: Path) -> set[int]:
    with TTFont(path, lazy=True) as font:
        return set(font.getBestCmap())


def missing(text: str, available: Set[int]) -> tuple[str, ...]:
    """Give the characters of `text` that no font has, in order, once each.

    >>> missing("𠮷野𠮷", frozenset(map(ord, "野")))
    ('𠮷',)
    """
    return tuple(dict.fromkeys(sign for sign in text if ord(sign) not in available))


def printable(text: str, available: Set[int]) -> str:
    r"""Replace each character no font has by its number (生僻字), and drop invisible ones.

    >>> printable("𠮷野\ufeff", frozenset(map(ord, "野")))
    '〔U+20BB7〕野'
    """
    return text.translate(replacements(set(map(ord, text)), available))


def replacements(used: Set[int], available: Set[int]) -> dict[int, str]:
    """Make the table for ``str.translate`` that `printable` applies; mostly empty.

    >>> replacements({0x20BB7, 0xFEFF, 0x91CE}, frozenset({0x91CE}))
    {65279: '', 134071: '〔U+20BB7〕'}
    """
    table = dict.fromkeys(sorted(used & INVISIBLE), "")
    for code in sorted(used - available - LAYOUT - INVISIBLE):
        table[code] = f"〔U+{code:04X}〕"
    return table
