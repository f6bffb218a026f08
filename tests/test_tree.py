"""What must not be in the tree: registry hosts, paths of one machine, people's telephone numbers.

Read are the files git would commit, and the texts inside Word, Excel, and zip files. The patterns
are built from pieces, so that this file holds none of what it looks for.
"""

import os
import re
import subprocess
import unicodedata
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NOT_OURS = frozenset({".git", ".venv", ".mypy_cache", ".pytest_cache", ".ruff_cache", "outputs"})
LOCKS = frozenset({"requirements.lock", "requirements-dev.lock"})
ARCHIVES = frozenset({".docx", ".xlsx", ".zip"})
ALLOWED_NUMBER = "13800138000"  # the carrier's own test number, used in examples

DOT = r"\."
REGISTRIES = (
    rf"(?:pypi|pythonhosted|npmjs|deb{DOT}debian|security{DOT}debian|proxy{DOT}golang|crates)"
    rf"{DOT}(?:org|com|io)"
)
MIRRORS = (
    rf"(?:mirrors?|pypi|tuna){DOT}(?:[a-z0-9-]+{DOT})*"
    rf"(?:aliyun|tencent|tencentyun|huaweicloud|ustc|tsinghua|163|douban|bfsu|sjtu)"
    rf"{DOT}(?:edu{DOT}cn|com|cn|org)"
)
HOST = re.compile(rf"(?<![\w-])(?:{REGISTRIES}|{MIRRORS})\b", re.IGNORECASE)

UNIX = r"(?<![\w.~*-])/(?:(?:work|farm|root)/|(?:home|Users)/[a-z])"
WINDOWS = r"\b[A-Z]:\\{1,2}Users\\"
MACHINE = re.compile(f"{UNIX}|{WINDOWS}")

# 11 digits, also as 3-4-4 and full-width; not a piece of a longer number or hash, not an amount.
DIGEST = re.compile(r"\b[0-9a-f]{32,}\b")
MOBILE = re.compile(r"(?<![\d.A-Za-z])[1１][3-9３-９]\d([ -]?)\d{4}\1\d{4}(?!\d|\.\d|\s*[元万亿])")


def complaints(name: str, text: str) -> list[str]:
    """What must not be in a file of this name holding this text."""
    found = [f"registry host {hit.group()}" for hit in HOST.finditer(text)]
    found += [f"path of a machine {hit.group()}" for hit in MACHINE.finditer(text)]
    if name not in LOCKS:
        found += [
            f"mobile number {hit.group()}"
            for hit in MOBILE.finditer(DIGEST.sub("", text))
            if re.sub(r"\D", "", unicodedata.normalize("NFKC", hit.group())) != ALLOWED_NUMBER
        ]
    return [f"{name}: {what}" for what in found]


def committed_files(root: Path) -> list[Path]:
    """Tracked and about to be tracked; without git, everything that is not made by a tool."""
    git = ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    if (root / ".git").exists():
        listing = subprocess.run(git, capture_output=True, check=True, timeout=60).stdout
        paths = {root / os.fsdecode(name) for name in listing.split(b"\0") if name}
    else:
        paths = {
            path for path in root.rglob("*") if NOT_OURS.isdisjoint(path.relative_to(root).parts)
        }
    return sorted(path for path in paths if path.is_file())


def texts(path: Path) -> Iterator[str]:
    """The text of a file, or those inside an archive, tags taken off; nothing for other binaries."""
    if path.suffix in ARCHIVES and zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for member in archive.namelist():
                if member.endswith((".xml", ".rels", ".txt", ".html")):
                    # Word breaks a number over runs: </w:t></w:r><w:r><w:t> is nothing to a reader.
                    markup = archive.read(member).decode("utf-8", "replace")
                    yield re.sub(r"<[^<>]*>", "", re.sub(r"</w:p>|</c>|</si>", "\n", markup))
        return
    data = path.read_bytes()
    if b"\0" not in data:
        yield data.decode("utf-8", "replace")


