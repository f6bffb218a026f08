"""What a process was made from (来历): whether the files it holds in memory are still those on disk.

A night is long enough for somebody to install a new version in it. A process that goes on with the
old one would sign its work with the digests of the new.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import jixiao
from jixiao.errors import JixiaoError
from jixiao.workspace.fonts import font_files
from jixiao.workspace.known import Signature, signature_of
from jixiao.workspace.places import Workspace


@dataclass(frozen=True, slots=True)
class Loaded:
    """The files of the package, its fonts and the lock, as they were at one moment (已载入的文件)."""

    signatures: tuple[Signature, ...]

    @classmethod
    def now(cls) -> Loaded:
        """Take them down as they are."""
        return cls(tuple(signature_of(path) for path in _files()))

    def changed(self) -> Path | None:
        """Give the first file that is no longer the same; None where all are.

        Costs a look at three hundred files, half a millisecond.
        """
        for signature in self.signatures:
            if signature_of(Path(signature[0])) != signature:
                return Path(signature[0])
        return None


@cache
def loaded_by_process() -> Loaded:
    """Give what this process was made from: taken down at the first call, so call it early."""
    return Loaded.now()


def _files() -> list[Path]:
    root = Path(jixiao.__file__).parent
    files = [path for path in root.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    with suppress(JixiaoError):  # a report will say which font is missing
        fonts = font_files()
        files += [fonts.sans, fonts.serif, fonts.variable_sans]
    with suppress(JixiaoError):  # warm kernels also serve notebooks outside any workspace
        files.append(Workspace.find().lock_file)
    return sorted(files)
