"""What a chart cell of a notebook displays (图与缺图说明): a `Picture` or an `Omission`."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from jixiao.charts.labels import clean
from jixiao.charts.style import FONT, FONT_STACK, house_style, untitle
from jixiao.datum import Json, Source
from jixiao.workspace import media

#: matplotlib writes the family into every text; once, on the root, is shorter, and the stack
#: names what else will do. In the text of an element ``<`` is escaped, so nothing a unit wrote
#: can look like the start of a tag.
_FAMILY = re.compile(rf"(<text style=\"[^\"]*?)font-family: '{FONT}'(?:; )?")
_NO_TURN = re.compile(r"(<text [^>]*?) transform=\"rotate\(-0 [^\"]*\)\"")
_INDENT = re.compile(r"\n +(?=<)")
_GROUP = re.compile(
    r"<g id=\"(?:text|patch)_\d+\">\n(<(?:text|path) [^<>]*(?:/>|>[^<>]*</text>))\n</g>"
)
_PATH = re.compile(r"(?<=<path d=\")[^\"]*")
_DECIMALS = re.compile(r"(\.\d\d)\d+")
_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}


@dataclass(frozen=True, slots=True)
class Picture:
    """One chart as it is displayed and printed (图).

    ``title`` is the message, ``caption`` the chart's plain name, ``alt`` the picture in words
    made from the numbers, ``source`` where the numbers were filed.
    """

    id: str
    title: str
    alt: str
    caption: str
    source: str
    svg: str

    def _repr_mimebundle_(
        self, include: Collection[str] | None = None, exclude: Collection[str] | None = None
    ) -> dict[str, Json]:
        """Give Jupyter the picture, its block for the report, and its words."""
        block: dict[str, Json] = {
            "kind": "figure",
            "id": self.id,
            "title": self.title,
            "alt": self.alt,
            "caption": [{"text": self.caption}],
            "source": [{"text": self.source}],
        }
        bundle: dict[str, Json] = {media.SVG: self.svg, media.BLOCK: block, media.TEXT: self.alt}
        return _chosen(bundle, include, exclude)


@dataclass(frozen=True, slots=True)
class Omission:
    """Why a chart is left out (缺图说明), in one sentence or more."""

    id: str
    sentence: str

    def _repr_mimebundle_(
        self, include: Collection[str] | None = None, exclude: Collection[str] | None = None
    ) -> dict[str, Json]:
        """Give Jupyter the sentence, as text, HTML and a note of the report."""
        block: dict[str, Json] = {
            "kind": "note",
            "id": self.id,
            "title": "",
            "tone": "muted",
            "bullets": False,
            "sentences": [[{"text": self.sentence}]],
        }
        paragraph = f"<p>{html.escape(self.sentence)}</p>"
        bundle: dict[str, Json] = {
            media.BLOCK: block,
            media.HTML: paragraph,
            media.TEXT: self.sentence,
        }
        return _chosen(bundle, include, exclude)


def picture_of(ax: Axes, name: str, title: str, alt: str, below: tuple[str, str]) -> Picture:
    """Save the figure of `ax` and let go of it.

    Parameters
    ----------
    name : the chart's name, e.g. ``points``; its id is ``f-points``.
    below : the chart's plain name, and the part of the filing, e.g. ``附件2``
    """
    return Picture(
        id=f"f-{name}",
        title=clean(title),
        alt=clean(alt),
        caption=clean(below[0]),
        source=clean(f"资料来源：{below[1]}"),
        svg=_svg_of(ax),
    )


def omission_of(name: str, sentence: str) -> Omission:
    """Say why the chart `name` is left out."""
    return Omission(f"f-{name}", clean(sentence))


def parts_of(sources: Iterable[Source]) -> str:
    """Name the parts of the filing that numbers stand in: ``附件1、附件2``, else the file.

    >>> parts_of([Source("a.docx", "", "附件2", 1, 1, 1, 1, "")])
    '附件2'
    """
    return "、".join(dict.fromkeys(source.part or source.document for source in sources))


def _svg_of(ax: Axes) -> str:
    figure = ax.get_figure(root=True)
    if not isinstance(figure, Figure):
        raise TypeError("the axes belong to no figure")
    untitle(ax)
    buffer = io.StringIO()
    with house_style():
        figure.savefig(buffer, format="svg", metadata=_METADATA)
    text = buffer.getvalue()
    text = _NO_TURN.sub(r"\1", _FAMILY.sub(r"\1", text))
    text = _GROUP.sub(r"\1", _INDENT.sub("\n", text))
    text = _PATH.sub(lambda path: _DECIMALS.sub(r"\1", path[0]).replace(" \n", " "), text)
    start = text.index("<svg ")
    return f'{text[start : start + 5]}style="font-family: {FONT_STACK}" {text[start + 5 :]}'


def _chosen(
    bundle: dict[str, Json], include: Collection[str] | None, exclude: Collection[str] | None
) -> dict[str, Json]:
    return {
        key: value
        for key, value in bundle.items()
        if (not include or key in include) and key not in (exclude or ())
    }
