"""The archive of a Word or Excel file, the same bytes for the same content (打包)."""

from __future__ import annotations

import io
import re
import zipfile

_FIRST = "[Content_Types].xml"
_PROPERTIES = "docProps/core.xml"
#: The earliest date a zip archive can hold: a form carries no clock.
_DATE = (1980, 1, 1, 0, 0, 0)
_CLOCK = re.compile(rb"<dcterms:(created|modified)\b[^>]*>[^<]*</dcterms:\1>")


def settle(archive: bytes) -> bytes:
    """Order the entries of an archive and take every date out of it."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(archive)) as before,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in sorted(before.namelist(), key=lambda name: (name != _FIRST, name)):
            data = before.read(name)
            if name == _PROPERTIES:
                data = _CLOCK.sub(b"", data)
            entry = zipfile.ZipInfo(name, _DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            after.writestr(entry, data)
    return stream.getvalue()
