"""What the guides name is there: commands, options, codes of errors, settings, files."""

import re
from pathlib import Path

import pytest
import yaml
from tests.test_batch import province

from jixiao.batch.mail import PORTS, PREFIX
from jixiao.batch.order import load_order
from jixiao.cli import commands

ROOT = Path(__file__).parents[1]
GUIDES = [ROOT / "README.md", ROOT / "README.zh-CN.md", *sorted((ROOT / "docs").glob("*.md"))]
OPERATOR = ROOT / "docs" / "guide-operator.md"
FENCED = re.compile(r"^ *```(\w*)\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`([^`\n]+)`")
COMMAND = re.compile(r"(?<![\w/.-])jixiao ([a-z]+)((?:(?!jixiao |#).)*)")


def code_in(text: str) -> list[str]:
    """Lines of code of a guide: fenced blocks, and what stands between backticks."""
    blocks = [line for _, block in FENCED.findall(text) for line in block.splitlines()]
    return blocks + INLINE.findall(FENCED.sub("", text))


def commands_in(text: str) -> list[tuple[str, frozenset[str]]]:
    """Each command named in a guide, with its options."""
    return [
        (name, frozenset(re.findall(r"(?<!\S)\[?(--?[a-z][a-z-]*)", rest)))
        for line in code_in(text)
        for name, rest in COMMAND.findall(line)
    ]


@pytest.mark.parametrize("path", GUIDES, ids=lambda path: path.name)
def test_every_command_and_option_named_exists(path):
    for name, options in commands_in(path.read_text("utf-8")):
        assert name in commands.commands
        known = {option for p in commands.commands[name].params for option in p.opts}
        assert options <= known | {"--help"}, name


def test_the_test_sees_commands_and_options():
    text = "`jixiao batch x.yaml --nope`\n```\njixiao nothing [--at-all]   # jixiao --x\n```\n"
    assert commands_in(text) == [
        ("nothing", frozenset({"--at-all"})),
        ("batch", frozenset({"--nope"})),
    ]


def test_the_guide_for_operators_names_what_an_operator_uses():
    named = {name for name, _ in commands_in(OPERATOR.read_text("utf-8"))}
    assert {"init", "doctor", "intake", "report", "demo", "batch", "site", "prune"} <= named


def test_every_code_in_the_table_of_failures_is_one_of_ours():
    rows = [line for line in OPERATOR.read_text("utf-8").splitlines() if line.startswith("| `")]
    codes = {
        code for row in rows for code in re.findall(r"`([a-z]+(?:-[a-z]+)+)`", row.split("|")[1])
    }
    source = "\n".join(path.read_text("utf-8") for path in (ROOT / "lib").rglob("*.py"))
    assert len(codes) > 12
    assert [code for code in sorted(codes) if f'"{code}"' not in source] == []


def test_the_settings_of_the_mail_are_those_we_read():
    text = OPERATOR.read_text("utf-8")
    named = set(re.findall(rf"{PREFIX}([A-Z]+)", text))
    assert named == {"SERVER", "PORT", "SECURITY", "FROM", "USER", "PASSWORD"}
    for security, port in PORTS.items():
        assert f"`{security}`" in text
        assert str(port) in text


def test_the_plan_in_the_guide_is_a_plan(tmp_path):
    (plan,) = [
        block for kind, block in FENCED.findall(OPERATOR.read_text("utf-8")) if kind == "yaml"
    ]
    workspace = province(tmp_path)
    path = workspace.params / "batches" / "guide.yaml"
    path.write_text(plan, "utf-8")
    order = load_order(workspace, path)
    given = yaml.safe_load(plan)
    assert (list(order.years), order.workers, list(order.formats)) == (
        given["years"],
        given["workers"],
        given["formats"],
    )
    assert order.limits.memory == given["limits"]["memory"] * 1_000_000
    assert order.mail.to == ("ops@example.com",)


def test_every_file_it_points_to_is_there():
    text = OPERATOR.read_text("utf-8")
    for named in re.findall(r"`((?:deploy|benchmarks)/[\w./-]+)`", text):
        assert (ROOT / named).exists(), named
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", text):
        assert (OPERATOR.parent / target).exists(), target
