"""What a process that sets one PDF after the other holds in memory."""

import subprocess
import sys
from pathlib import Path

import pytest

from jixiao.publish import pdf

STATUS = Path("/proc/self/statm")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not STATUS.exists(), reason="no /proc to ask for memory"),
]
#: Sets reports whose every text is new; says by how many megabytes the last nine made it grow.
GROW = """
import resource
import sys
from pathlib import Path
from random import Random

from nbformat.v4 import new_markdown_cell, new_notebook

from jixiao.publish import pdf, render_pdf
from jixiao.workspace.fonts import code_points

characters = [chr(code) for code in range(0x4E00, 0x5E00) if code in code_points()]

def notebook(number):
    chance = Random(number)
    paragraphs = ("".join(chance.choices(characters, k=60)) for _ in range(150))
    return new_notebook(cells=[new_markdown_cell("# 报告\\n\\n" + "\\n\\n".join(paragraphs))])

def held():
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * resource.getpagesize() / 1e6

for blanks in map(int, sys.argv[1:]):
    pdf._BLANKS = blanks
    for number in range(13):
        render_pdf(notebook(number + 100 * blanks))
        if number == 3:
            before = held()
    print(held() - before)
"""


def test_a_process_forgets_the_reports_before():
    """Without blank pages Typst would hold ten of them; that this is seen is seen here too."""
    done = subprocess.run(
        [sys.executable, "-c", GROW, str(pdf._BLANKS), "0"],
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert done.returncode == 0, done.stderr
    bounded, unbounded = map(float, done.stdout.split())
    assert bounded < 15 < 25 < unbounded
