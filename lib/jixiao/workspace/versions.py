"""The versions a report was made with (程序版本)."""

from __future__ import annotations

import sys
from importlib.metadata import version

import jixiao

_SHOWN = ("pandas", "matplotlib", "papermill", "nbconvert", "typst")


def versions() -> tuple[tuple[str, str], ...]:
    """Give (name, version) of this package, Python, and what computes and draws.

    >>> versions()[0][0]
    'jixiao'
    """
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    shown = tuple((name, version(name)) for name in _SHOWN)
    return (("jixiao", jixiao.__version__), ("Python", python), *shown)
