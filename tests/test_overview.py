"""The page over all runs: what counts is on it, texts stay texts, the same runs give the same bytes."""

import json
import re
from pathlib import Path

import pytest

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
    (failed / "failure.json").write_text(json.dumps({"message": "坏数 [cell-failed]"}))
    made = write_overview(tmp_path, UNITS)
    assert [(row.unit, row.state) for row in made.rows] == [
        ("unit-0", "done"),
        ("unit-1", "failed"),
        ("unit-2", "absent"),
    ]
    assert (made.rows[0].high, str(made.rows[0].difference)) == (1, "5.00")
    assert "坏数" in made.rows[1].reason
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
