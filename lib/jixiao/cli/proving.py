"""``jixiao verify`` and ``jixiao sign`` (核验与签名): whether a report is what it was, and whose."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jixiao.cli.show import print_json, shown
from jixiao.cli.words import Command
from jixiao.errors import BadFile, JixiaoError

if TYPE_CHECKING:
    from jixiao.datum import Json
    from jixiao.publish.verify import Proof, Statement

_PATH = click.Path(path_type=Path)
#: What neither digests nor a signature can tell.
_LIMITS = (
    "不能防止：持有私钥的人重新签名；整个目录连同签名一起换回较早的一份；"
    "没有签名时，报告与清单一起被改。"
)


@click.command(
    cls=Command,
    short_help="核验报告是否原样：文件、附件、重新核算的得分、签名。",
    help="核验报告：文件与清单、PDF 附件、由附件重新核算的得分；给出公钥时核对签名。"
    "不需要原来的工作区，指出第一处不同。" + _LIMITS,
)
@click.argument("path", metavar="PATH", type=_PATH)
@click.option("--key", metavar="FILE", type=_PATH, help="公钥（.pub）；没有签名或签名不符即为失败")
@click.option(
    "--signature", metavar="FILE", type=_PATH, help="签名文件，默认 PATH 或上级目录旁的 .dsse.json"
)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
def verify(path: Path, key: Path | None, signature: Path | None, as_json: bool) -> int:
    """Check every run at or below a path; 1 where anything differs."""
    from jixiao.publish.verify import check_signature, verify_tree

    proofs: list[Proof] = []
    faults: list[JixiaoError] = []
    for found in verify_tree(path):
        if isinstance(found, BadFile):
            faults.append(found)
        else:
            proofs.append(found)
        if not as_json:
            click.echo(str(found) if isinstance(found, BadFile) else _line(found))
    statement = None
    if key is not None and not faults:
        try:
            manifests = [proof.manifest for proof in proofs]
            statement = check_signature(path, manifests, key, signature)
        except BadFile as error:
            faults.append(error)
            if not as_json:
                click.echo(str(error))
    if as_json:
        print_json(_as_json(proofs, faults, statement))
    else:
        _conclude(len(proofs), faults, statement, is_asked=key is not None)
    return 1 if faults else 0


@click.command(
    cls=Command,
    short_help="为核验过的报告签名；用 --new-key 生成密钥。",
    help="为报告签名：先核验，再把各次运行的清单摘要与 current 的指向签入 PATH 旁的 .dsse.json。"
    "首次用 --new-key 生成密钥。",
)
@click.argument("path", metavar="[PATH]", type=_PATH, required=False)
@click.option("--key", metavar="FILE", type=_PATH, help="私钥，只有签名人能读")
@click.option("--by", metavar="NAME", default="", help="签名的单位或科室，写入签名")
@click.option("--to", metavar="FILE", type=_PATH, help="签名文件，默认 PATH 旁的 .dsse.json")
@click.option(
    "--new-key", metavar="FILE", type=_PATH, help="生成一对密钥：私钥 FILE，公钥 FILE.pub"
)
def sign(
    path: Path | None, key: Path | None, by: str, to: Path | None, new_key: Path | None
) -> int:
    """Make a key, or sign what verifies; 1 where something does not."""
    from jixiao.publish.verify import (
        create_key,
        sign_statement,
        statement_file,
        statement_of,
        verify_tree,
    )

    if new_key is not None:
        key_id = create_key(new_key)
        click.echo(f"私钥　{shown(new_key)}（请妥善保管，不要放进 outputs，丢失即须换钥）")
        click.echo(f"公钥　{shown(new_key)}.pub（交给核验的人）　编号 {key_id[:12]}…")
        return 0
    if path is None or key is None:
        raise click.UsageError("请给出 PATH 与 --key，或用 --new-key 生成密钥")
    proofs: list[Proof] = []
    for found in verify_tree(path):
        if isinstance(found, BadFile):
            raise found
        proofs.append(found)
    today = datetime.now().astimezone().date().isoformat()
    statement = statement_of((proof.manifest for proof in proofs), by, today)
    file = to or statement_file(path)
    key_id = sign_statement(statement, key, file)
    click.echo(f"已签名 {len(proofs)} 次运行，密钥编号 {key_id[:12]}…")
    click.echo(shown(file))
    return 0


def _line(proof: Proof) -> str:
    parts = [f"文件 {len(proof.manifest.files)} 个与清单一致"]
    parts.append(f"附件 {proof.attachments} 个一致" if proof.attachments else "没有 PDF")
    if proof.lines is None:
        parts.append("没有可核算的得分")
    else:
        parts.append(f"得分 {proof.lines} 行重新核算一致")
    if proof.superseded is not None:
        parts.append(f"是第 {proof.superseded} 版，已被后来报送的一版替代")
    return f"{proof.manifest.name}　{'，'.join(parts)}"


def _conclude(
    whole: int, faults: list[JixiaoError], statement: Statement | None, *, is_asked: bool
) -> None:
    if faults:
        click.echo(f"核验不通过：{len(faults)} 处不同，{whole} 次运行一致", err=True)
        return
    if statement is not None:
        who = f"{statement.by}，" if statement.by else ""
        signed = f"签名有效（{who}{statement.on}，密钥 {statement.key[:12]}…）"
    elif is_asked:
        signed = ""
    else:
        signed = "没有核对签名（--key 给出公钥才核对）"
    click.echo(f"核验通过：{whole} 次运行。{signed}")
    click.echo(_LIMITS)


def _as_json(
    proofs: list[Proof], faults: list[JixiaoError], statement: Statement | None
) -> dict[str, Json]:
    runs: list[Json] = [
        {
            "run": proof.manifest.name,
            "files": len(proof.manifest.files),
            "attachments": proof.attachments,
            "lines": proof.lines,
            "superseded": proof.superseded,
        }
        for proof in proofs
    ]
    told: list[Json] = [dict(fault.as_json()) for fault in faults]
    signature: Json = None
    if statement is not None:
        signature = {"by": statement.by, "on": statement.on, "key": statement.key}
    return {"verified": runs, "differences": told, "signature": signature}
