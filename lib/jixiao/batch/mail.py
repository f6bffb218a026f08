"""The mail about a batch (邮件): whom it goes to, by which server, and how it is sent.

What a command line gives stands above the environment, and that above the plan's YAML::

    mail: {to: [ops@example.com], from: jixiao@example.com, server: smtp.example.com, user: jixiao}

The password is read from the environment and from nowhere else. No text of a filing becomes a
header: the subject is made of the plan's name and counts.
"""

from __future__ import annotations

import re
import smtplib
import ssl
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from jixiao.errors import BadFile, JixiaoError, RunFailed
from jixiao.workspace.yaml_file import Keyed, expect_keys, optional_of, value_of

PREFIX = "JIXIAO_MAIL_"
PASSWORD = f"{PREFIX}PASSWORD"
#: Ways to encrypt, the first where nothing is said, each with its usual port.
PORTS = {"starttls": 587, "tls": 465, "none": 25}
USUAL = "starttls"
_KEYS = ("to", "from", "server", "port", "user", "security")
_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*")
_HOST = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,252}|\[?[0-9A-Fa-f:]+\]?")
_OWN_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})
_PATIENCE = 30.0
_MOST_PORT = 65_535


@dataclass(frozen=True, slots=True)
class Post:
    """Whom a mail goes to, and by which server (寄送): as ordered, until `ready` checks it.

    ``security`` is ``starttls``, ``tls`` or ``none``; ``port`` 0 is the usual one for it.
    """

    to: tuple[str, ...] = ()
    sender: str = ""
    server: str = ""
    port: int = 0
    user: str = ""
    security: str = USUAL


def read_post(entry: Keyed, where: str) -> Post:
    """Read ``mail`` of a plan, as far as it goes.

    Raises
    ------
    BadFile : an unknown key, a type that cannot be, or a password.
    """
    given = optional_of(entry, "mail", Keyed, where)
    if given is None:
        return Post()
    place = f"{where} 的 mail"
    if "password" in given:
        raise BadFile(
            "mail-password",
            "口令不能写在文件里",
            where=place,
            expected=f"口令只放在环境变量 {PASSWORD} 里",
            action="请删去 password，并更换已经写进文件的口令",
        )
    expect_keys(given, place, optional=_KEYS)
    texts = {
        key: str(value_of(given, key, str, place)) for key in given if key not in ("to", "port")
    }
    to = given.get("to")
    listed = [to] if isinstance(to, str) else value_of(given, "to", list, place) if to else []
    return Post(
        to=tuple(map(str, listed)),
        sender=texts.get("from", ""),
        server=texts.get("server", ""),
        port=optional_of(given, "port", int, place) or 0,
        user=texts.get("user", ""),
        security=texts.get("security", USUAL),
    )


def settle_post(
    ordered: Post, addresses: Sequence[str], environment: Mapping[str, str]
) -> Post | None:
    """Put together the plan's word, the environment's and the command line's; None for no mail.

    Raises
    ------
    BadFile : ``mail-setting``, all that is wrong or missing.
    """
    listed = [part.strip() for given in addresses for part in given.split(",")]
    to = tuple(dict.fromkeys(part for part in listed if part)) or ordered.to
    if not to:
        return None
    given = {key: environment.get(f"{PREFIX}{key.upper()}", "").strip() for key in _KEYS[1:]}
    post = replace(
        ordered,
        to=to,
        sender=given["from"] or ordered.sender,
        server=given["server"] or ordered.server,
        port=int(given["port"])
        if given["port"].isdecimal()
        else -1
        if given["port"]
        else ordered.port,
        user=given["user"] or ordered.user,
        security=given["security"] or ordered.security,
    )
    if faults := list(_faults(post, has_password=bool(environment.get(PASSWORD)))):
        raise BadFile(
            "mail-setting",
            "；".join(faults),
            where="邮件设置",
            action=f"请设置环境变量 {PREFIX}SERVER、{PREFIX}FROM 等，或改正计划的 mail；见 docs/guide-operator.md",
        )
    return replace(post, port=post.port or PORTS[post.security])