def test_the_tree_names_no_host_no_machine_and_nobody():
    files = committed_files(ROOT)
    assert ROOT / "pyproject.toml" in files
    found = [
        complaint
        for path in files
        for text in texts(path)
        for complaint in complaints(path.relative_to(ROOT).as_posix(), text)
    ]
    assert found == []


def test_no_lock_with_addresses_is_in_the_tree():
    assert not (ROOT / "uv.lock").exists(), "uv.lock holds hosts; `make lock` makes ours"
    for name in sorted(LOCKS):
        text = (ROOT / name).read_text("utf-8")
        assert not re.search(r"://|^\s*-|file:|@ ", re.sub(r"--hash=", "", text), re.MULTILINE)
        pins = re.findall(r"^[a-z].*?==", text, re.MULTILINE)
        assert len(pins) > 50
        assert text.count("--hash=sha256:") >= len(pins)


def test_the_development_lock_holds_the_runtime_lock():
    def pins(name: str) -> set[str]:
        return set(re.findall(r"^[a-z0-9-]+==\S+", (ROOT / name).read_text("utf-8"), re.MULTILINE))

    assert pins("requirements.lock") < pins("requirements-dev.lock")


# ------------------------------------------------- the proof can fail

NUMBER = "139" + "1234" + "5678"


@pytest.mark.parametrize(
    "text",
    [
        "see https://" + "pypi" + ".org/simple",
        "files." + "pythonhosted" + ".org",
        "https://" + "registry." + "npmjs" + ".org",
        "http://" + "deb." + "debian" + ".org",
        "https://pypi." + "tuna." + "tsinghua.edu.cn/simple",
        "https://mirrors." + "aliyun" + ".com/pypi",
        "in /" + "work/main",
        'path = "/' + 'home/somebody/x"',
        "/" + "root/.cache",
        "C:" + "\\Users\\somebody",
        f"电话{NUMBER}",
        f"电话：{NUMBER[:3]} {NUMBER[3:7]} {NUMBER[7:]}",
        f"{NUMBER[:3]}-{NUMBER[3:7]}-{NUMBER[7:]}",
        "".join(chr(ord(digit) + 0xFEE0) for digit in NUMBER),
    ],
)
def test_what_must_not_be_there_is_found(text):
    assert len(complaints("README.md", text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        f"电话 {ALLOWED_NUMBER}",
        "138****8000",
        f"sha256: {'ab' * 10}{NUMBER}{'c' * 33}",
        f"共 {NUMBER} 元，{NUMBER}.50",
        f"0.{NUMBER}",
        f"9{NUMBER}",
        "the pypi package; lib/work/x; outputs/home/a; ~/w" + "ork/",
        "schemas.openxmlformats.org",
    ],
)
def test_what_may_be_there_is_left_alone(text):
    assert complaints("README.md", text) == []


def test_locks_may_hold_long_numbers():
    assert complaints("requirements.lock", NUMBER) == []


def test_a_number_broken_over_runs_of_a_word_file_is_found(tmp_path):
    path = tmp_path / "filing.docx"
    with zipfile.ZipFile(path, "w") as archive:
        runs = f"<w:t>{NUMBER[:4]}</w:t></w:r><w:r><w:t>{NUMBER[4:]}</w:t>"
        archive.writestr("word/document.xml", f"<w:p><w:r>{runs}</w:r></w:p>")
    assert [complaints("filing.docx", text) for text in texts(path)] == [
        [f"filing.docx: mobile number {NUMBER}"]
    ]


def test_files_are_found_with_git_and_without(tmp_path):
    (tmp_path / "outputs").mkdir()
    for name in ("a.txt", "outputs/b.txt"):
        (tmp_path / name).write_text("", "utf-8")
    assert committed_files(tmp_path) == [tmp_path / "a.txt"]
    (tmp_path / ".gitignore").write_text("outputs/\n", "utf-8")
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True, timeout=60)
    assert committed_files(tmp_path) == [tmp_path / ".gitignore", tmp_path / "a.txt"]
