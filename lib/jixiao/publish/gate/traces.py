"""Traces of a machine (机器的痕迹): paths, the names of user and host, values of secrets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_PATH = re.compile(
    r"(?<![A-Za-z0-9_.~/:\-<>])/(?:home|root|tmp|Users|var/tmp|var/folders|usr/local|opt|mnt|proc/self)/[^\s\"'<>]{1,80}"
    r"|(?<![A-Za-z0-9])[A-Za-z]:\\{1,2}[^\s\"'<>|\\]{1,40}\\[^\s\"'<>]{0,40}"
    r"|(?<![\\A-Za-z0-9_])\\\\[A-Za-z0-9._-]{2,60}\\[A-Za-z0-9$._-]{1,60}"
)
_SECRET = re.compile(r"TOKEN|KEY|SECRET|PASS|CREDENTIAL|PRIVATE|AUTH|COOKIE", re.IGNORECASE)
_SHORTEST_SECRET = 8
_SHORTEST_NAME = 3
#: Words that stand in reports anyway, and names that name nobody.
_NOBODY = frozenset(
    {
        *("root", "admin", "user", "ubuntu", "jovyan", "runner", "nobody", "daemon"),
        *("jixiao", "jupyter", "python", "localhost", "department", "report", "test"),
    }
)


@dataclass(frozen=True, slots=True)
class Traces:
    """What must not be found in a file to be published, of the machine that made it."""

    names: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()

    @classmethod
    def of(
        cls, names: tuple[str, ...], folders: tuple[str, ...], environment: Mapping[str, str]
    ) -> Traces:
        """Take the names and folders worth looking for, and the secrets of an environment."""
        secrets = {
            value
            for name, value in environment.items()
            if _SECRET.search(name) and len(value) >= _SHORTEST_SECRET and not value.startswith("/")
        }
        return cls(
            tuple(
                sorted({n for n in names if len(n) >= _SHORTEST_NAME and n.lower() not in _NOBODY})
            ),
            tuple(sorted({folder for folder in folders if folder.count("/") > 1})),
            tuple(sorted(secrets)),
        )

    def found_in(self, text: str) -> Iterator[tuple[str, str]]:
        """Give kind and value of each trace in a text.

        >>> list(Traces().found_in("见 /tmp/a.txt 或 1/2"))
        [('本机路径', '/tmp/a.txt')]
        >>> list(Traces(names=("pc-17",)).found_in("由 pc-17 生成，pc-170"))
        [('本机或用户名', 'pc-17')]
        """
        if "/" in text or "\\" in text:
            for match in _PATH.finditer(text):
                yield "本机路径", match[0]
            for folder in self.folders:
                if folder in text:
                    yield "本机路径", folder
        for name in self.names:
            if name in text and re.search(
                rf"(?<![A-Za-z0-9_-]){re.escape(name)}(?![A-Za-z0-9_-])", text
            ):
                yield "本机或用户名", name
        for secret in self.secrets:
            if secret in text:
                yield "环境变量中的密钥", secret
