"""The mail about a batch: what it says, what it never does, and that it is never worth a result."""

import email
import json
import os
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from email import policy

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from tests.test_batch import command, province, write_plan

from jixiao import cli
from jixiao.batch.mail import Post, compose, read_post, send, settle_post
from jixiao.errors import JixiaoError
from jixiao.workspace.yaml_file import load_yaml_text

PASSWORD = "口令-never-shown"
SECRET = "correct horse"
HERE = Post(("ops@example.com",), "jixiao@example.com", "127.0.0.1", 0, "", "none")


class Box:
    """Keeps what a server was handed; refuses whom it is told to."""

    def __init__(self) -> None:
        self.mails: list[tuple[list[str], email.message.EmailMessage]] = []

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if address.startswith("nobody"):
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        message = email.message_from_bytes(envelope.content, policy=policy.default)
        self.mails.append((list(envelope.rcpt_tos), message))
        return "250 OK"


@contextmanager
def serving(kept: Box, hostname: str = "127.0.0.1", **how) -> Iterator[int]:
    """Serve on a free port of this machine."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(kept, hostname=hostname, port=port, **how)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


@pytest.fixture
def box() -> Iterator[Box]:
    """A server that takes everybody's mail unencrypted."""
    kept = Box()
    with serving(kept) as kept.port:
        yield kept


def sending(box: Box, **changed: str) -> dict[str, str]:
    """What an operator puts into the environment."""
    given = {"SERVER": "127.0.0.1", "PORT": str(box.port), "SECURITY": "none"}
    given |= {"FROM": "jixiao@example.com"} | changed
    return {f"JIXIAO_MAIL_{key}": value for key, value in given.items()}


def run(workspace, environment, *options):
    return subprocess.run(
        command(workspace, *options),
        env=os.environ | {"JIXIAO_WORKSPACE": str(workspace.root)} | environment,
        capture_output=True,
        text=True,
        timeout=180,
    )


def log_of(workspace) -> list[dict[str, object]]:
    (path,) = (workspace.outputs / "batches").glob("*.jsonl")
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


# ---------------------------------------------------------------- a batch and its mail


@pytest.mark.slow
def test_a_batch_mails_what_it_has_come_to(tmp_path, box):
    cell = "import os\nassert not [name for name in os.environ if 'MAIL' in name]\n1 / (unit != 'unit-b')"
    workspace = province(tmp_path, cell)
    write_plan(workspace, years="[2021, 2022]")
    done = run(workspace, sending(box), "--mail", "ops@example.com, chief@example.com", "--json")
    assert (done.returncode, json.loads(done.stdout)["failed"]) == (1, 1), done.stderr
    ((to, message),) = box.mails
    assert to == ["ops@example.com", "chief@example.com"]
    assert message["Subject"] == "[jixiao] 批次 plan：完成 2，失败 1，没有报送 3"
    assert message.get_content_type() == "text/plain"
    text = message.get_content()
    assert "共 3 份，新做 2，失败 1" in text
    assert "没有报送 3 份：test-unit 2021" in text
    assert "最慢：" in text
    assert "✗ unit-b 2022 tiny：" in text
    assert "ZeroDivisionError" in text
    assert f"日志：{workspace.outputs}/batches/" in text
    assert "总览：" in text
    assert log_of(workspace)[-1]["sent"] is True


@pytest.mark.slow
def test_a_mail_that_fails_is_a_line_and_changes_nothing(tmp_path):
    workspace = province(tmp_path, units=("test-unit",))
    environment = {"JIXIAO_MAIL_SERVER": "127.0.0.1", "JIXIAO_MAIL_PORT": "9"}
    environment |= {"JIXIAO_MAIL_FROM": "a@b.cn", "JIXIAO_MAIL_SECURITY": "none"}
    done = run(workspace, environment, "--mail", "ops@example.com")
    assert (done.returncode, "新做 1" in done.stdout) == (0, True), done.stderr
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("! ")]
    assert "127.0.0.1:9：邮件没有寄出" in line
    assert "[mail-not-sent]" in line
    told = log_of(workspace)[-1]
    assert (told["event"], told["sent"]) == ("mail", False)
    assert "没有寄出" in str(told["message"])


def run_here(workspace, environment, monkeypatch) -> int:
    """Run the plan in this process, which is enough where nothing comes to run."""
    for name, value in (environment | {"JIXIAO_WORKSPACE": str(workspace.root)}).items():
        monkeypatch.setenv(name, value)
    plan = workspace.params / "batches" / "plan.yaml"
    return cli.run(["batch", str(plan), "--mail", "ops@example.com"])


def test_a_batch_that_never_began_is_told_too(tmp_path, box, monkeypatch):
    workspace = province(tmp_path, units=("test-unit",))
    write_plan(workspace, years="[22]")
    assert run_here(workspace, sending(box), monkeypatch) == 2
    ((_, message),) = box.mails
    assert message["Subject"] == "[jixiao] 批次 plan：没有完成"
    assert "[batch-years]" in message.get_content()


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({}, ("SERVER", "FROM")),
        ({"SERVER": "smtp.example.com", "FROM": "a@b.cn", "USER": "a"}, ("JIXIAO_MAIL_PASSWORD",)),
        ({"SERVER": "smtp.example.com", "FROM": "not an address"}, ("FROM",)),
        ({"SERVER": "smtp.example.com", "FROM": "a@b.cn", "PORT": "x"}, ("PORT",)),
        ({"SERVER": "smtp.example.com", "FROM": "a@b.cn", "SECURITY": "ssl"}, ("starttls", "tls")),
    ],
)
def test_a_wrong_setting_is_status_2_and_nothing_runs(
    tmp_path, environment, words, monkeypatch, capsys
):
    workspace = province(tmp_path, units=("test-unit",))
    named = {f"JIXIAO_MAIL_{key}": value for key, value in environment.items()}
    assert run_here(workspace, named, monkeypatch) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "[mail-setting]" in told
    assert all(word in told for word in words)
    assert not workspace.outputs.exists()


