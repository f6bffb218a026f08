"""What a notebook cell displays (显示): a block with its HTML for JupyterLab."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jixiao.tables.block import Block
from jixiao.tables.html import bundle


@dataclass(frozen=True, slots=True)
class Display:
    """A block as an object a notebook can show."""

    block: Block

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        """Give JupyterLab and the exporters what they need; both arguments are IPython's."""
        return bundle(self.block)
