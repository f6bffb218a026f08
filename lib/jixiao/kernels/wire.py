"""What client and template say to each other (通信): one connection a kernel, JSON lines.

The client sends one request with three file descriptors, for input, output and errors. The
template answers ``{"pid": n}`` at the fork, ``{"ready": true}`` when the kernel's sockets are bound,
``{"exit": code}`` when it is reaped. The end of the connection ends the kernel.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

#: What a request's arguments must start, for the template to do it instead.
LAUNCHER = "ipykernel_launcher"
#: The template's socket, in its folder.
SOCKET = "template.sock"
_MOST = 1 << 22
_STANDARD = 3


class WireBroken(ConnectionError):
    """The other side is gone, or said something that is no message."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a client asks for (请求): a kernel's arguments, environment, folder and limits.

    ``memory`` is the most bytes of address space it may have, 0 for no limit.
    """

    arguments: tuple[str, ...]
    environment: Mapping[str, str]
    folder: str
    memory: int = 0

    def as_line(self) -> bytes:
        """Write the request as one line."""
        values = {
            "arguments": list(self.arguments),
            "environment": dict(self.environment),
            "folder": self.folder,
            "memory": self.memory,
        }
        return json.dumps(values).encode() + b"\n"

    @classmethod
    def from_line(cls, line: bytes) -> Request:
        """Read a request.

        Raises
        ------
        WireBroken : not a request.
        """
        try:
            values = json.loads(line)
            return cls(
                tuple(map(str, values["arguments"])),
                {str(key): str(value) for key, value in values["environment"].items()},
                str(values["folder"]),
                int(values["memory"]),
            )
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise WireBroken("not a request") from error


def send_request(connection: socket.socket, request: Request, standard: Sequence[int]) -> None:
    """Send a request with the descriptors for standard input, output and errors."""
    line = request.as_line()
    sent = socket.send_fds(connection, [line], list(standard))
    connection.sendall(line[sent:])


def receive_request(connection: socket.socket) -> tuple[Request, tuple[int, ...]]:
    """Receive a request and its descriptors, which are this process's from here on.

    Raises
    ------
    WireBroken : the client went away, or sent no request.
    """
    line, descriptors, _, _ = socket.recv_fds(connection, 1 << 20, _STANDARD)
    while line and not line.endswith(b"\n"):
        more = connection.recv(1 << 20)
        if not more or len(line) > _MOST:
            raise WireBroken("request cut off")
        line += more
    if len(descriptors) != _STANDARD:
        raise WireBroken("no descriptors")
    return Request.from_line(line), tuple(descriptors)


@dataclass(slots=True)
class Inbox:
    """The messages that arrive on a connection, one by one."""

    connection: socket.socket
    _waiting: bytearray = field(default_factory=bytearray)

    def next(self, *, wait: bool) -> dict[str, int] | None:
        """Give the next message; None where there is none yet and `wait` is False.

        Raises
        ------
        WireBroken : the other side is gone.
        """
        while b"\n" not in self._waiting:
            self.connection.setblocking(wait)
            try:
                received = self.connection.recv(4096)
            except BlockingIOError:
                return None
            except OSError as error:
                raise WireBroken(str(error)) from error
            if not received:
                raise WireBroken("the template is gone")
            self._waiting += received
        line, _, rest = bytes(self._waiting).partition(b"\n")
        self._waiting[:] = rest
        message: dict[str, int] = json.loads(line)
        return message


def say(connection: socket.socket, **message: int) -> None:
    """Send one message; a client that is gone is not an error."""
    try:
        connection.sendall(json.dumps(message).encode() + b"\n")
    except OSError:
        return
