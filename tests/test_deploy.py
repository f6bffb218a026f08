"""The files an operator copies: in order by the programs that read them, and by the commands we have."""

import configparser
import getpass
import os
import re
import shlex
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from jixiao.batch.mail import Post, settle_post
from jixiao.cli import commands

DEPLOY = Path(__file__).parents[1] / "deploy"
FILES = sorted(path for path in DEPLOY.rglob("*") if path.is_file())
COMMAND = re.compile(r"/bin/jixiao ([a-z]+)((?: [^;|&>\n]+)?)")
CRON = re.compile(r"((?:[\d*/,-]+\s+){5})(\S+)\s+(.+)")


def edited(name: str, folder: Path) -> Path:
    """The file as an operator edits it: for folders, a program and a user of this machine."""
    user = getpass.getuser()
    text = (DEPLOY / name).read_text("utf-8")
    for given, ours in (
        ("/opt/jixiao/.venv/bin/jixiao", shutil.which("true") or "/bin/true"),
        ("/srv/jixiao", str(folder / "workspace")),
        ("/var/log/jixiao", str(folder / "log")),
        ("su jixiao jixiao", ""),
        ("User=jixiao", f"User={user}"),
    ):
        text = text.replace(given, ours)
    for part in ("workspace/outputs/batches", "log"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    path = folder / Path(name).name
    path.write_text(text, "utf-8")
    path.chmod(0o644)
    return path


def program(name: str) -> str:
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")
    if not found:
        pytest.skip(f"{name} is not installed")
    return found


def run(*line: str) -> str:
    done = subprocess.run(line, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_command_and_option_in_it_exists(path):
    for name, rest in COMMAND.findall(path.read_text("utf-8")):
        assert name in commands.commands
        known = {option for p in commands.commands[name].params for option in p.opts}
        assert {word for word in shlex.split(rest) if word.startswith("-")} <= known


def test_systemd_finds_nothing_wrong(tmp_path):
    names = ("systemd/jixiao-batch.service", "systemd/jixiao-batch.timer")
    paths = [str(edited(name, tmp_path)) for name in names]
    assert run(program("systemd-analyze"), "verify", "--man=no", *paths) == ""


def test_the_units_say_how_a_batch_is_stopped_and_kept_from_harm():
    """Read by ourselves too, where there is no systemd."""
    units = {}
    for path in sorted((DEPLOY / "systemd").iterdir()):
        units[path.suffix] = configparser.ConfigParser(interpolation=None)
        units[path.suffix].optionxform = str  # type: ignore[assignment, method-assign]
        units[path.suffix].read(path, "utf-8")
    service = units[".service"]["Service"]
    assert (service["Type"], service["KillMode"], service["OOMPolicy"]) == (
        "oneshot",
        "mixed",
        "continue",
    )
    assert int(service["TimeoutStopSec"]) > 10, "the supervisor may take ten seconds"
    assert service["ReadWritePaths"] == service["WorkingDirectory"] + "/outputs"
    assert "PASSWORD" not in (DEPLOY / "systemd/jixiao-batch.service").read_text("utf-8")
    assert units[".timer"]["Timer"]["OnCalendar"] == "*-*-* 01:30:00"


def test_cron_lines_are_five_times_a_user_and_a_command_a_shell_reads():
    lines = (DEPLOY / "cron/jixiao").read_text("utf-8").splitlines()
    found = [CRON.fullmatch(line) for line in lines if line[:1].isdigit()]
    assert len(found) == 2
    for match in found:
        assert match is not None
        assert match[2] == "jixiao"
        assert not re.search(r"(?<!\\)%", match[3]), "cron ends a command at a bare per cent sign"
        run("sh", "-n", "-c", match[3].replace("\\%", "%"))
    assert [line for line in lines if "=" in line and line[0].isalpha() and ":" not in line] == [
        "SHELL=/bin/sh",
        'MAILTO=""',
    ]


def test_a_cron_line_runs_as_it_is(tmp_path):
    text = edited("cron/jixiao", tmp_path).read_text("utf-8")
    line = next(line for line in text.splitlines() if "batch" in line and line[0].isdigit())
    match = CRON.fullmatch(line)
    assert match is not None
    environment = tmp_path / "mail.env"
    shutil.copy(DEPLOY / "mail.env", environment)
    run("sh", "-c", match[3].replace("\\%", "%").replace("/etc/jixiao/mail.env", str(environment)))
    assert re.fullmatch(r"\d{4}-\d\d-\d\d [\d:]{8}\n", (tmp_path / "log/nightly.log").read_text())


def test_the_mail_settings_are_those_we_read():
    lines = (DEPLOY / "mail.env").read_text("utf-8").splitlines()
    given = dict(line.split("=", 1) for line in lines if not line.startswith("#"))
    assert given["JIXIAO_MAIL_PASSWORD"] == ""
    given["JIXIAO_MAIL_PASSWORD"] = "x"
    post = settle_post(Post(), ("ops@example.com",), given)
    assert post == Post(
        ("ops@example.com",), "jixiao@example.com", "smtp.example.com", 587, "jixiao", "starttls"
    )


def test_logrotate_turns_the_log_and_removes_only_old_batch_logs(tmp_path):
    logrotate = program("logrotate")
    path = edited("logrotate/jixiao", tmp_path)
    assert "error" not in run(logrotate, "-d", "-s", str(tmp_path / "state"), str(path)).lower()
    batches = tmp_path / "workspace/outputs/batches"
    log = tmp_path / "log/nightly.log"
    ages = {
        batches / "old.jsonl": 500,
        batches / "young.jsonl": 300,
        batches / "now.jsonl": 0,
        log: 0,
    }
    for file, days in ages.items():
        file.write_text("{}\n")
        then = time.time() - days * 86_400
        os.utime(file, (then, then))
    state = ["logrotate state -- version 2", *(f'"{file}" 2024-1-1-1:0:0' for file in ages)]
    (tmp_path / "state").write_text("\n".join(state) + "\n")
    run(logrotate, "-s", str(tmp_path / "state"), str(path))
    assert sorted(file.name for file in batches.iterdir()) == ["now.jsonl", "young.jsonl"]
    assert [file.name for file in log.parent.iterdir()] == ["nightly.log.1"]
