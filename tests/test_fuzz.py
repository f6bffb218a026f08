"""Long random search (``make fuzz``): nothing a unit wrote stops reading, scoring or the audit."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jixiao.audit import examine
from jixiao.errors import BadFile
from jixiao.importers import read_document
from jixiao.model import Filing
from jixiao.rubric import choose_rubric, load_checklist
from jixiao.scoring import score

ROOT = Path(__file__).parent.parent
LINES = (Path(__file__).parent / "data/ziyang-justice-2022.txt").read_text("utf-8").split("\n")
RUBRICS = {
    kind: choose_rubric(ROOT / "params/rubrics", 2022, kind) for kind in ("department", "project")
}
CHECKLIST = load_checklist(ROOT / "params/checks.yaml")
#: What cells hold in the wild, and what breaks parsers.
TEXTS = st.one_of(
    st.sampled_from(
        ["", "\t", "\t　", "\t——", "\t0", "\t-5", "\t0.000000123", "\t999999999999999999", "\t≥0",
         "\t-5~0", "\t196200元",
         "\t（美元）", "（千元）", "\t全年执行数（元）", "\t5.84亿元", "\t38千元", "\t0.98",
         "\t1,008.22", "\t②", "\t达标", "总分", "附件2", "填表人：张某某", "共为" * 30]
    ),
    st.text(max_size=40).map(lambda text: "\t" + text.replace("\n", "")),
)  # fmt: skip
EDITS = st.lists(st.tuples(st.integers(0, len(LINES) - 1), TEXTS), min_size=1, max_size=6)


def judged(edits: list[tuple[int, str]], cut: int) -> Filing | None:
    """Read, score and question the sample with some lines replaced and its end cut off."""
    lines = list(LINES)
    for number, text in edits:
        lines[number] = text
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "filing.txt"
        path.write_text("\n".join(lines[: len(lines) - cut]), "utf-8", errors="replace")
        try:
            filing = read_document(path)
        except BadFile as error:
            refused = error
            filing = None
    if filing is None:
        assert refused.code
        assert "filing.txt" in refused.where
        return None
    audit = examine(filing, score(filing, RUBRICS), RUBRICS, CHECKLIST)
    assert all(finding.where for finding in audit.findings if finding.id != "C-10")
    return filing


@given(EDITS, st.integers(0, 100))
def test_a_few_hundred_edits_stop_nothing(edits, cut):
    judged(edits, cut)


@pytest.mark.fuzz
@given(EDITS, st.integers(0, len(LINES)))
def test_many_edits_stop_nothing(edits, cut):
    judged(edits, cut)
