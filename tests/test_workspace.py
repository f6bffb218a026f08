import errno
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.workbench import ROSTER, UNIT, YEAR, make_workspace, tree, write_unit_year

from jixiao.errors import BadFile, JixiaoError, UnknownName
from jixiao.workspace import files
from jixiao.workspace.filed import check_documents, open_document
from jixiao.workspace.files import (
    commit_folder,
    digest_bytes,
    point,
    read_pointer,
    remove_folder,
    write_atomically,
)
from jixiao.workspace.places import Workspace, is_id
from jixiao.workspace.roster import load_roster
from jixiao.workspace.units import load_unit_year
from jixiao.workspace.yaml_file import load_yaml, load_yaml_text

REPOSITORY = Path(__file__).parents[1]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return make_workspace(tmp_path)


# ---------------------------------------------------------------- places


def test_the_workspace_is_found_from_a_folder_within(workspace, monkeypatch):
    monkeypatch.chdir(workspace.notebooks)
    assert Workspace.find() == workspace


def test_the_variable_wins_over_the_current_folder(workspace, monkeypatch):
    monkeypatch.chdir("/")
    monkeypatch.setenv("JIXIAO_WORKSPACE", str(workspace.root))
    assert Workspace.find() == workspace


@pytest.mark.parametrize("named", [None, "nowhere"])
def test_no_workspace_says_what_to_do(tmp_path, monkeypatch, named):
    monkeypatch.chdir(tmp_path)
    if named:
        monkeypatch.setenv("JIXIAO_WORKSPACE", named)
    with pytest.raises(BadFile, match=r"params/units.*JIXIAO_WORKSPACE.*\[no-workspace\]"):
        Workspace.find()


@given(st.text())
def test_an_id_is_a_folder_name_on_any_system(text):
    if is_id(text):
        assert text.isascii()
        assert text == text.lower()
        assert not set(text) & set("./\\ :*?<>|\"'`$\n\0")
        assert 2 <= len(text) <= 32


@pytest.mark.parametrize(
    "hostile",
    ["..", "../x", "/etc", "a/b", "", "-rf", "{pm}", "审计局", "A1", "con", "lpt1", "a\n"],
)
def test_a_hostile_id_is_an_unknown_unit(workspace, hostile):
    before = tree(workspace.root)
    with pytest.raises(UnknownName, match=r"test-unit.*\[unknown-unit\]"):
        load_unit_year(workspace, hostile, YEAR)
    assert tree(workspace.root) == before


# ---------------------------------------------------------------- units


def test_a_unit_and_year_are_read(workspace):
    unit_year = load_unit_year(workspace, UNIT, YEAR)
    assert (unit_year.name, unit_year.projects[0].id, unit_year.rubrics) == (
        "测试局",
        "first-project",
        {},
    )
    assert open_document(unit_year.documents[0], "x").startswith("测试局".encode())


def test_the_units_of_this_repository_are_whole():
    workspace = Workspace(REPOSITORY)
    registered = {unit.id for unit in load_roster(workspace)}
    for unit in workspace.units():
        assert unit in registered
        for year in workspace.years(unit):
            unit_year = load_unit_year(workspace, unit, year)
            check_documents(unit_year.documents, unit_year.path.name)
            assert unit_year.documents


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"name": "别的局"}, r"name “别的局” 与名册不同.*测试局.*\[unit-name\]"),
        ({"name": "测\u202e试局"}, r"U\+202E.*\[yaml-text\]"),
        ({"unit": "other"}, r"unit 是 “other”.*test-unit.*\[unit-file\]"),
        ({"year": "2021"}, r"year 是 “2021”.*2022.*\[unit-file\]"),
        ({"year": "'2022'"}, r"第3行：year 是“2022”。应为整数.*\[yaml-type\]"),
        ({"nmae": "x"}, r"第6行：不认识的键 “nmae”.*name.*\[yaml-unknown-key\]"),
        ({"filing": "[{file: ../x, sha256: 0}]"}, r"“../x”不是文件名.*\[filing-name\]"),
        ({"filing": "[{file: x.txt, sha256: abc}]"}, r"“abc”不是 sha256.*64.*\[filing-digest\]"),
        ({"filing": "[]"}, r"没有列出文件.*jixiao intake.*\[filing-none\]"),
        ({"edition": "2"}, r"edition 是 2.*应为1.*\[edition-number\]"),
        ({"superseded": "[{}]"}, r"缺少键 edition、on、reason、filing"),
        ({"projects": "[{id: department, name: 甲}]"}, r"“department” 已被占用.*\[project-id\]"),
        ({"projects": "[{id: X, name: 甲}]"}, r"“X”不能作编号.*\[bad-id\]"),
        ({"projects": "[1]"}, r"projects 的第 1 项是 “1”.*\[yaml-type\]"),
        (
            {"corrections": "[{}]"},
            r"的 corrections 第 1 条：缺少键 at、expect、value、reason、by、on",
        ),
        ({"decisions": "[{}]"}, r"的 decisions 第 1 条：缺少键 finding、cells、decision"),
        ({"rubrics": "{region: x}"}, r"不认识的键 “region”.*department、project"),
    ],
)
def test_a_mistake_in_a_units_file_has_an_address(workspace, changed, expected):
    write_unit_year(workspace.root, **changed)
    with pytest.raises(BadFile, match=expected):
        load_unit_year(workspace, UNIT, YEAR)


