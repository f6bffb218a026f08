"""Private data planted in every place of made-up filings: none of it gets into the public edition.

300 filings in `make test`; 5,000 by `make pii`, which keeps the figures in tests/results/privacy.json.
"""

import json
import re
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest
from tests.pii import BY_NAME, HEAD, KINDS, OFFICE, TOLD, UNREAD, bare, make_filing

from jixiao.importers import reading_as_json
from jixiao.importers.documents import Received, read_received
from jixiao.model import mask_filing
from jixiao.publish.gate import Traces, examine_files

RESULTS = Path(__file__).parent / "results/privacy.json"
SHARES = 6
EACH, ALL = 300, 5_000
#: At most so many plain numbers of a hundred thousand may be taken for somebody's.
MOST_OVERMASKED = 10


def examine(seed: int) -> dict[str, object]:
    """Read, mask, and look for what was planted; say what became of each datum and each number."""
    filed = make_filing(seed)
    filing = read_received((Received(filed.name, filed.content),))
    masked = mask_filing(filing)
    before, after = repr(filing), repr(masked)
    was, said = bare(before), bare(after)
    planted = []
    for datum in filed.planted:
        sought = bare(datum.value)
        is_read, leaked = sought in was, sought in said
        if datum.disguise == "torn":
            part = re.compile(rf"(?<![0-9]){datum.parts[0]}(?![0-9])")
            is_read, leaked = (part.search(text) is not None for text in (before, after))
        planted.append((datum.kind, datum.carrier, datum.disguise, is_read, leaked))
    cells = [
        (one.text, other.text)
        for grid, public in zip(filing.grids, masked.grids, strict=True)
        for row, shown in zip(grid.rows, public.rows, strict=True)
        for one, other in zip(row.cells, shown.cells, strict=True)
    ]
    numbers = [pair for pair in cells if pair[0].strip() in set(filed.numbers)]
    raw, clean = (
        json.dumps(reading_as_json(one, raw=True), ensure_ascii=False).encode()
        for one in (filing, masked)
    )
    return {
        "seed": seed,
        "planted": planted,
        "numbers": len(numbers),
        "overmasked": [one for one, other in numbers if one != other],
        "lost": [word for word in (HEAD, OFFICE, TOLD) if (word in before) != (word in after)],
        "let through": [hit.words for hit in examine_files({"reading.json": clean}, Traces())],
        "refused": bool(examine_files({"reading.json": raw}, Traces())),
    }


def sum_up(outcomes: list[dict[str, object]]) -> dict[str, object]:
    counts: dict[str, Counter] = {name: Counter() for name in ("kind", "carrier", "disguise")}
    leaked: dict[str, Counter] = {name: Counter() for name in counts}
    for outcome in outcomes:
        for kind, carrier, disguise, _, is_leaked in outcome["planted"]:
            for name, value in (("kind", kind), ("carrier", carrier), ("disguise", disguise)):
                counts[name][value] += 1
                leaked[name][value] += is_leaked
    return {
        "filings": len(outcomes),
        "planted": sum(counts["kind"].values()),
        "leaked": sum(leaked["kind"].values()),
        **{
            f"by {name}": {
                value: {"planted": count, "leaked": leaked[name][value]}
                for value, count in sorted(values.items())
            }
            for name, values in counts.items()
        },
        "numeric cells": sum(outcome["numbers"] for outcome in outcomes),
        "numeric cells masked": sum(len(outcome["overmasked"]) for outcome in outcomes),
    }


def check(outcomes: list[dict[str, object]]) -> dict[str, object]:
    bad = [
        (outcome["seed"], *found[:3])
        for outcome in outcomes
        for found in outcome["planted"]
        if found[4]
    ]
    assert bad == []
    assert [(o["seed"], o["lost"]) for o in outcomes if o["lost"]] == []
    assert [(o["seed"], o["let through"]) for o in outcomes if o["let through"]] == []
    unread = [
        (o["seed"], found[:3])
        for o in outcomes
        for found in o["planted"]
        if not found[3] and found[1] in ("paragraph", "cell", "labelled cell", "footer")
    ]
    assert unread == []
    assert [o["seed"] for o in outcomes if not o["refused"]] == []
    figures = sum_up(outcomes)
    most = max(1, figures["numeric cells"] * MOST_OVERMASKED // 100_000)
    assert figures["numeric cells masked"] <= most
    return figures


@pytest.mark.parametrize("share", range(SHARES))
def test_nothing_planted_is_left_in_the_masked_filing(share):
    figures = check([examine(seed) for seed in range(share, EACH, SHARES)])
    assert figures["filings"] == EACH // SHARES
    assert figures["numeric cells"] > EACH // SHARES * 100


def test_every_kind_carrier_and_disguise_is_drawn():
    drawn = [datum for seed in range(EACH // 3) for datum in make_filing(seed).planted]
    assert {datum.kind for datum in drawn} == {kind.name for kind in KINDS} == set(BY_NAME)
    carriers = {datum.carrier for datum in drawn}
    assert carriers >= UNREAD | {"hidden", "sheet name", "file name", "torn lines", "torn cells"}
    assert len({datum.disguise for datum in drawn}) == 13


@pytest.mark.pii
def test_five_thousand_filings():
    with ProcessPoolExecutor(2) as pool:
        outcomes = list(pool.map(examine, range(ALL), chunksize=50))
    figures = check(outcomes)
    assert figures["numeric cells"] >= 50_000
    RESULTS.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", "utf-8")
