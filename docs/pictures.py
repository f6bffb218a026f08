"""Make the pictures of the README out of a fresh report of the sample: ``make pictures``.

Needs Chromium (Debian: chromium). The fonts come from the packages, so the pictures are the same on
any machine.
"""

import base64
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
PICTURES = ROOT / "docs/pictures"
sys.path.insert(0, str(ROOT / "tests"))

from browser import Page, browser  # noqa: E402  # the browser of the tests

WIDTH = 1120
#: name → (selector of the first element, height in pixels)
SHOTS = {
    "summary": ("#summary", 560),
    "scores": ("#t-scores", 620),
    "findings": ("#findings-high", 620),
    "workings": ("#workings", 620),
}


def make_report(outputs: Path) -> Path:
    """Make the project's report and give the path of its page."""
    command = [sys.executable, "-m", "jixiao.cli", "report", "ziyang-justice", "2022"]
    options = ["--project", "community-correction", "--outputs", str(outputs)]
    subprocess.run([*command, *options], cwd=ROOT, check=True)
    return outputs / "ziyang-justice/2022/community-correction/current/report.html"


def take(page: Page, selector: str, height: int) -> bytes:
    """Photograph the page from an element on."""
    box = page.evaluate(
        f"(() => {{ const r = document.querySelector('{selector}').getBoundingClientRect();"
        " return [r.left + scrollX, r.top + scrollY, r.width, r.height]; })()"
    )
    left, top, width, whole = box
    clip = {"x": left - 16, "y": top - 16, "width": width + 32, "height": min(whole + 32, height)}
    shot = page.call("Page.captureScreenshot", format="png", captureBeyondViewport=True,
                     clip=clip | {"scale": 1})  # fmt: skip
    return base64.b64decode(shot["data"])


def main() -> None:
    """Take every picture."""
    executable = shutil.which("chromium") or shutil.which("google-chrome-stable")
    if executable is None:
        sys.exit(
            "没有找到 Chromium。请安装（Debian：apt install chromium）后再运行 make pictures。"
        )
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as outputs, browser(executable) as page:
        page.emulate(width=WIDTH, height=900)
        page.open(make_report(Path(outputs)).resolve())
        for name, (selector, height) in SHOTS.items():
            (PICTURES / f"{name}.png").write_bytes(take(page, selector, height))
            print(f"docs/pictures/{name}.png")


if __name__ == "__main__":
    main()
