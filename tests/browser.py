"""A browser for tests (浏览器): headless Chromium over its DevTools socket, and nothing else."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import websocket

from jixiao.workspace.fonts import font_files

_FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--no-default-browser-check",
    "--hide-scrollbars",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--remote-debugging-port=0",
    "--remote-allow-origins=*",
)
_START_SECONDS = 30.0
_FONTS_CONF = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
{directories}
<cachedir>{cache}</cachedir>
<alias><family>sans-serif</family><prefer><family>Noto Sans SC</family></prefer></alias>
<alias><family>serif</family><prefer><family>Noto Serif SC</family></prefer></alias>
</fontconfig>
"""


class Page:
    """One tab: what it asked the network for, what its console said, and what is drawn."""

    def __init__(self, socket: websocket.WebSocket) -> None:
        self._socket = socket
        self._number = 0
        self.requests: list[str] = []
        self.messages: list[str] = []
        for domain in ("Network", "Log", "Page", "Runtime"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """Call a DevTools method and give its result."""
        self._number += 1
        self._socket.send(json.dumps({"id": self._number, "method": method, "params": params}))
        while True:
            message = self._receive()
            if message.get("id") == self._number:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']}")
                result: dict[str, Any] = message["result"]
                return result

    def _receive(self) -> dict[str, Any]:
        message: dict[str, Any] = json.loads(self._socket.recv())
        match message.get("method"):
            case "Network.requestWillBeSent":
                url = message["params"]["request"]["url"]
                if not url.startswith("data:"):
                    self.requests.append(url)
            case "Log.entryAdded":
                self.messages.append(message["params"]["entry"]["text"])
            case "Page.javascriptDialogOpening":
                self.messages.append("dialog: " + message["params"]["message"])
            case _:
                pass
        return message

    def open(self, path: Path) -> None:
        """Open a file and wait until it is loaded."""
        self.requests.clear()
        self.messages.clear()
        self.call("Page.navigate", url=path.as_uri())
        while self.evaluate("document.readyState") != "complete":
            time.sleep(0.02)
        # Pictures are loaded with the page; two frames later everything is drawn.
        self.evaluate("new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)))")

    def evaluate(self, expression: str) -> Any:
        """Evaluate JavaScript in the page; a promise is awaited."""
        result = self.call(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in result:
            raise RuntimeError(str(result["exceptionDetails"]))
        return result["result"].get("value")

    def emulate(self, *, width: int = 1280, height: int = 900, dark: bool = False) -> None:
        """Set the size of the window and the colour scheme."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", features=[scheme])

    def screenshot(self, path: Path, *, full: bool = False) -> None:
        """Draw the page into a PNG file."""
        result = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=full)
        path.write_bytes(base64.b64decode(result["data"]))

    def axe(self, source: str) -> list[dict[str, Any]]:
        """Give the violations of accessibility that axe-core, given as `source`, finds."""
        self.evaluate(source + "; true")
        found = self.evaluate("axe.run().then(result => JSON.stringify(result.violations))")
        violations: list[dict[str, Any]] = json.loads(found)
        return violations


@contextmanager
def browser(executable: str | os.PathLike[str]) -> Iterator[Page]:
    """Run Chromium with a fresh profile and the fonts of our pip packages."""
    with tempfile.TemporaryDirectory(prefix="jixiao-chromium-", ignore_cleanup_errors=True) as name:
        directory = Path(name)
        profile = directory / "profile"
        command = [os.fspath(executable), *_FLAGS, f"--user-data-dir={profile}", "about:blank"]
        process = subprocess.Popen(
            command,
            env=os.environ | {"FONTCONFIG_FILE": str(_fonts_conf(directory))},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            socket = _connect(profile / "DevToolsActivePort", process)
            try:
                yield Page(socket)
            finally:
                socket.close()
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _fonts_conf(directory: Path) -> Path:
    fonts = font_files()
    places = dict.fromkeys((fonts.variable_sans.parent, fonts.serif.parent))
    lines = "\n".join(f"<dir>{place}</dir>" for place in places)
    path = directory / "fonts.conf"
    path.write_text(_FONTS_CONF.format(directories=lines, cache=directory / "font-cache"), "utf-8")
    return path


def _connect(port_file: Path, process: subprocess.Popen[bytes]) -> websocket.WebSocket:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"chromium ended with status {process.returncode}")
        lines = port_file.read_text().split() if port_file.exists() else []
        if len(lines) == 2:
            return _open_tab(int(lines[0]), lines[1])
        time.sleep(0.05)
    raise TimeoutError("chromium did not open its DevTools port")


def _open_tab(port: int, path: str) -> websocket.WebSocket:
    address = f"ws://127.0.0.1:{port}"
    control = websocket.create_connection(address + path, timeout=60, suppress_origin=True)
    control.send(
        json.dumps({"id": 1, "method": "Target.createTarget", "params": {"url": "about:blank"}})
    )
    while True:
        message = json.loads(control.recv())
        if message.get("id") == 1:
            break
    control.close()
    target = message["result"]["targetId"]
    return websocket.create_connection(
        f"{address}/devtools/page/{target}", timeout=60, suppress_origin=True
    )
