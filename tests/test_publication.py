"""The public edition: nothing private in any byte of it, and a gate that fails closed."""

import base64
import io
import json
import os
import re
import zlib

import pandas as pd
import pikepdf
import pytest
from tests.conftest import SAMPLE
from tests.test_bad_input import FILING, UNIT_FILE, place, refile  # noqa: F401  # a fixture
from tests.test_batch import batch, province, write_plan
from tests.test_privacy import CARD, ID, OTHER, THIRD
from tests.test_prune import RUNS, aged, make_run

from jixiao.batch.jobs import plan_batch
from jixiao.batch.order import load_order
from jixiao.batch.overview import write_overview
from jixiao.cli import run
from jixiao.errors import BadFile
from jixiao.publish.gate import Traces, examine_files
from jixiao.workspace.files import point

#: Paths of no machine, put together here so that none stands in the tree.
HOME, SPACE, WINDOWS = "/ho" + "me/zhang/a.txt", "/wo" + "rk/a", "C:\\Us" + "ers\\zhang\\a.docx"
TRACES = Traces(
    names=("pc-17", "zhangsan"), folders=("/srv/eval/space",), secrets=("hunter2-hunter2",)
)
SVG = base64.b64encode(b'<svg xmlns="x"><text>13800138000</text></svg>').decode()


def page(body: str) -> bytes:
    return f"<!DOCTYPE html><html><head><title>t</title></head><body>{body}</body></html>".encode()


def notebook(**data: object) -> bytes:
    output = {"output_type": "display_data", "data": data, "metadata": {}}
    cell = {
        "cell_type": "code",
        "id": "a",
        "source": ["x = 1\n", "y"],
        "outputs": [output],
        "metadata": {},
    }
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4}).encode()


def document(text: str = "", link: str = "", attached: bytes = b"", action: str = "") -> bytes:
    """A small PDF: its title, a link, an attachment, something it does when opened."""
    pdf = pikepdf.new()
    pdf.add_blank_page()
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem(text or "标题", 0))
    if link:
        uri = pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String(link))
        note = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=uri
        )
        pdf.pages[0].Annots = pdf.make_indirect(pikepdf.Array([note]))
    if attached:
        pdf.attachments["reading.json"] = attached
    if action:
        pdf.Root.OpenAction = pikepdf.Dictionary(
            S=pikepdf.Name.JavaScript, JS=pikepdf.String(action)
        )
    target = io.BytesIO()
    pdf.save(target)
    return target.getvalue()


REFUSED = [
    ("report.html", page("<p>电话138\u200b0013 8000</p>"), "手机号", "138****8000"),
    ("report.html", page('<img alt="请拨13800138000" src="data:image/png;base64,AA">'), "手机号", "8000"),
    ("report.html", page(f'<img alt="图" src="data:image/svg+xml;base64,{SVG}">'), "手机号", "8000"),
    ("report.html", page("<!-- 填表人：张某某 -->"), "姓名", "张**"),
    ("report.html", page(f"<td>{ID}</td>"), "身份证号", "11***"),
    ("report.html", page(f"<p id='x1'>见 {HOME}</p>"), "本机路径", "#x1"),
    ("report.html", page(f"<p>{WINDOWS}</p>"), "本机路径", "C:\\U"),
    ("report.html", page("<p>\\\\server01\\share\\a</p>"), "本机路径", "…"),
    ("report.html", page("<p>/srv/eval/space/x</p>"), "本机路径", "/srv"),
    ("report.html", page("<p>pc-17 上生成</p>"), "本机或用户名", "pc-1"),
    ("report.html", page("<p>口令hunter2-hunter2。</p>"), "密钥", "hunt…"),
    ("report.html", page("<script>1</script>"), "活动内容", "<script>"),
    ("report.html", page('<p onclick="x()">a</p>'), "活动内容", "onclick"),
    ("report.html", page('<p style="background:url(//example.org/a)">a</p>'), "活动内容", "style"),
    ("report.html", page('<a href="java\nscript:x()">a</a>'), "活动内容", "href"),
    ("report.html", page('<a href="https://example.org/a">a</a>'), "活动内容", "外部地址"),
    ("report.html", page('<img src="//example.org/a.png" alt="">'), "活动内容", "外部地址"),
    ("report.html", page("<style>p{background:url(x)}</style>"), "活动内容", "样式表"),
    ("report.html", page('<meta http-equiv="refresh" content="0">'), "活动内容", "refresh"),
    ("report.ipynb", notebook(**{"text/plain": "电话13800138000"}), "手机号", "cells/1/outputs/1/data"),
    ("report.ipynb", notebook(**{"text/html": ["<p>a</p>\n", "<script>1</script>"]}), "活动内容", "script"),
    ("report.ipynb", notebook(**{"image/svg+xml": "<svg><text>13800138000</text></svg>"}), "手机号", "svg"),
    ("report.ipynb", notebook(**{"application/javascript": "1"}), "活动内容", "脚本"),
    ("result.json", json.dumps({"text": "13800138000"}).encode(), "手机号", "result.json（text）"),
    ("result.json", json.dumps({"a": {"zhang@example.com": 1}}).encode(), "电子邮箱", "z***@example.com"),
    ("manifest.json", json.dumps({"inputs": [{"name": f"data/张某某{CARD}.txt"}]}).encode(), "银行卡号", "name"),
    ("report.pdf", document("联系电话13800138000"), "手机号", "书签"),
    ("report.pdf", document(link="https://example.org/a"), "活动内容", "外部地址"),
    ("report.pdf", document(attached=b'{"text": "13800138000"}'), "手机号", "reading.json"),
    ("report.pdf", document(action="app.alert(1)"), "活动内容", "打开时"),
    ("report.pdf", b"%PDF-1.7 nothing", "读不出的 PDF", "PdfError"),
    ("report.docx", b"PK", "没有检查过的文件", ".docx"),
]  # fmt: skip

