"""A workspace of one's own (新建工作区): the law, the checks and the notebooks, and room for the rest."""

from __future__ import annotations

import sysconfig
from collections.abc import Iterator
from pathlib import Path

import jixiao
from jixiao.errors import BadFile
from jixiao.workspace.files import write_atomically
from jixiao.workspace.places import Workspace

_ROSTER = """\
# 单位名册：编号一经登记不再改动；改名、合并时加一条名称，注明起止年度。
# 写法（先删去最后一行的 []）：
#
#   - id: hengshan-finance          # 2 至 32 位小写字母、数字、连字符
#     names:
#       - {name: 衡山县财政局, from: null, to: null}
#     parent: null                  # 上级单位的编号
#     level: county                 # central、province、city、county、township
#     region: 湖南省衡阳市衡山县
units: []
"""
_IGNORED = """\
# 自评材料与报告含个人信息，不进版本库。
data/filings/
outputs/
"""
_README = """\
# 绩效评价工作区

| 目录 | 内容 |
|---|---|
| `params/units/` | 单位名册，各单位各年度的登记 |
| `params/batches/` | 批次计划 |
| `params/rubrics/`、`params/checks.yaml` | 评分规则、核查清单 |
| `data/filings/` | 收到的原件，不改动 |
| `notebooks/` | 评价笔记本 |
| `outputs/` | 报告 |

```
jixiao doctor                                     检查环境与工作区
jixiao intake 文件或文件夹 --unit 编号 --year 年度     登记收到的材料
jixiao report 编号 年度                             生成评价报告
jixiao batch params/batches/nightly.yaml          按计划批量评价
jixiao lab                                        在 JupyterLab 中打开
```
"""
_PLAN = """\
# 批次计划：jixiao batch params/batches/nightly.yaml
units: ["*"]                   # 单位编号、通配（"hunan-*"）、某单位及其下级（{under: 编号}）
years: [2022]                  # 改成要评价的年度
formats: [html, pdf]
# workers: 2                   # 同时运行几份，默认处理器个数
# limits: {cell: 300, notebook: 900, memory: 3000}    # 每格、每份的秒数，每份的内存 MB
# mail: {to: [运维@单位.cn], from: 发件@单位.cn, server: 邮件服务器}   # 口令只在环境变量里
"""
_OWN = {
    "params/units/roster.yaml": _ROSTER,
    "params/batches/nightly.yaml": _PLAN,
    "README.md": _README,
    ".gitignore": _IGNORED,
}
_FOLDERS = ("data/filings", "outputs", "params/batches")


def make_workspace(root: Path) -> Workspace:
    """Make a workspace in a folder that is new or empty.

    Raises
    ------
    BadFile : the folder holds something, or is a file; nothing in it is touched.
    JixiaoError : ``cannot-write``.
    """
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise BadFile(
            "workspace-exists",
            "已有内容",
            where=str(root),
            expected="新目录，或空目录",
            action="请换一个目录；已有的工作区可以直接使用",
        )
    for name, content in sorted(_starting_files()):
        write_atomically(root / name, content)
    for folder in _FOLDERS:
        (root / folder).mkdir(parents=True, exist_ok=True)
    for name, text in _OWN.items():
        write_atomically(root / name, text.encode())
    return Workspace(root)


def _starting_files() -> Iterator[tuple[str, bytes]]:
    """The law, the checks and the notebooks: of the source tree, else as installed."""
    source = Path(jixiao.__file__).parents[2]
    if not (source / "params" / "checks.yaml").is_file():
        source = Path(sysconfig.get_path("data"), "share", "jixiao")
    for pattern in ("params/rubrics/*.yaml", "params/*.yaml", "notebooks/*.ipynb"):
        for path in source.glob(pattern):
            yield path.relative_to(source).as_posix(), path.read_bytes()
