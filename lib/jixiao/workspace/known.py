"""What need not be read twice (已知的文件): a file is the same while path, times, size and inode are.

A batch looks at the roster, the rule books and the lock file for every run; they are read once.
Whoever changes a file and sets its time back cannot set back the time of its inode. Nothing is kept
from one process to the next.
"""

from __future__ import annotations

import time
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

from jixiao.workspace.files import digest

#: Path, times of the last change of content and of inode in nanoseconds, size, inode.
Signature: TypeAlias = tuple[str, int, int, int, int]
#: A file may change twice within one tick of its file system's clock, and look the same.
_SETTLED_NANOSECONDS = 2_000_000_000


def signature_of(path: Path) -> Signature:
    """Tell a file from any other, and from itself once changed; zeros where there is none."""
    try:
        status = path.stat()
    except OSError:
        return (str(path), 0, 0, 0, 0)
    times = (status.st_mtime_ns, status.st_ctime_ns)
    return (str(path), *times, status.st_size, status.st_ino)


def digest_known(path: Path) -> str:
    """Give the sha256 of a file that many runs share.

    Raises
    ------
    BadFile : the file cannot be read.
    """
    signature = signature_of(path)
    if time.time_ns() - max(signature[1:3]) < _SETTLED_NANOSECONDS:
        return digest(path)
    return _digest(signature)


@lru_cache(maxsize=512)
def _digest(signature: Signature) -> str:
    return digest(Path(signature[0]))