LET_THROUGH = [
    ("report.html", page("<p>支出13800138000元，办公电话0737-1234567，联系138****8000，张**</p>")),
    ("report.html", page('<a href="#w-1">1/2</a><img alt="图" src="data:image/png;base64,AA">')),
    (
        "report.html",
        page("<p>&lt;script&gt;alert(1)&lt;/script&gt; 见 https://example.org，pc-170</p>"),
    ),
    ("result.json", json.dumps({"value": "13800138000", "label": "收入"}).encode()),
    ("result.json", json.dumps({"run": "13800138000a", "sha256": "1" * 64}).encode()),
    ("report.html", page('<img alt="javascript:alert(1)" src="data:image/png;base64,AA">')),
    ("report.ipynb", notebook(**{"text/html": pd.DataFrame({"甲": [1]}).to_html()})),
    ("report.ipynb", notebook(**{"text/html": "<p>a</p>", "text/plain": "<a onclick=1>"})),
    ("report.pdf", document("部门整体支出绩效评价报告")),
]


@pytest.mark.parametrize(("name", "data", "kind", "words"), REFUSED)
def test_the_gate_refuses(name, data, kind, words):
    hits = examine_files({name: data}, TRACES)
    assert any(kind in hit.kind and words in hit.words for hit in hits), [hit.words for hit in hits]
    assert all(
        secret not in hit.words for hit in hits for secret in ("13800138000", "hunter2-", ID)
    )


@pytest.mark.parametrize(("name", "data"), LET_THROUGH)
def test_the_gate_lets_through_what_is_harmless(name, data):
    assert [hit.words for hit in examine_files({name: data}, TRACES)] == []


def test_a_number_that_the_data_have_as_an_amount_may_stand_on_the_page():
    files = {
        "report.html": page("<td>13800138000</td>"),
        "result.json": json.dumps({"value": "13800138000"}).encode(),
    }
    assert examine_files(files, TRACES) == ()
    assert examine_files({"report.html": files["report.html"]}, TRACES)


def test_secrets_of_the_environment_are_told_by_their_names():
    environment = {"API_TOKEN": "abcdefgh1", "HOME": HOME, "SHORT_KEY": "abc", "LANG": "zh_CN"}
    found = Traces.of(("root", "pc", "host-9"), ("/", SPACE), environment)
    assert found == Traces(("host-9",), (SPACE,), ("abcdefgh1",))


# --- a whole public report ---

#: What is planted in the sample, and where; none of it may stand in any byte that is published.
PLANTED = {
    "OTHER": OTHER,
    "spaced": f"{THIRD[:3]} {THIRD[3:7]} {THIRD[7:]}",
    "ID": ID,
    "CARD": CARD,
    "mail": "li.moumou@example.com",
    "name": "李某某",
    "preparer": "张某某",
    "phone": "13800138000",
    "account": "weixin_li2020",
    "plate": "湘H12345",
    "village": "某某村3组12号",
}
NARRATIVE = "2022年资阳区财政安排社区矫正项目资金38万元"
CELL = "受理行政复议案件"


