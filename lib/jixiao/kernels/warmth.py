"""What the template has done before it forks (预热): imported the stack, read, judged and drawn once.

The imports are the work: what a kernel and the notebooks of the house load is loaded here once.
"""

from __future__ import annotations

import faulthandler  # noqa: F401
import pdb  # noqa: F401
from importlib.resources import files

import comm  # noqa: F401
import docx  # noqa: F401
import ipykernel.compiler
import ipykernel.debugger
import ipykernel.displayhook
import ipykernel.heartbeat
import ipykernel.iostream
import ipykernel.ipkernel
import ipykernel.kernelapp
import ipykernel.parentpoller
import ipykernel.zmqshell  # noqa: F401
import IPython.core.completer
import IPython.core.completerlib
import IPython.core.debugger
import IPython.core.magics
import IPython.core.oinspect
import IPython.extensions.storemagic
import IPython.utils.wildcard  # noqa: F401
import lxml.etree  # noqa: F401
import matplotlib.pyplot  # noqa: F401
import matplotlib_inline.backend_inline  # noqa: F401
import openpyxl  # noqa: F401
import pandas  # noqa: F401
import tornado.platform.asyncio  # noqa: F401
import zmq.eventloop.zmqstream  # noqa: F401
from matplotlib import pyplot as plt

import jixiao.audit
import jixiao.charts
import jixiao.importers.opening
import jixiao.importers.readers
import jixiao.kernels.child
import jixiao.rubric
import jixiao.tables
import jixiao.workspace.fonts
import jixiao.workspace.versions  # noqa: F401
from jixiao import audit, charts, tables
from jixiao.datum import anchor_of
from jixiao.errors import JixiaoError
from jixiao.importers.documents import Received, read_received
from jixiao.importers.forms import known_forms
from jixiao.model import SEVERITY_WORDS, Filing
from jixiao.rubric import Rubric, choose_rubric, open_checklist
from jixiao.workspace.fonts import code_points
from jixiao.workspace.places import Workspace
from jixiao.workspace.units import KINDS
from jixiao.workspace.versions import versions


def warm() -> None:
    """Walk every lazy path once; nothing of it stays open or drawn."""
    code_points()
    versions()
    known_forms()
    filing = read_received((Received("specimen.html", _specimen()),))
    _judge(filing)
    plt.close("all")
    # Numbers that are equal may be written differently (10, 10.0): a kernel asks for itself.
    anchor_of.cache_clear()


def _specimen() -> bytes:
    """A small invented filing that holds every kind of block."""
    return files("jixiao.kernels").joinpath("specimen.html").read_bytes()


def _judge(filing: Filing) -> None:
    """Judge and show the specimen by the workspace's rule books, where it has any in order."""
    try:
        place = Workspace.find()
        checklist = open_checklist(place)
        rubrics: dict[str, Rubric] = {
            kind: choose_rubric(place.rubrics, filing.year or 0, kind) for kind in KINDS
        }
    except JixiaoError:
        return
    judgement = audit.judge(filing, "department", rubrics, checklist, code_points())
    shown = [
        *(draw(judgement.card) for draw in (charts.chart_points, charts.chart_losses)),
        charts.chart_achievement(judgement.evaluation),
        charts.chart_budget(judgement.evaluation, judgement.card),
        charts.chart_project_lines(filing.base_data),
        charts.chart_three_public_expenses(filing.base_data, judgement.card),
        charts.chart_findings(judgement.audit),
        *(tables.list_findings(judgement, checklist, severity) for severity in SEVERITY_WORDS),
        *(table(judgement, checklist) for table in _LISTS),
        *(table(judgement) for table in _TABLES),
        tables.show_result(judgement, "specimen", "internal"),
    ]
    for display in shown:
        display._repr_mimebundle_()


_LISTS = (tables.table_passed, tables.table_not_checked, tables.table_appraisal)
_TABLES = (
    tables.table_filing, tables.list_problems, tables.table_corrections, tables.summarise,
    tables.table_scores, tables.table_indicators, tables.table_base_indicators,
    tables.list_workings, tables.table_rules, tables.table_narrative, tables.list_appendix,
)  # fmt: skip