def test_unknown_names_list_the_known(workspace):
    with pytest.raises(UnknownName, match=r"“2021”.*2022"):
        load_unit_year(workspace, UNIT, 2021)
    with pytest.raises(UnknownName, match=r"“x”.*first-project"):
        load_unit_year(workspace, UNIT, YEAR).project("x")


def test_a_missing_filing_and_a_changed_one_are_told_apart(workspace):
    documents = load_unit_year(workspace, UNIT, YEAR).documents
    path = documents[0].path
    path.write_text("改过")
    found, filed = digest_bytes("改过".encode()), documents[0].sha256
    with pytest.raises(BadFile, match=rf"{found}.*{filed}.*\[filing-changed\]"):
        check_documents(documents, "2022.yaml")
    path.unlink()
    with pytest.raises(
        BadFile, match=r"data/filings/test-unit/2022/filing.txt.*\[filing-missing\]"
    ):
        check_documents(documents, "2022.yaml")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("level: county", "level: district", r"“district”.*county"),
        ("parent: null", "parent: nobody", r"“nobody”"),
        ("id: test-unit", "id: 测试", r"“测试”不能作编号"),
        ("units:", "unit:", r"不认识的键 “unit”"),
        ("{name: 测试局, from: null, to: null}", "", r"没有名称"),
    ],
)
def test_a_mistake_in_the_roster_is_named(workspace, old, new, expected):
    (workspace.unit_folder / "roster.yaml").write_text(ROSTER.replace(old, new), "utf-8")
    with pytest.raises(JixiaoError, match=expected):
        load_roster(workspace)


# ---------------------------------------------------------------- YAML


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\nb: 2\na: 3", r"x.yaml 第3行：键 “a” 重复，第1行已有.*\[yaml-duplicate-key\]"),
        ("a: &x [1]\nb: *x", r"第1行 的 a.*\[yaml-alias\]"),
        ("a: {b: *x}", r"\[yaml-alias\]"),
        ("a: !!python/object/apply:os.system [ls]", r"python/object.*\[yaml-tag\]"),
        ("a:\n  - b: !x 1", r"第2行 的 a.1.b.*\[yaml-tag\]"),
        ("a: [[[", r"\[yaml-syntax\]"),
        ("a: " + "[" * 100_000, r"\[yaml-depth\]"),
        ("- 1", r"\[yaml-mapping\]"),
        ("", r"\[yaml-mapping\]"),
        ("a: 1\n---\nb: 2", r"\[yaml-documents\]"),
        ("? [a]\n: 1", r"\[yaml-key\]"),
        ("a: \x07", r"\[yaml-syntax\]"),
    ],
)
def test_what_yaml_is_refused(text, expected):
    with pytest.raises(BadFile, match=expected):
        load_yaml_text(text, "x.yaml")


def test_only_null_booleans_and_plain_integers_are_more_than_texts():
    text = """{a: 2022-01-01, b: 0.5, c: 028, d: 2022_1, e: NO, f: 1e3, g: 12:30, h: '1',
               i: true, j: null, k: -3, l: 0x1F, m: .inf, n: '', o: 12345678901234567890}"""
    written = "a=2022-01-01 b=0.5 c=028 d=2022_1 e=NO f=1e3 g=12:30 h=1 l=0x1F m=.inf n="
    texts = dict(pair.split("=") for pair in written.split())
    others = {"i": True, "j": None, "k": -3, "o": "12345678901234567890"}
    assert load_yaml_text(text, "x") == texts | others


def test_a_file_that_is_not_utf8_or_too_large_is_refused(tmp_path):
    path = tmp_path / "x.yaml"
    with pytest.raises(BadFile, match="yaml-missing"):
        load_yaml(path)
    path.write_bytes("名: 值".encode("gbk"))
    with pytest.raises(BadFile, match="yaml-encoding"):
        load_yaml(path)
    path.write_bytes(b"a: " + b"x" * 4_000_001)
    with pytest.raises(BadFile, match="yaml-size"):
        load_yaml(path)


# ---------------------------------------------------------------- the writer


def test_a_file_is_written_whole_with_mode_0644(tmp_path):
    old = os.umask(0o077)
    try:
        write_atomically(tmp_path / "new" / "x", b"one")
        write_atomically(tmp_path / "new" / "x", b"two")
    finally:
        os.umask(old)
    assert tree(tmp_path) == {"new/x": b"two"}
    assert stat.S_IMODE((tmp_path / "new" / "x").stat().st_mode) == 0o644
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o755


