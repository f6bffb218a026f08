"""The two reports of the sample as a reader gets them: page, PDF, notebook and data agree."""

import json
import re
import subprocess
from pathlib import Path

import nbformat
import pikepdf
import pytest
from lxml import html
from tests.browser import browser

KEYS = ("department", "community-correction")
#: What RULES §8 works out by hand, as it is printed.
FIGURES = {
    "department": (
        "110分", "85.71%", "58.20%", "35.90%", "441.60%", "103.98%", "3.98%", "8.30万元", "2.98万元",
        "5.84万元", "19.62万元", "18.38万元", "38.57万元", "50万元", "162.20万元",
    ),
    "community-correction": (
        "110分", "108分", "99分", "51.63%", "5.16分", "3.84分", "104.16分", "94.69分", "47.85%",
    ),
}  # fmt: skip
SENTENCES = {
    "department": "部门整体支出绩效评价报告",
    "community-correction": "项目支出绩效评价报告",
}

pytestmark = pytest.mark.slow


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.fixture(params=KEYS)
def report(request, reports) -> tuple[str, Path]:
    """One report's key and folder."""
    return request.param, reports[request.param]


def test_the_figures_are_the_same_in_page_pdf_notebook_and_data(report, pdftotext):
    key, folder = report
    page = squeezed(html.parse(folder / "report.html").getroot().text_content())
    command = [pdftotext, "-layout", str(folder / "report.pdf"), "-"]
    pdf = squeezed(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    notebook = squeezed((folder / "report.ipynb").read_text("utf-8"))
    for text in (page, pdf, notebook):
        assert SENTENCES[key] in text
        for figure in FIGURES[key]:
            assert figure in text, figure
    result = json.loads((folder / "result.json").read_text("utf-8"))
    expected = {"department": ("110", "100.00"), "community-correction": ("104.16", "94.69")}
    assert (result["score"]["score_total"], result["score"]["total_on_100"]) == expected[key]
    assert result["score"]["points_total"] == "110"


def test_the_result_is_what_the_last_cell_shows(report):
    _, folder = report
    nb = nbformat.read(folder / "report.ipynb", as_version=4)
    shown = nb.cells[-1].outputs[0].data["application/vnd.jixiao.result+json"]
    assert json.loads((folder / "result.json").read_text("utf-8")) == shown
    assert nb.metadata.jixiao.state == "done"
    states = {cell.metadata.jixiao.state for cell in nb.cells if cell.cell_type == "code"}
    assert states == {"done"}
    assert not any("papermill" in cell.metadata for cell in nb.cells)


@pytest.mark.browser
@pytest.mark.parametrize(
    ("report", "width", "dark"),
    [
        ("department", 1280, False),
        ("department", 360, False),
        ("community-correction", 1280, False),
        pytest.param("department", 1280, True, marks=pytest.mark.reproduce),
        pytest.param("community-correction", 1280, True, marks=pytest.mark.reproduce),
        pytest.param("community-correction", 360, False, marks=pytest.mark.reproduce),
    ],
    indirect=["report"],
)
def test_the_page_asks_for_nothing_and_everyone_can_read_it(report, chromium, axe, width, dark):
    """The suite looks in the dark at every kind of block in tests/test_publish.py."""
    _, folder = report
    with browser(chromium) as page:
        page.emulate(width=width, dark=dark)
        page.open(folder / "report.html")
        assert page.requests == [(folder / "report.html").as_uri()]
        assert page.messages == []
        assert page.evaluate("document.scripts.length") == 0
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        violations = [(v["id"], [n["html"][:120] for n in v["nodes"]][:3]) for v in page.axe(axe)]
        assert violations == []


def test_the_pdf_is_an_archive_everyone_can_read_with_its_data_inside(report):
    _, folder = report
    with pikepdf.open(folder / "report.pdf") as pdf:
        metadata = pdf.open_metadata()
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")
        assert metadata["pdfuaid:part"] == "1"
        assert str(pdf.Root.Lang).startswith("zh")
        assert pdf.Root.MarkInfo.Marked
        assert len(pdf.Root.Outlines.keys()) > 0
        box = pdf.pages[0].mediabox
        assert [round(float(v)) for v in box] == [0, 0, 595, 842]
        attached = {name: pdf.attachments[name].get_file() for name in pdf.attachments}
        types = {name: file.mime_type for name, file in attached.items()}
        assert types == {
            "report.ipynb": "application/x-ipynb+json",
            "result.json": "application/json",
            "reading.json": "application/json",
            "rubric.yaml": "application/yaml",
        }
        for name in ("report.ipynb", "result.json"):
            assert attached[name].read_bytes() == (folder / name).read_bytes()
        assert b"mof-2020-10" in attached["rubric.yaml"].read_bytes()


def test_nothing_private_and_nothing_of_this_machine_is_in_a_run(report, pdftotext):
    _, folder = report
    home, root = str(Path.home()), str(Path(__file__).parent.parent)
    for path in folder.iterdir():
        data = path.read_bytes()
        if path.suffix == ".pdf":
            data = subprocess.run(
                [pdftotext, str(path), "-"], capture_output=True, check=True
            ).stdout
        for secret in ("13800138000", "张某某", root, f"{home}/"):
            assert secret.encode() not in data, (path.name, secret)


def test_the_manifest_names_every_file_and_input(report):
    key, folder = report
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert manifest["run"] == folder.name
    assert manifest["key"] == key
    listed = {entry["name"] for entry in manifest["files"]}
    assert listed == {"report.ipynb", "report.html", "report.pdf", "result.json"}
    names = {entry["name"] for entry in manifest["inputs"]}
    assert {
        "data/filings/ziyang-justice/2022/filing.txt",
        "params/units/ziyang-justice/2022.yaml",
        "params/rubrics/mof-2020-10.yaml",
        "params/checks.yaml",
        "requirements.lock",
    } <= names