# ---------------------------------------------------------------- settings


def settle(plan: str, addresses: tuple[str, ...] = (), **environment: str) -> Post | None:
    named = {f"JIXIAO_MAIL_{key.upper()}": value for key, value in environment.items()}
    ordered = read_post(load_yaml_text(plan, "plan.yaml"), "plan.yaml")
    return settle_post(ordered, addresses, named)


PLAN = "mail: {to: [ops@example.com], from: jixiao@example.com, server: smtp.example.com}"


def test_the_command_line_stands_above_the_environment_and_that_above_the_plan():
    assert settle("units: x") is None
    assert settle(PLAN) == Post(
        ("ops@example.com",), "jixiao@example.com", "smtp.example.com", 587, "", "starttls"
    )
    given = settle(PLAN, ("a@b.cn,c@d.cn", "a@b.cn"), server="mail.b.cn", security="tls")
    assert given == Post(("a@b.cn", "c@d.cn"), "jixiao@example.com", "mail.b.cn", 465, "", "tls")


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        ("mail: {to: [a@b.cn], password: x}", "口令不能写在文件里.*JIXIAO_MAIL_PASSWORD"),
        ("mail: {too: [a@b.cn]}", "不认识的键 “too”"),
        ("mail: {to: 7}", "to"),
        ("mail: {to: [a@b.cn], port: many}", "port"),
        (PLAN.replace("ops@", "ops "), "收件地址 “ops example.com” 不是邮件地址"),
        (PLAN[:-1] + ", port: 70000}", "PORT"),
        (PLAN[:-1] + ", user: jixiao}", "没有口令"),
    ],
)
def test_what_is_wrong_in_a_plan_is_told(plan, words):
    with pytest.raises(JixiaoError, match=words):
        settle(plan)


def test_a_password_does_not_cross_the_network_unencrypted():
    with pytest.raises(JixiaoError, match="不能不加密"):
        settle(PLAN, user="jixiao", password=PASSWORD, security="none")
    assert settle(PLAN, user="jixiao", password=PASSWORD, security="none", server="localhost")


@pytest.mark.parametrize("mark", ["\n", "\r\n", "\r", "\u2028", "\x0b", "\x00"])
def test_no_text_begins_a_header(mark):
    message = compose(HERE, f"批次{mark}Bcc: x@example.com", [f"✗ 某局{mark}Bcc: x@example.com"])
    read = email.message_from_bytes(message.as_bytes(), policy=policy.default)
    assert set(read.keys()) == set(message.keys())
    assert "Bcc" not in read
    assert read["Subject"] == "批次 Bcc: x@example.com"
    assert read.get_content() == "✗ 某局 Bcc: x@example.com\n"


# ---------------------------------------------------------------- servers


def test_whom_a_server_refuses_is_named_and_the_others_are_served(box):
    post = Post(
        ("ops@example.com", "nobody@example.com"), "a@b.cn", "127.0.0.1", box.port, "", "none"
    )
    with pytest.raises(JixiaoError, match=r"没有收下 nobody@example\.com"):
        send(post, compose(post, "x", ["y"]), "")
    assert [to for to, _ in box.mails] == [["ops@example.com"]]
    post = Post(("nobody@example.com",), "a@b.cn", "127.0.0.1", box.port, "", "none")
    with pytest.raises(JixiaoError, match="mail-not-sent"):
        send(post, compose(post, "x", ["y"]), "")


@pytest.mark.parametrize(
    ("password", "accepted"), [(SECRET, True), (PASSWORD, False), ("wrong horse", False)]
)
def test_a_user_and_a_password_are_given(password, accepted):
    def check(server, session, envelope, mechanism, given):
        return AuthResult(success=given.password == SECRET.encode(), handled=False)

    kept = Box()
    with serving(kept, authenticator=check, auth_require_tls=False) as port:
        post = Post(("ops@example.com",), "a@b.cn", "127.0.0.1", port, "jixiao", "none")
        if accepted:
            send(post, compose(post, "x", ["y"]), password)
        else:
            with pytest.raises(JixiaoError, match="mail-not-sent") as told:
                send(post, compose(post, "x", ["y"]), password)
            assert password not in str(told.value)
    assert len(kept.mails) == accepted


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for this machine, made by nobody anyone trusts."""
    if not (program := shutil.which("openssl")):
        pytest.skip("openssl is not installed")
    folder = tmp_path_factory.mktemp("certificate")
    key, made = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        [
            *(program, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"),
            *("-keyout", str(key), "-out", str(made)),
        ],
        check=True,
        capture_output=True,
    )
    return made, key


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_server_must_prove_who_it_is(certificate, monkeypatch, security):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    kept = Box()
    tls = {"tls_context": context, "require_starttls": True} if security == "starttls" else {}
    whole = {"ssl_context": context} if security == "tls" else {}
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    with serving(kept, "localhost", **tls, **whole) as port:
        post = Post(("ops@example.com",), "a@b.cn", "localhost", port, "", security)
        send(post, compose(post, "x", ["y"]), "")
        monkeypatch.delenv("SSL_CERT_FILE")
        with pytest.raises(JixiaoError, match="certificate"):
            send(post, compose(post, "x", ["y"]), "")
    assert len(kept.mails) == 1
