"""The scores of a report, computed again from what is attached to it (重新核算)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

import yaml

from jixiao.datum import Json
from jixiao.errors import BadFile, JixiaoError
from jixiao.importers.reading_back import filing_of_json
from jixiao.model import mask_json
from jixiao.publish.verify.attached import Evidence
from jixiao.rubric import Rubric, load_rubric
from jixiao.scoring import score, scorecard_as_json
from jixiao.workspace.files import digest_bytes
from jixiao.workspace.scratch import scratch_folder

_Scores: TypeAlias = Mapping[str, Any]
#: Between a rule book and the one it extends, in the text that reports carry.
_BETWEEN = "\n---\n"
_TOTALS = (
    "rubric", "stated_total", "claimed_sum", "score_total", "points_total", "total_on_100", "low",
    "high", "low_on_100", "high_on_100", "grade", "stated_grade", "coverage",
)  # fmt: skip
_LINE = ("path", "members", "points", "claimed_score", "score", "status", "method", "low", "high")
_INDICATOR = ("name", "value", "unit", "status", "points", "score", "low", "high", "method")


def check_scores(evidence: Evidence) -> int | None:
    """Score the attached reading by the attached rule book; hold it against the result.

    Returns
    -------
    How many lines were computed again; None for a report that carries no reading.

    Raises
    ------
    BadFile : ``score-differs`` with the first that differs; the reading or the rule book is not
        what a report carries.
    """
    if evidence.reading is None or evidence.rubric is None:
        return None
    result = evidence.result
    told = result["rubric"]
    if digest_bytes(evidence.rubric.encode()) != told["sha256"]:
        raise _differs(evidence, "rubric-altered", "规则不是评分所用的那一份", "结果中记下的规则")
    try:
        filing = filing_of_json(evidence.reading)
    except (KeyError, TypeError, ValueError, ArithmeticError) as error:
        raise _differs(
            evidence, "reading-altered", "读取结果不完整", "本工作台写出的读取结果"
        ) from error
    rubric = _rubric_of(evidence)
    key = result["key"]
    cards = score(filing, {evaluation.key: rubric for evaluation in filing.evaluations})
    if key not in cards:
        raise _differs(evidence, "reading-altered", f"读取结果里没有 {key}", f"{key} 的自评表")
    again = mask_json(scorecard_as_json(cards[key]))
    for place, was, now in _differences(result["score"], again):
        raise _differs(
            evidence, "score-differs", f"{place}：报告是 {was}，重新核算是 {now}", "同样的得分"
        )
    return len(cards[key].lines)


def _rubric_of(evidence: Evidence) -> Rubric:
    texts = (evidence.rubric or "").split(_BETWEEN)
    try:
        books = {f"{yaml.safe_load(text)['id']}.yaml": text.encode() for text in texts}
        with scratch_folder(books) as folder:
            told = evidence.result["rubric"]
            return load_rubric(folder, told["id"], told["year"], evidence.result["kind"])
    except (yaml.YAMLError, TypeError, KeyError, JixiaoError) as error:
        raise _differs(evidence, "rubric-altered", f"规则不能用：{error}", "评分规则") from error


def _differences(filed: Any, again: Any) -> Iterator[tuple[str, Json, Json]]:
    for name in _TOTALS:
        if filed[name] != again[name]:
            yield name, filed[name], again[name]
    for list_name, keys, title in (
        ("lines", _LINE, "path"),
        ("indicators_of_base_data", _INDICATOR, "name"),
    ):
        if len(filed[list_name]) != len(again[list_name]):
            yield f"{list_name} 的行数", len(filed[list_name]), len(again[list_name])
        for was, now in zip(filed[list_name], again[list_name], strict=False):
            for key in keys:
                if was[key] != now[key]:
                    yield f"{_title(was[title])} 的 {key}", was[key], now[key]


def _title(name: str | list[str]) -> str:
    return name if isinstance(name, str) else "－".join(name)


def _differs(evidence: Evidence, code: str, what: str, expected: str) -> BadFile:
    return BadFile(
        code,
        what,
        where=evidence.where,
        expected=expected,
        action="若报告由别的版本的 jixiao 生成，请用那个版本核验；否则请不要采用这份报告",
    )
