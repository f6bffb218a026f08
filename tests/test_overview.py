"""The page over all runs: what counts is on it, texts stay texts, the same runs give the same bytes."""

import json
import random
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.browser import Page, browser

from jixiao.batch.overview import write_overview
from jixiao.publish.overview import Row, render_overview
from jixiao.workspace.files import point
from jixiao.workspace.roster import Unit, UnitName

RUN = "0123456789ab"
SPITE = "</script><script>alert(1)</script>"
UNITS = tuple(
    Unit(f"unit-{n}", (UnitName(f"某县第{n}局", None, None),), None, "county", "x")
    for n in range(3)
)


def make_run(outputs: Path, unit: str, name: str, high: int = 1) -> Path:
    key = outputs / unit / "2022" / "department"
    (key / RUN).mkdir(parents=True)
    card = {"stated_total": "99", "score_total": "94", "total_on_100": "94.00", "grade": "优"}
    audit = {"findings": [{"severity": "high"}] * high}
    result = json.dumps({"unit_name": name, "score": card, "audit": audit}).encode()
    (key / RUN / "result.json").write_bytes(result)
    files = [{"name": "result.json", "bytes": len(result), "sha256": ""}]
    (key / RUN / "manifest.json").write_text(json.dumps({"run": RUN, "files": files}))
    point(key / "current", RUN)
    return key


def rows_in(page: bytes) -> list[list[object]]:
    found = re.search(r'id="data">(.*?)</script>', page.decode(), re.S)
    assert found is not None
    return json.loads(found[1])


def test_done_failed_and_absent_are_told_apart(tmp_path):
    make_run(tmp_path, "unit-0", "某县第0局")
    failed = tmp_path / "unit-1" / "2022" / "department" / f"failed-{RUN}"
    failed.mkdir(parents=True)
    (failed / "failure.json").write_text(
        json.dumps({"message": "unit-1 2022 department：坏数 [cell-failed]"})
    )
    made = write_overview(tmp_path, UNITS)
    assert [(row.unit, row.state) for row in made.rows] == [
        ("unit-0", "done"),
        ("unit-1", "failed"),
        ("unit-2", "absent"),
    ]
    assert (made.rows[0].high, str(made.rows[0].difference)) == (1, "5.00")
    assert made.rows[1].reason == "坏数 [cell-failed]"
    assert len(rows_in(made.path.read_bytes())) == 3


def test_the_same_runs_give_the_same_bytes_and_are_read_once(tmp_path):
    make_run(tmp_path, "unit-0", "某县第0局")
    first = write_overview(tmp_path)
    page = first.path.read_bytes()
    second = write_overview(tmp_path)
    assert (first.read, second.read, second.path.read_bytes() == page) == (1, 0, True)
    (tmp_path / ".index.json").write_bytes(b"{spoilt")
    assert write_overview(tmp_path).path.read_bytes() == page


def test_a_damaged_run_is_not_shown_as_done(tmp_path):
    key = make_run(tmp_path, "unit-0", "某县第0局")
    write_overview(tmp_path)
    (key / RUN / "result.json").write_bytes(b"{}")
    row = write_overview(tmp_path).rows[0]
    assert (row.state, row.run, "损坏" in row.reason) == ("failed", "", True)


@pytest.mark.parametrize("text", [SPITE, "<!--<script>", "\u2028", "&amp;"])
def test_a_units_text_stays_text(text):
    page = render_overview([Row("unit-0", text, 2022, "department", "部门整体", "done")])
    assert rows_in(page)[0][1] == text
    assert b"<script>alert" not in page


def test_three_hundred_rows_and_no_address_from_outside(tmp_path):
    rows = [Row(f"u-{n}", f"第{n}局", 2022, "department", "部门整体", "done") for n in range(300)]
    page = render_overview(rows)
    assert len(rows_in(page)) == 300
    assert b"http://" not in page
    assert b"https://" not in page
    assert page.count(b"sha256-") == 2


# ---------------------------------------------------------------- in a browser


def province_rows(seed: int = 7) -> list[Row]:
    """Two hundred rows of a hundred units: done, failed and absent."""
    chance = random.Random(seed)
    rows = []
    for number in range(200):
        unit, year = f"unit-{number // 2:03d}", 2021 + number % 2
        name = f"某省第{number // 2}局"
        if number % 20 == 3:
            rows.append(Row(unit, name, year, "", "—", "absent"))
        elif number % 10 == 7:
            reason = "第 12 个单元格出错（ZeroDivisionError: division by zero）。[cell-failed]"
            rows.append(Row(unit, name, year, "department", "部门整体", "failed", reason=reason))
        else:
            score = f"{chance.uniform(55, 100):.2f}"
            found = tuple(chance.randrange(1, 9) for _ in range(3))
            grade = "优" if float(score) >= 90 else "良"
            rows.append(
                Row(
                    *(unit, name, year, "department", "部门整体", "done", "99.00", score, score),
                    *(grade, *found, RUN, ("html", "pdf")),
                )
            )
    return rows


