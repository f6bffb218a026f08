"""Mistakes in rule books and in the checklist: one broken file each, and the words of its error."""

import shutil
from pathlib import Path

import pytest

from jixiao.audit import CHECKS, DEPARTMENT_CHECKS, FILING_CHECKS, PROJECT_CHECKS
from jixiao.errors import BadFile, JixiaoError, UnknownName
from jixiao.rubric import choose_rubric, load_checklist, load_rubric, rubric_ids

ROOT = Path(__file__).parent.parent
BOOKS = ROOT / "params/rubrics"
#: A budget year for books that do not hold in 2020.
YEARS = {"mof-2021-101": 2021, "sichuan-2023": 2023}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copied = tmp_path / "params/rubrics"
    shutil.copytree(ROOT / "params/rubrics", copied)
    return copied


@pytest.mark.parametrize(
    ("old", "new", "code", "words"),
    [
        ("  grades:", "  grade:", "yaml-unknown-key", "不认识的键 “grade”"),
        ("id: mof-2020-10", "id: mof-2020-11", "rubric-id", "与文件名不同"),
        ("verified: true", "verified: maybe", "rubric-verified", "true 或 false"),
        ("value: 100}", "value: many}", "rubric-number", "“many”不是数"),
        ("values: [{from: 2020, value: 2}]", "values: []", "rubric-values", "没有数值"),
        (
            "{from: 2020, value: 100}",
            "{from: 2030, value: 100}",
            "rubric-values",
            "2022 预算年度没有生效",
        ),
        (
            "title: 项目支出绩效评价管理办法",
            "titel: 项目支出绩效评价管理办法",
            "yaml-unknown-key",
            "titel",
        ),
        ("issued_by: 财政部", "issued_by: 财政部\nissued_by: 国务院", "yaml-duplicate-key", "重复"),
        ("{name: 差, at_least: 0}", "{name: 差}", "yaml-missing-key", "at_least"),
    ],
)
def test_a_wrong_rule_book_is_refused_with_its_place(folder, old, new, code, words):
    path = folder / "mof-2020-10.yaml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(BadFile) as caught:
        load_rubric(folder, "mof-2020-10", 2022, "project")
    assert caught.value.code == code
    assert words in str(caught.value)
    assert "params/rubrics/mof-2020-10.yaml" in str(caught.value)


def test_an_unknown_rule_book_lists_the_known(folder):
    with pytest.raises(UnknownName, match="mof-2016-123、mof-2020-10"):
        load_rubric(folder, "mof-2099-1", 2022, "project")


def test_two_rule_books_in_force_are_an_error(folder):
    second = (folder / "mof-2020-10.yaml").read_text("utf-8").replace("mof-2020-10", "copy")
    (folder / "copy.yaml").write_text(second, "utf-8")
    with pytest.raises(BadFile, match="copy、mof-2020-10"):
        choose_rubric(folder, 2022, "project")
    assert choose_rubric(folder, 2022, "project", "copy").id == "copy"


def test_every_rule_says_where_it_stands():
    for rubric_id in rubric_ids(BOOKS):
        book = load_rubric(BOOKS, rubric_id, YEARS.get(rubric_id, 2020), "department")
        known = {rubric_id, book.extends, "mof-2020-10", None}
        for rule in (*book.rules, *book.indicators):
            assert rule.reference.title != "未注明依据"
            owner, key = rule.reference.key.split(".", 1)
            assert key == rule.key
            assert owner in known


def test_checklist_and_code_name_the_same_checks():
    checklist = load_checklist(ROOT / "params/checks.yaml")
    coded = {check_id for check_id, _ in (*CHECKS, *DEPARTMENT_CHECKS, *PROJECT_CHECKS)}
    coded |= {check_id for check_id, _ in FILING_CHECKS}
    assert sorted(coded) == sorted(entry.id for entry in checklist.entries)
    assert len({entry.code for entry in checklist.entries}) == len(coded)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("    severity: high", "    severity: huge", "check-severity"),
        ("A-03: same_gap", "A-03: looks_alike", "check-proof"),
        ("    does:", "    do:", "yaml-unknown-key"),
        ("of: department", "of: county", "check-subject"),
    ],
)
def test_a_wrong_checklist_is_refused(tmp_path, old, new, code):
    path = tmp_path / "params/checks.yaml"
    path.parent.mkdir()
    path.write_text((ROOT / "params/checks.yaml").read_text("utf-8").replace(old, new, 1), "utf-8")
    with pytest.raises(JixiaoError) as caught:
        load_checklist(path)
    assert caught.value.code == code
    assert "params/checks.yaml" in caught.value.where
