"""What need not be read twice (已知的文件): a file is the same while path, time, size and inode are.

A batch looks at the roster, the rule books and the lock file for every run; they are read once.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

from jixiao.workspace.files import digest

#: Path, time of the last change in nanoseconds, size, inode.
Signature: TypeAlias = tuple[str, int, int, int]


def signature_of(path: Path) -> Signature:
    """Tell a file from any other, and from itself once changed; zeros where there is none."""
    try:
        status = path.stat()
    except OSError:
        return (str(path), 0, 0, 0)
    return (str(path), max(status.st_mtime_ns, status.st_ctime_ns), status.st_size, status.st_ino)


def digest_known(path: Path) -> str:
    """Give the sha256 of a file that many runs share.

    Raises
    ------
    BadFile : the file cannot be read.
    """
    return _digest(signature_of(path))


@lru_cache(maxsize=512)
def _digest(signature: Signature) -> str:
    return digest(Path(signature[0]))
