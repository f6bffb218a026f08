"""A signed statement over runs (签名): which manifests, which runs count, in a DSSE envelope.

The statement is an in-toto statement: each subject is a run's manifest by name and sha256, and the
manifest has the digest of every file of the run. It lies beside what was signed, never inside: a
run's folder does not change.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import FormatError, VerificationError
from securesystemslib.signer import CryptoSigner, SSlibKey  # type: ignore[attr-defined]

from jixiao.datum import Json
from jixiao.errors import BadFile
from jixiao.publish.notebook import json_bytes
from jixiao.publish.verify.folder import Manifest
from jixiao.workspace.files import cause_of, write_atomically, write_secret
from jixiao.workspace.runs import MANIFEST, is_run, pointers_of_key

PAYLOAD = "application/vnd.in-toto+json"
_STATEMENT = "https://in-toto.io/Statement/v1"
_PREDICATE = "urn:jixiao:outputs:1"
_SUFFIX = ".dsse.json"


@dataclass(frozen=True, slots=True)
class Statement:
    """What was signed (签名内容): manifests by name, which run each pointer names, who and when.

    ``file`` is where it lies; ``key`` the id of the key that signed it.
    """

    file: Path
    subjects: Mapping[str, str]
    pointers: Mapping[str, str]
    by: str
    on: str
    key: str


def statement_file(path: Path) -> Path:
    """Give where the statement over a run or a tree lies: beside it."""
    whole = path.absolute()
    return whole.with_name(whole.name + _SUFFIX)


def statement_of(manifests: Iterable[Manifest], by: str, on: str) -> dict[str, Json]:
    """Make the statement over runs that were found whole.

    Parameters
    ----------
    by, on : who signs, and the day, as they are to be read later
    """
    runs = sorted(manifests, key=lambda manifest: manifest.name)
    subjects: list[Json] = [
        {"name": f"{run.name}/{MANIFEST}", "digest": {"sha256": run.sha256}} for run in runs
    ]
    pointers: dict[str, Json] = dict(pointers_of(runs))
    return {
        "_type": _STATEMENT,
        "subject": subjects,
        "predicateType": _PREDICATE,
        "predicate": {"by": by, "on": on, "pointers": pointers},
    }


def pointers_of(runs: Iterable[Manifest]) -> dict[str, str]:
    """Give for each pointer beside the runs, by its name, the run it names."""
    found: dict[str, str] = {}
    keys = {
        run.folder.parent: run.name.rpartition("/")[0] for run in runs if is_run(run.folder.name)
    }
    for folder, key in keys.items():
        found |= {f"{key}/{name}": target for name, target in pointers_of_key(folder).items()}
    return found


def create_key(path: Path) -> str:
    """Make an ed25519 key: the private one in `path`, for its owner alone, the public one beside.

    Returns
    -------
    The key's id.

    Raises
    ------
    JixiaoError : the file is there already, or cannot be written.
    """
    signer = CryptoSigner.generate_ed25519()
    private = load_pem_private_key(signer.private_bytes, None)
    public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    write_secret(path, signer.private_bytes)
    write_atomically(path.with_name(path.name + ".pub"), public)
    return signer.public_key.keyid


def sign_statement(statement: dict[str, Json], key: Path, file: Path) -> str:
    """Sign a statement and write the envelope; give the key's id.

    Raises
    ------
    BadFile : no private key of ed25519; the file cannot be written.
    """
    try:
        private = load_pem_private_key(_read(key), None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise _no_key(key, "私钥") from error
    if not isinstance(private, Ed25519PrivateKey):
        raise _no_key(key, "私钥")
    signer = CryptoSigner(private)
    envelope = Envelope(json_bytes(statement), PAYLOAD, {})
    envelope.sign(signer)
    write_atomically(file, json_bytes(envelope.to_dict()))
    return signer.public_key.keyid


def read_statement(file: Path, key: Path) -> Statement:
    """Read a statement whose signature holds under a public key.

    Raises
    ------
    BadFile : no envelope, another key's, changed, or no statement over runs.
    """
    public = _public_key(key)
    try:
        envelope = Envelope.from_dict(json.loads(_read(file)))
        envelope.verify([public], 1)
    except VerificationError as error:
        raise BadFile(
            "signature-wrong",
            "签名与这把公钥不符，或签名之后内容变了",
            where=str(file),
            expected=f"由 {key.name} 对应的私钥所签",
            action="请核对公钥；若公钥无误，请不要采用这些报告",
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError, FormatError) as error:
        raise _no_statement(file) from error
    if envelope.payload_type != PAYLOAD:
        raise _no_statement(file)
    return _parsed(file, envelope.payload, public.keyid)


def _parsed(file: Path, payload: bytes, key: str) -> Statement:
    try:
        content: Any = json.loads(payload)
        if (content["_type"], content["predicateType"]) != (_STATEMENT, _PREDICATE):
            raise _no_statement(file)
        subjects = {entry["name"]: entry["digest"]["sha256"] for entry in content["subject"]}
        predicate = content["predicate"]
        return Statement(
            file, subjects, predicate["pointers"], predicate["by"], predicate["on"], key
        )
    except (ValueError, KeyError, TypeError) as error:
        raise _no_statement(file) from error


def _public_key(key: Path) -> SSlibKey:
    try:
        public = load_pem_public_key(_read(key))
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise _no_key(key, "公钥") from error
    if not isinstance(public, Ed25519PublicKey):
        raise _no_key(key, "公钥")
    return SSlibKey.from_crypto(public)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadFile(
            "file-unreadable",
            f"读不到文件（{cause_of(error)}）",
            where=str(path),
            action="请核对路径与权限",
        ) from error


def _no_key(path: Path, kind: str) -> BadFile:
    return BadFile(
        "key-unusable",
        f"不是 ed25519 {kind}",
        where=str(path),
        expected=f"jixiao sign --new-key 生成的{kind}（PEM）",
        action="公钥文件的名称以 .pub 结尾，私钥只在签名时使用",
    )


def _no_statement(file: Path) -> BadFile:
    return BadFile(
        "signature-unreadable",
        "不是一份签名",
        where=str(file),
        expected="jixiao sign 写出的文件",
        action="请从存档取得原件",
    )
