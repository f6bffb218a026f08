"""Reading spoiled files in a watched process: ``python -m tests.spoiled 0 2000`` reads seeds 0–1999.

A file must be read, or refused with a code and a place. The process says before each file which
it is, so that a crash or a hang is laid at the right door.
"""

import json
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parent.parent
MOST_SECONDS, MOST_MEMORY = 10, 1 << 30
BATCH = 250
COMMAND = (sys.executable, "-m", "tests.spoiled")


@dataclass
class Outcomes:
    """How many files ended how, and what must not happen: the seed and why."""

    counts: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)


def read_spoiled(first: int, count: int) -> Outcomes:
    """Read the files of `count` seeds, in processes of their own, one after the other."""
    found = Outcomes()
    at, end = first, first + count
    while at < end:
        at = _batch(at, min(end, at + BATCH), found)
    return found


def _batch(first: int, end: int, found: Outcomes) -> int:
    """Read some files in one process; gives the seed to go on with."""
    command = [*COMMAND, str(first), str(end - first)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=3_600)
    at = first
    for line in done.stdout.splitlines():
        outcome = json.loads(line)
        if "begins" in outcome:
            at = outcome["begins"]
        elif "failure" in outcome:
            found.failures.append(f"seed {at}: {outcome['failure']}")
            found.counts["failure"] += 1
        else:
            found.counts[outcome["code"]] += 1
    if done.returncode == 0:
        return end
    last = done.stderr.strip().rpartition("\n")[2]
    found.failures.append(f"seed {at}: the process ended with {done.returncode} {last}")
    found.counts["failure"] += 1
    return at + 1


def main(first: int, count: int) -> None:
    """Read the files of some seeds here, and print how each ended."""
    _limit()
    for seed in range(first, first + count):
        _say(begins=seed)
        for outcome in _outcome(seed):
            _say(**outcome)


def _limit() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _outcome(seed: int) -> Iterator[dict[str, str]]:
    from tests.formats import read_content
    from tests.mutations import spoiled

    from jixiao.errors import BadFile

    name, content = spoiled(seed)
    signal.alarm(MOST_SECONDS)  # ends the process: what hangs in C hears no exception
    try:
        filing = read_content(content, name)
    except BadFile as error:
        placed = name in error.where and error.code and error.what and error.action
        yield {"code": error.code} if placed else {"failure": f"no place or advice: {error}"}
    except Exception as error:  # noqa: BLE001  # any other exception is what is looked for
        yield {"failure": f"{type(error).__name__}: {error}"[:200]}
    else:
        lacking = [p for p in filing.problems if not (p.code and p.message)]
        yield {"failure": f"a problem says nothing: {lacking}"} if lacking else {"code": "read"}
    finally:
        signal.alarm(0)


def _say(**outcome: object) -> None:
    print(json.dumps(outcome), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
