"""What the template has done before it forks (预热): imported the stack, read, judged and drawn once.

The imports are the work: what a kernel and the notebooks of the house load is loaded here once.
"""

from __future__ import annotations

import faulthandler  # noqa: F401
import io
import pdb  # noqa: F401

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
from jixiao.charts.style import add_font, house_style
from jixiao.importers.forms import known_forms, openings, words_of_categories
from jixiao.workspace.fonts import code_points
from jixiao.workspace.versions import versions


def warm() -> None:
    """Walk every lazy path once; nothing of it stays open or drawn."""
    _read_forms()
    _draw()


def _read_forms() -> None:
    known_forms()
    openings()
    words_of_categories()
    code_points()
    versions()


def _draw() -> None:
    """Draw a figure with every kind of mark our charts use, in the house's style."""
    add_font()
    with house_style():
        figure, axes = plt.subplots()
        axes.barh(["预算", "执行"], [1, 2], label="万元")
        axes.bar([0, 1], [1, 2])
        axes.plot([0, 1], [1, 2], marker="o")
        axes.scatter([0], [1])
        axes.fill_between([0, 1], [0, 1])
        axes.annotate("预算执行率", (0, 1))
        axes.axvline(0.5)
        axes.legend()
        axes.set_title("各项得分")
        for kind in ("svg", "png"):
            figure.savefig(io.BytesIO(), format=kind)
        plt.close(figure)
