"""The figures of long runs (长测记录), kept as data with the day, the machine's class and versions."""

import json
import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from filelock import FileLock


def record(path: Path, recipe: str, figures: dict[str, Any]) -> None:
    """Keep the figures of one recipe in a file, beside those of the others."""
    with FileLock(f"{path}.lock"):
        known = json.loads(path.read_bytes())["recipes"] if path.exists() else {}
        told = {
            "date": datetime.now(UTC).date().isoformat(),
            "machine": f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}",
            "python": platform.python_version(),
            "jixiao": version("jixiao"),
            **figures,
        }
        recipes = {"recipes": dict(sorted((known | {recipe: told}).items()))}
        path.write_text(json.dumps(recipes, ensure_ascii=False, indent=1) + "\n", "utf-8")
    Path(f"{path}.lock").unlink(missing_ok=True)
    print(recipe, figures)