def plant(data: bytes) -> bytes:
    text = data.decode()
    said = (
        f"联系人：李某某，电话{OTHER}，或{PLANTED['spaced']}，邮箱{PLANTED['mail']}，微信：{PLANTED['account']}，"
        f"家庭住址：某某县某某镇{PLANTED['village']}，车牌{PLANTED['plate']}。{NARRATIVE}"
    )
    assert text.count(NARRATIVE) == 1
    text = text.replace(NARRATIVE, said)
    return text.replace(CELL, f"{CELL}，身份证{ID}，卡号{CARD}", 1).encode()


def bytes_of(path):
    """The bytes of a file as they are, and what is packed into them."""
    data = path.read_bytes()
    yield data
    if path.suffix == ".pdf":
        for found in re.finditer(rb"stream\r?\n(.*?)endstream", data, re.DOTALL):
            try:
                yield zlib.decompress(found[1])
            except zlib.error:
                yield found[1]
        with pikepdf.open(path) as pdf:
            for name in pdf.attachments:
                yield pdf.attachments[name].get_file().read_bytes()
    for found in re.finditer(rb"data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)", data):
        yield base64.b64decode(found[1])


def texts_of(path):
    for data in bytes_of(path):
        text = data.decode("utf-8", "ignore")
        yield text
        yield text.encode().decode("unicode-escape", "ignore") if path.suffix == ".ipynb" else ""


@pytest.mark.slow
def test_nothing_planted_stands_in_any_byte_of_the_public_edition(place, monkeypatch, capsys):  # noqa: F811
    refile(place, plant)
    old = place / FILING
    new = old.with_name("填表人张某某13800138000.txt")
    old.rename(new)
    unit = place / UNIT_FILE
    unit.write_text(unit.read_text("utf-8").replace("filing.txt", new.name), "utf-8")
    monkeypatch.setenv("CANARY_TOKEN", "canary-9f2b-canary")
    for audience in ("internal", "public"):
        assert run(["report", "ziyang-justice", "2022", "--audience", audience]) == 0
    for key in ("department", "community-correction"):
        folder = place / "outputs/ziyang-justice/2022" / key
        public, internal = (folder / name for name in ("public", "current"))
        assert public.resolve() != internal.resolve()
        files = sorted(public.iterdir())
        assert len(files) == 5
        secrets = [*PLANTED.values(), "canary-9f2b-canary", str(place)]
        for path in files:
            for text in texts_of(path):
                assert [secret for secret in secrets if secret in text] == [], path.name
        shown = (public / "report.html").read_text("utf-8")
        assert "本公开版隐去：手机号" in shown
        results = [json.loads((one / "result.json").read_bytes()) for one in (public, internal)]
        assert results[0]["score"]["score_total"] == results[1]["score"]["score_total"]
        found = [[(f["id"], f["code"]) for f in result["audit"]["findings"]] for result in results]
        assert found[0] == found[1]
        masked = results[0]["masked"]
        assert {entry["kind"] for entry in masked} >= {
            *("mobile", "identity", "bank", "email", "name", "account", "address", "plate"),
        }
        assert "masked" not in results[1]
    capsys.readouterr()
    assert run(["report", "ziyang-justice", "2022", "--audience", "public"]) == 0
    assert capsys.readouterr().out.count("沿用已有的运行") == 2


@pytest.mark.slow
def test_what_the_gate_finds_is_not_published(place, capsys, monkeypatch):  # noqa: F811
    refile(
        place,
        lambda data: data.replace(NARRATIVE.encode(), f"见{HOME}，{NARRATIVE}".encode()),
    )
    command = [
        "report",
        "ziyang-justice",
        "2022",
        "--project",
        "community-correction",
        "--formats",
        "html",
    ]
    assert run([*command, "--audience", "public"]) == 1
    said = capsys.readouterr().err
    assert "not-publishable" in said
    assert "本机路径 “/hom…”" in said
    assert HOME not in said
    folder = place / "outputs/ziyang-justice/2022/community-correction"
    (failed,) = folder.iterdir()
    assert failed.name.startswith("failed-")
    assert json.loads((failed / "failure.json").read_bytes())["code"] == "not-publishable"
    assert run(command) == 0


# --- pointers: what counts for whom ---


def as_public(folder):
    path = folder / "manifest.json"
    told = json.loads(path.read_bytes()) | {"audience": "public"}
    path.write_text(json.dumps(told))
    return folder


@pytest.fixture
def key(tmp_path):
    return tmp_path / "outputs/some-unit/2022/department"


