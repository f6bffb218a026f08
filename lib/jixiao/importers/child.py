"""The process that reads a file a person hands in (读入子进程): limits first, then the reading.

The bytes come through standard input and the filing goes out through standard output, so the
process needs no file of the user's, no network and no other program.
"""

from __future__ import annotations

import os
import pickle
import sys
from typing import Any

from jixiao.errors import BadFile
from jixiao.importers.documents import Received, read_received

MOST_MEMORY, MOST_CPU_SECONDS = 1 << 30, 30
_FORBIDDEN = ("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.system")


def main() -> None:
    """Read the documents on standard input: names with bytes, and what a person corrected."""
    output = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    limit()
    files, amendments = pickle.load(sys.stdin.buffer)
    loaded: dict[str, Any] = sys.modules  # None in it says: not to be had
    loaded["numpy"] = None  # openpyxl loads it where it can, for types no filing has
    sys.addaudithook(_refuse)
    try:
        received = tuple(Received(name, content) for name, content in files)
        answer: object = read_received(received, amendments)
    except BadFile as error:
        answer = error.as_json()
    with os.fdopen(output, "wb") as stream:
        pickle.dump(answer, stream, protocol=5)


def limit() -> None:
    """Set the limits of this process, where the system has such limits."""
    try:
        import resource
    except ImportError:  # Windows: only the parent's clock limits the child
        return
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU_SECONDS, MOST_CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _refuse(event: str, _: object) -> None:
    if event.startswith(_FORBIDDEN):
        message = f"a reader of documents has no business with {event}"
        raise PermissionError(message)


if __name__ == "__main__":
    main()