def _faults(post: Post, *, has_password: bool) -> list[str]:
    faults = [
        f"收件地址 “{_line(to)}” 不是邮件地址" for to in post.to if not _ADDRESS.fullmatch(to)
    ]
    if not _ADDRESS.fullmatch(post.sender):
        faults.append(f"发件地址（FROM）“{_line(post.sender)}” 不是邮件地址")
    if not _HOST.fullmatch(post.server):
        faults.append(f"邮件服务器（SERVER）“{_line(post.server)}” 不是主机名")
    if not 0 <= post.port <= _MOST_PORT:
        faults.append("端口（PORT）不是 1 至 65535 的整数")
    if post.security not in PORTS:
        faults.append(f"加密方式（SECURITY）“{_line(post.security)}” 不是 {'、'.join(PORTS)} 之一")
    if post.user and not has_password:
        faults.append(f"有用户名（USER）而没有口令（{PASSWORD}）")
    if post.user and post.security == "none" and post.server not in _OWN_MACHINE:
        faults.append("口令不能不加密地发给另一台机器（SECURITY 为 none）")
    return faults


def compose(post: Post, subject: str, lines: Sequence[str]) -> EmailMessage:
    r"""Write a mail: one line of subject, and plain text.

    >>> post = Post(("ops@example.com",), "jixiao@example.com")
    >>> compose(post, "批次\r\nBcc: x@example.com", ["完成 1"])["Subject"]
    '批次 Bcc: x@example.com'
    """
    message = EmailMessage()
    message["Subject"] = _line(subject)
    message["From"] = post.sender
    message["To"] = ", ".join(post.to)
    message["Date"] = formatdate(localtime=True)
    message["Message-ID"] = make_msgid(domain=post.sender.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    text = "\n".join(_line(line) for line in lines)
    message.set_content(f"{text}\n", charset="utf-8", cte="base64")
    return message


def send(post: Post, message: EmailMessage, password: str) -> None:
    """Hand a mail to the server.

    Raises
    ------
    RunFailed : ``mail-not-sent``, with the server's words.
    """
    try:
        with _connected(post) as server:
            if post.user:
                server.login(post.user, password)
            refused = server.send_message(message, post.sender, post.to)
    except (OSError, ValueError) as error:  # smtplib's own errors are OSErrors
        raise _unsent(post, _told(error)) from error
    if refused:
        raise _unsent(post, f"没有收下 {'、'.join(refused)}")


def _connected(post: Post) -> smtplib.SMTP:
    if post.security == "tls":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(post.server, post.port, timeout=_PATIENCE, context=context)
    server = smtplib.SMTP(post.server, post.port, timeout=_PATIENCE)
    if post.security == "starttls":
        try:
            server.starttls(context=ssl.create_default_context())
        except (OSError, ValueError):
            server.close()
            raise
    return server


def _told(error: Exception) -> str:
    """Give a server's refusal in one line; what it says is not ours and may be anything."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return "服务器不接受用户名或口令"
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return "服务器不支持所要的加密或登录方式"
    if isinstance(error, TimeoutError):
        return f"{_PATIENCE:.0f} 秒内没有回答"
    return _line(f"{type(error).__name__}: {error}")[:200]


def _unsent(post: Post, why: str) -> JixiaoError:
    return RunFailed(
        "mail-not-sent",
        f"邮件没有寄出：{why}",
        where=f"{post.server}:{post.port}",
        action=f"批次的结果不受影响；请核对 {PREFIX}SERVER、PORT、SECURITY、USER 与口令",
    )


def _line(text: str) -> str:
    """Give a text as one line without control characters: a line break would begin a header."""
    kept = (" " if unicodedata.category(sign) in {"Cc", "Zl", "Zp"} else sign for sign in text)
    return " ".join("".join(kept).split())