def test_prune_keeps_what_each_pointer_leads_to(key, tmp_path, monkeypatch):
    for name, age in (("a", 50), ("b", 30)):
        make_run(key, RUNS[name], age)
    for name, age in (("c", 40), ("d", 10)):
        aged(as_public(make_run(key, RUNS[name], age)), age)
    for pointer, name, age in (("current", "b", 20), ("public", "d", 5)):
        point(key / pointer, RUNS[name])
        aged(key / pointer, age)
    newer = as_public(make_run(key, RUNS["e"], 15))
    aged(newer, 1)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JIXIAO_WORKSPACE", str(tmp_path))
    assert run(["prune", "--outputs", str(tmp_path / "outputs")]) == 0
    left = sorted(path.name for path in key.iterdir() if not path.is_symlink())
    assert left == sorted(RUNS[name] for name in "bde")


def test_the_overview_shows_each_audience_its_own_runs(key, tmp_path):
    make_run(key, RUNS["a"], 10)
    as_public(make_run(key, RUNS["b"], 5))
    point(key / "current", RUNS["a"])
    point(key / "public", RUNS["b"])
    other = key.parent / "first-project"
    as_public(make_run(other, RUNS["c"], 5))
    point(other / "public", RUNS["c"])
    outputs = tmp_path / "outputs"
    internal, public = write_overview(outputs), write_overview(outputs, audience="public")
    assert internal.path.name == "index.html"
    assert public.path.name == "public.html"
    assert [row.run for row in internal.rows] == [RUNS["a"]]
    assert [row.run for row in public.rows] == [RUNS["b"], RUNS["c"]]
    assert RUNS["b"] not in internal.path.read_text("utf-8")
    assert RUNS["a"] not in public.path.read_text("utf-8")


# --- a batch for two audiences ---


def test_a_plan_for_two_audiences_has_runs_for_each(tmp_path):
    workspace = province(tmp_path)
    order = load_order(workspace, write_plan(workspace, audiences="[public, internal]"))
    jobs = plan_batch(workspace, order, workspace.outputs).jobs
    assert [job.audience for job in jobs[:2]] == ["internal", "public"]
    assert len({job.run for job in jobs}) == len(jobs) == 2 * len(workspace.units())
    assert jobs[1].name.endswith("tiny（公开版）")
    assert dict(jobs[1].parameters)["audience"] == "public"


def test_a_notebook_that_is_not_told_its_audience_makes_no_public_edition(tmp_path):
    workspace = province(tmp_path)
    path = workspace.notebooks / "tiny.ipynb"
    path.write_text(path.read_text("utf-8").replace("audience: str", "reader: str"), "utf-8")
    order = load_order(workspace, write_plan(workspace, audiences="[internal, public]"))
    with pytest.raises(BadFile, match=r"做不出公开版.*open_filing"):
        plan_batch(workspace, order, workspace.outputs)


@pytest.mark.slow
def test_a_batch_makes_both_editions_and_nothing_again(tmp_path, capsys, monkeypatch):
    leak = "print('电话1380013' + '8000') if unit == 'unit-b' and audience == 'public' else None"
    workspace = province(tmp_path, leak)
    write_plan(workspace, audiences="[internal, public]", formats="[html]")
    status, summary, _ = batch(workspace)
    units = workspace.units()
    assert (status, summary["done"], summary["failed"]) == (1, 2 * len(units) - 1, 1)
    (failure,) = summary["failures"]
    assert (failure["unit"], failure["audience"], failure["code"]) == (
        "unit-b",
        "public",
        "not-publishable",
    )
    assert "13800138000" not in failure["message"]
    for unit in units:
        folder = workspace.outputs / unit / "2022/tiny"
        named = {path.name for path in folder.iterdir() if path.is_symlink()}
        assert named == ({"current"} if unit == "unit-b" else {"current", "public"})
    listed = (workspace.outputs / "public.html").read_text("utf-8")
    assert "unit-b" not in listed
    assert units[0] in listed
    monkeypatch.setenv("JIXIAO_WORKSPACE", str(workspace.root))
    plan = str(workspace.params / "batches/plan.yaml")
    assert run(["batch", plan, "--why", units[0], "2022"]) == 0
    assert capsys.readouterr().out.count("不会重做") == 2
    assert run(["batch", plan, "--why", "unit-b", "2022"]) == 0
    said = capsys.readouterr().out
    assert said.count("不会重做") == 1
    assert "上次失败" in said


def test_the_sample_holds_what_the_tests_plant_into():
    text = SAMPLE.read_text("utf-8")
    assert text.count(NARRATIVE) == 1
    assert CELL in text
    assert os.environ.get("CANARY_TOKEN") is None
