"""Official forms (附件1、附件2、附件3) filled from a reading: Word or Excel."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from jixiao.errors import BadFile
from jixiao.importers.documents import Received, read_received
from jixiao.model import Filing
from jixiao.publish.forms.cells import Page
from jixiao.publish.forms.check import differences
from jixiao.publish.forms.layout import lay_out
from jixiao.publish.forms.sheet import write_sheets
from jixiao.publish.forms.word import write_word

__all__ = ["FORMATS", "fill_forms", "lay_out"]

#: How forms are written, by the ending of the file.
FORMATS: Mapping[str, Callable[[Sequence[Page], str], bytes]] = MappingProxyType(
    {"docx": write_word, "xlsx": write_sheets}
)
_MOST_SHOWN = 3


def fill_forms(filing: Filing, to: str) -> bytes:
    """Fill the official forms; the same filing gives the same bytes.

    Parameters
    ----------
    to : a key of `FORMATS`.

    Raises
    ------
    BadFile : ``nothing-to-fill``, or ``forms-differ``: read back, the tables would not be what
        was filed, so that nothing is lost in silence.
    """
    title = f"{filing.unit}{filing.year or ''}年度绩效自评表" if filing.year else "绩效自评表"
    content = FORMATS[to](lay_out(filing), title)
    found = differences(filing, read_received((Received(f"forms.{to}", content),)))
    if found:
        more = f"，共 {len(found)} 处" if len(found) > _MOST_SHOWN else ""
        raise BadFile(
            "forms-differ",
            f"有的内容填进官方表样后不能照原样读回：{'；'.join(found[:_MOST_SHOWN])}{more}",
            where=filing.document.file,
            expected="填表前后一致",
            action="请在原件中改正这几处（例如缺行、缺格），再填表",
        )
    return content
