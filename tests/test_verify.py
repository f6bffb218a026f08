"""Reports that prove themselves: any byte changed is named, and what else was tampered with."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from tests.figures import record
from tests.proofs import REPOSITORY, forge, make_run, rewrite, with_attachments

from jixiao.batch.folders import make_current, manifest_bytes
from jixiao.cli import run as command
from jixiao.errors import BadFile, JixiaoError
from jixiao.publish.verify import (
    check_signature,
    create_key,
    sign_statement,
    statement_file,
    statement_of,
    verify_run,
    verify_tree,
)
from jixiao.publish.verify.folder import check_folder
from jixiao.workspace.files import commit_folder
from jixiao.workspace.runs import run_key

RESULTS = REPOSITORY / "tests/results/tamper.json"
#: How many forged reports are tried: in the test suite, and in the long run.
FEW, MANY = range(16), range(16, 200)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    outputs = tmp_path_factory.mktemp("made") / "outputs"
    for unit in ("unit-a", "unit-b"):
        for key in ("department", "project-1"):
            make_run(outputs, unit, 2022, key)
    return outputs


@pytest.fixture
def outputs(made: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "outputs"
    shutil.copytree(made, copy, symlinks=True)
    return copy


def runs_of(outputs: Path) -> list[Path]:
    return sorted(path.parent for path in outputs.rglob("manifest.json"))


@pytest.fixture
def report(outputs: Path) -> Path:
    return runs_of(outputs)[0]


def fault(folder: Path) -> BadFile:
    with pytest.raises(BadFile) as raised:
        verify_run(folder)
    return raised.value


# ---------------------------------------------------------------- files


def small_run(root: Path) -> Path:
    decided = {"schema": "jixiao.run/1", "key": "department", "unit": "unit-a", "year": 2022}
    files = {"report.html": "<p>得分 9.50</p>".encode(), "result.json": b'{\n "score": "9.50"\n}\n'}
    run = run_key(decided)
    whole = files | {"manifest.json": manifest_bytes(decided, run, files)}
    return commit_folder(root / "unit-a/2022/department", run, whole)


def sweep(folder: Path, step: int = 1) -> int:
    """Change every byte of every file, one at a time; each must be named; count them."""
    tried = 0
    for path in sorted(folder.iterdir()):
        data = path.read_bytes()
        file = os.open(path, os.O_RDWR)
        for place in range(0, len(data), step):
            os.pwrite(file, bytes([data[place] ^ 1]), place)
            with pytest.raises(BadFile) as raised:
                check_folder(folder)
            named = Path(raised.value.where)
            # A name or size changed in the manifest is told as the file that does not fit it.
            assert named == path or (path.name == "manifest.json" and named.parent == folder)
            os.pwrite(file, data[place : place + 1], place)
            tried += 1
        os.close(file)
    assert check_folder(folder).files
    return tried


def test_every_byte_of_a_small_run_counts(tmp_path):
    assert sweep(small_run(tmp_path)) > 400


def test_a_changed_byte_anywhere_in_a_report_is_named(report):
    assert sweep(report, step=4_999) > 100


@pytest.mark.fuzz
@pytest.mark.timeout(7200)
def test_every_byte_of_a_report_counts(tmp_path):
    folder = make_run(tmp_path, "unit-a", 2022, "project-1", formats=("html",))
    tried = sweep(folder)
    assert tried == sum(path.stat().st_size for path in folder.iterdir()) > 300_000
    record(RESULTS, "every byte of one run folder", {"bytes": tried, "not named": 0})


def test_a_run_that_nobody_touched_is_whole(outputs):
    proofs = list(verify_tree(outputs))
    assert len(proofs) == 4
    assert all(not isinstance(proof, BadFile) and proof.attachments == 4 for proof in proofs)
    assert {proof.lines for proof in proofs if not isinstance(proof, BadFile)} == {10}


def test_a_file_missing_or_added_is_named(report):
    (report / "result.json").rename(report / "result.json.bak")
    assert (fault(report).code, Path(fault(report).where).name) == ("file-missing", "result.json")
    (report / "result.json.bak").rename(report / "result.json")
    (report / "extra.txt").write_text("x")
    assert (fault(report).code, Path(fault(report).where).name) == ("file-added", "extra.txt")


@pytest.mark.parametrize("name", ["report.html", "report.ipynb", "report.pdf", "result.json"])
def test_a_file_of_another_report_is_named(outputs, name):
    one, other = runs_of(outputs)[:2]
    shutil.copyfile(other / name, one / name)
    assert (fault(one).code, Path(fault(one).where).name) == ("file-altered", name)


def test_a_file_that_leads_elsewhere_is_no_file_of_the_run(report):
    (report / "result.json").rename(report.parent / "elsewhere.json")
    (report / "result.json").symlink_to(report.parent / "elsewhere.json")
    assert fault(report).code == "file-missing"


@pytest.mark.parametrize(
    ("level", "words"), [(0, "目录名是"), (1, "放在了"), (2, "放在了"), (3, "放在了")]
)
def test_a_report_in_another_place_is_named(outputs, level, words):
    """Every pair of runs whose places differ in one level; the place is the report's meaning."""
    folder = runs_of(outputs)[0]
    names = ["0" * 12, "project-9", "2021", "unit-c"]
    target = (folder, *folder.parents)[level]
    moved = target.rename(target.with_name(names[level]))
    inside = moved.joinpath(*folder.parts[len(folder.parts) - level :]) if level else moved
    found = fault(inside)
    assert found.code == "wrong-place"
    assert words in found.what


