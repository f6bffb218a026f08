"""What wants to be code stays text: 300 strings in 12 fields of a report, in a parser and a browser."""

import json
import re
from pathlib import Path

import pytest
from lxml import html as lxml_html
from tests.browser import browser
from tests.injections import FIELDS, SHAPES, STRINGS, report_of
from tests.small_form import SmallForm, read_form

from jixiao import publish
from jixiao.datum import UNSEEN
from jixiao.publish.gate import Traces, examine_files
from jixiao.tables.filing import list_amended
from jixiao.tables.grids import show_grids
from jixiao.tables.html import bundle

RESULTS = Path(__file__).parent / "results/injection.json"
ALIVE = (
    "//script|//iframe|//object|//embed|//form|//base|//link|//video|//audio|//svg|//math|//input"
)


@pytest.fixture(scope="module")
def page() -> bytes:
    return publish.render_html(report_of(STRINGS))


def seen(text: str) -> str:
    """A text as it is read: no blanks, nothing unseen, rare characters as they are printed."""
    return re.sub(r"\s|〔U\+[0-9A-F]+〕", "", UNSEEN.sub("", text))


def alive_in(data: bytes) -> list[str]:
    """Everything in a page that would act, load or lead elsewhere."""
    root = lxml_html.document_fromstring(data.decode())
    found = [element.tag for element in root.xpath(ALIVE)]
    for element in root.iter("*"):
        for name, value in element.attrib.items():
            leads = name in ("href", "src", "action", "data", "srcset", "formaction")
            if name.startswith("on") or name in ("style", "srcdoc"):
                found.append(f"{element.tag} {name}")
            elif leads and not value.startswith(("#", "data:image/")):
                found.append(f"{element.tag} {name}={value}")
    style = "".join(root.xpath("//style/text()"))
    found += [word for word in ("@import", "url(", "expression(") if word in style]
    found += root.xpath("//meta[translate(@http-equiv, 'REFSH', 'refsh')='refresh']/@content")
    return found


def test_there_are_three_hundred_strings_and_twelve_fields():
    assert len(set(STRINGS)) == len(STRINGS) == 300
    assert len(SHAPES) * 10 == 300
    assert len(FIELDS) == 12


def test_no_string_is_alive_in_any_field(page):
    assert alive_in(page) == []
    assert b"default-src 'none'" in page


def test_every_string_stands_as_text_in_every_field(page):
    text = seen(lxml_html.document_fromstring(page.decode()).text_content())
    counts = [text.count(seen(string)) for string in STRINGS]
    assert min(counts) >= len(FIELDS)


def test_the_gate_before_publication_lets_texts_of_code_through(page):
    assert [hit.words for hit in examine_files({"report.html": page}, Traces())] == []


@pytest.mark.parametrize("first", range(0, 300, 60))
def test_a_filing_full_of_code_gives_a_page_without(tmp_path, first):
    """Read from a document, cell by cell, and printed as the reading."""
    strings = [re.sub(r"\s+", " ", string) for string in STRINGS[first : first + 60]]
    rows = tuple(("备注", *strings[n : n + 6]) for n in range(0, 60, 6))
    form = SmallForm(name=strings[0], below=rows, above=(strings[1], *SmallForm().above))
    filing = read_form(tmp_path, form, ending="docx")
    drawn = [
        bundle(display.block)["text/html"] for display in (show_grids(filing), list_amended(filing))
    ]
    assert alive_in("".join(drawn).encode()) == []
    text = seen(lxml_html.fromstring(f"<div>{drawn[0]}</div>").text_content())
    assert [string for string in strings[2:] if seen(string) not in text] == []


@pytest.mark.browser
def test_a_browser_opens_no_dialog_and_asks_for_nothing(page, tmp_path, chromium):
    path = tmp_path / "report.html"
    path.write_bytes(page)
    with browser(chromium) as tab:
        tab.open(path)
        assert tab.evaluate("document.scripts.length") == 0
        assert tab.evaluate("document.querySelectorAll('img, iframe, object, embed').length") == 0
        tab.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        tab.evaluate("new Promise(done => setTimeout(done, 300))")
        figures = {
            "strings": len(STRINGS),
            "fields": len(FIELDS),
            "alive": len(alive_in(page)),
            "requests beyond the page": len(tab.requests) - 1,
            "dialogs and messages": len(tab.messages),
        }
    assert figures == json.loads(RESULTS.read_bytes())