def test_a_folder_appears_whole_and_never_changes(tmp_path):
    path = commit_folder(tmp_path / "runs", "a1", {"x": b"1", "y": b"2"})
    assert tree(path) == {"x": b"1", "y": b"2"}
    with pytest.raises(FileExistsError):
        commit_folder(tmp_path / "runs", "a1", {"x": b"3"})
    assert tree(tmp_path) == {"runs/a1/x": b"1", "runs/a1/y": b"2"}
    assert stat.S_IMODE(path.stat().st_mode) == 0o755
    remove_folder(path)
    remove_folder(path)
    assert names(tmp_path / "runs") == []


@pytest.mark.parametrize("call", ["fsync", "rename", "open"])
@pytest.mark.parametrize(
    ("number", "said"), [(errno.ENOSPC, "磁盘已满"), (errno.EIO, "磁盘读写"), (errno.EROFS, "只读")]
)
def test_a_full_or_broken_disk_leaves_nothing_half_written(
    tmp_path, monkeypatch, call, number, said
):
    (tmp_path / "runs").mkdir()
    write_atomically(tmp_path / "runs" / "x", b"old")

    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, call, refuse)
    if call == "rename":
        monkeypatch.setattr(os, "replace", refuse)
    if call == "open":
        monkeypatch.setattr(files, "_write", refuse)
    for write in (
        lambda: commit_folder(tmp_path / "runs", "a1", {"x": b"1"}),
        lambda: write_atomically(tmp_path / "runs" / "x", b"new"),
    ):
        with pytest.raises(JixiaoError, match=rf"runs.*{said}.*\[cannot-write\]"):
            write()
    monkeypatch.undo()
    assert tree(tmp_path) == {"runs/x": b"old"}


def test_the_pointer_is_a_relative_link_replaced_by_rename(tmp_path):
    point(tmp_path / "current", "a1")
    assert (tmp_path / "current").readlink() == Path("a1")
    point(tmp_path / "current", "b2")
    assert read_pointer(tmp_path / "current") == "b2"
    assert names(tmp_path) == ["current"]


def test_where_there_are_no_links_the_pointer_is_a_line(tmp_path, monkeypatch):
    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "symlink", refuse)
    point(tmp_path / "current", "a1")
    point(tmp_path / "current", "b2")
    assert tree(tmp_path) == {"current": b"b2\n"}
    assert read_pointer(tmp_path / "current") == "b2"


def test_a_pointer_that_leads_elsewhere_is_none(tmp_path):
    assert read_pointer(tmp_path / "current") is None
    (tmp_path / "current").symlink_to("../elsewhere")
    assert read_pointer(tmp_path / "current") is None


def test_what_the_dead_left_staged_is_removed_and_the_living_keep_theirs(tmp_path):
    dead = subprocess.Popen([sys.executable, "-c", "pass"])
    dead.wait()
    for pid in (dead.pid, os.getpid()):
        folder = tmp_path / f".staging-a1-{pid}-1"
        folder.mkdir()
        (folder / "x").write_bytes(b"half")
    (tmp_path / f".staging-current-{dead.pid}-2").symlink_to("a1")
    commit_folder(tmp_path, "b2", {"x": b"1"})
    assert names(tmp_path) == [f".staging-a1-{os.getpid()}-1", "b2"]


KILLED = """
import os, sys
from pathlib import Path
from jixiao.workspace.files import commit_folder, point
calls = 0
def dying(name):
    call = getattr(os, name)
    def wrapped(*arguments, **options):
        global calls
        calls += 1
        if calls == int(sys.argv[2]):
            os._exit(9)
        return call(*arguments, **options)
    setattr(os, name, wrapped)
for name in ("mkdir", "open", "fsync", "fchmod", "rename", "replace", "symlink"):
    dying(name)
folder = commit_folder(Path(sys.argv[1], "key"), "b2", {"x": b"1" * 9999, "y": b"2"})
point(folder.with_name("current"), "b2")
"""


def test_a_death_at_any_call_leaves_the_old_run_or_the_new_one(tmp_path):
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY / "lib")}
    status, call = 9, 0
    while status == 9:
        call += 1
        root = tmp_path / str(call)
        point(commit_folder(root / "key", "a1", {"x": b"old"}).with_name("current"), "a1")
        command = [sys.executable, "-c", KILLED, str(root), str(call)]
        status = subprocess.run(command, env=environment).returncode
        current = read_pointer(root / "key" / "current")
        assert current in {"a1", "b2"}
        seen = [name for name in names(root / "key") if not name.startswith(".staging-")]
        assert seen in (["a1", "current"], ["a1", "b2", "current"])
        if "b2" in seen:
            assert tree(root / "key" / "b2") == {"x": b"1" * 9999, "y": b"2"}
        else:
            assert current == "a1"
        commit_folder(root / "key", "c3", {"x": b"3"})
        assert [name for name in names(root / "key") if name.startswith(".")] == []
    assert (status, current) == (0, "b2")
    assert call > 8
