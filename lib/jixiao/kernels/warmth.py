"""What the template has done before it forks (预热): imported the stack, read, judged and drawn once."""

from __future__ import annotations

import importlib
import io

#: What a kernel and the notebooks of the house load; each is imported once, in the template.
STACK = (
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "ipykernel.zmqshell",
    "ipykernel.iostream",
    "ipykernel.heartbeat",
    "ipykernel.displayhook",
    "ipykernel.debugger",
    "ipykernel.parentpoller",
    "ipykernel.compiler",
    "comm",
    "IPython.core.completer",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.magics",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "IPython.utils.wildcard",
    "faulthandler",
    "pdb",
    "tornado.platform.asyncio",
    "zmq.eventloop.zmqstream",
    "pandas",
    "pandas.io.formats.html",
    "matplotlib.pyplot",
    "matplotlib_inline.backend_inline",
    "lxml.etree",
    "docx",
    "openpyxl",
    "jixiao.audit",
    "jixiao.charts",
    "jixiao.importers.opening",
    "jixiao.importers.readers",
    "jixiao.kernels.child",
    "jixiao.rubric",
    "jixiao.tables",
    "jixiao.workspace.fonts",
    "jixiao.workspace.versions",
)


def warm() -> None:
    """Import the stack and walk every lazy path once; nothing of it stays open or drawn."""
    for name in STACK:
        importlib.import_module(name)
    _read_forms()
    _draw()


def _read_forms() -> None:
    from jixiao.importers.forms import known_forms, openings, words_of_categories
    from jixiao.workspace.fonts import code_points
    from jixiao.workspace.versions import versions

    known_forms()
    openings()
    words_of_categories()
    code_points()
    versions()


def _draw() -> None:
    """Draw a figure with every kind of mark our charts use, in the house's style."""
    from matplotlib import pyplot as plt

    from jixiao.charts.style import add_font, house_style

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
