"""The HTML of a report (网页报告): one file, no script, nothing from outside.

An nbconvert exporter, ``jupyter nbconvert --to jixiao-html``. The template gets the settled
document and escapes every text; BeautifulSoup and bleach have nothing to repair.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from nbconvert.exporters.templateexporter import TemplateExporter
from nbformat import NotebookNode
from traitlets import List, default
from traitlets.config import Config

from jixiao.publish.document import compose
from jixiao.publish.notebook import Node
from jixiao.tables.html import KINDS, render
from jixiao.tables.markup import runs
from jixiao.workspace import media


class JixiaoHTMLExporter(TemplateExporter):
    """Exports an executed notebook as one HTML file for a closed network."""

    export_from_notebook = "绩效评价报告 HTML"
    output_mimetype = "text/html"
    # Nothing is to be prepared: `compose` reads the notebook as it is.
    default_preprocessors: Any = List([])  # a trait

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".html"

    @default("template_extension")
    def _template_extension_default(self) -> str:
        return ".html.j2"

    @default("template_file")
    def _template_file_default(self) -> str:
        return "report.html.j2"

    @default("template_paths")
    def _template_paths_default(self) -> list[str]:
        return [str(Path(__file__).parent)]

    @property
    def default_config(self) -> Config:
        """Nothing: nbconvert's own would take cells out by their tags."""
        return Config()

    def from_notebook_node(  # type: ignore[override]  # as nbconvert's own exporters do
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """Render the notebook; ``document`` may give what `compose` made of it.

        Returns
        -------
        The page, and nbconvert's resources.
        """
        resources = self._init_resources(resources)  # type: ignore[no-untyped-call]
        if self._preprocessors:  # those of the user's; none in a batch, and no deep copy then
            kw.pop("document", None)  # made of the notebook as it was
            nb, resources = super(TemplateExporter, self).from_notebook_node(nb, resources, **kw)
        document = kw.get("document") or compose(nb, name=resources["metadata"]["name"])
        page = self.template.render(
            document=document,
            with_source=not self.exclude_input,
            style=Markup(_style()),
            style_digest=_style_digest(),
        )
        return page + "\n", resources

    def _create_environment(self) -> Environment:
        environment = Environment(
            loader=FileSystemLoader(self.template_paths),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.filters["block"] = _draw
        environment.globals.update(kinds=KINDS, runs=runs)
        return environment


def _draw(node: Node) -> Markup:
    if node.get("data"):
        node = node | {"picture": _picture(node["mime"], node["data"])}
    return Markup(render(node, level=node.get("level", 3)))


def _picture(mime: str, data: str) -> str:
    """Give a picture as a data address; an SVG inside <img> runs no script and loads nothing."""
    if mime == media.SVG:
        data = base64.b64encode(data[data.find("<svg") :].encode()).decode()
    return f"data:{mime};base64,{data}"


@cache
def _style() -> str:
    return files("jixiao.publish").joinpath("report.css").read_text("utf-8").strip()


@cache
def _style_digest() -> str:
    """Give the digest by which the page's policy allows its one style sheet."""
    return base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
