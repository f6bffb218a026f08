"""Whether a run may be published (能否公开): the last gate, and what is said where it stays shut."""

from __future__ import annotations

import os
from collections.abc import Mapping

from jixiao.batch.plan import RunPlan
from jixiao.errors import RunFailed
from jixiao.publish.gate import Traces, examine_files
from jixiao.workspace.machine import machine_names

_MOST_TOLD = 5


def refusal_of(plan: RunPlan, files: Mapping[str, bytes]) -> RunFailed | None:
    """Look through the bytes of a public run; say why it must not be published, if it must not.

    A fault of the gate itself raises, and so nothing is published either.
    """
    folders = (str(plan.workspace.root), str(plan.outputs))
    hits = examine_files(files, Traces.of(machine_names(), folders, os.environ))
    if not hits:
        return None
    told = "；".join(hit.words for hit in hits[:_MOST_TOLD])
    rest = f"；另有 {len(hits) - _MOST_TOLD} 处" if len(hits) > _MOST_TOLD else ""
    return RunFailed(
        "not-publishable",
        f"公开前的检查发现 {len(hits)} 处不能公开的内容，没有生成公开版：{told}{rest}",
        where=plan.name,
        expected="要公开的文件里没有个人信息、本机路径与名称、密钥、脚本和外部地址",
        action="请在报送材料的更正中处理这些内容后再运行；若是误判，请连同这句话交给维护人员",
    )
