"""Files another program reads and nobody keeps (临时文件)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory


@contextmanager
def scratch_folder(files: Mapping[str, bytes]) -> Iterator[Path]:
    """Give a folder that holds these files and nothing else; it is gone afterwards.

    >>> with scratch_folder({"data.json": b"{}"}) as folder:
    ...     sorted(path.name for path in folder.iterdir())
    ['data.json']
    """
    with TemporaryDirectory(prefix="jixiao-") as name:
        folder = Path(name)
        for file_name, data in files.items():
            (folder / file_name).write_bytes(data)
        yield folder