def test_every_pair_of_runs_swapped_is_named(outputs):
    folders = runs_of(outputs)
    for one in folders:
        for other in folders:
            if one == other:
                continue
            aside = outputs / "aside"
            one.rename(aside)
            shutil.copytree(other, one)
            assert fault(one).code == "wrong-place"
            shutil.rmtree(one)
            aside.rename(one)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda m: m.update(year=2021), "运行键与清单的内容不符"),
        (lambda m: m["files"].pop(), "多出的"),
        (lambda m: m.pop("files"), "不是一份完整的清单"),
        (lambda m: m["files"][0].update(name="../x"), "写法与本工作台写出的不同"),
        (lambda m: m.update(run="0" * 12), "运行键与清单的内容不符"),
    ],
)
def test_a_manifest_of_another_hand_is_named(report, change, words):
    path = report / "manifest.json"
    manifest = json.loads(path.read_bytes())
    change(manifest)
    path.write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", "utf-8")
    assert words in fault(report).what


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"run": 1}', b"\xff", b'"x"', b"null"])
def test_a_broken_manifest_is_told_without_a_traceback(report, data):
    (report / "manifest.json").write_bytes(data)
    assert fault(report).code == "manifest-unreadable"


# ---------------------------------------------------------------- attachments


@pytest.mark.parametrize("name", ["report.ipynb", "result.json", "reading.json", "rubric.yaml"])
def test_another_attachment_is_named(report, name):
    def change(files: dict[str, bytes]) -> None:
        data = files.get(name)
        other = data.replace(b"2022", b"2021", 1) if data else b'{"unit": "x"}'
        files["report.pdf"] = with_attachments(files["report.pdf"], {name: other})

    rewrite(report, change)
    found = fault(report)
    assert (found.code, name in found.what) == ("attachment-differs", True)


def test_a_pdf_without_its_data_or_no_pdf_at_all_is_told(report):
    rewrite(report, lambda files: files.update({"report.pdf": b"%PDF-1.7 nothing"}))
    assert fault(report).code == "attachment-differs"


# ---------------------------------------------------------------- scores


def forgeries(both: dict[str, Any]) -> list[tuple[dict[str, Any], str]]:
    """Every figure of the result's scores, and every filed one that they are computed from."""
    score, reading = both["result"]["score"], both["reading"]
    found = [(score, name) for name in ("stated_total", "claimed_sum", "score_total", "points_total",
             "total_on_100", "low", "high", "low_on_100", "high_on_100", "coverage")]  # fmt: skip
    for line in score["lines"]:
        found += [(line, name) for name in ("points", "claimed_score", "score", "low", "high")]
    found += [(each, "value") for each in score["indicators_of_base_data"]]
    key = both["result"]["key"]
    evaluation = next(each for each in reading["evaluations"] if each["key"] == key)
    found += [(evaluation["budget"], name) for name in ("points", "score")]
    for indicator in evaluation["indicators"]:
        found += [(indicator, name) for name in ("points", "score")]
    return [(owner, name) for owner, name in found if owner[name] is not None]


def forge_one(folder: Path, seed: int) -> str:
    """Change one figure wherever it stands, so that files, attachments and manifest agree."""
    chance = Random(seed)
    told: list[str] = []

    def change(both: dict[str, Any]) -> None:
        owner, name = chance.choice(forgeries(both))
        was = owner[name]
        digits = [index for index, sign in enumerate(was) if sign.isdigit()]
        place = chance.choice(digits)
        other = chance.choice([d for d in "123456789" if d != was[place]])
        owner[name] = was[:place] + other + was[place + 1 :]
        told.append(f"{name}: {was} → {owner[name]}")

    forge(folder, change)
    return told[0]


