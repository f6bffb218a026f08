"""Writing a correction (更正) from a notebook: tried on the filing first, then written down."""

from __future__ import annotations

from jixiao.importers.documents import read_received
from jixiao.importers.opening import open_documents, open_filing
from jixiao.model import Amendment, Filing
from jixiao.workspace.corrections import check_amendment
from jixiao.workspace.places import Workspace
from jixiao.workspace.register import add_correction
from jixiao.workspace.units import load_unit_year


def correct(
    unit: str, year: int, amendment: Amendment, workspace: Workspace | None = None
) -> Filing:
    """Write a correction into the unit's YAML, and read the filing again.

    Without an address nothing is written: a notebook whose parameters are empty only reads. A
    correction that stands there already is not written twice.

    Raises
    ------
    UnknownName : no such unit or year.
    BadFile : no address, no such text there, no reason, person or date; nothing is written then.
    """
    place = workspace or Workspace.find()
    if amendment.at:
        unit_year = load_unit_year(place, unit, year)
        check_amendment(amendment, "更正")
        if amendment not in unit_year.amendments:
            read_received(open_documents(unit_year), (*unit_year.amendments, amendment))
            add_correction(place, unit_year, amendment)
    return open_filing(unit, year, place)