@pytest.fixture(scope="module")
def page_file(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("overview") / "index.html"
    path.write_bytes(render_overview(province_rows()))
    return path


@pytest.fixture(scope="module")
def window(chromium: str) -> Iterator[Page]:
    with browser(chromium) as opened:
        yield opened


@pytest.fixture
def tab(window: Page, page_file: Path) -> Page:
    window.emulate()
    window.open(page_file)
    return window


#: The texts of one column, as they are drawn.
COLUMN = "[...document.querySelectorAll('#rows tbody tr')].map(row => row.cells[{}].textContent)"
TYPE = """((id, text) => {{ const field = document.getElementById(id); field.value = text;
field.dispatchEvent(new Event('input')); }})({!r}, {!r})"""
SCORE = 6


def count(tab: Page) -> str:
    return str(tab.evaluate("document.getElementById('count').textContent"))


def press(tab: Page, key: str, code: int, text: str = "") -> None:
    for kind in ("keyDown", "keyUp"):
        tab.call(
            "Input.dispatchKeyEvent",
            type=kind,
            key=key,
            code=key,
            windowsVirtualKeyCode=code,
            **({"text": text} if text and kind == "keyDown" else {}),
        )


@pytest.mark.browser
def test_the_page_asks_for_nothing_and_its_policy_lets_its_own_script_run(tab, page_file):
    assert tab.requests == [page_file.as_uri()]
    assert tab.messages == []
    assert count(tab) == "找到 200 行，显示第 1–100 行"


@pytest.mark.browser
@pytest.mark.parametrize(
    ("field", "text", "found"),
    [
        ("words", "unit-007", 2),
        ("words", "第42局", 2),
        ("words", "unit-003 zerodivision", 1),
        ("words", "没有这样的单位", 0),
        ("year", "2021", 100),
        ("state", "failed", 20),
        ("state", "absent", 10),
    ],
)
def test_rows_are_searched(tab, field, text, found):
    tab.evaluate(TYPE.format(field, text))
    shown = tab.evaluate(COLUMN.format(0))
    assert len(shown) == min(found, 100)
    expected = f"找到 {found} 行，显示第 1–{found} 行" if found else "没有符合的，请换一个条件"
    assert count(tab) == expected


@pytest.mark.browser
def test_scores_are_sorted_as_numbers_and_the_missing_come_last(tab):
    scores = [float(row.on_100) for row in province_rows() if row.on_100]
    head = f"document.querySelectorAll('#rows thead th')[{SCORE}]"
    for expected, said in ((sorted(scores)[::-1], "descending"), (sorted(scores), "ascending")):
        tab.evaluate(f"{head}.querySelector('button').click()")
        assert [float(text) for text in tab.evaluate(COLUMN.format(SCORE))] == expected[:100]
        assert tab.evaluate(f"{head}.getAttribute('aria-sort')") == said
        tab.evaluate("document.getElementById('last').click()")
        assert tab.evaluate(COLUMN.format(SCORE))[-30:] == ["—"] * 30
        assert count(tab) == "找到 200 行，显示第 101–200 行"


@pytest.mark.browser
def test_a_keyboard_is_enough(tab):
    """Tab from the field of words to the first heading, Enter to sort, and on to the pages."""
    tab.evaluate("document.getElementById('words').focus()")
    visited = []
    for _ in range(40):
        press(tab, "Tab", 9)
        visited.append(
            tab.evaluate("document.activeElement.id || document.activeElement.textContent")
        )
        if visited[-1] == "百分制":
            break
    assert visited[:4] == ["year", "state", "grade", "serious"]
    press(tab, "Enter", 13, "\r")
    scores = [float(text) for text in tab.evaluate(COLUMN.format(SCORE))]
    assert scores == sorted(scores, reverse=True)
    assert tab.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    tab.evaluate("document.getElementById('next').focus()")
    press(tab, "Enter", 13, "\r")
    assert count(tab) == "找到 200 行，显示第 101–200 行"


@pytest.mark.browser
def test_without_scripts_the_rows_are_there(window, page_file):
    window.emulate()
    window.call("Emulation.setScriptExecutionDisabled", value=True)
    try:
        window.call("Page.navigate", url=page_file.as_uri())
        deadline = time.monotonic() + 30
        rows: list[str] = []
        while len(rows) < 200 and time.monotonic() < deadline:
            time.sleep(0.1)
            rows = named(window, "rowheader")
        searches = named(window, "search")
    finally:
        window.call("Emulation.setScriptExecutionDisabled", value=False)
    assert rows[::2] == [f"某省第{number}局" for number in range(100)], (
        "read, not only in the source"
    )
    assert searches == []


def named(window: Page, role: str) -> list[str]:
    """The names of what a screen reader finds of one role."""
    nodes = window.call("Accessibility.getFullAXTree")["nodes"]
    return [node["name"]["value"] for node in nodes if node.get("role", {}).get("value") == role]


@pytest.mark.browser
@pytest.mark.parametrize(("width", "dark"), [(1280, False), (1280, True), (360, True)])
def test_axe_finds_nothing_wrong(window, tmp_path, axe, width, dark):
    """On forty rows, which have all that two hundred have and take a fifth of the time."""
    path = tmp_path / "index.html"
    path.write_bytes(render_overview(province_rows()[:40]))
    window.emulate(width=width, dark=dark)
    window.open(path)
    assert [(found["id"], found["nodes"][0]["html"]) for found in window.axe(axe)] == []


@pytest.mark.browser
def test_the_page_fits_a_telephone_and_says_that_the_table_goes_on(window, page_file):
    window.emulate(width=360, height=740)
    window.open(page_file)
    assert window.evaluate("document.documentElement.scrollWidth") == 360
    shown = "getComputedStyle(document.querySelector('.sideways')).display"
    assert window.evaluate(shown) == "inline"
    window.emulate()
    assert window.evaluate(shown) == "none"