def try_forgeries(outputs: Path, seeds: range) -> int:
    folders = runs_of(outputs)
    whole = {folder: {p.name: p.read_bytes() for p in folder.iterdir()} for folder in folders}
    for seed in seeds:
        folder = folders[seed % len(folders)]
        told = forge_one(folder, seed)
        with pytest.raises(BadFile) as raised:
            verify_run(folder)
        assert raised.value.code == "score-differs", (seed, told)
        for name, data in whole[folder].items():
            (folder / name).write_bytes(data)
    return len(seeds)


def test_a_figure_forged_everywhere_does_not_follow_from_what_is_attached(outputs):
    assert try_forgeries(outputs, FEW) == len(FEW)


@pytest.mark.fuzz
def test_nor_does_any_of_many_more(outputs):
    tried = try_forgeries(outputs, range(MANY.stop))
    record(RESULTS, "figures forged in result, notebook, PDF and manifest at once",
           {"forged": tried, "not named": 0})  # fmt: skip


def test_another_rule_book_is_named(report):
    def change(files: dict[str, bytes]) -> None:
        files["report.pdf"] = with_attachments(files["report.pdf"], {"rubric.yaml": b"id: x\n"})

    rewrite(report, change)
    assert "rubric.yaml" in fault(report).what


# ---------------------------------------------------------------- signatures


@pytest.fixture
def key(tmp_path: Path) -> Path:
    create_key(tmp_path / "keys")
    return tmp_path / "keys"


def sign(outputs: Path, key: Path) -> None:
    manifests = [check_folder(folder) for folder in runs_of(outputs)]
    sign_statement(
        statement_of(manifests, "某区财政局", "2026-11-24"), key, statement_file(outputs)
    )


def signed_fault(outputs: Path, key: Path) -> str:
    manifests = [check_folder(folder) for folder in runs_of(outputs)]
    with pytest.raises(BadFile) as raised:
        check_signature(outputs, manifests, key.with_name("keys.pub"), None)
    return raised.value.code


def test_what_was_signed_holds(outputs, key):
    sign(outputs, key)
    public = key.with_name("keys.pub")
    manifests = [check_folder(folder) for folder in runs_of(outputs)]
    statement = check_signature(outputs, manifests, public, None)
    assert (statement.by, statement.on, len(statement.subjects)) == ("某区财政局", "2026-11-24", 4)
    one = runs_of(outputs)[0]
    for path in (one, one.parent, one.parents[1], one.parents[2]):
        inside = [manifest for manifest in manifests if manifest.folder.is_relative_to(path)]
        assert check_signature(path, inside, public, None) == statement


def forge_consistently(outputs: Path) -> None:
    rewrite(runs_of(outputs)[0], lambda files: files.update({"report.html": b"<p>100</p>"}))


def roll_back(outputs: Path) -> None:
    folder = runs_of(outputs)[0]
    older = folder.with_name("0" * 12)
    decided = {
        "schema": "jixiao.run/1",
        "key": "department",
        "unit": "unit-a",
        "year": 2022,
        "n": 1,
    }
    files = {
        path.name: path.read_bytes() for path in folder.iterdir() if path.name != "manifest.json"
    }
    older = folder.with_name(run_key(decided))
    files["manifest.json"] = manifest_bytes(decided, older.name, files)
    commit_folder(folder.parent, older.name, files)
    make_current(older)
    shutil.rmtree(folder)


def take_away(outputs: Path) -> None:
    shutil.rmtree(runs_of(outputs)[0])


def take_a_unit_away(outputs: Path) -> None:
    shutil.rmtree(outputs / "unit-a")


def add(outputs: Path) -> None:
    make_run(outputs, "unit-c", 2022, "department")


def point_nowhere(outputs: Path) -> None:
    (runs_of(outputs)[0].parent / "current").unlink()


@pytest.mark.parametrize(
    ("tamper", "code"),
    [
        (forge_consistently, "run-altered"),
        (roll_back, "run-not-signed"),
        (take_away, "run-missing"),
        (take_a_unit_away, "run-missing"),
        (add, "run-not-signed"),
        (point_nowhere, "pointer-altered"),
    ],
)
def test_what_changed_since_it_was_signed_is_named(outputs, key, tamper, code):
    sign(outputs, key)
    tamper(outputs)
    assert signed_fault(outputs, key) == code


