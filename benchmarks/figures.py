"""How figures are summed up and kept."""

import json
import os
import platform
import statistics
from datetime import UTC, datetime
from pathlib import Path

RESULTS = Path(__file__).parent / "results"


def spread(times: list[float], digits: int = 3) -> dict[str, float]:
    """Give median, least and most."""
    values = {"median": statistics.median(times), "min": min(times), "max": max(times)}
    return {name: round(value, digits) for name, value in values.items()}


def keep(name: str, figures: dict[str, object]) -> None:
    """Write figures with the day, the machine's class and Python."""
    result = {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}",
        "python": platform.python_version(),
        **figures,
    }
    RESULTS.mkdir(exist_ok=True)
    target = RESULTS / f"{name}.json"
    target.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(f"benchmarks/results/{target.name}")
