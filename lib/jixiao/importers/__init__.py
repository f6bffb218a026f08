"""Documents as received, read into a `Filing` (读入).

`read_document` decides by content what a file is; `read_document_safely` does so in a process of
its own, for a file that a person hands in; `reading_as_json` shows what was understood.
Whatever a unit wrote is read as far as it goes: what is odd becomes a `Problem`, what cannot
be used at all a `BadFile`.
"""

from jixiao.importers.documents import read_document
from jixiao.importers.naming import name_projects
from jixiao.importers.reading import problems_as_json, reading_as_json
from jixiao.importers.safely import read_document_safely
from jixiao.model import mask_private

__all__ = [
    "mask_private",
    "name_projects",
    "problems_as_json",
    "read_document",
    "read_document_safely",
    "reading_as_json",
]