def test_every_byte_of_a_signature_counts(outputs, key):
    sign(outputs, key)
    file = statement_file(outputs)
    data = file.read_bytes()
    for place in range(0, len(data), 7):
        changed = bytearray(data)
        changed[place] ^= 1
        file.write_bytes(changed)
        assert signed_fault(outputs, key) in ("signature-wrong", "signature-unreadable"), place
    file.write_bytes(data)
    assert check_signature(outputs, [check_folder(f) for f in runs_of(outputs)],
                           key.with_name("keys.pub"), None)  # fmt: skip


def test_without_a_signature_or_by_another_key_it_fails_closed(outputs, key, tmp_path):
    assert signed_fault(outputs, key) == "signature-missing"
    sign(outputs, key)
    create_key(tmp_path / "other")
    manifests = [check_folder(folder) for folder in runs_of(outputs)]
    with pytest.raises(BadFile) as raised:
        check_signature(outputs, manifests, tmp_path / "other.pub", None)
    assert raised.value.code == "signature-wrong"
    statement_file(outputs).write_text("{}")
    assert signed_fault(outputs, key) == "signature-unreadable"


def test_a_key_is_for_its_owner_and_is_never_overwritten(key):
    assert key.stat().st_mode & 0o777 == 0o600
    with pytest.raises(JixiaoError, match="不会覆盖"):
        create_key(key)


# ---------------------------------------------------------------- the commands


def lines(capsys: pytest.CaptureFixture[str]) -> Iterator[str]:
    return iter(capsys.readouterr().out.splitlines())


def test_the_commands_make_a_key_sign_and_verify(outputs, tmp_path, capsys):
    key = tmp_path / "office"
    assert command(["sign", "--new-key", str(key)]) == 0
    assert command(["sign", str(outputs), "--key", str(key), "--by", "某区财政局"]) == 0
    capsys.readouterr()
    assert command(["verify", str(outputs), "--key", f"{key}.pub"]) == 0
    told = capsys.readouterr().out
    assert told.count("得分 10 行重新核算一致") == 4
    assert "签名有效（某区财政局，" in told
    assert "不能防止" in told


def test_the_command_names_the_difference_and_fails(outputs, capsys):
    folder = runs_of(outputs)[1]
    path = folder / "report.html"
    path.write_bytes(path.read_bytes().replace(b"9", b"8", 1))
    assert command(["verify", str(outputs)]) == 1
    captured = capsys.readouterr()
    assert f"{path}：内容变了" in captured.out
    assert "1 处不同，3 次运行一致" in captured.err
    assert command(["verify", str(outputs), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert [entry["code"] for entry in told["differences"]] == ["file-altered"]
    assert len(told["verified"]) == 3


def test_what_cannot_be_verified_is_told(tmp_path, capsys):
    assert command(["verify", str(tmp_path)]) == 1
    assert "这里没有运行目录" in capsys.readouterr().err
    assert command(["sign", str(tmp_path)]) == 2
    assert "--new-key" in capsys.readouterr().err


def verified_afresh(folder: Path, cwd: Path) -> tuple[int, str]:
    """Verify in a process of its own, in a folder that is no workspace."""
    done = subprocess.run(
        [sys.executable, "-m", "jixiao", "verify", str(folder)],
        cwd=cwd, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout


def afresh(outputs: Path, tmp_path: Path, seeds: range) -> int:
    folders = runs_of(outputs)
    for seed in seeds:
        folder = folders[seed % len(folders)]
        whole = {path.name: path.read_bytes() for path in folder.iterdir()}
        forge_one(folder, seed)
        status, told = verified_afresh(folder, tmp_path)
        assert (status, "重新核算是" in told) == (1, True), (seed, told)
        for name, data in whole.items():
            (folder / name).write_bytes(data)
        if seed % 10 == 0:
            assert verified_afresh(folder, tmp_path)[0] == 0
    return len(seeds)


def test_a_fresh_process_without_the_workspace_finds_it_too(outputs, tmp_path):
    assert afresh(outputs, tmp_path, range(1)) == 1


@pytest.mark.fuzz
@pytest.mark.timeout(3600)
def test_so_it_does_two_hundred_times(outputs, tmp_path):
    tried = afresh(outputs, tmp_path, range(200))
    record(RESULTS, "forged reports in a fresh process each", {"forged": tried, "not named": 0})
